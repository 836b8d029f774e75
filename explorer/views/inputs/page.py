"""Inputs: how does text become vectors, and why is Wax x⟨t⟩ one column of Wax?"""

import numpy as np
import pandas as pd
import streamlit as st

from core.cells import CELLS
from core.data.vocabulary import Vocabulary, fold
from explorer.choices import widgets
from explorer.choices.record import Choices
from explorer.components import onehot
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS, parse_sentence, people_task
from explorer.formatting import clip_word
from explorer.prose import prose
from explorer.views import progress_bar, share
from explorer.views.explore import callbacks
from explorer.views.inputs import dictionary_panel


@st.fragment
def sentence(vocabulary: Vocabulary) -> None:
    st.session_state["sentence"] = st.session_state["sentence"]  # or a change of page empties the box for one run
    st.text_input("Your sentence", key="sentence", help=prose("inputs", "sentence"), on_change=callbacks.new_sentence,
                  persist_state="session")  # fmt: skip
    chosen = widgets.current_choices()
    widgets.write_link(chosen)
    share.warn_link_too_long()
    read = parse_sentence(chosen.sentence)
    if not read.words:
        st.info(prose("explore", "empty"))
        return
    T, n_x = len(read.words), len(vocabulary)
    size = {"words": _many(T, "word", "words"), "entries": _many(n_x, "entry", "entries"), "product": T * n_x}
    st.markdown(prose("inputs", "numbers", **size, ones=_many(T, "is", "are")))
    Wax = _Wax(chosen, vocabulary)
    onehot.show(read.words, vocabulary, Wax, chosen.step, _choose_step)
    if read.is_cut:
        st.caption(prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS))
    with st.expander("The same as a table"):
        _tokens(read.words, vocabulary)


def _many(n: int, one: str, more: str) -> str:
    return f"{n:,} {one if n == 1 else more}"


def _Wax(chosen: Choices, vocabulary: Vocabulary) -> np.ndarray:
    """(n_a, n_x): of the network in the sidebar; for a dictionary that it does not have, a random one"""
    shape = {"n_a": chosen.hidden_units, "n_x": len(vocabulary)}
    if vocabulary != people_task().vocabulary:
        st.caption(prose("inputs", "wax_random", **shape, own=len(people_task().vocabulary), seed=chosen.seed))
        return CELLS["tanh"].start(np.random.default_rng(chosen.seed), shape["n_x"], shape["n_a"]).Wax
    with progress_bar.bar() as show:
        Wax = progress_bar.trained(chosen.experiment, show)["rnn"].Wax
    about = [f"wax_{chosen.start}"] + ["wax_stack"] * (len(Wax) > shape["n_a"])
    st.caption(" ".join(prose("inputs", name, **shape) for name in about))
    return Wax[-shape["n_a"] :]  # of a stack, the block of the candidate c̃


def _tokens(tokens: tuple[str, ...], vocabulary: Vocabulary) -> None:
    ids = vocabulary.encode(tokens)
    st.dataframe(
        pd.DataFrame(
            {
                "t": range(1, len(tokens) + 1),
                "word": [clip_word(word, 60) for word in tokens],
                "looked up as": [clip_word(fold(word), 60) for word in tokens],
                "read as": [clip_word(word, 60) for word in vocabulary.decode(ids)],
                "index of the 1": ids,
            }
        ),
        hide_index=True,
    )


def _choose_step() -> None:
    st.session_state["step"] = int(st.session_state["onehot"]["t"])


st.title("From text to vectors", anchor=False)
st.caption(prose("inputs", "intro"))
st.markdown("##### 1. A corpus becomes a dictionary")
vocabulary = dictionary_panel.show()
st.markdown("##### 2. A sentence becomes indices, and every index a one-hot vector")
sentence(vocabulary)
