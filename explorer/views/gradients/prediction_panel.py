"""Prediction first: the page asks before it tells which trained network fades fastest."""

from collections.abc import Mapping

import streamlit as st

from explorer.choices.record import Choices
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.gradients import cell_flow
from explorer.views.gradients.cell_flow import Fit


def is_revealed(chosen: Choices) -> bool:
    """An answer, "Show me", and a look at the trained networks all lift the curtain."""
    return bool(chosen.guess) or chosen.moment == "trained"


def panel(trained: Mapping[str, Fit], chosen: Choices) -> None:
    """The question, or, once the trained networks are measured, what is true and whether the answer was right"""
    with st.container(border=True, key="predict"):
        if not is_revealed(chosen):
            _ask()
        elif trained:
            _tell(trained, chosen.guess)
        else:
            st.markdown(prose("gradients", "training_to_see"))


def _ask() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(prose("gradients", "question"), width="content")
        for cell, name in CELL_NAMES.items():
            st.button(name, key=f"guess_{cell}", on_click=_answer, args=(cell,))
        st.button(prose("gradients", "show_me"), key="guess_shown", on_click=_answer, args=("shown",), type="tertiary")


def _answer(guess: str) -> None:
    st.session_state["guess"] = guess


def _tell(trained: Mapping[str, Fit], guess: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(verdict(trained, guess), width="content")
        if guess:
            st.button(prose("gradients", "ask_again"), key="guess_again", on_click=_answer, args=("",), type="tertiary")


def verdict(trained: Mapping[str, Fit], guess: str) -> str:
    """The answer, right or wrong, and the truth with its numbers; where nothing fades, no answer is either"""
    if any(fit.verdict == "one step" for fit in trained.values()):
        return prose("gradients", "truth_one_step")
    fits = {
        cell: prose("gradients", "cell_fit", cell=CELL_NAMES[cell], fit=fit.description)
        for cell, fit in trained.items()
    }
    fastest = cell_flow.fades_fastest(trained)
    if fastest is None:
        truth = prose("gradients", "truth_none", fits="; ".join(fits.values()))
    else:
        others = "; ".join(fit for cell, fit in fits.items() if cell != fastest)
        truth = prose(
            "gradients",
            "truth",
            fastest=CELL_NAMES[fastest],
            fit=trained[fastest].description,
            others=others,
        )
        if guess in CELL_NAMES:
            answer = prose("gradients", "answer", cell=CELL_NAMES[guess], is_right=guess == fastest)
            truth = f"{answer} {truth}"
    return f"{truth} {prose('gradients', 'task_decides')}"
