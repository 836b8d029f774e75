"""What the page Notes draws its live numbers from: the network and the sentence of Explore."""

from typing import NamedTuple

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from core.parameters import Parameters
from core.training import Experiment
from explorer import flowlab, lab, menu
from explorer.lab import Look
from explorer.menu import Choices
from explorer.theme import CELL_NAMES, clip_word, plain
from explorer.words import words

PAGES = {
    "explore": ("Explore", ":material/play_circle:"),
    "inputs": ("Inputs", ":material/input:"),
    "gradients": ("Gradients", ":material/stacked_line_chart:"),
    "structures": ("Structures", ":material/account_tree:"),
}


class Here(NamedTuple):
    experiment: Experiment
    params: Parameters
    look: Look
    step: int  # the step chosen on Explore
    stands_in: tuple[str, ...]  # what is not Explore's own, as sections of the words

    @property
    def is_gated(self) -> bool:
        return self.experiment.cell in ("gru", "lstm")

    def read(self, text: str) -> Look | None:
        """A sentence through this network, with guessed labels; None where there is no word"""
        sentence = lab.read(text)
        return self._look(sentence.words, sentence.guess) if sentence.words else None

    def _look(self, typed: tuple[str, ...], labels: tuple[int, ...]) -> Look:
        return lab.look(self.params, self.experiment.cell, typed, labels)


def here(chosen: Choices) -> Here:
    """Nothing is trained: a network that is not at hand is replaced by the one that is stored for its cell."""
    experiment, sentence, labels = chosen.experiment, lab.read(chosen.sentence), chosen.labels
    stands_in = ()
    if not flowlab.at_hand(experiment):
        experiment, stands_in = Experiment(cell=experiment.cell), (*stands_in, "stand_in")
    if not sentence.words:
        sentence, stands_in = lab.read(menu.SENTENCE), (*stands_in, "no_sentence")
        labels = sentence.guess
    params = flowlab.network(experiment)
    look = lab.look(params, experiment.cell, sentence.words, labels)
    return Here(experiment, params, look, min(chosen.step, len(sentence.words)), stands_in)


def introduce(here: Here) -> None:
    """Say whose numbers these are"""
    cell = CELL_NAMES[here.experiment.cell]
    start = "trained" if here.experiment.epochs else "untrained"
    sentence = plain(clip_word(" ".join(here.look.words), 120))
    whose = {
        "network": words("notes", "live_stored" if "stand_in" in here.stands_in else "live_network"),
        "text": words("notes", "live_lecture" if "no_sentence" in here.stands_in else "live_sentence"),
    }
    units = here.experiment.hidden_units
    st.caption(words("notes", "live", **whose, cell=cell, n_a=units, start=start, sentence=sentence))
    for section in here.stands_in:
        st.info(words("notes", section, cell=cell) if section == "stand_in" else words("notes", section))


def link(page: str, label: str) -> None:
    """To the page that shows it, if this app has that page"""
    name, icon = PAGES[page]
    try:
        st.page_link(f"views/{page}.py", label=f"**{name}**: {label}", icon=icon)
    except StreamlitPageNotFoundError:
        return
