"""What rests on many sequences is measured once for a class that moves one slider to the same places."""

import threading
import time

import numpy as np
import pytest

from core.cells import CELLS
from explorer.choices.record import MOST_STEPS, Choices
from explorer.views.gradients import cell_flow, rates, sequences


@pytest.fixture
def asked(monkeypatch) -> list:
    """With nothing measured yet: the lengths that are measured"""
    lengths, honest = [], cell_flow.random_reach

    def slowly(cell, params, length, seed, how_many):
        lengths.append(length)
        time.sleep(0.05)
        return honest(cell, params, length, seed, how_many)

    monkeypatch.setattr(cell_flow, "random_reach", slowly)
    sequences.measured.clear()
    return lengths


def test_thirty_who_go_to_one_length_at_once_have_it_measured_once(asked):
    experiment, found = Choices().network("gru", "trained"), []
    threads = [
        threading.Thread(target=lambda: found.append(sequences.slopes(experiment, 9, sequences.FEW))) for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert asked == [9] and len(found) == 30 and all(one is found[0] for one in found)
    sequences.slopes(experiment, 10, sequences.FEW)
    sequences.slopes(experiment, 9, sequences.FEW)
    assert asked == [9, 10]


def test_what_is_shared_is_what_was_measured_and_nobody_can_write_into_it(asked):
    experiment = Choices().network("lstm", "untrained")
    reach, slopes = (measure(experiment, 12, sequences.FEW) for measure in (sequences.reach, sequences.slopes))
    assert reach.shape == (12, sequences.FEW)
    assert np.array_equal(slopes, rates.slopes(reach))
    for shared in (reach, slopes):
        with pytest.raises(ValueError, match="read-only"):
            shared[...] = 0


def test_every_place_of_the_slider_has_room():
    """Of the question, of four cells: whoever goes back to a length finds it measured"""
    assert len(CELLS) * (MOST_STEPS - 1) * sequences.MANY * np.dtype(float).itemsize < sequences.MOST_BYTES / 10
