"""Rows of numbers as coloured cells: states one below the other, or the size of one gradient on its way back."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import HIGH, LOW, Palette


def states(rows: np.ndarray, names: Sequence[str], scale: float, palette: Palette) -> go.Figure:
    """Hidden values (R, n_a), violet below zero and green above; `scale` is the |value| that gets the full colour"""
    colours = [(0, palette.negative), (0.5, palette.background), (1, palette.positive)]
    hover = "unit %{x}<br>%{y}: %{z:.6f}<extra></extra>"
    fig = _strip(rows, np.arange(1, rows.shape[1] + 1), names, (-scale, scale), colours, palette)
    fig.update_traces(hovertemplate=hover)
    fig.update_xaxes(title={"text": "unit", "standoff": 4}, nticks=17 if rows.shape[1] <= 32 else 9)
    return fig


def way_back(norms: np.ndarray, words: Sequence[str], palette: Palette) -> go.Figure:
    """‖∂ℒ⟨T⟩/∂state⟨k⟩‖ (T,) on the absolute scale of all gradients"""
    T, names = len(words), [theme.clip_word(word, 12) for word in words]
    with np.errstate(divide="ignore"):
        logs = np.clip(np.log10(norms), LOW, HIGH)
    colours = theme.gradient_scale(palette)
    fig = _strip(logs[None], np.arange(1, T + 1), [""], (LOW, HIGH), colours, palette)
    fig.update_traces(
        customdata=np.dstack([norms[None].astype(object), np.array(names, dtype=object)[None]]),
        hovertemplate="%{customdata[1]} (k = %{x})<br>%{customdata[0]:.3e}<extra></extra>",
        text=[[_power(norm) for norm in norms]] if T <= 9 else None,
        texttemplate="%{text}" if T <= 9 else None,
    )
    every = -(-T // 16)
    fig.update_xaxes(tickvals=np.arange(1, T + 1)[::every], ticktext=names[::every], side="bottom")
    return fig


def _power(norm: float) -> str:
    return f"{norm:.0e}".replace("e-0", "e-")


def _strip(values, x, names, limits, colours, palette: Palette) -> go.Figure:
    fig = theme.figure(palette, height=62 + 40 * len(names))
    fig.add_heatmap(z=values, x=x, y=list(names), zmin=limits[0], zmax=limits[1], colorscale=colours,
                    xgap=2, ygap=4, showscale=False)  # fmt: skip
    fig.update_xaxes(showgrid=False)
    fig.update_yaxes(showgrid=False, autorange="reversed")
    return fig
