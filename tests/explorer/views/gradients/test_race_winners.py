"""Who won a race, in a sentence: true for one winner, for ties, and for none."""

import numpy as np
import pytest

from core.cells import CELLS
from core.experiments import memory_race
from core.experiments.memory_race import GAPS, SEEDS, RaceSettings, Record
from explorer.views.gradients import race_session, race_winners


def race(solved: dict[str, dict[int, int]]) -> race_session.Race:
    """solved: of each cell, by gap, how many of its networks learn it"""
    found = race_session.Race(RaceSettings())
    for trial in memory_race.trials(found.setup):
        number = trial.seed - found.setup.seed
        is_solved = number < solved.get(trial.cell, {}).get(trial.gap, 0)
        found.records[trial] = Record(trial, 100, 1.0 if is_solved else 0.25, is_last=True)
    return found


def test_one_winner_with_its_networks_and_those_behind():
    told = " ".join(race_winners.told(race({"lstm": {5: 3, 40: 2}, "gru": {10: 3}, "relu": {80: 1}})))
    assert told == (
        "**LSTM** remembered longest: gap 40, solved by 2 of 3 networks. "
        "Behind: tanh RNN no gap, ReLU RNN no gap, GRU gap 10 (3 of 3). "
        "(Solved: by most of its networks. Of single ones, some solved a longer gap: ReLU RNN gap 80.)"
    )


def test_a_tie_has_no_winner():
    told = " ".join(race_winners.told(race({"lstm": {20: 3}, "gru": {20: 2}, "tanh": {5: 3}})))
    assert told.startswith(
        "**GRU, LSTM** are level: gap 20 is the longest that any cell solved, by 2 of 3, 3 of 3 networks."
    )
    assert told.endswith("Behind: tanh RNN gap 5 (3 of 3), ReLU RNN no gap.")
    assert "Behind" not in " ".join(race_winners.told(race({cell: {80: 3} for cell in CELLS})))


def test_where_nobody_solved_anything_nobody_is_named():
    assert race_winners.told(race({"lstm": {5: 1}})) == [
        "**No cell solved a gap**: nowhere did most of the 3 networks learn it."
    ]


@pytest.mark.parametrize("draw", range(50))
def test_whoever_is_named_solved_the_longest_gap(draw):
    rng = np.random.default_rng(draw)
    solved = {cell: {gap: int(rng.integers(0, SEEDS + 1)) for gap in GAPS if rng.random() < 0.4} for cell in CELLS}
    longest = {cell: max((g for g, n in of.items() if n > SEEDS / 2), default=0) for cell, of in solved.items()}
    first = race_winners.told(race(solved))[0]
    single = {cell: max((g for g, n in of.items() if n), default=0) for cell, of in solved.items()}
    told = race_winners.told(race(solved))
    assert ("Of single ones" in told[-1]) == (
        bool(max(longest.values())) and any(single[c] > longest[c] for c in single)
    )
    most = max(longest.values())
    assert (f"gap {most}" in first) == bool(most)
    assert ("level" in first) == (bool(most) and list(longest.values()).count(most) > 1)
