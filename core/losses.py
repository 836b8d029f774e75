"""Losses: the value and its gradient together, one function per kind of answer.

Both take logits (what stands inside g2) instead of ŷ, because log ŷ of a sure and wrong network is log 0: written in
logits, the same loss is finite and right at ±1000. Where a target is SILENT no answer is due: loss and gradient are 0.
"""

from typing import NamedTuple

import numpy as np

from core.structures import SILENT


class Loss(NamedTuple):
    """ℒ and where it comes from. It is a mean over the B examples, so each one's slope counts one B-th."""

    y_hat: np.ndarray  # (T, B, n_y)  ŷ⟨t⟩ = g2(Wya a⟨t⟩ + by)
    per_step: np.ndarray  # (T, B)   ℒ⟨t⟩
    total: float  # eq. (3): ℒ = Σ_t ℒ⟨t⟩, mean over examples
    d_logits: np.ndarray  # (T, B, n_y)  ∂ℒ/∂logits: the slope of ℒ⟨t⟩, over B


def binary_cross_entropy(logits: np.ndarray, targets: np.ndarray) -> Loss:
    """Eq. (2): ℒ⟨t⟩ = −y log ŷ − (1 − y) log(1 − ŷ), ŷ = σ(z). Its slope is ŷ − y, so ∂ℒ/∂z = (ŷ − y) / B.

    With ± = 1 − 2y, these are log(1 + e^±z) and ± σ(±z): written so, a sure and right answer keeps all its digits.

    logits (T, B, 1); targets (T, B) of 0, 1 or SILENT
    """
    z, due, sign = logits[..., 0], targets != SILENT, 1 - 2 * targets
    per_step = np.where(due, np.logaddexp(0, sign * z), 0.0)
    d_z = np.where(due, sign * probability(sign * z), 0.0)
    return summed(probability(z)[..., None], per_step, d_z[..., None])


def softmax_cross_entropy(logits: np.ndarray, targets: np.ndarray) -> Loss:
    """ℒ⟨t⟩ = −log ŷ_y, ŷ = softmax(z). In z: log Σ_j e^{z_j} − z_y.

    Its slope is ŷ − one_hot(y), so ∂ℒ/∂z = (ŷ − one_hot(y)) / B. Both are right to about 10⁻¹⁶, no further: where a
    sure and right answer leaves less than that, ℒ is 0.

    logits (T, B, n_y); targets (T, B), a class or SILENT
    """
    due = targets != SILENT
    log_y_hat = log_softmax(logits)
    y = np.where(due, targets, 0)[..., None]
    y_hat = np.exp(log_y_hat)
    per_step = np.where(due, 0.0 - np.take_along_axis(log_y_hat, y, axis=-1)[..., 0], 0.0)  # 0 − 0 is 0, not −0
    d_z = np.where(due[..., None], y_hat - (y == np.arange(logits.shape[-1])), 0.0)
    return summed(y_hat, per_step, d_z)


def summed(y_hat: np.ndarray, per_step: np.ndarray, d_logits: np.ndarray) -> Loss:
    """Eq. (3): ℒ = Σ_t ℒ⟨t⟩, and of B examples the mean, so the slope of each counts one B-th.

    y_hat (T, B, n_y); per_step (T, B) and d_logits (T, B, n_y): ℒ⟨t⟩ of every example, and its own slope
    """
    B = per_step.shape[1]
    return Loss(y_hat, per_step, float(per_step.sum() / B), d_logits / B)


def log_softmax(z: np.ndarray) -> np.ndarray:
    """log ŷ = z − log Σ_j e^{z_j}, over the last axis; less the largest z first, so no exponential overflows"""
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def probability(z: np.ndarray) -> np.ndarray:
    """σ(z) = e^(−log(1 + e^−z)), with all its digits however close to 0 it is"""
    return np.exp(-np.logaddexp(0, -z))


def sigmoid(z: np.ndarray) -> np.ndarray:
    """σ(z) = 1 / (1 + e^−z) = ½ tanh(½ z) + ½, for gates: quick, and tanh never overflows.

    It is off by about 10⁻¹⁶ however small σ(z) is; `probability` is right in all digits of a small one, too.
    """
    half = np.tanh(0.5 * z)
    half *= 0.5  # in place: for large arrays a second one is the slow part
    half += 0.5
    return half


LOSSES = {"sigmoid": binary_cross_entropy, "softmax": softmax_cross_entropy}
