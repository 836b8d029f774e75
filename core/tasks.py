"""A task: a data set + a structure + a kind of answer + how to label: all that a network must know of its job."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from core import datasets
from core.datasets import TaggedSentence
from core.losses import LOSSES, Loss
from core.structures import SILENT, STRUCTURES, Slots
from core.vocabulary import Vocabulary, fold

MIN_COUNT = 2  # words that training has only once become <UNK>, so the network meets <UNK> while it learns


@dataclass(frozen=True)
class Task:
    question: str
    structure: str
    loss: Callable[[np.ndarray, np.ndarray], Loss]
    n_y: int
    data: datasets.Dataset
    vocabulary: Vocabulary
    majority: dict[str, int]  # the label a word has most often in training
    label: Callable[[str], int]  # tag -> label

    def slots(self, T: int) -> Slots:
        return STRUCTURES[self.structure](T, T)

    def guess(self, words: Iterable[str]) -> list[int]:
        """Labels for a sentence that has none: its majority in training; if never seen, a capital makes it a name."""
        return [self.majority.get(fold(word), int(word[:1].isupper())) for word in words]

    def baseline(self, words: Iterable[str]) -> list[int]:
        """What a network must beat: a word's majority in training, and no name where training never saw it"""
        return [self.majority.get(fold(word), 0) for word in words]

    def batch(self, sentences: Sequence[TaggedSentence]) -> tuple[np.ndarray, np.ndarray]:
        """x (T, B) and targets (T, B), T the longest sentence; after the end of a shorter one no answer is due."""
        T = max(len(sentence.words) for sentence in sentences)
        x = np.zeros((T, len(sentences)), dtype=np.int64)
        targets = np.full_like(x, SILENT)
        for b, sentence in enumerate(sentences):
            x[: len(sentence.words), b] = self.vocabulary.encode(sentence.words)
            targets[: len(sentence.words), b] = [self.label(tag) for tag in sentence.tags]
        return x, targets


@cache
def people() -> Task:
    """Is this word part of a person's name?"""
    data = datasets.people()
    label = lambda tag: int(tag.endswith("-PER"))  # noqa: E731
    seen: dict[str, Counter] = {}
    for sentence in data.train:
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            seen.setdefault(fold(word), Counter())[label(tag)] += 1
    return Task(
        question="Is this word part of a person's name?",
        structure="many-to-many, Tx = Ty",
        loss=LOSSES["sigmoid"],
        n_y=1,
        data=data,
        vocabulary=Vocabulary.build((sentence.words for sentence in data.train), MIN_COUNT),
        majority={word: int(labels[1] > labels[0]) for word, labels in seen.items()},
        label=label,
    )


TASKS = {"people": people}


def f1(predicted: np.ndarray, true: np.ndarray) -> float:
    """Token F1 = 2PR / (P + R) of label 1, precision P, recall R; tokens whose true label is SILENT do not count."""
    predicted, true = predicted[true != SILENT], true[true != SILENT]
    hits = np.sum((predicted == 1) & (true == 1))
    return float(2 * hits / max(np.sum(predicted == 1) + np.sum(true == 1), 1))
