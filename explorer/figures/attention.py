"""Where each word of the translation looks, in words. (It is drawn in the browser: assets/components/exhibits.)"""

from collections.abc import Sequence

import numpy as np

from explorer.formatting import quoted, two_decimals
from explorer.prose import prose


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
