"""Who reaches whom: one linear question asked many times must give what BPTT gives, and ρ^T where that is known."""

import numpy as np
import pytest
from problems import draw

from core.cells import CELLS, Activation, Vanilla
from core.flow import jacobian, reach, reach_norms
from core.forward import forward
from core.parameters import Readout, orthogonal
from core.products import columns
from core.structures import STRUCTURES

EXACT = {"rtol": 1e-12, "atol": 1e-12}


def test_rows_sum_to_bptt(problem):
    back = problem.backward()
    assert back.d_a.any()
    np.testing.assert_allclose(reach(back).sum(axis=0), back.d_state, **EXACT)


def test_each_row_is_the_walk_back_of_one_loss(problem):
    rows = reach(problem.backward())
    for s in range(1, len(problem.slots) + 1):
        np.testing.assert_allclose(rows[s - 1], problem.only_due_at(s).backward().d_state, **EXACT)


def test_no_loss_reaches_what_comes_after_it(problem):
    rows, T = reach(problem.backward()), len(problem.slots)
    assert rows.shape == (T, T + 1, *problem.forward().state.shape[1:])
    for s in range(1, T + 1):
        assert not rows[s - 1, s + 1 :].any()
        assert rows[s - 1, s].any() == problem.slots[s - 1].answers or not (problem.targets[s - 1] >= 0).any()


def test_norms_are_the_norms_of_the_rows(problem):
    back = problem.backward()
    np.testing.assert_allclose(
        reach_norms(back), np.sqrt((reach(back)[:, 1:, :, : problem.n_a] ** 2).sum(axis=-1)), **EXACT
    )


LINEAR = Vanilla(Activation(lambda z: z, np.ones_like))


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
            state = problem.cell.step(p, state, columns(p.Wax, problem.x[t : t + 1, :1])[0] + p.ba)
        return state[0]

    for k in range(T + 1):
        for s in range(k, T + 1):
            state = trace.state[k, :1]
            moved = [(run(state + h * e, k, s) - run(state - h * e, k, s)) / (2 * h) for e in np.eye(state.size)]
            np.testing.assert_allclose(jacobian(trace, s, k), np.transpose(moved), rtol=1e-6, atol=1e-8)
