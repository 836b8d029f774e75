"""One session's race, and what all sessions have measured so far."""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.cells import CELLS
from core.experiments import memory_race
from core.experiments.memory_race import GAPS, RaceSettings, Record, Trial, seeds, trial_of
from core.experiments.race_pairs import Network
from core.parameters import Parameters, read_only
from explorer.choices.session import session
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.long_work import LongWork

MOST_UNITS = 24  # more would not finish within a minute
MOST_MEASURED = 1200  # twenty races, at 26 kB a trial at most


class Finished(NamedTuple):
    """What a trial came to"""

    record: Record  # the last
    params: Parameters  # the trained network, read-only


@st.cache_resource
def measured() -> BoundedCache[Trial, Finished]:
    """Every trial that any session has finished.

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
        self.brought = 0  # and so many come from the reader's file, which no other session sees
        self.problem = ""  # why a file was not taken
        self.latest: Record | None = None  # of the trial in training
        self.training: Generator[Record, None, Parameters] | None = None

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
        read = lambda trial: self.records[trial].accuracy if trial in self.records else np.nan  # noqa: E731
        return {cell: np.array([[read(trial) for trial in row] for row in self.trials(cell)]) for cell in CELLS}

    def trials(self, cell: str) -> list[list[Trial]]:
        """Of one cell, gap by gap"""
        return [[trial_of(self.setup, cell, gap, seed) for seed in seeds(self.setup)] for gap in GAPS]

    def groups(self) -> dict[tuple[str, int], list[Network]]:
        """The networks that have finished, by cell and gap"""
        ratios, groups = gradient_ratios(self.setup), dict[tuple[str, int], list[Network]]()
        for trial, record in self.records.items():
            network = Network(ratios[trial], record.accuracy >= memory_race.SOLVED)
            groups.setdefault((trial.cell, trial.gap), []).append(network)
        return groups

    def begin(self, prediction: dict[str, int | None]) -> None:
        """Begin with this prediction, or go on where it was stopped"""
        if not self.has_begun:
            self.prediction = prediction
        self.start()

    def bring(self, records: dict[Trial, Record], prediction: dict[str, int | None]) -> None:
        """What a file says of networks that are not measured here yet"""
        if not self.has_begun:
            self.prediction = prediction
        new = {trial: record for trial, record in records.items() if trial not in self.records}
        self.records.update(new)
        self.brought += len(new)
        if self.latest and self.latest.trial in new:
            self.latest = self.training = None

    def step(self) -> bool:
        if self.training is None:
            self._next_trial()
        if self.training is not None:
            try:
                self.latest = next(self.training)
            except StopIteration as end:
                self._finish(end.value)
        return not self.is_over

    def _finish(self, params: Parameters) -> None:
        """The last record is there, and now the network, too"""
        assert self.latest is not None
        done = measured().put(self.latest.trial, Finished(self.latest, read_only(params)))
        self.records[self.latest.trial] = done.record
        self.latest = self.training = None

    def _next_trial(self) -> None:
        """Begin the next trial; those that are already measured are only read."""
        for trial in memory_race.trials(self.setup):
            if trial in self.records:
                continue
            if (known := measured().get(trial)) is None:
                self.training = memory_race.run(trial)
                return
            self.records[trial] = known.record
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
