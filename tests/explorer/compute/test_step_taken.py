"""The step that was taken: as one stack of networks, and one network after the other, it is the same step."""

import gc

import numpy as np
import pytest

from core import parameters, pretrained, training
from core.cells import CELLS
from core.optimisers import gradient_descent
from core.training import Experiment
from explorer.choices.record import RATES, SENTENCE
from explorer.compute import step_taken
from explorer.compute.jobs import KINDS, people_job, structure_job
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled, sentence_example, unroll
from explorer.compute.updates import History, Update, apply_update, clipped_gradient, initial_history
from tests.helpers.examples import open_app

LABELS = (1, 1, 0, 1, 1, 0, 0, 0, 0)
STRUCTURES = [*((name, False) for name in KINDS), ("translation", True)]


def updated(cell: str = "tanh", rate: float = 0.01, clipping: str = "off") -> tuple[History, Unrolled, Update]:
    """The stored network, one update on the sentence that the page opens with, and that sentence before it"""
    job = people_job(Experiment(cell=cell))
    params = pretrained.load_pretrained(job.experiment)
    example = sentence_example(job, parse_sentence(SENTENCE).words, LABELS)
    update = Update(example, rate, clipping, 1.0, 1)
    history, _ = apply_update(initial_history(job, params), update)
    return history, unroll(job, history.before, example), update


def one_by_one(used: Unrolled, direction: parameters.Parameters, rates: np.ndarray) -> list[float]:
    moved = [gradient_descent(used.trace.params, direction, rate) for rate in rates]
    return [unroll(used.job, params, used.example).loss.total for params in moved]


@pytest.mark.parametrize("cell", CELLS)
def test_the_stack_gives_the_losses_of_its_networks(cell):
    _, used, update = updated(cell)
    rates = np.array([0.0, *RATES])
    found = step_taken.losses_along(used, clipped_gradient(used, update), rates)
    np.testing.assert_allclose(found, one_by_one(used, used.back.grads, rates), rtol=1e-9)
    assert found[0] == pytest.approx(used.loss.total, rel=1e-12)


@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
@pytest.mark.parametrize(("name", "attends"), STRUCTURES)
def test_it_is_so_in_every_structure(name, attends, cell):
    job = structure_job(name, cell, attends, False, None)
    params = pretrained.load_pretrained(job.experiment) or training.untrained(job.experiment)
    used = unroll(job, params, step_taken.held_out_examples(job)[0])
    rates = np.array([0.0, 0.01, 0.5])
    found = step_taken.losses_along(used, used.back.grads, rates)
    np.testing.assert_allclose(found, one_by_one(used, used.back.grads, rates), rtol=1e-9)


@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
def test_it_is_so_in_both_directions(cell):
    job = structure_job("entities", cell, False, False, None, "both")
    used = unroll(job, training.untrained(job.experiment), step_taken.held_out_examples(job)[0])
    assert used.trace.reverse
    rates = np.array([0.0, 0.01, 0.5])
    found = step_taken.losses_along(used, used.back.grads, rates)
    np.testing.assert_allclose(found, one_by_one(used, used.back.grads, rates), rtol=1e-9)


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.5, 10.0])
def test_the_curve_has_every_rate_of_the_menu_and_ends_where_it_is_no_longer_better(rate):
    _, used, _ = updated()
    found = step_taken.curve(used, used.back.grads, rate, RATES)
    end = found.rates[-1]
    assert found.rates[0] == 0 and {r for r in RATES if r <= end} <= {*found.rates} and end >= rate
    losses = dict(zip(found.rates, found.losses, strict=True))
    assert losses[0.0] == pytest.approx(used.loss.total, rel=1e-12)
    on_menu = [losses[r] for r in RATES if rate <= r < end]
    assert all(loss <= losses[0.0] for loss in on_menu), "only the last rate is worse than the start"
    assert end == RATES[-1] or not losses[end] <= losses[0.0]


def test_a_step_that_explodes_is_not_finite_and_ends_the_curve():
    job = people_job(Experiment(cell="relu"))
    example = sentence_example(job, parse_sentence(SENTENCE).words, LABELS)
    used = unroll(job, pretrained.load_pretrained(job.experiment), example)
    huge = parameters.tree_map(lambda g: g * 1e40, used.back.grads)
    found = step_taken.curve(used, huge, 0.001, RATES)
    assert found.rates[-1] == 0.001 and np.isnan(found.losses[-1])


def test_the_entry_that_moved_most_is_the_one_and_by_how_much():
    history, used, update = updated()
    found = {moved.label: moved for moved in step_taken.moved_most(history, step_taken.step_of(history))}
    assert list(found) == ["Waa", "Wax", "ba", "Wya", "by"]
    Waa = found["Waa"]
    change = np.abs(history.params["rnn"].Waa - history.before["rnn"].Waa)
    assert change[Waa.row, Waa.column] == change.max() == pytest.approx(abs(Waa.after - Waa.before))
    g = used.back.grads["rnn"].Waa[Waa.row, Waa.column]
    assert Waa.after == pytest.approx(Waa.before - update.learning_rate * g, rel=1e-12)
    assert (round(Waa.before, 3), round(Waa.after, 3)) == (-0.338, -0.333)
    assert found["ba"].column == 0


def test_what_a_short_step_does_to_other_sentences_is_foretold_by_their_gradients():
    history, _, _ = updated(rate=0.001)
    examples = step_taken.held_out_examples(history.job)
    assert len(examples) == 3 and examples == step_taken.held_out_examples(history.job)
    for other in step_taken.others(history, step_taken.step_of(history), examples):
        before = unroll(history.job, history.before, other.example)
        after = unroll(history.job, history.params, other.example)
        totals = before.loss.total, after.loss.total  # alone; among others a sum may end on another last bit
        assert (other.before, other.after) == pytest.approx(totals, rel=1e-14)
        assert other.foretold == pytest.approx(other.after - other.before, rel=0.1)
        change = np.abs(after.due_losses - before.due_losses)
        assert change[other.decisive] == np.nanmax(change)


@pytest.mark.parametrize("direction", ["forward", "both"])
@pytest.mark.parametrize(("name", "attends"), STRUCTURES)
def test_examples_that_go_through_the_core_together_say_what_each_says_alone(name, attends, direction):
    job = structure_job(name, "gru", attends, False, None, direction)
    params, examples = training.untrained(job.experiment), step_taken.held_out_examples(job)
    history, _ = apply_update(initial_history(job, params), Update(examples[0], 0.001, "off", 1.0, 1))
    written_freely = examples[1]._replace(fed=examples[0].fed) if job.task.is_generative else examples[2]
    step = parameters.tree_map(np.subtract, history.params, history.before)
    for example in (found := step_taken.others(history, step, [*examples, written_freely])):
        before, after = (unroll(job, p, example.example) for p in (history.before, history.params))
        assert (example.before, example.after) == pytest.approx((before.loss.total, after.loss.total), rel=1e-13)
        grads = before.back.grads
        slope = sum((getattr(grads[group], name) * moved).sum() for group, name, moved in parameters.leaves(step))
        assert example.foretold == pytest.approx(slope, rel=1e-9)
    assert [one.example for one in found] == [*examples, written_freely]


def test_the_sentences_of_this_session_are_the_last_two_others():
    history, used, update = updated()
    job = history.job
    for words in (["Grace"], ["Will", "you"], ["Teddy", "bears"]):
        example = sentence_example(job, words, [1] * len(words))
        history, _ = apply_update(history, update._replace(example=example))
    history, _ = apply_update(history, update)
    shown = sentence_example(job, ["Marie"], [1])
    found = step_taken.typed_examples(history, shown)
    assert [example.inputs for example in found] == [("Marie",), ("Teddy", "bears")]
    found = step_taken.typed_examples(history, used.example)
    assert [example.inputs for example in found] == [("Teddy", "bears"), ("Will", "you")]


@pytest.mark.parametrize("page", ["explore", "structures"])
def test_between_two_runs_a_session_keeps_no_network(page):
    def unrolled() -> set[int]:
        gc.collect()
        return {id(one) for one in gc.get_objects() if type(one) is Unrolled}

    before, app = unrolled(), open_app(page)
    app.button(key="apply_update").click().run()
    assert any(one.proto.component_name == "explorer.step_taken" for one in app.get("bidi_component"))
    assert not unrolled() - before
