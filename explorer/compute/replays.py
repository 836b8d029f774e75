"""A long row of updates is long work: done in turns, once for all sessions that ask for it, and shared with those that
ask for it, or for more of it, later."""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from core import parameters
from core.parameters import Parameters, leaves
from explorer.compute import long_work
from explorer.compute.bounded_cache import BoundedCache, OfProcess
from explorer.compute.jobs import Job
from explorer.compute.long_work import LongWork
from explorer.compute.updates import (
    History,
    Updates,
    beginning,
    compressed,
    count,
    is_prefix_of,
    replay,
    replaying,
)

SHORT = 25  # steps: so few are taken at once, by whoever asks
APART = 200  # steps between two beginnings of a long row that are kept, for those who take back or go on
MOST_BYTES = 50_000_000  # of all histories that are kept
MOST_SCORES = 512
MOST_AT_WORK = 8  # rows; of more, equal ones may be replayed twice


class Origin(NamedTuple):
    """What a row of updates starts from: equal ones lead to the same"""

    job: Job
    weights: bytes


class Replay(LongWork):
    """Taking a row of updates, a step at a time; what it came to so far is `history`"""

    def __init__(self, origin: Origin, start: History, row: Updates, begun: History) -> None:
        super().__init__()
        self.origin, self.first, self.row, self.history = origin, start, row, begun
        self.kept = count(begun.updates)  # steps that later ones can go on from
        self.rest = replaying(begun, row)
        self.start()

    def step(self) -> bool:
        if (after := next(self.rest, None)) is None:
            self.keep()
            return False
        self.history = after
        is_whole = after.updates[-1] == self.row[len(after.updates) - 1]  # and not an entry in the middle of its steps
        if is_whole and count(after.updates) >= self.kept + APART:
            self.keep()
        return True

    def keep(self) -> None:
        """For all who ask for this, or for more"""
        history, self.kept = self.history, count(self.history.updates)
        for tree in (history.params, history.before):
            parameters.read_only(tree)
        known().put((self.origin, history.updates), compressed(history, self.first))


@OfProcess
def known() -> BoundedCache[tuple[Origin, Updates], History]:
    """What rows of updates led to, compressed, shared by all sessions and read-only"""
    return BoundedCache(MOST_BYTES, size_of)


@OfProcess
def scores() -> BoundedCache[tuple[Job, Updates], float]:
    """How good the networks of Explore are after rows of updates, shared by all sessions: a class opens one link"""
    return BoundedCache(MOST_SCORES)


@OfProcess
def at_work() -> BoundedCache[tuple[Origin, Updates], Replay]:
    """The replays that are going on, or were left by all who asked for them"""
    return BoundedCache(MOST_AT_WORK)


def history_of(
    start: History, row: Updates, kept: History | None, report: Callable[[Replay], None] = lambda work: None
) -> History:
    """The history of these updates, going on from the longest beginning of it that this session kept or another left.

    report: is told of a long one now and then how far it is
    """
    own = [kept] if kept and is_prefix_of(kept, start.job, row) else []
    if _is_short(row, own):
        return replay(start, row, kept)
    origin = origin_of(start)
    every = [*own, *shared(origin, row)]
    longest = max(every, key=lambda one: len(one.updates), default=None)
    if _is_short(row, every):
        return replay(start, row, longest)
    key = origin, row
    work = at_work().get_or_put(key, lambda: Replay(origin, start, row, beginning(start, row, longest)))
    while work.is_running:
        try:
            work.advance(long_work.EVERY)
        except Exception:
            at_work().pop(key)  # nobody could go on with it
            raise
        if work.is_running:
            report(work)
    at_work().pop(key)
    return work.history


def _is_short(row: Updates, beginnings: Sequence[History]) -> bool:
    return count(row) - max((count(one.updates) for one in beginnings), default=0) <= SHORT


def stop(start: History, row: Updates) -> Updates:
    """The updates of this row that are taken by now; a replay of these alone is over. Others may go on with all."""
    if (work := at_work().get((origin_of(start), row))) is None:
        return ()
    work.keep()
    return work.history.updates


def shared(origin: Origin, row: Updates) -> list[History]:
    """The beginnings of this row that are known"""
    return [one for (its, _), one in known().items() if its == origin and is_prefix_of(one, origin.job, row)]


def origin_of(start: History) -> Origin:
    return Origin(start.job, digest(start.params))


def digest(params: Parameters) -> bytes:
    """Of every bit of these weights"""
    found = hashlib.blake2b(digest_size=16)
    for group, name, array in leaves(params):
        found.update(f"{group}.{name}{array.shape}".encode() + array.tobytes())
    return found.digest()


def size_of(kept: History) -> int:
    """Bytes, roughly"""
    trees = (kept.params, kept.before)
    return 64 * len(kept.losses) + sum(values.nbytes for tree in trees for _, _, (_, values) in leaves(tree))
