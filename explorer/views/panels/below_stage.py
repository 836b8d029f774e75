"""All that stands below a stage, of any job: one panel at a time, by its name."""

from functools import partial

import streamlit as st

from explorer.choices.record import RATES, Choices
from explorer.choices.session import session
from explorer.components import step_taken
from explorer.compute.unrolled import Unrolled
from explorer.compute.updates import Edit, History
from explorer.compute.whose import step_of
from explorer.prose import prose
from explorer.views import share
from explorer.views.panels.gradient_check import gradient_check
from explorer.views.panels.gradients import reach, shares
from explorer.views.panels.microscope import microscope
from explorer.views.update_and_undo import retake


def below_stage(
    page: str, unrolled: Unrolled, before: Unrolled | None, history: History, chosen: Choices, step: int
) -> None:
    """Only what is open is computed, sent and drawn. (Streamlit's tabs take a browser 40 ms a press.) After an update
    that is what it did, until the reader chooses a panel.

    before: the same example with the weights before the last update, if there was one; step: the selected one.
    """
    panels = {
        "reach": lambda: reach(unrolled, chosen, step),
        "last_update": lambda: _last_update(page, unrolled, before, history),
        "shares": lambda: shares(unrolled, chosen, step),
        "microscope": lambda: microscope(unrolled, before, history, chosen),
        "check": lambda: gradient_check(unrolled, chosen),
        "share": lambda: share.panel(unrolled, step_of(unrolled, chosen.whose)),
    }
    titles = {prose("panels", f"{name}_title"): name for name in panels}
    if not session().has_chosen_panel:
        st.session_state["more"] = prose("panels", f"{'last_update' if history.updates else 'reach'}_title")
    st.pills(
        prose("panels", "which_panel"),
        titles,
        key="more",
        required=True,
        on_change=_chose,
        label_visibility="collapsed",
        persist_state="session",
    )
    with st.container(border=True, key="panel"):
        panels[titles.get(st.session_state["more"], "reach")]()


def _chose() -> None:
    session().has_chosen_panel = True


def _last_update(page: str, unrolled: Unrolled, before: Unrolled | None, history: History) -> None:
    if before is None:
        st.markdown(prose("panels", "no_update"))
    elif isinstance(history.updates[-1], Edit):
        st.markdown(prose("panels", "only_edit"))
    else:
        step_taken.show(history, unrolled, before, RATES, partial(retake, page))
