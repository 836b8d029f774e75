"""The memory race: accuracy on fresh sequences against the gap, a curve and a band for every cell."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import LEGEND_ABOVE, axis, hover, layout
from explorer.prose import prose
from explorer.theme import CELL_DASHES, CELL_NAMES, CELL_SYMBOLS, Palette

HEIGHT = 290  # pixels
APART = 0.05  # at a gap the cells stand side by side: several at 100 % would hide each other


def figure(
    gaps: Sequence[int],
    measured: Mapping[str, np.ndarray],
    levels: Mapping[str, float],
    palette: Palette,
    height: int = HEIGHT,
) -> go.Figure:
    """measured: of every cell (gaps, networks), NaN where nothing is known yet; levels: horizontal lines, by name"""
    places = {cell: (i - (len(measured) - 1) / 2) * APART for i, cell in enumerate(measured)}
    traces = [_traces(cell, gaps, values, places[cell], palette) for cell, values in measured.items()]
    names = [prose("figures", "race_gap", gap=gap) for gap in gaps]
    marks = {"tickvals": np.arange(len(gaps)), "ticktext": names, "range": [-0.25, len(gaps) - 0.75]}
    titles = {name: {"text": prose("figures", f"race_{name}"), "standoff": 8} for name in ("gaps", "axis")}
    heights = {"range": [-0.02, 1.05], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    return base.draw(
        [trace for of_cell in traces for trace in of_cell],
        layout(
            palette,
            height=height,
            xaxis=axis(palette, **marks, title=titles["gaps"], showgrid=False),
            yaxis=axis(palette, **heights, title=titles["axis"]),
            shapes=[_level(level, palette) for level in levels.values()],
            annotations=[_level_name(name, height) for name, height in levels.items()],
            showlegend=True,
            legend=LEGEND_ABOVE,
        ),
    )


def _level(height: float, palette: Palette) -> dict:
    """From the left to the right"""
    ends = {"x0": 0, "x1": 1, "xref": "x domain", "y0": height, "y1": height, "yref": "y"}
    return {"type": "line", **ends, "line": {"color": palette.faint, "dash": "dot", "width": 1.5}}


def _level_name(name: str, height: float) -> dict:
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": height, "yanchor": "top", "showarrow": False}
    return {"text": prose("figures", "race_level", name=name, height=height), **place, "font": {"size": 12}}


def _traces(cell: str, gaps: Sequence[int], values: np.ndarray, place: float, palette: Palette) -> tuple[dict, dict]:
    """The median of the networks measured so far; where there are several, a band from the worst to the best"""
    known = np.flatnonzero(np.isfinite(values).any(axis=1))
    values = values[known]
    count = np.isfinite(values).sum(axis=1)
    low, high = np.fmin.reduce(values, axis=1), np.fmax.reduce(values, axis=1)
    x, colour, name = known + place, palette.cells[cell], CELL_NAMES[cell]
    band = {
        "type": "scatter",
        "x": np.concatenate([x, x[::-1]]),
        "y": np.concatenate([high, low[::-1]]),
        "fill": "toself",
        "fillcolor": colour,
        "opacity": 0.16,
        "mode": "none",
        "hoverinfo": "skip",
        "showlegend": False,
        "name": prose("figures", "race_band", cell=name),
    }
    places = {"gap": "%{customdata[0]}", "median": "%{y:.1%}", "networks": "%{customdata[1]}"}
    ends = {"worst": "%{customdata[2]:.1%}", "best": "%{customdata[3]:.1%}"}
    line = {
        "type": "scatter",
        "x": x,
        "y": medians(values),
        "name": name,
        "mode": "lines+markers",
        "line": {"color": colour, "width": 2.5, "dash": CELL_DASHES[cell]},
        "marker": {"size": 9, "symbol": CELL_SYMBOLS[cell]},
        "customdata": np.stack([np.array(gaps)[known], count, low, high], axis=1),
        "hovertemplate": hover(prose("figures", "race_point", cell=name, **places, **ends)),
    }
    return band, line


# In words -------------------------------------------------------------------------------------------------------------


def sentence(gaps: Sequence[int], measured: Mapping[str, np.ndarray], solved: float) -> str:
    """The chart in words: the longest gap that each cell has solved so far"""
    if not any(np.isfinite(values).any() for values in measured.values()):
        return prose("figures", "race_nothing")
    longest = {cell: longest_solved(gaps, values, solved) for cell, values in measured.items()}
    cells = [
        prose("figures", "race_cell", cell=CELL_NAMES[cell], gap=gap)
        if gap
        else prose("figures", "race_cell_none", cell=CELL_NAMES[cell])
        for cell, gap in longest.items()
    ]
    return prose("figures", "race", cells=", ".join(cells))


def medians(values: np.ndarray) -> np.ndarray:
    """What counts of the networks measured so far, gap by gap; NaN where there is none. Of a gap that some solve and
    others do not, the mean would be the accuracy of none of them."""
    rows = [row[np.isfinite(row)] for row in values]
    return np.array([np.median(row) if len(row) else np.nan for row in rows])


def longest_solved(gaps: Sequence[int], values: np.ndarray, solved: float) -> int:
    """The longest gap whose median accuracy is high enough; 0 if there is none"""
    return max((gap for gap, median in zip(gaps, medians(values), strict=True) if median >= solved), default=0)


def verdict(predicted: int | None, longest: int) -> str:
    """Right or wrong"""
    if predicted is None:
        return prose("figures", "race_no_prediction", longest=_gap(longest))
    is_right = predicted == longest
    return prose("figures", "race_verdict", longest=_gap(longest), predicted=_gap(predicted), is_right=is_right)


def _gap(gap: int) -> str:
    return prose("figures", "race_gap", gap=gap) if gap else prose("figures", "race_no_gap")


def place(cell: str, gap: int) -> str:
    return prose("figures", "race_place", cell=CELL_NAMES[cell], gap=gap)
