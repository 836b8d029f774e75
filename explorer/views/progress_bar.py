"""What a reader sees while something takes long: a bar, with what is done and how far it is."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from core.parameters import Parameters
from core.training import Experiment, Progress
from explorer.compute.long_work import WAITING
from explorer.compute.networks import network

Show = Callable[[float, str], None]  # how much is done, from 0 to 1, and what the reader is told


@contextmanager
def bar() -> Iterator[Show]:
    """A bar that stands there from the first time that something is shown to the end. What follows keeps its place."""
    place, bar = st.container(), None

    def show(done: float, told: str) -> None:
        nonlocal bar
        bar = bar or place.progress(0.0)
        bar.progress(done, told)

    yield show
    if bar:
        bar.empty()


def trained(experiment: Experiment, show: Show) -> Parameters:
    """The network of an experiment: `lab.network`"""

    def report(progress: Progress) -> None:
        told = f"Training: epoch {progress.epoch} of {experiment.epochs}"
        turn = "Two other sessions are training: waiting for a turn"
        show(progress.epoch / max(experiment.epochs, 1), turn if progress is WAITING else told)

    return network(experiment, report)


def updates(clicks: Sequence, show: Show) -> Callable[[int], None]:
    """What `lab.replay` reports to"""
    asked = sum(click.size for click in clicks)
    return lambda taken: show(taken / asked, f"Update {taken} of {asked}")
