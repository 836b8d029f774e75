"""Long work goes in turn: one at a time, none is forgotten, and whoever leaves gives the turn back."""

import random
import threading
import time

import pytest

from explorer.compute import long_work
from explorer.compute.long_work import LongWork, Turns


class Counting(LongWork):
    """So many steps of so many seconds each; `ends` notes when each ended"""

    def __init__(self, steps: int = 10**9, seconds: float = 0.001) -> None:
        super().__init__()
        self.left, self.pace = steps, seconds
        self.ends: list[float] = []
        self.start()

    def step(self) -> bool:
        time.sleep(self.pace)
        self.left -= 1
        self.ends.append(time.monotonic())
        return self.left > 0


class Left(BaseException):
    """What Streamlit raises in a session that has gone is no Exception"""


@pytest.fixture(autouse=True)
def turns(monkeypatch) -> Turns:
    turns = Turns()
    monkeypatch.setattr(long_work, "turns", lambda: turns)
    return turns


def run(work: LongWork, seconds: float = 0.05) -> threading.Thread:
    """Work to the end, as a session does: a while of work, then a report, then more of it"""

    def session() -> None:
        while work.is_running:
            work.advance(seconds)
            time.sleep(0.001)

    thread = threading.Thread(target=session)
    thread.start()
    return thread


def test_stopped_it_stays_where_it_is_and_then_goes_on():
    work = Counting(steps=3)
    work.stop()
    work.advance(1)
    assert work.left == 3
    work.start()
    work.advance(1)
    assert work.left == 0 and not work.is_running and not work.is_waiting
    assert 0.003 <= work.seconds < 1


def test_it_works_about_so_long_and_one_step_at_least():
    work = Counting()
    work.advance(0.3)  # longer than a turn
    assert 0.25 < work.ends[-1] - work.ends[0] < 1
    slow = Counting(seconds=0.05)
    slow.advance(0)
    assert len(slow.ends) == 1


def test_it_gives_way_to_those_it_had_to_wait_for(monkeypatch):
    rests: list[float] = []
    with monkeypatch.context() as patched:
        patched.setattr(long_work.time, "sleep", rests.append)
        for waited in (0.0, 0.0005, 0.01, 9.0):
            long_work.give_way(waited)
    assert rests == [0.02, long_work.MOST_WAY]
    waits: list[float] = []
    monkeypatch.setattr(long_work, "give_way", waits.append)
    work = Counting(steps=3, seconds=0.02)  # as a step that others interrupt, it takes longer than it computes
    work.advance(1)
    assert len(waits) == 3 and min(waits) > 0.01


def test_only_one_works_at_a_time():
    busy, most = [], []

    class Alone(Counting):
        def step(self) -> bool:
            busy.append(self)
            most.append(len(busy))
            more = super().step()
            busy.remove(self)
            return more

    threads = [run(Alone(steps=30)) for _ in range(4)]
    for thread in threads:
        thread.join()
    assert {*most} == {1} and len(most) == 120


def test_a_third_work_moves_at_once_beside_two_that_have_no_end():
    endless = [Counting(), Counting()]
    threads = [run(work) for work in endless]
    time.sleep(0.1)
    for _ in range(5):
        third = Counting(steps=1)
        begun = time.monotonic()
        run(third).join()
        assert third.ends[0] - begun < 2
    for work in endless:
        work.stop()
    for thread in threads:
        thread.join()


def test_eight_share_the_time_alike():
    works = [Counting() for _ in range(8)]
    threads = [run(work) for work in works]
    time.sleep(4)
    for work in works:
        work.stop()
    for thread in threads:
        thread.join()
    steps = [len(work.ends) for work in works]
    assert min(steps) > 0.4 * max(steps)


def test_many_who_drive_one_work_have_one_share_of_the_time():
    shared, alone = Counting(), Counting()
    threads = [run(shared) for _ in range(6)] + [run(alone)]
    time.sleep(2)
    shared.stop()
    alone.stop()
    for thread in threads:
        thread.join()
    assert 0.5 < len(alone.ends) / len(shared.ends) < 2


def test_while_others_have_the_turn_it_waits_and_says_so(turns):
    work = Counting()
    assert turns.take(Counting(), 1)
    began = time.monotonic()
    work.advance(0.05)
    assert work.is_waiting and not work.ends and time.monotonic() - began >= 0.05
    turns.give_back()
    work.advance(0.05)
    assert not work.is_waiting and work.ends


def test_who_leaves_at_any_moment_gives_the_turn_back(turns):
    """200 sessions: stopped in a step, while they wait, between two turns"""
    chance = random.Random(1)
    beside = Counting()
    thread = run(beside)

    class Leaving(Counting):
        def step(self) -> bool:
            if chance.random() < 0.3:
                raise Left
            return super().step()

    def session(work: LongWork, rounds: int) -> None:
        try:
            for _ in range(rounds):
                work.advance(chance.choice([0, 0.001, 0.01]))
        except Left:
            pass

    sessions = [threading.Thread(target=session, args=(Leaving(), chance.randint(1, 5))) for _ in range(200)]
    for each in sessions:
        each.start()
    for each in sessions:
        each.join()
    taken = len(beside.ends)
    time.sleep(0.3)
    assert len(beside.ends) > taken, "the others go on"
    beside.stop()
    thread.join()
    assert not turns.is_taken and not turns.waiting
