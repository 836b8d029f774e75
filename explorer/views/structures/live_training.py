"""Training one of the five networks, live: a slice at a time, so that it can be watched, stopped and continued."""

import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import streamlit as st

from core import evaluation, parameters, training
from core.parameters import Parameters
from core.training import Progress
from explorer.compute.job_networks import JobNetwork
from explorer.compute.jobs import Job
from explorer.compute.networks import network_cache

MOST_EPOCHS = 400
MOST_COURSES = 6  # of one session; the longest unused goes first


class EpochResult(NamedTuple):
    """How the network stood after one epoch"""

    epoch: int
    loss: float  # per example, mean over the epoch
    score: float | None  # on held-out examples, if there are any


@dataclass
class LiveTraining:
    """One network in training. Stopped, it stays where it is; continued, it goes on as if it had never stopped."""

    job: Job
    marks: list[EpochResult] = field(default_factory=list)
    params: Parameters | None = None  # after the last whole epoch
    goal: int = 0  # epochs to train in all
    seconds: float = 0.0  # spent so far
    is_running: bool = False
    is_waiting: bool = False  # two other sessions are training at this moment
    records: Iterator[Progress] | None = None

    @property
    def epoch(self) -> int:
        return self.marks[-1].epoch if self.marks else 0

    def start(self, epochs: int) -> None:
        """Begin, or go on; a course that reached its goal gets a new one"""
        if self.epoch >= self.goal:
            self.goal = min(self.epoch + epochs, MOST_EPOCHS)
        if self.records is None:
            self.records = training.train(replace(self.job.experiment, epochs=MOST_EPOCHS), self.job.task)
        self.is_running = self.epoch < self.goal

    def stop(self) -> None:
        """What it has reached is the network of this session from now on"""
        self.is_running = self.is_waiting = False
        if self.epoch:
            trained: OrderedDict = st.session_state.setdefault("trained", OrderedDict())
            trained[self.job.key] = JobNetwork(self.params, "trained here", self.marks[-1].score)
            trained.move_to_end(self.job.key)
            while len(trained) > MOST_COURSES:
                trained.popitem(last=False)

    @cached_property
    def baseline(self) -> float | None:
        """What the simple method gets on the same examples"""
        return evaluation.baseline(self.job.task) if self.job.task.data.held_out else None

    def advance(self, seconds: float) -> None:
        """Train for about so long, at least one epoch; while two other sessions train, wait that long instead"""
        permits, began = network_cache().permits, time.monotonic()
        self.is_waiting = not permits.acquire(timeout=seconds)
        if self.is_waiting:
            return
        start = time.monotonic()
        try:
            while self.is_running and time.monotonic() - began < seconds:
                self._epoch()
        finally:
            permits.release()
            self.seconds += time.monotonic() - start

    def _epoch(self) -> None:
        record = next(self.records)
        self.params = parameters.read_only(record.params)
        task = self.job.task
        found = evaluation.score(task, self.job.cell, record.params) if task.data.held_out else None
        self.marks.append(EpochResult(record.epoch, record.loss, found))
        self.is_running = record.epoch < self.goal


def training_of(job: Job) -> LiveTraining:
    """This session's course of this network. Any other pauses: what is not on screen takes no time from what is."""
    courses: OrderedDict = st.session_state.setdefault("courses", OrderedDict())
    for key, course in courses.items():
        if course.is_running and key != job.key:
            course.stop()
    chosen = courses.setdefault(job.key, LiveTraining(job))
    courses.move_to_end(job.key)
    while len(courses) > MOST_COURSES:
        courses.popitem(last=False)
    return chosen


def forget(job: Job) -> None:
    """Back to the network as it was before this session trained it"""
    st.session_state.get("trained", {}).pop(job.key, None)
    st.session_state.get("courses", {}).pop(job.key, None)
