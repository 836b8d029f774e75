"""The memory map: at which biases of the gates do networks learn to remember over a gap of 80?

Twelve networks at every stop of both biases, trained beforehand; assets/models/memory_map.csv holds what came of each.
`python -m core.experiments.memory_map` measures those that are missing there, so it can be stopped and started again.
They are the race's own trials: a race at a stop trains the first of these networks again, to the same last bit.
"""

import csv
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from core.experiments import memory_race
from core.experiments.memory_race import SOLVED, RaceSettings, Trial
from core.initialisers import FORGET_BIASES, UPDATE_BIASES

FILE = Path(__file__).resolve().parents[2] / "assets" / "models" / "memory_map.csv"
GAP = 80
UPDATES = 400
NETWORKS = 12  # seeds 1, 2, …: three would be too few to tell one stop from the next


class Stop(NamedTuple):
    """Where the biases of the gates stand"""

    cell: str
    forget_bias: int  # the GRU has none: always 1, the default, so that its trials are those of the race
    update_bias: int


class Measured(NamedTuple):
    """One network: how much of the error got back before training, and what training came to"""

    stop: Stop
    seed: int
    ratio: float  # ‖∂ℒ/∂state⟨0⟩‖ / ‖∂ℒ/∂state⟨T⟩‖ before training
    updates: int
    accuracy: float  # on fresh sequences

    @property
    def is_solved(self) -> bool:
        return self.accuracy >= SOLVED


STOPS = (
    *(Stop("gru", 1, update) for update in UPDATE_BIASES),
    *(Stop("lstm", forget, update) for forget, update in product(FORGET_BIASES, UPDATE_BIASES)),
)


def trial(stop: Stop, seed: int) -> Trial:
    """The race's trial of this network"""
    settings = RaceSettings(forget_bias=stop.forget_bias, update_bias=stop.update_bias, updates=UPDATES)
    return memory_race.trial_of(settings, stop.cell, GAP, seed)


def measure(stop: Stop, seed: int) -> Measured:
    """Train one network, a few seconds"""
    one = trial(stop, seed)
    *_, last = memory_race.run(one)
    return Measured(stop, seed, memory_race.gradient_ratio(one), last.updates, last.accuracy)


def solved(networks: Sequence[Measured]) -> int:
    """How many of them learned it"""
    return sum(one.is_solved for one in networks)


def load() -> dict[Stop, list[Measured]]:
    """The networks that are measured, by their stop"""
    found: dict[Stop, list[Measured]] = {stop: [] for stop in STOPS}
    if FILE.exists():
        with FILE.open(newline="") as lines:
            for row in csv.DictReader(lines):
                stop = Stop(row["cell"], int(row["forget_bias"]), int(row["update_bias"]))
                numbers = int(row["seed"]), float(row["ratio"]), int(row["updates"]), float(row["accuracy"])
                found[stop].append(Measured(stop, *numbers))
    return found


def write(found: Mapping[Stop, list[Measured]]) -> None:
    """One row a network, in the order of the stops"""
    with FILE.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([*Stop._fields, "seed", "ratio", "updates", "accuracy"])
        for networks in found.values():
            rows.writerows([*one.stop, *one[1:]] for one in sorted(networks, key=lambda one: one.seed))


if __name__ == "__main__":
    found = load()
    for seed, stop in product(range(1, NETWORKS + 1), STOPS):
        if seed not in {one.seed for one in found[stop]}:
            found[stop].append(measure(stop, seed))
            write(found)
            print(*stop, seed, found[stop][-1].updates, found[stop][-1].accuracy, flush=True)
