"""One session's race, and what all sessions have measured so far."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from core.cells import CELLS
from core.experiments import memory_race
from core.experiments.memory_race import GAPS, SEEDS, RaceSettings, Record, Trial
from explorer.compute.long_work import permits

MOST_MEASURED = 6000  # a hundred races, at less than 1 kB a trial
MOST_RACES = 8  # of one session: whoever turns a setting back finds the race where it was left


class Measured:
    """The last record of every trial that any session has finished; the longest unused goes first.

    The same trial gives the same bits, so nobody has to run it twice: not another session, and not the same reader
    after a reload, which is a new session.
    """

    def __init__(self) -> None:
        self.records: OrderedDict[Trial, Record] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, trial: Trial) -> Record | None:
        with self.lock:
            if trial in self.records:
                self.records.move_to_end(trial)
            return self.records.get(trial)

    def put(self, record: Record) -> None:
        with self.lock:
            self.records[record.lane] = record
            while len(self.records) > MOST_MEASURED:
                self.records.popitem(last=False)


@st.cache_resource
def measured() -> Measured:
    return Measured()


@dataclass
class Race:
    """What this session has of one race. It trains a slice at a time, so that clicks are heard in between."""

    setup: RaceSettings
    prediction: dict[str, int | None] = field(default_factory=dict)  # made before the start
    records: dict[Trial, Record] = field(default_factory=dict)  # of the trials that are finished
    recalled: int = 0  # so many of these had been measured before
    seconds: float = 0.0  # spent on the others
    latest: Record | None = None  # of the trial in training
    training: Iterator[Record] | None = None
    is_running: bool = False
    is_waiting: bool = False  # two other sessions are training at this moment

    @property
    def has_begun(self) -> bool:
        return self.is_running or bool(self.records) or self.latest is not None

    @property
    def is_over(self) -> bool:
        return len(self.records) == len(memory_race.trials(self.setup))

    @property
    def progress(self) -> float:
        """From 0 to 1: steps of time run so far, of all that there can be; a network that ended early is complete"""
        done = float(sum(trial.gap for trial in self.records))
        if self.latest:
            done += self.latest.lane.gap * self.latest.updates / self.setup.updates
        return done / sum(trial.gap for trial in memory_race.trials(self.setup))

    def accuracies(self) -> dict[str, np.ndarray]:
        """Of every cell (gaps, networks), NaN where nothing is measured yet"""
        seeds = range(self.setup.seed, self.setup.seed + SEEDS)
        trials = {cell: [[Trial(self.setup, cell, gap, seed) for seed in seeds] for gap in GAPS] for cell in CELLS}
        read = lambda trial: self.records[trial].accuracy if trial in self.records else np.nan  # noqa: E731
        return {cell: np.array([[read(trial) for trial in row] for row in rows]) for cell, rows in trials.items()}

    def start(self, prediction: dict[str, int | None]) -> None:
        """Begin, or go on where it was stopped"""
        if not self.has_begun:
            self.prediction = prediction
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False

    def advance(self, seconds: float) -> None:
        """Train for about so long; while two other sessions train, wait for a permit that long instead"""
        permit, began = permits(), time.monotonic()
        while self.is_running and self._next_trial() and time.monotonic() - began < seconds:
            self.is_waiting = not permit.acquire(timeout=seconds)
            if self.is_waiting:
                return
            start = time.monotonic()
            try:
                self._train(began + seconds)
            finally:
                permit.release()
                self.seconds += time.monotonic() - start

    def _next_trial(self) -> bool:
        """Is there a trial in training? If not, begin the next; one that is already measured is only read."""
        for trial in memory_race.trials(self.setup):
            if self.training:
                break
            if trial in self.records:
                continue
            if known := measured().get(trial):
                self.records[trial] = known
                self.recalled += 1
            else:
                self.training = memory_race.run(trial)
        self.is_running = self.training is not None
        return self.is_running

    def _train(self, deadline: float) -> None:
        assert self.training
        for record in self.training:
            self.latest = record
            if time.monotonic() > deadline and not record.is_last:
                return
        self.records[record.lane] = record
        measured().put(record)
        self.latest = self.training = None


def race_of(setup: RaceSettings) -> Race:
    """This session's race with this setup. Any other pauses: a race whose settings are not on screen would mislead."""
    races: OrderedDict[RaceSettings, Race] = st.session_state.setdefault("races", OrderedDict())
    for other, race_ in races.items():
        race_.is_running &= other == setup
    chosen = races.setdefault(setup, Race(setup))
    races.move_to_end(setup)
    while len(races) > MOST_RACES:
        races.popitem(last=False)
    return chosen


@st.cache_data(max_entries=64, show_spinner=False)
def gradient_ratios(setup: RaceSettings) -> dict[Trial, float]:
    """‖∂ℒ/∂state⟨0⟩‖ / ‖∂ℒ/∂state⟨T⟩‖ of every trial before training"""
    return {trial: memory_race.gradient_ratio(trial) for trial in memory_race.trials(setup)}
