"""The five structures of the lecture, as tables.

A `Slot` is one column of the unrolled drawing. Which weights a step uses, what it reads and whether an answer is due
there all come from the table, so one engine runs (and one drawing shows) every structure.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from itertools import groupby
from typing import NamedTuple

SILENT = -1  # the target of a step at which no answer is due


class Reads(Enum):
    INPUT = "the next input"
    ANSWER = "the previous answer"  # when the network runs freely; in training the right answer is fed instead


class Slot(NamedTuple):
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


def runs(slots: Slots) -> Iterator[tuple[str, slice]]:
    """The stretches of steps that share their weights, in order: (group, slice of step indices)."""
    start = 0
    for group, stretch in groupby(slots, key=lambda slot: slot.group):
        stop = start + len(list(stretch))
        yield group, slice(start, stop)
        start = stop
