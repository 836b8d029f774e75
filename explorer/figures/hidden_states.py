"""States one below the other: whether they are equal is seen at a glance."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import Palette


def figure(states: np.ndarray, names: Sequence[str], scale: float, palette: Palette) -> go.Figure:
    """Rows of hidden values (R, n_a), violet below 0 and green above; `scale` is the |value| with the full colour"""
    fig = theme.figure(palette, height=64 + 40 * len(names))
    fig.add_heatmap(
        z=states,
        x=np.arange(states.shape[1]),  # as Explore counts them
        y=list(names),
        zmin=-scale,
        zmax=scale,
        colorscale=[(0, palette.negative), (0.5, palette.background), (1, palette.positive)],
        showscale=False,
        xgap=2,
        ygap=4,
        hovertemplate="%{y}<br>unit %{x}: %{z:.6f}<extra></extra>",
    )
    fig.update_xaxes(title={"text": "hidden unit", "standoff": 4}, showgrid=False, nticks=9)
    fig.update_yaxes(showgrid=False, autorange="reversed")
    return fig
