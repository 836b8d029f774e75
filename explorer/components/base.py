"""How a component is made from its files, and how arrays and numbers reach the browser."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "stage"


SCRIPTS = {
    "stage": ("parts.js", "stage-plan.js", "stage-draw.js", "stage-play.js", "stage.js"),
    "inspector": ("parts.js", "inspector-views.js", "inspector.js"),
    "onehot": ("parts.js", "onehot.js", "onehot-proof.js"),
}


def script(name: str) -> str:
    """The scripts of a component are parts of one module, so they share their names."""
    return "\n".join((ASSETS / part).read_text(encoding="utf-8") for part in SCRIPTS[name])


def component(name: str):
    return st.components.v2.component(name, css=(ASSETS / f"{name}.css").read_text(encoding="utf-8"), js=script(name))


def float32_base64(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4")).decode("ascii")


def numbers(array: np.ndarray) -> list[float | None]:
    return [number(value) for value in array.tolist()]


def number(value: float) -> float | None:
    """The browser's JSON knows no infinity: what is not finite becomes null, and is drawn as a dash."""
    return float(value) if np.isfinite(value) else None


def norms(vectors: np.ndarray) -> list[float | None]:
    """(T, 1, n) -> T norms"""
    return numbers(np.linalg.norm(vectors[:, 0], axis=-1))


def json_safe(data: dict[str, Any]) -> dict[str, Any]:
    """One value that JSON does not know would turn the whole payload into text: better to fail here."""
    json.dumps(data, allow_nan=False)
    return data
