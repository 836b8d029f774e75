"""Two lines against the length of the sequence: what grows with T, and what does not."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import Palette


class Line(NamedTuple):
    name: str
    values: np.ndarray  # at every length
    fit: tuple[float, float] | None = None  # slope and height at T = 0: the line to draw, the values are then marks


def figure(lengths: Sequence[int], line: Line, other: Line, unit: str, palette: Palette) -> go.Figure:
    """What the page is about in full, what it is compared with dashed; each has its name beside it"""
    T = np.asarray(lengths)
    fig = theme.figure(palette, height=230)
    for one, colour, dash in ((line, palette.forward, "solid"), (other, palette.faint, "dash")):
        drawn = np.polyval(one.fit, T) if one.fit else one.values
        fig.add_scatter(x=T, y=drawn, mode="lines", line={"color": colour, "dash": dash, "width": 2.5},
                        hoverinfo="skip")  # fmt: skip
        fig.add_scatter(x=T, y=one.values, name=one.name, mode="markers",
                        marker={"color": colour, "size": 9 if len(T) < 20 else 0.1},
                        hovertemplate=f"{one.name}<br>T = %{{x}}: %{{y:,.4g}} {unit}<extra></extra>")  # fmt: skip
    _names(fig, T, line, other, palette)
    fig.update_xaxes(title={"text": "T, the length of the sequence", "standoff": 6}, range=[0, T[-1] * 1.03])
    fig.update_yaxes(title={"text": unit, "standoff": 6}, rangemode="tozero", nticks=5)
    return fig


def _names(fig: go.Figure, T: np.ndarray, line: Line, other: Line, palette: Palette) -> None:
    """The one that ends higher has its name left of its middle, the other above its end"""
    upper, lower = (line, other) if line.values[-1] > other.values[-1] else (other, line)
    middle = int(np.searchsorted(T, 0.7 * T[-1]))
    for one, at, shift in ((upper, middle, -10), (lower, -1, 0)):
        colour = palette.forward if one is line else palette.text
        fig.add_annotation(x=T[at], y=one.values[at], text=f"<b>{one.name}</b>", showarrow=False, xanchor="right",
                           yanchor="bottom", xshift=shift, yshift=3, font={"color": colour, "size": 13})  # fmt: skip
