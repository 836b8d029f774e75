"""The Python side of the animated stage: a look at the network -> plain data for the browser; the chosen step -> back.

Two components share the data and stand side by side: the stage draws all steps, the inspector shows one of them with
its numbers. They follow each other inside the browser; only a step the reader chose comes back to Python.
"""

import base64
import inspect
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.cells import CELLS, Cell
from explorer import lab
from explorer.lab import Look
from explorer.terms import terms
from explorer.theme import clip_word

ASSETS = Path(__file__).resolve().parents[1] / "assets" / "stage"


def _component(name: str, *scripts: str):
    """The scripts of a component are parts of one module, so they share their names."""
    css, *js = ((ASSETS / file).read_text(encoding="utf-8") for file in (f"{name}.css", *scripts))
    return st.components.v2.component(name, css=css, js="\n".join(js))


_stage = _component("stage", "stage.js")
_inspector = _component("inspector", "inspector-views.js", "inspector.js")


def show(look: Look, step: int, update: dict | None, on_step) -> None:
    """The stage; `on_step` is called when the reader has chosen another step."""
    _stage(key="stage", data=checked(stage_data(look, step, update)), default={"t": step}, on_t_change=on_step)


def show_inspector(look: Look, step: int) -> None:
    _inspector(key="inspector", data=checked(inspector_data(look, step)))


@np.errstate(over="ignore", invalid="ignore")  # of an exploding network as much as there is
def stage_data(look: Look, step: int, update: dict | None = None) -> dict[str, Any]:
    """What the stage draws. Numbers that a reader or a test may read keep full precision; colours need only float32.

    The stream from step t+1 is that of the whole state, and so is the sum, `grad`: of the LSTM both count c⟨t⟩ as well
    as a⟨t⟩ (`state` says so), for what comes back along the memory is not in ∂ℒ/∂a⟨t⟩.
    """
    trace, loss, back, task = look.trace, look.loss, look.back, lab.task()
    return {
        "words": [clip_word(word) for word in look.words],
        "known": [word in task.vocabulary for word in look.words],
        "ids": trace.x[:, 0].tolist(),
        "n_x": len(task.vocabulary),
        "n_a": trace.a.shape[-1],
        "state": "a" if trace.a.shape == trace.state.shape else "(a,c)",
        "a": packed(trace.a),
        "scale": colour_scale(look),
        "y_hat": numbers(loss.y_hat[:, 0, 0]),
        "targets": look.targets[:, 0].tolist(),
        "guessed": [bool(g == y) for g, y in zip(task.guess(look.words), look.targets[:, 0], strict=True)],
        "loss": numbers(loss.per_step[:, 0]),
        "total": number(loss.total),
        "from_y": norms(back.from_y),
        "from_next": norms(back.carried[1:]),
        "grad": norms(back.d_state[1:]),
        "selected": step,
        "update": update,
    }


@np.errstate(over="ignore", invalid="ignore")
def inspector_data(look: Look, step: int) -> dict[str, Any]:
    """The stage's data and every term of equations (1), (2) and (4), step by step"""
    trace = look.trace
    return stage_data(look, step) | {
        "activation": next(name for name, cell in CELLS.items() if cell == trace.cell),
        "logit": numbers(trace.logits[:, 0, 0]),
        "share_waa": numbers(look.shares["Waa"]),
        "total_waa": number(np.linalg.norm(look.back.grads["rnn"].Waa)),
        "code": {way: sources(trace.cell, names) for way, names in RAN.items()},
        **{name: packed(row) for name, row in terms(look).items()},
    }


RAN = {"forward": ("gates", "step"), "backward": ("slopes", "step_back")}  # the plain cell has no gates


@cache
def sources(cell: Cell, names: tuple[str, ...]) -> dict[str, str]:
    """The code of these functions of a cell, as it stands in its file"""
    functions = [function for name in names if (function := getattr(type(cell), name, None))]
    source = "\n\n".join(inspect.cleandoc("\n" + inspect.getsource(function)) for function in functions)
    return {"title": "core/cells.py", "source": source}


def colour_scale(look: Look) -> float:
    """The |value| drawn in full colour: 1 where tanh lets no a⟨t⟩ go further; for ReLU the largest finite one"""
    if look.trace.cell != CELLS["relu"]:
        return 1.0
    a = look.trace.a
    return float(np.max(np.abs(a), initial=1e-9, where=np.isfinite(a)))


def packed(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4")).decode("ascii")


def numbers(array: np.ndarray) -> list[float | None]:
    return [number(value) for value in array.tolist()]


def number(value: float) -> float | None:
    """The browser's JSON knows no infinity: what is not finite becomes null, and is drawn as a dash."""
    return float(value) if np.isfinite(value) else None


def norms(vectors: np.ndarray) -> list[float | None]:
    """(T, 1, n) -> T norms"""
    return numbers(np.linalg.norm(vectors[:, 0], axis=-1))


def checked(data: dict[str, Any]) -> dict[str, Any]:
    """One value that JSON does not know would turn the whole payload into text: better to fail here."""
    json.dumps(data, allow_nan=False)
    return data
