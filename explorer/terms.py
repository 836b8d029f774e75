"""Every term of a cell's equations, forward and backward, as named rows of numbers: what the inspector shows.

A row is (T, n) for steps 1 … T, (T+1, n) where it begins with step 0, or (n,) where it is the same at every step.
"""

import numpy as np

from core.cells import GRU, LSTM, Vanilla
from core.products import columns
from explorer.lab import Look

Rows = dict[str, np.ndarray]


def terms(look: Look) -> Rows:
    """The rows of this look's cell; a⟨t⟩ itself is not among them: the stage has it"""
    back, n_a = look.back, look.trace.a.shape[-1]
    streams = {"stream_y": back.from_y, "stream_next": back.carried[1:, :, :n_a], "d_a": back.d_a[1:]}
    rows = streams | OF_CELL[type(look.trace.cell)](look)
    return {name: row if row.ndim == 1 else row[:, 0] for name, row in rows.items()}


def _plain(look: Look) -> Rows:
    """z⟨t⟩ = from_a + from_x + ba; δ⟨t⟩ = slope ⊙ ∂ℒ/∂a⟨t⟩"""
    trace, back, rnn = look.trace, look.back, look.trace.params["rnn"]
    from_a, from_x = trace.a[:-1] @ rnn.Waa.T, columns(rnn.Wax, trace.x)
    return {"from_a": from_a, "from_x": from_x, "ba": rnn.ba, "slope": back.slopes, "delta": back.d_z}


def _gru(look: Look) -> Rows:
    """Γu = σ(past_u + x_u + b_u), likewise r; c̃ = tanh(past_c + x_c + b_c);  d_past = Wccᵀ δc, which reaches Γr"""
    trace, n_a = look.trace, look.trace.a.shape[-1]
    Waa, c_prev = trace.params["rnn"].Waa, trace.a[:-1]
    gates = trace.cell.gates(trace.params["rnn"], c_prev, trace.from_x)
    past = np.concatenate([c_prev @ Waa[: 2 * n_a].T, (gates.r * c_prev) @ Waa[2 * n_a :].T], axis=-1)
    return gates._asdict() | _blocks("urc", look, past) | {"d_past": look.back.d_z[..., 2 * n_a :] @ Waa[2 * n_a :]}


def _lstm(look: Look) -> Rows:
    """Γu, Γf, Γo and c̃ like those of the GRU; memory_next = Γf⟨t+1⟩ ⊙ ∂ℒ/∂c⟨t+1⟩, d_c = ∂ℒ/∂c⟨t⟩ with what a⟨t⟩ adds"""
    trace, back, n_a = look.trace, look.back, look.trace.a.shape[-1]
    rnn, a_prev, c = trace.params["rnn"], trace.a[:-1], trace.state[..., n_a:]
    gates = trace.cell.gates(rnn, a_prev, trace.from_x)
    memory_next, shows = back.carried[1:, :, n_a:], gates.o * (1 - np.tanh(c[1:]) ** 2)
    memory = {"c": c, "memory_next": memory_next, "d_c": memory_next + shows * back.d_a[1:]}
    return gates._asdict() | _blocks("ufoc", look, a_prev @ rnn.Waa.T) | memory


def _blocks(letters: str, look: Look, past: np.ndarray) -> Rows:
    """The three terms inside each gate, and the δ of their sum: from the stack of all gates, block by block"""
    rnn, rows = look.trace.params["rnn"], {}
    stacks = {"past": past, "x": columns(rnn.Wax, look.trace.x), "b": rnn.ba, "delta": look.back.d_z}
    for name, stack in stacks.items():
        for letter, block in zip(letters, np.split(stack, len(letters), axis=-1), strict=True):
            rows[f"{name}_{letter}"] = block
    return rows


OF_CELL = {Vanilla: _plain, GRU: _gru, LSTM: _lstm}
