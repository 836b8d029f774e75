"""Long work reports now and then, so that it can be seen and stopped."""

import time
from collections.abc import Callable

import numpy as np

from core.training import Progress

EVERY = 0.2  # seconds between two reports of long work: Streamlit can stop it, for a new click, only at one of them
WAITING = Progress(0, np.nan, {})  # reported while others train


def throttled(report: Callable) -> Callable:
    """The same report for every little bit of work, made only every 0.2 s: of what is over sooner there is none"""
    last = time.monotonic()

    def maybe(*told) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            report(*told)
            last = time.monotonic()

    return maybe
