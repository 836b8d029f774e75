"""How belief moves while a review is read: P(positive) after each word."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import MARGIN, UPRIGHT, axis, hover, layout, shown, ticks
from explorer.formatting import clip_word, quoted, two_decimals
from explorer.prose import prose, signed
from explorer.theme import Palette

LABEL = 1.12  # the height of the largest jump's name, above all probabilities: no line can cross it


def figure(
    words: Sequence[str], p: np.ndarray, selected: int | None, palette: Palette, classes: Sequence[str]
) -> go.Figure:
    """p (T,): the probability of the second class after each word; the selected step, counted from 1, is shaded"""
    T = len(words)
    places = {"word": "%{customdata}", "step": "%{x}", "name": "%{fullData.name}", "p": "%{y:.3f}"}
    curve = {
        "type": "scatter",
        "x": np.arange(1, T + 1),
        "y": p,
        "name": shown(classes[1]),
        "mode": "lines+markers",
        "line": {"color": palette.forward, "width": 2.5},
        "marker": {"size": 8 if T <= 20 else 5},
        "cliponaxis": False,
        "customdata": [shown(word) for word in words],
        "hovertemplate": hover(prose("figures", "sentiment_point", **places)),
    }
    traces = [curve]
    shapes, notes = _ground(classes, selected if T > 1 else None, palette)
    if jump := largest_jump(p):
        bold, link, name = _jump(words, p, jump, palette)
        traces.append(bold)
        shapes.append(link)
        notes.append(name)
    halves = {"tickvals": [0, 0.5, 1], "ticktext": ["0", "½", "1"], "range": [-0.04, 1.2]}
    return base.draw(
        traces,
        layout(
            palette,
            height=300,
            xaxis=axis(palette, **ticks(words, palette), range=[0.5, T + 0.5], autotickangles=UPRIGHT),
            yaxis=axis(palette, **halves, showgrid=False),
            margin=MARGIN | {"l": 48},
            shapes=shapes,
            annotations=notes,
        ),
    )


def _ground(classes: Sequence[str], selected: int | None, palette: Palette) -> tuple[list[dict], list[dict]]:
    """The two halves with their names, the selected step, the line at ½"""
    line = {"color": palette.text, "width": 1, "dash": "dot"}
    half = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.5, "y1": 0.5, "line": line}
    wide = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "layer": "below", "line": {"width": 0}, "opacity": 0.1}
    shapes, notes = [half], []
    for name, low, colour in zip(classes, (0, 0.5), (palette.negative, palette.positive), strict=True):
        shapes.append({**wide, "y0": low, "y1": low + 0.5, "fillcolor": colour})
        place = {"xref": "paper", "x": 0, "xshift": -28, "y": low + 0.25, "textangle": -90, "showarrow": False}
        notes.append({"text": shown(name, 12), **place, "font": {"size": 13, "color": colour}})
    if selected:
        step = {"xref": "x", "x0": selected - 0.5, "x1": selected + 0.5, "y0": -0.04, "y1": 1}
        shapes.append({**wide, **step, "fillcolor": palette.forward, "opacity": 0.14})
    return shapes, notes


def largest_jump(p: np.ndarray) -> int | None:
    """The step, counted from 1, whose word moved the belief most; no step before the second can be compared"""
    jumps = np.abs(np.diff(p))
    return int(np.nanargmax(jumps)) + 2 if np.nanmax(jumps, initial=0) > 0 else None


def _jump(words: Sequence[str], p: np.ndarray, t: int, palette: Palette) -> tuple[dict, dict, dict]:
    """The line to this word drawn bold, in the colour of where it goes; the word and the change stand above"""
    before, after = p[t - 2], p[t - 1]
    colour = palette.positive if after > before else palette.negative
    bold = {
        "type": "scatter",
        "x": [t - 1, t],
        "y": [before, after],
        "mode": "lines",
        "line": {"color": colour, "width": 5},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    dotted = {"color": colour, "width": 1, "dash": "dot"}
    link = {"type": "line", "x0": t, "x1": t, "y0": after, "y1": LABEL - 0.05, "line": dotted}
    side = "left" if t <= len(words) / 3 else "right" if t > 2 * len(words) / 3 else "center"
    text = f"<b>{shown(words[t - 1], 16)}</b> {_signed(after - before)}"
    place = {"x": t, "y": LABEL, "xanchor": side, "showarrow": False}
    return bold, link, {"text": text, **place, "font": {"size": 14, "color": colour}}


def _signed(change: float) -> str:
    return signed(f"{change:+.2f}")


def signed_change(p: np.ndarray, step: int) -> str:
    """How far the word at a step, from 2, moved the belief"""
    return _signed(p[step - 1] - p[step - 2])


def sentence(words: Sequence[str], p: np.ndarray, classes: Sequence[str]) -> str:
    """Where the belief begins and ends, and which word moved it most"""
    name = clip_word(classes[1])
    if not np.isfinite(p).all():
        return prose("figures", "sentiment_not_finite", name=name)
    begin = {"name": name, "p": two_decimals(p[0]), "first": quoted(words[0])}
    if len(p) == 1:
        return prose("figures", "sentiment_one_word", **begin)
    ends = {**begin, "p_last": two_decimals(p[-1]), "last": quoted(words[-1])}
    jump = largest_jump(p)
    if not jump:
        return prose("figures", "sentiment_at_rest", **ends)
    before, after = p[jump - 2], p[jump - 1]
    moved = {"word": quoted(words[jump - 1]), "step": jump, "change": signed_change(p, jump)}
    return prose("figures", "sentiment", **ends, **moved, before=two_decimals(before), after=two_decimals(after))
