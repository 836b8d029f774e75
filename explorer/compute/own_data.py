"""A file that the reader brought becomes the data of a task."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from core import evaluation
from core.data.datasets import Dataset
from core.data.example import Example, Reading, Unreadable
from core.data.text_file import LOOK_UP, summary_in_pieces
from core.data.vocabulary import fold
from core.tasks import CHOSEN_EVERY, TASK_BUILDERS, Task
from explorer.compute.answers import first_notes
from explorer.compute.jobs import KINDS, Upload
from explorer.compute.long_work import LongWork
from explorer.prose import prose

LONGEST = 200  # tokens of an example, at most
MOST_HELD_OUT = 400  # they are answered anew for every epoch that is looked at
HELD_OUT_EVERY = 5  # of the inputs of a file; of the others
ENOUGH_TO_CHOOSE = 16  # of fewer examples none is set aside to choose an epoch by
MOST_TAGS = 100
MOST_SHOWN = 500  # skipped lines


class FileReading(LongWork):
    """A reader's file at work: at its end there is an upload, or a sentence that says why there is none"""

    def __init__(self, name: str, file: str, content: bytes) -> None:
        super().__init__()
        self.name, self.pieces = name, upload_in_pieces(name, file, content)
        self.share = 0.0  # of the work
        self.upload: Upload | None = None
        self.problem: str | None = None

    def step(self) -> bool:
        try:
            self.share = next(self.pieces)
        except StopIteration as end:
            self.upload = end.value
        except Unreadable as problem:
            self.problem = str(problem)
        return self.upload is None and self.problem is None


def upload_in_pieces(name: str, file: str, content: bytes) -> Generator[float, None, Upload]:
    """Read a reader's file and make a task of it; Unreadable, with a sentence that says why, if that cannot be."""
    reading = yield from KINDS[name].read(content)
    yield 1.0
    sample, left_out, longest = yield from sample_in_pieces(name, reading.examples)
    task = TASK_BUILDERS[name](sample)
    _check(name, task)
    data = task.data  # of sentences that are read word by word there are more words
    scored = data._replace(held_out=data.held_out[:MOST_HELD_OUT], chosen_on=data.chosen_on[: MOST_HELD_OUT // 2])
    task = replace(task, data=scored)
    yield 1.0
    baseline = None
    if scored.held_out:
        pieces = evaluation.baseline_in_pieces(task)
        while baseline is None:
            try:
                next(pieces)
            except StopIteration as end:
                baseline = end.value
            yield 1.0
    found = yield from summary_in_pieces(reading)
    short = found
    if "long" in left_out:
        sizes = yield from _each(reading.examples, _size)
        fitting = tuple(example for example, size in zip(reading.examples, sizes, strict=True) if size <= longest)
        short = yield from summary_in_pieces(Reading(fitting, ()))
    digest = hashlib.sha256(content).hexdigest()
    return Upload(file, digest, found, reading.skipped[:MOST_SHOWN], left_out, longest, task, baseline, short)


def _check(name: str, task: Task) -> None:
    """Raise Unreadable if there is nothing to learn from these examples, or too much."""
    answers = {answer for part in task.data for e in part for answer in e.answers}
    if name == "word" and "name" not in answers:
        raise Unreadable(prose("structures", "refused_no_person"))
    if len(task.classes) < 2 or (not task.is_generative and len(answers) < 2):
        (only,) = answers
        raise Unreadable(prose("structures", "refused_one_answer", answer=only))
    if name == "entities" and len(task.classes) > MOST_TAGS:
        raise Unreadable(prose("structures", "refused_tags", tags=len(task.classes), most=MOST_TAGS))
    if name == "melody" and not first_notes(task):
        raise Unreadable(prose("structures", "refused_no_start"))


# Which examples are learned from --------------------------------------------------------------------------------------


class Learnable(NamedTuple):
    """What a small network learns in minutes: so many examples at most, and so short ones if there are enough"""

    examples: int
    tokens: int
    pairs: int = 0  # of frequent words that are enough, where words are written; 0: rare words are read as <UNK>


LEARNABLE = {  # by how the answer is shown
    "word": Learnable(4000, 25),
    "tags": Learnable(9000, 25),
    "review": Learnable(6000, 40),
    "translation": Learnable(6000, 10, pairs=2200),
    "melody": Learnable(600, 150),
}
DICTIONARIES = (250, 300, 400, 600, 1000, 2000)  # frequent words of each language


Sample = tuple[Dataset, dict[str, int], int]


def sample_in_pieces(name: str, examples: Sequence[Example]) -> Generator[float, None, Sample]:
    """(what is learned from, chosen on and told about; how many examples are left out, by the reason; how long one of
    those that are used may be)

    Distinct inputs are dealt out to the three parts. What is short enough, and which words are frequent, is decided by
    the first part alone; the others keep what is like it. Raises Unreadable if all are too long.
    """
    want, short = LEARNABLE[KINDS[name].exhibit], 0
    first: dict[tuple[str, ...], Example] = {}
    again: dict[tuple[str, ...], list[Example]] = {}  # where words are written: the other answers to an input
    for i, example in enumerate(examples):
        if _size(example) <= LONGEST:
            short += 1
            read = _input(name, example)
            if first.setdefault(read, example) is not example and want.pairs:
                again.setdefault(read, []).append(example)
        if i % LOOK_UP == 0:
            yield 1.0
    if not first:
        raise Unreadable(prose("structures", "refused_long", most=LONGEST))
    distinct = [*first.values()]
    parts = _dealt(len(distinct), 0 if want.pairs else MOST_HELD_OUT, name != "word")
    if again:
        distinct = yield from _usual(first, again, parts[0])
    sizes = yield from _each(distinct, _size)
    longest = _longest(sizes[parts[0]], want)
    left_out = {"twice": short - len(distinct), "long": len(examples) - short + int(np.sum(sizes > longest))}
    parts = [part[sizes[part] <= longest] for part in parts]
    before = sum(map(len, parts))
    if want.pairs and len(parts[0]) > want.pairs:
        parts = yield from _frequent(distinct, parts, want.pairs)
    left_out["rare"] = before - sum(map(len, parts))
    before = sum(map(len, parts))
    enough = (want.examples, MOST_HELD_OUT, MOST_HELD_OUT // 2)
    parts = [_spread(part, most) for part, most in zip(parts, enough, strict=True)]
    left_out["many"] = before - sum(map(len, parts))
    data = Dataset(*(tuple(distinct[i] for i in part) for part in parts))
    return data, {reason: n for reason, n in left_out.items() if n}, longest


def _each(items: Collection[Any], number: Callable[[Any], int]) -> Generator[float, None, np.ndarray]:
    """A number of each, in pieces"""
    numbers = np.zeros(len(items), dtype=int)
    for i, item in enumerate(items):
        numbers[i] = number(item)
        if i % LOOK_UP == 0:
            yield 1.0
    return numbers


def _spread(part: np.ndarray, most: int) -> np.ndarray:
    """At most so many of a part, from all over the file"""
    n = min(len(part), most)
    return part[np.arange(n) * len(part) // max(n, 1)]


def _dealt(distinct: int, held_out: int, can_choose: bool) -> list[np.ndarray]:
    """The places of three parts: every fifth is held out, and every tenth of the others chooses; fewer, if so many
    are enough (0: of those it is not known yet how many will be left)"""
    every = max(HELD_OUT_EVERY, distinct // (2 * held_out)) if held_out else HELD_OUT_EVERY
    is_held_out = np.arange(distinct) % every == every - 1
    others, held = np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)
    if not can_choose or len(others) < ENOUGH_TO_CHOOSE:
        return [others, held, others[:0]]
    chooses = max(CHOSEN_EVERY, len(others) // held_out) if held_out else CHOSEN_EVERY
    is_chosen_on = np.arange(len(others)) % chooses == chooses - 1
    return [others[~is_chosen_on], held, others[is_chosen_on]]


def _size(example: Example) -> int:
    return max(len(example.inputs), len(example.answers))


def _input(name: str, example: Example) -> tuple[str, ...]:
    """What is read; of a tune all of it, since many begin with the same note"""
    whole = example.inputs + example.answers if KINDS[name].exhibit == "melody" else example.inputs
    return tuple(map(fold, whole)) if KINDS[name].exhibit == "translation" else whole


def _longest(sizes: np.ndarray, want: Learnable) -> int:
    """The first of several limits that leaves half of the examples, or as many as are wanted"""
    for most in (want.tokens, 2 * want.tokens, 4 * want.tokens):
        if np.sum(sizes <= most) >= min(len(sizes) / 2, want.examples):
            return min(most, LONGEST)
    return LONGEST


def _usual(
    first: dict[tuple[str, ...], Example], again: dict[tuple[str, ...], list[Example]], part: np.ndarray
) -> Generator[float, None, list[Example]]:
    """Of the answers to each input the one in the most usual words: its rarest word is the most frequent, or else the
    next. So a network is told the same for the same: tu, not now tu and now vous. `part`: where words are counted"""
    reads, counts = [*first], Counter[str]()
    for i, place in enumerate(part):
        read = reads[place]
        for example in (first[read], *again.get(read, ())):
            counts.update(map(fold, example.answers))
        if i % LOOK_UP == 0:
            yield 1.0
    rank = _ranks(counts)

    def how_rare(example: Example) -> list[int]:
        return sorted((rank.get(fold(word), len(rank)) for word in example.answers), reverse=True)

    usual = []
    for i, (read, example) in enumerate(first.items()):
        usual.append(min((example, *again[read]), key=how_rare) if read in again else example)
        if i % LOOK_UP == 0:
            yield 1.0
    return usual


def _ranks(counts: Counter[str]) -> dict[str, int]:
    """The most frequent word is 0, …; of more than the largest dictionary holds, none"""
    return {word: i for i, (word, _) in enumerate(counts.most_common(DICTIONARIES[-1]))}


def _frequent(
    distinct: Sequence[Example], parts: list[np.ndarray], enough: int
) -> Generator[float, None, list[np.ndarray]]:
    """What is made of frequent words: of so few as leave enough examples in the first part; all, where none does"""
    counts: list[Counter[str]] = [Counter(), Counter()]
    for i, place in enumerate(parts[0]):
        example = distinct[place]
        for count, side in zip(counts, (example.inputs, example.answers), strict=True):
            count.update(map(fold, side))
        if i % LOOK_UP == 0:
            yield 1.0
    rare = DICTIONARIES[-1]
    ranks = []
    for count in counts:
        ranks.append(_ranks(count))
        yield 1.0

    def rarest(place: int) -> int:
        example = distinct[place]
        sides = zip(ranks, (example.inputs, example.answers), strict=True)
        return max(rank.get(fold(word), rare) for rank, side in sides for word in side)

    found = []
    for part in parts:
        found.append((yield from _each(part.tolist(), rarest)))
    met = np.sort(found[0])[enough - 1]
    most = next((size for size in DICTIONARIES if met < size), rare + 1)
    return [part[numbers < most] for part, numbers in zip(parts, found, strict=True)]
