"""Inputs: how does text become vectors, and why is Wax x⟨t⟩ one column of Wax?"""

import numpy as np
import pandas as pd
import streamlit as st

from core.cells import CELLS
from core.tasks import MIN_COUNT
from core.training import Progress
from core.vocabulary import Vocabulary, fold
from explorer import actions, corpus, lab, onehot, state
from explorer.corpus import Corpus
from explorer.theme import clip_word, plain
from explorer.words import words

EXAMPLES = 12  # words that became <UNK>, named


# A corpus becomes a dictionary ----------------------------------------------------------------------------------------


def dictionary() -> Vocabulary:
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
    name = own[0] if own else words("inputs", "training", sentences=len(lab.task().data.train))
    st.markdown(words("inputs", "in_use", name=name, tokens=text.tokens, types=text.types))
    if trouble := st.session_state.get("corpus_trouble"):
        st.warning(trouble)
    st.text_area("Your own text", key="corpus_text", height=80, on_change=_paste, persist_state="session",
                 placeholder=words("inputs", "paste"))  # fmt: skip
    st.file_uploader("or a text file", key="corpus_upload", on_change=_upload, max_upload_size=1)
    if own:
        st.button("Back to the training sentences", key="corpus_reset", on_click=_reset)
    return text


def _unknown(text: Corpus) -> Vocabulary:
    """What the minimum count turns into <UNK>"""
    st.markdown("**Which words to keep**")
    min_count = st.slider("Minimum count", 1, 10, MIN_COUNT, key="min_count", persist_state="session",
                          help=words("inputs", "min_count"))  # fmt: skip
    vocabulary = text.dictionary(min_count)
    kept, unread = len(vocabulary) - 1, vocabulary.counts[0]
    lost = text.types - kept
    share = unread / text.tokens
    st.markdown(words("inputs", "kept", kept=kept, n_x=kept + 1, lost=lost, unread=unread, share=share))
    if examples := text.lost(vocabulary, EXAMPLES):
        some = " · ".join(plain(clip_word(word)) for word in examples)
        st.markdown(words("inputs", "examples", some=some))
    if kept == corpus.MOST_WORDS:
        st.caption(words("inputs", "most_words", most=kept))
    return vocabulary


def _table(vocabulary: Vocabulary) -> None:
    st.markdown("**The dictionary**")
    asked = fold(st.text_input("Search for a word", key="search", persist_state="session").strip())
    found = [i for i, word in enumerate(vocabulary.words) if asked in fold(word)]
    tokens = lab.read(asked).words
    if len(tokens) == 1 and tokens[0] not in vocabulary:
        st.markdown(words("inputs", "absent", word=plain(clip_word(asked))))
    elif not found:
        st.markdown(words("inputs", "nothing", text=plain(clip_word(asked))))
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
    st.caption(words("inputs", "order"))


# What a click does ----------------------------------------------------------------------------------------------------


def _paste() -> None:
    text = st.session_state["corpus_text"].encode()
    _take("your text", text)
    if len(text) > corpus.MOST_BYTES:
        st.session_state["corpus_text"] = ""  # not worth remembering


def _upload() -> None:
    if file := st.session_state["corpus_upload"]:
        _take(f"the file {plain(clip_word(file.name, 40))}", file.getvalue())


def _take(name: str, text: bytes) -> None:
    """A text that is no corpus is named as such, and the one in use stays."""
    trouble = corpus.problem(text)
    st.session_state["corpus_trouble"] = trouble and words("inputs", trouble, name=name)
    if not trouble:
        st.session_state["corpus"] = (name, text)


def _reset() -> None:
    st.session_state.update(corpus=None, corpus_trouble=None, corpus_text="")


def _choose_step() -> None:
    st.session_state["step"] = int(st.session_state["onehot"]["t"])


# A sentence becomes vectors, and a vector picks a column --------------------------------------------------------------


@st.fragment
def sentence(vocabulary: Vocabulary) -> None:
    st.text_input("Your sentence", key="sentence", help=words("inputs", "sentence"), on_change=actions.new_sentence,
                  persist_state="session")  # fmt: skip
    chosen = state.choices()
    state.write_link(chosen)
    read = lab.read(chosen.sentence)
    if not read.words:
        st.info(words("explore", "empty"))
        return
    T, n_x = len(read.words), len(vocabulary)
    st.markdown(words("inputs", "numbers", T=T, n_x=n_x, product=T * n_x))
    Wax = _Wax(chosen, vocabulary)
    onehot.show(read.words, vocabulary, Wax, chosen.step, _choose_step)
    if read.is_cut:
        st.caption(words("explore", "cut", most=lab.MOST_WORDS))
    with st.expander("The same as a table"):
        _tokens(read.words, vocabulary)


def _Wax(chosen: state.Choices, vocabulary: Vocabulary) -> np.ndarray:
    """(n_a, n_x): of the network in the sidebar; for a dictionary that it does not have, a random one"""
    n_a, n_x = chosen.hidden_units, len(vocabulary)
    if vocabulary == lab.task().vocabulary:
        Wax = _network(chosen)
        st.caption(words("inputs", f"wax_{chosen.start}", n_a=n_a, n_x=n_x))
        return Wax
    st.caption(words("inputs", "wax_random", n_a=n_a, n_x=n_x, own=len(lab.task().vocabulary), seed=chosen.seed))
    return CELLS[chosen.activation].start(np.random.default_rng(chosen.seed), n_x, n_a).Wax


def _network(chosen: state.Choices) -> np.ndarray:
    bar = st.empty()

    def report(progress: Progress) -> None:
        done = progress.epoch / max(chosen.experiment.epochs, 1)
        bar.progress(done, f"Training: round {progress.epoch} of {chosen.experiment.epochs}")

    params = lab.network(chosen.experiment, report)
    bar.empty()
    return params["rnn"].Wax


def _tokens(tokens: tuple[str, ...], vocabulary: Vocabulary) -> None:
    ids = vocabulary.encode(tokens)
    st.dataframe(
        pd.DataFrame(
            {
                "t": range(1, len(tokens) + 1),
                "word": [clip_word(word, 60) for word in tokens],
                "looked up as": [clip_word(fold(word), 60) for word in tokens],
                "found": vocabulary.decode(ids),
                "index of the 1": ids,
            }
        ),
        hide_index=True,
    )


st.title("From text to vectors", anchor=False)
st.caption(words("inputs", "intro"))
st.markdown("##### 1. A corpus becomes a dictionary")
kept = dictionary()
st.markdown("##### 2. A sentence becomes indices, and every index a one-hot vector")
sentence(kept)
