"""Matrix products over a whole sequence at once, or of many networks at once, and the length of a vector.

An input is an id (T, B) or, where it is a measured quantity, a vector (T, B, n_x). A sum over steps and examples is one
product of two long matrices.
"""

from typing import Any

import numpy as np


def input_product(W: np.ndarray, x: np.ndarray) -> np.ndarray:
    """W x⟨t⟩ for every step (T, B, n), W (n, n_x). Of a one-hot x⟨t⟩ with its 1 at i it is column i of W: a look-up."""
    return W.T.take(x, axis=0) if x.ndim == 2 else x @ W.T


def input_gradient(d_z: np.ndarray, x: np.ndarray, n_x: int) -> np.ndarray:
    """Σ_t d_z⟨t⟩ x⟨t⟩ᵀ (n, n_x), the way back of `input_product`

    Of one-hot x, each d_z⟨t⟩ lands in its word's column.
    """
    if x.ndim == 3:
        return sum_of_outer_products(d_z, x)
    n = d_z.shape[-1]
    place = x[..., None] * n + np.arange(n)  # where in the list of all columns, end to end, each entry of d_z lands
    summed = np.bincount(place.ravel(), d_z.ravel(), n_x * n).astype(float, copy=False)  # of no steps: integers
    return summed.reshape(n_x, n).T


def sum_of_outer_products(d_z: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Σ over steps and examples of d_z vᵀ, as one matrix product;  (T, B, n), (T, B, m) -> (n, m)"""
    return flatten_steps(d_z).T @ flatten_steps(v)


class MatricesAlong:
    """W − α g for every rate α (K, 1), of which no matrix is formed: (W − α g) v = W v − α g v

    In a product v @ (W − α g) row k of v (K, m) meets the matrix of rate k: so K networks along a line take a step as
    one network takes it with K examples. NumPy asks `__array_ufunc__` what its products with such a thing are.
    """

    def __init__(self, W: np.ndarray, g: np.ndarray, rates: np.ndarray) -> None:
        self.W, self.g, self.rates = W, g, rates

    def __getitem__(self, part: Any) -> "MatricesAlong":
        return MatricesAlong(self.W[part], self.g[part], self.rates)

    @property
    def mT(self) -> "MatricesAlong":
        return MatricesAlong(self.W.mT, self.g.mT, self.rates)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, v: np.ndarray, _: Any, out: tuple = (None,)) -> Any:
        if ufunc is not np.matmul or method != "__call__":
            return NotImplemented
        product = np.matmul(v, self.W, out=out[0])
        product -= self.rates * (v @ self.g)
        return product


def empty_by_unit(T: int, B: int, n: int) -> np.ndarray:
    """A new array (T, B, n) that has in memory first all examples of unit 1, then all of unit 2, …

    So the block of a gate is one piece of memory, which is several times as quick for many examples at once.
    """
    return np.empty((T, n, B)).swapaxes(1, 2)


def empty_by_example(T: int, B: int, n: int) -> np.ndarray:
    """A new array (T, B, n) that has in memory first all units of example 1, …: quicker where there are no blocks"""
    return np.empty((T, B, n))


def flatten_steps(v: np.ndarray) -> np.ndarray:
    """(T, B, n) -> (T·B, n)"""
    return v.reshape(-1, v.shape[-1])


def vector_norm(v: np.ndarray) -> np.ndarray:
    """‖v‖ = √(Σ of all squares) over the last axis: (..., n) -> (...)

    Squares leave the range of numbers long before v does: of 1e160 they are infinite, of 1e−170 they are 0. So each v
    is divided first by a power of two near its largest entry, which changes no digit.
    """
    v = np.abs(v)
    _, exponent = np.frexp(v.max(axis=-1, keepdims=True))
    scale = np.ldexp(0.5, exponent)
    v /= scale  # in place: for long sequences a second large array is the slow part
    return np.sqrt(np.vecdot(v, v)) * scale[..., 0]
