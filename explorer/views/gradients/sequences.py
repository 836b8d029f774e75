"""The same network on many random sequences at once: does what is seen on one hold for the others?

Each is measured once for all sessions, and read-only: a class moves one slider to the same places.
"""

from collections.abc import Callable

import numpy as np

from core.training import Experiment
from explorer.compute.bounded_cache import BoundedCache, OfProcess
from explorer.compute.networks import network
from explorer.views.gradients import cell_flow, rates

FEW = 32  # sequences that a verdict rests on, beside the one that is shown
MANY = 200  # sequences that a question rests on
MOST_BYTES = 20_000_000  # of what is kept: every length of the slider, of some networks


@OfProcess
def measured() -> BoundedCache[tuple, np.ndarray]:
    """Of a network, a length and so many sequences"""
    return BoundedCache(MOST_BYTES, lambda found: found.nbytes)


def reach(experiment: Experiment, length: int, sequences: int) -> np.ndarray:
    """log10 of what a unit of error at the last step leaves at distance 0, 1, … of random sequences (length, sequences)

    The network must be at hand, or quick to make.
    """
    return _once(("reach", experiment, length, sequences), lambda: _reach(experiment, length, sequences))


def slopes(experiment: Experiment, length: int, sequences: int) -> np.ndarray:
    """How fast errors fade or grow on each of these sequences, in powers of ten a step (sequences,)"""
    return _once(("slopes", experiment, length, sequences), lambda: rates.slopes(_reach(experiment, length, sequences)))


def _reach(experiment: Experiment, length: int, sequences: int) -> np.ndarray:
    return cell_flow.random_reach(experiment.cell, network(experiment), length, experiment.seed, sequences)


def _once(key: tuple, measure: Callable[[], np.ndarray]) -> np.ndarray:
    def locked() -> np.ndarray:
        found = measure()
        found.flags.writeable = False
        return found

    return measured().get_or_put(key, locked)
