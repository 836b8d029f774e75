"""Two lines against the length of the sequence: what grows with T, and what does not."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout
from explorer.prose import prose
from explorer.theme import Palette


class Line(NamedTuple):
    name: str
    values: np.ndarray  # at every length
    fit: tuple[float, float] | None = None  # slope and height at T = 0: the line to draw, the values are then marks


def figure(lengths: Sequence[int], line: Line, other: Line, unit: str, palette: Palette) -> go.Figure:
    """What the page is about in full, what it is compared with dashed; each has its name beside it"""
    T = np.asarray(lengths)
    title = {"text": prose("figures", "growth_axis"), "standoff": 6}
    return base.draw(
        [*_traces(T, line, unit, palette.forward, "solid"), *_traces(T, other, unit, palette.faint, "dash")],
        layout(
            palette,
            height=230,
            xaxis=axis(palette, title=title, range=[0, T[-1] * 1.03]),
            yaxis=axis(palette, title={"text": unit, "standoff": 6}, rangemode="tozero", nticks=5),
            annotations=_names(T, line, other, palette),
        ),
    )


def _traces(T: np.ndarray, line: Line, unit: str, colour: str, dash: str) -> tuple[dict, dict]:
    drawn = {
        "type": "scatter",
        "x": T,
        "y": np.polyval(line.fit, T) if line.fit else line.values,
        "mode": "lines",
        "line": {"color": colour, "dash": dash, "width": 2.5},
        "hoverinfo": "skip",
    }
    text = prose("figures", "growth_point", line=line.name, length="%{x}", value="%{y:,.4g}", unit=unit)
    marks = {
        "type": "scatter",
        "x": T,
        "y": line.values,
        "name": line.name,
        "mode": "markers",
        "marker": {"color": colour, "size": 9 if len(T) < 20 else 0.1},
        "hovertemplate": hover(text),
    }
    return drawn, marks


def _names(T: np.ndarray, line: Line, other: Line, palette: Palette) -> list[dict]:
    """The one that ends higher has its name left of its middle, the other above its end"""
    upper, lower = (line, other) if line.values[-1] > other.values[-1] else (other, line)
    middle = int(np.searchsorted(T, 0.7 * T[-1]))
    names = []
    for one, at, shift in ((upper, middle, -10), (lower, -1, 0)):
        place = {"x": T[at], "y": one.values[at], "xanchor": "right", "yanchor": "bottom", "xshift": shift, "yshift": 3}
        font = {"color": palette.forward if one is line else palette.text, "size": 13}
        names.append({"text": f"<b>{one.name}</b>", **place, "showarrow": False, "font": font})
    return names
