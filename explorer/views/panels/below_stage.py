"""All that stands below a stage, of any job: one panel at a time, by its name."""

from functools import partial

import streamlit as st

from explorer.choices.record import RATES, Choices
from explorer.components import step_taken
from explorer.compute.unrolled import Unrolled
from explorer.compute.updates import History, Update
from explorer.compute.whose import step_of
from explorer.prose import prose
from explorer.views import share
from explorer.views.panels.gradient_check import gradient_check
from explorer.views.panels.gradients import reach, shares
from explorer.views.panels.microscope import microscope
from explorer.views.update_buttons import retake


def below_stage(
    page: str, unrolled: Unrolled, before: Unrolled | None, history: History, chosen: Choices, step: int
) -> None:
    """Only what is open is computed, sent and drawn. (Streamlit's tabs take a browser 40 ms a press.)

    before: the same example with the weights before the last update, if there was one; step: the selected one. What the
    update did stands first and is computed last.
    """
    did = st.container()
    panels = {
        "reach": lambda: reach(unrolled, chosen, step),
        "shares": lambda: shares(unrolled, chosen, step),
        "microscope": lambda: microscope(unrolled, before, history, chosen),
        "check": lambda: gradient_check(unrolled, chosen),
        "share": lambda: share.panel(unrolled, step_of(unrolled, chosen.whose)),
    }
    titles = {prose("panels", f"{name}_title"): panel for name, panel in panels.items()}
    st.segmented_control(
        prose("panels", "which_panel"),
        titles,
        key="more",
        required=True,
        default=next(iter(titles)),
        label_visibility="collapsed",
        persist_state="session",
    )
    with st.container(border=True):
        titles.get(st.session_state["more"], panels["reach"])()
    if before and isinstance(history.updates[-1], Update):
        with did:
            step_taken.show(history, unrolled, RATES, partial(retake, page))
