"""The five structures of the lecture, as tables.

A `Slot` is one column of the unrolled drawing. Which weights a step uses, what it reads and whether an answer is due
there all come from the table, so one engine runs (and one drawing shows) every structure.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple

NO_TARGET = -1  # the target of a step at which no answer is due


class Reads(Enum):
    """Where a step's input comes from"""

    INPUT = "the next input"
    ANSWER = "the previous answer"  # when the network runs freely; in training the right answer is fed instead


class Slot(NamedTuple):
    """One step of a structure, one column of its drawing"""

    group: str  # which weights: "rnn", or "encoder" and "decoder"
    reads: Reads
    answers: bool  # is an answer, and so a loss, due here?


READ_AND_ANSWER = Slot("rnn", Reads.INPUT, answers=True)
READ_IN_SILENCE = Slot("rnn", Reads.INPUT, answers=False)
CONTINUE = Slot("rnn", Reads.ANSWER, answers=True)
ENCODE = Slot("encoder", Reads.INPUT, answers=False)
DECODE = Slot("decoder", Reads.ANSWER, answers=True)

Slots = tuple[Slot, ...]

STRUCTURES: dict[str, Callable[[int, int], Slots]] = {
    "one-to-one": lambda Tx, Ty: (READ_AND_ANSWER,),
    "one-to-many": lambda Tx, Ty: (READ_AND_ANSWER,) + (CONTINUE,) * (Ty - 1),
    "many-to-one": lambda Tx, Ty: (READ_IN_SILENCE,) * (Tx - 1) + (READ_AND_ANSWER,),
    "many-to-many, Tx = Ty": lambda Tx, Ty: (READ_AND_ANSWER,) * Tx,
    "many-to-many, Tx ≠ Ty": lambda Tx, Ty: (ENCODE,) * Tx + (DECODE,) * Ty,
}


SIZES = {  # Tx, Ty: the smallest that show what is typical of a structure
    "one-to-one": (1, 1),
    "one-to-many": (1, 4),
    "many-to-one": (4, 1),
    "many-to-many, Tx = Ty": (4, 4),
    "many-to-many, Tx ≠ Ty": (3, 2),
}


def has_decoder(structure: str) -> bool:
    """Do other weights write the answer than those that read?"""
    return any(slot.group == DECODE.group for slot in STRUCTURES[structure](1, 1))


def inputs_and_targets(
    slots: Slots, inputs: Sequence[int], answers: Sequence[int], first: int
) -> tuple[list[int], list[int]]:
    """What each step is fed, and what it should answer: x and targets, NO_TARGET where no answer is due.

    A step that reads the previous answer is fed the right one: x and the targets are then the same row, shifted by one.
    If no answer came before, it is fed `first`. Raises ValueError unless there is one input for each step that reads
    one, and one answer for each step that owes one.
    """
    read, owed = sum(slot.reads is Reads.INPUT for slot in slots), sum(slot.answers for slot in slots)
    if (len(inputs), len(answers)) != (read, owed):
        raise ValueError(f"Needed are {read} inputs and {owed} answers, not {len(inputs)} and {len(answers)}.")
    unread, due, previous = iter(inputs), iter(answers), first
    x, targets = [], []
    for slot in slots:
        x.append(next(unread) if slot.reads is Reads.INPUT else previous)
        targets.append(next(due) if slot.answers else NO_TARGET)
        previous = targets[-1] if slot.answers else first
    return x, targets


def weight_spans(slots: Slots) -> Iterator[tuple[str, slice]]:
    """The stretches of steps that share their weights, in order: (group, slice of step indices)."""
    start = 0
    for group, stretch in groupby(slots, key=lambda slot: slot.group):
        stop = start + len(list(stretch))
        yield group, slice(start, stop)
        start = stop
