"""What every word is, and how sure the network is of it: the probabilities of all classes, word by word."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import probability_table
from explorer.figures.probability_table import PLACES
from explorer.formatting import quoted, two_decimals
from explorer.prose import prose
from explorer.theme import Palette


def figure(words: Sequence[str], classes: Sequence[str], y_hat: np.ndarray, palette: Palette) -> go.Figure:
    """ŷ (T, n): words across, classes down; the number is that of the most probable class"""
    p = y_hat.T
    is_numbered = (np.arange(len(classes))[:, None] == _best(y_hat)) | ~np.isfinite(p)
    text = prose("figures", "classes_cell", **PLACES)
    return probability_table.figure(p, classes, words, is_numbered, palette.forward, text, palette)


def _best(y_hat: np.ndarray) -> np.ndarray:
    """(T,), and no class at all (−1) where the numbers are not finite"""
    return np.where(np.isfinite(y_hat).all(axis=1), y_hat.argmax(axis=1), -1)


def sentence(words: Sequence[str], classes: Sequence[str], y_hat: np.ndarray) -> str:
    """The most probable class of every word"""
    found = [
        prose("figures", "classes_word", word=quoted(word), name=classes[best], p=two_decimals(row[best]))
        if best >= 0
        else prose("figures", "classes_not_finite", word=quoted(word))
        for word, row, best in zip(words, y_hat, _best(y_hat), strict=True)
    ]
    return prose("figures", "classes", words=", ".join(found))
