"""Never trust a gradient: every weight of every cell × loss × structure, against differences and against a referee."""

from dataclasses import replace

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from problems import N_X, Problem, draw

from core.cells import CELLS
from core.gradient_check import central_difference, nudged, relative_error
from core.parameters import leaves, tree_map
from core.structures import SILENT
from core.vocabulary import one_hot

DIFFERENCE = 1e-6
REFEREE = 1e-10


def assert_gradients_are_differences(problem: Problem):
    def total(params):
        return problem.loss(params).total

    for group, name, exact in leaves(problem.backward().grads):
        indices = np.ndindex(exact.shape)
        numeric = [central_difference(total, problem.params, group, name, index) for index in indices]
        assert relative_error(exact.ravel(), numeric) < DIFFERENCE, f"{group}.{name}"


def test_every_weight_against_central_differences(problem):
    assert_gradients_are_differences(problem)


def test_every_weight_against_central_differences_where_inputs_are_measured(measured):
    assert_gradients_are_differences(measured)


def test_no_gradient_is_zero_but_where_nothing_came_before(problem):
    """Else the tests above could pass on zeros. A network of one step has no past: a⟨0⟩ = 0, so ∂ℒ/∂Waa = 0."""
    zero = {f"{group}.{name}" for group, name, array in leaves(problem.backward().grads) if not array.any()}
    assert zero == ({"rnn.Waa"} if len(problem.slots) == 1 else set())


# An independent referee: equations (1)–(3) as they stand in the notes, differentiated by the package autograd ---------

G1 = {"tanh": anp.tanh, "relu": lambda z: anp.maximum(z, 0.0)}
G2 = {"sigmoid": lambda z: 1 / (1 + anp.exp(-z)), "softmax": lambda z: anp.exp(z) / anp.sum(anp.exp(z))}
LOSS = {
    "sigmoid": lambda y_hat, y: -y * anp.log(y_hat[0]) - (1 - y) * anp.log(1 - y_hat[0]),
    "softmax": lambda y_hat, y: -anp.log(y_hat[y]),
}


def as_written(weights: dict, problem: Problem, x: np.ndarray):
    """ℒ, mean over examples;  weights: plain dicts of arrays, x (T, B, n_x) dense"""
    g1, g2, loss = G1[problem.cell_name], G2[problem.loss_name], LOSS[problem.loss_name]
    T, B, _ = x.shape
    total = 0.0
    for b in range(B):
        a = anp.zeros(len(weights["readout"]["Wya"][0]))
        for t in range(T):
            w, out = weights[problem.slots[t].group], weights["readout"]
            a = g1(anp.dot(w["Waa"], a) + anp.dot(w["Wax"], x[t, b]) + w["ba"])  # eq. (1)
            y_hat = g2(anp.dot(out["Wya"], a) + out["by"])
            if problem.targets[t, b] != SILENT:
                total = total + loss(y_hat, problem.targets[t, b])  # eq. (2), (3)
    return total / B


def assert_referee_agrees(problem: Problem, x: np.ndarray):
    weights = {group: arrays._asdict() for group, arrays in problem.params.items()}
    assert problem.loss().total == pytest.approx(as_written(weights, problem, x), rel=1e-12)
    refereed = grad(as_written)(weights, problem, x)
    for group, name, exact in leaves(problem.backward().grads):
        np.testing.assert_allclose(exact, refereed[group][name], rtol=REFEREE, atol=REFEREE, err_msg=f"{group}.{name}")


def test_every_weight_against_autograd(problem):
    assert_referee_agrees(problem, one_hot(problem.x, N_X))


def test_every_weight_against_autograd_where_inputs_are_measured(measured):
    assert_referee_agrees(measured, measured.x)


def test_ids_and_one_hot_vectors_are_the_same_input(problem):
    dense = replace(problem, x=one_hot(problem.x, N_X))
    np.testing.assert_allclose(problem.forward().logits, dense.forward().logits, rtol=1e-12, atol=1e-12)
    tree_map(
        lambda ids, vectors: np.testing.assert_allclose(ids, vectors, rtol=1e-12, atol=1e-12),
        problem.backward().grads,
        dense.backward().grads,
    )


# One step: backward is the transpose of the linear map that forward is nearby -----------------------------------------


@pytest.fixture(params=CELLS)
def step(request):
    """A cell, its weights, and one step on four examples: (cell, p, a_prev, from_x, slope, d_a)"""
    cell, rng, n_a = CELLS[request.param], np.random.default_rng(11), 6
    p = type(cell.start(rng, N_X, n_a))(*(rng.normal(size=W.shape) for W in cell.start(rng, N_X, n_a)))
    a_prev, from_x, d_a = rng.normal(size=(3, 4, n_a))
    assert np.abs(a_prev @ p.Waa.T + from_x).min() > 1e-3  # away from the kink of ReLU
    slope = cell.slopes(np.stack([a_prev, cell.step(p, a_prev, from_x)]))[0]
    assert np.count_nonzero(slope) > 0
    return cell, p, a_prev, from_x, slope, d_a


H = 1e-5


def test_step_back_is_the_transpose_of_step(step):
    cell, p, a_prev, from_x, slope, d = step
    nudge = np.random.default_rng(1).normal(size=a_prev.shape)
    d_prev, d_z = cell.step_back(p, slope, d)
    moved = (cell.step(p, a_prev + H * nudge, from_x) - cell.step(p, a_prev - H * nudge, from_x)) / (2 * H)
    assert (d * moved).sum() == pytest.approx((d_prev * nudge).sum(), rel=1e-6)
    moved = (cell.step(p, a_prev, from_x + H * nudge) - cell.step(p, a_prev, from_x - H * nudge)) / (2 * H)
    assert (d * moved).sum() == pytest.approx((d_z * nudge).sum(), rel=1e-6)


def test_param_grads_is_the_transpose_of_step(step):
    cell, p, a_prev, _, _, d = step
    rng = np.random.default_rng(2)
    x, nudge = rng.normal(size=(4, N_X)), type(p)(*(rng.normal(size=W.shape) for W in p))

    def run(h):
        q = type(p)(*(W + h * n for W, n in zip(p, nudge, strict=True)))
        return cell.step(q, a_prev, x @ q.Wax.T + q.ba)

    slope = cell.slopes(np.stack([a_prev, run(0)]))[0]
    grads = cell.param_grads(p, a_prev[None], x[None], cell.step_back(p, slope, d)[1][None])
    moved = (run(H) - run(-H)) / (2 * H)
    assert (d * moved).sum() == pytest.approx(sum((g * n).sum() for g, n in zip(grads, nudge, strict=True)), rel=1e-6)


def test_step_back_is_linear_and_its_rows_do_not_see_each_other(step):
    cell, p, a_prev, _, slope, d = step
    e = np.random.default_rng(3).normal(size=a_prev.shape)
    answers = (cell.step_back(p, slope, asked) for asked in (2 * d - 3 * e, d, e))
    for of_sum, of_d, of_e in zip(*answers, strict=True):
        np.testing.assert_allclose(of_sum, 2 * of_d - 3 * of_e, rtol=1e-12, atol=1e-12)
    for row in range(len(d)):
        alone = cell.step_back(p, slope[row : row + 1], d[row : row + 1])
        for of_row, of_all in zip(alone, cell.step_back(p, slope, d), strict=True):
            np.testing.assert_allclose(of_row[0], of_all[row], rtol=1e-12, atol=1e-12)


# Eq. (4): what each step adds, and the two streams --------------------------------------------------------------------


def test_shares_of_all_steps_sum_to_the_gradient(problem):
    back = problem.backward()
    shares = [back.share(t) for t in range(1, len(problem.slots) + 1)]
    summed = tree_map(lambda *parts: sum(parts), *shares)
    for (_, name, total), (_, _, exact) in zip(leaves(summed), leaves(back.grads), strict=True):
        np.testing.assert_allclose(total, exact, rtol=1e-12, atol=1e-12, err_msg=name)


def test_a_share_is_an_outer_product(one_example):
    """∂ℒ/∂Waa|(t) = δ⟨t⟩ a⟨t−1⟩ᵀ, ∂ℒ/∂Wax|(t) = δ⟨t⟩ x⟨t⟩ᵀ, ∂ℒ/∂ba|(t) = δ⟨t⟩, δ⟨t⟩ = ∂ℒ/∂z⟨t⟩"""
    trace, back, x = one_example.forward(), one_example.backward(), one_hot(one_example.x, N_X)
    for t, slot in enumerate(one_example.slots, start=1):
        share, delta = back.share(t), back.d_z[t - 1, 0]
        np.testing.assert_allclose(share[slot.group].Waa, np.outer(delta, trace.a[t - 1, 0]), rtol=1e-12)
        np.testing.assert_allclose(share[slot.group].Wax, np.outer(delta, x[t - 1, 0]), rtol=1e-12)
        np.testing.assert_allclose(share[slot.group].ba, delta, rtol=1e-12)
        np.testing.assert_allclose(share["readout"].Wya, np.outer(back.d_logits[t - 1, 0], trace.a[t, 0]), rtol=1e-12)
        idle = {slot.group for slot in one_example.slots} - {slot.group}
        assert not any(array.any() for group in idle for array in share[group])


def test_share_norms_are_the_norms_of_the_shares(problem):
    back = problem.backward()
    norms = back.share_norms()
    assert norms.keys() == {f"{group}.{name}" for group, name, _ in leaves(problem.params)}
    for t in range(1, len(problem.slots) + 1):
        for group, name, share in leaves(back.share(t)):
            assert norms[f"{group}.{name}"][t - 1] == pytest.approx(np.sqrt((share**2).sum()), rel=1e-12)


def test_two_streams_meet_at_every_state(problem):
    """∂ℒ/∂a⟨t⟩ = Wyaᵀ ∂ℒ/∂logits⟨t⟩ + Waaᵀ ∂ℒ/∂z⟨t+1⟩, and ∂ℒ/∂z⟨t⟩ = g1'(z⟨t⟩) ⊙ ∂ℒ/∂a⟨t⟩, written out for each t"""
    back, T = problem.backward(), len(problem.slots)
    assert not back.carried[T].any()
    for t in range(T + 1):
        from_y = back.d_logits[t - 1] @ problem.params["readout"].Wya if t > 0 else np.zeros_like(back.d_a[0])
        from_next = back.d_z[t] @ problem.params[problem.slots[t].group].Waa if t < T else np.zeros_like(back.d_a[0])
        np.testing.assert_allclose(back.carried[t], from_next, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(back.d_a[t], from_y + from_next, rtol=1e-12, atol=1e-14)
        if t > 0:
            np.testing.assert_allclose(back.from_y[t - 1], from_y, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(back.d_z[t - 1], back.slopes[t - 1] * back.d_a[t], rtol=1e-12, atol=1e-14)


def test_one_example_alone_and_among_others_are_the_same(problem):
    """ℒ is the mean over examples: three examples have a third of the sum of their own gradients."""
    B = problem.x.shape[1]
    alone = [
        replace(problem, x=problem.x[:, b : b + 1], targets=problem.targets[:, b : b + 1]).backward().grads
        for b in range(B)
    ]
    for group, name, exact in leaves(problem.backward().grads):
        mean = sum(getattr(grads[group], name) for grads in alone) / B
        np.testing.assert_allclose(exact, mean, rtol=1e-12, atol=1e-12, err_msg=f"{group}.{name}")


# The check that the page offers ---------------------------------------------------------------------------------------


def test_gradient_check_finds_a_slope():
    params = draw("tanh", "sigmoid", "one-to-one").params
    slope = central_difference(lambda p: float((p["rnn"].ba ** 3).sum()), params, "rnn", "ba", (2,))
    assert slope == pytest.approx(3 * params["rnn"].ba[2] ** 2, rel=1e-6)


def test_gradient_check_moves_one_weight_only():
    params = draw("tanh", "softmax", "one-to-one").params
    moved = nudged(params, "readout", "Wya", (0, 3), by=0.25)
    before, after = (np.concatenate([array.ravel() for _, _, array in leaves(tree)]) for tree in (params, moved))
    assert np.count_nonzero(after - before) == 1
    assert moved["readout"].Wya[0, 3] - params["readout"].Wya[0, 3] == pytest.approx(0.25)


@pytest.mark.parametrize(("a", "b", "error"), [(1.0, 1.0, 0), (0.0, 0.0, 0), (1.0, -1.0, 1), ([3, 0], [0, 4], 5 / 7)])
def test_relative_error(a, b, error):
    assert relative_error(a, b) == pytest.approx(error)
