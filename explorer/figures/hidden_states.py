"""States one below the other: whether they are equal is seen at a glance."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout
from explorer.prose import prose
from explorer.theme import Palette


def figure(states: np.ndarray, names: Sequence[str], scale: float, palette: Palette) -> go.Figure:
    """Rows of hidden values (R, n_a), violet below 0 and green above; `scale` is the |value| with the full colour"""
    cells = {
        "type": "heatmap",
        "z": states,
        "x": np.arange(states.shape[1]),  # as Explore counts them
        "y": list(names),
        "zmin": -scale,
        "zmax": scale,
        "colorscale": [(0, palette.negative), (0.5, palette.background), (1, palette.positive)],
        "showscale": False,
        "xgap": 2,
        "ygap": 4,
        "hovertemplate": hover(prose("figures", "states_cell", row="%{y}", unit="%{x}", value="%{z:.6f}")),
    }
    title = {"text": prose("figures", "states_axis"), "standoff": 4}
    return base.draw(
        [cells],
        layout(
            palette,
            height=64 + 40 * len(names),
            xaxis=axis(palette, title=title, showgrid=False, nticks=9),
            yaxis=axis(palette, showgrid=False, autorange="reversed"),
        ),
    )
