"""The memory map: what is stored are the race's own trials, and a random network of it, trained again, is the same."""

from itertools import product

import numpy as np
import pytest

from core.experiments import memory_map, memory_race
from core.experiments.memory_map import GAP, NETWORKS, STOPS, UPDATES, Measured, Stop

MAP = memory_map.load()
# How many of the twelve learned it, when this was first measured, independently of this file
LSTM = {0: [0, 0, 0, 0, 0, 0], 1: [0, 0, 0, 0, 0, 0], 2: [0, 2, 0, 0, 1, 2], 3: [4, 4, 3, 6, 12, 12]}
LSTM |= {4: [4, 8, 10, 12, 12, 12], 5: [7, 10, 12, 12, 12, 12]}
GRU = [0, 1, 12, 12, 12, 12]


def test_every_stop_has_its_twelve_networks():
    assert list(MAP) == list(STOPS) and len(STOPS) == 42
    for stop, networks in MAP.items():
        assert [one.seed for one in networks] == list(range(1, NETWORKS + 1)), stop
        assert all(one.stop == stop and one.updates <= UPDATES and 0 <= one.accuracy <= 1 for one in networks)
        assert all(np.isfinite(one.ratio) and one.ratio > 0 for one in networks)


@pytest.mark.parametrize("stop", STOPS, ids=str)
def test_as_many_learn_it_as_were_counted_before(stop):
    before = (GRU if stop.cell == "gru" else LSTM[stop.forget_bias])[-stop.update_bias]
    assert memory_map.solved(MAP[stop]) == before


@pytest.mark.slow
@pytest.mark.parametrize(("stop", "seed"), [(Stop("gru", 1, -4), 7), (Stop("lstm", 5, -5), 3)])
def test_a_stored_network_trained_again_is_the_same(stop, seed):
    stored, again = MAP[stop][seed - 1], memory_map.measure(stop, seed)
    assert (again.stop, again.seed, again.updates) == (stored.stop, stored.seed, stored.updates)
    assert again.ratio == pytest.approx(stored.ratio, rel=1e-9)
    assert again.accuracy == pytest.approx(stored.accuracy, abs=1 / memory_race.FRESH)


@pytest.mark.long
@pytest.mark.parametrize(("stop", "seed"), list(product(STOPS, (1, 5, 12))), ids=str)
def test_every_stop_trained_again(stop, seed):
    test_a_stored_network_trained_again_is_the_same(stop, seed)


def test_what_is_missing_is_measured_and_what_is_written_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_map, "FILE", tmp_path / "map.csv")
    one = Measured(STOPS[0], 2, 0.1 + 0.2, 17, 0.99)
    memory_map.write({STOPS[0]: [one]})
    assert memory_map.load()[STOPS[0]] == [one] and not memory_map.load()[STOPS[1]]


def test_a_map_is_made_of_trials_of_the_race():
    trial = memory_map.trial(Stop("lstm", 5, -3), 2)
    assert (trial.cell, trial.gap, trial.seed) == ("lstm", GAP, 2)
    assert (trial.settings.forget_bias, trial.settings.update_bias, trial.settings.updates) == (5, -3, UPDATES)
    ba = memory_race.start(trial)["rnn"].ba
    assert ba.tolist() == [-3.0] * 16 + [5.0] * 16 + [0.0] * 32
