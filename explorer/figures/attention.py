"""Where each word of the translation looks: attention α, one row for each step of the decoder."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import probability_table
from explorer.figures.probability_table import PLACES
from explorer.formatting import quoted, two_decimals
from explorer.prose import prose
from explorer.theme import Palette


def figure(
    sources: Sequence[str], targets: Sequence[str], alpha: np.ndarray, selected: int | None, palette: Palette
) -> go.Figure:
    """α (Ty, Tx), whose rows sum to 1; the row `selected` is framed"""
    frame = []
    if selected is not None:
        box = {"x0": 0.5, "x1": len(sources) + 0.5, "y0": selected + 0.5, "y1": selected + 1.5}
        frame = [{"type": "rect", **box, "line": {"color": palette.text, "width": 2}}]
    return probability_table.figure(
        alpha,
        targets,
        sources,
        np.ones(alpha.shape, dtype=bool),
        palette.negative,
        prose("figures", "attention_cell", **PLACES),
        palette,
        frame,
    )


def sentence(sources: Sequence[str], targets: Sequence[str], alpha: np.ndarray) -> str:
    """The word that each word looks at most"""
    looks = "; ".join(_look(target, sources, row) for target, row in zip(targets, alpha, strict=True))
    return prose("figures", "attention", looks=looks)


def _look(target: str, sources: Sequence[str], row: np.ndarray) -> str:
    if not np.isfinite(row).all():
        return prose("figures", "attention_not_finite", target=quoted(target))
    strongest = np.flatnonzero(row == row.max())
    if len(strongest) > 1:
        numbers = {"n": len(strongest), "alpha": two_decimals(row.max())}
        return prose("figures", "attention_alike", target=quoted(target), **numbers)
    source = quoted(sources[strongest[0]])
    return prose("figures", "attention_look", target=quoted(target), source=source, alpha=two_decimals(row.max()))
