"""How good a network is on examples that training never saw, and the simple method that it must beat.

One table: a task names its measure; the measure says how to score a network, and what the baseline gets.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from core import metrics
from core.cells import Cell
from core.examples import Example
from core.forward import forward
from core.losses import Loss
from core.metrics import bleu, entity_f1, f1, token_accuracy
from core.parameters import Parameters
from core.tasks import END, Task
from core.writing import write

MOST_LINKS = 200_000  # pairs of words that the dictionary is learned from: more would take many seconds
AT_ONCE = 64  # examples that are answered together


def answered(task: Task, cell: Cell, params: Parameters) -> Iterator[tuple[list[Example], Loss, np.ndarray]]:
    """The held-out examples, a batch at a time: (examples, loss, targets)"""
    held_out = task.data.held_out
    for examples in task.batches(held_out, range(len(held_out)), AT_ONCE):
        slots, x, targets = task.batch(examples)
        yield examples, task.loss(forward(cell, params, slots, x).logits, targets), targets


def chosen(task: Task, y_hat: np.ndarray) -> np.ndarray:
    """The most probable class, (..., n_y) -> (...); of a sigmoid, class 1 above ½"""
    return (y_hat[..., 0] > 0.5).astype(int) if task.answers_with == "sigmoid" else y_hat.argmax(axis=-1)


def _flat(task: Task, cell: Cell, params: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """All answers and all targets, each in one long row, SILENT steps among them"""
    pairs = [(chosen(task, loss.y_hat).ravel(), targets.ravel()) for _, loss, targets in answered(task, cell, params)]
    return np.concatenate([p for p, _ in pairs]), np.concatenate([t for _, t in pairs])


# Every measure: of a network, and of its baseline --------------------------------------------------------------------


def token_f1(task: Task, cell: Cell, params: Parameters) -> float:
    """F1 of class 1, one answer at a time"""
    return f1(*_flat(task, cell, params))


def accuracy(task: Task, cell: Cell, params: Parameters) -> float:
    """The part of all answers that is right"""
    return token_accuracy(*_flat(task, cell, params))


def entities_f1(task: Task, cell: Cell, params: Parameters) -> float:
    """F1 of whole entities: type and both ends must be right"""
    predicted, true = [], []
    for examples, loss, _ in answered(task, cell, params):
        for b, example in enumerate(examples):
            ids = chosen(task, loss.y_hat[: len(example.answers), b])
            predicted.append([task.classes[i] for i in ids])
            true.append(example.answers)
    return entity_f1(predicted, true)


def perplexity(task: Task, cell: Cell, params: Parameters) -> float:
    """Of every answer, given the right ones before it"""
    pairs = [(loss.per_step.ravel(), targets.ravel()) for _, loss, targets in answered(task, cell, params)]
    return metrics.perplexity(*(np.concatenate([pair[i] for pair in pairs]) for i in (0, 1)))


def translated(task: Task, cell: Cell, params: Parameters) -> float:
    """BLEU-4 of what the network writes by itself, the likeliest word at every step"""
    written = [write(task, cell, params, example.inputs).words for example in task.data.held_out]
    return bleu(written, [_without_end(example) for example in task.data.held_out])


def majority_f1(task: Task) -> float:
    """Every word's majority label in training, whatever stands around it"""
    pairs = [(task.baseline(e.inputs), task.encode(e)[1]) for e in task.data.held_out]
    return f1(*(np.concatenate([pair[i] for pair in pairs]) for i in (0, 1)))


def majority_entities(task: Task) -> float:
    """Every word's majority tag in training, whatever stands around it"""
    predicted = [[task.classes[i] for i in task.baseline(e.inputs)] for e in task.data.held_out]
    return entity_f1(predicted, [e.answers for e in task.data.held_out])


def majority_class(task: Task) -> float:
    """The class that training has more often, whatever is read"""
    [(most, _)] = Counter(e.answers[0] for e in task.data.train).most_common(1)
    return float(np.mean([e.answers[0] == most for e in task.data.held_out]))


def unigram(task: Task) -> float:
    """Every answer with the probability it has in training, whatever came before; one is added to every count"""
    counts = np.ones(len(task.classes))
    for example in task.data.train:
        np.add.at(counts, task.encode(example)[1], 1)
    due = np.concatenate([task.encode(example)[1] for example in task.data.held_out])
    return metrics.perplexity(-np.log(counts / counts.sum())[due])


def word_by_word(task: Task) -> float:
    """Each word's likeliest translation, in the order of the English; a word without one is left out"""
    table = dictionary(task)
    written = [
        tuple(table[w] for w in map(task.vocabulary.spelling, e.inputs) if w in table) for e in task.data.held_out
    ]
    return bleu(written, [_without_end(example) for example in task.data.held_out])


def dictionary(task: Task, rounds: int = 10) -> dict[str, str]:
    """For each word the one it is most often translated by, learned from whole sentences.

    p(f | e) grows by what each sentence says: f comes from its words e in proportion to p(f | e).
    Source: Brown et al. 1993, model 1.
    """
    sentences = [([task.vocabulary.spelling(w) for w in e.inputs], _without_end(e)) for e in task.data.train]
    links = np.cumsum([len(english) * len(french) for english, french in sentences])
    sentences = sentences[: int(np.searchsorted(links, MOST_LINKS)) + 1]
    p: dict[tuple[str, str], float] = {(e, f): 1.0 for english, french in sentences for e in english for f in french}
    for _ in range(rounds):
        counts: Counter[tuple[str, str]] = Counter()
        for english, french in sentences:
            for f in french:
                total = sum(p[e, f] for e in english)
                for e in english:
                    counts[e, f] += p[e, f] / total
        totals: Counter[str] = Counter()
        for (e, _), count in counts.items():
            totals[e] += count
        p = {(e, f): count / totals[e] for (e, f), count in counts.items()}
    best: dict[str, str] = {}
    for e, f in sorted(p):
        if e not in best or p[e, f] > p[e, best[e]]:
            best[e] = f
    return best


def _without_end(example: Example) -> tuple[str, ...]:
    return tuple(answer for answer in example.answers if answer != END)


class Measure(NamedTuple):
    """How to score a network, and the method that it must beat"""

    score: Callable[[Task, Cell, Parameters], float]
    baseline: Callable[[Task], float]
    simple: str  # the baseline, in words
    less_is_better: bool = False


MEASURES = {
    "token F1": Measure(token_f1, majority_f1, "each word's majority label in training"),
    "entity F1": Measure(entities_f1, majority_entities, "each word's majority tag in training"),
    "accuracy": Measure(accuracy, majority_class, "always the more frequent class"),
    "perplexity": Measure(perplexity, unigram, "each note as often as in training", less_is_better=True),
    "BLEU-4": Measure(translated, word_by_word, "word by word, by a dictionary learned from the same pairs"),
}


def score(task: Task, cell: Cell, params: Parameters) -> float:
    """The task's measure of a network, on the held-out examples; not a number if there are none"""
    return MEASURES[task.measure].score(task, cell, params) if task.data.held_out else np.nan


def baseline(task: Task) -> float:
    """The same of the simple method"""
    return MEASURES[task.measure].baseline(task) if task.data.held_out else np.nan
