"""Jacobians, their sizes and their factors, against differences, and ρ^T where that is known."""

import numpy as np
import pytest

from core.activations import Activation
from core.cells import CELLS, VanillaRNN
from core.forward import forward
from core.gradient_flow import jacobian, jacobian_bound, jacobian_norms, jacobians, norms, one_step_jacobians
from core.initialisers import Initialisation, glorot, orthogonal, spectrum
from core.linalg import input_product
from core.parameters import Readout
from core.structures import STRUCTURES
from tests.helpers.problems import draw

LINEAR = VanillaRNN(Activation(lambda z: z, np.ones_like))


@pytest.mark.parametrize("rho", [0.5, 0.9, 1.0, 1.1, 2.0])
@pytest.mark.parametrize("T", [1, 7, 40])
def test_a_linear_orthogonal_network_scales_the_gradient_by_rho_at_each_step(rho, T):
    """Waa = ρQ and g1(z) = z: ‖∂a⟨T⟩/∂a⟨0⟩‖ = ρ^T"""
    rng, n_a = np.random.default_rng(T), 8
    rnn = LINEAR.start(rng, 5, n_a)._replace(Waa=rho * orthogonal(rng, n_a), ba=rng.normal(size=n_a))
    params = {"rnn": rnn, "readout": Readout(rng.normal(size=(1, n_a)), rng.normal(size=1))}
    trace = forward(LINEAR, params, STRUCTURES["many-to-many, Tx = Ty"](T, T), rng.integers(0, 5, (T, 1)))
    assert np.linalg.norm(jacobian(trace, T, 0), 2) == pytest.approx(rho**T, rel=1e-12)
    assert np.linalg.norm(jacobian(trace, T, T // 2), 2) == pytest.approx(rho ** (T - T // 2), rel=1e-12)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_jacobian_against_differences(cell, structure):
    problem = draw(cell, "sigmoid", structure)
    trace, T, h = problem.forward(), len(problem.slots), 1e-6

    def run(state, k, s):
        """state⟨k⟩ -> state⟨s⟩ of the first example"""
        for t in range(k, s):
            p = problem.params[problem.slots[t].group]
            state = problem.cell.step(p, state, input_product(p.Wax, problem.x[t : t + 1, :1])[0] + p.ba)
        return state[0]

    for k in range(T + 1):
        for s in range(k, T + 1):
            state = trace.state[k, :1]
            moved = [(run(state + h * e, k, s) - run(state - h * e, k, s)) / (2 * h) for e in np.eye(state.size)]
            np.testing.assert_allclose(jacobian(trace, s, k), np.transpose(moved), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_jacobian_is_the_product_of_its_steps(cell, structure):
    trace = draw(cell, "sigmoid", structure).forward()
    one_step, T = one_step_jacobians(trace), len(trace.slots)
    product = np.eye(trace.state.shape[-1])
    every = jacobians(trace, T)
    assert every.shape == (T + 1, *product.shape)
    np.testing.assert_array_equal(every[T], product)
    for k in range(T - 1, -1, -1):
        product = product @ one_step[k]
        np.testing.assert_allclose(every[k], product, rtol=1e-10, atol=1e-13)
        np.testing.assert_array_equal(jacobian(trace, T, k), every[k])
    np.testing.assert_allclose(jacobians(trace, 1), [one_step[0], np.eye(len(product))], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_norms_of_jacobians_of_every_part(cell):
    trace = draw(cell, "sigmoid", "many-to-many, Tx = Ty").forward()
    s, n_a = 4, trace.a.shape[-1]
    for part in (*trace.cell.state_slices(n_a), "state"):
        where = trace.cell.state_slices(n_a).get(part, slice(None))
        measured = jacobian_norms(trace, s, part)
        assert measured.spectral.shape == measured.frobenius.shape == (s + 1,)
        for k in range(s + 1):
            J = jacobian(trace, s, k)[where, where]
            assert measured.spectral[k] == pytest.approx(np.sqrt(np.linalg.eigvalsh(J.T @ J)[-1]), rel=1e-9)
            assert measured.frobenius[k] == pytest.approx(np.sqrt((J**2).sum()), rel=1e-12)


def test_norms_at_the_edges_of_what_a_number_can_be():
    J = np.stack([1e200 * np.eye(3), 1e-200 * np.eye(3), np.full((3, 3), np.inf), np.full((3, 3), np.nan)])
    np.testing.assert_allclose(norms(J).spectral, [1e200, 1e-200, np.inf, np.inf], rtol=1e-14)
    np.testing.assert_allclose(norms(J).frobenius, np.sqrt(3) * np.array([1e200, 1e-200, np.inf, np.inf]), rtol=1e-14)


@pytest.mark.parametrize("cell", ["tanh", "relu"])
@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
def test_no_jacobian_of_the_plain_cell_exceeds_its_bound(cell, radius):
    trace = network(cell, Initialisation("scaled", radius), T=20, seed=3)
    for s in (1, 10, 20):
        limit = jacobian_bound(trace.params["rnn"].Waa, s - np.arange(s + 1))
        assert (jacobian_norms(trace, s).spectral <= limit * (1 + 1e-12)).all()
        assert limit[-1] == 1


def test_the_bound_is_a_power_of_the_norm_of_the_weights():
    W = np.diag([3.0, -0.5])
    np.testing.assert_allclose(jacobian_bound(W, np.arange(4)), [1, 3, 9, 27])
    assert jacobian_bound(W, 10_000) == np.inf


def test_the_spectrum_of_matrices_whose_spectrum_is_known():
    turn = spectrum(0.9 * np.array([[0.0, -1.0], [1.0, 0.0]]))
    assert sorted(turn.eigenvalues, key=np.imag) == pytest.approx([-0.9j, 0.9j])
    np.testing.assert_allclose(turn.singular_values, [0.9, 0.9])
    shear = spectrum(np.array([[0.5, 100.0], [0.0, 0.5]]))  # ρ < 1, yet one step can stretch a hundredfold
    assert shear.radius == pytest.approx(0.5)
    assert shear.sigma_max == pytest.approx(100.0025, rel=1e-6)
    W = np.random.default_rng(0).normal(size=(7, 7))
    assert spectrum(W).sigma_max == pytest.approx(np.linalg.norm(W, 2))


def network(cell: str, how: Initialisation, T: int, seed: int, scaled_to: float | None = None):
    """The forward pass of a network of 16 units on T random words, drawn with a seed as a user would"""
    rng, n_x, n_a = np.random.default_rng(seed), 680, 16
    rnn = CELLS[cell].start(rng, n_x, n_a, how)
    if scaled_to:
        rnn = rnn._replace(Waa=rnn.Waa * scaled_to / np.linalg.norm(rnn.Waa, 2))
    params = {"rnn": rnn, "readout": Readout(glorot(rng, 1, n_a), np.zeros(1))}
    return forward(CELLS[cell], params, STRUCTURES["many-to-many, Tx = Ty"](T, T), rng.integers(0, n_x, (T, 1)))


@pytest.mark.parametrize("seed", [0, 1])
def test_weights_of_norm_2_need_not_explode(seed):
    """tanh, ‖Waa‖₂ = 2, 50 steps: the bound is 2^50 ≈ 10^15, ‖∂a⟨50⟩/∂a⟨0⟩‖ about 10⁻⁶."""
    trace = network("tanh", Initialisation("glorot"), T=50, seed=seed, scaled_to=2.0)
    measured, Waa = jacobian_norms(trace, 50).spectral[0], trace.params["rnn"].Waa
    assert spectrum(Waa).sigma_max == pytest.approx(2)
    assert jacobian_bound(Waa, 50) == pytest.approx(2.0**50)
    assert 1e-7 < measured < 1e-5


@pytest.mark.parametrize("seed", range(5))
def test_twice_a_rotation_does_explode_but_far_below_its_bound(seed):
    """An orthogonal Waa stretches every direction alike, so it leaves the gradient more than other Waa of that norm."""
    measured = jacobian_norms(network("tanh", Initialisation("orthogonal", 2.0), T=50, seed=seed), 50).spectral[0]
    assert 10 < measured < 1e6 < 2.0**50
