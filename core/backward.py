"""Backward: one reverse sweep along the sequence.

At a⟨t⟩ two streams of error meet: one comes down from ŷ⟨t⟩, one comes back from a⟨t+1⟩. Their sum is ∂ℒ/∂a⟨t⟩; it is
squeezed by the slope of g1, leaves its share of the gradient with the weights, and travels on to a⟨t−1⟩ through Waaᵀ.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.cells import outer_sum, rows
from core.forward import ForwardTrace
from core.losses import Loss
from core.parameters import Parameters, Readout, leaves
from core.structures import runs


class Walk(NamedTuple):
    carried: np.ndarray  # (T+1, N, n_state)  the stream that reaches a⟨t⟩ from a⟨t+1⟩; 0 at t = T
    d_z: np.ndarray  # (T, N, n_a)  ∂ℒ/∂z⟨t⟩


def walk_back(trace: ForwardTrace, seeds: np.ndarray, slopes: np.ndarray) -> Walk:
    """From t = T to 1: state⟨t⟩ receives seeds[t−1] plus what is carried back from t+1, and sends its part to t−1.

    seeds (T, N, n_state): what enters at each step; slopes (T, N or 1, ...): `cell.slopes`. The N rows do not see
    each other: they are examples, or as many questions about one example (see `flow`).
    """
    T, N, _ = seeds.shape
    carried = np.zeros((T + 1, N, seeds.shape[2]))
    d_z = np.empty(seeds.shape)
    for group, span in reversed(list(runs(trace.slots))):
        p = trace.params[group]
        for t in range(span.stop, span.start, -1):
            d_state = seeds[t - 1] + carried[t]
            carried[t - 1], d_z[t - 1] = trace.cell.step_back(p, slopes[t - 1], d_state)
    return Walk(carried, d_z)


@dataclass(frozen=True)
class BackwardTrace:
    """All that one backward pass computed; `d_` is ∂ℒ/∂, and the index of a state is its superscript, as forward."""

    trace: ForwardTrace
    d_logits: np.ndarray  # (T, B, n_y)  ∂ℒ/∂logits
    from_y: np.ndarray  # (T, B, n_a)  stream from ŷ⟨t⟩, at [t−1]: Wyaᵀ ∂ℒ/∂logits⟨t⟩
    carried: np.ndarray  # (T+1, B, n_a)  stream from a⟨t+1⟩, at [t]: Waaᵀ ∂ℒ/∂z⟨t+1⟩; 0 at t = T
    d_z: np.ndarray  # (T, B, n_a)  ∂ℒ/∂z⟨t⟩, at [t−1]
    slopes: np.ndarray  # (T, B, n_a)  g1'(z⟨t⟩), at [t−1]

    @cached_property
    def d_a(self) -> np.ndarray:
        """∂ℒ/∂a⟨t⟩ (T+1, B, n_a), the sum of the two streams; d_a[0] is ∂ℒ/∂a⟨0⟩"""
        return np.concatenate([self.carried[:1], self.carried[1:] + self.from_y])

    @cached_property
    def grads(self) -> Parameters:
        """∂ℒ/∂W for every weight: eq. (4), summed over all steps"""
        return self._grads(slice(None))

    def share(self, t: int) -> Parameters:
        """∂ℒ/∂W|(t), t = 1 … T: what step t alone adds to every weight's gradient; over t they sum to `grads`"""
        return self._grads(slice(t - 1, t))

    def _grads(self, steps: slice) -> Parameters:
        trace, T = self.trace, len(self.d_z)
        wanted = range(*steps.indices(T))
        grads: Parameters = {}
        for group, span in runs(trace.slots):
            part = slice(max(span.start, wanted.start), max(span.start, min(span.stop, wanted.stop)))
            grads[group] = trace.cell.param_grads(
                trace.params[group], trace.state[:-1][part], trace.x[part], self.d_z[part]
            )
        d_logits = self.d_logits[steps]
        grads["readout"] = Readout(outer_sum(d_logits, trace.a[1:][steps]), rows(d_logits).sum(0))
        return grads

    def share_norms(self) -> dict[str, np.ndarray]:
        """‖∂ℒ/∂W|(t)‖ of every weight and step: {"rnn.Waa": (T,), ...}"""
        shares = [[np.linalg.norm(array) for _, _, array in leaves(self.share(t + 1))] for t in range(len(self.d_z))]
        names = [f"{group}.{name}" for group, name, _ in leaves(self.grads)]
        return dict(zip(names, np.array(shares).T, strict=True))


def backward(trace: ForwardTrace, loss: Loss) -> BackwardTrace:
    """Backpropagation through time: seeded with what each ŷ⟨t⟩ sends into a⟨t⟩, walk back once."""
    from_y = loss.d_logits @ trace.params["readout"].Wya
    slopes = slopes_of(trace)
    return BackwardTrace(trace, loss.d_logits, from_y, *walk_back(trace, from_y, slopes), slopes)


def slopes_of(trace: ForwardTrace) -> np.ndarray:
    """g1'(z⟨t⟩) of every step (T, B, n_a)"""
    return trace.cell.slopes(trace.state)
