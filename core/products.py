"""Matrix products over a whole sequence at once.

An input is an id (T, B) or, where it is a measured quantity, a vector (T, B, n_x). A sum over steps and examples is one
product of two long matrices.
"""

import numpy as np


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


def joined(parts: list[np.ndarray]) -> np.ndarray:
    """The stretches of a sequence, one after the other; a single one is not copied."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
