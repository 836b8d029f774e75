"""Training one of the five networks, live: a batch at a time, so that it can be watched, stopped and continued; and the
weights of its epochs, so that one can go back to them."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core import evaluation, parameters, tasks, training
from core.baselines import Pieces
from core.parameters import Parameters
from core.training import Experiment, Progress
from explorer.compute.bounded_cache import OfProcess
from explorer.compute.jobs import Job
from explorer.compute.long_work import LongWork

MOST_EPOCHS = 400
MEASURED = 2.0  # seconds of batches, and of scores where there are some, that tell how quick this machine is
MOST_BYTES = 128 << 20  # weights of all epochs of all sessions
MOST_BYTES_OF_SESSION = 16 << 20

TrainingKey = tuple[Experiment, str]  # what is trained, and the digest of its data


class EpochWeights:
    """The weights of the epochs of all sessions, read-only: equal trainings have them once.

    Of more bytes than `most`, every second epoch goes: of the training that has most of them, as often as it takes.
    """

    def __init__(self, most: int) -> None:
        self.most, self.total = most, 0
        self.epochs: dict[TrainingKey, dict[int, Parameters]] = {}
        self.every: dict[TrainingKey, int] = {}  # 2: of its epochs every second one is kept
        self.lock = threading.Lock()

    def get(self, key: TrainingKey, epoch: int) -> Parameters | None:
        """After an epoch; None if they are not kept"""
        return self.epochs.get(key, {}).get(epoch)

    def put(self, key: TrainingKey, epoch: int, params: Parameters) -> Parameters:
        """Keep these weights, or those that an equal training has kept already; give them back"""
        with self.lock:
            known = self.get(key, epoch)
            if known is None and epoch % self.every.setdefault(key, 1) == 0:
                self.epochs.setdefault(key, {})[epoch] = params
                self.total += parameters.size(params)
                while self.total > self.most:
                    self._thin(max(self.epochs, key=self._size))
            return known or params

    def _size(self, key: TrainingKey) -> int:
        return sum(map(parameters.size, self.epochs[key].values()))

    def _thin(self, key: TrainingKey) -> None:
        """Every second epoch goes; the last one that is left goes, too"""
        before, epochs = self._size(key), self.epochs[key]
        self.every[key] *= 2
        stay = {e: params for e, params in epochs.items() if e % self.every[key] == 0 and len(epochs) > 1}
        self.epochs[key] = stay
        self.total -= before - self._size(key)
        if not stay:
            del self.epochs[key], self.every[key]


@OfProcess
def epoch_weights() -> EpochWeights:
    """Of this process"""
    return EpochWeights(MOST_BYTES)


class EpochResult(NamedTuple):
    """How the network stood after one epoch"""

    epoch: int
    loss: float  # per example, mean over the epoch
    score: float | None  # on the part of the data that chooses, if there is one


class LiveTraining(LongWork):
    """One network in training, a batch a step. Its data are in three parts: it is trained on the first, the second
    chooses which epoch is kept, and the third is told about."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job, self.task = job, tasks.in_three_parts(job.task)
        self.experiment = replace(job.experiment, epochs=MOST_EPOCHS, parts=3)
        self.epochs: list[EpochResult] = []
        self.params: Parameters | None = None  # after the last whole epoch
        self.best_params: Parameters | None = None
        self.kept: list[int] = []  # the epochs that one can go back to
        self.shown: int | None = None  # the epoch that the reader went to; None: the one that is kept
        self.every = 1  # 2: every second epoch is kept
        self.size = 0  # bytes of the weights of one epoch
        self.goal = 0  # epochs to train in all
        self.asked = 0.0  # seconds that the next epochs may take, until their number is known
        self.done, self.spent = 0, 0.0  # batches, and seconds that they took with all scores between
        self.records: Iterator[Progress] = training.train_in_batches(self.experiment, self.task)
        self.last: Progress | None = None
        self.baseline: float | None = None  # what the simple method gets on the part of the data that chooses
        self.measuring = evaluation.baseline_in_pieces(self.task.choosing) if self.task.data.chosen_on else None
        self.scoring: Pieces | None = None  # the last epoch on the part of the data that chooses

    @property
    def epoch(self) -> int:
        """The last whole one"""
        return self.epochs[-1].epoch if self.epochs else 0

    @property
    def best(self) -> int:
        """The epoch that the second part of the data finds best; the last, if there is no such part"""
        scores = [np.nan if one.score is None or not one.epoch else one.score for one in self.epochs]
        place = evaluation.best(self.task, scores)
        return self.epochs[place].epoch if place >= 0 else self.epoch

    def chosen(self, keep: str) -> int:
        """The epoch that is kept: the best or the last"""
        return self.best if keep == "best" else self.epoch

    def train(self, epochs: int) -> None:
        """Begin, or go on; a training that reached its goal gets a new one"""
        if self.epoch >= self.goal:
            self.goal = min(self.epoch + epochs, MOST_EPOCHS)
        if self.epoch < self.goal:
            self.start()

    @cached_property
    def batches_an_epoch(self) -> int:
        train = self.task.data.train
        return len([*self.task.batches(train, range(len(train)), training.BATCH)])

    def train_for(self, seconds: float, batches: int) -> None:
        """Begin, or go on, for so many batches in all, or else for about so long: the rate of the first batches decides
        once how many epochs that are."""
        self.train(MOST_EPOCHS)
        if self.is_running and batches > self.epoch * self.batches_an_epoch:
            self.goal = min(-(-batches // self.batches_an_epoch), MOST_EPOCHS)
        elif self.is_running:
            self.asked = seconds
            self._set_goal()

    def _set_goal(self) -> None:
        if self.asked and self.spent >= MEASURED:
            epochs = round(self.asked * self.done / self.spent / self.batches_an_epoch)
            self.goal, self.asked = min(self.epoch + max(epochs, 1), MOST_EPOCHS), 0.0

    def step(self) -> bool:
        if self.measuring:
            self._measure_baseline(self.measuring)
            return True
        start = time.perf_counter()
        if self.scoring:
            self._score(self.scoring)
        else:
            self._learn()
        self.spent += time.perf_counter() - start
        self._set_goal()
        if self.epoch < self.goal:
            return True
        self.asked = 0.0
        return False

    def _measure_baseline(self, pieces: Pieces) -> None:
        try:
            next(pieces)
        except StopIteration as end:
            self.baseline, self.measuring = end.value, None

    def _learn(self) -> None:
        """From a batch more; after the last one of an epoch, see what it has come to"""
        record, before = next(self.records), self.last
        self.last = record
        if record is before:
            self.done += 1
        elif self.task.data.chosen_on:
            self.scoring = evaluation.score_in_pieces(self.task.choosing, self.job.cell, record.params)
        else:
            self._keep(record, None)

    def _score(self, pieces: Pieces) -> None:
        """Answer some examples more of those that choose; after the last, the epoch is whole"""
        try:
            next(pieces)
        except StopIteration as end:
            self.scoring = None
            if self.last:
                self._keep(self.last, end.value)

    def _keep(self, record: Progress, score: float | None) -> None:
        """An epoch is whole"""
        self.params = epoch_weights().put(self.key, record.epoch, parameters.read_only(record.params))
        self.size = parameters.size(self.params)
        self.epochs.append(EpochResult(record.epoch, record.loss, score))
        self.kept.append(record.epoch)
        if self.best == record.epoch:
            self.best_params = self.params
        self.drop()

    # The weights of its epochs

    @property
    def key(self) -> TrainingKey:
        return self.experiment, self.job.digest

    def weights(self, epoch: int) -> Parameters | None:
        """After an epoch; None if they are not kept any more"""
        if epoch == self.epoch:
            return self.params
        return self.best_params if epoch == self.best else epoch_weights().get(self.key, epoch)

    @property
    def at_hand(self) -> list[int]:
        """The epochs that one can go back to now"""
        return [epoch for epoch in self.kept if self.weights(epoch) is not None]

    def drop(self) -> None:
        """The epochs that are no multiple of `every` go; the best and the last stay, and the first while any
        other does."""
        some = [epoch for epoch in self.kept if epoch % self.every == 0 and self.every <= self.epoch]
        self.kept = sorted({*some, self.best, self.epoch})

    def thin(self) -> None:
        """Every second epoch goes"""
        self.every *= 2
        self.drop()


def keep_within(trainings: Sequence[LiveTraining], most: int) -> None:
    """Thin out the largest of a session's trainings, until their weights take at most so many bytes; or until each has
    only those of its best epoch and of the last, which are what the page shows and goes on from"""
    while sum(one.size * len(one.kept) for one in trainings) > most:
        largest = max(trainings, key=lambda one: one.size * (len(one.kept) - 2))
        if len(largest.kept) <= 2:
            break
        largest.thin()


class Learned(NamedTuple):
    """When an example was learned"""

    epoch: int | None  # from here on it is right; None: it is not
    before: int | None  # the last epoch at hand before, where it was wrong
    forgotten: tuple[int, ...]  # epochs after it at which it was wrong again

    def is_between(self, epoch: int) -> bool:
        """May this be the epoch that it was learned in?"""
        return self.epoch is not None and self.before is not None and self.before < epoch < self.epoch


def when_learned(is_right: dict[int, bool]) -> Learned:
    """From which epoch on an example is right, by whether it is right at each: wrong before and right from there on,
    but for as few epochs as can be; the first of several such."""
    epochs = sorted(is_right)
    begins = [e for i, e in enumerate(epochs) if is_right[e] and (not i or not is_right[epochs[i - 1]])]
    exceptions = {b: sum(is_right[e] != (e >= b) for e in epochs) for b in begins}
    begin = min(begins, key=lambda b: (exceptions[b], b), default=None)
    if begin is None or exceptions[begin] >= sum(is_right.values()):  # to call it never right is as true
        return Learned(None, None, ())
    before = max((e for e in epochs if e < begin), default=None)
    return Learned(begin, before, tuple(e for e in epochs if e > begin and not is_right[e]))
