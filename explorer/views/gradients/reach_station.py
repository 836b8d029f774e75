"""How far do errors reach? Four matrices, the curves of their last rows, one number taken apart, and a prediction."""

import streamlit as st

from core.cells import CELLS
from core.training import Experiment
from explorer.choices import widgets
from explorer.choices.record import MOST_STEPS, Choices
from explorer.compute.sentence import people_task
from explorer.prose import prose
from explorer.views.gradients import credit_panels, prediction_panel, sequences, split_panel
from explorer.views.gradients.credit_panels import Fits, Flows
from explorer.views.gradients.flows import are_known, flows_of, has_words, input_of, train
from explorer.views.gradients.prediction_panel import Question

MOMENTS = ("untrained", "trained")
SOURCES = ("sentence", "random")
MEASURES = ("distance", "error")


def station() -> None:
    _ask()
    chosen = widgets.current_choices()
    if not has_words(chosen):
        return
    if chosen.moment == "trained":
        train(chosen)
    flows = flows_of(chosen, chosen.moment)
    question = question_of(chosen)
    fits = fits_of(chosen, flows, question)
    prediction_panel.panel(question, fits, chosen)
    _credit(flows, fits)
    if prediction_panel.is_revealed(chosen) and train(chosen):
        st.rerun()  # everything else was drawn first; now the verdicts of the trained networks can be told


def _ask() -> None:
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
            width=250,
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
        credit_panels.scale()


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


@st.fragment
def _credit(flows: Flows, fits: Fits) -> None:
    """A click on a matrix redraws the matrices and what is below them, and nothing else"""
    chosen = widgets.current_choices()
    credit_panels.matrices(flows, fits, chosen)
    if chosen.credit_s:
        with st.container(border=True, key="factors", gap="xsmall"):
            split_panel.of_entry(flows, chosen)
    else:
        with st.container(border=True, key="decay", gap="xsmall"):
            _curves(flows, chosen)
    widgets.write_link(widgets.current_choices())


def _curves(flows: Flows, chosen: Choices) -> None:
    """The curves, and in the row of their title the way into a matrix"""
    with st.container(horizontal=True, vertical_alignment="center", key="about_matrices"):
        credit_panels.curves_title(flows)
        split_panel.open_last(len(next(iter(flows.values())).unrolled.words))
        credit_panels.explained(flows, chosen)
    credit_panels.curves(flows, chosen.moment, height=165)
