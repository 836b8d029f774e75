"""The Python side of the picture on Inputs: ids -> one-hot vectors -> columns of Wax, as plain data for the browser."""

from typing import Any

import numpy as np

from core.data.vocabulary import Vocabulary, one_hot
from explorer.components.base import component, float32_base64, number
from explorer.formatting import clip_word

NEAR = 2  # so many neighbours of a word's index are shown on each side

_onehot = component("onehot")


def show(words: tuple[str, ...], vocabulary: Vocabulary, Wax: np.ndarray, step: int, on_step) -> None:
    """The picture; `on_step` is called when the reader has chosen another step."""
    _onehot(key="onehot", data=payload(words, vocabulary, Wax, step), default={"t": step}, on_t_change=on_step)


@np.errstate(over="ignore", invalid="ignore")  # of an exploding network as much as there is
def payload(words: tuple[str, ...], vocabulary: Vocabulary, Wax: np.ndarray, step: int) -> dict[str, Any]:
    """What the browser draws: T words, and Wax x⟨t⟩ both ways. Wax (n_a, n_x)"""
    n_a, n_x = Wax.shape
    ids = vocabulary.encode(words)
    product = one_hot(ids, n_x) @ Wax.T  # (T, n_a): every entry multiplied, the zeros too
    picked = Wax[:, ids].T  # (T, n_a): nothing multiplied
    near = neighbours(ids, n_x)
    columns = np.unique(near)
    return {
        "words": [clip_word(word) for word in words],
        "known": [word in vocabulary for word in words],
        "ids": ids.tolist(),
        "n_x": n_x,
        "n_a": n_a,
        "product": float32_base64(product),
        "picked": float32_base64(picked),
        "equal": [np.array_equal(one, other) for one, other in zip(product, picked, strict=True)],
        "near": near.tolist(),
        "columns": columns.tolist(),
        "columns_words": [clip_word(word) for word in vocabulary.decode(columns)],
        "columns_values": float32_base64(Wax[:, columns].T),
        "scale": number(np.abs(Wax).max()),
        "selected": step,
    }


def neighbours(ids: np.ndarray, n_x: int) -> np.ndarray:
    """(T, up to 5): each index and those beside it; at either end of the dictionary the window stops there."""
    size = min(2 * NEAR + 1, n_x)
    return np.clip(ids - NEAR, 0, n_x - size)[:, None] + np.arange(size)
