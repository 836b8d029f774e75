"""How good a network is on examples that training never saw, and the simple method that it must beat.

One table: a task names its measure; the measure says how to score a network, and what the baseline gets. Both may take
a while, so they are measured in pieces: between two of them others may have their turn.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from core import metrics
from core.baselines import (
    Pieces,
    _without_end,
    at_once,
    majority_class,
    majority_entities,
    majority_f1,
    unigram,
    word_by_word,
)
from core.cells import Cell
from core.data.example import Example
from core.forward import forward
from core.generate import a_few_written
from core.losses import PER_STEP, Y_HAT
from core.metrics import bleu, entity_f1, f1, token_accuracy
from core.parameters import Parameters
from core.tasks import Task


def held_out_batches(
    task: Task, cell: Cell, params: Parameters
) -> Iterator[tuple[list[Example], np.ndarray, np.ndarray]]:
    """The held-out examples, a batch at a time: (examples, logits, targets)"""
    for examples, (slots, x, targets) in task.held_out_batches:
        lengths = task.lengths(examples) if "reverse" in params else None
        yield examples, forward(cell, params, slots, x, lengths=lengths).logits, targets


def predicted_classes(task: Task, y_hat: np.ndarray) -> np.ndarray:
    """The most probable class, (..., n_y) -> (...); of a sigmoid, class 1 above ½"""
    return (y_hat[..., 0] > 0.5).astype(int) if task.output == "sigmoid" else y_hat.argmax(axis=-1)


def _flat(
    task: Task, cell: Cell, params: Parameters, found: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> Generator[None, None, list[np.ndarray]]:
    """What is found of each answer's logits and target, and all targets, each in one long row, NO_TARGET steps among
    them"""
    pairs = []
    for _, logits, targets in held_out_batches(task, cell, params):
        pairs.append((found(logits, targets).ravel(), targets.ravel()))
        yield
    return [np.concatenate(row) for row in zip(*pairs, strict=True)]


def _classes(task: Task, cell: Cell, params: Parameters) -> Generator[None, None, list[np.ndarray]]:
    """All answers and all targets, each in one long row"""
    return (yield from _flat(task, cell, params, lambda z, _: predicted_classes(task, Y_HAT[task.output](z))))


# Every measure: of a network, and of its baseline --------------------------------------------------------------------


def token_f1(task: Task, cell: Cell, params: Parameters) -> Pieces:
    """F1 of class 1, one answer at a time"""
    return f1(*(yield from _classes(task, cell, params)))


def accuracy(task: Task, cell: Cell, params: Parameters) -> Pieces:
    """The part of all answers that is right"""
    return token_accuracy(*(yield from _classes(task, cell, params)))


def entities_f1(task: Task, cell: Cell, params: Parameters) -> Pieces:
    """F1 of whole entities: type and both ends must be right"""
    predicted, true = [], []
    for examples, logits, _ in held_out_batches(task, cell, params):
        y_hat = Y_HAT[task.output](logits)
        for b, example in enumerate(examples):
            ids = predicted_classes(task, y_hat[: len(example.answers), b])
            predicted.append([task.classes[i] for i in ids])
            true.append(example.answers)
        yield
    return entity_f1(predicted, true)


def perplexity(task: Task, cell: Cell, params: Parameters) -> Pieces:
    """Of every answer, given the right ones before it"""
    return metrics.perplexity(*(yield from _flat(task, cell, params, PER_STEP[task.output])))


def translated(task: Task, cell: Cell, params: Parameters) -> Pieces:
    """BLEU-4 of what the network writes by itself, the likeliest word at every step"""
    written: dict[int, tuple[str, ...]] = {}
    for few in a_few_written(task, cell, params, task.data.held_out):
        written |= few
        yield
    right = [_without_end(example) for example in task.data.held_out]
    return bleu([written[i] for i in range(len(right))], right)


class Measure(NamedTuple):
    """How to score a network, and the method that it must beat"""

    score: Callable[[Task, Cell, Parameters], Pieces]
    baseline: Callable[[Task], Pieces]
    less_is_better: bool = False


MEASURES = {
    "token F1": Measure(token_f1, at_once(majority_f1)),
    "entity F1": Measure(entities_f1, at_once(majority_entities)),
    "accuracy": Measure(accuracy, at_once(majority_class)),
    "perplexity": Measure(perplexity, at_once(unigram), less_is_better=True),
    "BLEU-4": Measure(translated, word_by_word),
}


def score_in_pieces(task: Task, cell: Cell, params: Parameters) -> Pieces:
    """The task's measure of a network, on the held-out examples; not a number if there are none"""
    return (yield from MEASURES[task.metric].score(task, cell, params)) if task.data.held_out else np.nan


def score(task: Task, cell: Cell, params: Parameters) -> float:
    """The same without a pause"""
    return finished(score_in_pieces(task, cell, params))


def best(task: Task, scores: Sequence[float]) -> int:
    """The place of the best score, and of the first of equal ones; −1 if none is a number"""
    known = [(-s if MEASURES[task.metric].less_is_better else s, -i) for i, s in enumerate(scores) if np.isfinite(s)]
    return -max(known)[1] if known else -1


def baseline_in_pieces(task: Task) -> Pieces:
    """What the simple method gets there"""
    return (yield from MEASURES[task.metric].baseline(task)) if task.data.held_out else np.nan


def baseline(task: Task) -> float:
    """The same without a pause"""
    return finished(baseline_in_pieces(task))


def finished(pieces: Pieces) -> float:
    """What comes out at the end"""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value
