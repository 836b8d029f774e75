"""The question before the memory race: of how much error gets back untrained, and who will solve what."""

from functools import partial

import numpy as np
import streamlit as st

from core.cells import CELLS
from core.experiments.memory_race import GAPS, SEEDS, SOLVED, RaceSettings, seeds, trial_of
from explorer.formatting import three_digits, unbroken
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.gradients import race_session
from explorer.views.gradients.race_session import Race


def median_ratio(settings: RaceSettings, cell: str, gap: int) -> float:
    """The median over the networks of ‖∂ℒ/∂state⟨0⟩‖ / ‖∂ℒ/∂state⟨T⟩‖"""
    ratios = race_session.gradient_ratios(settings)
    return float(np.median([ratios[trial_of(settings, cell, gap, seed)] for seed in seeds(settings)]))


def ask(race: Race) -> None:
    """How much of the error gets back before any training, and with that in view: who will solve what?"""
    explained = prose("gradients", "race_ask", solved=SOLVED, networks=SEEDS, most=SEEDS // 2 + 1)
    st.markdown(prose("gradients", "race_question"), help=explained)
    for cell, column in zip(CELLS, st.columns(len(CELLS)), strict=True):
        ratios = {gap: three_digits(median_ratio(race.setup, cell, gap)) for gap in GAPS}
        with column:
            st.radio(
                f"**{CELL_NAMES[cell]}**",
                (0, *GAPS),
                format_func=partial(_gap, ratios),
                key=f"race_{cell}",
                persist_state="session",
            )


def _gap(ratios: dict[int, str], gap: int) -> str:
    if not gap:
        return prose("gradients", "race_choice_none")
    return unbroken(prose("gradients", "race_choice", gap=gap, ratio=ratios[gap]))


def prediction() -> dict[str, int | None]:
    return {cell: st.session_state[f"race_{cell}"] for cell in CELLS}
