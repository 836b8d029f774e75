"""The results of the race as a table that can be read aloud: of each cell at each gap, the median of its networks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.components.base import component, json_safe, numbers
from explorer.theme import CELL_NAMES

_table = component("race_table")


def show(gaps: Sequence[int], measured: Mapping[str, np.ndarray], solved: float) -> None:
    """measured: of every cell (gaps, networks), NaN where nothing is known yet"""
    _table(key="race_table", data=json_safe(payload(gaps, measured, solved)))


def payload(gaps: Sequence[int], measured: Mapping[str, np.ndarray], solved: float) -> dict[str, Any]:
    return {
        "gaps": list(gaps),
        "cells": [
            {
                "cell": cell,
                "name": CELL_NAMES[cell],
                "accuracies": numbers(medians(values)),
                "solved": (values >= solved).sum(axis=1).tolist(),
                "networks": np.isfinite(values).sum(axis=1).tolist(),
            }
            for cell, values in measured.items()
        ],
    }


def medians(values: np.ndarray) -> np.ndarray:
    """Over the networks measured so far (gaps,); NaN where there is none"""
    return np.array([np.median(row[np.isfinite(row)]) if np.isfinite(row).any() else np.nan for row in values])
