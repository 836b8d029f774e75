"""g1 and g2: what squashes z, its slope, and the logarithms that keep all digits."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Activation(NamedTuple):
    """g1, and its slope written in terms of its own answer: slope(g(z)) = g'(z)"""

    g: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


def tanh_slope(a: np.ndarray) -> np.ndarray:
    """tanh'(z) = 1 − a², a = tanh(z)"""
    squared = a * a
    return np.subtract(1, squared, out=squared)  # in place: for long batches a second large array is the slow part


def relu(z: np.ndarray) -> np.ndarray:
    """max(z, 0)"""
    return np.maximum(z, 0.0)


def relu_slope(a: np.ndarray) -> np.ndarray:
    """1 where z > 0, and so a = relu(z) > 0; else 0"""
    return (a > 0).astype(float)


TANH = Activation(np.tanh, tanh_slope)
RELU = Activation(relu, relu_slope)


def log_softmax(z: np.ndarray) -> np.ndarray:
    """log ŷ = z − log Σ_j e^{z_j}, over the last axis; less the largest z first, so no exponential overflows"""
    z = z - z.max(axis=-1, keepdims=True)
    z -= np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return z


def probability(z: np.ndarray) -> np.ndarray:
    """σ(z) = e^(−log(1 + e^−z)), with all its digits however close to 0 it is"""
    return np.exp(-np.logaddexp(0, -z))


def sigmoid(z: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """σ(z) = 1 / (1 + e^−z) = ½ tanh(½ z) + ½, for gates: quick, and tanh never overflows.

    It is off by about 10⁻¹⁶ however small σ(z) is; `probability` is right in all digits of a small one, too.
    """
    half = np.tanh(np.multiply(z, 0.5, out=out), out=out)
    half *= 0.5  # in place: for large arrays a second one is the slow part
    half += 0.5
    return half
