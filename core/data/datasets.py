"""The data sets in assets/data/: each in the format of its field, each in two files, to train on and held out."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.data.abc_file import read_tunes
from core.data.conll import read_conll
from core.data.example import Example, Reading
from core.data.reviews import read_reviews
from core.data.sentence_pairs import read_pairs

DATA = Path(__file__).resolve().parents[2] / "assets" / "data"
HELD_OUT_EVERY = 5  # of a reader's own file every fifth example is held out


class Dataset(NamedTuple):
    """What is learned from, what training never sees, and what only chooses which of its epochs is kept"""

    train: tuple[Example, ...]
    held_out: tuple[Example, ...]
    chosen_on: tuple[Example, ...] = ()


def _load(read: Callable[[bytes], Reading], *names: str) -> Dataset:
    def part(which: str) -> tuple[Example, ...]:
        paths = [DATA / name.replace("*", which) for name in names]
        return tuple(example for path in paths for example in read(path.read_bytes()).examples)

    return Dataset(part("train"), part("held_out"))


@cache
def people() -> Dataset:
    """Sentences whose names of people need their context; places, organisations and the rest are marked as well"""
    return _load(read_conll, "people.*.conll")


@cache
def entities() -> Dataset:
    """The same sentences, and others with more places, organisations and miscellaneous names"""
    return _load(read_conll, "people.*.conll", "entities.*.conll")


@cache
def reviews() -> Dataset:
    """Reviews and whether they are negative or positive, many negated or mixed"""
    return _load(read_reviews, "reviews.*.tsv")


@cache
def pairs() -> Dataset:
    """English and French; the held-out sentences combine words that training knows in ways that it never saw"""
    return _load(read_pairs, "pairs.*.tsv")


@cache
def tunes() -> Dataset:
    """Melodies in the public domain, moved to one key"""
    return _load(read_tunes, "tunes.*.abc")


def split(examples: Sequence[Example]) -> Dataset:
    """A reader's own data: every fifth example is held out; of fewer than five, none"""
    held_out = examples[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY]
    return Dataset(
        tuple(e for i, e in enumerate(examples) if i % HELD_OUT_EVERY != HELD_OUT_EVERY - 1), tuple(held_out)
    )
