"""Lines against the length of the sequence: what grows with T, and what does not."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import Palette


class Line(NamedTuple):
    name: str
    values: np.ndarray  # at every length
    fit: tuple[float, float] | None = None  # slope and height at 0 of a straight line; the values are then marks


def figure(lengths: Sequence[int], line: Line, other: Line, unit: str, palette: Palette) -> go.Figure:
    """The first line in full, the one it is compared with fainter and dashed, each with its name at its end"""
    T = np.asarray(lengths)
    fig = theme.figure(palette, height=230)
    styles = {"color": palette.forward, "dash": "solid"}, {"color": palette.faint, "dash": "dash"}
    for (name, values, fit), style in zip((line, other), styles, strict=True):
        hover = f"{name}<br>T = %{{x}}: %{{y:,.4g}} {unit}<extra></extra>"
        if fit:
            fig.add_scatter(x=T, y=np.polyval(fit, T), mode="lines", line=style | {"width": 2.5}, hoverinfo="skip")
        how = {"mode": "markers", "marker": {"color": style["color"], "size": 9}} if fit else {"mode": "lines"}
        fig.add_scatter(x=T, y=values, name=name, hovertemplate=hover, line=style | {"width": 2.5}, **how)
        fig.add_annotation(
            x=T[-1], y=values[-1], text=f"<b>{name}</b>", showarrow=False, xanchor="right",
            yanchor="top" if values[-1] > max(line.values[-1], other.values[-1]) / 2 else "bottom",
            xshift=-16 if values[-1] > max(line.values[-1], other.values[-1]) / 2 else 0, yshift=2,
            font={"color": palette.text if style["dash"] == "dash" else style["color"], "size": 13},
        )  # fmt: skip
    fig.update_xaxes(title={"text": "T, the length of the sequence", "standoff": 6}, range=[0, T[-1] * 1.03])
    fig.update_yaxes(title={"text": unit, "standoff": 6}, rangemode="tozero", nticks=5)
    return fig
