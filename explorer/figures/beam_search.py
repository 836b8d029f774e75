"""Sentences that a search has found, side by side with their scores."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import NamedTuple
from unicodedata import east_asian_width

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout
from explorer.formatting import clip_word
from explorer.prose import prose
from explorer.theme import Palette

LETTERS = 40  # in a line: what a phone has room for
MOST_LINES = 3
LINE, BAR, GAP = 19, 8, 16  # px
TOP, SCALE = 4, 46  # px, above and below all bars


class Row(NamedTuple):
    """A sentence that a search has found"""

    label: str  # who found it: "beam 1", "greedy"
    text: str
    score: float
    ended: bool = True  # False: it was cut off before <END>


def figure(rows: Sequence[Row], palette: Palette, on_stage: str | None = None) -> go.Figure:
    """A score is log p / |Y|^α: at most 0, and higher is better. The bar is e^score, between 0 and 1.

    The sentence whose label is `on_stage` is marked. Everything stands at its height in pixels, from the top.
    """
    lines = [_lines(row.text) for row in rows]
    tops = np.cumsum([0, *(LINE * (1 + len(of_row)) + BAR + GAP for of_row in lines)])
    bars = tops[1:] - GAP - BAR / 2
    scores = np.array([row.score for row in rows], dtype=float)
    is_chosen = [row.label == on_stage for row in rows]
    shared = {"type": "bar", "y": bars, "width": BAR, "orientation": "h"}
    whole = {"x": np.ones(len(rows)), "marker": {"color": palette.line}, "hoverinfo": "skip"}
    scored = {
        "x": np.where(np.isfinite(scores), np.exp(np.minimum(scores, 0)), 0),
        "marker": {"color": palette.negative, "opacity": [1 if chosen else 0.5 for chosen in is_chosen]},
        "customdata": np.stack([scores, np.exp(scores)], axis=-1),
        "hovertemplate": hover(
            prose("figures", "beam_bar", score="%{customdata[0]:.4f}", power="%{customdata[1]:.4f}")
        ),
    }
    notes = []
    for row, of_row, top, chosen in zip(rows, lines, tops, is_chosen, strict=False):
        name = escape(row.label, quote=False)
        name = name if row.ended else prose("figures", "beam_cut_off", name=name)
        notes.append(_note(prose("figures", "beam_on_stage", name=name) if chosen else name, top, 13))
        notes.append(_note(score_text(row.score), top, 13, "right"))
        for i, line in enumerate(of_row, start=1):
            text = escape(line, quote=False)
            notes.append(_note(f"<b>{text}</b>" if chosen else text, top + i * LINE, 14))
    title = {"text": prose("figures", "beam_axis"), "standoff": 2, "font": {"size": 13}}
    marks = {"range": [0, 1], "tickvals": [0, 0.25, 0.5, 0.75, 1], "showgrid": False, "automargin": False}
    return base.draw(
        [shared | whole, shared | scored],
        layout(
            palette,
            height=int(tops[-1]) + TOP + SCALE,
            barmode="overlay",
            annotations=notes,
            margin={"t": TOP, "b": SCALE, "l": 8, "r": 8},
            xaxis=axis(palette, **marks, title=title),
            yaxis=axis(palette, range=[tops[-1], 0], visible=False),
        ),
    )


def _note(text: str, top: float, size: int, side: str = "left") -> dict:
    place = {"xref": "paper", "x": int(side == "right"), "xanchor": side, "y": top, "yanchor": "top"}
    return {"text": text, **place, "showarrow": False, "borderpad": 0, "font": {"size": size}}


def _lines(text: str) -> list[str]:
    """At most three; a Chinese character needs the room of two letters, a capital that of one and a third"""
    text = text or prose("figures", "beam_empty")
    room = sum(2 if east_asian_width(letter) in "WF" else 4 / 3 if letter.isupper() else 1 for letter in text)
    return wrap(text, int(LETTERS * len(text) / room), max_lines=MOST_LINES, placeholder=" …")


def score_text(score: float) -> str:
    """Two decimals, with a true minus, and never −0.00"""
    return f"{round(score, 2) + 0.0:.2f}".replace("-", "−") if np.isfinite(score) else "–"


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
