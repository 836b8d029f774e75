"""What every word is, and how sure the network is of it: the probabilities of all classes, word by word."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import probability_table
from explorer.formatting import quoted, two_decimals
from explorer.theme import Palette


def figure(words: Sequence[str], classes: Sequence[str], y_hat: np.ndarray, palette: Palette) -> go.Figure:
    """y_hat (T, n): words across, classes down; the number is that of the most probable class"""
    p = y_hat.T
    told = (np.arange(len(classes))[:, None] == _best(y_hat)) | ~np.isfinite(p)
    return probability_table.figure(
        p, classes, words, told, palette.forward, "P(<b>%{column}</b> is %{row}) =", palette
    )


def _best(y_hat: np.ndarray) -> np.ndarray:
    """(T,), and no class at all (−1) where the numbers are not finite"""
    return np.where(np.isfinite(y_hat).all(axis=1), y_hat.argmax(axis=1), -1)


def sentence(words: Sequence[str], classes: Sequence[str], y_hat: np.ndarray) -> str:
    """The most probable class of every word"""
    parts = [
        f"{quoted(word)} {classes[best]} ({two_decimals(row[best])})" if best >= 0 else f"{quoted(word)} not finite"
        for word, row, best in zip(words, y_hat, _best(y_hat), strict=True)
    ]
    return f"The most probable class of each word: {', '.join(parts)}."
