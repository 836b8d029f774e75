"""One error on its way back: its size at every word, on a logarithmic scale that never changes."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.formatting import clip_word
from explorer.theme import HIGH, LOW, Palette


def figure(words: Sequence[str], norms: np.ndarray, palette: Palette) -> go.Figure:
    """‖∂ℒ⟨T⟩/∂state⟨k⟩‖ (T,), the last word's error at each word; a 0 has no place on such a scale"""
    T = len(words)
    fig = theme.figure(palette, height=230)
    fig.add_scatter(
        x=np.arange(1, T + 1),
        y=np.where(norms > 0, norms, np.nan),
        mode="lines+markers",
        line={"color": palette.backward, "width": 2.5},
        marker={"size": 9 if T <= 20 else 5},
        customdata=[clip_word(word) for word in words],
        hovertemplate="step %{x}, %{customdata}<br>%{y:.3e}<extra></extra>",
    )
    every = -(-T // 16)
    names = [clip_word(word, 12) for word in words]
    fig.update_xaxes(tickvals=np.arange(1, T + 1)[::every], ticktext=names[::every], range=[0.5, T + 0.5])
    low = min(LOW, np.floor(np.log10(norms[norms > 0].min()))) if norms.any() else LOW
    fig.update_yaxes(type="log", exponentformat="power", dtick=3 if low == LOW else None, range=[low, HIGH])
    return fig
