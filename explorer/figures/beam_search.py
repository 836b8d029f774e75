"""Sentences that a search has found, in words. (They are drawn in the browser: assets/components/exhibits.)"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from explorer.formatting import clip_word
from explorer.prose import prose, signed


class Row(NamedTuple):
    """A sentence that a search has found"""

    label: str  # who found it: "beam 1", "greedy"
    text: str
    score: float
    ended: bool = True  # False: it was cut off before <END>


def score_text(score: float) -> str:
    """Two decimals, with a true minus, and never −0.00"""
    return signed(f"{round(score, 2) + 0.0:.2f}") if np.isfinite(score) else "–"


def sentence(rows: Sequence[Row], on_stage: str | None = None) -> str:
    """The best and the worst, and what is on the stage"""
    ranked = sorted((row for row in rows if np.isfinite(row.score)), key=lambda row: row.score, reverse=True)
    if not ranked:
        return prose("figures", "beam_not_finite")
    best, worst = _named(ranked[0], rows), _named(ranked[-1], rows)
    all_alike = ranked[0].text == ranked[-1].text
    if on_stage not in [row.label for row in rows]:
        if all_alike:
            return prose("figures", "beam_best", best=best)
        return prose("figures", "beam_range", best=best, worst=worst)
    if all_alike:
        return prose("figures", "beam_best_and_stage", best=best, stage=on_stage)
    return prose("figures", "beam_range_and_stage", best=best, worst=worst, stage=on_stage)


def _named(row: Row, rows: Sequence[Row]) -> str:
    """A sentence with its score and all who found it: one may have been found twice"""
    score = score_text(row.score)
    finders = ", ".join(one.label for one in rows if (one.text, score_text(one.score)) == (row.text, score))
    if not row.text:
        return prose("figures", "beam_row_empty", finders=finders, score=score)
    name = "beam_row" if row.ended else "beam_row_cut_off"
    return prose("figures", name, text=clip_word(row.text, 80), finders=finders, score=score)
