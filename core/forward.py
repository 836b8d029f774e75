"""Forward: equation (1) along the sequence. What happened is returned as a record, never kept on the side.

A network that reads in both directions has a second stream, ←a⟨t⟩, which comes from the last step and has read all that
is still ahead of a⟨t⟩. It is the same engine once more, over the steps in reverse: its step 1 is the last word's.
Source: Schuster and Paliwal 1997.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from core.attention import AttentionTrace, attend
from core.cells import Cell, CellWeights, named
from core.linalg import empty_by_example, empty_by_unit, input_product
from core.parameters import Parameters, Readout, Reverse
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
    kept: Any  # what every step computed on its way, at [t−1]: the record that the cell names, each (T, B, n_a)
    logits: np.ndarray  # (T, B, n_y)  Wya a⟨t⟩ + by, and where the network attends + Wyc c⟨t⟩
    focus: AttentionTrace | None = None  # of a network that attends
    reverse: "ReverseTrace | None" = None  # of a network that reads in both directions

    @cached_property
    def local_derivatives(self) -> Any:
        """Of every step, at [t−1]: the record that the cell names, each (T, B, n_a)"""
        return self.cell.local_derivatives(self.state, self.kept)

    @property
    def a(self) -> np.ndarray:
        """(T+1, B, n_a)  a⟨t⟩, which stands first in the state; a[0] is a⟨0⟩"""
        return self.state[..., : self.params["readout"].Wya.shape[1]]


@dataclass(frozen=True)
class ReverseTrace(ForwardTrace):
    """The second stream of a network that reads in both directions, in its own order of steps"""

    order: np.ndarray = field(kw_only=True)  # (T, B)  at [t−1] the step of the words, from 0, that its step t reads

    def turned(self, array: np.ndarray) -> np.ndarray:
        """(T, B, …): from its own order of steps to that of the words, or back, which is the same"""
        return turn(array, self.order)


def forward(
    cell: Cell,
    params: Parameters,
    slots: Slots,
    x: np.ndarray,
    start: np.ndarray | float = 0.0,
    lengths: Sequence[int] | None = None,
) -> ForwardTrace:
    """a⟨t⟩ = g1(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba) for t = 1 … T, then Wya a⟨t⟩ + by for all t at once.

    x (T, B) ids 0 … n_x − 1 or (T, B, n_x) vectors, one for each slot, else it raises ValueError; start is state⟨0⟩
    (B, n_state), or one for all examples (n_state,): a⟨0⟩, and of the LSTM a⟨0⟩ and then c⟨0⟩. lengths (B,): where
    each example ends, unless at T; a second stream, which starts from 0, begins there. Source: eq. (1)
    """
    T, B = x.shape[:2]
    if len(slots) != T:
        raise ValueError(f"One input for each step is needed: {len(slots)} slots, but {T} inputs.")
    n_a = params["readout"].Wya.shape[1]
    n, blocks = len(params[slots[0].group].ba), len(cell.kept_record._fields)
    empty = empty_by_unit if blocks else empty_by_example
    state, kept, input_term = empty(T + 1, B, cell.state_size(n_a)), empty(T, B, blocks * n_a), empty(T, B, n)
    state[0] = start
    for group, span in weight_spans(slots):
        p = params[group]
        input_term[span] = from_input(p, x[span])
        for t in range(span.start, span.stop):
            cell.step(p, state[t], input_term[t], out=state[t + 1], kept=kept[t])
    a = state[1:, :, :n_a]
    focus = attend(slots, a) if "attention" in params else None
    logits = read_out(params, a, focus)
    reverse = None
    if "reverse" in params:
        reverse = in_reverse(cell, params["reverse"], slots, x, np.full(B, T) if lengths is None else np.array(lengths))
        logits += reverse.turned(reverse.logits)
    kept_by_name = named(cell.kept_record, kept)
    return ForwardTrace(cell, params, slots, x, input_term, state, kept_by_name, logits, focus, reverse)


def in_reverse(cell: Cell, p: Reverse, slots: Slots, x: np.ndarray, lengths: np.ndarray) -> ReverseTrace:
    """The second stream: ←a⟨t⟩ = g1(Waa ←a⟨t+1⟩ + Wax x⟨t⟩ + ba) for t = T … 1, and what it adds to the logits

    Of an example that ends before T it reads first what belongs to it, and what does not only then: nothing depends on
    that. lengths (B,)
    """
    step = np.arange(len(slots))[:, None]
    order = np.where(step < lengths, lengths - 1 - step, step)
    stream = forward(cell, second_stream(p), slots, turn(x, order))
    return ReverseTrace(**vars(stream), order=order)


def second_stream(p: Reverse) -> Parameters:
    """Its weights as those of a network of its own, or so a gradient's; by belongs to the first stream"""
    return {"rnn": CellWeights(p.Waa, p.Wax, p.ba), "readout": Readout(p.Wya, np.zeros(len(p.Wya)))}


def turn(array: np.ndarray, order: np.ndarray) -> np.ndarray:
    """At [t, b] what stands at [order[t, b], b];  array (T, B, …), order (T, B)"""
    return np.take_along_axis(array, order.reshape(*order.shape, *[1] * (array.ndim - 2)), axis=0)


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
