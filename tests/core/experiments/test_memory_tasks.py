"""Memory tasks: the answer is where it should be, nowhere else, and whoever forgot it is right as often as stated."""

import numpy as np
import pytest

from core.experiments.memory_tasks import BLANK, MEMORY_TASKS, SPEAK, SYMBOLS, adding, copy_task, first_symbol
from core.structures import NO_TARGET

MANY = 20_000
GIVEN = {"first symbol": {"gap": 7}, "adding": {"T": 9}, "copy": {"length": 3, "gap": 4}}
EACH = pytest.mark.parametrize("name", MEMORY_TASKS)


@pytest.fixture
def rng():
    return np.random.default_rng(8)


@pytest.mark.parametrize("gap", [1, 5, 80])
def test_the_first_symbol_is_due_after_the_gap_and_occurs_nowhere_else(rng, gap):
    x, targets = first_symbol(rng, 6, gap)
    assert x.shape == targets.shape == (gap + 1, 6)
    np.testing.assert_array_equal(targets[-1], x[0])
    assert (targets[:-1] == NO_TARGET).all()
    assert (x[0] < SYMBOLS).all()
    assert (x[1:] >= SYMBOLS).all()


@pytest.mark.parametrize("T", [2, 9, 50])
def test_two_numbers_are_marked_one_in_each_half_and_the_question_is_about_their_sum(rng, T):
    x, targets = adding(rng, 200, T)
    numbers, marks = x[..., 0], x[..., 1]
    assert x.shape == (T, 200, 2)
    assert ((numbers >= 0) & (numbers < 1)).all()
    assert (marks[: T // 2].sum(0) == 1).all()
    assert (marks[T // 2 :].sum(0) == 1).all()
    np.testing.assert_array_equal(targets[-1], (numbers * marks).sum(0) > 1)
    assert (targets[:-1] == NO_TARGET).all()


@pytest.mark.parametrize(("length", "gap"), [(1, 0), (3, 4), (5, 40)])
def test_copy_is_due_symbol_by_symbol_after_the_gap(rng, length, gap):
    x, targets = copy_task(rng, 6, length, gap)
    assert x.shape == targets.shape == (2 * length + gap, 6)
    np.testing.assert_array_equal(targets[length + gap :], x[:length])
    assert (targets[: length + gap] == NO_TARGET).all()
    assert (x[:length] < SYMBOLS).all()
    assert (x[length : length + gap] == BLANK).all()
    assert (x[length + gap :] == SPEAK).all()


@EACH
def test_the_shapes_are_those_that_the_task_states(rng, name):
    task = MEMORY_TASKS[name]
    x, targets = task.draw(rng, 50, **GIVEN[name])
    assert x.shape[:2] == targets.shape
    assert x.shape[2:] == ((task.n_x,) if x.ndim == 3 else ())
    assert x.ndim == 3 or (x.min() >= 0 and x.max() < task.n_x)
    due = targets[targets != NO_TARGET]
    assert set(due) == set(range(max(task.n_y, 2)))
    T, B = targets.shape
    assert np.isfinite(task.loss(rng.normal(size=(T, B, task.n_y)), targets).total)


@EACH
def test_every_constant_guess_is_right_as_often_as_chance_says(rng, name):
    task = MEMORY_TASKS[name]
    _, targets = task.draw(rng, MANY, **GIVEN[name])
    due = targets[targets != NO_TARGET]
    for guess in range(max(task.n_y, 2)):
        assert np.mean(due == guess) == pytest.approx(task.chance, abs=4 * np.sqrt(0.25 / MANY))


@pytest.mark.parametrize(("name", "steps"), [("first symbol", range(1, 8)), ("copy", range(3, 10))])
def test_what_comes_after_the_symbols_says_nothing_about_them(rng, name, steps):
    """Knowing any one later input, the likeliest answer is right as often as a blind guess."""
    task = MEMORY_TASKS[name]
    x, targets = task.draw(rng, MANY, **GIVEN[name])
    for t in steps:
        counts = np.zeros((task.n_x, task.n_y))
        np.add.at(counts, (x[t], targets[-1]), 1)
        assert counts.max(axis=1).sum() / MANY == pytest.approx(task.chance, abs=0.02)


def test_who_knows_one_of_the_two_numbers_is_right_three_times_in_four(rng):
    """Then "is it above ½?" is the best answer: right with probability max(u, 1 − u), ¾ on average."""
    x, targets = adding(rng, MANY, 9)
    last_marked = (x[4:, :, 0] * x[4:, :, 1]).sum(0)
    assert np.mean((last_marked > 0.5) == targets[-1]) == pytest.approx(0.75, abs=0.015)


@EACH
def test_the_same_seed_draws_the_same_sequences(name):
    draws = [MEMORY_TASKS[name].draw(np.random.default_rng(seed), 20, **GIVEN[name]) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(draws[0][0], draws[1][0])
    np.testing.assert_array_equal(draws[0][1], draws[1][1])
    assert (draws[0][0] != draws[2][0]).any()
