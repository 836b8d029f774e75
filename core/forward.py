"""Forward: equation (1) along the sequence. What happened is returned as a record, never kept on the side."""

from dataclasses import dataclass

import numpy as np

from core.attention import AttentionTrace, attend
from core.cells import Cell, CellWeights
from core.linalg import concatenated, input_product
from core.parameters import Parameters
from core.structures import Slots, weight_spans


@dataclass(frozen=True)
class ForwardTrace:
    """All that one forward pass computed. `state[t]` is the state after step t, so the index is the superscript."""

    cell: Cell
    params: Parameters
    slots: Slots
    x: np.ndarray  # (T, B) ids, or (T, B, n_x) vectors
    input_term: np.ndarray  # (T, B, n)  Wax x⟨t⟩ + ba, at [t−1]
    state: np.ndarray  # (T+1, B, n_state)
    logits: np.ndarray  # (T, B, n_y)  Wya a⟨t⟩ + by, and where the network attends + Wyc c⟨t⟩
    focus: AttentionTrace | None = None  # of a network that attends

    @property
    def a(self) -> np.ndarray:
        """(T+1, B, n_a)  a⟨t⟩, which stands first in the state; a[0] is a⟨0⟩ = 0"""
        return self.state[..., : self.params["readout"].Wya.shape[1]]


def forward(cell: Cell, params: Parameters, slots: Slots, x: np.ndarray) -> ForwardTrace:
    """a⟨t⟩ = g1(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba) for t = 1 … T, then Wya a⟨t⟩ + by for all t at once.

    x (T, B) ids 0 … n_x − 1 or (T, B, n_x) vectors, one for each slot, else it raises ValueError. Source: eq. (1)
    """
    T, B = x.shape[:2]
    if len(slots) != T:
        raise ValueError(f"One input for each step is needed: {len(slots)} slots, but {T} inputs.")
    n_a = params["readout"].Wya.shape[1]
    state = np.zeros((T + 1, B, cell.state_size(n_a)))
    input_term = concatenated([from_input(params[group], x[span]) for group, span in weight_spans(slots)])
    for group, span in weight_spans(slots):
        p = params[group]
        for t in range(span.start, span.stop):
            state[t + 1] = cell.step(p, state[t], input_term[t])
    a = state[1:, :, :n_a]
    focus = attend(slots, a) if "attention" in params else None
    return ForwardTrace(cell, params, slots, x, input_term, state, read_out(params, a, focus), focus)


def read_out(params: Parameters, a: np.ndarray, focus: AttentionTrace | None) -> np.ndarray:
    """logits⟨t⟩ = Wya a⟨t⟩ + by, and in the decoder's steps, which come last, + Wyc c⟨t⟩;  a (T, B, n_a)"""
    Wya, by = params["readout"]
    logits = a @ Wya.T + by
    if focus:
        logits[-len(focus.context) :] += focus.context @ params["attention"].Wyc.T
    return logits


def from_input(p: CellWeights, x: np.ndarray) -> np.ndarray:
    """Wax x⟨t⟩ + ba for every step (T, B, n)"""
    input_term = input_product(p.Wax, x)
    input_term += p.ba
    return input_term
