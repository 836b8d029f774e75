"""Training: the same Experiment gives the same bits; and what it learns is more than a list of words."""

from dataclasses import fields, replace

import numpy as np
import pytest

from core.cells import CELLS
from core.parameters import all_finite, leaves
from core.structures import SILENT
from core.tasks import TASKS, f1
from core.training import Experiment, baseline_f1, held_out_f1, start, train

SMALL = Experiment(hidden_units=6, epochs=2)


def bits(params):
    return [array.tobytes() for _, _, array in leaves(params)]


def test_an_experiment_is_frozen_and_holds_scalars_only():
    assert all(isinstance(getattr(SMALL, field.name), str | int | float) for field in fields(SMALL))
    assert hash(SMALL) == hash(replace(SMALL))
    with pytest.raises(AttributeError):
        SMALL.seed = 4


@pytest.mark.parametrize("activation", CELLS)
def test_same_experiment_same_bits(activation):
    experiment = replace(SMALL, activation=activation)
    first, again = list(train(experiment)), list(train(experiment))
    assert [bits(a.params) for a in first] == [bits(b.params) for b in again]
    assert [a.loss for a in first[1:]] == [b.loss for b in again[1:]]


@pytest.mark.parametrize(
    "change", [{"seed": 4}, {"activation": "relu"}, {"initialisation": "orthogonal"}, {"hidden_units": 7}]
)
def test_another_experiment_another_network(change):
    *_, first = train(SMALL)
    *_, other = train(replace(SMALL, **change))
    assert bits(first.params) != bits(other.params)


def test_progress_counts_the_epochs_from_the_untrained_network():
    records = list(train(SMALL))
    assert [record.epoch for record in records] == [0, 1, 2]
    assert bits(records[0].params) == bits(start(SMALL))
    assert len({tuple(bits(record.params)) for record in records}) == 3


def test_no_epochs_leave_the_network_untrained():
    (only,) = train(replace(SMALL, epochs=0))
    assert bits(only.params) == bits(start(SMALL))


@pytest.mark.parametrize("activation", CELLS)
def test_the_loss_falls(activation):
    losses = [record.loss for record in train(replace(SMALL, activation=activation, epochs=3))][1:]
    assert losses[0] > losses[1] > losses[2]


def test_a_trained_network_beats_the_majority_tag_on_sentences_it_never_saw():
    task, experiment = TASKS["people"](), Experiment()
    *_, last = train(experiment)
    assert all_finite(last.params)
    assert held_out_f1(task, experiment.activation, last.params) > baseline_f1(task) + 0.05


def test_f1_is_two_pr_over_p_plus_r():
    predicted, true = np.array([1, 1, 1, 0, 0, 1, 0]), np.array([1, 1, 0, 1, 0, SILENT, SILENT])
    P, R = 2 / 3, 2 / 3
    assert f1(predicted, true) == pytest.approx(2 * P * R / (P + R))
    assert f1(np.array([1, 1, 1, 0]), np.array([1, 0, 0, 0])) == pytest.approx(2 * (1 / 3) / (1 / 3 + 1))
    assert f1(np.zeros(3, dtype=int), np.array([0, 1, SILENT])) == 0
