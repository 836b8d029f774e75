"""What a network answers: the most probable class, or what it writes by itself; and the example that this makes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core import decoding, evaluation
from core.data.vocabulary import tokenise, tokenise_elisions
from core.decoding import Hypothesis
from core.forward import forward
from core.generate import decoder, max_tokens
from core.parameters import Parameters
from core.structures import NO_TARGET
from core.tasks import END, Task
from explorer.compute.bounded_cache import BoundedCache, OfProcess
from explorer.compute.jobs import Job
from explorer.compute.sentence import READ_CHARACTERS
from explorer.compute.unrolled import Example

MOST_WRITTEN = 16  # answers that are kept, each with its network


class Decoding(NamedTuple):
    """How an answer is chosen at every step"""

    decoding: str = "greedy"  # or "beam"; a melody is sampled
    beam_width: int = 3
    temperature: float = 0.8
    top_k: int = 0  # 0: all
    notes: int = 32
    draw: int = 1  # which of all the melodies that could be drawn
    room: int = 5  # tokens that an answer may have beyond the longest in training


def words_of(job: Job, text: str) -> tuple[str, ...]:
    """A text in words, as the data of this job were read; an example of a reader's file has the words of that file"""
    if job.exhibit == "melody":
        return (text,)
    if job.file and known_answer(job, whole := tuple(text.split())):
        return whole
    return tuple((tokenise_elisions if job.file else tokenise)(text[:READ_CHARACTERS]))


def read_inputs(job: Job, text: str) -> tuple[str, ...]:
    """What the reader typed, as the network gets it"""
    words = words_of(job, text)
    return words[: 1 if job.exhibit in ("word", "melody") else job.most_words]


def first_notes(task: Task) -> list[str]:
    """The notes that a melody may begin with"""
    return [note for note in task.vocabulary.words if not note.startswith(("<", "rest"))]


def known_answer(job: Job, inputs: tuple[str, ...]) -> tuple[str, ...] | None:
    """The right answer, if these inputs are in the data"""
    return job.task.known_answers.get(tuple(map(job.task.vocabulary.spelling, inputs)))


@OfProcess
def _written() -> BoundedCache:
    """What was written last, shared by all sessions: a page asks for it twice, once for its stage"""
    return BoundedCache(MOST_WRITTEN)


def write_answers(job: Job, params: Parameters, inputs: tuple[str, ...], how: Decoding) -> Sequence[Hypothesis]:
    """What the network answers when it runs freely, best first"""
    key = job.name, id(params), inputs, how
    weights, known = _written().get(key) or (None, ())
    if weights is not params:  # what has this number may be another network meanwhile
        _, known = _written().put(key, (params, _write(job, params, inputs, how)))
    return known


def _write(job: Job, params: Parameters, inputs: tuple[str, ...], how: Decoding) -> Sequence[Hypothesis]:
    d, most = decoder(job.task, job.cell, params, inputs), max_tokens(job.task) + how.room
    if job.exhibit == "melody":
        rng, never = np.random.default_rng(how.draw), (*d.forbidden, job.task.index[END])
        most, top_k = how.notes - 1, how.top_k or None
        return [decoding.sample(d.advance, d.state, d.first, None, most, rng, how.temperature, top_k, forbidden=never)]
    if how.decoding == "beam":
        return decoding.beam(d.advance, d.state, d.first, d.end, most, how.beam_width, forbidden=d.forbidden)
    return [decoding.greedy(d.advance, d.state, d.first, d.end, most, forbidden=d.forbidden)]


def as_words(job: Job, written: Hypothesis) -> tuple[str, ...]:
    """In words, without <END>"""
    return tuple(job.task.classes[i] for i in written.tokens)


LONGEST_CIRCLE, ROUNDS = 8, 3  # notes, and how often they must come one after the other


def circle(notes: Sequence[str]) -> int:
    """Of how many notes, at most eight, the end is the same again and again, three times at least; 0: of none"""
    for n in range(1, LONGEST_CIRCLE + 1):
        end = notes[-ROUNDS * n :]
        if len(end) == ROUNDS * n and end[n:] == end[:-n]:
            return n
    return 0


def predictions(job: Job, params: Parameters, inputs: tuple[str, ...]) -> tuple[str, ...]:
    """The most probable answers of a network whose answers are not fed back"""
    task, ids = job.task, job.task.vocabulary.encode(inputs)
    slots = task.slots(len(ids))
    trace = forward(job.cell, params, slots, ids[:, None])
    best = evaluation.predicted_classes(task, task.loss(trace.logits, np.full((len(slots), 1), NO_TARGET)).y_hat)[:, 0]
    return tuple(task.classes[i] for i, slot in zip(best, slots, strict=True) if slot.answers)


def example_of(
    job: Job, params: Parameters, inputs: tuple[str, ...], right: tuple[str, ...] | None, forced: bool, how: Decoding
) -> Example:
    """The inputs with what is right; where nobody knows it (None), the network's own answer stands in.

    `forced`: the right answers are fed back, as in training; else the network's own
    """
    if not job.task.is_generative:
        answers = right or predictions(job, params, inputs)
        return Example(inputs, answers, answers, label_is_guess=right is None)
    if forced and right:
        return Example(inputs, right, right, teacher_forced=True)
    best = write_answers(job, params, inputs, how)[0]
    own = as_words(job, best) + ((END,) if best.ended or not best.tokens else ())
    return Example(inputs, own, right or own, label_is_guess=right is None)
