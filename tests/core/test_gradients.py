"""Never trust a gradient: every weight of every cell × loss × structure, against differences and against a referee."""

from dataclasses import replace

import numpy as np
import pytest

from core.cells import CELLS, in_steps, named
from core.data.vocabulary import one_hot
from core.gradient_check import central_difference, nudged, relative_error
from core.parameters import leaves, tree_map
from core.structures import STRUCTURES
from tests.helpers import referee
from tests.helpers.problems import N_A, N_X, Problem, draw

DIFFERENCE = {"rtol": 1e-6, "atol": 1e-9}  # atol: ε² = 1e-10 and the rounding that `central_difference` documents
REFEREE = 1e-10


def assert_gradients_are_differences(problem: Problem):
    def total(params):
        return problem.loss(params).total

    for group, name, exact in leaves(problem.backward().grads):
        indices = np.ndindex(exact.shape)
        numeric = [central_difference(total, problem.params, group, name, index) for index in indices]
        np.testing.assert_allclose(numeric, exact.ravel(), err_msg=f"{group}.{name}", **DIFFERENCE)


@pytest.mark.slow
def test_every_weight_against_central_differences(problem):
    assert_gradients_are_differences(problem)


@pytest.mark.slow
def test_every_weight_against_central_differences_where_inputs_are_measured(measured):
    assert_gradients_are_differences(measured)


def test_no_gradient_is_zero_but_where_nothing_came_before(problem):
    """Else the tests above could pass on zeros. A network of one step has no past: a⟨0⟩ = 0, so ∂ℒ/∂Waa = 0."""
    zero = {f"{group}.{name}" for group, name, array in leaves(problem.backward().grads) if not array.any()}
    assert zero == ({"rnn.Waa"} if len(problem.slots) == 1 else set())


# The referee: the equations as they stand in the notes, and autograd --------------------------------------------------


def assert_referee_agrees(problem: Problem, x: np.ndarray):
    weights = referee.apart(problem.params, problem.cell_name)
    assert problem.loss().total == pytest.approx(referee.total(weights, problem, x), rel=1e-12)
    refereed = referee.gradients(weights, problem, x)
    for group, arrays in referee.apart(problem.backward().grads, problem.cell_name).items():
        for name, exact in arrays.items():
            told = refereed[group][name]
            np.testing.assert_allclose(exact, told, rtol=REFEREE, atol=REFEREE, err_msg=f"{group}.{name}")


def test_every_weight_against_autograd(problem):
    assert_referee_agrees(problem, one_hot(problem.x, N_X))


def test_every_weight_against_autograd_where_inputs_are_measured(measured):
    assert_referee_agrees(measured, measured.x)


def started(problem: Problem) -> Problem:
    """The same from a state of its own for each example"""
    return replace(problem, start=np.random.default_rng(5).normal(size=(problem.x.shape[1], problem.n_state)))


def test_every_weight_input_and_start_against_autograd_from_any_start(measured):
    problem = started(measured)
    back, weights = problem.backward(), referee.apart(problem.params, problem.cell_name)
    at = (weights, problem, problem.x, problem.start)
    assert problem.loss().total == pytest.approx(referee.total(*at), rel=1e-12)
    told = referee.gradients(*at)
    for group, arrays in referee.apart(back.grads, problem.cell_name).items():
        for name, exact in arrays.items():
            np.testing.assert_allclose(exact, told[group][name], rtol=REFEREE, atol=REFEREE, err_msg=f"{group}.{name}")
    d_x = [back.d_x(t) for t in range(1, len(problem.slots) + 1)]
    np.testing.assert_allclose(d_x, referee.input_gradients(*at), rtol=REFEREE, atol=REFEREE)
    np.testing.assert_allclose(back.d_state[0], referee.start_gradients(*at), rtol=REFEREE, atol=REFEREE)
    assert back.d_state[0].any(), "else this could pass on zeros"


def test_the_input_gradient_of_an_id_is_that_of_its_one_hot_vector(problem):
    dense = replace(problem, x=one_hot(problem.x, N_X)).backward()
    for t in range(1, len(problem.slots) + 1):
        np.testing.assert_allclose(problem.backward().d_x(t), dense.d_x(t), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_two_halves_of_a_sequence_are_the_whole(cell):
    """The second half starts where the first one ends, forward and backward"""
    whole = started(draw(cell, "softmax", "many-to-many, Tx = Ty", vectors=True))
    cut = len(whole.slots) // 2
    parts = {"slots": whole.slots[cut:], "x": whole.x[cut:], "targets": whole.targets[cut:]}
    second = replace(whole, **parts, start=whole.forward().state[cut])
    np.testing.assert_array_equal(second.forward().state, whole.forward().state[cut:])
    later_only = replace(whole, targets=np.where(np.arange(len(whole.slots))[:, None] < cut, -1, whole.targets))
    np.testing.assert_allclose(second.backward().d_state[0], later_only.backward().d_state[cut], rtol=1e-12)


def test_one_start_serves_all_examples_and_another_size_is_refused():
    problem = draw("lstm", "softmax", "many-to-many, Tx = Ty")
    start = np.arange(problem.n_state) / 10
    one, each = replace(problem, start=start), replace(problem, start=np.tile(start, (problem.x.shape[1], 1)))
    np.testing.assert_array_equal(one.forward().state, each.forward().state)
    with pytest.raises(ValueError, match="broadcast"):
        replace(problem, start=start[1:]).forward()


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
    """A cell, its weights, and one step on four examples: (cell, p, state, input_term, slope, d_state)"""
    cell, rng, n_a = CELLS[request.param], np.random.default_rng(11), 6
    p = type(cell.start(rng, N_X, n_a))(*(rng.normal(size=W.shape) for W in cell.start(rng, N_X, n_a)))
    state, d_state = rng.normal(size=(2, 4, cell.state_size(n_a)))
    input_term = rng.normal(size=(4, len(p.ba)))
    assert request.param != "relu" or np.abs(state @ p.Waa.T + input_term).min() > 1e-3  # away from the kink
    slope = slope_of(cell, p, state, input_term)
    assert all(np.count_nonzero(array) > 0 for array in slope)
    return cell, p, state, input_term, slope, d_state


def slope_of(cell, p, state, input_term):
    """What `step_back` needs to know of this one step"""
    return in_steps(cell.local_derivatives(*one_step(cell, p, state, input_term)), 0)


def one_step(cell, p, state, input_term):
    """The states before and after it (2, B, n_state), and what it kept, each (1, B, n_a)"""
    kept = np.empty((1, len(state), len(cell.kept_record._fields) * p.Waa.shape[1]))
    after = cell.step(p, state, input_term, kept=kept[0])
    return np.stack([state, after]), named(cell.kept_record, kept)


H = 1e-5


def test_step_back_is_the_transpose_of_step(step):
    cell, p, state, input_term, slope, d = step
    rng = np.random.default_rng(1)
    d_prev, d_z = cell.step_back(p, slope, d)
    nudge = rng.normal(size=state.shape)
    moved = (cell.step(p, state + H * nudge, input_term) - cell.step(p, state - H * nudge, input_term)) / (2 * H)
    assert (d * moved).sum() == pytest.approx((d_prev * nudge).sum(), rel=1e-6)
    nudge = rng.normal(size=input_term.shape)
    moved = (cell.step(p, state, input_term + H * nudge) - cell.step(p, state, input_term - H * nudge)) / (2 * H)
    assert (d * moved).sum() == pytest.approx((d_z * nudge).sum(), rel=1e-6)


def test_param_grads_is_the_transpose_of_step(step):
    cell, p, state, _, _, d = step
    rng = np.random.default_rng(2)
    x, nudge = rng.normal(size=(4, N_X)), type(p)(*(rng.normal(size=W.shape) for W in p))

    def run(h):
        q = type(p)(*(W + h * n for W, n in zip(p, nudge, strict=True)))
        return cell.step(q, state, x @ q.Wax.T + q.ba)

    states, kept = one_step(cell, p, state, x @ p.Wax.T + p.ba)
    _, d_z = cell.step_back(p, in_steps(cell.local_derivatives(states, kept), 0), d)
    grads = cell.param_grads(p, kept, state[None], x[None], d_z[None])
    moved = (run(H) - run(-H)) / (2 * H)
    assert (d * moved).sum() == pytest.approx(sum((g * n).sum() for g, n in zip(grads, nudge, strict=True)), rel=1e-6)


def test_step_back_is_linear_and_its_rows_do_not_see_each_other(step):
    cell, p, state, _, slope, d = step
    e = np.random.default_rng(3).normal(size=state.shape)
    answers = (cell.step_back(p, slope, asked) for asked in (2 * d - 3 * e, d, e))
    for of_sum, of_d, of_e in zip(*answers, strict=True):
        np.testing.assert_allclose(of_sum, 2 * of_d - 3 * of_e, rtol=1e-12, atol=1e-12)
    for row in range(len(d)):
        alone = cell.step_back(p, in_steps(slope, slice(row, row + 1)), d[row : row + 1])
        for of_row, of_all in zip(alone, cell.step_back(p, slope, d), strict=True):
            np.testing.assert_allclose(of_row[0], of_all[row], rtol=1e-12, atol=1e-12)


def test_one_slope_serves_many_questions_about_one_example(step):
    """`flow` asks with as many rows as it likes, and slopes of one example."""
    cell, p, _, _, slope, d = step
    slope = in_steps(slope, slice(1))
    many = cell.step_back(p, slope, d)
    for row in range(len(d)):
        for of_row, of_all in zip(cell.step_back(p, slope, d[row : row + 1]), many, strict=True):
            np.testing.assert_allclose(of_row[0], of_all[row], rtol=1e-12, atol=1e-12)


# Eq. (4): what each step adds, and the two streams --------------------------------------------------------------------


def test_shares_of_all_steps_sum_to_the_gradient(problem):
    back = problem.backward()
    shares = [back.share(t) for t in range(1, len(problem.slots) + 1)]
    summed = tree_map(lambda *parts: sum(parts), *shares)
    for (_, name, total), (_, _, exact) in zip(leaves(summed), leaves(back.grads), strict=True):
        np.testing.assert_allclose(total, exact, rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("t", [-1, 0, 6])
def test_a_step_that_is_not_there_has_no_share(t):
    with pytest.raises(ValueError, match=f"from 1 to 5: there is no step {t}"):
        draw("tanh", "sigmoid", "many-to-many, Tx = Ty").backward().share(t)
    with pytest.raises(ValueError, match=f"from 1 to 5: there is no step {t}"):
        draw("tanh", "sigmoid", "many-to-many, Tx = Ty").backward().d_x(t)


def test_a_share_is_an_outer_product(one_example):
    """∂ℒ/∂Waa|(t) = δ⟨t⟩ a⟨t−1⟩ᵀ, ∂ℒ/∂Wax|(t) = δ⟨t⟩ x⟨t⟩ᵀ, ∂ℒ/∂ba|(t) = δ⟨t⟩, δ⟨t⟩ = ∂ℒ/∂z⟨t⟩"""
    trace, back, x = one_example.forward(), one_example.backward(), one_hot(one_example.x, N_X)
    for t, slot in enumerate(one_example.slots, start=1):
        share, delta = back.share(t), back.d_z[t - 1, 0]
        Waa = np.outer(delta, trace.a[t - 1, 0])
        if one_example.cell_name == "gru":  # the past that c̃ sees is Γr ⊙ c⟨t−1⟩
            Waa[2 * N_A :] = np.outer(delta[2 * N_A :], trace.kept.r[t - 1, 0] * trace.a[t - 1, 0])
        np.testing.assert_allclose(share[slot.group].Waa, Waa, rtol=1e-12)
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
    own = [norms[f"{slot.group}.Waa"][t] for t, slot in enumerate(problem.slots)]
    assert back.share_norms_of_Waa().tolist() == own


def test_a_slope_along_a_direction_is_what_the_gradient_of_each_example_says_of_it(problem):
    rng, examples = np.random.default_rng(5), range(problem.x.shape[1])
    direction = tree_map(lambda array: rng.normal(size=array.shape), problem.params)
    alone = [replace(problem, x=problem.x[:, [b]], targets=problem.targets[:, [b]]).backward().grads for b in examples]
    expected = [sum((getattr(g[group], name) * D).sum() for group, name, D in leaves(direction)) for g in alone]
    np.testing.assert_allclose(problem.backward().slopes(direction), expected, rtol=1e-11)


def test_two_streams_meet_at_every_state(problem):
    """∂ℒ/∂state⟨t⟩ is the stream from ŷ⟨t⟩, which enters at a⟨t⟩, and the stream that state⟨t+1⟩ sends back"""
    back, T, n_a = problem.backward(), len(problem.slots), problem.n_a
    assert not back.from_next_state[T].any()
    for t in range(T + 1):
        streams = back.from_next_state[t].copy()
        if t > 0:
            if "attention" not in problem.params:  # what comes through attention: test_attention.py
                from_y = back.d_logits[t - 1] @ problem.params["readout"].Wya
                np.testing.assert_allclose(back.from_y[t - 1], from_y, rtol=1e-12, atol=1e-14)
            streams[:, :n_a] += back.from_y[t - 1]
        np.testing.assert_allclose(back.d_state[t], streams, rtol=1e-12, atol=1e-14)
        np.testing.assert_array_equal(back.d_a[t], back.d_state[t, :, :n_a])
        if t < T:
            p = problem.params[problem.slots[t].group]
            travels, d_z = problem.cell.step_back(p, in_steps(back.trace.local_derivatives, t), back.d_state[t + 1])
            np.testing.assert_allclose(back.from_next_state[t], travels, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(back.d_z[t], d_z, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("cell", ["tanh", "relu"])
@pytest.mark.parametrize("structure", STRUCTURES)
def test_the_streams_of_the_plain_cell_as_the_notes_write_them(cell, structure):
    """Waaᵀ ∂ℒ/∂z⟨t+1⟩ comes back from a⟨t+1⟩, and ∂ℒ/∂z⟨t⟩ = g1'(z⟨t⟩) ⊙ ∂ℒ/∂a⟨t⟩"""
    problem = draw(cell, "softmax", structure)
    back, trace = problem.backward(), problem.forward()
    for t, slot in enumerate(problem.slots):
        a = trace.a[t + 1]
        slope = 1 - a**2 if cell == "tanh" else (a > 0).astype(float)
        np.testing.assert_allclose(back.from_next_state[t], back.d_z[t] @ problem.params[slot.group].Waa, rtol=1e-12)
        np.testing.assert_allclose(back.d_z[t], slope * back.d_a[t + 1], rtol=1e-12, atol=1e-14)


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
