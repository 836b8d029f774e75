"""From gradients to new weights; and clipping, which bounds a step before it is taken."""

from typing import NamedTuple

import numpy as np

from core.parameters import Parameters, norm, tree_map


def gradient_descent(params: Parameters, grads: Parameters, learning_rate: float) -> Parameters:
    """W ← W − α ∂ℒ/∂W"""
    return tree_map(lambda W, g: W - learning_rate * g, params, grads)


BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # as proposed in the paper


class Adam(NamedTuple):
    """Running means of the gradient (m) and of its square (v). Source: Kingma and Ba 2015, algorithm 1."""

    m: Parameters
    v: Parameters
    steps: int = 0

    @classmethod
    def start(cls, params: Parameters) -> "Adam":
        """m = v = 0, each of the shapes of the parameters"""
        return cls(tree_map(np.zeros_like, params), tree_map(np.zeros_like, params))

    def step(self, params: Parameters, grads: Parameters, learning_rate: float) -> tuple[Parameters, "Adam"]:
        """W ← W − α m̂ / (√v̂ + ε), where m̂ and v̂ are m and v corrected for their start at 0"""
        n = self.steps + 1
        m = tree_map(lambda m, g: _sum(BETA1 * m, (1 - BETA1) * g), self.m, grads)
        v = tree_map(lambda v, g: _sum(BETA2 * v, (1 - BETA2) * g * g), self.v, grads)
        m_scale, v_scale = 1 / (1 - BETA1**n), 1 / (1 - BETA2**n)

        def moved(W: np.ndarray, m: np.ndarray, v: np.ndarray) -> np.ndarray:
            step, size = m_scale * m, v_scale * v
            step *= learning_rate  # in place: of many weights a new array is the slow part
            step /= np.add(np.sqrt(size, out=size), EPSILON, out=size)
            return np.subtract(W, step, out=step)

        return tree_map(moved, params, m, v), Adam(m, v, n)


def _sum(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a + b, in the place of a"""
    a += b
    return a


def clip_by_norm(grads: Parameters, limit: float) -> Parameters:
    """g ← g · min(1, limit / ‖g‖): same direction, bounded length. Source: Pascanu et al. 2013, algorithm 1."""
    size = norm(grads)
    return grads if size <= limit else tree_map(lambda g: g * (limit / size), grads)


def clip_by_value(grads: Parameters, limit: float) -> Parameters:
    """Each entry of g into [−limit, limit]: simple, but the direction changes."""
    return tree_map(lambda g: np.clip(g, -limit, limit), grads)


CLIPS = {"off": lambda grads, limit: grads, "norm": clip_by_norm, "value": clip_by_value}
