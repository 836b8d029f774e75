"""The equations, as the notes write them, against the fast core: every state, loss, gradient and share of it."""

import inspect
import re
from dataclasses import replace
from itertools import product
from types import ModuleType

import numpy as np
import pytest

from core import pretrained, tasks, textbook, textbook_attention, textbook_both
from core.cells import CELLS
from core.data.vocabulary import one_hot
from core.losses import LOSSES
from core.parameters import Parameters, leaves
from core.structures import NO_TARGET
from tests.helpers.problems import RETURNING, TABLES, Problem, draw

COVERED = [structure for structure in TABLES if structure != RETURNING]
PRODUCT = list(product(CELLS, LOSSES, COVERED, ["words", "vectors"], [0, 1]))
CLOSE = {"rtol": 1e-12, "atol": 1e-12}
LONGEST = 160  # lines: the book is read in one go


def one_example(problem: Problem, b: int) -> Problem:
    return replace(problem, x=problem.x[:, b : b + 1], targets=problem.targets[:, b : b + 1])


@pytest.fixture(params=PRODUCT, ids=lambda choice: " | ".join(map(str, choice)))
def problem(request) -> Problem:
    """Every cell × loss × structure, the answers due at some steps and at all"""
    cell, loss, structure, inputs, b = request.param
    return one_example(draw(cell, loss, structure, B=2, vectors=inputs == "vectors"), b)


@pytest.fixture(params=pretrained.STORED, ids=lambda experiment: pretrained.path(experiment).stem)
def stored(request) -> Problem:
    """A network with stored weights, on an example of its data"""
    experiment, task = request.param, tasks.task(request.param.task)
    slots, x, targets = task.batch([min(task.data.held_out, key=lambda example: abs(len(example.inputs) - 8))])
    params = pretrained.load_pretrained(experiment)
    return Problem(experiment.cell, task.output, CELLS[experiment.cell], slots, params, x, targets)


def as_in_the_notes(problem: Problem) -> tuple[ModuleType, list, list]:
    """The book that covers it, x⟨t⟩ and y⟨t⟩ as vectors; y is None where no answer is due"""
    n_y = len(problem.params["readout"].by)
    x = [
        x if x.ndim else one_hot(x, problem.params[slot.group].Wax.shape[1])
        for x, slot in zip(problem.x[:, 0], problem.slots, strict=True)
    ]
    y = [None if k == NO_TARGET else np.array([k]) if n_y == 1 else one_hot(k, n_y) for k in problem.targets[:, 0]]
    if "reverse" in problem.params:
        return textbook_both, x, y
    if "rnn" in problem.params:
        return textbook, x, y
    return textbook_attention, x, [y_t for y_t, slot in zip(y, problem.slots, strict=True) if slot.answers]


def assert_the_book_agrees(problem: Problem):
    trace, loss, back, params = problem.forward(), problem.loss(), problem.backward(), problem.params
    book, x, y = as_in_the_notes(problem)

    states, kept, y_hat, losses = book.forward(problem.cell_name, problem.loss_name, params, x, y)
    first, later = apart(states, problem.n_state)
    np.testing.assert_allclose(first, trace.state[:, 0], **CLOSE)
    np.testing.assert_allclose(later, trace.reverse.turned(trace.reverse.state[1:])[:, 0] if later else [], **CLOSE)
    np.testing.assert_allclose(y_hat, loss.y_hat[-len(y) :, 0], **CLOSE)
    np.testing.assert_allclose(losses, loss.per_step[-len(y) :, 0], **CLOSE)
    assert sum(losses) == pytest.approx(loss.total, rel=1e-12, abs=1e-12)

    d_states, shares = book.backward(problem.cell_name, params, x, y, states, kept, y_hat)
    first, later = apart(d_states, problem.n_state)
    np.testing.assert_allclose(np.array(first)[:, : problem.n_a], back.d_a[:, 0], **CLOSE)
    np.testing.assert_allclose(first, back.d_state[:, 0], **CLOSE)
    np.testing.assert_allclose(later, trace.reverse.turned(back.reverse.d_state[1:])[:, 0] if later else [], **CLOSE)
    d_z = [share[slot.group][2] for slot, share in zip(problem.slots, shares, strict=True)]
    np.testing.assert_allclose(d_z, back.d_z[:, 0], **CLOSE)
    nothing = {group: tuple(map(np.zeros_like, arrays)) for group, arrays in params.items()}
    for t, share in enumerate(shares, start=1):
        assert_same(nothing | share, back.share(t), f"|({t})")
    assert_same(textbook.gradient(params, shares), back.grads)


def apart(states: list, n: int) -> tuple[list, list]:
    """Of every step the first stream's state, and of a network that reads in both directions the second one's"""
    return [state[:n] for state in states], [state[n:] for state in states if state.size > n]


def assert_same(found: dict, expected: Parameters, where: str = ""):
    for group, name, array in leaves(expected):
        own = found[group][expected[group]._fields.index(name)]
        np.testing.assert_allclose(own, array, **CLOSE, err_msg=f"∂ℒ/∂{group}.{name}{where}")


def test_the_book_agrees_with_the_fast_core(problem):
    assert_the_book_agrees(problem)


def test_the_book_runs_the_stored_networks(stored):
    assert_the_book_agrees(stored)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("structure", COVERED)
def test_an_answer_that_is_sure_and_wrong_has_a_finite_loss(loss, structure):
    problem = one_example(draw("tanh", loss, structure), 1)
    readout = problem.params["readout"]
    far = readout._replace(Wya=1000 * readout.Wya, by=1000 * readout.by)
    problem = replace(problem, params=problem.params | {"readout": far})
    logits = problem.forward().logits
    wrong = logits[..., 0] < 0 if loss == "sigmoid" else logits.argmin(axis=-1)
    problem = replace(problem, targets=np.where(problem.targets == NO_TARGET, NO_TARGET, wrong))
    assert problem.loss().total > 100
    book, x, y = as_in_the_notes(problem)
    _, _, _, losses = book.forward("tanh", loss, problem.params, x, y)
    assert sum(losses) == pytest.approx(problem.loss().total, rel=1e-12)


def test_it_is_short_and_needs_numpy_only():
    source = inspect.getsource(textbook)
    assert len(source.splitlines()) < LONGEST
    assert re.findall(r"^ *(?:import|from) (.+)$", source, flags=re.MULTILINE) == ["numpy as np"]


@pytest.mark.parametrize("book", [textbook, textbook_attention, textbook_both])
def test_a_step_and_its_way_back_are_neighbours(book):
    names = re.findall(r"^def (\w+)", inspect.getsource(book), flags=re.MULTILINE)
    steps = [name.removesuffix("_back") for name in names if name.endswith("_back")]
    assert steps
    for step in steps:
        forward = step if step in names else f"{step}_step"
        assert names.index(f"{step}_back") == names.index(forward) + 1
