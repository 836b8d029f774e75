"""The results of the race as a table that can be read aloud: of each cell at each gap, the median of its networks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.components.base import component, numbers
from explorer.theme import CELL_NAMES

_table = component("race_table")
Measured = Mapping[str, np.ndarray]


def show(gaps: Sequence[int], measured: Measured, medians: Measured, solved: float) -> None:
    """Of every cell measured (gaps, networks) and the medians (gaps,), NaN where nothing is known yet"""
    _table(key="race_table", data=payload(gaps, measured, medians, solved))


def payload(gaps: Sequence[int], measured: Measured, medians: Measured, solved: float) -> dict[str, Any]:
    return {
        "gaps": list(gaps),
        "cells": [
            {
                "cell": cell,
                "name": CELL_NAMES[cell],
                "accuracies": numbers(medians[cell]),
                "solved": (values >= solved).sum(axis=1).tolist(),
                "networks": np.isfinite(values).sum(axis=1).tolist(),
            }
            for cell, values in measured.items()
        ],
    }
