"""How belief moves while a review is read: P(positive) after each word."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.figures.base import UPRIGHT, shown, ticks
from explorer.formatting import clip_word, quoted, two_decimals
from explorer.theme import Palette

CLASSES = ("negative", "positive")
LABEL = 1.12  # the height of the largest jump's name, above all probabilities: no line can cross it


def figure(
    words: Sequence[str], p: np.ndarray, selected: int | None, palette: Palette, classes: Sequence[str] = CLASSES
) -> go.Figure:
    """p (T,): the probability of the second class after each word; the selected step, counted from 1, is shaded"""
    T = len(words)
    fig = theme.figure(palette, height=300)
    fig.add_scatter(
        x=np.arange(1, T + 1),
        y=p,
        name=shown(classes[1]),
        mode="lines+markers",
        line={"color": palette.forward, "width": 2.5},
        marker={"size": 8 if T <= 20 else 5},
        cliponaxis=False,
        customdata=[shown(word) for word in words],
        hovertemplate="after <b>%{customdata}</b> (step %{x})<br>P(%{fullData.name}) = %{y:.3f}<extra></extra>",
    )
    shapes, notes = _ground(classes, selected if T > 1 else None, palette)
    if moved := largest_jump(p):
        line, note = _mark(fig, words, p, moved, palette)
        shapes.append(line)
        notes.append(note)
    fig.update_xaxes(**ticks(words, palette), range=[0.5, T + 0.5], autotickangles=UPRIGHT)
    fig.update_yaxes(tickvals=[0, 0.5, 1], ticktext=["0", "½", "1"], range=[-0.04, 1.2], showgrid=False)
    fig.update_layout(margin_l=48, shapes=shapes, annotations=notes)
    return fig


def _ground(classes: Sequence[str], selected: int | None, palette: Palette) -> tuple[list[dict], list[dict]]:
    """The two halves with their names, the selected step, the line at ½"""
    wide = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "layer": "below", "line": {"width": 0}, "opacity": 0.1}
    half = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.5, "y1": 0.5,
            "line": {"color": palette.text, "width": 1, "dash": "dot"}}  # fmt: skip
    shapes, notes = [half], []
    for name, low, colour in zip(classes, (0, 0.5), (palette.negative, palette.positive), strict=True):
        shapes.append({**wide, "y0": low, "y1": low + 0.5, "fillcolor": colour})
        notes.append({"text": shown(name, 12), "xref": "paper", "x": 0, "xshift": -28, "y": low + 0.25,
                      "textangle": -90, "showarrow": False, "font": {"size": 13, "color": colour}})  # fmt: skip
    if selected:
        step = {"xref": "x", "x0": selected - 0.5, "x1": selected + 0.5, "y0": -0.04, "y1": 1}
        shapes.append({**wide, **step, "fillcolor": palette.forward, "opacity": 0.14})
    return shapes, notes


def largest_jump(p: np.ndarray) -> int | None:
    """The step, counted from 1, whose word moved the belief most; no step before the second can be compared"""
    jumps = np.abs(np.diff(p))
    return int(np.nanargmax(jumps)) + 2 if np.nanmax(jumps, initial=0) > 0 else None


def _mark(fig: go.Figure, words: Sequence[str], p: np.ndarray, t: int, palette: Palette) -> tuple[dict, dict]:
    """The line to this word drawn bold, in the colour of where it goes; the word and the change stand above"""
    before, after = p[t - 2], p[t - 1]
    colour = palette.positive if after > before else palette.negative
    fig.add_scatter(x=[t - 1, t], y=[before, after], mode="lines", line={"color": colour, "width": 5}, hoverinfo="skip",
                    cliponaxis=False)  # fmt: skip
    side = "left" if t <= len(words) / 3 else "right" if t > 2 * len(words) / 3 else "center"
    return (
        {"type": "line", "x0": t, "x1": t, "y0": after, "y1": LABEL - 0.05,
         "line": {"color": colour, "width": 1, "dash": "dot"}},
        {"x": t, "y": LABEL, "xanchor": side, "text": f"<b>{shown(words[t - 1], 16)}</b> {_signed(after - before)}",
         "showarrow": False, "font": {"size": 14, "color": colour}},
    )  # fmt: skip


def _signed(change: float) -> str:
    return f"{change:+.2f}".replace("-", "−")


def sentence(words: Sequence[str], p: np.ndarray, classes: Sequence[str] = CLASSES) -> str:
    """Where the belief begins and ends, and which word moved it most"""
    name = f"P({clip_word(classes[1])})"
    if not np.isfinite(p).all():
        return f"{name} is not finite after some of the words."
    if len(p) == 1:
        return f"{name} is {two_decimals(p[0])} after the only word, {quoted(words[0])}."
    ends = (
        f"{name} is {two_decimals(p[0])} after the first word, {quoted(words[0])}, "
        f"and {two_decimals(p[-1])} after the last, {quoted(words[-1])}"
    )
    moved = largest_jump(p)
    if not moved:
        return f"{ends}; no word after the first moved it."
    before, after = p[moved - 2], p[moved - 1]
    return (
        f"{ends}; of the words after the first {quoted(words[moved - 1])} (step {moved}) moved it most: by "
        f"{_signed(after - before)}, from {two_decimals(before)} to {two_decimals(after)}."
    )
