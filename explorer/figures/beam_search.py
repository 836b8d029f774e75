"""Sentences that a search has found, side by side with their scores."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from unicodedata import east_asian_width

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.formatting import clip_word
from explorer.theme import Palette

LETTERS = 40  # in a line: what a phone has room for
MOST_LINES = 3
LINE, BAR, GAP = 19, 8, 16  # px
TOP, SCALE = 4, 46  # px, above and below all bars

NOTHING = "(no word at all)"
Row = tuple[str, str, float]  # who found it ("beam 1", "greedy"), the sentence, its score


def figure(rows: Sequence[Row], palette: Palette, on_stage: str | None = None) -> go.Figure:
    """A score is log p / |Y|^α: at most 0, and higher is better. The bar is e^score, between 0 and 1.

    The sentence whose label is `on_stage` is marked. Everything stands at its height in pixels, from the top.
    """
    lines = [_lines(text) for _, text, _ in rows]
    tops = np.cumsum([0, *(LINE * (1 + len(found)) + BAR + GAP for found in lines)])
    fig = theme.figure(palette, height=int(tops[-1]) + TOP + SCALE)
    scores = np.array([score for *_, score in rows], dtype=float)
    bars = tops[1:] - GAP - BAR / 2
    chosen = [label == on_stage for label, *_ in rows]
    fig.add_bar(x=np.ones(len(rows)), y=bars, width=BAR, orientation="h", marker_color=palette.line, hoverinfo="skip")
    fig.add_bar(
        x=np.where(np.isfinite(scores), np.exp(np.minimum(scores, 0)), 0),
        y=bars,
        width=BAR,
        orientation="h",
        marker={"color": palette.negative, "opacity": [1 if here else 0.5 for here in chosen]},
        customdata=np.stack([scores, np.exp(scores)], axis=-1),
        hovertemplate="score %{customdata[0]:.4f}<br>e<sup>score</sup> = %{customdata[1]:.4f}<extra></extra>",
    )
    notes = []
    for (label, _, score), found, top, here in zip(rows, lines, tops, chosen, strict=False):
        who = escape(label, quote=False)
        notes += [
            _note(f"<b>▸ {who}, on the stage</b>" if here else who, top, 13),
            _note(told(score), top, 13, "right"),
        ]
        for i, line in enumerate(found, start=1):
            text = escape(line, quote=False)
            notes.append(_note(f"<b>{text}</b>" if here else text, top + i * LINE, 14))
    title = {"text": "bar: e<sup>score</sup>, from impossible to certain", "standoff": 2, "font": {"size": 13}}
    fig.update_xaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], showgrid=False, automargin=False, title=title)
    fig.update_yaxes(range=[tops[-1], 0], visible=False)
    fig.update_layout(barmode="overlay", annotations=notes, margin={"t": TOP, "b": SCALE, "l": 8, "r": 8})
    return fig


def _note(text: str, top: float, size: int, side: str = "left") -> dict:
    return {"text": text, "xref": "paper", "x": int(side == "right"), "xanchor": side, "y": top, "yanchor": "top",
            "showarrow": False, "borderpad": 0, "font": {"size": size}}  # fmt: skip


def _lines(text: str) -> list[str]:
    """At most three; a Chinese character needs the room of two letters, a capital that of one and a third"""
    text = text or NOTHING
    room = sum(2 if east_asian_width(letter) in "WF" else 4 / 3 if letter.isupper() else 1 for letter in text)
    return wrap(text, int(LETTERS * len(text) / room), max_lines=MOST_LINES, placeholder=" …")


def told(score: float) -> str:
    return f"{round(score, 2) + 0.0:.2f}".replace("-", "−") if np.isfinite(score) else "–"


def sentence(rows: Sequence[Row], on_stage: str | None = None) -> str:
    """The best and the worst, and what is on the stage"""
    ranked = sorted((row for row in rows if np.isfinite(row[2])), key=lambda row: row[2], reverse=True)
    if not ranked:
        return "No sentence has a finite score."
    best, worst = ranked[0], ranked[-1]
    parts = [f"highest score: {_named(best, rows)}"]
    if worst[1] != best[1]:
        parts.append(f"lowest: {_named(worst, rows)}")
    here = [row for row in rows if row[0] == on_stage]
    parts += [f"on the stage: {label}" for label, *_ in here]
    told_all = "; ".join(parts)
    return f"{told_all[0].upper()}{told_all[1:]}."


def _named(row: Row, rows: Sequence[Row]) -> str:
    """One sentence may have been found twice."""
    finders = ", ".join(label for label, text, score in rows if (text, told(score)) == (row[1], told(row[2])))
    text = f"‘{clip_word(row[1], 80)}’" if row[1] else NOTHING
    return f"{text} ({finders}), {told(row[2])}"
