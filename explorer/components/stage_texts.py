"""What stands in the columns of the stage besides numbers: texts, which only a task knows how to make."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from core.data import example as data
from core.structures import NO_TARGET, Reads, Slots
from explorer.compute.jobs import PEOPLE, Job
from explorer.compute.unrolled import Unrolled
from explorer.formatting import in_figures
from explorer.prose import prose

MOST_TOLD = 3  # so many classes are told, with their chances, when a prediction is pointed at


class StageTexts(NamedTuple):
    """The texts of T steps. Whether an answer is due at all, the stage takes from the table of slots: what stands here
    for a silent step is not looked at. Up to 12 letters always fit; of longer texts the end is left out.
    """

    words: Sequence[str | None]  # what is read; None: nothing is read, and nothing drawn
    known: Sequence[bool]  # False: it is not in the dictionary, so the network reads <UNK>
    said: Sequence[str]  # the prediction: "0.93", "B-PER", "elle", "C4 1/4", "positive"
    chance: np.ndarray  # (T,)  how probable the network holds it: the length of the bar
    sure: Sequence[str] | None  # the chance in figures, in a line of its own; None: `said` has told it
    detail: Sequence[str] | None  # what is told when the prediction is pointed at; None: the chance to all its digits
    labels: Sequence[str | None]  # the right answer; None: nobody knows it, so there is no loss either
    right: Sequence[bool | None]  # is the prediction the label? None: no label, or no prediction
    guessed: Sequence[bool]  # the label is a guess, so it may be the label that is wrong
    classes: Sequence[str]  # how every class is written, by its index
    unit: str = "word"  # what one input is called: word, note, …
    measure: str = prose("stage", "lane_prediction")  # what is predicted: P(name), or simply the prediction
    fed: str = "answer"  # what stands for the answer before it where that is read: "answer", ŷ itself, or "label", y


_KNOWN: WeakKeyDictionary[Unrolled, StageTexts] = WeakKeyDictionary()  # of each that is still looked at


def stage_texts(unrolled: Unrolled) -> StageTexts:
    """The texts of an example of any job"""
    if (texts := _KNOWN.get(unrolled)) is None:
        texts = _KNOWN[unrolled] = _made(unrolled)
    return texts


def _made(unrolled: Unrolled) -> StageTexts:
    job, example, T = unrolled.job, unrolled.example, len(unrolled.words)
    if job.name == PEOPLE:
        return of_people(unrolled)
    is_known = [word in job.task.vocabulary for word in example.inputs]
    others: dict[str, Any] = {}
    if example.label_is_guess:  # an answer that agrees with itself is not right for that
        others["right"] = [None] * T
    if job.exhibit == "melody" and not example.teacher_forced:
        others |= _drawn_notes(unrolled)
    return of_classes(
        unrolled,
        [as_written(job, word) for word in unrolled.words],
        [as_written(job, name) for name in job.task.classes],
        known=is_known + [True] * (T - len(is_known)),
        guessed=[example.label_is_guess] * T,
        unit="note" if job.exhibit == "melody" else "word",
        fed="label" if example.teacher_forced else "answer",
        **others,
    )


def owners(slots: Slots, texts: StageTexts) -> list[str | None]:
    """What each loss is called after: the word that is read; where answers are fed back, the right answer, for what is
    read there is the answer before"""
    if not any(slot.reads is Reads.ANSWER for slot in slots):
        return [*texts.words]
    return [word if label is None else label for word, label in zip(texts.words, texts.labels, strict=True)]


def as_written(job: Job, token: str) -> str:
    """A token as the pages write it: a note's length stands apart from its name"""
    return token.replace(":", " ") if job.exhibit == "melody" else token


def _drawn_notes(unrolled: Unrolled) -> dict[str, Any]:
    """The fields that differ for a melody: its answer is the note that was drawn, be it the likeliest or not"""
    example = unrolled.example
    drawn = unrolled.job.task.encode(data.Example(example.inputs, example.fed))[1]
    p = unrolled.y_hat[unrolled.answer_steps, drawn]
    said, sure = [as_written(unrolled.job, note) for note in example.fed], [in_figures(one) for one in p]
    return {"said": said, "chance": p, "sure": sure, "right": [None] * len(said)}


def in_reverse(texts: StageTexts) -> StageTexts:
    """The same from the last step to the first"""
    of_steps = {"words", "known", "said", "chance", "sure", "detail", "labels", "right", "guessed"}
    turned = {name: part[::-1] for name, part in texts._asdict().items() if name in of_steps and part is not None}
    return texts._replace(**turned)


def of_people(unrolled: Unrolled) -> StageTexts:
    """The texts of Explore's task: one sigmoid a step"""
    task, y_hat, y = unrolled.job.task, unrolled.loss.y_hat[:, 0, 0], unrolled.targets[:, 0]
    return StageTexts(
        words=unrolled.words,
        known=[word in task.vocabulary for word in unrolled.words],
        said=[in_figures(p) for p in y_hat],
        measure=prose("structures", "chance_of_name"),
        chance=y_hat,
        sure=None,
        detail=None,
        labels=[task.classes[label] for label in y],
        right=where(np.isfinite(y_hat), ((y_hat >= 0.5) == (y == 1)).tolist()),
        guessed=[bool(guess == label) for guess, label in zip(task.guess(unrolled.words), y, strict=True)],
        classes=task.classes,
    )


def of_classes(unrolled: Unrolled, words: Sequence[str | None], classes: Sequence[str], **others: Any) -> StageTexts:
    """The texts of a task with several classes; a sigmoid chooses between two, and the second is its 1.

    classes: how each is written; `others`: fields that are not as usual
    """
    y_hat, y = unrolled.y_hat, unrolled.targets[:, 0]  # (T, classes), (T,)
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


def where(there: Iterable[bool], values: Iterable[Any]) -> list[Any]:
    """The values, and None where there is none"""
    return [value if is_there else None for is_there, value in zip(there, values, strict=True)]


def _likeliest(y_hat: np.ndarray, classes: Sequence[str]) -> str:
    """The most probable classes with their probabilities: B-PER 0.93, O 0.05, B-LOC 0.01"""
    best = np.argsort(-y_hat, kind="stable")[:MOST_TOLD]
    return ", ".join(f"{classes[k]} {in_figures(y_hat[k])}" for k in best)
