"""Training: the same Experiment gives the same bits; and what it learns is more than a list of words."""

from dataclasses import fields, replace

import numpy as np
import pytest

from core import evaluation, training
from core.cells import CELLS
from core.data.datasets import Dataset
from core.forward import forward
from core.parameters import all_finite, leaves
from core.tasks import task as task_named
from core.training import BATCH, Experiment, train, train_in_batches, train_to_end, untrained

SMALL = Experiment(hidden_units=6, epochs=2)


def bits(params):
    return [array.tobytes() for _, _, array in leaves(params)]


def test_an_experiment_is_frozen_and_holds_scalars_only():
    assert all(isinstance(getattr(SMALL, field.name), str | int | float) for field in fields(SMALL))
    assert hash(SMALL) == hash(replace(SMALL))
    with pytest.raises(AttributeError):
        SMALL.seed = 4


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
def test_same_experiment_same_bits(cell):
    experiment = replace(SMALL, cell=cell)
    first, again = list(train(experiment)), list(train(experiment))
    assert [bits(a.params) for a in first] == [bits(b.params) for b in again]
    assert [a.loss for a in first[1:]] == [b.loss for b in again[1:]]


@pytest.mark.parametrize(
    "change", [{"seed": 4}, {"cell": "relu"}, {"initialisation": "orthogonal"}, {"hidden_units": 7}]
)
def test_another_experiment_another_network(change):
    assert bits(train_to_end(SMALL).params) != bits(train_to_end(replace(SMALL, **change)).params)


def test_a_run_is_what_the_stream_ends_with():
    records, trained = list(train(SMALL)), train_to_end(SMALL)
    assert trained.experiment == SMALL
    assert bits(trained.params) == bits(records[-1].params)
    assert list(trained.losses) == [record.loss for record in records[1:]]


def test_progress_counts_the_epochs_from_the_untrained_network():
    records = list(train(SMALL))
    assert [record.epoch for record in records] == [0, 1, 2]
    assert bits(records[0].params) == bits(untrained(SMALL))
    assert len({tuple(bits(record.params)) for record in records}) == 3


def test_the_loss_of_an_epoch_is_the_mean_over_its_examples(monkeypatch):
    """Without learning: of 18 examples, which stand in batches of 9, 7 and 2, each counts alike."""
    monkeypatch.setattr(training, "LEARNING_RATE", 0.0)
    by_length = {n: [e for e in task_named("translation").data.train if len(e.inputs) == n] for n in (3, 4, 5)}
    train_on = (*by_length[3][:2], *by_length[4][:7], *by_length[5][:9])
    job = replace(task_named("translation"), data=Dataset(train_on, ()))
    assert sorted(map(len, job.batches(train_on, range(18), training.BATCH))) == [2, 7, 9]
    untrained, after = train(Experiment("translation", hidden_units=6, epochs=1), job)
    losses = []
    for example in train_on:
        slots, x, targets = job.batch([example])
        losses.append(job.loss(forward(CELLS["tanh"], untrained.params, slots, x).logits, targets).total)
    assert np.isnan(untrained.loss)
    assert after.loss == pytest.approx(np.mean(losses), rel=1e-12)


@pytest.mark.parametrize("task", ["people", "word", "melody", "sentiment", "entities"])
def test_without_a_decoder_nothing_attends(task):
    with pytest.raises(ValueError, match="Only a decoder can attend"):
        untrained(Experiment(task, attention=True))


def test_every_batch_is_told_with_the_last_record_and_changes_nothing():
    told = list(train_in_batches(SMALL))
    batches = -(-len(task_named("people").data.train) // BATCH)
    records = [told[i] for i in (0, batches + 1, 2 * batches + 2)]
    assert [record.epoch for record in records] == [0, 1, 2]
    one_each = [records[0], *[records[0]] * batches, records[1], *[records[1]] * batches, records[2]]
    assert [id(record) for record in told] == [id(record) for record in one_each]
    assert [bits(record.params) for record in records] == [bits(record.params) for record in train(SMALL)]


def test_the_weights_of_an_epoch_can_be_a_running_mean_and_the_steps_stay_the_same():
    """Of so few sentences that an epoch is one batch: then the plain run tells the weights after every batch."""
    task = task_named("people")
    few = replace(task, data=Dataset(task.data.train[:BATCH], ()))
    plain = [*train(replace(SMALL, epochs=25), few)]
    averaged = [*train(replace(SMALL, epochs=25, averaged=3), few)]
    assert [record.loss for record in averaged[1:]] == [record.loss for record in plain[1:]]
    assert bits(averaged[0].params) == bits(plain[0].params)
    by = plain[0].params["readout"].by
    for done in range(1, 26):
        by = by + (plain[done].params["readout"].by - by) / min((done + 9) / 10, 3)
        np.testing.assert_allclose(averaged[done].params["readout"].by, by, rtol=1e-12)
    assert np.abs(by - plain[25].params["readout"].by).max() > 1e-3


def test_no_epochs_leave_the_network_untrained():
    run = train_to_end(replace(SMALL, epochs=0))
    assert bits(run.params) == bits(untrained(SMALL)) and run.losses == ()


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
def test_the_loss_falls(cell):
    first, second, third = train_to_end(replace(SMALL, cell=cell, epochs=3)).losses
    assert first > second > third


@pytest.mark.slow
def test_a_trained_network_beats_the_majority_tag_on_sentences_it_never_saw():
    task, experiment = task_named("people"), Experiment()
    params = train_to_end(experiment).params
    assert all_finite(params)
    assert evaluation.score(task, CELLS[experiment.cell], params) > evaluation.baseline(task) + 0.05
