"""The well-known course exercise on the basic RNN cell, to the digits it prints.

There examples are columns and here they are rows, so what it draws is transposed; its random numbers are NumPy's
legacy ones with seed 1, so the order in which arrays are drawn is part of the exercise.
"""

import numpy as np
import pytest

from core.cells import CELLS, CellWeights, NothingKept, in_steps
from core.losses import softmax_cross_entropy

CELL = CELLS["tanh"]
SHAPES = {"Waa": (5, 5), "Wax": (5, 3), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}


def drawn(*order: str):
    """x⟨t⟩ (10, 3), a⟨t−1⟩ (10, 5), the weights in the order given; and the generator, for what is drawn after"""
    random = np.random.RandomState(1)
    x, a_prev = random.randn(3, 10).T, random.randn(5, 10).T
    w = {name: random.randn(*SHAPES[name]) for name in order}
    return x, a_prev, CellWeights(w["Waa"], w["Wax"], w["ba"][:, 0]), w["Wya"], w["by"][:, 0], random


def test_forward():
    x, a_prev, p, Wya, by, _ = drawn("Waa", "Wax", "Wya", "ba", "by")
    a_next = CELL.step(p, a_prev, x @ p.Wax.T + p.ba)
    y_hat = softmax_cross_entropy((a_next @ Wya.T + by)[None], np.zeros((1, 10), dtype=int)).y_hat[0]
    assert a_next.shape == (10, 5)
    assert y_hat.shape == (10, 2)
    assert a_next[:3, 4] == pytest.approx([0.59584544, 0.18141802, 0.61311866], abs=5e-9)
    assert y_hat[:3, 1] == pytest.approx([0.9888161, 0.01682021, 0.21140899], abs=5e-9)


def test_backward():
    x, a_prev, p, _, _, random = drawn("Wax", "Waa", "Wya", "ba", "by")
    d_a = random.randn(5, 10).T
    input_term = x @ p.Wax.T + p.ba
    slopes = CELL.local_derivatives(np.stack([a_prev, CELL.step(p, a_prev, input_term)]), NothingKept())
    d_a_prev, d_z = CELL.step_back(p, in_steps(slopes, 0), d_a)
    grads = CELL.param_grads(p, NothingKept(), a_prev[None], x[None], d_z[None])
    assert (d_z @ p.Wax)[2, 1] == pytest.approx(-1.3872130506, abs=5e-11)
    assert grads.Waa[1, 2] == pytest.approx(1.1503450668, abs=5e-11)
    assert grads.ba[4] == pytest.approx(0.20023491, abs=5e-9)
    assert d_a_prev.shape == (10, 5)
