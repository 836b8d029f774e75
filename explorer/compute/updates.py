"""One history of a network: updates on one example after another and edits of single weights, and what they led to."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from core import evaluation, parameters
from core.optimisers import CLIPS, gradient_descent
from core.parameters import Parameters
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.jobs import Job
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


class Edit(NamedTuple):
    """One weight set to a value: GROUP.W as in a file of weights, row and column from 0; a bias is one column"""

    group: str
    name: str
    row: int
    column: int
    value: float
    size: int = 1  # of the steps that are counted


Entry = Update | Edit
Updates = tuple[Entry, ...]  # one ordered history


class History(NamedTuple):
    """The weights after a row of updates, and what the updates met on their way"""

    job: Job
    updates: Updates
    params: Parameters  # in a session (see `compressed`) only what differs from the weights it started from
    before: Parameters  # the weights before the last entry; in a session only what differs from `params`
    losses: tuple[float, ...]  # ℒ before each step of an update, on the example it was taken on
    norms: tuple[float, ...]  # ‖g‖ before clipping
    met: Unrolled | None = None  # by the last update, if it was taken just now: its example before it
    led_to: Unrolled | None = None  # and after it


def initial_history(job: Job, params: Parameters) -> History:
    """No update yet"""
    return History(job, (), params, params, (), ())


def example_at(history: History, example: Example, known: Unrolled) -> Unrolled:
    """The example with these weights, which may be `known`: that is on the same example"""
    return known if known.trace.params is history.params else unroll(history.job, history.params, example)


def unrolled_at(history: History, params: Parameters, example: Example) -> Unrolled:
    """The example with these weights, which may be those before or after the last update: where that was taken just now
    on these inputs and answers, all numbers are there"""
    for known in (history.met, history.led_to):
        if known and known.trace.params is params and known.example.has_numbers_of(example):
            return replace(known, example=example)
    return unroll(history.job, params, example)


def compressed(history: History, start: History) -> History:
    """What a session keeps of a history: all sessions share the weights it started from"""
    return history._replace(
        params=parameters.diff(start.params, history.params),
        before=parameters.diff(history.params, history.before),
        met=None,
        led_to=None,
    )


def expanded(kept: History, start: History) -> History:
    """The history again, bit for bit, of which `compressed` was kept"""
    params = parameters.patch(start.params, kept.params)
    return kept._replace(params=params, before=parameters.patch(params, kept.before))


def apply_update(history: History, update: Update, unrolled: Unrolled | None = None) -> tuple[History, Unrolled]:
    """Take the steps of one update, and see what they led to: stop before one that could not be drawn.

    An update of which nothing was possible leaves the history as it was. `unrolled`: what it meets, where known.
    """
    unrolled = unrolled or unroll(history.job, history.params, update.example)
    last = deque(taking(history, update, unrolled), maxlen=1)
    return last.pop() if last else (history, unrolled)


def taking(history: History, update: Update, unrolled: Unrolled) -> Iterator[tuple[History, Unrolled]]:
    """The history after each step of an update, and what that led to; `unrolled`: what it meets"""
    params, met = history.params, unrolled
    losses: list[float] = []
    norms: list[float] = []
    for _ in range(update.size):
        moved = gradient_descent(params, clipped_gradient(unrolled, update), update.learning_rate)
        after = unroll(history.job, moved, update.example)
        if not is_drawable(after):
            return
        losses.append(unrolled.loss.total)
        norms.append(parameters.norm(unrolled.back.grads))
        params, unrolled = moved, after
        done = update if len(losses) == update.size else update._replace(size=len(losses))
        row, all_losses, all_norms = (*history.updates, done), (*history.losses, *losses), (*history.norms, *norms)
        yield History(history.job, row, params, history.params, all_losses, all_norms, met, unrolled), unrolled


def place_of(params: Parameters, edit: Edit) -> tuple[int, ...] | None:
    """Where in its array the edited weight stands; None: this network has no such weight"""
    array = getattr(params.get(edit.group), edit.name, None)
    if not isinstance(array, np.ndarray) or not (0 <= edit.row < len(array)):
        return None
    if array.ndim == 1:
        return (edit.row,) if edit.column == 0 else None
    return (edit.row, edit.column) if 0 <= edit.column < array.shape[1] else None


def weight_at(params: Parameters, edit: Edit) -> float:
    """The value that the weight of this edit has here"""
    return float(getattr(params[edit.group], edit.name)[place_of(params, edit)])


def edited(params: Parameters, edit: Edit) -> Parameters:
    """The same weights with this one changed; raises ValueError where there is none"""
    place = place_of(params, edit)
    if place is None:
        raise ValueError(f"There is no weight {edit.group}.{edit.name}[{edit.row}, {edit.column}].")
    array = getattr(params[edit.group], edit.name).copy(order="K")
    array[place] = edit.value
    return params | {edit.group: params[edit.group]._replace(**{edit.name: array})}


def apply_edit(history: History, edit: Edit) -> History:
    """Set one weight; where ‖W‖ would become too large to be drawn, the history stays as it was"""
    params = edited(history.params, edit)
    with np.errstate(over="ignore", invalid="ignore"):
        if not parameters.norm(params) <= LARGEST:
            return history
    row = (*history.updates, edit)
    return history._replace(updates=row, params=params, before=history.params, met=None, led_to=None)


def clipped_gradient(unrolled: Unrolled, update: Update) -> Parameters:
    """The gradient that this update goes against"""
    return CLIPS[update.clipping](unrolled.back.grads, update.clip_limit)


def is_drawable(unrolled: Unrolled) -> bool:
    """Are ℒ, ‖g‖, ‖W‖ and the largest hidden value finite and not absurdly large?"""
    with np.errstate(over="ignore", invalid="ignore"):
        sizes = parameters.norm(unrolled.back.grads), parameters.norm(unrolled.trace.params)
        return bool(all(size <= LARGEST for size in (unrolled.loss.total, *sizes, np.abs(unrolled.trace.a).max())))


def appended(updates: Updates, update: Entry) -> Updates:
    """The entries and one more. Of equal ones, with all their text, only one is kept."""
    return (*updates, next((known for known in updates if known == update), update))


def count(updates: Updates) -> int:
    """Gradient-descent steps and edits in all"""
    return sum(update.size for update in updates)


def latest_update(history: History) -> Update:
    """The last entry, where that is an update; raises ValueError where it is none"""
    if not history.updates or isinstance(history.updates[-1], Edit):
        raise ValueError("The last entry of this history is no update.")
    return history.updates[-1]


def is_prefix_of(history: History, job: Job, updates: Updates) -> bool:
    """Is this history a beginning of these updates on this job's network?"""
    return history.job == job and history.updates == updates[: len(history.updates)]


def has_new_updates(history: History, kept: History | None) -> bool:
    """Has this history updates or edits that came after what was kept?"""
    if kept is None or not is_prefix_of(kept, history.job, history.updates):
        return False
    return len(history.updates) > len(kept.updates)


def beginning(start: History, updates: Updates, kept: History | None) -> History:
    """What was kept, where that is a beginning of these updates; else no update yet"""
    return expanded(kept, start) if kept and is_prefix_of(kept, start.job, updates) else start


def replay(start: History, updates: Updates, kept: History | None) -> History:
    """The history of these updates, going on from what was kept where that is a beginning of it"""
    begun = beginning(start, updates, kept)
    last = deque(replaying(begun, updates), maxlen=1)
    return last.pop() if last else begun


def replaying(history: History, updates: Updates) -> Iterator[History]:
    """The history after each further step of these updates, of which it is a beginning.

    An entry that is not possible is the last, so that what is shown is always what was computed; one that this job
    cannot have is passed over.
    """
    met: Unrolled | None = None  # by the next update, if it is on the same example
    for entry in updates[len(history.updates) :]:
        if not fits(history, entry):
            continue
        taken = count(history.updates)
        if isinstance(entry, Edit):
            history, met = apply_edit(history, entry), None
            yield history
        else:
            if met is None or met.example != entry.example:
                met = unroll(history.job, history.params, entry.example)
            reached = history, met
            for reached in taking(history, entry, met):
                yield reached[0]
            history, met = reached
        if count(history.updates) < taken + entry.size:
            return


def fits(history: History, entry: Entry) -> bool:
    """Can this network have this entry? A link, perhaps made by hand, may ask for what it cannot"""
    if isinstance(entry, Edit):
        return place_of(history.params, entry) is not None
    return is_valid(history.job, entry.example)


@np.errstate(over="ignore", invalid="ignore")
def held_out_score(history: History, cache: BoundedCache) -> float:
    """How good these weights are on held-out examples. `cache`: most of what is clicked moves no weight. Where equal
    jobs start from equal weights, as on Explore, sessions may share it."""
    job = history.job
    return cache.get_or_put((job, history.updates), lambda: evaluation.score(job.task, job.cell, history.params))
