"""Where each word of the translation looks: attention α, one row for each step of the decoder."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import probability_table
from explorer.formatting import quoted, two_decimals
from explorer.theme import Palette


def figure(
    sources: Sequence[str], targets: Sequence[str], alpha: np.ndarray, selected: int | None, palette: Palette
) -> go.Figure:
    """alpha (Ty, Tx), rows sum to 1; its row `selected` is framed"""
    hover = "<b>%{row}</b> looks at <b>%{column}</b><br>α ="
    fig = probability_table.figure(
        alpha, targets, sources, np.ones(alpha.shape, dtype=bool), palette.negative, hover, palette
    )
    if selected is not None:
        frame = {"x0": 0.5, "x1": len(sources) + 0.5, "y0": selected + 0.5, "y1": selected + 1.5}
        fig.add_shape(type="rect", **frame, line={"color": palette.text, "width": 2})
    return fig


def sentence(sources: Sequence[str], targets: Sequence[str], alpha: np.ndarray) -> str:
    """The word that each word looks at most"""
    return "; ".join(_look(target, sources, row) for target, row in zip(targets, alpha, strict=True)) + "."


def _look(target: str, sources: Sequence[str], row: np.ndarray) -> str:
    if not np.isfinite(row).all():
        return f"where {quoted(target)} looks is not finite"
    most = np.flatnonzero(row == row.max())
    if len(most) > 1:
        return f"{quoted(target)} looks at {len(most)} words alike ({two_decimals(row.max())} each)"
    return f"{quoted(target)} looks most at {quoted(sources[most[0]])} ({two_decimals(row.max())})"
