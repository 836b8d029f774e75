"""What a network answers: the most probable class, or what it writes by itself."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core import decoding, evaluation
from core.data.vocabulary import tokenise
from core.decoding import Hypothesis
from core.forward import forward
from core.generate import decoder, max_tokens
from core.parameters import Parameters
from core.structures import NO_TARGET
from explorer.compute.jobs import MOST_WORDS, Job
from explorer.compute.sentence import READ_CHARACTERS

# What the network writes ----------------------------------------------------------------------------------------------


class Decoding(NamedTuple):
    """How an answer is chosen at every step"""

    decoding: str = "greedy"  # or "beam"; a melody is sampled
    beam_width: int = 3
    temperature: float = 0.8
    top_k: int = 0  # 0: all
    notes: int = 32
    draw: int = 1  # which of all the melodies that could be drawn


def read_inputs(now: Job, text: str) -> tuple[str, ...]:
    """What the reader typed, as the network gets it"""
    words = (text,) if now.name == "melody" else tuple(tokenise(text[:READ_CHARACTERS]))
    return words[: 1 if now.name in ("word", "melody") else MOST_WORDS]


def write_answers(now: Job, params: Parameters, inputs: Sequence[str], way: Decoding) -> list[Hypothesis]:
    """What the network answers when it runs freely, best first"""
    s = decoder(now.task, now.cell, params, inputs)
    if now.name == "melody":
        rng, never = np.random.default_rng(way.draw), (*s.forbidden, s.end)
        return [decoding.sample(s.advance, s.state, s.first, None, way.notes - 1, rng, way.temperature,
                                  way.top_k or None, forbidden=never)]  # fmt: skip
    if way.decoding == "beam":
        return decoding.beam(
            s.advance, s.state, s.first, s.end, max_tokens(now.task), way.beam_width, forbidden=s.forbidden
        )
    return [decoding.greedy(s.advance, s.state, s.first, s.end, max_tokens(now.task), forbidden=s.forbidden)]


def as_words(now: Job, written: Hypothesis) -> tuple[str, ...]:
    """In words, without <END>"""
    return tuple(now.task.classes[i] for i in written.tokens)


def known_answer(now: Job, inputs: tuple[str, ...]) -> tuple[str, ...] | None:
    """The right answer, if these inputs are in the data"""
    return now.task.right.get(tuple(map(now.task.vocabulary.spelling, inputs)))


def predictions(now: Job, params: Parameters, inputs: tuple[str, ...]) -> tuple[str, ...]:
    """The most probable answers of a network whose answers are not fed back"""
    task, ids = now.task, now.task.vocabulary.encode(inputs)
    slots = task.slots(len(ids))
    trace = forward(now.cell, params, slots, ids[:, None])
    best = evaluation.predicted_classes(task, task.loss(trace.logits, np.full((len(slots), 1), NO_TARGET)).y_hat)[:, 0]
    return tuple(task.classes[i] for i, slot in zip(best, slots, strict=True) if slot.answers)
