"""Gates unit by unit: a mark for every unit, in a row for every gate, and what the bias alone would make of it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout
from explorer.prose import prose
from explorer.theme import CELL_NAMES, CELL_SYMBOLS, Palette


class Row(NamedTuple):
    """One gate of one cell"""

    cell: str
    name: str
    units: np.ndarray  # (n_a,)  from 0, nothing passes, to 1
    at_bias: float

    @property
    def title(self) -> str:
        return prose("figures", "gates_row", cell=CELL_NAMES[self.cell], gate=self.name)


def figure(rows: Sequence[Row], palette: Palette) -> go.Figure:
    places = range(len(rows) - 1, -1, -1)  # the first stands above
    reads = {"unit": "%{customdata}", "gate": "%{x:.4f}"}
    marks = [
        {
            "type": "scatter",
            "x": row.units,
            "y": np.full(len(row.units), place),
            "mode": "markers",
            "marker": {"color": palette.cells[row.cell], "size": 9, "opacity": 0.55, "symbol": CELL_SYMBOLS[row.cell]},
            "customdata": np.arange(1, len(row.units) + 1),
            "hovertemplate": hover(prose("figures", "gates_unit", row=row.title, **reads)),
        }
        for row, place in zip(rows, places, strict=True)
    ]
    line = {"color": palette.text, "width": 2, "dash": "dot"}
    biases = [
        {"type": "line", "x0": row.at_bias, "x1": row.at_bias, "y0": place - 0.35, "y1": place + 0.35, "line": line}
        for row, place in zip(rows, places, strict=True)
    ]
    title = {"text": prose("figures", "gates_axis"), "standoff": 4}
    names = {"tickvals": list(places), "ticktext": [row.title for row in rows], "range": [-0.6, len(rows) - 0.4]}
    return base.draw(
        marks,
        layout(
            palette,
            height=28 * len(rows) + 52,
            shapes=biases,
            xaxis=axis(palette, title=title, range=[-0.03, 1.03], tickvals=[0, 0.25, 0.5, 0.75, 1]),
            yaxis=axis(palette, **names, showgrid=False),
        ),
    )


def sentence(rows: Sequence[Row]) -> str:
    """The figure in words: from the least to the most of every gate"""
    told = [
        prose("figures", "gates_range", row=row.title, least=row.units.min(), most=row.units.max(), bias=row.at_bias)
        for row in rows
    ]
    return prose("figures", "gates", rows="; ".join(told))
