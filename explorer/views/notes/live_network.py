"""What the page Notes draws its live numbers from: the network and the sentence of Explore."""

from typing import NamedTuple

import streamlit as st

from core.parameters import Parameters
from core.training import Experiment
from explorer.choices.record import SENTENCE, Choices
from explorer.compute.networks import is_available, network
from explorer.compute.sentence import parse_sentence, people_task
from explorer.compute.unrolled import Unrolled, unroll_sentence
from explorer.formatting import clip_word, escape_markdown
from explorer.prose import prose
from explorer.theme import CELL_NAMES


class LiveNetwork(NamedTuple):
    """The network and the sentence of Explore, or what is shown in their place"""

    experiment: Experiment
    params: Parameters
    unrolled: Unrolled  # the sentence through the network
    step: int  # the step chosen on Explore
    is_own_network: bool = True  # False: it is not trained yet, and the one that is stored for its cell replaces it
    is_own_sentence: bool = True  # False: the box on Explore is empty, and the sentence of the lecture replaces it

    @property
    def is_gated(self) -> bool:
        return self.experiment.cell in ("gru", "lstm")

    def read(self, text: str) -> Unrolled | None:
        """A sentence through this network, with guessed labels; None where there is no word"""
        words = parse_sentence(text).words
        return self.unroll(words) if words else None

    def unroll(self, words: tuple[str, ...]) -> Unrolled:
        """Words through this network, with guessed labels"""
        return unroll_sentence(self.params, self.experiment.cell, words, tuple(people_task().guess(words)))


def live_network(chosen: Choices) -> LiveNetwork:
    """Nothing is trained for this page: there is a fallback for a network that is not at hand."""
    experiment, sentence, labels = chosen.experiment, parse_sentence(chosen.sentence), chosen.labels
    is_own_network, is_own_sentence = is_available(experiment), bool(sentence.words)
    if not is_own_network:
        experiment = Experiment(cell=experiment.cell)
    if not is_own_sentence:
        sentence = parse_sentence(SENTENCE)
        labels = sentence.guess
    params = network(experiment)
    unrolled = unroll_sentence(params, experiment.cell, sentence.words, labels)
    step = min(chosen.step, len(sentence.words))
    return LiveNetwork(experiment, params, unrolled, step, is_own_network, is_own_sentence)


def caption(live: LiveNetwork) -> None:
    """Say whose numbers these are, and what stands in for what"""
    cell = CELL_NAMES[live.experiment.cell]
    st.caption(
        prose(
            "notes",
            "live",
            is_own_network=live.is_own_network,
            is_own_sentence=live.is_own_sentence,
            is_trained=live.experiment.epochs > 0,
            cell=cell,
            n_a=live.experiment.hidden_units,
            sentence=escape_markdown(clip_word(" ".join(live.unrolled.words), 120)),
        )
    )
    if not live.is_own_network:
        st.info(prose("notes", "stand_in", cell=cell))
    if not live.is_own_sentence:
        st.info(prose("notes", "no_sentence"))
