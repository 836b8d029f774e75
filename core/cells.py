"""A cell: one step of the recurrence, and the same step backward.

Every cell answers the same five questions, so the engine never asks which cell it runs:

    start      parameters to begin with
    step       state⟨t−1⟩, input -> state⟨t⟩                 equation (1)
    slopes     what the way back needs to know of all steps, computed at once
    step_back  ∂ℒ/∂state⟨t⟩ -> ∂ℒ/∂state⟨t−1⟩, ∂ℒ/∂z⟨t⟩     the gradient that travels: linear in what it is given
    param_grads  ∂ℒ/∂z -> ∂ℒ/∂W                              the gradient that lands: equation (4)

z⟨t⟩ is what stands inside g1. What the input adds to it, Wax x⟨t⟩ + ba, does not depend on the past: it is known for
all steps before the first one runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.parameters import INITIALISERS


class Activation(NamedTuple):
    """g1, and its slope written in terms of its own answer: slope(g(z)) = g'(z)"""

    g: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


def tanh_slope(a: np.ndarray) -> np.ndarray:
    """tanh'(z) = 1 − a², a = tanh(z)"""
    squared = a * a
    return np.subtract(1, squared, out=squared)  # in place: for long batches a second large array is the slow part


TANH = Activation(np.tanh, tanh_slope)
RELU = Activation(lambda z: np.maximum(z, 0.0), lambda a: (a > 0).astype(float))


class RNN(NamedTuple):
    """The weights of the plain recurrent network"""

    Waa: np.ndarray  # (n_a, n_a)
    Wax: np.ndarray  # (n_a, n_x)
    ba: np.ndarray  # (n_a,)


@dataclass(frozen=True)
class Vanilla:
    """The plain recurrent cell: a⟨t⟩ = g1(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba)"""

    g1: Activation = TANH

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, initialisation: str = "glorot", radius: float = 1.0
    ) -> RNN:
        """Random weights, zero biases. Of a one-hot input only one entry is not 0, so the fan-in of Wax counts as 1."""
        Waa = INITIALISERS[initialisation](rng, n_a, radius)
        Wax = rng.normal(0.0, np.sqrt(2 / (1 + n_a)), (n_x, n_a)).T  # a word's column lies in one piece in memory
        return RNN(Waa, Wax, np.zeros(n_a))

    def step(self, p: RNN, a_prev: np.ndarray, from_x: np.ndarray) -> np.ndarray:
        """a⟨t⟩ = g1(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba);  a_prev (B, n_a), from_x = Wax x⟨t⟩ + ba (B, n_a)"""
        return self.g1.g(a_prev @ p.Waa.T + from_x)

    def slopes(self, a: np.ndarray) -> np.ndarray:
        """g1'(z⟨t⟩) for every step at once;  a (T+1, B, n_a) -> (T, B, n_a)"""
        return self.g1.slope(a[1:])

    def step_back(self, p: RNN, slope: np.ndarray, d_a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """∂ℒ/∂z⟨t⟩ = g1'(z⟨t⟩) ⊙ ∂ℒ/∂a⟨t⟩, and what travels on: Waaᵀ ∂ℒ/∂z⟨t⟩;  all (B, n_a)"""
        d_z = slope * d_a
        return d_z @ p.Waa, d_z

    def param_grads(self, p: RNN, a_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray) -> RNN:
        """Eq. (4): ∂ℒ/∂Waa = Σ_t ∂ℒ/∂z⟨t⟩ a⟨t−1⟩ᵀ, ∂ℒ/∂Wax = Σ_t ∂ℒ/∂z⟨t⟩ x⟨t⟩ᵀ, ∂ℒ/∂ba = Σ_t ∂ℒ/∂z⟨t⟩"""
        return RNN(outer_sum(d_z, a_prev), column_sum(d_z, x, p.Wax.shape[1]), rows(d_z).sum(0))


CELLS = {"tanh": Vanilla(TANH), "relu": Vanilla(RELU)}


# An input is an id (T, B) or, where it is a measured quantity, a vector (T, B, n_x) --------------------------------


def columns(W: np.ndarray, x: np.ndarray) -> np.ndarray:
    """W x⟨t⟩ for every step (T, B, n_a). For a one-hot x⟨t⟩ with its 1 at index i that is column i of W: a look-up."""
    return W.T[x] if x.ndim == 2 else x @ W.T


def column_sum(d_z: np.ndarray, x: np.ndarray, n_x: int) -> np.ndarray:
    """Σ_t d_z⟨t⟩ x⟨t⟩ᵀ (n_a, n_x), the way back of `columns`: of one-hot x, each d_z⟨t⟩ lands in its word's column"""
    if x.ndim == 3:
        return outer_sum(d_z, x)
    n_a = d_z.shape[-1]
    place = x[..., None] * n_a + np.arange(n_a)  # where in the list of all columns, end to end, each entry of d_z lands
    return np.bincount(place.ravel(), d_z.ravel(), n_x * n_a).reshape(n_x, n_a).T


def outer_sum(d_z: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Σ over steps and examples of d_z vᵀ, as one matrix product;  (T, B, n), (T, B, m) -> (n, m)"""
    return rows(d_z).T @ rows(v)


def rows(v: np.ndarray) -> np.ndarray:
    """(T, B, n) -> (T·B, n)"""
    return v.reshape(-1, v.shape[-1])
