"""Whose error goes back: the usual one, and that one error alone is what the core's matrix of all errors says."""

from dataclasses import replace

import numpy as np
import pytest

from core import parameters
from core.cells import CELLS
from core.gradient_flow import per_loss_gradients
from core.structures import NO_TARGET
from explorer.compute.unrolled import Unrolled, weights_by_label
from explorer.compute.whose import due_steps, is_possible, one_error, step_of, usual
from tests.helpers.examples import look
from tests.helpers.unrolled import TRANSLATION, unrolled

EXAMPLES = [
    *(pytest.param(lambda cell=cell: look(cell), id=cell) for cell in CELLS),
    pytest.param(lambda: unrolled(TRANSLATION, attends=True), id="attends"),
    pytest.param(lambda: unrolled("many-to-one"), id="many-to-one"),
]


def with_losses(losses: list[float], due: list[bool] | None = None) -> Unrolled:
    """An example whose losses are these"""
    now = look(words=tuple("abcdefg"[: len(losses)]))
    targets = np.where(due or [True] * len(losses), now.targets[:, 0], NO_TARGET)[:, None]
    return replace(now, targets=targets, loss=now.loss._replace(per_step=np.array(losses)[:, None]))


@pytest.mark.parametrize(
    ("losses", "due", "whose"),
    [
        ([9.0, 1.0, 2.0], None, "3"),  # the first has no way to go
        ([0.0, 2.0, 1.0, 2.0], None, "2"),  # the first on a tie
        ([0.5], None, "1"),
        ([9.0, 5.0, 2.0], [True, False, True], "3"),  # no answer is due there
        ([9.0, 5.0], [True, False], "1"),
        ([9.0, 5.0], [False, False], "all"),
        ([1.0, np.nan, 2.0], None, "3"),
        ([1.0, np.nan, np.nan], None, "2"),
        ([1.0, 3.0, np.inf], None, "3"),
    ],
)
def test_the_usual_error_is_the_largest_loss_after_the_first_step(losses, due, whose):
    assert usual(with_losses(losses, due)) == whose


@pytest.mark.parametrize("make", EXAMPLES)
def test_one_error_is_its_row_of_all_errors_and_nothing_else_changes(make):
    now = make()
    rows = per_loss_gradients(now.back)
    for t in due_steps(now):
        alone = one_error(now, t)
        np.testing.assert_allclose(alone.back.d_state, rows[t - 1], rtol=1e-12, atol=1e-16)
        assert alone.loss is now.loss and alone.trace is now.trace and alone.targets is now.targets
        if alone.trace.focus is None:
            assert not alone.back.d_state[t + 1 :].any()


@pytest.mark.parametrize("make", EXAMPLES)
def test_the_errors_of_all_steps_add_up_to_that_of_all_losses(make):
    now = make()
    alone = [one_error(now, t).back.grads for t in due_steps(now)]
    summed = parameters.tree_map(lambda *grads: sum(grads), *alone)
    for (_, _, whole), (_, _, parts) in zip(
        weights_by_label(now.back.grads).values(), weights_by_label(summed).values(), strict=True
    ):
        np.testing.assert_allclose(parts, whole, rtol=1e-9, atol=1e-13)


def test_all_losses_are_the_example_as_it_is():
    now = look()
    assert one_error(now, step_of(now, "all")) is now


def test_the_last_error_is_that_of_the_last_answer_that_is_due():
    now = with_losses([1.0, 2.0, 3.0], [True, True, False])
    assert step_of(now, "last") == 2 and step_of(now, "2") == 2 and step_of(now, "all") is None
    assert step_of(with_losses([1.0], [False]), "last") is None


def test_an_error_is_possible_where_an_answer_is_due():
    now = with_losses([1.0, 2.0, 3.0], [True, False, True])
    assert [is_possible(now, whose) for whose in ("all", "last", "1", "2", "3", "4")] == [1, 1, 1, 0, 1, 0]
