"""Who reaches whom: the error of every loss, followed back to every step.

The walk back is linear in what it is seeded with, so no second algorithm is needed: seeded with one row per loss it
gives the whole T × T matrix; seeded with unit vectors it gives the Jacobians.
"""

import numpy as np

from core.backward import BackwardTrace, slopes_of, walk_back
from core.forward import ForwardTrace


def reach(back: BackwardTrace) -> np.ndarray:
    """∂ℒ⟨s⟩/∂state⟨k⟩ for every loss s and step k: (T, T+1, B, n_state), the first index is s − 1, the second is k

    Row s is the walk back with only ℒ⟨s⟩ let in. Over s the rows sum to ∂ℒ/∂state⟨k⟩; for k > s they are 0.
    """
    T, B, n_a = back.from_y.shape
    d_state = np.zeros((T + 1, T, B, back.d_state.shape[-1]))  # step, row, example
    every = np.arange(T)
    d_state[every + 1, every, :, :n_a] = back.from_y
    slopes = back.slopes if B == 1 else np.concatenate([back.slopes] * T, axis=-2)
    walk_back(back.trace, slopes, d_state.reshape(T + 1, T * B, -1))
    return d_state.swapaxes(0, 1)


def reach_norms(back: BackwardTrace) -> np.ndarray:
    """‖∂ℒ⟨s⟩/∂a⟨k⟩‖ (T, T, B) for s, k = 1 … T, at [s − 1, k − 1]"""
    n_a = back.from_y.shape[-1]
    return np.linalg.norm(reach(back)[:, 1:, :, :n_a], axis=-1)


def jacobian(trace: ForwardTrace, s: int, k: int) -> np.ndarray:
    """∂state⟨s⟩/∂state⟨k⟩ of the first example, 0 ≤ k ≤ s ≤ T: row i is a walk that lets in unit vector i at s"""
    T, n = len(trace.slots), trace.state.shape[-1]
    d_state = np.zeros((T + 1, n, n))
    d_state[s] = np.eye(n)
    walk_back(trace, slopes_of(trace)[..., :1, :], d_state)
    return d_state[k]
