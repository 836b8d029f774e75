"""Does the gradient before training tell who will learn? Only what is left among networks of the same cell and gap.

Over all networks of a race those that solve their gap had the larger ratio in nearly all pairs, but so does whoever
guesses from the gap's length alone. Pairs within one cell and gap differ in nothing but their random numbers, the ratio
among them. They are few, and share their networks, so an interval comes from drawing the networks again; and since all
of very few may be alike by chance, the same is asked of ratios that are shuffled among the networks of a cell and gap.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

DRAWS = 2000  # of all networks, each with replacement within its cell and gap
INTERVAL = 0.95


class Network(NamedTuple):
    """One network that has finished"""

    ratio: float  # how much of the error got back to the start before training
    is_solved: bool


class Pairs(NamedTuple):
    """Of one that solved its gap and one that did not, each within one cell and gap"""

    n: int
    share: float  # of them in which the solved one had the larger ratio, a tie counting half; NaN where there are none
    low: float  # the interval of the share
    high: float
    by_chance: float  # the part of the shuffles whose share is at least as far from one half
    ties: int = 0  # pairs whose ratios are equal

    @property
    def tells(self) -> bool:
        """Is this clearly not one half?"""
        return not self.low <= 0.5 <= self.high and self.by_chance <= 1 - INTERVAL


def within(groups: Mapping[Any, Sequence[Network]], rng: np.random.Generator) -> Pairs:
    """groups: the networks of each cell and gap"""
    ties, counts = 0, np.zeros((3, 2, DRAWS))  # the race itself, drawn again, shuffled; pairs in order, and all pairs
    for networks in groups.values():
        n = len(networks)
        ratio, solved = (np.array(column) for column in zip(*networks, strict=True))
        again = rng.integers(0, n, (DRAWS, n))
        shuffled = rng.permuted(np.broadcast_to(ratio, (DRAWS, n)), axis=1)
        ties += int((ratio[solved][:, None] == ratio[~solved]).sum())
        counts[0] += _pairs(ratio[None], solved[None])
        counts[1] += _pairs(ratio[again], solved[again])
        counts[2] += _pairs(shuffled, solved[None])
    if not counts[0, 1, 0]:
        return Pairs(0, np.nan, np.nan, np.nan, np.nan)
    race, again, shuffled = (ordered[every > 0] / every[every > 0] for ordered, every in counts)
    low, high = np.quantile(again, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    by_chance = np.mean(np.abs(shuffled - 0.5) >= abs(race[0] - 0.5) - 1e-12)
    return Pairs(int(counts[0, 1, 0]), float(race[0]), float(low), float(high), float(by_chance), ties)


def _pairs(ratio: np.ndarray, solved: np.ndarray) -> np.ndarray:
    """(draws, n) each -> how many pairs are in order, and how many there are (2, draws)"""
    pair = solved[:, :, None] & ~solved[:, None, :]  # (draws, solved, not solved)
    larger = (ratio[:, :, None] > ratio[:, None, :]) + 0.5 * (ratio[:, :, None] == ratio[:, None, :])
    return np.stack(np.broadcast_arrays((pair * larger).sum(axis=(1, 2)), pair.sum(axis=(1, 2))))
