"""Inputs: how does text become vectors, and why is Wax x⟨t⟩ one column of Wax?"""

import numpy as np
import pandas as pd
import streamlit as st

from core.cells import CELLS
from core.data.vocabulary import Vocabulary, fold
from explorer.choices import widgets
from explorer.choices.record import Choices
from explorer.choices.widgets import new_sentence
from explorer.components import onehot
from explorer.compute.networks import network
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS, parse_sentence, people_task
from explorer.formatting import clip_word
from explorer.prose import prose
from explorer.views import progress_bar, share
from explorer.views.inputs import dictionary_panel


@st.fragment
def sentence(vocabulary: Vocabulary) -> None:
    """The second part: the sentence of Explore as one-hot vectors over this dictionary, and the columns they pick"""
    st.session_state["sentence"] = st.session_state["sentence"]  # or a change of page empties the box for one run
    st.text_input(
        prose("inputs", "sentence"),
        key="sentence",
        help=prose("inputs", "sentence_help"),
        on_change=new_sentence,
        persist_state="session",
    )
    chosen = widgets.current_choices()
    widgets.write_link(chosen)
    share.warn_link_too_long()
    read = parse_sentence(chosen.sentence)
    if not read.words:
        st.info(prose("explore", "empty"))
        return
    T, n_x = len(read.words), len(vocabulary)
    st.markdown(prose("inputs", "numbers", T=T, n_x=n_x, product=T * n_x))
    Wax = _Wax(chosen, vocabulary)
    onehot.show(read.words, vocabulary, Wax, chosen.step, _choose_step)
    if read.is_cut:
        st.caption(prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS))
    with st.expander(prose("inputs", "as_table")):
        _tokens(read.words, vocabulary)


def _Wax(chosen: Choices, vocabulary: Vocabulary) -> np.ndarray:
    """Wax (n_a, n_x) of the network in the settings; for a dictionary that it does not have, a random one"""
    n_a, n_x, own = chosen.hidden_units, len(vocabulary), people_task().vocabulary
    if vocabulary != own:
        st.caption(prose("inputs", "wax_random", n_a=n_a, n_x=n_x, own=len(own), seed=chosen.seed))
        return CELLS["tanh"].start(np.random.default_rng(chosen.seed), n_x, n_a).Wax
    with progress_bar.bar("training") as show:
        Wax = network(chosen.experiment, progress_bar.training(chosen.experiment, show))["rnn"].Wax
    is_trained, is_gated = chosen.start == "trained", len(Wax) > n_a
    st.caption(prose("inputs", "wax_gated" if is_gated else "wax", n_a=n_a, n_x=n_x, is_trained=is_trained))
    return Wax[-n_a:]  # of a stack, the block of the candidate c̃


def _tokens(tokens: tuple[str, ...], vocabulary: Vocabulary) -> None:
    """The words of the sentence, what each is read as, and the index of its 1"""
    ids = vocabulary.encode(tokens)
    columns = {
        "t": range(1, len(tokens) + 1),
        prose("inputs", "column_word"): [clip_word(word, 60) for word in tokens],
        prose("inputs", "column_looked_up"): [clip_word(fold(word), 60) for word in tokens],
        prose("inputs", "column_read"): [clip_word(word, 60) for word in vocabulary.decode(ids)],
        prose("inputs", "column_one"): ids,
    }
    st.dataframe(pd.DataFrame(columns), hide_index=True)


def _choose_step() -> None:
    st.session_state["step"] = int(st.session_state["onehot"]["t"])


st.title(prose("inputs", "title"), anchor=False)
st.caption(prose("inputs", "intro"))
st.markdown(f"##### {prose('inputs', 'part_dictionary')}")
vocabulary = dictionary_panel.show()
st.markdown(f"##### {prose('inputs', 'part_vectors')}")
sentence(vocabulary)
