"""Who reaches whom: the error of every loss, followed back to every step.

The walk back is linear in what it is seeded with, so no second algorithm is needed: seeded with one row per loss it
gives the whole T × T matrix; seeded with unit vectors it gives the Jacobians.
"""

import numpy as np

from core.backward import BackwardTrace, slopes_of, walk_back
from core.forward import ForwardTrace


def reach(back: BackwardTrace) -> np.ndarray:
    """∂ℒ⟨s⟩/∂a⟨k⟩ for every loss s and step k: (T, T+1, B, n_a), the first index is s − 1, the second is k

    Row s is the walk back with only ℒ⟨s⟩ let in. Over s the rows sum to ∂ℒ/∂a⟨k⟩; for k > s they are 0.
    """
    T, B, n = back.from_y.shape
    d_state = np.zeros((T + 1, T, B, n))  # step, row, example
    every = np.arange(T)
    d_state[every + 1, every] = back.from_y
    slopes = np.repeat(back.slopes[:, None], T, axis=1).reshape(T, T * B, -1) if B > 1 else back.slopes
    walk_back(back.trace, d_state.reshape(T + 1, T * B, n), slopes)
    return d_state.swapaxes(0, 1)


def reach_norms(back: BackwardTrace) -> np.ndarray:
    """‖∂ℒ⟨s⟩/∂a⟨k⟩‖ (T, T, B) for s, k = 1 … T, at [s − 1, k − 1]"""
    return np.linalg.norm(reach(back)[:, 1:], axis=-1)


def jacobian(trace: ForwardTrace, s: int, k: int) -> np.ndarray:
    """∂a⟨s⟩/∂a⟨k⟩ (n_a, n_a) of the first example, 0 ≤ k ≤ s ≤ T: row i is a walk seeded with unit vector i at s"""
    T, n = len(trace.slots), trace.state.shape[-1]
    d_state = np.zeros((T + 1, n, n))
    d_state[s] = np.eye(n)
    walk_back(trace, d_state, slopes_of(trace)[:, :1])
    return d_state[k]
