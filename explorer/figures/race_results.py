"""The memory race: accuracy on fresh sequences against the gap, a curve and a band for every cell."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.formatting import three_digits
from explorer.theme import CELL_DASHES, CELL_NAMES, CELL_SYMBOLS, Palette

APART = 0.05  # at a gap the cells stand side by side: several at 100 % would hide each other


def figure(
    gaps: Sequence[int], measured: Mapping[str, np.ndarray], levels: Mapping[str, float], palette: Palette
) -> go.Figure:
    """measured: of every cell (gaps, networks), NaN where nothing is known yet; levels: horizontal lines, by name"""
    fig = theme.figure(palette, height=370)
    for name, height in levels.items():
        _level(fig, name, height, palette)
    places = {cell: (i - (len(measured) - 1) / 2) * APART for i, cell in enumerate(measured)}
    for cell, values in measured.items():
        _cell(fig, cell, gaps, values, places[cell], palette)
    ticks = {"tickvals": np.arange(len(gaps)), "ticktext": [f"gap {gap}" for gap in gaps]}
    fig.update_xaxes(**ticks, range=[-0.25, len(gaps) - 0.75], showgrid=False)
    fig.update_yaxes(range=[-0.02, 1.05], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return fig


def _level(fig: go.Figure, name: str, height: float, palette: Palette) -> None:
    fig.add_hline(y=height, line={"color": palette.faint, "dash": "dot", "width": 1.5})
    fig.add_annotation(
        x=0, xref="paper", xanchor="left", y=height, yanchor="top", text=f"{name} {height:.0%}", showarrow=False,
        font={"size": 12},
    )  # fmt: skip


def _cell(fig: go.Figure, cell: str, gaps: Sequence[int], values: np.ndarray, place: float, palette: Palette) -> None:
    """The mean over the networks measured so far; where there are several, a band from the worst to the best"""
    known = np.flatnonzero(np.isfinite(values).any(axis=1))
    values = values[known]
    mean, count = means(values), np.isfinite(values).sum(axis=1)
    low, high = np.fmin.reduce(values, axis=1), np.fmax.reduce(values, axis=1)
    x, colour = known + place, palette.cells[cell]
    fig.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor=colour,
        opacity=0.16,
        mode="none",
        hoverinfo="skip",
        showlegend=False,
        name=f"{CELL_NAMES[cell]}, from the worst to the best",
    )
    fig.add_scatter(
        x=x,
        y=mean,
        name=CELL_NAMES[cell],
        mode="lines+markers",
        line={"color": colour, "width": 2.5, "dash": CELL_DASHES[cell]},
        marker={"size": 9, "symbol": CELL_SYMBOLS[cell]},
        customdata=np.stack([np.array(gaps)[known], count, low, high], axis=1),
        hovertemplate=f"<b>{CELL_NAMES[cell]}</b>, gap %{{customdata[0]}}: %{{y:.1%}}, mean of %{{customdata[1]}}"
        "<br>worst %{customdata[2]:.1%}, best %{customdata[3]:.1%}<extra></extra>",
    )


# In words -------------------------------------------------------------------------------------------------------------


def sentence(gaps: Sequence[int], measured: Mapping[str, np.ndarray], solved: float) -> str:
    """The chart in words: the longest gap that each cell has solved so far"""
    if not any(np.isfinite(values).any() for values in measured.values()):
        return "Nothing has been measured yet."
    longest = {cell: longest_solved(gaps, values, solved) for cell, values in measured.items()}
    parts = [f"{CELL_NAMES[cell]} {gap or 'none'}" for cell, gap in longest.items()]
    return f"The longest gap solved so far: {', '.join(parts)}."


def means(values: np.ndarray) -> np.ndarray:
    """The mean accuracy at every gap over the networks measured so far; NaN where there is none"""
    known = np.isfinite(values)
    counts = known.sum(axis=1)
    return np.divide(np.where(known, values, 0).sum(axis=1), counts, out=np.full(len(values), np.nan), where=counts > 0)


def longest_solved(gaps: Sequence[int], values: np.ndarray, solved: float) -> int:
    """The longest gap whose mean accuracy is high enough; 0 if there is none"""
    return max((gap for gap, mean in zip(gaps, means(values), strict=True) if mean >= solved), default=0)


def verdict(predicted: int | None, longest: int) -> str:
    """Right or wrong"""
    name = lambda gap: f"gap {gap}" if gap else "no gap"  # noqa: E731
    if predicted is None:
        return f"solved {name(longest)}; you made no prediction"
    return f"solved {name(longest)}; you said {name(predicted)}: **{'right' if predicted == longest else 'wrong'}**"


class Point(NamedTuple):
    """One cell at one gap"""

    reach: float  # how much of the error got back before training
    cell: str
    gap: int

    @property
    def name(self) -> str:
        return f"{CELL_NAMES[self.cell]} at gap {self.gap}"


def decided(
    gaps: Sequence[int], measured: Mapping[str, np.ndarray], reach: Mapping[str, Sequence[float]], solved: float
) -> str:
    """Did the gradient before training tell who would solve what? The two points that say it most clearly"""
    yes, no = [], []
    for cell, values in measured.items():
        for gap, mean, size in zip(gaps, means(values), reach[cell], strict=True):
            (yes if mean >= solved else no).append(Point(size, cell, gap))
    if not yes or not no:
        return f"{'Every' if yes else 'No'} gap was solved by {'every' if yes else 'any'} cell: nothing to compare."
    weakest, strongest = min(yes), max(no)
    facts = (
        f"the smallest ratio that was solved is {three_digits(weakest.reach)} ({weakest.name}), "
        f"the largest that was not is {three_digits(strongest.reach)} ({strongest.name})"
    )
    if weakest.reach > strongest.reach:
        return f"In this race the ratios before training separate solved from unsolved: {facts}."
    return f"The ratio before training does not decide alone: {facts}."


def split(gaps: Sequence[int], measured: Mapping[str, np.ndarray], solved: float) -> list[Point]:
    """Where some networks of a cell solved a gap and others did not"""
    points = [(cell, gap, row) for cell, values in measured.items() for gap, row in zip(gaps, values, strict=True)]
    return [Point(np.nan, cell, gap) for cell, gap, row in points if np.min(row) < solved <= np.max(row)]
