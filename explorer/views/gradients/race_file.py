"""What a race has measured, as a file and back from it: no link can carry that."""

import csv
import io
from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from core.experiments import memory_race
from core.experiments.memory_race import RaceSettings, Record, Trial, trial_of
from core.initialisers import INITIALISERS
from core.optimisers import CLIPS
from explorer.views.gradients import race_session
from explorer.views.gradients.race_session import Race

COLUMNS = {field.name: field.name for field in fields(RaceSettings)} | {"updates": "most_updates", "seed": "first_seed"}
CLOSE = 1e-6  # two computers may differ in the last bits of a ratio


class OtherRace(ValueError):
    """The file is of a race with other settings"""

    def __init__(self, settings: RaceSettings) -> None:
        super().__init__(settings)
        self.settings = settings


def ratio_table(race: Race) -> pd.DataFrame:
    """One row for every network, before any training"""
    ratios, trials = race_session.gradient_ratios(race.setup), memory_race.trials(race.setup)
    return pd.DataFrame(
        {
            "cell": [trial.cell for trial in trials],
            "gap": [trial.gap for trial in trials],
            "seed": [trial.seed for trial in trials],
            "ratio_before_training": [ratios[trial] for trial in trials],
        }
    )


def table(race: Race) -> pd.DataFrame:
    """The same, and what training came to; then the settings of the race"""
    records = [race.records.get(trial) for trial in memory_race.trials(race.setup)]
    return ratio_table(race).assign(
        updates=pd.array([record and record.updates for record in records], dtype="Int64"),
        accuracy=[record.accuracy if record else np.nan for record in records],
        diverged=pd.array([record and record.diverged for record in records], dtype="boolean"),
        **{column: getattr(race.setup, name) for name, column in COLUMNS.items()},
    )


def read(text: str, setup: RaceSettings) -> dict[Trial, Record]:
    """What a file says of the networks of this race; ValueError where it is no such file, or no number that could have
    been measured, and OtherRace where its settings are not these"""
    rows = list(csv.DictReader(io.StringIO(text)))
    if not 0 < len(rows) <= len(memory_race.trials(setup)):
        raise ValueError("These are not the networks of one race.")
    for row in rows:
        if (settings := _settings(row)) != setup:
            raise OtherRace(settings)
    found: dict[Trial, Record] = {}
    for row in rows:
        trial, record = _record(row, setup)
        if trial in found:
            raise ValueError("A network stands there twice.")
        if record:
            found[trial] = record
    if not found:
        raise ValueError("No network was measured.")
    return found


def _settings(row: Mapping[str, str]) -> RaceSettings:
    usual = RaceSettings()
    said = {name: type(getattr(usual, name))(_cell(row, column)) for name, column in COLUMNS.items()}
    numbers = [value for value in said.values() if not isinstance(value, str)]
    if said["initialisation"] not in INITIALISERS or said["clipping"] not in CLIPS or not np.isfinite(numbers).all():
        raise ValueError("These are no settings.")
    return RaceSettings(**said)


def _record(row: Mapping[str, str], setup: RaceSettings) -> tuple[Trial, Record | None]:
    """A network of this race, and what was measured of it, if it was; its ratio tells that it began as ours do"""
    trial = trial_of(setup, _cell(row, "cell"), int(_cell(row, "gap")), int(_cell(row, "seed")))
    ratio = race_session.gradient_ratios(setup).get(trial)
    if ratio is None or not np.isclose(float(_cell(row, "ratio_before_training")), ratio, rtol=CLOSE, equal_nan=True):
        raise ValueError("This is no network of this race.")
    measured = [_cell(row, name) for name in ("updates", "accuracy", "diverged")]
    if not any(measured):
        return trial, None
    updates, accuracy, diverged = int(measured[0]), float(measured[1]), {"True": True, "False": False}.get(measured[2])
    if not (0 <= updates <= setup.updates and 0 <= accuracy <= 1) or diverged is None:
        raise ValueError("Nobody can have measured that.")
    return trial, Record(trial, updates, accuracy, is_last=True, diverged=diverged)


def _cell(row: Mapping[str, str], name: str) -> str:
    if (said := row.get(name)) is None:
        raise ValueError(f"{name} is missing.")
    return said
