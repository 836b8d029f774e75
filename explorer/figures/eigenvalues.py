"""The eigenvalues of Waa in the complex plane, with the unit circle."""

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import CELL_NAMES, CELL_SYMBOLS, Palette


def figure(eigenvalues: dict[str, np.ndarray], palette: Palette) -> go.Figure:
    """Eigenvalues (n_a,) of the Waa of each plain cell; equal lengths on both axes, so that a circle is one"""
    fig = theme.figure(palette, height=290)
    fig.add_shape(
        type="circle", x0=-1, y0=-1, x1=1, y1=1, line={"color": palette.backward, "width": 2},
        fillcolor=palette.backward, opacity=0.12, layer="below",
    )  # fmt: skip
    fig.add_shape(type="circle", x0=-1, y0=-1, x1=1, y1=1, line={"color": palette.backward, "width": 2}, layer="below")
    for i, (cell, values) in enumerate(eigenvalues.items()):
        open_mark = "" if i == 0 else "-open"  # where both cells have the same Waa, both marks can be seen
        fig.add_scatter(
            x=values.real.astype(np.float32),
            y=values.imag.astype(np.float32),
            name=CELL_NAMES[cell],
            mode="markers",
            marker={"color": palette.cells[cell], "size": 8 + 5 * i, "symbol": CELL_SYMBOLS[cell] + open_mark,
                    "line": {"width": 1.5, "color": palette.cells[cell]}},
            customdata=np.abs(values).astype(np.float32),
            hovertemplate=f"{CELL_NAMES[cell]}: λ = %{{x:.3f}} + %{{y:.3f}} i"
            "<br>|λ| = %{customdata:.3f}<extra></extra>",
        )  # fmt: skip
    reach = 1.12 * max([1.0, *(float(np.abs(values).max()) for values in eigenvalues.values())])
    fig.update_xaxes(range=[-reach, reach], zeroline=True, zerolinecolor=palette.line, nticks=5,
                     title={"text": "real part", "standoff": 4})  # fmt: skip
    fig.update_yaxes(range=[-reach, reach], zeroline=True, zerolinecolor=palette.line, nticks=5,
                     title={"text": "imaginary part", "standoff": 4}, scaleanchor="x", constrain="domain")  # fmt: skip
    fig.update_xaxes(constrain="domain")
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0})
    return fig
