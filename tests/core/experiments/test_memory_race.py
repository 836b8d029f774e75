"""The memory race: the same trial gives the same records, chance is chance, and a trial tells when it is done."""

from dataclasses import fields, replace

import numpy as np
import pytest

from core.backward import backward
from core.cells import CELLS
from core.experiments import memory_race
from core.experiments.memory_race import BATCH, GAPS, SEEDS, TASK, RaceSettings, Trial
from core.gradient_flow import truncated_grads
from core.optimisers import Adam
from core.parameters import leaves

SMALL = RaceSettings(hidden_units=8, updates=6)


def records(trial):
    return list(memory_race.run(trial))


def test_a_setup_is_frozen_and_holds_scalars_only():
    assert all(isinstance(getattr(SMALL, field.name), str | int | float) for field in fields(SMALL))
    assert hash(SMALL) == hash(replace(SMALL))


def test_the_lanes_are_every_cell_gap_and_network_once():
    trials = memory_race.trials(SMALL)
    assert len(set(trials)) == len(trials) == len(CELLS) * len(GAPS) * SEEDS
    first = trials[: len(CELLS) * len(GAPS)]
    assert {trial.seed for trial in first} == {SMALL.seed}, "one whole picture before the second network of any cell"
    assert [trial.gap for trial in first] == sorted(trial.gap for trial in first)


@pytest.mark.parametrize("cell", CELLS)
def test_same_lane_same_records(cell):
    trial = Trial(SMALL, cell, gap=5, seed=3)
    assert records(trial) == records(trial)


@pytest.mark.parametrize(
    "change", [{"seed": 4}, {"gap": 6}, {"cell": "gru"}, {"settings": replace(SMALL, hidden_units=9)}]
)
def test_another_trial_other_records(change):
    trial = Trial(SMALL, "tanh", gap=5, seed=3)
    other = trial._replace(**change)
    accuracies = [[record.accuracy for record in records(each)] for each in (trial, other)]
    assert accuracies[0] != accuracies[1]


def test_a_record_for_every_batch_and_a_last_one():
    *training, last = records(Trial(SMALL, "lstm", gap=5, seed=1))
    assert [record.updates for record in training] == list(range(SMALL.updates))
    assert not any(record.is_last for record in training)
    assert last.is_last and last.updates == SMALL.updates and not last.diverged


@pytest.mark.parametrize("cell", CELLS)
def test_without_learning_the_accuracy_is_chance(cell):
    """An untrained network has its favourites, but no symbol is more often right than another."""
    accuracies = [records(Trial(replace(SMALL, updates=0), cell, 40, seed))[-1].accuracy for seed in range(8)]
    several = 4 * np.sqrt(TASK.chance * (1 - TASK.chance) / (8 * memory_race.FRESH))
    assert np.mean(accuracies) == pytest.approx(TASK.chance, abs=several)


def test_a_short_gap_is_learned_and_training_ends_when_it_is():
    *_, last = records(Trial(RaceSettings(initialisation="orthogonal"), "tanh", gap=5, seed=1))
    assert last.accuracy > 0.99 and memory_race.RECENT <= last.updates < RaceSettings.updates


@pytest.mark.parametrize(("truncate", "meets"), [(0, True), (6, True), (5, False)])
def test_an_error_that_is_cut_off_before_the_symbol_does_not_change_how_it_is_read(truncate, meets):
    """From the symbol to the answer there are gap + 1 steps, and only the symbols use the first columns of Wax."""
    trial = Trial(replace(SMALL, truncate=truncate), "tanh", gap=5, seed=1)
    params, (x, targets) = memory_race.start(trial), TASK.draw(np.random.default_rng(1), BATCH, trial.gap)
    _, moved, _ = memory_race.update(trial, params, Adam.start(params), x, targets)
    symbols = slice(0, TASK.n_y)
    assert (moved["rnn"].Wax[:, symbols] != params["rnn"].Wax[:, symbols]).any() == meets
    assert (moved["rnn"].Wax[:, TASK.n_y :] != params["rnn"].Wax[:, TASK.n_y :]).any()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("truncate", [1, 3, 6, 7])
def test_a_race_cuts_the_error_off_as_flow_does(cell, truncate, monkeypatch):
    trial, took = Trial(replace(SMALL, truncate=truncate), cell, gap=5, seed=1), []
    monkeypatch.setitem(memory_race.CLIPS, "off", lambda grads, limit: took.append(grads) or grads)
    params, (x, targets) = memory_race.start(trial), TASK.draw(np.random.default_rng(1), BATCH, trial.gap)
    memory_race.update(trial, params, Adam.start(params), x, targets)
    trace = memory_race.answer(trial, params, x)
    exact = truncated_grads(backward(trace, TASK.loss(trace.logits, targets)), truncate)
    for (_, name, array), (_, _, other) in zip(leaves(took[0]), leaves(exact), strict=True):
        np.testing.assert_allclose(array, other, rtol=1e-12, atol=1e-12, err_msg=name)


def test_what_would_not_be_finite_is_not_learned(monkeypatch):
    monkeypatch.setattr(memory_race, "LEARNING_RATE", np.inf)
    *_, last = records(Trial(SMALL, "relu", gap=5, seed=1))
    assert last.diverged and last.updates == 0
    assert 0 <= last.accuracy <= 1


def test_the_ratio_before_training_keeps_the_bound_of_the_walk_back():
    """Every step back, half a rotation halves the norm and saturation can only take more."""
    trial = Trial(RaceSettings(initialisation="orthogonal", spectral_radius=0.5), "tanh", gap=10, seed=1)
    assert 0 < memory_race.gradient_ratio(trial) <= 0.5 ** (trial.gap + 1)
