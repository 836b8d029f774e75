"""Prediction first: the page asks before it tells, and only what has the same answer on nearly every sequence."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import streamlit as st

from explorer.choices.record import Choices
from explorer.choices.session import session
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.gradients.rates import FEWEST, Fit

AGREED = 0.9  # the part of the sequences that must have the same answer, or there is no question
KINDS = {"furthest": np.argmax, "fastest": np.argmin}  # of the slopes: whose error gets furthest, whose fades fastest


class Question(NamedTuple):
    """What may be asked of the four trained networks, and how many sequences give which answer"""

    kind: str  # a key of KINDS
    counts: dict[str, int]  # sequences, by the cell that is the answer there; the most first
    other: "Question | None" = None  # that was tried before, in vain

    @property
    def answer(self) -> str:
        return next(iter(self.counts))

    @property
    def is_asked(self) -> bool:
        return self.counts[self.answer] >= AGREED * sum(self.counts.values())

    @property
    def spread(self) -> str:
        return ", ".join(prose("gradients", "spread_cell", cell=CELL_NAMES[c], n=n) for c, n in self.counts.items())


def question(slopes: Mapping[str, np.ndarray]) -> Question | None:
    """slopes: of every cell (sequences,). None where a slope is missing; if nothing may be asked, the last one tried"""
    if any(np.isnan(of_cell).any() for of_cell in slopes.values()):
        return None  # of too few steps there is no slope
    cells, stacked = list(slopes), np.stack(list(slopes.values()))
    found = None
    for kind, best in KINDS.items():
        if kind == "fastest" and np.median(stacked.min(axis=0)) >= 0:
            continue  # nothing fades
        counts = np.bincount(best(stacked, axis=0), minlength=len(cells))
        order = [i for i in np.argsort(-counts, kind="stable") if counts[i]]
        found = Question(kind, {cells[i]: int(counts[i]) for i in order}, found)
        if found.is_asked:
            break
    return found


def is_revealed(chosen: Choices) -> bool:
    """An answer, "Show me", and a look at the trained networks all lift the curtain."""
    return bool(chosen.guess) or chosen.moment == "trained"


def panel(asked: Question | None, fits: Mapping[str, Mapping[str, Fit]], chosen: Choices) -> None:
    """The question, or what is true and whether the answer was right, where that may be told. fits: of both moments"""
    is_told = bool(fits["trained"])
    with st.container(border=True, key="predict"):
        if not is_revealed(chosen) and (asked is None or asked.is_asked) and not is_told:
            _ask(asked)
        elif is_told:
            _tell(asked, chosen, change(fits))
        else:
            st.markdown(prose("gradients", "training_to_see"))


def _ask(asked: Question | None) -> None:
    """Where the four are not trained yet, there is nothing that may be asked, only something to see"""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(prose("gradients", f"question_{asked.kind}" if asked else "question_none_yet"), width="content")
        if asked:
            for cell, name in CELL_NAMES.items():
                st.button(name, key=f"guess_{cell}", on_click=_answer, args=(cell, asked.kind))
        label = prose("gradients", "show_me" if asked else "train_four")
        st.button(label, key="guess_shown", on_click=_answer, args=("shown",), type="tertiary")


def _answer(guess: str, kind: str = "") -> None:
    st.session_state["guess"], session().guess_of = guess, kind


def _tell(asked: Question | None, chosen: Choices, change: str) -> None:
    """On another input there may be another question, which nobody has answered, or none, which nobody can ask again"""
    is_asked = asked is not None and asked.is_asked
    is_answered = asked is not None and session().guess_of in ("", asked.kind)
    with st.container(horizontal=True, vertical_alignment="center", key="told"):
        st.markdown(verdict(asked, chosen.guess if is_answered else "", change))
        if chosen.guess and is_asked and chosen.moment != "trained":
            st.button(prose("gradients", "ask_again"), key="guess_again", on_click=_answer, args=("",), type="tertiary")


def change(fits: Mapping[str, Mapping[str, Fit]]) -> str:
    """In which cells an error gets further back, or less far, once they are trained, by the rates that are shown; left
    out is a cell without a verdict, which shows no single rate, and one whose rates are written alike"""
    further, less = [], []
    for cell, after in fits["trained"].items():
        before = fits["untrained"].get(cell)
        if before is None or "no verdict" in (before.verdict, after.verdict) or before.description == after.description:
            continue
        if after.slope > before.slope:
            further.append(CELL_NAMES[cell])
        elif after.slope < before.slope:
            less.append(CELL_NAMES[cell])
    parts = {"reach_further": further, ("reach_less" if further else "reach_only_less"): less}
    return "; ".join(prose("gradients", name, cells=", ".join(cells)) for name, cells in parts.items() if cells)


def verdict(asked: Question | None, guess: str, change: str = "") -> str:
    """The answer, right or wrong, and the truth with its spread; where sequences disagree, no answer is either.
    change: what training did to how far errors get, in words"""
    if asked is None:
        return prose("gradients", "truth_too_short", fewest=FEWEST)
    n = sum(asked.counts.values())
    if not asked.is_asked:
        if asked.other is not None:
            return prose(
                "gradients", "truth_undecided", n=n, furthest=asked.other.spread, fastest=asked.spread, agreed=AGREED
            )
        return prose("gradients", f"truth_undecided_{asked.kind}", n=n, spread=asked.spread, agreed=AGREED)
    truth = prose("gradients", f"truth_{asked.kind}", cell=CELL_NAMES[asked.answer], n=n, spread=asked.spread)
    told = f"{truth} {prose('gradients', 'task_decides', is_told=bool(change), change=change)}"
    if guess not in CELL_NAMES:
        return told
    answer = prose("gradients", "answer", cell=CELL_NAMES[guess], is_right=guess == asked.answer)
    return f"{answer} {told}"
