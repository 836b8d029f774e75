"""Who won the memory race: the longest gap that was solved, by whom, and by how many networks."""

import numpy as np

from core.experiments.memory_race import GAPS, SEEDS, SOLVED
from explorer.figures import memory_race as drawing
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.gradients.race_session import Race


def told(race: Race) -> list[str]:
    """Who solved the longest gap, by how many of its networks, and what the others came to"""
    found = race.accuracies()
    longest = {cell: drawing.longest_solved(GAPS, values, SOLVED) for cell, values in found.items()}
    most = max(longest.values())
    if not most:
        return [prose("gradients", "race_winner_none", n=SEEDS)]

    def networks(cell: str) -> str:
        accuracies = found[cell][GAPS.index(longest[cell])]
        n = int(np.isfinite(accuracies).sum())
        return prose("gradients", "race_winner_networks", solved=int((accuracies >= SOLVED).sum()), n=n)

    first = [cell for cell, gap in longest.items() if gap == most]
    names, of_each = ", ".join(map(CELL_NAMES.__getitem__, first)), ", ".join(map(networks, first))
    name = "race_winner" if len(first) == 1 else "race_winners"
    words = [prose("gradients", name, cells=names, gap=most, networks=of_each)]
    behind = [
        prose("gradients", "race_winner_behind", cell=CELL_NAMES[cell], gap=gap, networks=networks(cell))
        if gap
        else prose("gradients", "race_winner_nothing", cell=CELL_NAMES[cell])
        for cell, gap in longest.items()
        if gap != most
    ]
    if behind:
        words.append(prose("gradients", "race_winner_others", cells=", ".join(behind)))
    if single := _single(found, longest):
        words.append(prose("gradients", "race_winner_single", cells=", ".join(single)))
    return words


def _single(found: dict[str, np.ndarray], longest: dict[str, int]) -> list[str]:
    """The cells of which a few networks solved a gap longer than any that most of them solved, and that gap"""
    told = []
    for cell, accuracies in found.items():
        solved = [gap for gap, values in zip(GAPS, accuracies, strict=True) if (values >= SOLVED).any()]
        if solved and max(solved) > longest[cell]:
            told.append(prose("gradients", "race_said_gap", cell=CELL_NAMES[cell], gap=max(solved)))
    return told
