"""One example of a job through its network."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core import gradient_flow
from core.backward import backward
from core.data.example import Example
from core.forward import forward
from core.parameters import Parameters
from core.structures import NO_TARGET, Reads, inputs_and_targets
from core.tasks import END, START
from explorer.compute.answers import Decoding, as_words, predictions, write_answers
from explorer.compute.jobs import MOST_WORDS, Job
from explorer.compute.unrolled import Unrolled

MOST_ANSWERS = 200  # of one example: a long tune


# One example on the stage ---------------------------------------------------------------------------------------------


class Exercise(NamedTuple):
    """One example: what is read, what is fed back where answers are fed back, and what should be answered"""

    inputs: tuple[str, ...]
    fed: tuple[str, ...]
    answers: tuple[str, ...]
    guessed: bool = False  # nobody said what is right: the network's own answer stands in
    forced: bool = False  # the right answers are fed, whatever the network says


@dataclass(frozen=True)
class Scene:
    """An exercise through one network, forward and backward"""

    job: Job
    exercise: Exercise
    look: Unrolled

    @cached_property
    def y_hat(self) -> np.ndarray:
        """ŷ⟨t⟩ (T, classes); of a sigmoid both classes"""
        y_hat = self.look.loss.y_hat[:, 0]
        return np.hstack([1 - y_hat, y_hat]) if y_hat.shape[-1] == 1 else y_hat

    @property
    def due(self) -> np.ndarray:
        """The steps at which the network answers, from 0"""
        return np.flatnonzero([slot.answers for slot in self.look.trace.slots])

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def last_error(self) -> np.ndarray:
        """‖∂ℒ⟨s⟩/∂state⟨k⟩‖ of the last answer that is due, k = 1 … s: how much of it arrives where"""
        last = int(np.flatnonzero(self.look.targets[:, 0] != NO_TARGET)[-1])
        return gradient_flow.credit_matrix(self.look.back, part="state")[last, : last + 1, 0]


class Practice(NamedTuple):
    """One press of the update button: `size` gradient-descent steps on one exercise"""

    exercise: Exercise
    learning_rate: float
    clipping: str
    clip_limit: float
    size: int

    def on(self, now: Job) -> Callable[[Parameters], Unrolled]:
        return lambda params: run_exercise(now, params, self.exercise).look


def exercise(
    now: Job, params: Parameters, inputs: tuple[str, ...], right: tuple[str, ...] | None, forced: bool, way: Decoding
) -> Exercise:
    """`forced`: the right answers are fed back, as in training; else the network's own"""
    if not now.task.writes:
        answers = right or predictions(now, params, inputs)
        return Exercise(inputs, answers, answers, guessed=right is None)
    if forced and right:
        return Exercise(inputs, right, right, forced=True)
    best = write_answers(now, params, inputs, way)[0]
    mine = as_words(now, best) + ((END,) if best.ended or not best.tokens else ())
    return Exercise(inputs, mine, right or mine, guessed=right is None)


def is_valid(now: Job, ex: Exercise) -> bool:
    """Can the table of this structure lay it out? A link, perhaps made by hand, may ask for what it cannot"""
    slots = now.task.slots(len(ex.inputs), len(ex.fed))
    read = sum(slot.reads is Reads.INPUT for slot in slots)
    are_classes = now.task.writes or {*ex.fed, *ex.answers} <= now.task.index.keys()
    due = sum(slot.answers for slot in slots)
    return are_classes and read == len(ex.inputs) <= MOST_WORDS and due == len(ex.fed) <= MOST_ANSWERS


@np.errstate(over="ignore", invalid="ignore")
def run_exercise(now: Job, params: Parameters, ex: Exercise) -> Scene:
    """Lay the exercise out by its table, and run it both ways.

    Answers that are fed back are fixed numbers on the way back: no error goes through the choice of a word. Where the
    network writes more than what is right, no answer is due.
    """
    task = now.task
    ids, fed = task.encode(Example(ex.inputs, ex.fed))
    slots = task.slots(len(ids), len(fed))
    x, _ = inputs_and_targets(slots, ids, fed, task.index.get(START, 0))
    due = iter(task.encode(Example(ex.inputs, ex.answers))[1])
    targets = np.array([next(due, NO_TARGET) if slot.answers else NO_TARGET for slot in slots])[:, None]
    trace = forward(now.cell, params, slots, np.array(x)[:, None])
    loss = task.loss(trace.logits, targets)
    words = ex.inputs + tuple(task.classes[i] for i in x[len(ids) :])
    return Scene(now, ex, Unrolled(words, targets, trace, loss, backward(trace, loss)))
