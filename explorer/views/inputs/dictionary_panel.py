"""The first part of Inputs: a corpus becomes a dictionary. The reader chooses the text and how rare a word may be."""

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


def show() -> Vocabulary:
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
    st.markdown("**The corpus**")
    own = st.session_state.get("corpus")  # (its name, its bytes)
    text = corpus.of_text(own[1]) if own else corpus.training_sentences()
    name = own[0] if own else prose("inputs", "training", sentences=len(people_task().data.train))
    st.markdown(prose("inputs", "in_use", name=name, tokens=text.tokens, types=text.types))
    if trouble := st.session_state.get("corpus_trouble"):
        st.warning(trouble)
    st.text_area("Your own text", key="corpus_text", height=80, on_change=_paste, persist_state="session",
                 placeholder=prose("inputs", "paste"))  # fmt: skip
    st.file_uploader("or a text file (UTF-8, up to 1 MB)", key="corpus_upload", on_change=_upload)
    if own:
        st.button("Back to the training sentences", key="corpus_reset", on_click=_reset)
    return text


def _unknown(text: Corpus) -> Vocabulary:
    """What the minimum count turns into <UNK>"""
    st.markdown("**Which words to keep**")
    min_count = st.slider("Minimum count", 1, 10, MIN_COUNT, key="min_count", persist_state="session",
                          help=prose("inputs", "min_count"))  # fmt: skip
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
    st.markdown("**The dictionary**")
    asked = fold(st.text_input("Search for a word", key="search", persist_state="session").strip())
    found = [i for i, word in enumerate(vocabulary.words) if asked in fold(word)]
    tokens = parse_sentence(asked).words
    if len(tokens) == 1 and tokens[0] not in vocabulary:
        st.markdown(prose("inputs", "absent", word=escape_markdown(clip_word(asked))))
    elif not found:
        st.markdown(prose("inputs", "nothing", text=escape_markdown(clip_word(asked))))
    st.dataframe(
        pd.DataFrame(
            {
                "index": found,
                "word": [clip_word(vocabulary.words[i], 60) for i in found],
                "count": [vocabulary.counts[i] for i in found],
            }
        ),
        hide_index=True,
        height=250,
    )
    st.caption(prose("inputs", "order"))


# What a click does ----------------------------------------------------------------------------------------------------


def _paste() -> None:
    text = st.session_state["corpus_text"]
    _take("your text", text.encode() if text else None)
    if len(text) > BOX:
        st.session_state["corpus_text"] = ""


def _upload() -> None:
    file = st.session_state["corpus_upload"]
    _take(file and f"the file {escape_markdown(clip_word(file.name, 40))}", file and file.getvalue())


def _take(name: str | None, text: bytes | None) -> None:
    """A text that is no corpus is named as such, and the one in use stays. None: the reader took theirs away."""
    if text is None:
        st.session_state["corpus_trouble"] = None
        return
    trouble = corpus.problem(text)
    st.session_state["corpus_trouble"] = trouble and prose("inputs", trouble, name=name)
    if not trouble:
        st.session_state["corpus"] = (name, text)


def _reset() -> None:
    st.session_state.update(corpus=None, corpus_trouble=None, corpus_text="")
