"""Updates of a network on one example after another: what each press of a button took, and what it led to."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core import evaluation, parameters
from core.optimisers import CLIPS, gradient_descent
from core.parameters import Parameters
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.jobs import Job
from explorer.compute.long_work import throttled
from explorer.compute.unrolled import Example, Unrolled, is_valid, unroll

MOST_UPDATES = 2000  # in all; a link replays them, so there must be an end
LARGEST = 1e30  # beyond it a number could not be drawn: the browser gets most of them in single precision


class Update(NamedTuple):
    """One press of an update button: `size` gradient-descent steps on one example"""

    example: Example
    learning_rate: float
    clipping: str
    clip_limit: float
    size: int


Updates = tuple[Update, ...]


class History(NamedTuple):
    """The weights after a row of updates, and what the updates met on their way"""

    job: Job
    updates: Updates
    params: Parameters  # in a session (see `compressed`) only what differs from the weights it started from
    before: Parameters  # the weights before the last update; in a session only what differs from `params`
    losses: tuple[float, ...]  # ℒ before each step, on the example it was taken on
    norms: tuple[float, ...]  # ‖g‖ before clipping


def initial_history(job: Job, params: Parameters) -> History:
    """No update yet"""
    return History(job, (), params, params, (), ())


def compressed(history: History, start: History) -> History:
    """What a session keeps of a history: all sessions share the weights it started from"""
    return history._replace(
        params=parameters.diff(start.params, history.params),
        before=parameters.diff(history.params, history.before),
    )


def expanded(kept: History, start: History) -> History:
    """The history again, bit for bit, of which `compressed` was kept"""
    params = parameters.patch(start.params, kept.params)
    return kept._replace(params=params, before=parameters.patch(params, kept.before))


def apply_update(
    history: History,
    update: Update,
    unrolled: Unrolled | None = None,
    report: Callable[[int], None] = lambda taken: None,
) -> tuple[History, Unrolled]:
    """Take the steps of one update, and see what they led to: stop before one that could not be drawn.

    An update of which nothing was possible leaves the history as it was. `unrolled`: what it meets, where known.
    """
    params = history.params
    losses: list[float] = []
    norms: list[float] = []
    unrolled = unrolled or unroll(history.job, params, update.example)
    for _ in range(update.size):
        moved = gradient_descent(params, clipped_gradient(unrolled, update), update.learning_rate)
        after = unroll(history.job, moved, update.example)
        if not is_drawable(after):
            break
        losses.append(unrolled.loss.total)
        norms.append(parameters.norm(unrolled.back.grads))
        params, unrolled = moved, after
        report(len(losses))
    if not losses:
        return history, unrolled
    done = update if len(losses) == update.size else update._replace(size=len(losses))
    row, all_losses, all_norms = (*history.updates, done), (*history.losses, *losses), (*history.norms, *norms)
    return History(history.job, row, params, history.params, all_losses, all_norms), unrolled


def clipped_gradient(unrolled: Unrolled, update: Update) -> Parameters:
    """The gradient that this update goes against"""
    return CLIPS[update.clipping](unrolled.back.grads, update.clip_limit)


def is_drawable(unrolled: Unrolled) -> bool:
    """Are ℒ, ‖g‖, ‖W‖ and the largest hidden value finite and not absurdly large?"""
    with np.errstate(over="ignore", invalid="ignore"):
        sizes = parameters.norm(unrolled.back.grads), parameters.norm(unrolled.trace.params)
        return bool(all(size <= LARGEST for size in (unrolled.loss.total, *sizes, np.abs(unrolled.trace.a).max())))


def appended(updates: Updates, update: Update) -> Updates:
    """The updates and one more. Of equal ones, with all their text, only one is kept."""
    return (*updates, next((known for known in updates if known == update), update))


def count(updates: Updates) -> int:
    """Gradient-descent steps in all"""
    return sum(update.size for update in updates)


def is_prefix_of(history: History, job: Job, updates: Updates) -> bool:
    """Is this history a beginning of these updates on this job's network?"""
    return history.job == job and history.updates == updates[: len(history.updates)]


def has_new_updates(history: History, kept: History | None) -> bool:
    """Has this history updates that were taken after what was kept?"""
    if kept is None or not is_prefix_of(kept, history.job, history.updates):
        return False
    return len(history.losses) > len(kept.losses)


def replay(
    start: History,
    updates: Updates,
    kept: History | None,
    report: Callable[[int], None] = lambda taken: None,
) -> History:
    """The history of these updates, going on from what was kept where that is a beginning of it.

    An update that is not possible ends the replay, so that what is shown is always what was computed; one on an example
    that this job cannot have is passed over. `report` is told now and then how many steps were taken.
    """
    history = expanded(kept, start) if kept and is_prefix_of(kept, start.job, updates) else start
    report, last = throttled(report), None
    unrolled: Unrolled | None = None
    for update in updates[len(history.updates) :]:
        if not is_valid(start.job, update.example):
            continue
        taken, met = len(history.losses), unrolled if update == last else None
        history, unrolled = apply_update(history, update, met, _counted_from(taken, report))
        if len(history.losses) < taken + update.size:
            break
        last = update
    return history


def _counted_from(taken: int, report: Callable[[int], None]) -> Callable[[int], None]:
    return lambda n: report(taken + n)


@np.errstate(over="ignore", invalid="ignore")
def held_out_score(history: History, cache: BoundedCache) -> float:
    """How good these weights are on held-out examples. `cache`: most of what is clicked moves no weight."""
    key = history.job, history.updates
    if (known := cache.get(key)) is not None:
        return known
    return cache.put(key, evaluation.score(history.job.task, history.job.cell, history.params))
