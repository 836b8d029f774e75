"""One entry of the credit matrix taken apart: the factor of every step, and how their product grows or fades."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import Palette

Lines = Mapping[str, np.ndarray]


def figure(steps: np.ndarray, lines: Lines, colours: Mapping[str, str], palette: Palette) -> go.Figure:
    """Several norms (n,) in powers of ten, at the steps (n,) in time order; what is 0 or not finite is left out"""
    fig = theme.figure(palette, height=250)
    for i, (name, log_values) in enumerate(lines.items()):
        fig.add_scatter(
            x=steps.astype(np.int16),
            y=np.where(np.isfinite(log_values), log_values, np.nan).astype(np.float32),
            name=name,
            mode="lines+markers" if len(steps) <= 60 else "lines",
            line={"color": colours[name], "width": 2, "dash": ("solid", "dash", "dot")[i % 3]},
            marker={"size": 6, "symbol": ("circle", "diamond", "square")[i % 3]},
            hovertemplate=f"step %{{x}}<br>{name} = 10<sup>%{{y:.2f}}</sup><extra></extra>",
        )
    values = np.concatenate([log_values[np.isfinite(log_values)] for log_values in lines.values()])
    low, high = (values.min(), values.max()) if values.size else (0.0, 0.0)
    margin = max(0.15, 0.08 * (high - low))
    fig.update_yaxes(range=[low - margin, high + margin], **_ticks(low - margin, high + margin))
    fig.update_xaxes(title={"text": "step", "standoff": 4}, nticks=8, showgrid=False)
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return fig


def _ticks(low: float, high: float) -> dict:
    """Plain numbers where all lies within a few powers of ten, else the powers"""
    if high - low <= 3:
        marks = [m * 10.0**p for p in range(int(np.floor(low)), int(np.ceil(high)) + 1) for m in (1, 2, 5)]
        marks = [mark for mark in marks if low <= np.log10(mark) <= high]
        return {"tickvals": np.log10(marks).tolist(), "ticktext": [f"{mark:g}" for mark in marks]}
    powers = range(int(np.ceil(low)), int(np.floor(high)) + 1)
    kept = list(powers)[:: max(1, -(-len(powers) // 6))]
    return {"tickvals": kept, "ticktext": [f"10<sup>{power}</sup>" for power in kept]}
