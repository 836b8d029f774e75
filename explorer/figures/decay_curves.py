"""The same numbers as curves: log norm against distance, the straight line fitted to it, and what theory allows."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout, power_of_ten
from explorer.prose import prose
from explorer.theme import CELL_DASHES, CELL_NAMES, CELL_SYMBOLS, Palette

ROOM = 4  # powers of ten that a bound may rise above all that was measured before it leaves the picture
APART = 15  # px: two names one above the other
MARGINS = 62  # px of the height that the curves do not have
FEW = 6  # steps: below, no whole step is without its number, and nothing else has one


class Curve(NamedTuple):
    """What is drawn of one cell, all in powers of ten; the index is the distance, 0, 1, 2, …"""

    cell: str
    log_norms: np.ndarray  # (D,)  not a number, or −∞ for 0, where there is nothing to draw
    line: np.ndarray | None  # (D,)  the fitted straight line
    log_bound: np.ndarray | None  # (D,)
    before: np.ndarray | None = None  # (D,)  what it was without a remedy


def figure(curves: list[Curve], palette: Palette, height: int = 340) -> go.Figure:
    """Measured: marks; fitted: a line in the cell's own style; the bound: thin and dashed"""
    x, y = _axes(curves, palette)
    return base.draw(
        [trace for curve in curves for trace in _traces(curve, palette)],
        layout(
            palette,
            height=height,
            xaxis=x,
            yaxis=y,
            annotations=[
                *_names(curves, y["range"], APART / (height - MARGINS), palette),
                *_bound_name(curves, y["range"][1], palette),
            ],
        ),
    )


def _traces(curve: Curve, palette: Palette) -> list[dict]:
    colour, cell = palette.cells[curve.cell], CELL_NAMES[curve.cell]
    distance = np.arange(len(curve.log_norms), dtype=np.int16)
    traces = []
    if curve.before is not None:
        known = np.where(np.isfinite(curve.before), curve.before, np.nan)
        style = {"color": colour, "width": 1.2, "dash": "dot"}
        traces.append(_line(distance[: len(known)], known, prose("figures", "decay_before", cell=cell), style))
    if curve.log_bound is not None:
        style = {"color": palette.faint, "width": 1.5, "dash": "dash"}
        traces.append(_line(distance, curve.log_bound, prose("figures", "decay_bound", cell=cell), style))
    if curve.line is not None:
        style = {"color": colour, "width": 2.5, "dash": CELL_DASHES[curve.cell]}
        traces.append(_line(distance, curve.line, prose("figures", "decay_fit", cell=cell), style))
    marks = {
        "type": "scatter",
        "x": distance,
        "y": np.where(np.isfinite(curve.log_norms), curve.log_norms, np.nan).astype(np.float32),
        "name": prose("figures", "decay_measured", cell=cell),
        "mode": "markers",
        "marker": {"color": colour, "size": 7 if len(distance) <= 60 else 4, "symbol": CELL_SYMBOLS[curve.cell]},
        "hovertemplate": hover(prose("figures", "decay_mark", cell=cell, distance="%{x}", power="%{y:.2f}")),
    }
    return [*traces, marks]


def _line(distance: np.ndarray, log_values: np.ndarray, name: str, style: dict) -> dict:
    return {
        "type": "scatter",
        "x": distance,
        "y": log_values.astype(np.float32),
        "name": name,
        "mode": "lines",
        "line": style,
        "hovertemplate": hover(prose("figures", "decay_point", line=name, distance="%{x}", power="%{y:.2f}")),
    }


def _names(curves: list[Curve], y: list[float], apart: float, palette: Palette) -> list[dict]:
    """Each cell's name right of its last mark, so far from the next as `apart` says, a part of the height: moved down
    where two would stand in each other's way, and up where one would stand below the picture"""
    drawn = [(curve, np.flatnonzero(np.isfinite(curve.log_norms))) for curve in curves]
    ends = sorted(((c.log_norms[at[-1]], int(at[-1]), c.cell) for c, at in drawn if at.size), reverse=True)
    names, last, apart = [], np.inf, apart * (y[1] - y[0])
    for below, (end, distance, cell) in zip(range(len(ends))[::-1], ends, strict=True):
        last = min(float(end), last - apart)
        name = CELL_NAMES[cell].removesuffix(" RNN")
        place = {"x": distance, "y": max(last, y[0] + below * apart), "xanchor": "left", "xshift": 4}
        font = {"color": palette.cells[cell], "size": 13}
        names.append({"text": f" <b>{name}</b>", **place, "showarrow": False, "font": font})
    return names


def _bound_name(curves: list[Curve], top: float, palette: Palette) -> list[dict]:
    """Beside the bounds, where the last of them leaves the picture or ends"""
    ends = []
    for curve in curves:
        if curve.log_bound is not None and np.isfinite(curve.log_bound).all():
            inside = int((curve.log_bound <= top).nonzero()[0].max(initial=0))
            ends.append((inside, min(float(curve.log_bound[inside]), top)))
    if not ends:
        return []
    x, y = max(ends)
    if x == len(curves[0].log_norms) - 1:  # where the cells' names stand
        place = {"x": x / 2, "y": y, "xanchor": "center", "yanchor": "bottom", "showarrow": False}
    else:
        place = {"x": x, "y": y, "xanchor": "left", "xshift": 14, "showarrow": False}
    return [{**place, "text": prose("figures", "decay_most"), "font": {"size": 12, "color": palette.text}}]


def _axes(curves: list[Curve], palette: Palette) -> tuple[dict, dict]:
    drawn = [line for c in curves for line in (c.log_norms, c.before) if line is not None]
    measured = np.concatenate([line[: len(curves[0].log_norms)] for line in drawn])
    measured = measured[np.isfinite(measured)]
    bounds = np.concatenate([[-np.inf], *(curve.log_bound for curve in curves if curve.log_bound is not None)])
    low, high = (measured.min(), measured.max()) if measured.size else (-1.0, 0.0)
    high = max(high, min(bounds.max(), high + ROOM))
    whole = [int(np.floor(low - 0.2)), int(np.ceil(high + 0.2))]
    every = max(1, -(-(whole[1] - whole[0]) // 7))
    room = 0.12 * (whole[1] - whole[0])  # for names that had to move down
    powers = list(range(whole[0], whole[1] + 1, every))
    names = [power_of_ten(power) for power in powers]
    longest = max(len(curve.log_norms) for curve in curves) - 1
    title = {"text": prose("figures", "decay_axis"), "standoff": 6}
    steps = {"dtick": 1} if longest < FEW else {}
    y_title = {"text": prose("figures", "decay_size"), "standoff": 8}
    return (
        axis(palette, title=title, range=[-0.02 * longest - 0.2, longest * 1.2 + 0.3], **steps),
        axis(palette, title=y_title, tickvals=powers, ticktext=names, range=[whole[0] - room, whole[1]]),
    )
