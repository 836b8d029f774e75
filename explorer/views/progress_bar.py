"""What a reader sees while something takes long: a bar, with what is done and how far it is."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import streamlit as st

from core.training import Experiment, Progress
from explorer import server
from explorer.compute.networks import WAITING, Report
from explorer.compute.replays import Replay
from explorer.compute.updates import Updates, count
from explorer.prose import prose

Show = Callable[[float, str], None]  # how much is done, from 0 to 1, and what the reader is told


@contextmanager
def bar(what: str, stop: Callable[[], None] | None = None) -> Iterator[Show]:
    """A bar that stands under the header from the first time that something is shown to the end, and moves nothing. As
    long as it stands, what the reader does is heard at once.

    what: takes long; every bar of a page has a name of its own. stop: what a button beside it does, if there is one.
    """
    place = st.container(horizontal=True, vertical_alignment="bottom", key=f"progress_{what}")
    shown: list[Any] = []
    waiting = ExitStack()

    def show(done: float, text: str) -> None:
        if not shown:
            waiting.enter_context(server.interruptible())
            shown.append(place.progress(0.0))
            if stop:
                shown.append(place.empty())
                shown[1].button(prose("updates", "stop"), key=f"stop_{what}", on_click=stop)
        shown[0].progress(done, text)

    with waiting:
        yield show
    for element in shown:
        element.empty()


def training(experiment: Experiment, show: Show) -> Report:
    """What the training of a network reports to"""

    def report(progress: Progress) -> None:
        text = prose("updates", "training", epoch=progress.epoch, epochs=experiment.epochs)
        show(progress.epoch / max(experiment.epochs, 1), prose("updates", "waiting") if progress is WAITING else text)

    return report


def updates(row: Updates, show: Show) -> Callable[[Replay], None]:
    """What a replay reports to"""
    asked = count(row)

    def report(work: Replay) -> None:
        taken = count(work.history.updates)
        text = prose("updates", "replaying", taken=taken, asked=asked)
        show(taken / asked, prose("updates", "waiting") if work.is_waiting else text)

    return report
