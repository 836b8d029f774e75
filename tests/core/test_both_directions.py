"""A network that reads in both directions: what its second stream knows, and how the error walks back along it."""

from dataclasses import replace

import numpy as np
import pytest

from core.cells import CELLS
from core.data.vocabulary import one_hot
from core.gradient_check import central_difference
from core.gradient_flow import credit_matrix
from core.parameters import leaves
from core.structures import NO_TARGET, STRUCTURES
from core.tasks import task
from core.training import Experiment, train_to_end, untrained
from tests.core.test_gradients import DIFFERENCE, assert_referee_agrees
from tests.helpers.problems import BOTH, N_X, Problem, draw

ENDS = (3, 5, 1)


def of_unequal_length(cell: str) -> Problem:
    """Three examples of 3, 5 and 1 steps in one batch"""
    problem = draw(cell, "softmax", BOTH)
    is_there = np.arange(len(problem.slots))[:, None] < np.array(ENDS)
    return replace(problem, targets=np.where(is_there, problem.targets, NO_TARGET), lengths=ENDS)


@pytest.mark.parametrize("cell", CELLS)
def test_without_a_second_stream_the_answers_are_those_of_the_first_alone(cell):
    problem = draw(cell, "softmax", BOTH)
    blind = problem.params["reverse"]._replace(Wya=np.zeros_like(problem.params["reverse"].Wya))
    alone = {group: arrays for group, arrays in problem.params.items() if group != "reverse"}
    np.testing.assert_array_equal(
        problem.forward(problem.params | {"reverse": blind}).logits, problem.forward(alone).logits
    )
    assert not np.array_equal(problem.forward().logits, problem.forward(alone).logits)


@pytest.mark.parametrize("cell", CELLS)
def test_the_second_stream_is_the_first_one_of_the_sentence_read_from_its_end(cell):
    problem = draw(cell, "softmax", BOTH)
    swapped = problem.params | {"rnn": type(problem.params["rnn"])(*problem.params["reverse"][:3])}
    del swapped["reverse"]
    mirrored = replace(problem, x=problem.x[::-1]).forward(swapped)
    stream = problem.forward().reverse
    np.testing.assert_array_equal(stream.state, mirrored.state)
    np.testing.assert_array_equal(stream.turned(stream.a[1:]), mirrored.a[:0:-1])


@pytest.mark.parametrize("cell", CELLS)
def test_an_answer_knows_later_words_by_the_second_stream_alone(cell):
    problem = draw(cell, "softmax", BOTH, B=1)
    other = replace(problem, x=np.concatenate([problem.x[:-1], (problem.x[-1:] + 1) % N_X]))
    assert (problem.forward().logits[0] != other.forward().logits[0]).all()
    np.testing.assert_array_equal(problem.forward().a[:-1], other.forward().a[:-1])


@pytest.mark.parametrize("cell", CELLS)
def test_an_example_answers_alone_as_it_does_among_longer_ones(cell):
    problem = of_unequal_length(cell)
    together = problem.forward()
    for b, end in enumerate(ENDS):
        slots = STRUCTURES["many-to-many, Tx = Ty"](end, end)
        alone = replace(
            problem, slots=slots, x=problem.x[:end, b : b + 1], targets=problem.targets[:end, b : b + 1], lengths=None
        )
        np.testing.assert_allclose(together.logits[:end, b], alone.forward().logits[:, 0], rtol=1e-12, atol=1e-12)
        credit = credit_matrix(problem.backward(), "state")[:end, :end, b]
        np.testing.assert_allclose(credit, credit_matrix(alone.backward(), "state")[..., 0] / 3, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_every_weight_where_examples_end_at_different_steps(cell):
    problem = of_unequal_length(cell)

    def total(params):
        return problem.loss(params).total

    back = problem.backward()
    for group, name, exact in leaves(back.grads):
        numeric = [central_difference(total, problem.params, group, name, index) for index in np.ndindex(exact.shape)]
        np.testing.assert_allclose(numeric, exact.ravel(), err_msg=f"{group}.{name}", **DIFFERENCE)
        shares = sum(getattr(back.share(t)[group], name) for t in range(1, len(problem.slots) + 1))
        np.testing.assert_allclose(shares, exact, rtol=1e-12, atol=1e-12, err_msg=f"{group}.{name}")
    assert_referee_agrees(problem, one_hot(problem.x, N_X))


@pytest.mark.parametrize("cell", CELLS)
def test_every_loss_reaches_every_word(cell):
    problem = draw(cell, "softmax", BOTH, B=2)
    credit = credit_matrix(problem.backward(), "state")[..., 1]  # of this one every answer is due
    assert (credit > 0).all()


# Networks of the data ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["melody", "sentiment", "translation"])
def test_what_is_not_there_yet_cannot_be_read_from_its_end(name):
    with pytest.raises(ValueError, match="does not answer each word that it reads"):
        untrained(Experiment(name, direction="both"))


def test_the_first_stream_starts_as_that_of_the_network_without_a_second():
    one = untrained(Experiment("entities", "gru", hidden_units=6))
    both = untrained(Experiment("entities", "gru", hidden_units=6, direction="both"))
    assert both.keys() - one.keys() == {"reverse"}
    for group, name, array in leaves(one):
        np.testing.assert_array_equal(getattr(both[group], name), array)


def test_it_learns_with_every_weight_and_the_same_experiment_gives_the_same_bits():
    experiment = Experiment("people", "gru", hidden_units=5, epochs=1, direction="both")
    start, (one, again) = untrained(experiment), (train_to_end(experiment) for _ in range(2))
    assert task("people").vocabulary
    for group, name, array in leaves(one.params):
        assert np.array_equal(array, getattr(again.params[group], name))
        assert not np.array_equal(array, getattr(start[group], name)), f"{group}.{name}"
