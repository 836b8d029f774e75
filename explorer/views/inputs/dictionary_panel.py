"""The first part of Inputs: a corpus becomes a dictionary. The reader chooses the text and how rare a word may be."""

from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from core.data.vocabulary import Vocabulary, fold
from core.tasks import MIN_COUNT
from explorer.compute.sentence import parse_sentence, people_task
from explorer.formatting import clip_word, escape_markdown
from explorer.prose import prose
from explorer.views.inputs import corpus
from explorer.views.inputs.corpus import Corpus

EXAMPLES = 12  # words that became <UNK>, named
BOX = 20_000  # characters that stay in the box: a browser sends them along with every click


class OwnText(NamedTuple):
    """A text that the reader has brought"""

    file: str | None  # None: it was pasted
    content: bytes

    def named(self) -> dict[str, Any]:
        """The values by which a sentence names it"""
        return {"is_file": self.file is not None, "name": escape_markdown(clip_word(self.file or "", 40))}


def show() -> Vocabulary:
    """Draw the part; return the dictionary that the reader has chosen."""
    given, counted, listed = st.columns([10, 9, 10], border=True)
    with given:
        text = _corpus()
    with counted:
        vocabulary = _unknown(text)
    with listed:
        _table(vocabulary)
    return vocabulary


def _corpus() -> Corpus:
    """The reader's last good text, or else the training sentences"""
    st.markdown(prose("inputs", "corpus"))
    own: OwnText | None = st.session_state.get("corpus")
    text = corpus.of_text(own.content) if own else corpus.training_sentences()
    size = {"tokens": text.tokens, "types": text.types}
    if own:
        st.markdown(prose("inputs", "in_use_own", **own.named(), **size))
    else:
        st.markdown(prose("inputs", "in_use_training", sentences=len(people_task().data.train), **size))
    if problem := st.session_state.get("corpus_problem"):
        st.warning(problem)
    st.text_area(
        prose("inputs", "own_text"),
        key="corpus_text",
        height=80,
        on_change=_paste,
        persist_state="session",
        placeholder=prose("inputs", "paste"),
    )
    st.file_uploader(prose("inputs", "own_file"), key="corpus_upload", on_change=_upload)
    if own:
        st.button(prose("inputs", "training_again"), key="corpus_reset", on_click=_reset)
    return text


def _unknown(text: Corpus) -> Vocabulary:
    """What the minimum count turns into <UNK>"""
    st.markdown(prose("inputs", "keep"))
    min_count = st.slider(
        prose("inputs", "min_count_label"),
        1,
        10,
        MIN_COUNT,
        key="min_count",
        persist_state="session",
        help=prose("inputs", "min_count"),
    )
    vocabulary = text.dictionary(min_count)
    kept, unread = len(vocabulary) - 1, vocabulary.counts[0]
    share = {"unread": unread, "tokens": text.tokens, "share": unread / text.tokens}
    st.markdown(prose("inputs", "kept", kept=kept, n_x=kept + 1, lost=text.types - kept, **share))
    if examples := text.lost(vocabulary, EXAMPLES):
        some = " · ".join(escape_markdown(clip_word(word)) for word in examples)
        st.markdown(prose("inputs", "examples", some=some))
    if kept == corpus.MOST_WORDS:
        st.caption(prose("inputs", "most_words", most=kept))
    return vocabulary


def _table(vocabulary: Vocabulary) -> None:
    """The dictionary, or those of its words that hold the text the reader searches for"""
    st.markdown(prose("inputs", "dictionary"))
    asked = fold(st.text_input(prose("inputs", "search"), key="search", persist_state="session").strip())
    found = [i for i, word in enumerate(vocabulary.words) if asked in fold(word)]
    tokens = parse_sentence(asked).words
    if len(tokens) == 1 and tokens[0] not in vocabulary:
        st.markdown(prose("inputs", "absent", word=escape_markdown(clip_word(asked))))
    elif not found:
        st.markdown(prose("inputs", "nothing", text=escape_markdown(clip_word(asked))))
    columns = {
        prose("inputs", "column_index"): found,
        prose("inputs", "column_word"): [clip_word(vocabulary.words[i], 60) for i in found],
        prose("inputs", "column_count"): [vocabulary.counts[i] for i in found],
    }
    st.dataframe(pd.DataFrame(columns), hide_index=True, height=250)
    st.caption(prose("inputs", "order"))


# What a click does ----------------------------------------------------------------------------------------------------


def _paste() -> None:
    text = st.session_state["corpus_text"]
    _take(OwnText(None, text.encode()) if text else None)
    if len(text) > BOX:
        st.session_state["corpus_text"] = ""


def _upload() -> None:
    file = st.session_state["corpus_upload"]
    _take(file and OwnText(file.name, file.getvalue()))


def _take(own: OwnText | None) -> None:
    """Use this text, unless it is no corpus: that is said, and the one in use stays. None: the reader took it away."""
    problem = own and corpus.problem(own.content)
    st.session_state["corpus_problem"] = own and problem and prose("inputs", problem, **own.named())
    if own and not problem:
        st.session_state["corpus"] = own


def _reset() -> None:
    st.session_state.update(corpus=None, corpus_problem=None, corpus_text="")
