"""What training has brought so far: the loss per example, and the score on examples it never sees."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.figures.base import shown
from explorer.formatting import three_digits
from explorer.theme import Palette

ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # epochs from one mark to the next
MOST_MARKS = 6
QUIET = {"zeroline": False, "automargin": True, "fixedrange": True}  # as theme.figure has it for the first axis

Numbers = Sequence[float | None]


def figure(
    epochs: Sequence[int],
    losses: Numbers,
    scores: Numbers,
    measure: str,
    baseline: float | None,
    less_is_better: bool,
    palette: Palette,
) -> go.Figure:
    """All of one length, which may be 0; a score may be missing, and so may the baseline"""
    fig = theme.figure(palette, height=300)
    score = f"held-out {shown(measure)}{', lower is better' if less_is_better else ''}"
    dashed = "" if baseline is None else f"<br>dashed: baseline {three_digits(baseline)}"
    notes = _panel(fig, "y", "loss per example, in training", epochs, losses, {"color": palette.forward})
    notes += _panel(fig, "y2", score + dashed, epochs, scores, {"color": palette.positive, "symbol": "diamond"})
    first, last = (min(epochs), max(epochs)) if len(epochs) else (0, 0)
    span = [first - 0.02 * (last - first), last] if first < last else [first - 1, first + 1]
    if baseline is not None:
        fig.add_scatter(x=span, y=[baseline] * 2, mode="lines", yaxis="y2", hoverinfo="skip",
                        line={"color": palette.text, "width": 1.5, "dash": "dash"})  # fmt: skip
    every = next((step for step in ROUND if MOST_MARKS * step >= last - first), ROUND[-1])
    seen = {"showticklabels": bool(len(epochs))}
    height = {"rangemode": "tozero", "nticks": 4, "showgrid": bool(len(epochs)), **seen}
    title = {"text": "epochs", "standoff": 6, "font": {"size": 13}}
    fig.update_layout(
        xaxis={"anchor": "y2", "range": span, "showgrid": False, "tick0": 0, "dtick": every, "title": title, **seen},
        yaxis={"domain": [0.62, 1], **height},
        yaxis2={"domain": [0, 0.4], **height, **QUIET, "gridcolor": palette.line},
        annotations=notes,
        margin={"t": 24, "r": 64},
    )
    return fig


def _panel(fig: go.Figure, axis: str, title: str, epochs: Sequence[int], values: Numbers, mark: dict) -> list[dict]:
    """One curve; its name stands above, its last number at its end"""
    known = np.array(values, dtype=float)
    known[~np.isfinite(known)] = np.nan
    fig.add_scatter(
        x=np.array(epochs, dtype=float),
        y=known,
        mode="lines+markers" if len(known) <= 30 else "lines",
        line={"color": mark["color"], "width": 2.5},
        marker={"size": 7, **mark},
        connectgaps=True,
        cliponaxis=False,
        hovertemplate="epoch %{x}: %{y:.4g}<extra></extra>",
        yaxis=axis,
    )
    inside = {"xref": "paper", "yref": f"{axis} domain", "showarrow": False}
    name = {"x": 0, "y": 1, "yshift": 3, "xanchor": "left", "yanchor": "bottom", "text": title, "align": "left"}
    notes = [inside | name | {"font": {"size": 13}}]
    measured = np.flatnonzero(np.isfinite(known))
    if not measured.size:
        return [*notes, inside | {"x": 0.5, "y": 0.5, "text": "nothing measured yet"}]
    last = measured[-1]
    end = {"x": epochs[last], "y": known[last], "yref": axis, "xanchor": "left", "xshift": 7, "showarrow": False}
    return [*notes, end | {"text": f"<b>{three_digits(known[last])}</b>", "font": {"color": mark["color"], "size": 14}}]


def sentence(
    epochs: Sequence[int],
    losses: Numbers,
    scores: Numbers,
    measure: str,
    baseline: float | None,
    less_is_better: bool,
) -> str:
    """How far the loss has come, and whether the network beats the baseline"""
    if not len(epochs):
        return "No epoch is done yet."
    told = f"In epoch {epochs[0]} the loss per example was {three_digits(losses[0])}"
    if len(epochs) > 1:
        told += f", in epoch {epochs[-1]} {three_digits(losses[-1])}"
    return f"{told}{_held_out(scores, measure, baseline, less_is_better)}."


def _held_out(scores: Numbers, measure: str, baseline: float | None, less_is_better: bool) -> str:
    known = [score for score in scores if score is not None and np.isfinite(score)]
    if not known:
        return ""
    told = f"; the held-out {measure} is {three_digits(known[-1])}"
    if baseline is None:
        return told
    gain = baseline - known[-1] if less_is_better else known[-1] - baseline
    how = "better than" if gain > 0 else "worse than" if gain < 0 else "equal to"
    return f"{told}, {how} the baseline's {three_digits(baseline)}"
