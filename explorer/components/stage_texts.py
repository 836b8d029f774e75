"""What stands in the columns of the stage besides numbers: texts, which only a task knows how to make."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from core.structures import NO_TARGET
from explorer.compute.sentence import people_task
from explorer.compute.unrolled import Unrolled
from explorer.formatting import in_figures

MOST_TOLD = 3  # so many classes are told, with their chances, when a prediction is pointed at


class StageTexts(NamedTuple):
    """The texts of T steps. Whether an answer is due at all, the stage takes from the table of slots: what stands here
    for a silent step is not looked at. Up to 12 letters always fit; of longer texts the end is left out.
    """

    words: Sequence[str | None]  # what is read; None: nothing is read, and nothing drawn
    known: Sequence[bool]  # False: it is not in the dictionary, so the network reads <UNK>
    said: Sequence[str]  # the prediction: "P(name) 0.93", "B-PER", "elle", "C4 1/4", "positive"
    chance: np.ndarray  # (T,)  how probable the network holds it: the length of the bar
    sure: Sequence[str] | None  # the chance in figures, in a line of its own; None: `said` has told it
    detail: Sequence[str] | None  # what is told when the prediction is pointed at; None: the chance to all its digits
    labels: Sequence[str | None]  # the right answer; None: nobody knows it, so there is no loss either
    right: Sequence[bool | None]  # is the prediction the label? None: no label, or no prediction
    guessed: Sequence[bool]  # the label is a guess, so it may be the label that is wrong
    classes: Sequence[str]  # how every class is written, by its index
    unit: str = "word"  # what one input is called: word, note, …
    fed: str = "answer"  # what stands for the answer before it where that is read: "answer", ŷ itself, or "label", y


def of_people(look: Unrolled) -> StageTexts:
    """Explore's task: one sigmoid a step"""
    task, y_hat, y = people_task(), look.loss.y_hat[:, 0, 0], look.targets[:, 0]
    return StageTexts(
        words=look.words,
        known=[word in task.vocabulary for word in look.words],
        said=[f"P(name) {in_figures(p)}" for p in y_hat],
        chance=y_hat,
        sure=None,
        detail=None,
        labels=[task.classes[label] for label in y],
        right=where(np.isfinite(y_hat), ((y_hat >= 0.5) == (y == 1)).tolist()),
        guessed=[bool(guess == label) for guess, label in zip(task.guess(look.words), y, strict=True)],
        classes=task.classes,
    )


def of_classes(look: Unrolled, words: Sequence[str | None], classes: Sequence[str], **others) -> StageTexts:
    """One class of several a step; a sigmoid chooses between two, and the second is its 1.

    classes: how each is written; `others`: fields of Columns that are not as usual
    """
    y_hat, y = look.loss.y_hat[:, 0], look.targets[:, 0]  # (T, n_y), (T,)
    if y_hat.shape[1] == 1:
        y_hat = np.hstack([1 - y_hat, y_hat])
    best, chance = np.argmax(y_hat, axis=1), y_hat.max(axis=1)
    usual = StageTexts(
        words=words,
        known=[True] * len(words),
        said=[classes[k] if is_known else "–" for k, is_known in zip(best, np.isfinite(chance), strict=True)],
        chance=chance,
        sure=[in_figures(p) for p in chance],
        detail=[_likeliest(p, classes) for p in y_hat],
        labels=[None if label == NO_TARGET else classes[label] for label in y],
        right=where((y != NO_TARGET) & np.isfinite(chance), (best == y).tolist()),
        guessed=[False] * len(words),
        classes=classes,
    )
    return usual._replace(**others)


def where(there: Iterable[bool], values: Iterable) -> list:
    """The values; None where there is none"""
    return [value if is_there else None for is_there, value in zip(there, values, strict=True)]


def _likeliest(y_hat: np.ndarray, classes: Sequence[str]) -> str:
    best = np.argsort(-y_hat, kind="stable")[:MOST_TOLD]
    return ", ".join(f"{classes[k]} {in_figures(y_hat[k])}" for k in best)
