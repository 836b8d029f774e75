"""The eigenvalues of Waa in the complex plane, with the unit circle."""

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout
from explorer.prose import prose
from explorer.theme import CELL_NAMES, CELL_SYMBOLS, Palette


def figure(eigenvalues: dict[str, np.ndarray], palette: Palette) -> go.Figure:
    """Eigenvalues (n_a,) of the Waa of each plain cell; equal lengths on both axes, so that a circle is one"""
    circle = {"type": "circle", "x0": -1, "y0": -1, "x1": 1, "y1": 1, "layer": "below"}
    circle["line"] = {"color": palette.faint, "width": 2}
    reach = 1.12 * max([1.0, *(float(np.abs(values).max()) for values in eigenvalues.values())])
    both = {"range": [-reach, reach], "zeroline": True, "zerolinecolor": palette.line, "nticks": 5}
    both["constrain"] = "domain"
    real = {"text": prose("figures", "eigenvalues_real"), "standoff": 4}
    imaginary = {"text": prose("figures", "eigenvalues_imaginary"), "standoff": 4}
    return base.draw(
        [_points(cell, values, i, palette) for i, (cell, values) in enumerate(eigenvalues.items())],
        layout(
            palette,
            height=215,
            xaxis=axis(palette, **both, title=real),
            yaxis=axis(palette, **both, title=imaginary, scaleanchor="x"),
            shapes=[{**circle, "fillcolor": palette.faint, "opacity": 0.12}, circle],
            showlegend=len(eigenvalues) > 1,
            legend={"orientation": "h", "y": 1.12, "x": 0},
        ),
    )


def _points(cell: str, values: np.ndarray, i: int, palette: Palette) -> dict:
    """The marks of the second cell are open: where both cells have the same Waa, both marks can be seen."""
    colour, places = palette.cells[cell], {"real": "%{x:.3f}", "imaginary": "%{y:.3f}", "size": "%{customdata:.3f}"}
    return {
        "type": "scatter",
        "x": values.real.astype(np.float32),
        "y": values.imag.astype(np.float32),
        "name": CELL_NAMES[cell],
        "mode": "markers",
        "marker": {
            "color": colour,
            "size": 8 + 5 * i,
            "symbol": CELL_SYMBOLS[cell] + ("-open" if i else ""),
            "line": {"width": 1.5, "color": colour},
        },
        "customdata": np.abs(values).astype(np.float32),
        "hovertemplate": hover(prose("figures", "eigenvalues_point", cell=CELL_NAMES[cell], **places)),
    }
