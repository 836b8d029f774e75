"""The bridge to the core. Training is remembered; one sentence takes a millisecond and is computed afresh."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import streamlit as st

from core import evaluation, parameters
from core.cells import CELLS
from core.optimisers import CLIPS, gradient_descent
from core.parameters import Parameters
from core.training import Experiment
from explorer.compute.long_work import throttled
from explorer.compute.sentence import parse_sentence, people_task
from explorer.compute.unrolled import Unrolled, unroll

# Updates --------------------------------------------------------------------------------------------------------------


class Click(NamedTuple):
    """One press of an update button: `size` gradient-descent steps on one sentence"""

    sentence: str
    labels: tuple[int, ...]
    learning_rate: float
    clipping: str
    clip_limit: float
    size: int

    def on(self, experiment: Experiment) -> Callable[[Parameters], Unrolled]:
        """What the network of this experiment makes of the sentence, with any weights"""
        sentence = parse_sentence(self.sentence)
        return lambda params: unroll(params, experiment.cell, sentence.words, self.labels)


MOST_UPDATES = 2000  # in all; a link replays them, so there must be an end


class History(NamedTuple):
    """The weights after a row of clicks, and what the clicks met on their way"""

    experiment: Experiment  # what it started from; on Structures the whole job
    clicks: tuple[Click, ...]
    params: Parameters  # in a session (see `lean`) only what differs from the weights it started from
    before: Parameters  # the weights before the last click; in a session only what differs from `params`
    losses: tuple[float, ...]  # ℒ before each update, on the sentence it was taken on
    norms: tuple[float, ...]  # ‖g‖ before clipping


def initial_history(experiment: Experiment, params: Parameters) -> History:
    return History(experiment, (), params, params, (), ())


def compressed(history: History, start: History) -> History:
    """What a session keeps of a history: all sessions share the weights it started from"""
    return history._replace(
        params=parameters.diff(start.params, history.params),
        before=parameters.diff(history.params, history.before),
    )


def expanded(kept: History, start: History) -> History:
    """The history again, bit for bit, of which `lean` was kept"""
    params = parameters.patch(start.params, kept.params)
    return kept._replace(params=params, before=parameters.patch(params, kept.before))


def apply_update(
    history: History, click: Click, now: Unrolled | None = None, report: Callable[[int], None] = lambda taken: None
) -> tuple[History, Unrolled]:
    """Take the updates of one click, and see what they led to: stop before one that could not be drawn.

    A click of which nothing was possible leaves the history as it was. `now`: what the click meets, where known.
    """
    see, params, losses, norms = click.on(history.experiment), history.params, [], []
    now = now or see(params)
    for _ in range(click.size):
        moved = gradient_descent(params, clipped(now, click), click.learning_rate)
        after = see(moved)
        if not is_drawable(after):
            break
        losses.append(now.loss.total)
        norms.append(parameters.norm(now.back.grads))
        params, now = moved, after
        report(len(losses))
    if not losses:
        return history, now
    done = click if len(losses) == click.size else click._replace(size=len(losses))
    clicks, losses, norms = (*history.clicks, done), (*history.losses, *losses), (*history.norms, *norms)
    return History(history.experiment, clicks, params, history.params, losses, norms), now


def clipped(look: Unrolled, click: Click) -> Parameters:
    return CLIPS[click.clipping](look.back.grads, click.clip_limit)


LARGEST = 1e30  # beyond it a number could not be drawn: the browser gets most of them in single precision


def is_drawable(look: Unrolled) -> bool:
    """Are ℒ, ‖g‖, ‖W‖ and the largest hidden value finite and not absurdly large?"""
    with np.errstate(over="ignore", invalid="ignore"):
        sizes = parameters.norm(look.back.grads), parameters.norm(look.trace.params), np.abs(look.trace.a).max()
        return bool(all(size <= LARGEST for size in (look.loss.total, *sizes)))


def appended(clicks: tuple, click) -> tuple:
    """The clicks and one more. Of equal clicks, with all their text, only one is kept."""
    return (*clicks, next((known for known in clicks if known == click), click))


def is_prefix_of(history: History, experiment: Experiment, clicks: tuple[Click, ...]) -> bool:
    """Is this history a beginning of these clicks on this network?"""
    return history.experiment == experiment and history.clicks == clicks[: len(history.clicks)]


def has_new_updates(history: History, kept: History | None) -> bool:
    """Has this history updates that were taken after what was kept?"""
    is_same = kept is not None and is_prefix_of(kept, history.experiment, history.clicks)
    return is_same and len(history.losses) > len(kept.losses)


def replay(
    start: History, clicks: tuple[Click, ...], kept: History | None, report: Callable[[int], None] = lambda taken: None
) -> History:
    """The history of these clicks, going on from what was kept where that is a beginning of it.

    A click that is not possible ends the replay, so that what is shown is always what was computed. `report` is told
    now and then how many updates were taken.
    """
    history = expanded(kept, start) if kept and is_prefix_of(kept, start.experiment, clicks) else start
    report, now = throttled(report), None
    for last, click in pairwise((None, *clicks[len(history.clicks) :])):
        taken = len(history.losses)
        history, now = apply_update(history, click, now if click == last else None, lambda n, t=taken: report(t + n))
        if len(history.losses) < taken + click.size:
            break
    return history


@np.errstate(over="ignore", invalid="ignore")
def held_out_f1(history: History) -> float:
    """How good these weights are; a session remembers the last answer, for most of what is clicked moves no weight."""
    key = history.experiment, history.clicks
    known, f1 = st.session_state.get("held_out_f1", (None, 0.0))
    if known != key:
        f1 = evaluation.score(people_task(), CELLS[history.experiment.cell], history.params)
        st.session_state["held_out_f1"] = key, f1
    return f1
