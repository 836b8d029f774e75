"""One entry of the credit matrix taken apart: the factor of every step, and how their product grows or fades."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import LEGEND_ABOVE, axis, hover, layout
from explorer.prose import prose
from explorer.theme import Palette

Lines = Mapping[str, np.ndarray]


def figure(steps: np.ndarray, lines: Lines, colours: Mapping[str, str], palette: Palette) -> go.Figure:
    """Several norms (n,) in powers of ten, at the steps (n,) in time order; what is 0 or not finite is left out"""
    values = np.concatenate([log_values[np.isfinite(log_values)] for log_values in lines.values()])
    low, high = (values.min(), values.max()) if values.size else (0.0, 0.0)
    margin = max(0.15, 0.08 * (high - low))
    low, high = low - margin, high + margin
    return base.draw(
        [_line(steps, name, lines[name], colours[name], i % 3) for i, name in enumerate(lines)],
        layout(
            palette,
            height=250,
            xaxis=axis(
                palette, title={"text": prose("figures", "factors_axis"), "standoff": 4}, nticks=8, showgrid=False
            ),
            yaxis=axis(palette, range=[low, high], **_ticks(low, high)),
            showlegend=True,
            legend=LEGEND_ABOVE,
        ),
    )


def _line(steps: np.ndarray, name: str, log_values: np.ndarray, colour: str, style: int) -> dict:
    return {
        "type": "scatter",
        "x": steps.astype(np.int16),
        "y": np.where(np.isfinite(log_values), log_values, np.nan).astype(np.float32),
        "name": name,
        "mode": "lines+markers" if len(steps) <= 60 else "lines",
        "line": {"color": colour, "width": 2, "dash": ("solid", "dash", "dot")[style]},
        "marker": {"size": 6, "symbol": ("circle", "diamond", "square")[style]},
        "hovertemplate": hover(prose("figures", "factors_point", step="%{x}", line=name, power="%{y:.2f}")),
    }


def _ticks(low: float, high: float) -> dict:
    """Plain numbers where all lies within a few powers of ten, else the powers"""
    if high - low <= 3:
        marks = [m * 10.0**p for p in range(int(np.floor(low)), int(np.ceil(high)) + 1) for m in (1, 2, 5)]
        marks = [mark for mark in marks if low <= np.log10(mark) <= high]
        return {"tickvals": np.log10(marks).tolist(), "ticktext": [f"{mark:g}" for mark in marks]}
    powers = range(int(np.ceil(low)), int(np.floor(high)) + 1)
    some = list(powers)[:: max(1, -(-len(powers) // 6))]
    return {"tickvals": some, "ticktext": [f"10<sup>{power}</sup>" for power in some]}
