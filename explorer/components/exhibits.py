"""The numbers behind an answer of Structures, as cards that the browser draws: tables, scored sentences, curves."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.components.base import component, number, numbers
from explorer.formatting import clip_word
from explorer.prose import prose, signed

APART = 0.17  # of the height of a chart: two names one above the other
MOST_LETTERS = 300  # of a sentence that a search has found

Card = dict[str, Any]
_exhibits = component("exhibits")


def show(*cards: Card) -> None:
    """All that a page has, in one component: each more is a pass of the browser over the whole page"""
    _exhibits(key="exhibits", data={"exhibits": cards})


def card(
    name: str, picture: Card, alt: str = "", lead: str = "", told: Sequence[str] = (), is_explained: bool = True
) -> Card:
    """A picture below its title and above what is told of it; alt: the picture in words"""
    title = prose("structures", f"{name}_title")
    said = {
        "title": title,
        "help": prose("structures", name) if is_explained else "",
        "lead": lead,
        "told": told,
        "alt": alt,
    }
    return {"name": name, **said, **picture}


NO_PICTURE: Card = {"kind": ""}


def cells(
    p: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    cell: str,
    colours: tuple[str, str],
    numbered: np.ndarray | None = None,
    framed: int | None = None,
) -> Card:
    """Probabilities p (rows, columns) as colours, from that of 0 to that of 1, with their numbers, or only those where
    `numbered` (rows, columns) is true; the row `framed` stands out. cell: the name of what is told of one"""
    return {
        "kind": "cells",
        "rows": [clip_word(row) for row in rows],
        "columns": [clip_word(column) for column in columns],
        "p": [numbers(row) for row in p],
        "numbered": None if numbered is None else numbered.tolist(),
        "colours": colours,
        "framed": -1 if framed is None else framed,
        "cell": cell,
    }


def tapes(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Card:
    """One row above the other, a column for each step"""
    return {"kind": "tapes", "names": names, "rows": rows}


def hypotheses(rows: Sequence[tuple[str, str, float, bool]], on_stage: str | None = None) -> Card:
    """Sentences: who found each, its words, its score, and whether it has an end. A score is log p / |Y|^α: at most 0,
    and higher is better. That which `on_stage` found is marked"""
    found = [
        {
            "label": label,
            "text": clip_word(text, MOST_LETTERS),
            "score": number(score),
            "ended": ended,
            "chosen": label == on_stage,
        }
        for label, text, score, ended in rows
    ]
    return {"kind": "hypotheses", "found": found}


def walk(labels: Sequence[str], curves: Mapping[str, np.ndarray]) -> Card:
    """Norms (T,) of each curve, by name, on a log scale that fits them; what has no logarithm is left out"""
    logs = {name: _log10(norms) for name, norms in curves.items()}
    low, high = _range(np.concatenate([*logs.values(), []]))
    return {
        "kind": "walk",
        "labels": [clip_word(label, 12) for label in labels],
        "curves": [
            {"name": clip_word(name), "norms": numbers(np.asarray(curves[name])), "logs": numbers(logs[name])}
            for name in curves
        ],
        "range": [low, high],
        "marks": _marks(low, high),
        "names": _names(list(logs.values()), low, high),
    }


def _log10(norms: np.ndarray) -> np.ndarray:
    """NaN where there is no place on a logarithmic axis"""
    return np.log10(np.where((norms > 0) & np.isfinite(norms), norms, np.nan))


def _range(logs: np.ndarray) -> tuple[float, float]:
    known = logs[np.isfinite(logs)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    room = max(0.1, 0.06 * (high - low))
    return low - room, high + room


def _marks(low: float, high: float) -> list[tuple[float, str]]:
    """Powers of ten; where there are fewer than two, plain numbers between them, more of them on a short scale"""
    powers = np.arange(np.ceil(low), np.floor(high) + 1).tolist()
    if len(powers) >= 2:
        return [(power, f"1e{power:.0f}") for power in powers[:: -(-len(powers) // 7)]]
    few = _between(low, high, (1, 2, 3, 5, 7))
    return few if len(few) >= 2 else _between(low, high, (1, 1.2, 1.4, 1.7, 2, 2.4, 2.8, 3.4, 4, 5, 6, 7, 8, 9))


def _between(low: float, high: float, digits: Sequence[float]) -> list[tuple[float, str]]:
    """Each digit of each power of ten that has a place here"""
    values = [digit * 10.0**p for p in np.arange(np.floor(low), np.ceil(high)).tolist() for digit in digits]
    return [(float(np.log10(value)), signed(f"{value:.4g}")) for value in values if low <= np.log10(value) <= high]


def _names(curves: Sequence[np.ndarray], low: float, high: float) -> list[Card]:
    """Each line's name at the height at which it begins, moved down where two would stand in each other's way"""
    starts = [(k, np.flatnonzero(np.isfinite(logs))) for k, logs in enumerate(curves)]
    begins = sorted(((float(curves[k][at[0]]), int(at[0]) + 1, k) for k, at in starts if at.size), reverse=True)
    names, last = [], np.inf
    for height, step, k in begins:
        last = min(height, last - APART * (high - low))
        names.append({"curve": k, "step": step, "begins": height, "at": last})
    return names
