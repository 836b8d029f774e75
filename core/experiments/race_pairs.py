"""Does the gradient before training tell who will learn? Only what is left among networks of the same cell and gap.

Over all networks of a race those that solve their gap had the larger ratio in nearly all pairs, but so does whoever
guesses from the gap's length alone. Pairs within one cell and gap differ in nothing but their random numbers, the ratio
among them. They are few, and share their networks, so an interval comes from drawing the networks again.
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


def within(groups: Mapping[Any, Sequence[Network]], rng: np.random.Generator) -> Pairs:
    """groups: the networks of each cell and gap"""
    ordered = np.zeros(DRAWS + 1)  # the first is the race itself
    every = np.zeros(DRAWS + 1)
    for networks in groups.values():
        n = len(networks)
        drawn = np.concatenate([np.arange(n)[None], rng.integers(0, n, (DRAWS, n))])
        ratio, solved = (np.array(column)[drawn] for column in zip(*networks, strict=True))
        pair = solved[:, :, None] & ~solved[:, None, :]  # (draws, solved, not solved)
        larger = (ratio[:, :, None] > ratio[:, None, :]) + 0.5 * (ratio[:, :, None] == ratio[:, None, :])
        ordered += (pair * larger).sum(axis=(1, 2))
        every += pair.sum(axis=(1, 2))
    if not every[0]:
        return Pairs(0, np.nan, np.nan, np.nan)
    shares = ordered[every > 0] / every[every > 0]
    low, high = np.quantile(shares[1:], [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    return Pairs(int(every[0]), float(shares[0]), float(low), float(high))
