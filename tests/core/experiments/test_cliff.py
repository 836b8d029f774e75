"""The cliff: its gradient is exact, and on the line where the state stands still all is known by hand."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad

from core.experiments.cliff import STEPS, TARGET, cliff, critical_w, fixed_line, step

W, B = (grid.ravel() for grid in np.meshgrid(np.linspace(-6, 8, 11), np.linspace(-4, 3, 9)))


def as_written(w, b, start=0.5):
    """½ (σ(x⟨50⟩) − 0.7)², x⟨t⟩ = w σ(x⟨t−1⟩) + b"""
    sigma = lambda z: 1 / (1 + anp.exp(-z))  # noqa: E731
    x = start
    for _ in range(50):
        x = w * sigma(x) + b
    return (sigma(x) - 0.7) ** 2 / 2, x


def test_loss_and_gradient_against_autograd():
    found = cliff(W, B)
    np.testing.assert_allclose(found.loss, as_written(W, B)[0], rtol=1e-11)
    for argument, exact in enumerate((found.d_w, found.d_b)):
        refereed = elementwise_grad(lambda w, b: as_written(w, b)[0], argument)(W, B)
        np.testing.assert_allclose(exact, refereed, rtol=1e-9, atol=1e-14)
    refereed = elementwise_grad(lambda start: as_written(W, B, start)[1])(np.full(W.shape, 0.5))
    np.testing.assert_allclose(found.reach, refereed, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize(("w", "b"), [(1.0, 0.3), (4.0, -1.5), (5.0, -2.4), (-3.0, 2.0), (6.0, -3.0)])
def test_gradient_against_central_differences(w, b):
    found, h = cliff(w, b), 1e-6
    d_w = (cliff(w + h, b).loss - cliff(w - h, b).loss) / (2 * h)
    d_b = (cliff(w, b + h).loss - cliff(w, b - h).loss) / (2 * h)
    assert [found.d_w, found.d_b] == pytest.approx([d_w, d_b], rel=1e-6, abs=1e-10)


def test_a_grid_is_as_many_pairs():
    grid = cliff(W.reshape(9, 11), B.reshape(9, 11))
    for array in grid:
        assert array.shape == (9, 11)
    for i in (0, 40, 98):
        alone = cliff(float(W[i]), float(B[i]))
        np.testing.assert_allclose([array.ravel()[i] for array in grid], alone, rtol=1e-12, atol=1e-300)


def test_on_the_line_the_state_stands_still():
    """b = .5 − .6224593 w: x⟨t⟩ = .5 for every t, so the loss is that of σ(.5), wherever on the line"""
    w = np.linspace(-4, 4, 9)
    assert fixed_line(1.0) == pytest.approx(0.5 - 0.6224593, abs=5e-8)
    for steps in (1, 7, STEPS):
        np.testing.assert_allclose(cliff(w, fixed_line(w), steps).loss, (0.6224593312 - TARGET) ** 2 / 2, rtol=1e-8)


@pytest.mark.parametrize("w", [0.5, 3.0, 4.0, 4.5, 5.0, 6.0])
def test_on_the_line_the_start_reaches_the_end_by_a_power(w):
    assert cliff(w, fixed_line(w)).reach == pytest.approx((0.23500371220 * w) ** 50, rel=1e-7)


def test_it_explodes_on_the_line_if_and_only_if_the_size_of_w_is_above_its_critical_value():
    assert critical_w() == pytest.approx(4.2552519, abs=5e-8)
    assert cliff(5.0, fixed_line(5.0)).reach == pytest.approx(3178.6, abs=0.05)
    for w in np.linspace(-8, 8, 161):
        assert (abs(cliff(w, fixed_line(w)).reach) > 1) == (abs(w) > critical_w())


def test_a_step_goes_against_the_gradient():
    w, b = 2.0, -0.5
    at = cliff(w, b)
    assert step(w, b, 0.1) == pytest.approx((w - 0.1 * at.d_w, b - 0.1 * at.d_b), rel=1e-12)
    assert cliff(*step(w, b, 0.1)).loss < at.loss
    assert step(w, b, 0.1, limit=1e6) == step(w, b, 0.1)


def test_at_the_wall_a_step_leaps_and_clipping_bounds_it():
    w, b = 5.0, float(fixed_line(5.0))
    free, clipped = step(w, b, 0.1), step(w, b, 0.1, limit=1.0)
    away = [np.subtract(place, (w, b)) for place in (free, clipped)]
    assert np.linalg.norm(away[0]) > 30
    assert np.linalg.norm(away[1]) == pytest.approx(0.1, rel=1e-12)
    np.testing.assert_allclose(away[0] / np.linalg.norm(away[0]), away[1] / np.linalg.norm(away[1]), rtol=1e-12)
