"""Every term of a cell's equations, forward and backward, as named rows of numbers: what the inspector shows.

A row is (T, n) for steps 1 … T, (T+1, n) where it begins with step 0, or (n,) where it is the same at every step.
"""

import inspect
from contextlib import suppress
from functools import cache
from operator import attrgetter
from typing import Any

import numpy as np

from core.cells import CELLS, GRU, LSTM, Cell, VanillaRNN
from core.linalg import input_product
from explorer.components.base import component, float32_base64, json_safe, number, numbers
from explorer.components.stage import stage_data
from explorer.compute.unrolled import Unrolled

Rows = dict[str, np.ndarray]


def terms(look: Unrolled) -> Rows:
    """The rows of this look's cell; a⟨t⟩ itself is not among them: the stage has it"""
    back, n_a = look.back, look.trace.a.shape[-1]
    streams = {"stream_y": back.from_y, "stream_next": back.from_next_state[1:, :, :n_a], "d_a": back.d_a[1:]}
    rows = streams | OF_CELL[type(look.trace.cell)](look)
    return {name: row if row.ndim == 1 else row[:, 0] for name, row in rows.items()}


def _plain(look: Unrolled) -> Rows:
    """z⟨t⟩ = from_a + from_x + ba; δ⟨t⟩ = slope ⊙ ∂ℒ/∂a⟨t⟩"""
    trace, back, rnn = look.trace, look.back, look.trace.params["rnn"]
    from_a, from_x = trace.a[:-1] @ rnn.Waa.T, input_product(rnn.Wax, trace.x)
    return {"from_a": from_a, "from_x": from_x, "ba": rnn.ba, "slope": back.slopes, "delta": back.d_z}


def _gru(look: Unrolled) -> Rows:
    """Γu = σ(past_u + x_u + b_u), likewise r; c̃ = tanh(past_c + x_c + b_c);  d_past = Wccᵀ δc, which reaches Γr"""
    trace, n_a = look.trace, look.trace.a.shape[-1]
    Waa, c_prev = trace.params["rnn"].Waa, trace.a[:-1]
    gates = trace.cell.gates(trace.params["rnn"], c_prev, trace.input_term)
    past = np.concatenate([c_prev @ Waa[: 2 * n_a].T, (gates.r * c_prev) @ Waa[2 * n_a :].T], axis=-1)
    return gates._asdict() | _blocks("urc", look, past) | {"d_past": look.back.d_z[..., 2 * n_a :] @ Waa[2 * n_a :]}


def _lstm(look: Unrolled) -> Rows:
    """Γu, Γf, Γo and c̃ like those of the GRU; memory_next = Γf⟨t+1⟩ ⊙ ∂ℒ/∂c⟨t+1⟩, d_c = ∂ℒ/∂c⟨t⟩ with what a⟨t⟩ adds"""
    trace, back, n_a = look.trace, look.back, look.trace.a.shape[-1]
    rnn, a_prev, c = trace.params["rnn"], trace.a[:-1], trace.state[..., n_a:]
    gates = trace.cell.gates(rnn, a_prev, trace.input_term)
    memory_next, shows = back.from_next_state[1:, :, n_a:], gates.o * (1 - np.tanh(c[1:]) ** 2)
    memory = {"c": c, "memory_next": memory_next, "d_c": memory_next + shows * back.d_a[1:]}
    return gates._asdict() | _blocks("ufoc", look, a_prev @ rnn.Waa.T) | memory


def _blocks(letters: str, look: Unrolled, past: np.ndarray) -> Rows:
    """The three terms inside each gate, and the δ of their sum: from the stack of all gates, block by block"""
    rnn, rows = look.trace.params["rnn"], {}
    stacks = {"past": past, "x": input_product(rnn.Wax, look.trace.x), "b": rnn.ba, "delta": look.back.d_z}
    for name, stack in stacks.items():
        for letter, block in zip(letters, np.split(stack, len(letters), axis=-1), strict=True):
            rows[f"{name}_{letter}"] = block
    return rows


OF_CELL = {VanillaRNN: _plain, GRU: _gru, LSTM: _lstm}

_inspector = component("inspector")


def show_inspector(look: Unrolled, step: int, phase: str) -> None:
    _inspector(key="inspector", data=json_safe(inspector_data(look, step) | {"phase": phase}))


@np.errstate(over="ignore", invalid="ignore")
def inspector_data(look: Unrolled, step: int) -> dict[str, Any]:
    """Of the stage's data what is told of a step, and every term of equations (1), (2) and (4), step by step"""
    trace, drawn = look.trace, stage_data(look, step)
    return {name: drawn[name] for name in INSPECTOR_FIELDS} | {
        "y_hat": numbers(look.loss.y_hat[:, 0, 0]),
        "activation": next(name for name, cell in CELLS.items() if cell == trace.cell),
        "logit": numbers(trace.logits[:, 0, 0]),
        "share_waa": numbers(look.shares["Waa"]),
        "total_waa": number(np.linalg.norm(look.back.grads["rnn"].Waa)),
        "code": {way: sources(trace.cell, names) for way, names in SHOWN_FUNCTIONS.items()},
        **{name: float32_base64(row) for name, row in terms(look).items()},
    }


INSPECTOR_FIELDS = ("words", "known", "ids", "n_a", "a", "scale", "targets", "guessed", "selected")
INSPECTOR_FIELDS += ("loss", "grad", "from_y", "from_next")
SHOWN_FUNCTIONS = {"forward": ("gates", "step", "g1.g"), "backward": ("slopes", "g1.slope", "step_back")}


@cache
def sources(cell: Cell, names: tuple[str, ...]) -> dict[str, str]:
    """The code of these functions of a cell, as it stands in its files"""
    found, files = [], []
    for name in names:
        with suppress(AttributeError, TypeError):  # a cell need not have it, and np.tanh is not written in Python
            function = attrgetter(name)(cell)
            found.append(inspect.cleandoc("\n" + inspect.getsource(function)))
            files.append(f"{function.__module__.replace('.', '/')}.py")
    return {"title": ", ".join(dict.fromkeys(files)), "source": "\n\n".join(found)}
