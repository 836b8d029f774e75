"""A credit matrix: a colour for every error at every step it reaches, on one absolute scale for all of them.

What is sent are hundredths of a power of ten in 16 bits, of the rows only what an error can reach, and deflated.
"""

import base64
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from explorer.components.base import component
from explorer.theme import HIGH, LOW, Palette

NOTHING, BEYOND = -(2**15), 2**15 - 1  # in the place of a number: no error is left, and it is not finite
_matrix = component("matrix")
_scale = component("matrix_scale")
Place = tuple[int, int]  # (s, k), from 1


def show(
    key: str,
    log_norms: np.ndarray,
    told: str,
    palette: Palette,
    chosen: Place | None = None,
    on_choose: Callable[[int, int], None] | None = None,
) -> None:
    """log10 of the norms (T, T), at [s − 1, k − 1], NaN where nothing can arrive; the chosen (s, k) is framed. A click
    chooses an entry, where `on_choose` is given."""

    def choose() -> None:
        if on_choose and (place := placed(st.session_state[key].get("entry"), len(log_norms))):
            on_choose(*place)

    data = payload(log_norms, told, palette, chosen) | {"is_chosen_from": on_choose is not None}
    _matrix(key=key, data=data, on_entry_change=choose)


def placed(sent: Any, T: int) -> Place | None:
    """An entry of the matrix, whatever a browser sends"""
    if not isinstance(sent, Sequence) or len(sent) != 2 or not all(type(one) is int for one in sent):
        return None
    s, k = sent
    return (s, k) if 1 <= k <= s <= T else None


def payload(log_norms: np.ndarray, told: str, palette: Palette, chosen: Place | None) -> dict[str, Any]:
    return {
        "steps": len(log_norms),
        "entries": base64.b64encode(zlib.compress(packed(log_norms).tobytes())).decode("ascii"),
        "chosen": chosen and list(chosen),
        "told": told,
        "scale": _colours(palette),
    }


def packed(log_norms: np.ndarray) -> np.ndarray:
    """(T, T) -> the rows one after the other, of row s the first s steps, in hundredths: (T (T + 1) / 2,)"""
    reached = log_norms[np.tri(len(log_norms), dtype=bool)]
    hundredths = np.where(np.isfinite(reached), np.round(100 * reached), NOTHING)
    return np.where(np.isposinf(reached), BEYOND, hundredths).astype("<i2")


def scale(key: str, told: str, palette: Palette) -> None:
    """The one colour scale that all matrices share"""
    _scale(key=key, data={**_colours(palette), "told": told})


def _colours(palette: Palette) -> dict[str, Any]:
    return {"low": LOW, "high": HIGH, "colours": list(palette.gradient)}
