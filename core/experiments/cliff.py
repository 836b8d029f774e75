"""The cliff: a network of one unit, x⟨t⟩ = w σ(x⟨t−1⟩) + b, whose loss over its two weights has a wall.

After 50 steps it should answer 0.7. For most weights so many steps forget where they started, and the loss is smooth.
Along the wall they magnify the smallest change instead, and a gradient step taken there lands far away. Everything is
computed for one pair (w, b) or for a whole grid of them at once. Source: Pascanu et al. 2013.
"""

from typing import NamedTuple

import numpy as np

from core.activations import sigmoid
from core.optimisers import clip_by_norm, gradient_descent

STEPS = 50
START = 0.5  # x⟨0⟩
TARGET = 0.7


class Weights(NamedTuple):
    """All that this network has"""

    w: np.ndarray
    b: np.ndarray


class Cliff(NamedTuple):
    """Each like w and b, which may be numbers or grids"""

    loss: np.ndarray
    d_w: np.ndarray  # ∂ℒ/∂w
    d_b: np.ndarray  # ∂ℒ/∂b
    reach: np.ndarray  # ∂x⟨50⟩/∂x⟨0⟩


def cliff(w: np.ndarray | float, b: np.ndarray | float, steps: int = STEPS) -> Cliff:
    """ℒ = ½ (σ(x⟨50⟩) − 0.7)², and its gradient by backpropagation through time

    The answer is σ(x⟨50⟩), as 0.7 is a value of σ; so ℒ stays below ½ and the wall can be drawn whole.
    """
    x = [np.full(np.broadcast_shapes(np.shape(w), np.shape(b)), START)]
    for _ in range(steps):
        x.append(w * sigmoid(x[-1]) + b)
    y_hat = sigmoid(x[-1])
    d_x = (y_hat - TARGET) * y_hat * (1 - y_hat)
    d_w, d_b, reach = np.zeros_like(y_hat), np.zeros_like(y_hat), np.ones_like(y_hat)
    for x_prev in reversed(x[:-1]):
        s = sigmoid(x_prev)
        factor = w * s * (1 - s)  # ∂x⟨t⟩/∂x⟨t−1⟩ = w σ'(x⟨t−1⟩)
        d_w, d_b = d_w + d_x * s, d_b + d_x
        d_x, reach = d_x * factor, reach * factor
    return Cliff((y_hat - TARGET) ** 2 / 2, d_w, d_b, reach)


def step(w: float, b: float, learning_rate: float, limit: float | None = None) -> tuple[float, float]:
    """W ← W − α ∂ℒ/∂W; with a limit, a gradient longer than that keeps its direction and gets that length."""
    at = cliff(w, b)
    grads = {"rnn": Weights(at.d_w, at.d_b)}
    if limit is not None:
        grads = clip_by_norm(grads, limit)
    moved = gradient_descent({"rnn": Weights(np.array(w), np.array(b))}, grads, learning_rate)["rnn"]
    return float(moved.w), float(moved.b)


def fixed_line(w: np.ndarray | float) -> np.ndarray:
    """b = ½ − σ(½) w: there x⟨t⟩ = ½ for all t, and ∂x⟨50⟩/∂x⟨0⟩ = (σ'(½) w)^50"""
    return START - sigmoid(np.array(START)) * w


def critical_w() -> float:
    """On that line the gradient explodes if and only if |w| is above 1 / σ'(½) = 4.255"""
    s = sigmoid(np.array(START))
    return float(1 / (s * (1 - s)))
