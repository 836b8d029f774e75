"""Gradients: why do they vanish and explode, which cells resist, what helps, and does it matter?"""

import numpy as np
import streamlit as st

from core.cells import CELLS
from core.training import Experiment, Progress
from explorer import apart, cliffs, flowlab, flowpanels, lab, menu, predict, racing, remedies, state
from explorer.flowlab import Flow
from explorer.flowpanels import Fits, Flows
from explorer.lab import Sentence
from explorer.menu import Choices
from explorer.theme import CELL_NAMES
from explorer.words import words

MOMENTS = ("untrained", "trained")
SOURCES = {"sentence": "your sentence", "random": "random sequence"}


# Choose ---------------------------------------------------------------------------------------------------------------


def ask() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="ask_flow"):
        st.segmented_control("Input", list(SOURCES), key="source", format_func=SOURCES.get, required=True,
                             help=words("gradients", "source"), persist_state="session")  # fmt: skip
        fixed = st.session_state["source"] == "sentence"
        st.slider("Length of the random sequence", 2, menu.MOST_STEPS, key="length", disabled=fixed, width=330,
                  persist_state="session")  # fmt: skip
        told = words("gradients", "moment", epochs=Experiment.epochs, train=len(lab.task().data.train))
        st.segmented_control("Networks", MOMENTS, key="moment", required=True, help=told, persist_state="session")


def input_of(chosen: Choices) -> tuple[Sentence, tuple[int, ...]]:
    if chosen.source == "sentence":
        return lab.read(chosen.sentence), chosen.labels
    sentence = flowlab.random_words(chosen.length, chosen.seed)
    return sentence, sentence.guess


# Compute --------------------------------------------------------------------------------------------------------------


def train(chosen: Choices) -> bool:
    """Train those of the four networks that are not at hand, with a bar; was there anything to do?"""
    missing = [cell for cell in CELLS if not flowlab.at_hand(chosen.network(cell, "trained"))]
    bar = st.progress(0.0) if missing else None
    for i, cell in enumerate(missing):

        def report(progress: Progress, i: int = i, cell: str = cell) -> None:
            done = (i + progress.epoch / Experiment.epochs) / len(missing)
            bar.progress(done, f"Training the {CELL_NAMES[cell]}: epoch {progress.epoch} of {Experiment.epochs}")

        with np.errstate(over="ignore", invalid="ignore"):
            flowlab.network(chosen.network(cell, "trained"), report)
    if bar:
        bar.empty()
    return bool(missing)


def flows_of(chosen: Choices, moment: str) -> dict[str, Flow]:
    sentence, labels = input_of(chosen)
    return {
        cell: flowlab.measure(
            cell, flowlab.network(chosen.network(cell, moment)), sentence.words, labels, chosen.truncate
        )
        for cell in CELLS
    }


def fits_of(chosen: Choices, flows: Flows) -> Fits:
    """Of both moments; of the trained networks only what is known, and what the reader has asked to see"""
    fits: dict = {}
    for moment in MOMENTS:
        known = all(flowlab.at_hand(chosen.network(cell, moment)) for cell in CELLS)
        told = moment == chosen.moment or (predict.is_told(chosen) and known)
        of_moment = (flows if moment == chosen.moment else flows_of(chosen, moment)) if told else {}
        fits[moment] = {cell: flow.fit for cell, flow in of_moment.items()}
    return fits


# Show -----------------------------------------------------------------------------------------------------------------


@st.fragment
def credit(flows: Flows, fits: Fits) -> None:
    """A click on a matrix redraws the matrices and the factors, and nothing else"""
    chosen = state.choices()
    flowpanels.matrices(flows, fits, chosen)
    apart.panel(flows, chosen)
    state.write_link(state.choices())


def gradients() -> None:
    ask()
    chosen = state.choices()
    if not input_of(chosen)[0].words:
        st.info(words("gradients", "empty"))
        return
    if chosen.moment == "trained":
        train(chosen)
    flows = flows_of(chosen, chosen.moment)
    fits = fits_of(chosen, flows)
    predict.panel(fits["trained"], chosen)
    credit(flows, fits)
    with st.container(horizontal=True, key="flow_row"):
        with st.container(border=True, key="decay", gap="xsmall"):
            flowpanels.curves(flows, chosen.moment)
        with st.container(border=True, key="eigenvalues", gap="xsmall"):
            flowpanels.circle(flows, chosen)
        with st.container(border=True, key="remedies", gap="xsmall"):
            remedies.panel(flows, chosen)
    with st.container(border=True, key="example"):
        flowpanels.example(chosen)


st.title("Why gradients vanish and explode", anchor=False)
st.caption(words("gradients", "intro"))
gradients()
cliffs.panel()
racing.panel(state.choices())
state.write_link(state.choices())
if predict.is_told(state.choices()) and train(state.choices()):
    st.rerun()  # everything else was drawn first; now the verdicts of the trained networks can be told
