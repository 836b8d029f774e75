"""How far the error of an answer has to walk: how much of it arrives at each step."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout, short_ticks
from explorer.formatting import clip_word, quoted, three_digits
from explorer.prose import prose
from explorer.theme import HIGH, LOW, Palette


def sentence(labels: Sequence[str], curves: Mapping[str, np.ndarray]) -> str:
    """How much of the error is left at the first step"""
    if len(labels) == 1:
        return prose("figures", "error_one_step")
    parts = "; ".join(_ratio(clip_word(name), norms[0], norms[-1]) for name, norms in curves.items())
    return prose("figures", "error", first=quoted(labels[0]), last=quoted(labels[-1]), curves=parts)


def _ratio(curve: str, first: float, last: float) -> str:
    if not np.isfinite(first) or not np.isfinite(last):
        return prose("figures", "error_not_finite", curve=curve)
    if not last:
        return prose("figures", "error_zero", curve=curve)
    return prose("figures", "error_ratio", curve=curve, ratio=three_digits(first / last))


# One error, on a scale that never changes -----------------------------------------------------------------------------


def one_curve(words: Sequence[str], norms: np.ndarray, palette: Palette) -> go.Figure:
    """‖∂ℒ⟨T⟩/∂state⟨k⟩‖ (T,), the last word's error at each word, on the gradients' own scale; 0 has no place on it"""
    T = len(words)
    lowest = min(LOW, np.floor(np.log10(norms[norms > 0].min()))) if norms.any() else LOW
    places = {"step": "%{x}", "word": "%{customdata}", "norm": "%{y:.3e}"}
    curve = {
        "type": "scatter",
        "x": np.arange(1, T + 1),
        "y": np.where(norms > 0, norms, np.nan),
        "mode": "lines+markers",
        "line": {"color": palette.backward, "width": 2.5},
        "marker": {"size": 9 if T <= 20 else 5},
        "customdata": [clip_word(word) for word in words],
        "hovertemplate": hover(prose("figures", "error_point_of_one", **places)),
    }
    log_scale: dict = {"type": "log", "exponentformat": "power", "range": [lowest, HIGH]}
    if lowest == LOW:
        log_scale["dtick"] = 3
    return base.draw(
        [curve],
        layout(
            palette,
            height=230,
            xaxis=axis(palette, **short_ticks(words, 16), range=[0.5, T + 0.5]),
            yaxis=axis(palette, **log_scale),
        ),
    )
