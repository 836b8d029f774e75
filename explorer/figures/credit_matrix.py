"""The credit matrix of one cell: the gradient of every loss at every earlier step, on one absolute log scale."""

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import HIGH, LOW, Palette

MOST_MARKS = 40  # places along one side that can be clicked; a longer sequence has one for every few cells
SIZE = "‖∂ℒ⟨%{y}⟩/∂state⟨%{x}⟩‖ = 10<sup>%{customdata:.2f}</sup><extra></extra>"
HOVER = f"loss at step %{{y}}, state at step %{{x}}<br>{SIZE}"


def figure(log_norms: np.ndarray, chosen: tuple[int, int] | None, palette: Palette) -> go.Figure:
    """log10 of the norms (T, T), at [s − 1, k − 1], NaN where nothing can arrive; the chosen (s, k) is framed.

    What is below the scale (0, too) or above it (not finite, too) gets the colour of that end.
    """
    T = len(log_norms)
    steps = np.arange(1, T + 1, dtype=np.int16)
    fig = theme.figure(palette, height=250)
    fig.add_heatmap(
        z=np.clip(log_norms, LOW, HIGH).astype(np.float32),
        x=steps,
        y=steps,
        zmin=LOW,
        zmax=HIGH,
        colorscale=theme.gradient_scale(palette),
        showscale=False,
        xgap=gap(T),
        ygap=gap(T),
        customdata=log_norms.astype(np.float32),
        hovertemplate=HOVER,
        hoverongaps=False,
    )
    _add_marks(fig, log_norms)
    if chosen:
        s, k = chosen
        half = max(0.5, T / 60)  # never smaller than the eye can find
        frame = {"x0": k - half, "x1": k + half, "y0": s - half, "y1": s + half}
        fig.add_shape(type="rect", **frame, line={"color": palette.text, "width": 2.5})
    ticks = {"tickvals": [1, *range(round_step(T), T + 1, round_step(T))], "showgrid": False}
    fig.update_xaxes(**ticks, range=[0.5, T + 0.5], title={"text": "k", "standoff": 8})
    fig.update_yaxes(**ticks, range=[T + 0.5, 0.5], title={"text": "s", "standoff": 10})
    fig.update_layout(clickmode="event", margin={"l": 0, "r": 0, "t": 4, "b": 0})
    return fig


def _add_marks(fig: go.Figure, log_norms: np.ndarray) -> None:
    """A heatmap never says which cell was clicked; invisible points on its cells do."""
    T = len(log_norms)
    every = -(-T // MOST_MARKS)
    s, k = np.nonzero(~np.isnan(log_norms))
    kept = ((T - 1 - s) % every == 0) & (k % every == 0)
    s, k = s[kept], k[kept]
    unseen = {"marker": {"opacity": 0}}
    fig.add_scatter(
        x=(k + 1).astype(np.int16),
        y=(s + 1).astype(np.int16),
        mode="markers",
        marker={"opacity": 0, "size": 8},
        selected=unseen,
        unselected=unseen,
        customdata=log_norms[s, k].astype(np.float32),
        hovertemplate=HOVER,
        hoverlabel={"bgcolor": "rgba(60,60,60,0.95)", "font": {"color": "white"}},
    )


def gap(T: int) -> float:
    """Between two cells, in pixels: none where it would eat the colour"""
    return 1 if T <= 60 else 0


def round_step(T: int) -> int:
    """1, 2, 3, 5, 10, 20 or 50: the smallest that needs no more than four labels besides the 1"""
    return next(step for step in (1, 2, 3, 5, 10, 20, 50) if 4 * step >= T)


def scale(palette: Palette) -> go.Figure:
    """The one colour scale that all four matrices share"""
    fig = theme.figure(palette, height=58)
    powers = np.linspace(LOW, HIGH, 181, dtype=np.float32)
    fig.add_heatmap(
        z=powers[None, :], x=powers, zmin=LOW, zmax=HIGH, colorscale=theme.gradient_scale(palette), showscale=False,
        hoverinfo="skip",
    )  # fmt: skip
    names = [f"10<sup>{power}</sup>" for power in range(LOW, HIGH + 1)]
    names[0], names[-1] = f"≤ {names[0]}", f"≥ {names[-1]}"
    fig.update_xaxes(tickvals=list(range(LOW, HIGH + 1)), ticktext=names, showgrid=False)
    fig.update_yaxes(visible=False)
    fig.update_layout(margin={"l": 24, "r": 24, "t": 0, "b": 34})
    return fig
