"""Backward: one reverse sweep along the sequence.

At a⟨t⟩ two streams of error meet: one comes down from ŷ⟨t⟩, one comes back from a⟨t+1⟩. Their sum is ∂ℒ/∂a⟨t⟩; it is
squeezed by the slope of g1, leaves its share of the gradient with the weights, and travels on to a⟨t−1⟩ through Waaᵀ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from core.attention import attention_backward, encoder_and_decoder
from core.cells import in_steps
from core.forward import ForwardTrace, from_input, read_out, second_stream
from core.linalg import vector_norm
from core.losses import Loss
from core.parameters import Parameters, leaves
from core.step_shares import gradient_of_steps
from core.structures import weight_spans

AT_ONCE = 8192  # numbers of one kind: the local derivatives of so few steps stay in the processor's cache


def backward_sweep(trace: ForwardTrace, d_state: np.ndarray) -> np.ndarray:
    """From t = T to 1, in place: all that has gathered at state⟨t⟩ sends its part on to state⟨t−1⟩.

    d_state (T+1, N, n_state) comes as what enters at each step, and is left as ∂ℒ/∂state⟨t⟩; returned is ∂ℒ/∂z
    (T, N, n). The N rows do not see each other: they are the examples, or as many questions about one example (see
    `gradient_flow`).
    """
    d_z = np.empty((len(trace.slots), *d_state.shape[1:-1], trace.input_term.shape[-1]))
    for group, span in reversed(list(weight_spans(trace.slots))):
        p = trace.params[group]
        for t, local in local_derivatives_backward(trace, span):
            travels, _ = trace.cell.step_back(p, local, d_state[t], out=d_z[t - 1])
            d_state[t - 1] += travels
    return d_z


def local_derivatives_backward(trace: ForwardTrace, span: slice) -> Iterator[tuple[int, Any]]:
    """(t, local derivatives of step t), from the last step of a stretch to its first"""
    few = max(1, AT_ONCE // trace.a[0].size)
    for stop in range(span.stop, span.start, -few):
        start = max(span.start, stop - few)
        kept = in_steps(trace.kept, slice(start, stop))
        local = trace.cell.local_derivatives(trace.state[start : stop + 1], kept)
        steps = zip(*(array[::-1] for array in local), strict=True)
        for t, of_step in zip(range(stop, start, -1), steps, strict=True):
            yield t, type(local)(*of_step)


@dataclass(frozen=True)
class BackwardTrace:
    """All that one backward pass computed; `d_` is ∂ℒ/∂, and the index of a state is its superscript, as forward."""

    trace: ForwardTrace
    d_logits: np.ndarray  # (T, B, n_y)  ∂ℒ/∂logits
    d_state: np.ndarray  # (T+1, B, n_state)  ∂ℒ/∂state⟨t⟩, the sum of the two streams; at [0] that of the start
    d_z: np.ndarray  # (T, B, n)  ∂ℒ/∂z⟨t⟩, at [t−1]
    reverse: "BackwardTrace | None" = None  # of the second stream, in its own order of steps

    @property
    def d_a(self) -> np.ndarray:
        """∂ℒ/∂a⟨t⟩ (T+1, B, n_a)"""
        return self.d_state[..., : self.trace.a.shape[-1]]

    @cached_property
    def entries(self) -> "ErrorInflow":
        """Where ∂ℒ/∂logits enters the recurrence"""
        return entries(self.trace, self.d_logits)

    @property
    def from_y(self) -> np.ndarray:
        """The stream from the answers, at [t−1]: Wyaᵀ ∂ℒ/∂logits⟨t⟩, and what comes through attention (T, B, n_a)"""
        return self.entries.summed

    @cached_property
    def from_next_state(self) -> np.ndarray:
        """The stream from state⟨t+1⟩, at [t] (T+1, B, n_state), 0 at t = T: every step of the walk once more"""
        carried = np.zeros_like(self.d_state)
        for group, span in weight_spans(self.trace.slots):
            p = self.trace.params[group]
            for t, local in local_derivatives_backward(self.trace, span):
                carried[t - 1], _ = self.trace.cell.step_back(p, local, self.d_state[t])
        return carried

    @cached_property
    def grads(self) -> Parameters:
        """∂ℒ/∂W for every weight: eq. (4), summed over all steps"""
        return self._grads(slice(0, len(self.d_z)))

    def slopes(self, direction: Parameters) -> np.ndarray:
        """⟨∂ℒ/∂W, D⟩ (B,) of each example's own ℒ: how fast it changes as the weights move along D

        No ∂ℒ/∂W is formed: each error meets what D would add where it stands, to z⟨t⟩ and to the logits.
        """
        trace, errors = self.trace, self.d_logits
        slopes = np.vecdot(errors, read_out(direction, trace.a[1:], trace.focus)).sum(axis=0)
        for group, span in weight_spans(trace.slots):
            added = trace.cell.from_past(direction[group], in_steps(trace.kept, span), trace.state[:-1][span])
            added += from_input(direction[group], trace.x[span])
            slopes += np.vecdot(self.d_z[span], added).sum(axis=0)
        slopes *= errors.shape[1]  # in a batch each error counts one B-th
        return slopes + self.reverse.slopes(second_stream(direction["reverse"])) if self.reverse else slopes

    def share(self, t: int) -> Parameters:
        """∂ℒ/∂W|(t): what step t alone adds to every weight's gradient; over t they sum to `grads`

        Raises ValueError unless t is one of 1 … T.
        """
        self._check(t)
        return self._grads(slice(t - 1, t))

    def d_x(self, t: int) -> np.ndarray:
        """∂ℒ/∂x⟨t⟩ = Waxᵀ ∂ℒ/∂z⟨t⟩ (B, n_x), of an id that of its one-hot vector

        Raises ValueError unless t is one of 1 … T.
        """
        self._check(t)
        d_x = self.d_z[t - 1] @ self.trace.params[self.trace.slots[t - 1].group].Wax
        if self.trace.reverse and self.reverse:
            d_x = d_x + self.trace.reverse.turned(self.reverse.d_z)[t - 1] @ self.trace.params["reverse"].Wax
        return d_x

    def _check(self, t: int) -> None:
        if not 1 <= t <= len(self.d_z):
            raise ValueError(f"Steps count from 1 to {len(self.d_z)}: there is no step {t}.")

    def _grads(self, steps: slice) -> Parameters:
        reverse = (self.reverse.d_logits, self.reverse.d_z) if self.reverse else None
        return gradient_of_steps(self.trace, (self.d_logits, self.d_z), reverse, steps)

    def share_norms(self) -> dict[str, np.ndarray]:
        """‖∂ℒ/∂W|(t)‖ of every weight and step: {"rnn.Waa": (T,), ...}"""
        shares = [
            [vector_norm(array.ravel("K")) for _, _, array in leaves(self.share(t + 1))] for t in range(len(self.d_z))
        ]
        names = [f"{group}.{name}" for group, name, _ in leaves(self.grads)]
        return dict(zip(names, np.array(shares).T, strict=True))

    def share_norms_of_Waa(self) -> np.ndarray:
        """‖∂ℒ/∂Waa|(t)‖ (T,), each of the weights that step t itself uses: the same as in `share_norms`, but no other
        weight's share is formed, and those of the words and classes are far larger"""
        trace, norms = self.trace, np.empty(len(self.d_z))
        x = trace.x[..., :1] if trace.x.ndim == 3 else np.zeros_like(trace.x)  # as if there were one word
        for group, span in weight_spans(trace.slots):
            p = trace.params[group]
            p = p._replace(Wax=p.Wax[:, :1])
            for t in range(span.start, span.stop):
                step = slice(t, t + 1)
                own = trace.cell.param_grads(
                    p, in_steps(trace.kept, step), trace.state[:-1][step], x[step], self.d_z[step]
                )
                norms[t] = vector_norm(own.Waa.ravel())
        return norms


def backward(trace: ForwardTrace, loss: Loss) -> BackwardTrace:
    """Backpropagation through time: let in what the answers send to every a⟨t⟩, and walk back once.

    A second stream is walked back in its own order, and so from the first word to the last.
    """
    return walk_back(trace, loss.d_logits)


def walk_back(trace: ForwardTrace, d_logits: np.ndarray) -> BackwardTrace:
    """The same from ∂ℒ/∂logits (T, B, n_y), whatever the loss"""
    d_state = np.zeros_like(trace.state)
    d_state[1:, :, : trace.a.shape[-1]] = entries(trace, d_logits).summed
    d_z = backward_sweep(trace, d_state)
    reverse = walk_back(trace.reverse, trace.reverse.turned(d_logits)) if trace.reverse else None
    return BackwardTrace(trace, d_logits, d_state, d_z, reverse)


class ErrorInflow(NamedTuple):
    """Where the error enters the recurrence"""

    direct: np.ndarray  # (T, B, n_a)  what ŷ⟨t⟩ sends to its own a⟨t⟩
    through_attention: np.ndarray | None  # (Tx, Ty, B, n_a)  what each ŷ⟨t⟩ of a decoder sends to each a⟨s⟩

    @property
    def summed(self) -> np.ndarray:
        """All that enters at a⟨t⟩ (T, B, n_a); the encoder's steps come first"""
        if self.through_attention is None:
            return self.direct
        summed = self.direct.copy()
        summed[: len(self.through_attention)] += self.through_attention.sum(axis=1)
        return summed


def entries(trace: ForwardTrace, d_logits: np.ndarray) -> ErrorInflow:
    """Wyaᵀ ∂ℒ/∂logits⟨t⟩ of every step; and with attention, all that goes through c⟨t⟩"""
    direct = d_logits @ trace.params["readout"].Wya
    if trace.focus is None:
        return ErrorInflow(direct, None)
    _, decoder = encoder_and_decoder(trace.slots)
    d_context = d_logits[decoder] @ trace.params["attention"].Wyc
    to_query, through_attention = attention_backward(trace.slots, trace.a[1:], trace.focus, d_context)
    direct[decoder] += to_query
    return ErrorInflow(direct, through_attention)
