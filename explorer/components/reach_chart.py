"""The T × T chart of a sentence: how much of every error arrives at every state before it. A row sends its error."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from explorer.components.base import component, numbers
from explorer.formatting import clip_word
from explorer.theme import HIGH, LOW, Palette

_chart = component("reach_chart")


def show(
    words: Sequence[str], owners: Sequence[str], norms: np.ndarray, step: int, palette: Palette, both: bool
) -> None:
    """What the browser does with a press is told to the stage, which tells the page."""
    _chart(key="reach_chart", data=reach_data(words, owners, norms, step, palette, both))


def reach_data(
    words: Sequence[str], owners: Sequence[str], norms: np.ndarray, step: int, palette: Palette, both: bool = False
) -> dict[str, Any]:
    """words: what each column reads; owners: what the loss of each row is called after. norms (T, T), at
    [s − 1, k − 1]: row s has the s steps that its error can reach, in a network that reads in both directions all of
    them, and none where no error starts; what is not finite is null. step: whose row stands out."""
    T = len(words)
    return {
        "words": [clip_word(word) for word in words],
        "owners": [clip_word(owner) for owner in owners],
        "norms": [[] if np.isnan(row).all() else numbers(row[: T if both else s + 1]) for s, row in enumerate(norms)],
        "step": step,
        "colours": list(palette.gradient),
        "scale": [LOW, HIGH],
    }
