"""What a reader sees while something takes long: a bar, with what is done and how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from core.training import Experiment, Progress
from explorer.compute.networks import WAITING, Report
from explorer.compute.updates import Updates, count
from explorer.prose import prose

Show = Callable[[float, str], None]  # how much is done, from 0 to 1, and what the reader is told


@contextmanager
def bar(what: str) -> Iterator[Show]:
    """A bar that stands under the header from the first time that something is shown to the end, and moves nothing.

    what: takes long; every bar of a page has a name of its own.
    """
    place, bar = st.container(key=f"progress_{what}"), None

    def show(done: float, text: str) -> None:
        nonlocal bar
        bar = bar or place.progress(0.0)
        bar.progress(done, text)

    yield show
    if bar:
        bar.empty()


def training(experiment: Experiment, show: Show) -> Report:
    """What the training of a network reports to"""

    def report(progress: Progress) -> None:
        text = prose("updates", "training", epoch=progress.epoch, epochs=experiment.epochs)
        show(progress.epoch / max(experiment.epochs, 1), prose("updates", "waiting") if progress is WAITING else text)

    return report


def updates(row: Updates, show: Show) -> Callable[[int], None]:
    """What a replay reports to"""
    asked = count(row)
    return lambda taken: show(taken / asked, prose("updates", "replaying", taken=taken, asked=asked))
