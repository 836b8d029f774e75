"""Gradients: why do they vanish and explode, which cells resist, what helps, and does it matter?"""

import numpy as np
import streamlit as st

from core.cells import CELLS
from core.training import Experiment, Progress
from explorer.choices import widgets
from explorer.choices.record import MOST_STEPS, Choices
from explorer.compute.networks import is_available, network
from explorer.compute.sentence import Sentence, parse_sentence, people_task
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.gradients import (
    cell_flow,
    cliff_panel,
    credit_panels,
    factors_panel,
    map_panel,
    prediction_panel,
    race_panel,
    remedies_panel,
    sequences,
)
from explorer.views.gradients.cell_flow import GradientFlow
from explorer.views.gradients.credit_panels import Fits, Flows
from explorer.views.gradients.prediction_panel import Question

MOMENTS = ("untrained", "trained")
SOURCES = ("sentence", "random")
MEASURES = ("distance", "error")


# Choose ---------------------------------------------------------------------------------------------------------------


def ask() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="ask_flow"):
        st.segmented_control(
            prose("gradients", "input_label"),
            SOURCES,
            key="source",
            format_func=lambda source: prose("gradients", f"source_{source}"),
            required=True,
            help=prose("gradients", "source"),
            persist_state="session",
        )
        st.slider(
            prose("gradients", "length_label"),
            2,
            MOST_STEPS,
            key="length",
            disabled=st.session_state["source"] == "sentence",
            width=330,
            persist_state="session",
        )
        st.segmented_control(
            prose("gradients", "networks_label"),
            MOMENTS,
            key="moment",
            format_func=lambda moment: prose("gradients", f"moment_{moment}"),
            required=True,
            help=prose("gradients", "moment", epochs=Experiment.epochs, train=len(people_task().data.train)),
            persist_state="session",
        )
        st.segmented_control(
            prose("gradients", "measure_label"),
            MEASURES,
            key="measure",
            format_func=lambda measure: prose("gradients", f"measure_{measure}"),
            required=True,
            help=prose("gradients", "measure"),
            persist_state="session",
        )


def input_of(chosen: Choices) -> tuple[Sentence, tuple[int, ...]]:
    if chosen.source == "sentence":
        return parse_sentence(chosen.sentence), chosen.labels
    sentence = cell_flow.random_words(chosen.length, chosen.seed)
    return sentence, sentence.guess


# Compute --------------------------------------------------------------------------------------------------------------


def train(chosen: Choices) -> bool:
    """Train those of the four networks that are not at hand, with a bar; was there anything to do?"""
    missing = [cell for cell in CELLS if not is_available(chosen.network(cell, "trained"))]
    if not missing:
        return False
    bar = st.progress(0.0)
    for i, cell in enumerate(missing):

        def report(progress: Progress, i: int = i, cell: str = cell) -> None:
            done = (i + progress.epoch / Experiment.epochs) / len(missing)
            numbers = {"epoch": progress.epoch, "epochs": Experiment.epochs}
            bar.progress(done, prose("gradients", "training", cell=CELL_NAMES[cell], **numbers))

        with np.errstate(over="ignore", invalid="ignore"):
            network(chosen.network(cell, "trained"), report)
    bar.empty()
    return True


def flows_of(chosen: Choices, moment: str) -> dict[str, GradientFlow]:
    sentence, labels = input_of(chosen)
    words, flows = sentence.words, {}
    for cell in CELLS:
        experiment = chosen.network(cell, moment)
        others = sequences.reach(experiment, len(words), sequences.FEW)
        how = (chosen.truncate, chosen.measure, others)
        flows[cell] = cell_flow.measure(cell, network(experiment), words, labels, *how)
    return flows


def are_known(chosen: Choices, moment: str) -> bool:
    return all(is_available(chosen.network(cell, moment)) for cell in CELLS)


def question_of(chosen: Choices) -> Question | None:
    """What may be asked of the trained networks; none as long as they are not trained"""
    if not are_known(chosen, "trained"):
        return None
    T = len(input_of(chosen)[0].words)
    return prediction_panel.question(
        {cell: sequences.slopes(chosen.network(cell, "trained"), T, sequences.MANY) for cell in CELLS}
    )


def fits_of(chosen: Choices, flows: Flows, question: Question | None) -> Fits:
    """Of both moments; of the trained networks only what is known, and what no open question asks for"""
    fits: dict = {}
    for moment in MOMENTS:
        is_open = bool(question and question.is_asked) and not prediction_panel.is_revealed(chosen)
        is_shown = moment == chosen.moment or (not is_open and are_known(chosen, moment))
        of_moment = (flows if moment == chosen.moment else flows_of(chosen, moment)) if is_shown else {}
        fits[moment] = {cell: flow.fit for cell, flow in of_moment.items()}
    return fits


# Show -----------------------------------------------------------------------------------------------------------------


@st.fragment
def credit(flows: Flows, fits: Fits) -> None:
    """A click on a matrix redraws the matrices and the factors, and nothing else"""
    chosen = widgets.current_choices()
    credit_panels.matrices(flows, fits, chosen)
    factors_panel.panel(flows, chosen)
    widgets.write_link(widgets.current_choices())


def gradients() -> None:
    ask()
    chosen = widgets.current_choices()
    if not input_of(chosen)[0].words:
        st.info(prose("gradients", "empty"))
        return
    if chosen.moment == "trained":
        train(chosen)
    flows = flows_of(chosen, chosen.moment)
    question = question_of(chosen)
    fits = fits_of(chosen, flows, question)
    prediction_panel.panel(question, fits["trained"], chosen)
    credit(flows, fits)
    with st.container(horizontal=True, key="flow_row"):
        with st.container(border=True, key="decay", gap="xsmall"):
            credit_panels.curves(flows, chosen.moment)
        with st.container(border=True, key="eigenvalues", gap="xsmall"):
            credit_panels.circle(flows, chosen)
        with st.container(border=True, key="remedies", gap="xsmall"):
            remedies_panel.panel(flows, chosen)
    with st.container(border=True, key="gates"):
        map_panel.panel(flows, chosen)
    with st.container(border=True, key="example"):
        credit_panels.example(chosen)


st.title(prose("gradients", "title"), anchor=False)
st.caption(prose("gradients", "intro"))
gradients()
cliff_panel.panel()
race_panel.panel(widgets.current_choices())
widgets.write_link(widgets.current_choices())
if prediction_panel.is_revealed(widgets.current_choices()) and train(widgets.current_choices()):
    st.rerun()  # everything else was drawn first; now the verdicts of the trained networks can be told
