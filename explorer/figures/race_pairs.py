"""All networks of a race: how much of the error got back before training, against what training came to."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import LEGEND_ABOVE, axis, hover, layout, power_of_ten
from explorer.formatting import three_digits
from explorer.prose import prose
from explorer.theme import CELL_NAMES, CELL_SYMBOLS, Palette


class Point(NamedTuple):
    """One network"""

    cell: str
    gap: int
    network: int  # 1, 2, …
    ratio: float
    accuracy: float


def figure(points: Sequence[Point], solved: float, palette: Palette) -> go.Figure:
    """The gap is the size of a mark: the longer, the larger"""
    cells = list(dict.fromkeys(point.cell for point in points))
    gaps = sorted({point.gap for point in points})
    drawn = {cell: [point for point in points if point.cell == cell] for cell in cells}
    line = {"type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": solved, "y1": solved, "yref": "y"}
    return base.draw(
        [_marks(cell, of_cell, gaps, palette) for cell, of_cell in drawn.items()],
        layout(
            palette,
            height=240,
            xaxis=axis(palette, type="log", **_powers(points), title={"text": prose("figures", "pairs_ratio")}),
            yaxis=axis(
                palette,
                range=[0.1, 1.05],
                tickformat=".0%",
                tickvals=[0.25, 0.5, 0.75, 1],
                title={"text": prose("figures", "pairs_accuracy")},
            ),
            shapes=[{**line, "line": {"color": palette.faint, "dash": "dot", "width": 1.5}}],
            showlegend=True,
            legend=LEGEND_ABOVE,
        ),
    )


def _powers(points: Sequence[Point]) -> dict:
    """At most seven powers of ten, so that they stand upright on a phone, too"""
    sizes = np.log10([point.ratio for point in points if 0 < point.ratio < np.inf] or [1.0])
    low, high = int(np.floor(sizes.min())), int(np.ceil(sizes.max()))
    powers = range(low, high + 1, max(1, -(-(high - low) // 6)))
    return {"tickvals": [10.0**power for power in powers], "ticktext": [power_of_ten(power) for power in powers]}


def _marks(cell: str, points: Sequence[Point], gaps: Sequence[int], palette: Palette) -> dict:
    names = {"cell": CELL_NAMES[cell], "gap": "%{customdata[0]}", "network": "%{customdata[1]}"}
    return {
        "type": "scatter",
        "x": np.array([point.ratio for point in points]),
        "y": np.array([point.accuracy for point in points]),
        "customdata": np.array([(point.gap, point.network) for point in points]),
        "mode": "markers",
        "name": CELL_NAMES[cell],
        "marker": {
            "color": palette.cells[cell],
            "symbol": CELL_SYMBOLS[cell],
            "size": [7 + 3 * gaps.index(point.gap) for point in points],
            "opacity": 0.65,
        },
        "hovertemplate": hover(prose("figures", "pairs_point", **names, ratio="%{x:.3g}", accuracy="%{y:.0%}")),
    }


def sentence(points: Sequence[Point], solved: float) -> str:
    """The picture in words: from which to which ratio networks solved their gap, and did not"""
    yes, no = ([p.ratio for p in points if (p.accuracy >= solved) == is_yes] for is_yes in (True, False))
    if not yes or not no:
        return prose("figures", "pairs_alike", n=len(points), solved=len(yes))
    ends = {"low_solved": min(yes), "high_solved": max(yes), "low_unsolved": min(no), "high_unsolved": max(no)}
    told = {name: three_digits(end) for name, end in ends.items()}
    return prose("figures", "pairs", n=len(points), solved=len(yes), unsolved=len(no), **told)
