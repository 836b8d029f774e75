"""One session's race, and what all sessions have measured so far."""

from collections.abc import Iterator

import numpy as np
import streamlit as st

from core.cells import CELLS
from core.experiments import memory_race
from core.experiments.memory_race import GAPS, SEEDS, RaceSettings, Record, Trial
from explorer.choices.session import session
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.long_work import LongWork

MOST_MEASURED = 6000  # a hundred races, at less than 1 kB a trial


@st.cache_resource
def measured() -> BoundedCache[Trial, Record]:
    """The last record of every trial that any session has finished.

    The same trial gives the same bits, so nobody has to run it twice: not another session, and not the same reader
    after a reload, which is a new session.
    """
    return BoundedCache(MOST_MEASURED)


class Race(LongWork):
    """What this session has of one race. Each step is a few updates of one network."""

    def __init__(self, setup: RaceSettings) -> None:
        super().__init__()
        self.setup = setup
        self.prediction: dict[str, int | None] = {}  # made before the start
        self.records: dict[Trial, Record] = {}  # of the trials that are finished
        self.recalled = 0  # so many of these had been measured before
        self.latest: Record | None = None  # of the trial in training
        self.training: Iterator[Record] | None = None

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
            done += self.latest.trial.gap * self.latest.updates / self.setup.updates
        return done / sum(trial.gap for trial in memory_race.trials(self.setup))

    def accuracies(self) -> dict[str, np.ndarray]:
        """Of every cell (gaps, networks), NaN where nothing is measured yet"""
        seeds = range(self.setup.seed, self.setup.seed + SEEDS)
        trials = {cell: [[Trial(self.setup, cell, gap, seed) for seed in seeds] for gap in GAPS] for cell in CELLS}
        read = lambda trial: self.records[trial].accuracy if trial in self.records else np.nan  # noqa: E731
        return {cell: np.array([[read(trial) for trial in row] for row in rows]) for cell, rows in trials.items()}

    def begin(self, prediction: dict[str, int | None]) -> None:
        """Begin with this prediction, or go on where it was stopped"""
        if not self.has_begun:
            self.prediction = prediction
        self.start()

    def step(self) -> bool:
        if self.training is None:
            self._next_trial()
        if self.training is not None:
            self.latest = next(self.training)
            if self.latest.is_last:
                self.records[self.latest.trial] = measured().put(self.latest.trial, self.latest)
                self.latest = self.training = None
        return not self.is_over

    def _next_trial(self) -> None:
        """Begin the next trial; those that are already measured are only read."""
        for trial in memory_race.trials(self.setup):
            if trial in self.records:
                continue
            if (known := measured().get(trial)) is None:
                self.training = memory_race.run(trial)
                return
            self.records[trial] = known
            self.recalled += 1


def race_of(setup: RaceSettings) -> Race:
    """This session's race with this setup. Any other pauses: a race whose settings are not on screen would mislead."""
    races = session().races
    for other, race in races.items():
        if other != setup:
            race.stop()
    return races.get(setup) or races.put(setup, Race(setup))


@st.cache_data(max_entries=64, show_spinner=False)
def gradient_ratios(setup: RaceSettings) -> dict[Trial, float]:
    """‖∂ℒ/∂state⟨0⟩‖ / ‖∂ℒ/∂state⟨T⟩‖ of every trial before training"""
    return {trial: memory_race.gradient_ratio(trial) for trial in memory_race.trials(setup)}
