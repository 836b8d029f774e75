"""What the page Notes draws its live numbers from: the network and the sentence of Explore."""

from typing import NamedTuple

import streamlit as st

from core.parameters import Parameters
from core.training import Experiment
from explorer.choices.record import SENTENCE, Choices
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled, unroll
from explorer.formatting import clip_word, escape_markdown
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.gradients import cell_flow


class LiveNetwork(NamedTuple):
    experiment: Experiment
    params: Parameters
    look: Unrolled
    step: int  # the step chosen on Explore
    stands_in: tuple[str, ...]  # what is not Explore's own, as sections of the words

    @property
    def is_gated(self) -> bool:
        return self.experiment.cell in ("gru", "lstm")

    def read(self, text: str) -> Unrolled | None:
        """A sentence through this network, with guessed labels; None where there is no word"""
        sentence = parse_sentence(text)
        return self._look(sentence.words, sentence.guess) if sentence.words else None

    def _look(self, typed: tuple[str, ...], labels: tuple[int, ...]) -> Unrolled:
        return unroll(self.params, self.experiment.cell, typed, labels)


def live_network(chosen: Choices) -> LiveNetwork:
    """Nothing is trained: a network that is not at hand is replaced by the one that is stored for its cell."""
    experiment, sentence, labels = chosen.experiment, parse_sentence(chosen.sentence), chosen.labels
    stands_in = ()
    if not cell_flow.is_available(experiment):
        experiment, stands_in = Experiment(cell=experiment.cell), (*stands_in, "stand_in")
    if not sentence.words:
        sentence, stands_in = parse_sentence(SENTENCE), (*stands_in, "no_sentence")
        labels = sentence.guess
    params = cell_flow.network(experiment)
    look = unroll(params, experiment.cell, sentence.words, labels)
    return LiveNetwork(experiment, params, look, min(chosen.step, len(sentence.words)), stands_in)


def caption(here: LiveNetwork) -> None:
    """Say whose numbers these are"""
    cell = CELL_NAMES[here.experiment.cell]
    start = "trained" if here.experiment.epochs else "untrained"
    sentence = escape_markdown(clip_word(" ".join(here.look.words), 120))
    whose = {
        "network": prose("notes", "live_stored" if "stand_in" in here.stands_in else "live_network"),
        "text": prose("notes", "live_lecture" if "no_sentence" in here.stands_in else "live_sentence"),
    }
    units = here.experiment.hidden_units
    st.caption(prose("notes", "live", **whose, cell=cell, n_a=units, start=start, sentence=sentence))
    for section in here.stands_in:
        st.info(prose("notes", section, cell=cell) if section == "stand_in" else prose("notes", section))
