"""One example through one network, forward and backward: all that the pages draw of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from core import gradient_flow
from core.backward import BackwardTrace, backward
from core.data import example as data
from core.forward import ForwardTrace, forward
from core.losses import Loss
from core.parameters import Parameters, leaves
from core.structures import NO_TARGET, Reads, Slots, inputs_and_targets
from core.tasks import START
from core.training import Experiment
from explorer.compute.jobs import Job, people_job

MOST_ANSWERS = 200  # of one example: a long tune


class Example(NamedTuple):
    """What is read, what is fed back where answers are fed back, and what should be answered"""

    inputs: tuple[str, ...]
    fed: tuple[str, ...]
    answers: tuple[str, ...]  # fewer than are fed where the network writes more than what is right
    label_is_guess: bool = False  # nobody said what is right: the network's own answer stands in
    teacher_forced: bool = False  # the right answers are fed, whatever the network says

    def has_numbers_of(self, other: "Example") -> bool:
        """Does a network compute the same of both?"""
        return self[:3] == other[:3]

    def rewritten(self, other: "Example") -> int:
        """Of the same inputs: how many of the words that the network itself wrote differ; 0 where others are read, or
        another answer is right"""
        is_own = self.label_is_guess or self.answers == other.answers
        if self.inputs != other.inputs or not is_own or self.teacher_forced:
            return 0
        return sum(one != two for one, two in zip_longest(self.fed, other.fed))


@dataclass(frozen=True, eq=False)
class Unrolled:
    """An example of a job through a network, forward and backward"""

    job: Job
    example: Example
    words: tuple[str, ...]  # what each step reads
    targets: np.ndarray  # (T, 1)
    trace: ForwardTrace
    loss: Loss
    back: BackwardTrace

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def credit_matrix(self) -> np.ndarray:
        """‖∂ℒ⟨s⟩/∂state⟨k⟩‖ (T, T), at [s − 1, k − 1]; the state is a, of the LSTM a and c together"""
        return gradient_flow.credit_matrix(self.back, part="state")[..., 0]

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def shares(self) -> dict[str, np.ndarray]:
        """‖∂ℒ/∂W|(t)‖ (T,) of every weight W, by the name that `weight_label` gives it"""
        return {weight_label(*name.split(".")): norms for name, norms in self.back.share_norms().items()}

    @cached_property
    def y_hat(self) -> np.ndarray:
        """ŷ⟨t⟩ (T, classes); of a sigmoid both classes"""
        y_hat = self.loss.y_hat[:, 0]
        return np.hstack([1 - y_hat, y_hat]) if y_hat.shape[-1] == 1 else y_hat

    @property
    def due_losses(self) -> np.ndarray:
        """ℒ⟨t⟩ (T,), NaN where no answer is due"""
        return np.where(self.targets[:, 0] == NO_TARGET, np.nan, self.loss.per_step[:, 0])

    @property
    def answer_steps(self) -> np.ndarray:
        """The steps at which the network answers, from 0"""
        return np.flatnonzero([slot.answers for slot in self.trace.slots])

    @property
    def reverse(self) -> "Unrolled | None":
        """Of a network that reads in both directions the second stream, as a network of its own that reads the words
        from the last to the first: its a⟨1⟩ is ←a⟨T⟩. The answers are those of both."""
        stream, y = self.trace.reverse, self.loss
        if stream is None or self.back.reverse is None:
            return None
        readout = stream.params["readout"]._replace(by=self.trace.params["readout"].by)
        trace = replace(stream, params=stream.params | {"readout": readout}, logits=self.trace.logits[::-1])
        loss = y._replace(y_hat=y.y_hat[::-1], per_step=y.per_step[::-1], d_logits=y.d_logits[::-1])
        words, targets = self.words[::-1], self.targets[::-1]
        return Unrolled(self.job, self.example, words, targets, trace, loss, replace(self.back.reverse, trace=trace))

    @property
    def never_reached(self) -> tuple[str, ...]:
        """The right answers that were never due: the network, running freely, had ended before"""
        return self.example.answers[len(self.example.fed) :]


def weight_label(group: str, name: str) -> str:
    """Waa; where a network has two such matrices, encoder.Waa and decoder.Waa, or Waa and reverse.Waa"""
    return f"{group}.{name}" if group in ("encoder", "decoder", "reverse") else name


def weights_by_label(tree: Parameters) -> dict[str, tuple[str, str, np.ndarray]]:
    """Every array of a tree by its label: (group, name, array)"""
    return {weight_label(group, name): (group, name, array) for group, name, array in leaves(tree)}


@np.errstate(over="ignore", invalid="ignore")  # an exploding network is worth looking at, too
def unroll(job: Job, params: Parameters, example: Example, targets: Sequence[int] | None = None) -> Unrolled:
    """Lay the example out by the table of its structure, and run it both ways.

    Answers that are fed back are fixed numbers on the way back: no error goes through the choice of a word. Where the
    network writes more than what is right, no answer is due. targets (T): in place of the example's answers.
    """
    slots, x, own_targets = laid_out(job, example)
    target_rows = np.array(own_targets if targets is None else targets)[:, None]
    words = example.inputs + tuple(job.task.classes[i] for i in x[len(example.inputs) :])
    trace = forward(job.cell, params, slots, np.array(x)[:, None])
    loss = job.task.loss(trace.logits, target_rows)
    return Unrolled(job, example, words, target_rows, trace, loss, backward(trace, loss))


def laid_out(job: Job, example: Example) -> tuple[Slots, list[int], list[int]]:
    """By the table of its structure: the slots, and of each the id that it reads and the target"""
    task = job.task
    ids, fed = task.encode(data.Example(example.inputs, example.fed))
    slots = task.slots(len(ids), len(fed))
    x, _ = inputs_and_targets(slots, ids, fed, task.index.get(START, 0))
    due = iter(task.encode(data.Example(example.inputs, example.answers))[1])
    return slots, x, [next(due, NO_TARGET) if slot.answers else NO_TARGET for slot in slots]


def is_valid(job: Job, example: Example) -> bool:
    """Can the table of this structure lay it out? A link, perhaps made by hand, may ask for what it cannot"""
    slots = job.task.slots(len(example.inputs), len(example.fed))
    read = sum(slot.reads is Reads.INPUT for slot in slots)
    are_classes = job.task.is_generative or {*example.fed, *example.answers} <= job.task.index.keys()
    due = sum(slot.answers for slot in slots)
    return are_classes and read == len(example.inputs) <= job.most_words and due == len(example.fed) <= MOST_ANSWERS


# Explore's sentences --------------------------------------------------------------------------------------------------


def sentence_example(job: Job, words: Sequence[str], labels: Sequence[int]) -> Example:
    """A sentence of Explore with one label for every word: 1 is part of a person's name"""
    answers = tuple(job.task.classes[label] for label in labels)
    return Example(tuple(words), answers, answers)


def unroll_sentence(params: Parameters, cell: str, words: Sequence[str], labels: Sequence[int]) -> Unrolled:
    """A sentence of Explore through any weights; a label may be NO_TARGET, and then no answer is due"""
    job, answers = people_job(Experiment(cell=cell)), [max(int(label), 0) for label in labels]
    return unroll(job, params, sentence_example(job, words, answers), labels)
