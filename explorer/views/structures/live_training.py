"""Training one of the five networks, live: a slice at a time, so that it can be watched, stopped and continued."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from core import evaluation, parameters, training
from core.parameters import Parameters
from core.training import Progress
from explorer.choices.session import session
from explorer.compute.jobs import Job
from explorer.compute.long_work import LongWork
from explorer.compute.networks import JobNetwork

MOST_EPOCHS = 400


class EpochResult(NamedTuple):
    """How the network stood after one epoch"""

    epoch: int
    loss: float  # per example, mean over the epoch
    score: float | None  # on held-out examples, if there are any


class LiveTraining(LongWork):
    """One network in training, an epoch a step"""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self.epochs: list[EpochResult] = []
        self.params: Parameters | None = None  # after the last whole epoch
        self.goal = 0  # epochs to train in all
        self.records: Iterator[Progress] = training.train(replace(job.experiment, epochs=MOST_EPOCHS), job.task)

    @property
    def epoch(self) -> int:
        """The last whole one"""
        return self.epochs[-1].epoch if self.epochs else 0

    @cached_property
    def baseline(self) -> float | None:
        """What the simple method gets on the same examples"""
        return evaluation.baseline(self.job.task) if self.job.task.data.held_out else None

    def train(self, epochs: int) -> None:
        """Begin, or go on; a training that reached its goal gets a new one"""
        if self.epoch >= self.goal:
            self.goal = min(self.epoch + epochs, MOST_EPOCHS)
        if self.epoch < self.goal:
            self.start()

    def step(self) -> bool:
        record, task = next(self.records), self.job.task
        self.params = parameters.read_only(record.params)
        score = evaluation.score(task, self.job.cell, record.params) if task.data.held_out else None
        self.epochs.append(EpochResult(record.epoch, record.loss, score))
        return record.epoch < self.goal

    def stop(self) -> None:
        """What it has reached is the network of this session from now on."""
        super().stop()
        if self.epoch and self.params:
            trained_here = JobNetwork(self.params, "trained here", self.epochs[-1].score)
            session().trained.put(self.job.key, trained_here)
            session().elsewhere.pop(self.job.key, None)  # its updates began with other weights


def training_of(job: Job) -> LiveTraining:
    """This session's training of this network. Any other pauses: what is not on screen takes no time from what is."""
    trainings = session().trainings
    for key, other in trainings.items():
        if other.is_running and key != job.key:
            other.stop()
    return trainings.get(job.key) or trainings.put(job.key, LiveTraining(job))
