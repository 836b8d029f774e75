"""Who reaches whom: the error of every loss, followed back to every step.

The walk back is linear in what it is seeded with, so no second algorithm is needed: seeded with one row per loss it
gives the whole T × T matrix; seeded with unit vectors it gives the Jacobians ∂state⟨s⟩/∂state⟨k⟩, each the product of
one factor for every step between. Of the plain cell a factor is diag(g1'(z⟨t⟩)) Waa: slopes times weights. What they do
to one gradient, step by step, is `along_gradient`.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from core.backward import BackwardTrace, backward_sweep, local_derivatives_backward
from core.cells import Cell, in_steps
from core.forward import ForwardTrace
from core.linalg import vector_norm
from core.parameters import Parameters
from core.structures import weight_spans

MAX_SLOPE = 1.0  # max g1': neither tanh nor ReLU is anywhere steeper


def part_of_state(cell: Cell, n_a: int, part: str) -> slice:
    """Where "a", "c" or all of it, "state", stands in a state"""
    return slice(None) if part == "state" else cell.state_slices(n_a)[part]


# Every loss ----------------------------------------------------------------------------------------------------------


def backward_per_loss(back: BackwardTrace) -> tuple[np.ndarray, np.ndarray]:
    """Row s − 1 is the walk back with only ℒ⟨s⟩ let in: ∂ℒ⟨s⟩/∂state (T+1, T, B, n_state), ∂ℒ⟨s⟩/∂z (T, T, B, n)

    Of several examples each counts one B-th, as in `Loss.d_logits`.
    """
    T, B, n_a = back.entries.direct.shape
    d_state = np.zeros((T + 1, T, B, back.d_state.shape[-1]))  # step, row, example
    every = np.arange(T)
    d_state[every + 1, every, :, :n_a] = back.entries.direct
    through_attention = back.entries.through_attention
    if through_attention is not None:  # the decoder's losses enter at the encoder, too
        d_state[1 : len(through_attention) + 1, len(through_attention) :, :, :n_a] = through_attention
    rows = d_state[:, :, 0] if B == 1 else d_state  # of one example all rows are one matrix, which is quicker
    return d_state, backward_sweep(back.trace, rows).reshape(T, T, B, -1)


def truncation_mask(T: int, horizon: int) -> np.ndarray:
    """Is ℒ⟨s⟩ followed back to step k? Over τ = horizon steps, counting its own, k = s − τ + 1 … s

    (T, T), at [s − 1, k − 1]
    """
    distance = np.arange(T)[:, None] - np.arange(T)
    return (distance >= 0) & (distance < horizon)


def per_loss_gradients(back: BackwardTrace) -> np.ndarray:
    """∂ℒ⟨s⟩/∂state⟨k⟩ for every loss s and step k: (T, T+1, B, n_state), the first index is s − 1, the second is k

    Over s the rows sum to ∂ℒ/∂state⟨k⟩; for k > s they are 0. Of several examples each counts one B-th.
    """
    return backward_per_loss(back)[0].swapaxes(0, 1)


def credit_matrix(back: BackwardTrace, part: str = "a") -> np.ndarray:
    """‖∂ℒ⟨s⟩/∂a⟨k⟩‖ (T, T, B) for s, k = 1 … T, at [s − 1, k − 1]; part: "a", "c" or "state"; 0 for k > s

    Of a network that reads in both directions a⟨k⟩ and ←a⟨k⟩ together: for k > s it is that of ←a⟨k⟩, for k < s of
    a⟨k⟩. Of several examples each counts one B-th.
    """
    where = part_of_state(back.trace.cell, back.trace.a.shape[-1], part)
    credit = vector_norm(per_loss_gradients(back)[:, 1:, :, where])
    if not (back.trace.reverse and back.reverse):
        return credit
    order = back.trace.reverse.order
    of_losses = np.take_along_axis(credit_matrix(back.reverse, part), order[:, None], axis=0)
    return np.hypot(credit, np.take_along_axis(of_losses, order[None], axis=1))


def truncated_grads(back: BackwardTrace, horizon: int) -> Parameters:
    """∂ℒ/∂W as truncated backpropagation through time sees it: each ℒ⟨s⟩ reaches back to steps k > s − τ only.

    At τ = 1 no error travels at all; from τ = T on nothing is cut off. A second stream has the same horizon.
    """
    return truncated(back, horizon).grads


def truncated(back: BackwardTrace, horizon: int) -> BackwardTrace:
    """The same walk, each ℒ⟨s⟩ followed over so many steps only"""
    _, d_z = backward_per_loss(back)
    kept = np.where(truncation_mask(len(d_z), horizon).T[..., None, None], d_z, 0.0)
    return replace(back, d_z=kept.sum(axis=1), reverse=back.reverse and truncated(back.reverse, horizon))


def truncation_error(back: BackwardTrace, horizon: int, group: str = "rnn") -> float:
    """What truncation does to ∂ℒ/∂Waa: ‖g − g_τ‖ / ‖g‖; above 1 if it does more harm than no gradient at all"""
    g, kept = back.grads[group].Waa, truncated_grads(back, horizon)[group].Waa
    size = vector_norm(g.ravel())
    return float(vector_norm((g - kept).ravel()) / size) if size else 0.0


# How far, apart from how wrong ----------------------------------------------------------------------------------------
#
# What an answer sends to its a⟨s⟩ is Wyaᵀ ∂ℒ⟨s⟩/∂logits⟨s⟩: the better the answer, the smaller. Started from the unit
# vector along a row of Wya instead, with 0 in c, the same walk tells how far an error travels, even if there is none.


def unit_errors(trace: ForwardTrace, answers: np.ndarray) -> np.ndarray:
    """Where in the state an error of these logits enters, at length 1: ids (...) -> (..., n_state)"""
    rows = trace.params["readout"].Wya[answers]
    d_state = np.zeros((*rows.shape[:-1], trace.state.shape[-1]))
    d_state[..., : rows.shape[-1]] = rows / vector_norm(rows)[..., None]
    return d_state


def unit_gradients(trace: ForwardTrace, answers: np.ndarray) -> np.ndarray:
    """Of the first example: the walk back of a unit error at a⟨s⟩, of the logit answers[s − 1]; answers (T,)

    (T, T+1, n_state), the first index is s − 1, the second is k; 0 for k > s.
    """
    trace, every = first_steps(trace, len(trace.slots)), np.arange(len(trace.slots))
    d_state = np.zeros((len(every) + 1, len(every), trace.state.shape[-1]))  # step, row
    d_state[every + 1, every] = unit_errors(trace, answers)
    backward_sweep(trace, d_state)
    return d_state.swapaxes(0, 1)


def last_unit_gradients(trace: ForwardTrace, answers: np.ndarray) -> np.ndarray:
    """The walk back of a unit error at the last step, of every example at once: answers (B,) -> (T+1, B, n_state)"""
    d_state = np.zeros_like(trace.state)
    d_state[-1] = unit_errors(trace, answers)
    backward_sweep(trace, d_state)
    return d_state


def of_unit(trace: ForwardTrace, s: int, i: int) -> BackwardTrace:
    """∂/∂… of one number, unit i (from 0) of a⟨s⟩ of the first example, in place of a loss: `grads` holds its *total*
    derivatives ∂aᵢ⟨s⟩/∂W. A `share(k)` is what the weight's use at step k alone has to do with it, and that of step s
    is the *immediate* derivative, a⟨s−1⟩ held as it is.

    The readout comes after a⟨s⟩, and has no part in it: 0.
    """
    trace = first_steps(trace, s)
    d_state = np.zeros_like(trace.state)
    d_state[s, 0, i] = 1.0
    d_z = backward_sweep(trace, d_state)
    return BackwardTrace(trace, np.zeros_like(trace.logits), d_state, d_z)


# Every state, of the first example ------------------------------------------------------------------------------------


def jacobians(trace: ForwardTrace, s: int) -> np.ndarray:
    """∂state⟨s⟩/∂state⟨k⟩ of the first example for k = 0 … s (s+1, n_state, n_state)

    Row i of each is a walk that lets in unit vector i at s.
    """
    trace, n = first_steps(trace, s), trace.state.shape[-1]
    d_state = np.zeros((s + 1, n, n))
    d_state[s] = np.eye(n)
    if s:
        backward_sweep(trace, d_state)
    return d_state


def jacobian(trace: ForwardTrace, s: int, k: int) -> np.ndarray:
    """∂state⟨s⟩/∂state⟨k⟩ of the first example (n_state, n_state), 0 ≤ k ≤ s ≤ T"""
    return jacobians(trace, s)[k]


def one_step_jacobians(trace: ForwardTrace) -> np.ndarray:
    """The factors: ∂state⟨t⟩/∂state⟨t−1⟩ of the first example for t = 1 … T (T, n_state, n_state), at [t−1]

    Row i of each is `step_back` of unit vector i.
    """
    trace, n = first_steps(trace, len(trace.slots)), trace.state.shape[-1]
    every = np.empty((len(trace.slots), n, n))
    for group, span in weight_spans(trace.slots):
        for t, local in local_derivatives_backward(trace, span):
            every[t - 1], _ = trace.cell.step_back(trace.params[group], local, np.eye(n))
    return every


def first_steps(trace: ForwardTrace, s: int) -> ForwardTrace:
    """The first example's first s steps, which know nothing of later ones"""
    return replace(
        trace,
        slots=trace.slots[:s],
        x=trace.x[:s, :1],
        input_term=trace.input_term[:s, :1],
        state=trace.state[: s + 1, :1],
        kept=in_steps(trace.kept, np.s_[:s, :1]),
        logits=trace.logits[:s, :1],
        focus=None,  # attention is no part of the recurrence
        reverse=None,  # nor is what comes from later steps
    )


# Their sizes ----------------------------------------------------------------------------------------------------------


class Norms(NamedTuple):
    """Of one matrix J, or of as many as there are: (...)"""

    spectral: np.ndarray  # ‖J‖₂, the largest singular value: how much J can stretch a vector
    frobenius: np.ndarray  # ‖J‖_F = √(Σ of all squares)


def norms(J: np.ndarray) -> Norms:
    """Of matrices (..., n, n); where one is not finite, infinity"""
    finite = np.isfinite(J).all(axis=(-2, -1))
    singular = np.full(J.shape[:-1], np.inf)
    singular[finite] = np.linalg.svd(J[finite], compute_uv=False)
    return Norms(singular[..., 0], np.hypot.reduce(singular, axis=-1))  # hypot: squares would leave the range sooner


def jacobian_norms(trace: ForwardTrace, s: int, part: str = "a") -> Norms:
    """‖∂a⟨s⟩/∂a⟨k⟩‖ of the first example, k = 0 … s, each (s+1,); part: "a", "c" or "state", for both ∂ alike"""
    where = part_of_state(trace.cell, trace.a.shape[-1], part)
    return norms(jacobians(trace, s)[:, where, where])


# One gradient, taken apart on its own way -----------------------------------------------------------------------------
#
# The norms of the factors tell what they could do to some vector, not to this one. So follow this one: the direction u
# that it has at step t, and how much longer or shorter each part of the step makes it. Of the plain cell the
# parts follow each other, and their gains multiply. Of a cell with a memory they are two ways whose ends are added as
# vectors, so their lengths neither add nor multiply; what each of them has in the direction that arrives does add.


class Factors(NamedTuple):
    """Of the plain cell; each (n,), from the step nearest to the loss backwards"""

    slope: np.ndarray  # ‖g1'(z⟨t⟩) ⊙ u‖: 1 lets all of it through, 0 nothing
    weights: np.ndarray  # ‖Waaᵀ v‖, v the direction that the slopes have left; 1 where they have left nothing

    @property
    def gain(self) -> np.ndarray:
        """‖∂ℒ/∂state⟨t−1⟩‖ / ‖∂ℒ/∂state⟨t⟩‖"""
        return self.slope * self.weights


class Shares(NamedTuple):
    """Of a cell with a memory; each (n,), from the step nearest to the loss backwards. A share may be negative."""

    memory: np.ndarray  # ⟨what comes along the memory, e⟩, e the direction of all that arrives at state⟨t−1⟩
    gates: np.ndarray  # ⟨all the rest, e⟩: through the gates and the candidate

    @property
    def gain(self) -> np.ndarray:
        """‖∂ℒ/∂state⟨t−1⟩‖ / ‖∂ℒ/∂state⟨t⟩‖"""
        return self.memory + self.gates


def along_gradient(trace: ForwardTrace, d_state: np.ndarray, s: int, k: int = 0) -> Factors | Shares:
    """How the gradient d_state (n_state,), at state⟨s⟩ of the first example, changes its length back to state⟨k⟩

    The gains multiply to ‖∂ℒ/∂state⟨k⟩‖ / ‖∂ℒ/∂state⟨s⟩‖ of a loss that enters at s alone. They are s − k, or fewer if
    nothing is left on the way: then the last of them is 0. d_state must be finite.
    """
    trace, u = first_steps(trace, s), unit(d_state[None])
    has_memory = "c" in trace.cell.state_slices(trace.a.shape[-1])
    parts: list[tuple[float, float]] = []
    for group, span in reversed(list(weight_spans(trace.slots))):
        for t, local in local_derivatives_backward(trace, span):
            if t <= k or not u.any():
                break
            arrives, d_z = trace.cell.step_back(trace.params[group], local, u)
            memory, e = trace.cell.along_memory(local, u), unit(arrives)
            if memory is None:
                slope = float(vector_norm(d_z)[0])
                parts.append((slope, float(vector_norm(arrives)[0]) / slope if slope else 1.0))
            else:
                parts.append((float(np.vdot(memory, e)), float(np.vdot(arrives - memory, e))))
            u = e
    kind: type[Factors] | type[Shares] = Shares if has_memory else Factors
    return kind(*np.array(parts).reshape(-1, 2).T)


def unit(v: np.ndarray) -> np.ndarray:
    """v / ‖v‖ over the last axis, and 0 of 0: (..., n)"""
    size = vector_norm(v)[..., None]
    return v / np.where(size, size, 1.0)


# What weights alone allow ---------------------------------------------------------------------------------------------


@np.errstate(over="ignore")
def jacobian_bound(Waa: np.ndarray, distance: np.ndarray | int) -> np.ndarray:
    """(σ_max · max g1')^(s−k), which ‖∂a⟨s⟩/∂a⟨k⟩‖ of the plain cell cannot exceed. Source: Pascanu et al. 2013"""
    return np.power(np.linalg.norm(Waa, 2) * MAX_SLOPE, distance)


@np.errstate(divide="ignore")
def log_power_norms(Waa: np.ndarray, most: int) -> np.ndarray:
    """log10 ‖Waaᵈ‖₂ for d = 0 … most (most + 1,): a linear cell, all slopes 1. −∞ of 0"""
    logs, power = np.zeros(most + 1), np.eye(len(Waa))
    for d in range(1, most + 1):
        power = power @ Waa
        size = np.linalg.norm(power, 2)
        logs[d] = logs[d - 1] + np.log10(size)
        power /= size or 1.0  # a long product would leave the range of numbers
    return logs
