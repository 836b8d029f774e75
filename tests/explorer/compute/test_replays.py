"""What a row of updates leads to: replayed once for all who ask, in turns, and shared with its beginnings."""

import threading

import pytest

from core.parameters import leaves
from explorer.compute import long_work, replays, updates
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.long_work import Turns
from explorer.compute.replays import APART, MOST_AT_WORK, SHORT, Replay, history_of
from explorer.compute.updates import Edit, History, compressed, count, initial_history, replay
from tests.helpers.examples import LABELS, SENTENCE, network, same_bits, update_on

CLICK = update_on(SENTENCE, LABELS, 0.01, "off", 1.0, 1)
OTHER = update_on("Grace met Will", (1, 0, 1), 0.02, "norm", 0.5, 10)
LINK = (OTHER, CLICK, Edit("rnn", "Waa", 0, 1, 0.25)) + (CLICK, OTHER) * 50  # 562 steps


@pytest.fixture
def start() -> History:
    return initial_history(*network("tanh"))


@pytest.fixture(autouse=True)
def steps(monkeypatch) -> list:
    """Caches and turns of this test alone; gives the steps that were taken"""
    shared, working, turns, taken = BoundedCache(replays.MOST_BYTES, replays.size_of), BoundedCache(8), Turns(), []
    monkeypatch.setattr(replays, "known", lambda: shared)
    monkeypatch.setattr(replays, "at_work", lambda: working)
    monkeypatch.setattr(long_work, "turns", lambda: turns)
    descend = updates.gradient_descent
    monkeypatch.setattr(updates, "gradient_descent", lambda *asked: taken.append(asked) or descend(*asked))
    return taken


def equal(left: History, right: History) -> bool:
    weights = same_bits(left.params, right.params) and same_bits(left.before, right.before)
    left, right = (one._replace(params={}, before={}, met=None, led_to=None) for one in (left, right))
    return weights and left == right


def test_a_long_row_leads_to_the_same_as_a_replay_bit_for_bit_and_tells_how_far_it_is(start, monkeypatch):
    monkeypatch.setattr(long_work, "EVERY", 0.01)
    told: list[int] = []
    found = history_of(start, LINK, None, lambda work: told.append(count(work.history.updates)))
    assert equal(found, replay(start, LINK, None))
    assert told == sorted(told) and 0 < told[0] < count(LINK)


def test_a_short_row_is_taken_at_once_and_tells_nothing(start):
    row = (CLICK,) * SHORT
    found = history_of(start, row, None, lambda work: pytest.fail("there is nothing to wait for"))
    assert equal(found, replay(start, row, None))
    assert not replays.known().items() and not replays.at_work().items()


def test_twenty_that_open_one_link_at_once_take_its_steps_once(start, steps):
    found: list[History] = []

    def opening() -> None:
        own = initial_history(*network("tanh"))  # every session makes its own weights
        found.append(history_of(own, tuple(entry._replace() for entry in LINK), None))

    threads = [threading.Thread(target=opening) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(steps) == count(LINK) - 1  # an edit is no step
    expected = replay(start, LINK, None)
    assert len(found) == 20 and all(equal(one, expected) for one in found)
    assert not replays.at_work().items()


@pytest.mark.slow
def test_who_comes_later_takes_none_and_who_goes_on_or_takes_back_only_a_few(start, steps):
    history_of(start, LINK, None)
    for row in (LINK, (*LINK, CLICK), LINK[:-1], LINK[:60]):
        steps.clear()
        found = history_of(start, row, None)
        assert len(steps) <= (0 if row == LINK else 1 if row[:-1] == LINK else APART + SHORT)
        assert equal(found, replay(start, row, None))


def test_what_the_session_kept_is_gone_on_from(start, steps):
    kept = compressed(replay(start, LINK[:-30], None), start)
    steps.clear()
    assert equal(history_of(start, LINK, kept), replay(start, LINK, None))
    assert len(steps) == 30 // 2 * 11 + count(LINK) - 1  # and those of the plain replay


def test_other_weights_of_the_same_job_share_nothing(start):
    history_of(start, LINK, None)
    job, params = start.job, network("tanh", seed=2)[1]
    other = initial_history(job, params)
    assert equal(history_of(other, LINK, None), replay(other, LINK, None))


def test_a_row_that_ends_where_it_cannot_go_on_is_shared_too(start, steps):
    row = (*LINK, CLICK._replace(learning_rate=1e300), CLICK)
    expected = replay(start, row, None)
    assert expected.updates == LINK and equal(history_of(start, row, None), expected)
    steps.clear()
    assert equal(history_of(start, row, None), expected) and len(steps) == 1  # the one that is not possible


def test_what_is_shared_is_read_only_and_bounded(start):
    found = history_of(start, LINK, None)
    for tree in (found.params, found.before):
        assert not any(array.flags.writeable for _, _, array in leaves(tree))
    kept = [one for _, one in replays.known().items()]
    assert 2 <= len(kept) <= count(LINK) / APART + 1
    assert replays.known().total == sum(map(replays.size_of, kept)) <= replays.MOST_BYTES
    assert MOST_AT_WORK <= 8


def test_whoever_waits_no_longer_has_what_is_done_by_then(start, steps, monkeypatch):
    monkeypatch.setattr(long_work, "EVERY", 0.01)

    class Left(BaseException):
        """What Streamlit raises when a button is pressed"""

    def leave(work: Replay) -> None:
        if count(work.history.updates) > SHORT:
            raise Left

    assert replays.stop(start, LINK) == (), "nothing has begun"
    with pytest.raises(Left):
        history_of(start, LINK, None, leave)
    row = replays.stop(start, LINK)
    assert SHORT < count(row) < count(LINK)
    done = len(steps)
    expected = replay(start, row, None)
    steps.clear()
    assert equal(history_of(start, row, None), expected) and not steps
    assert equal(history_of(start, LINK, None), replay(start, LINK, None))
    assert len(steps) == count(LINK) - 1 - done + count(LINK) - 1  # the work went on, then the plain replay
