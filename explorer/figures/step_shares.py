"""What each step adds to the gradient of one weight matrix: equation (4), as bars."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.formatting import clip_word, quoted, three_digits
from explorer.theme import Palette


def figure(words: Sequence[str], norms: np.ndarray, step: int, palette: Palette) -> go.Figure:
    """Bars of ‖∂ℒ/∂W|(t)‖ (T,); the selected step is drawn in full, the others fainter"""
    T = len(words)
    fig = theme.figure(palette, height=230, uniformtext={"mode": "show", "minsize": 11})
    fig.add_bar(
        x=np.arange(1, T + 1),
        y=norms,
        text=[f"{norm:.2g}" if norm > 0.03 * norms.max() else "" for norm in norms] if T <= 14 else None,
        textposition="outside",
        textfont={"size": 12},
        cliponaxis=False,
        marker={"color": palette.backward, "opacity": [1.0 if t == step else 0.5 for t in range(1, T + 1)]},
        customdata=[clip_word(word) for word in words],
        hovertemplate="step %{x}, %{customdata}<br>‖∂ℒ/∂W at this step‖ = %{y:.4g}<extra></extra>",
    )
    fig.update_xaxes(tickvals=np.arange(1, T + 1), ticktext=[clip_word(word, 12) for word in words], showgrid=False)
    fig.update_yaxes(rangemode="tozero", nticks=5)
    return fig


def sentence(words: Sequence[str], norms: np.ndarray, weight: str) -> str:
    """The chart in words"""
    if not np.isfinite(norms).all():
        return f"Some shares of the gradient of {weight} are not finite."
    most, least = int(np.argmax(norms)), int(np.argmin(norms))
    if norms[most] == 0:
        return f"No step adds anything to the gradient of {weight}."
    if len(words) == 1:
        return f"The only share of the gradient of {weight} has a norm of {three_digits(norms[0])}."
    largest = f"{quoted(words[most])} (step {most + 1}), of norm {three_digits(norms[most])}"
    smallest = f"{quoted(words[least])} (step {least + 1}), of norm {three_digits(norms[least])}"
    return f"The largest share of the gradient of {weight} comes from {largest}; the smallest from {smallest}."
