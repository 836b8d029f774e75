"""One gradient taken apart: its gains end on the credit matrix's number, also where ρ = 0 and slopes undo it"""

import numpy as np
import pytest

from core.activations import Activation
from core.cells import CELLS, VanillaRNN
from core.forward import forward
from core.gradient_flow import (
    Factors,
    Shares,
    along_gradient,
    backward_per_loss,
    jacobian,
    jacobian_bound,
    log_power_norms,
    one_step_jacobians,
)
from core.initialisers import spectrum
from core.parameters import Readout
from core.structures import STRUCTURES
from tests.helpers.problems import draw

CLOSE = {"rtol": 1e-12}
SHEAR = 4 * np.array([[1.0, 1.0], [-1.0, -1.0]])  # ρ = 0 and W² = 0, yet slopes that differ undo it


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_the_gains_end_on_the_number_of_the_credit_matrix(cell, structure):
    back = draw(cell, "sigmoid", structure, B=1).backward()
    per_loss, _ = backward_per_loss(back)
    T = len(back.trace.slots)
    for s in range(1, T + 1):
        if back.trace.slots[s - 1].answers:
            for k in range(s):
                start, end = np.linalg.norm(per_loss[[s, k], s - 1, 0], axis=-1)
                split = along_gradient(back.trace, per_loss[s, s - 1, 0], s, k)
                assert len(split.gain) == s - k or not split.gain.all() or not start
                np.testing.assert_allclose(start * np.prod(split.gain), end, atol=1e-300, **CLOSE)


@pytest.mark.parametrize("cell", ["tanh", "relu"])
def test_the_factors_of_the_plain_cell_are_those_of_its_equations(cell):
    trace = draw(cell, "sigmoid", "many-to-many, Tx = Ty", B=1).forward()
    T, Waa = len(trace.slots), trace.params["rnn"].Waa
    g = np.random.default_rng(0).normal(size=trace.a.shape[-1])
    split = along_gradient(trace, g, T)
    assert isinstance(split, Factors)
    for slope, weights, t in zip(*split, range(T, 0, -1), strict=True):
        a = trace.a[t, 0]
        left = g * (1 - a**2 if cell == "tanh" else a > 0)
        assert slope == pytest.approx(np.linalg.norm(left) / np.linalg.norm(g), rel=1e-12)
        assert slope <= 1
        g = Waa.T @ left
        assert weights == pytest.approx(np.linalg.norm(g) / np.linalg.norm(left), rel=1e-12)
        assert weights <= spectrum(Waa).sigma_max * (1 + 1e-12)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_the_shares_of_a_gated_cell_are_parts_of_the_vector_that_arrives(cell):
    """Written from the equations: the GRU's memory hands on 1 − Γu, the LSTM's Γf of all that has reached c⟨t⟩"""
    trace = draw(cell, "sigmoid", "many-to-many, Tx = Ty", B=1).forward()
    T, n = len(trace.slots), trace.a.shape[-1]
    g, steps = np.random.default_rng(0).normal(size=trace.state.shape[-1]), one_step_jacobians(trace)
    split = along_gradient(trace, g, T)
    assert isinstance(split, Shares)
    for memory, gates, t in zip(*split, range(T, 0, -1), strict=True):
        if cell == "gru":
            kept = g * (1 - trace.kept.u[t - 1, 0])
        else:
            f, o, tanh_c = (getattr(trace.kept, name)[t - 1, 0] for name in ("f", "o", "tanh_c"))
            kept = np.concatenate([np.zeros(n), f * (g[n:] + g[:n] * o * (1 - tanh_c**2))])
        arrives = steps[t - 1].T @ g
        e = arrives / np.linalg.norm(arrives)
        assert memory == pytest.approx(kept @ e / np.linalg.norm(g), rel=1e-12, abs=1e-14)
        assert gates == pytest.approx((arrives - kept) @ e / np.linalg.norm(g), rel=1e-12, abs=1e-14)
        assert memory + gates == pytest.approx(np.linalg.norm(arrives) / np.linalg.norm(g), rel=1e-12)
        g = arrives


def test_only_the_shares_of_the_gru_can_be_negative():
    """The LSTM's memory part is all in c, and the rest all in a: at right angles"""
    lowest = {"gru": np.inf, "lstm": np.inf}
    for cell in lowest:
        for seed in range(30):
            trace = draw(cell, "sigmoid", "many-to-many, Tx = Ty", seed=seed, B=1).forward()
            g = np.random.default_rng(seed).normal(size=trace.state.shape[-1])
            lowest[cell] = min(lowest[cell], np.min(along_gradient(trace, g, len(trace.slots))))
    assert lowest["gru"] < 0 <= lowest["lstm"]


def slopes_of(*slopes: float) -> VanillaRNN:
    """A cell whose units have these slopes wherever they are"""
    return VanillaRNN(Activation(lambda z: z, lambda a: np.broadcast_to(slopes, a.shape)))


def plain(cell: VanillaRNN, Waa: np.ndarray, T: int):
    n = len(Waa)
    params = {"rnn": cell.start(np.random.default_rng(0), 1, n)._replace(Waa=Waa)}
    params["readout"] = Readout(np.ones((1, n)), np.zeros(1))
    return forward(cell, params, STRUCTURES["many-to-many, Tx = Ty"](T, T), np.zeros((T, 1), dtype=int))


def test_slopes_can_undo_a_radius_of_0():
    """W = 4·[[1, 1], [−1, −1]]: ρ = 0 and W² = 0; with slopes 1 and ½, ‖(DW)²⁰‖ = 3.3e6"""
    assert spectrum(SHEAR).radius < 1e-7
    np.testing.assert_array_equal(log_power_norms(SHEAR, 3), [0, np.log10(8), -np.inf, -np.inf])
    trace = plain(slopes_of(1.0, 0.5), SHEAR, 20)
    assert np.linalg.norm(jacobian(trace, 20, 0), 2) == pytest.approx(3.3e6, rel=0.01)
    split = along_gradient(trace, np.array([1.0, 0.0]), 20)
    assert np.prod(split.gain) > 1e6
    assert (split.slope <= 1).all()
    nothing = along_gradient(plain(slopes_of(1.0, 1.0), SHEAR, 20), np.array([1.0, 0.0]), 20)
    assert len(nothing.gain) == 2  # without slopes it is gone after two steps
    assert nothing.gain[-1] == 0


def test_a_slope_of_0_ends_the_way():
    split = along_gradient(plain(slopes_of(0.0, 0.0), SHEAR, 5), np.array([1.0, 2.0]), 5)
    assert split.slope.tolist() == [0]
    assert split.weights.tolist() == [1]
    assert along_gradient(plain(slopes_of(1.0, 1.0), SHEAR, 5), np.zeros(2), 5).gain.tolist() == []


def test_no_gain_exceeds_the_bound_and_the_powers_are_those_of_the_matrix():
    for seed in range(200):
        rng = np.random.default_rng(seed)
        Waa = rng.normal(size=(6, 6)) * rng.choice([0.2, 0.5, 1.0])
        trace = plain(CELLS[rng.choice(["tanh", "relu"])], Waa, 12)
        split = along_gradient(trace, rng.normal(size=6), 12)
        n = len(split.gain)
        measured = np.cumprod(split.gain)
        assert (measured <= jacobian_bound(Waa, np.arange(1, n + 1)) * (1 + 1e-12)).all()
        if jacobian_bound(Waa, 1) < 1:
            assert measured[-1] < 1
        powers = [np.linalg.norm(np.linalg.matrix_power(Waa, d), 2) for d in range(13)]
        np.testing.assert_allclose(10 ** log_power_norms(Waa, 12), powers, rtol=1e-9)


def test_long_products_leave_the_range_of_numbers_unharmed():
    assert log_power_norms(1e6 * np.eye(3), 200)[-1] == pytest.approx(1200)
    split = along_gradient(plain(slopes_of(1.0, 1.0), 1e-6 * np.eye(2), 200), np.ones(2), 200)
    np.testing.assert_allclose(split.weights, np.full(200, 1e-6), rtol=1e-12)
