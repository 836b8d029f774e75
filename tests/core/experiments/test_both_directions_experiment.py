"""What a second stream brings: the stored scores are those of networks trained again, and say what is told of them."""

import numpy as np
import pytest

from core import evaluation, pretrained
from core.cells import CELLS
from core.experiments import both_directions
from core.experiments.both_directions import SEEDS
from core.tasks import task

FOUND = both_directions.load()


def test_every_seed_is_there_and_both_directions_win_from_each():
    assert list(FOUND) == list(SEEDS) and len(FOUND) >= 5
    gains = [pair.both - pair.forward for pair in FOUND.values()]
    assert min(gains) > 0 and 0.02 < np.mean(gains) < 0.04


@pytest.mark.parametrize("direction", ["forward", "both"])
def test_the_first_seed_is_that_of_the_stored_networks(direction):
    params = pretrained.load_pretrained(pretrained.default_experiment("entities", "gru", direction=direction))
    score = evaluation.score(task("entities"), CELLS["gru"], params)
    assert score == pytest.approx(getattr(FOUND[1], direction), abs=1e-4)
    assert score > evaluation.baseline(task("entities")) + 0.2


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_trained_again_they_score_the_same(seed):
    assert both_directions.measure(seed) == pytest.approx(FOUND[seed], abs=5e-3)


def test_what_is_written_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(both_directions, "FILE", tmp_path / "both.csv")
    both_directions.write({3: both_directions.Pair(0.30004, 0.5)})
    assert both_directions.load() == {3: (0.3, 0.5)}
