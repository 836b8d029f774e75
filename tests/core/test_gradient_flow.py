"""Who reaches whom: one linear question asked many times must give what BPTT gives, cut off or whole."""

from dataclasses import replace

import numpy as np
import pytest

from core.cells import CELLS, in_steps
from core.forward import forward, read_out
from core.gradient_check import central_difference
from core.gradient_flow import (
    credit_matrix,
    jacobians,
    last_unit_gradients,
    of_unit,
    per_loss_gradients,
    truncated_grads,
    truncation_error,
    truncation_mask,
    unit_gradients,
)
from core.linalg import vector_norm
from core.losses import LOSSES
from core.parameters import leaves, tree_map
from core.structures import NO_TARGET
from tests.helpers.problems import draw

EXACT = {"rtol": 1e-12, "atol": 1e-12}


def test_rows_sum_to_bptt(problem):
    back = problem.backward()
    assert back.d_a.any()
    np.testing.assert_allclose(per_loss_gradients(back).sum(axis=0), back.d_state, **EXACT)


def test_each_row_is_the_walk_back_of_one_loss(problem):
    rows = per_loss_gradients(problem.backward())
    for s in range(1, len(problem.slots) + 1):
        np.testing.assert_allclose(rows[s - 1], problem.only_due_at(s).backward().d_state, **EXACT)


@pytest.mark.parametrize("cell", CELLS)
def test_of_three_examples_each_reaches_back_with_a_third_of_its_slope(cell):
    """∂ℒ⟨s⟩/∂state⟨k⟩ of `reach` against a state moved a little both ways, all else going on as it was"""
    problem, h = draw(cell, "softmax", "many-to-many, Tx = Ty", B=3), 1e-5
    trace, rows, p = problem.forward(), per_loss_gradients(problem.backward()), problem.params["rnn"]

    def per_step(k, nudge):
        state = trace.state.copy()
        state[k] += nudge
        for t in range(k, len(problem.slots)):
            state[t + 1] = problem.cell.step(p, state[t], trace.input_term[t])
        logits = read_out(problem.params, state[1:, :, : problem.n_a], focus=None)
        return LOSSES["softmax"](logits, problem.targets).per_step

    for k in range(len(problem.slots) + 1):
        for i, unit in enumerate(np.eye(problem.n_state)):
            slope = (per_step(k, h * unit) - per_step(k, -h * unit)) / (2 * h)
            np.testing.assert_allclose(rows[:, k, :, i], slope / 3, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("cell", CELLS)
def test_a_unit_of_error_travels_as_the_state_depends_on_the_past(cell):
    """Row s is the unit vector along a row of Wya, 0 in c, times ∂state⟨s⟩/∂state⟨k⟩"""
    trace = draw(cell, "softmax", "many-to-many, Tx = Ty", B=3).forward()
    T, Wya = len(trace.slots), trace.params["readout"].Wya
    answers = np.arange(T) % len(Wya)
    rows = unit_gradients(trace, answers)
    assert rows.shape == (T, T + 1, trace.state.shape[-1])
    for s in range(1, T + 1):
        unit = np.zeros(trace.state.shape[-1])
        unit[: Wya.shape[1]] = Wya[answers[s - 1]] / np.linalg.norm(Wya[answers[s - 1]])
        np.testing.assert_allclose(rows[s - 1, : s + 1], unit @ jacobians(trace, s), **EXACT)
        assert not rows[s - 1, s + 1 :].any()


@pytest.mark.parametrize("cell", CELLS)
def test_of_a_batch_each_unit_of_error_travels_alone(cell):
    trace = draw(cell, "softmax", "many-to-one", B=3).forward()
    together = last_unit_gradients(trace, np.array([2, 0, 1]))
    assert together.shape == trace.state.shape
    for b, answer in enumerate((2, 0, 1)):
        alone = replace(
            trace,
            x=trace.x[:, b : b + 1],
            input_term=trace.input_term[:, b : b + 1],
            state=trace.state[:, b : b + 1],
            kept=in_steps(trace.kept, np.s_[:, b : b + 1]),
            logits=trace.logits[:, b : b + 1],
        )
        last = unit_gradients(alone, np.full(len(trace.slots), answer))[-1]
        np.testing.assert_allclose(together[:, b], last, **EXACT)


@pytest.mark.parametrize("cell", CELLS)
def test_a_unit_of_error_is_the_error_without_how_wrong_the_answer_is(cell):
    problem = draw(cell, "sigmoid", "many-to-many, Tx = Ty")
    rows = per_loss_gradients(problem.backward())[:, :, 0]
    starts = np.array([np.linalg.norm(rows[s, s + 1]) for s in range(len(rows))])
    units = unit_gradients(problem.forward(), np.zeros(len(rows), dtype=int))
    np.testing.assert_allclose(vector_norm(units) * starts[:, None], vector_norm(rows), **EXACT)


def test_no_loss_reaches_what_comes_after_it(problem):
    rows, T = per_loss_gradients(problem.backward()), len(problem.slots)
    assert rows.shape == (T, T + 1, *problem.forward().state.shape[1:])
    for s in range(1, T + 1):
        assert not rows[s - 1, s + 1 :].any()
        assert rows[s - 1, s].any() == (problem.targets[s - 1] != NO_TARGET).any()


def test_norms_are_the_norms_of_the_rows(problem):
    back, n_a = problem.backward(), problem.n_a
    c = {"gru": slice(0, n_a), "lstm": slice(n_a, None)}.get(problem.cell_name)
    parts = {"a": slice(0, n_a), "state": slice(None)} | ({"c": c} if c else {})
    for part, where in parts.items():
        expected = np.sqrt((per_loss_gradients(back)[:, 1:, :, where] ** 2).sum(axis=-1))
        if back.reverse:  # what the last loss sends to the last step stands first
            ahead = per_loss_gradients(back.reverse)[::-1, :0:-1, :, where]
            expected = np.sqrt(expected**2 + (ahead**2).sum(axis=-1))
        np.testing.assert_allclose(credit_matrix(back, part), expected, **EXACT)
    np.testing.assert_array_equal(credit_matrix(back), credit_matrix(back, "a"))
    assert problem.cell.state_slices(n_a).keys() | {"state"} == parts.keys()


@pytest.mark.parametrize("size", [1e-300, 1e-170, 1.0, 1e160, 3e307])
def test_a_length_is_right_wherever_its_numbers_are(size):
    np.testing.assert_allclose(
        vector_norm(size * np.array([[3.0, -4.0], [0, 0], [-1, 0]])), [5 * size, 0, size], rtol=1e-15
    )


def test_errors_too_small_to_be_squared_still_have_a_norm():
    back = draw("tanh", "sigmoid", "many-to-many, Tx = Ty").backward()
    faint = replace(back, d_logits=1e-200 * back.d_logits)
    np.testing.assert_allclose(credit_matrix(faint), 1e-200 * credit_matrix(back), rtol=1e-12)


# Truncated BPTT -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("horizon", [1, 2, 3, 5, 8])
def test_a_loss_is_followed_over_its_own_step_and_those_before_it(horizon):
    for s, row in enumerate(truncation_mask(5, horizon), start=1):
        assert (np.flatnonzero(row) + 1).tolist() == list(range(max(1, s - horizon + 1), s + 1))


def assert_same(grads, others):
    for (group, name, array), (_, _, other) in zip(leaves(grads), leaves(others), strict=True):
        np.testing.assert_allclose(array, other, err_msg=f"{group}.{name}", **EXACT)


def test_a_horizon_of_the_whole_sequence_is_bptt(problem):
    back, T = problem.backward(), len(problem.slots)
    for horizon in (T, T + 1, 10 * T):
        assert_same(truncated_grads(back, horizon), back.grads)
        assert truncation_error(back, horizon, problem.slots[0].group) == pytest.approx(0, abs=1e-12)


def test_at_horizon_1_no_error_travels(problem):
    """Then ∂ℒ/∂z⟨t⟩ is what ŷ⟨t⟩ alone sends, as if each step were a network without a past."""
    back = problem.backward()
    reverse = back.reverse and no_error_travels(back.reverse)
    assert_same(truncated_grads(back, 1), replace(no_error_travels(back), reverse=reverse).grads)


def no_error_travels(back):
    alone = np.zeros_like(back.d_state)
    alone[1:, :, : back.trace.a.shape[-1]] = back.entries.direct
    groups = [back.trace.params[slot.group] for slot in back.trace.slots]
    local = back.trace.local_derivatives
    d_z = [back.trace.cell.step_back(p, in_steps(local, t), alone[t + 1])[1] for t, p in enumerate(groups)]
    return replace(back, d_z=np.array(d_z))


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_each_loss_is_cut_off_from_the_steps_beyond_its_horizon(problem, horizon):
    """One loss at a time: with only ℒ⟨s⟩ let in, what it sends to steps k ≤ s − τ is left out of the sum over steps."""
    summed = None
    for s in range(1, len(problem.slots) + 1):
        back = problem.only_due_at(s).backward()
        for k in range(max(1, s - horizon + 1), min(s + horizon, len(problem.slots) + 1)):  # ahead: a second stream's
            share = back.share(k)
            summed = share if summed is None else tree_map(np.add, summed, share)
    exact = truncated_grads(problem.backward(), horizon)
    assert_same(exact, summed)


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_lost_is_a_part_of_the_gradient_of_Waa(cell):
    problem = draw(cell, "sigmoid", "many-to-many, Tx = Ty")
    back = problem.backward()
    g = back.grads["rnn"].Waa
    parts = [truncation_error(back, horizon) for horizon in range(1, len(problem.slots) + 1)]
    for horizon, part in enumerate(parts, start=1):
        kept = truncated_grads(back, horizon)["rnn"].Waa
        assert part == pytest.approx(np.sqrt(((g - kept) ** 2).sum() / (g**2).sum()), abs=1e-12)
    assert parts[0] > 0.01
    assert parts[-1] == pytest.approx(0, abs=1e-12)


def test_a_network_without_a_past_has_nothing_to_lose():
    assert truncation_error(draw("tanh", "sigmoid", "one-to-one").backward(), 1) == 0


@pytest.mark.parametrize("cell", CELLS)
def test_a_state_by_a_weight_with_its_past_and_without(cell):
    """Total: all steps use a weight that is moved a little. Immediate: step s alone does, from the state it had"""
    problem, s, i = draw(cell, "sigmoid", "many-to-many, Tx = Ty"), 4, 2
    trace = problem.forward()
    back = of_unit(trace, s, i)

    def unit(first):
        steps = slice(first - 1, s)
        return lambda params: float(
            forward(problem.cell, params, trace.slots[steps], trace.x[steps, :1], trace.state[first - 1, :1]).a[
                -1, 0, i
            ]
        )

    for name, index in (("Waa", (i, 1)), ("Waa", (0, 3)), ("ba", (i,))):
        total, immediate = (central_difference(unit(k), trace.params, "rnn", name, index) for k in (1, s))
        assert getattr(back.grads["rnn"], name)[index] == pytest.approx(total, rel=1e-6, abs=1e-9)
        assert getattr(back.share(s)["rnn"], name)[index] == pytest.approx(immediate, rel=1e-6, abs=1e-9)
    assert_same(back.grads, tree_map(lambda *shares: np.sum(shares, axis=0), *(back.share(k) for k in range(1, s + 1))))
    assert not back.grads["readout"].Wya.any()
