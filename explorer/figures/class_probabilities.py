"""What every word is, and how sure the network is of it, in words. (It is drawn in the browser:
assets/components/exhibits.)"""

from collections.abc import Sequence

import numpy as np

from explorer.formatting import quoted, two_decimals
from explorer.prose import prose


def is_best(y_hat: np.ndarray) -> np.ndarray:
    """Of ŷ (T, n), where the most probable class of each word stands (T, n)"""
    return np.arange(y_hat.shape[1]) == _best(y_hat)[:, None]


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
