"""What training has brought so far: the loss per example, and the score on examples it never sees."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import MARGIN, axis, hover, layout, shown
from explorer.formatting import three_digits
from explorer.prose import prose
from explorer.theme import Palette

ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # epochs from one mark to the next
MOST_MARKS = 6

Numbers = Sequence[float | None]


def figure(
    epochs: Sequence[int],
    losses: Numbers,
    scores: Numbers,
    measure: str,
    baseline: float | None,
    less_is_better: bool,
    palette: Palette,
    kept: int | None = None,
) -> go.Figure:
    """All of one length, which may be 0; a score may be missing, and so may the baseline. kept: an epoch to mark"""
    first, last = (min(epochs), max(epochs)) if len(epochs) else (0, 0)
    span = [first - 0.02 * (last - first), last] if first < last else [first - 1, first + 1]
    loss, score = _known(losses), _known(scores)
    traces = [
        _curve("y", epochs, loss, {"color": palette.forward}),
        _curve("y2", epochs, score, {"color": palette.positive, "symbol": "diamond"}),
    ]
    if baseline is not None:
        line = {"color": palette.text, "width": 1.5, "dash": "dash"}
        flat = {"type": "scatter", "x": span, "y": [baseline] * 2, "mode": "lines", "yaxis": "y2"}
        traces.append({**flat, "hoverinfo": "skip", "line": line})
    every = next((step for step in ROUND if MOST_MARKS * step >= last - first), ROUND[-1])
    labels = {"showticklabels": bool(len(epochs))}
    height = {"rangemode": "tozero", "nticks": 4, "showgrid": bool(len(epochs)), **labels}
    is_marked = kept in [*epochs]
    name = prose("figures", "learning_axis_kept", epoch=kept) if is_marked else prose("figures", "learning_axis")
    title = {"text": name, "standoff": 6, "font": {"size": 13}}
    below = {"anchor": "y2", "range": span, "showgrid": False, "tick0": 0, "dtick": every, "title": title, **labels}
    return base.draw(
        traces,
        layout(
            palette,
            height=300,
            shapes=[_upright(kept, palette)] if is_marked else [],
            xaxis=axis(palette, **below),
            yaxis=axis(palette, domain=[0.62, 1], **height),
            yaxis2=axis(palette, domain=[0, 0.4], **height),
            annotations=[
                *_notes("y", prose("figures", "learning_loss"), epochs, loss, palette.forward),
                *_notes("y2", _score_title(measure, baseline, less_is_better), epochs, score, palette.positive),
            ],
            margin=MARGIN | {"t": 24, "r": 64},
        ),
    )


def _upright(kept: int | None, palette: Palette) -> dict:
    """A line at the epoch that is kept"""
    place = {"type": "line", "x0": kept, "x1": kept, "y0": 0, "y1": 1, "xref": "x", "yref": "paper", "layer": "below"}
    return {**place, "line": {"color": palette.text, "width": 1, "dash": "dot"}}


def _known(values: Numbers) -> np.ndarray:
    """NaN where a number is missing or not finite"""
    known = np.array(values, dtype=float)
    known[~np.isfinite(known)] = np.nan
    return known


def _score_title(measure: str, baseline: float | None, less_is_better: bool) -> str:
    score = prose("figures", "learning_score_low" if less_is_better else "learning_score", measure=shown(measure))
    if baseline is None:
        return score
    return f"{score}<br>{prose('figures', 'learning_dashed', baseline=three_digits(baseline))}"


def _curve(yaxis: str, epochs: Sequence[int], known: np.ndarray, mark: dict) -> dict:
    return {
        "type": "scatter",
        "x": np.array(epochs, dtype=float),
        "y": known,
        "mode": "lines+markers" if len(known) <= 30 else "lines",
        "line": {"color": mark["color"], "width": 2.5},
        "marker": {"size": 7, **mark},
        "connectgaps": True,
        "cliponaxis": False,
        "hovertemplate": hover(prose("figures", "learning_point", epoch="%{x}", value="%{y:.4g}")),
        "yaxis": yaxis,
    }


def _notes(yaxis: str, title: str, epochs: Sequence[int], known: np.ndarray, colour: str) -> list[dict]:
    """The name of a curve above it, and its last number at its end"""
    inside = {"xref": "paper", "yref": f"{yaxis} domain", "showarrow": False}
    place = {"x": 0, "y": 1, "yshift": 3, "xanchor": "left", "yanchor": "bottom", "align": "left"}
    name = {**inside, **place, "text": title, "font": {"size": 13}}
    measured = np.flatnonzero(np.isfinite(known))
    if not measured.size:
        return [name, {**inside, "x": 0.5, "y": 0.5, "text": prose("figures", "learning_nothing")}]
    last = measured[-1]
    end = {"x": epochs[last], "y": known[last], "yref": yaxis, "xanchor": "left", "xshift": 7, "showarrow": False}
    text = f"<b>{three_digits(known[last])}</b>"
    return [name, {**end, "text": text, "font": {"color": colour, "size": 14}}]


def sentence(
    epochs: Sequence[int],
    losses: Sequence[float],
    scores: Numbers,
    measure: str,
    baseline: float | None,
    less_is_better: bool,
) -> str:
    """How far the loss has come, and whether the network beats the baseline"""
    if not len(epochs):
        return prose("figures", "learning_no_epoch")
    begin = {"epoch": epochs[0], "loss": three_digits(losses[0])}
    told = prose("figures", "learning_begins", **begin)
    if len(epochs) > 1:
        ends = {"last": epochs[-1], "last_loss": three_digits(losses[-1])}
        told = prose("figures", "learning_begins_and_ends", **begin, **ends)
    known = [score for score in scores if score is not None and np.isfinite(score)]
    if not known:
        return prose("figures", "learning", losses=told)
    score = {"measure": measure, "score": three_digits(known[-1])}
    if baseline is None:
        return prose("figures", "learning_held_out", losses=told, **score)
    gain = baseline - known[-1] if less_is_better else known[-1] - baseline
    section = "learning_better" if gain > 0 else "learning_worse" if gain < 0 else "learning_equal"
    return prose("figures", section, losses=told, baseline=three_digits(baseline), **score)
