"""Optimisers against the algorithm as printed, and what clipping keeps and bounds."""

import numpy as np
import pytest

from core.cells import CellWeights
from core.optimisers import CLIPS, Adam, clip_by_norm, clip_by_value, gradient_descent
from core.parameters import Readout, leaves, norm, tree_map


def tree(rng, scale=1.0):
    shapes = {"rnn": CellWeights((4, 4), (4, 6), (4,)), "readout": Readout((2, 4), (2,))}
    return {group: type(arrays)(*(scale * rng.normal(size=s) for s in arrays)) for group, arrays in shapes.items()}


def flat(params):
    return np.concatenate([array.ravel() for _, _, array in leaves(params)])


def test_gradient_descent():
    rng = np.random.default_rng(0)
    params, grads = tree(rng), tree(rng)
    np.testing.assert_array_equal(flat(gradient_descent(params, grads, 0.3)), flat(params) - 0.3 * flat(grads))


@pytest.mark.parametrize("alpha", [0.001, 0.05])
@pytest.mark.parametrize("scale", [1e-7, 1.0, 100.0])
def test_adam_is_algorithm_1_of_its_paper(alpha, scale):
    """Gradients of 1e-7 are so small that ε = 1e-8 matters."""
    rng, b1, b2, eps = np.random.default_rng(1), 0.9, 0.999, 1e-8
    params = tree(rng)
    theta, m, v, adam = flat(params), 0.0, 0.0, Adam.start(params)
    for t in range(1, 31):
        grads = tree(rng, scale)
        params, adam = adam.step(params, grads, alpha)
        g = flat(grads)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
        theta = theta - alpha * m_hat / (np.sqrt(v_hat) + eps)
        np.testing.assert_allclose(flat(params), theta, rtol=1e-12, atol=1e-14)
    assert adam.steps == 30


@pytest.mark.parametrize("limit", [0.1, 1.0, 5.0])
def test_clipping_by_norm_keeps_the_direction_and_bounds_the_length(limit):
    grads = tree(np.random.default_rng(2))
    clipped = clip_by_norm(grads, limit)
    assert norm(grads) > limit
    assert norm(clipped) == pytest.approx(limit, rel=1e-12)
    np.testing.assert_allclose(flat(clipped) / limit, flat(grads) / norm(grads), rtol=1e-12)


@pytest.mark.parametrize("scale", [1e160, 1e300, 1e-160, 1e-170])
def test_a_gradient_whose_squares_leave_the_range_of_numbers_is_clipped_alike(scale):
    grads = tree(np.random.default_rng(2))
    far = tree_map(lambda g: scale * g, grads)
    assert norm(far) == pytest.approx(scale * norm(grads), rel=1e-12)
    limit = min(1.0, scale)
    np.testing.assert_allclose(flat(clip_by_norm(far, limit)), flat(grads) * (limit / norm(grads)), rtol=1e-12)


def test_clipping_by_value_bounds_every_entry_and_leaves_the_small_ones():
    before = flat(grads := tree(np.random.default_rng(3)))
    after = flat(clip_by_value(grads, 0.5))
    large = np.abs(before) > 0.5
    assert 0 < large.sum() < large.size
    np.testing.assert_array_equal(after[~large], before[~large])
    np.testing.assert_array_equal(after[large], 0.5 * np.sign(before[large]))


@pytest.mark.parametrize("name", CLIPS)
def test_clipping_leaves_a_gradient_within_its_limit_and_never_changes_its_argument(name):
    grads = tree(np.random.default_rng(4))
    before = flat(grads).copy()
    np.testing.assert_array_equal(flat(CLIPS[name](grads, 1e6)), before)
    CLIPS[name](grads, 0.1)
    np.testing.assert_array_equal(flat(grads), before)


@pytest.mark.parametrize("name", CLIPS)
def test_clipping_leaves_a_zero_gradient(name):
    zero = tree_map(np.zeros_like, tree(np.random.default_rng(5)))
    np.testing.assert_array_equal(flat(CLIPS[name](zero, 1.0)), flat(zero))


def test_the_course_exercise_on_clipping_by_value():
    """Drawn with NumPy's legacy generator, seed 3, in the order of the exercise; the digits are those it prints."""
    random = np.random.RandomState(3)
    dWax, dWaa, dWya, db, dby = (random.randn(*shape) * 10 for shape in ((5, 3), (5, 5), (2, 5), (5, 1), (2, 1)))
    clipped = clip_by_value({"rnn": CellWeights(dWaa, dWax, db), "readout": Readout(dWya, dby)}, 10)
    assert clipped["rnn"].Waa[1, 2] == 10
    assert clipped["rnn"].Wax[3, 1] == -10
    assert clipped["readout"].Wya[1, 2] == pytest.approx(0.29713815, abs=5e-9)
    assert clipped["rnn"].ba[4] == 10
    assert clipped["readout"].by[1] == pytest.approx(8.45833407, abs=5e-9)
