"""The same numbers as curves: log norm against distance, the straight line fitted to it, and what theory allows."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import CELL_DASHES, CELL_NAMES, CELL_SYMBOLS, Palette

ROOM = 4  # powers of ten that a bound may rise above all that was measured before it leaves the picture


class Curve(NamedTuple):
    """What is drawn of one cell, all in powers of ten; the index is the distance, 0, 1, 2, …"""

    cell: str
    log_norms: np.ndarray  # (D,)  not a number, or −∞ for 0, where there is nothing to draw
    line: np.ndarray | None  # (D,)  the fitted straight line
    log_bound: np.ndarray | None  # (D,)


def figure(curves: list[Curve], palette: Palette) -> go.Figure:
    """Measured: marks; fitted: a line in the cell's own style; the bound: thin and dashed"""
    fig = theme.figure(palette, height=340)
    for curve in curves:
        colour, name = palette.cells[curve.cell], CELL_NAMES[curve.cell]
        distance = np.arange(len(curve.log_norms), dtype=np.int16)
        if curve.log_bound is not None:
            _line(fig, distance, curve.log_bound, f"{name}: at most", {"color": colour, "width": 1.5, "dash": "dash"})
        if curve.line is not None:
            _line(fig, distance, curve.line, f"{name}: fit",
                  {"color": colour, "width": 2.5, "dash": CELL_DASHES[curve.cell]})  # fmt: skip
        shown = np.where(np.isfinite(curve.log_norms), curve.log_norms, np.nan).astype(np.float32)
        fig.add_scatter(
            x=distance,
            y=shown,
            name=f"{name}: measured",
            mode="markers",
            marker={"color": colour, "size": 7 if len(distance) <= 60 else 4, "symbol": CELL_SYMBOLS[curve.cell]},
            hovertemplate=f"{name}, steps back: %{{x}}<br>norm 10<sup>%{{y:.2f}}</sup><extra></extra>",
        )
    _axes(fig, curves)
    _names(fig, curves, palette)
    return fig


def _line(fig: go.Figure, distance: np.ndarray, log_values: np.ndarray, name: str, style: dict) -> None:
    fig.add_scatter(
        x=distance,
        y=log_values.astype(np.float32),
        name=name,
        mode="lines",
        line=style,
        hovertemplate=f"{name}, steps back: %{{x}}<br>10<sup>%{{y:.2f}}</sup><extra></extra>",
    )


def _names(fig: go.Figure, curves: list[Curve], palette: Palette) -> None:
    """Each cell's name right of its last mark, moved down where two would stand in each other's way"""
    ends = [(curve, np.flatnonzero(np.isfinite(curve.log_norms))) for curve in curves]
    ends = sorted(((c.log_norms[drawn[-1]], int(drawn[-1]), c.cell) for c, drawn in ends if drawn.size), reverse=True)
    apart, last = 0.075 * np.ptp(fig.layout.yaxis.range), np.inf
    for height, distance, cell in ends:
        last = min(float(height), last - apart)
        name = CELL_NAMES[cell].removesuffix(" RNN")
        fig.add_annotation(x=distance, y=last, text=f" <b>{name}</b>", showarrow=False, xanchor="left", xshift=4,
                           font={"color": palette.cells[cell], "size": 13})  # fmt: skip


def _axes(fig: go.Figure, curves: list[Curve]) -> None:
    measured = np.concatenate([curve.log_norms for curve in curves])
    measured = measured[np.isfinite(measured)]
    bounds = np.concatenate([[-np.inf], *(curve.log_bound for curve in curves if curve.log_bound is not None)])
    low, high = (measured.min(), measured.max()) if measured.size else (-1.0, 0.0)
    high = max(high, min(bounds.max(), high + ROOM))
    whole = [int(np.floor(low - 0.2)), int(np.ceil(high + 0.2))]
    every = max(1, -(-(whole[1] - whole[0]) // 7))
    room = 0.12 * (whole[1] - whole[0])  # for names that had to move down
    powers = list(range(whole[0], whole[1] + 1, every))
    fig.update_yaxes(
        tickvals=powers, ticktext=[f"10<sup>{power}</sup>" for power in powers], range=[whole[0] - room, whole[1]]
    )
    longest = max(len(curve.log_norms) for curve in curves) - 1
    fig.update_xaxes(
        title={"text": "steps back from the last loss", "standoff": 6},
        range=[-0.02 * longest - 0.2, longest * 1.2 + 0.3],
    )
