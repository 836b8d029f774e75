"""Never trust a gradient: move one weight a little both ways, and see what the loss does."""

from collections.abc import Callable

import numpy as np

from core.parameters import Parameters

Index = tuple[int, ...]


def nudged(params: Parameters, group: str, name: str, index: Index, by: float) -> Parameters:
    """A copy in which one weight is larger by `by`; all other arrays are shared with the original."""
    array = getattr(params[group], name).copy()
    array[index] += by
    return params | {group: params[group]._replace(**{name: array})}


def central_difference(
    loss: Callable[[Parameters], float], params: Parameters, group: str, name: str, index: Index, eps: float = 1e-5
) -> float:
    """(ℒ(w + ε) − ℒ(w − ε)) / 2ε, off from ∂ℒ/∂w by a multiple of ε² and by rounding of about 1e-16 ℒ/ε"""
    up, down = (loss(nudged(params, group, name, index, sign * eps)) for sign in (+1, -1))
    return (up - down) / (2 * eps)


def relative_error(a: np.ndarray | float, b: np.ndarray | float) -> float:
    """‖a − b‖ / (‖a‖ + ‖b‖), and 0 where both are 0"""
    scale = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(np.subtract(a, b)) / scale) if scale else 0.0
