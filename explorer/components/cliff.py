"""The cliff from above and from the side. The browser draws the ground from its formula; what is sent are the paths."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.experiments.cliff import START, STEPS, TARGET, fixed_line
from explorer.components.base import component

KEY = "cliff_pictures"
_pictures = component("cliff")


class Path(NamedTuple):
    """A ball's way: its places, the loss there, and the gradient there, before clipping and as used"""

    w: np.ndarray  # (n+1,)
    b: np.ndarray
    loss: np.ndarray
    norm: np.ndarray
    used: np.ndarray
    broke: bool = False  # the next step would not have been finite


Paths = Mapping[str, Path]  # by name: without clipping, with clipping
Range = tuple[float, float]


def show(w: Range, b: Range, paths: Paths, told: str, on_place: Callable[[float, float], None]) -> None:
    """The part of the plane from w and b; `on_place` is called with the place where the reader puts the ball."""

    def place() -> None:
        if at := placed(st.session_state[KEY].get("place"), w, b):
            on_place(*at)

    _pictures(key=KEY, data=payload(w, b, paths, told), on_place_change=place)


def placed(sent: Any, w: Range, b: Range) -> tuple[float, float] | None:
    """A place in the picture, in hundredths as the sliders have them, whatever a browser sends"""
    if not isinstance(sent, Sequence) or len(sent) != 2 or not all(isinstance(one, int | float) for one in sent):
        return None
    inside = all(low <= one <= high for one, (low, high) in zip(sent, (w, b), strict=True))
    return (round(float(sent[0]), 2), round(float(sent[1]), 2)) if inside else None


def payload(w: Range, b: Range, paths: Paths, told: str) -> dict[str, Any]:
    height = float(fixed_line(0.0))
    return {
        "network": {"start": START, "steps": STEPS, "target": TARGET},
        "w": list(w),
        "b": list(b),
        "line": {"slope": float(fixed_line(1.0)) - height, "height": height},
        "paths": [{"name": name, "w": path.w.tolist(), "b": path.b.tolist()} for name, path in paths.items()],
        "told": told,
    }
