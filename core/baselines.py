"""The simple method of each task, which a network must beat.

Some take seconds, so all are measured in pieces: between two of them others may have their turn. Their value is what
they return at the end.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Generator

import numpy as np

from core import metrics
from core.data.example import Example
from core.metrics import bleu, entity_f1, f1
from core.tasks import END, Task

Pieces = Generator[None, None, float]

MOST_LINKS = 200_000  # pairs of words that the dictionary is learned from: more would take many seconds


PIECE = 2000  # links of words that are counted between two pauses


def at_once(measure: Callable[[Task], float]) -> Callable[[Task], Pieces]:
    """A method that is quick, as one piece"""

    def in_one_piece(task: Task) -> Pieces:
        yield
        return measure(task)

    return in_one_piece


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


def word_by_word(task: Task) -> Pieces:
    """Each word's likeliest translation, in the order of the English; a word without one is left out"""
    table = yield from ibm_model_1(task)
    written = [
        tuple(table[w] for w in map(task.vocabulary.spelling, e.inputs) if w in table) for e in task.data.held_out
    ]
    return bleu(written, [_without_end(example) for example in task.data.held_out])


def ibm_model_1(task: Task, rounds: int = 10) -> Generator[None, None, dict[str, str]]:
    """For each word the one it is most often translated by, learned from whole sentences.

    p(f | e) grows by what each sentence says: f comes from its words e in proportion to p(f | e).
    Source: Brown et al. 1993, model 1.
    """
    sentences = [([task.vocabulary.spelling(w) for w in e.inputs], _without_end(e)) for e in task.data.train]
    links = np.cumsum([len(english) * len(french) for english, french in sentences])
    sentences = sentences[: int(np.searchsorted(links, MOST_LINKS)) + 1]
    p: dict[tuple[str, str], float] = {(e, f): 1.0 for english, french in sentences for e in english for f in french}
    yield
    for _ in range(rounds):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        done = 0
        for english, french in sentences:
            if (done := done + len(english) * len(french)) >= PIECE:
                done = 0
                yield
            for f in french:
                total = sum(p[e, f] for e in english)
                for e in english:
                    counts[e, f] += p[e, f] / total
        totals: dict[str, float] = defaultdict(float)
        for (e, _), count in counts.items():
            totals[e] += count
        yield
        p = {(e, f): count / totals[e] for (e, f), count in counts.items()}
    best: dict[str, str] = {}
    for e, f in sorted(p):
        if e not in best or p[e, f] > p[e, best[e]]:
            best[e] = f
    return best


def _without_end(example: Example) -> tuple[str, ...]:
    return tuple(answer for answer in example.answers if answer != END)
