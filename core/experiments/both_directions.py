"""Does it help to read in both directions? Entity F1 of networks with a second stream and without, from the same seeds.

assets/models/both_directions.csv holds what came of each; `python -m core.experiments.both_directions` measures them
again. The second stream more than doubles the weights, so part of what it brings may be their number.
"""

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from core import evaluation, pretrained, training
from core.cells import CELLS
from core.tasks import task

FILE = Path(__file__).resolve().parents[2] / "assets" / "models" / "both_directions.csv"
SEEDS = range(1, 9)


class Pair(NamedTuple):
    """Entity F1 on the held-out sentences of two networks that start from the same first stream"""

    forward: float
    both: float


def measure(seed: int) -> Pair:
    """Train both, some seconds each, as the stored ones"""
    scores = []
    for direction in Pair._fields:
        experiment = replace(pretrained.default_experiment("entities", "gru"), seed=seed, direction=direction)
        params = training.train_to_end(experiment).params
        scores.append(evaluation.score(task("entities"), CELLS["gru"], params))
    return Pair(*scores)


def load() -> dict[int, Pair]:
    """What was measured, by its seed"""
    with FILE.open(newline="") as lines:
        rows = csv.DictReader(lines)
        return {int(row["seed"]): Pair(float(row["forward"]), float(row["both"])) for row in rows}


def write(found: Mapping[int, Pair]) -> None:
    """In four digits: there are not enough sentences for more"""
    with FILE.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["seed", *Pair._fields])
        rows.writerows([seed, *(f"{score:.4f}" for score in pair)] for seed, pair in found.items())


if __name__ == "__main__":
    write({seed: measure(seed) for seed in SEEDS})
