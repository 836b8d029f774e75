"""Losses: the value and its gradient together, one function per kind of answer.

Both take logits (what stands inside g2) instead of ŷ, because log ŷ of a sure and wrong network is log 0: written in
logits, the same loss is finite and right at ±1000. Where a target is NO_TARGET no answer is due: loss and gradient are
0.
"""

from typing import NamedTuple

import numpy as np

from core.activations import log_softmax, probability
from core.structures import NO_TARGET


class Loss(NamedTuple):
    """ℒ and where it comes from. It is a mean over the B examples, so each one's slope counts one B-th."""

    y_hat: np.ndarray  # (T, B, n_y)  ŷ⟨t⟩ = g2(Wya a⟨t⟩ + by)
    per_step: np.ndarray  # (T, B)   ℒ⟨t⟩
    total: float  # eq. (3): ℒ = Σ_t ℒ⟨t⟩, mean over examples
    d_logits: np.ndarray  # (T, B, n_y)  ∂ℒ/∂logits: the slope of ℒ⟨t⟩, over B


def binary_cross_entropy(logits: np.ndarray, targets: np.ndarray) -> Loss:
    """Eq. (2): ℒ⟨t⟩ = −y log ŷ − (1 − y) log(1 − ŷ), ŷ = σ(z). Its slope is ŷ − y, so ∂ℒ/∂z = (ŷ − y) / B.

    With ± = 1 − 2y, these are log(1 + e^±z) and ± σ(±z): written so, a sure and right answer keeps all its digits.

    logits (T, B, 1); targets (T, B) of 0, 1 or NO_TARGET
    """
    z, due, sign = logits[..., 0], targets != NO_TARGET, 1 - 2 * targets
    per_step = np.where(due, np.logaddexp(0, sign * z), 0.0)
    d_z = np.where(due, sign * probability(sign * z), 0.0)
    return total_loss(probability(z)[..., None], per_step, d_z[..., None])


def softmax_cross_entropy(logits: np.ndarray, targets: np.ndarray) -> Loss:
    """ℒ⟨t⟩ = −log ŷ_y, ŷ = softmax(z). In z: log Σ_j e^{z_j} − z_y.

    Its slope is ŷ − one_hot(y), so ∂ℒ/∂z = (ŷ − one_hot(y)) / B. Both are right to about 10⁻¹⁶, no further: where a
    sure and right answer leaves less than that, ℒ is 0.

    logits (T, B, n_y); targets (T, B), a class or NO_TARGET
    """
    due = targets != NO_TARGET
    y = np.where(due, targets, 0)[..., None]
    y_hat = log_softmax(logits)
    per_step = np.where(due, 0.0 - np.take_along_axis(y_hat, y, axis=-1)[..., 0], 0.0)  # 0 − 0 is 0, not −0
    np.exp(y_hat, out=y_hat)  # in place: with many classes a new array is the slow part
    d_z = np.where(due[..., None], y_hat, 0.0)
    np.put_along_axis(d_z, y, np.take_along_axis(d_z, y, axis=-1) - due[..., None], axis=-1)
    return total_loss(y_hat, per_step, d_z)


def softmax_per_step(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """ℒ⟨t⟩ (T, B) of `softmax_cross_entropy`, bit for bit, without the many numbers that only the way back needs"""
    due = targets != NO_TARGET
    z = logits - logits.max(axis=-1, keepdims=True)
    z_y = np.take_along_axis(z, np.where(due, targets, 0)[..., None], axis=-1)[..., 0]
    return np.where(due, 0.0 - (z_y - np.log(np.exp(z, out=z).sum(axis=-1))), 0.0)


def total_loss(y_hat: np.ndarray, per_step: np.ndarray, d_logits: np.ndarray) -> Loss:
    """Eq. (3): ℒ = Σ_t ℒ⟨t⟩, and of B examples the mean, so the slope of each counts one B-th.

    y_hat (T, B, n_y); per_step (T, B) and d_logits (T, B, n_y): ℒ⟨t⟩ of every example, and its own slope, which is
    divided in place
    """
    B = per_step.shape[1]
    return Loss(y_hat, per_step, float(per_step.sum() / B), np.divide(d_logits, B, out=d_logits))


PER_STEP = {  # ℒ⟨t⟩ (T, B) alone, where nothing goes back
    "sigmoid": lambda logits, targets: binary_cross_entropy(logits, targets).per_step,
    "softmax": softmax_per_step,
}
LOSSES = {"sigmoid": binary_cross_entropy, "softmax": softmax_cross_entropy}
Y_HAT = {"sigmoid": probability, "softmax": lambda z: np.exp(log_softmax(z))}  # g2 alone, where nothing is compared
