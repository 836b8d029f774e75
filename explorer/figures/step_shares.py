"""What each step adds to the gradient of one weight matrix: equation (4), as bars."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout, short_ticks, title
from explorer.formatting import clip_word, quoted, three_digits
from explorer.prose import prose, signed
from explorer.theme import Palette

MOST_NUMBERED = 14  # bars: above more of them there is no room for a number


def figure(words: Sequence[str], norms: np.ndarray, step: int, palette: Palette) -> go.Figure:
    """Bars of ‖∂ℒ/∂W|(t)‖ (T,); the selected step is drawn in full, the others fainter"""
    T = len(words)
    places = {"step": "%{x}", "word": "%{customdata}", "norm": "%{y:.4g}"}
    bars = {
        "type": "bar",
        "x": np.arange(1, T + 1),
        "y": norms,
        "textposition": "outside",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "marker": {"color": palette.backward, "opacity": [1.0 if t == step else 0.5 for t in range(1, T + 1)]},
        "customdata": [clip_word(word) for word in words],
        "hovertemplate": hover(prose("figures", "shares_bar", **places)),
    }
    if T <= MOST_NUMBERED:
        bars["text"] = [signed(f"{norm:.2g}") if norm > 0.03 * norms.max() else "" for norm in norms]
    return base.draw(
        [bars],
        layout(
            palette,
            height=230,
            uniformtext={"mode": "show", "minsize": 11},
            xaxis=axis(palette, **short_ticks(words, T), title=title("steps_axis"), showgrid=False),
            yaxis=axis(palette, title=title("shares_axis"), rangemode="tozero", nticks=5),
        ),
    )


def sentence(words: Sequence[str], norms: np.ndarray, weight: str) -> str:
    """The chart in words"""
    if not np.isfinite(norms).all():
        return prose("figures", "shares_not_finite", weight=weight)
    most, least = int(np.argmax(norms)), int(np.argmin(norms))
    if norms[most] == 0:
        return prose("figures", "shares_zero", weight=weight)
    if len(words) == 1:
        return prose("figures", "shares_one", weight=weight, norm=three_digits(norms[0]))
    largest = {"word": quoted(words[most]), "step": most + 1, "norm": three_digits(norms[most])}
    smallest = {"last": quoted(words[least]), "last_step": least + 1, "last_norm": three_digits(norms[least])}
    return prose("figures", "shares", weight=weight, **largest, **smallest)
