"""Long work is done a turn at a time, so that it can be watched, stopped and continued, and others get their turn."""

import threading
import time
from abc import ABC, abstractmethod

from explorer.compute.bounded_cache import OfProcess

TURN = 0.1  # seconds that work goes on before others get their turn
SLICE = 0.3  # seconds of work between two looks at what the reader does
LEAST_WAIT = 0.001  # seconds: a step that waited for less met nobody
WAY = 2.0  # for every second that a step had to wait for others it gives them so many
MOST_WAY = 0.05  # seconds, at most, after one step
EVERY = 0.2  # seconds between two reports of long work: Streamlit can stop it, for a new click, only at one of them


class LongWork(ABC):
    """Work in small steps. Stopped, it stays where it is; started again, it goes on as if it had never stopped.

    Several sessions may wait for the same work: whichever has the turn moves it for all of them.
    """

    def __init__(self) -> None:
        self.is_running = False
        self.is_waiting = False  # it had no turn when it last asked for one
        self.seconds = 0.0  # spent so far
        self.since = time.monotonic()  # when its last turn ended

    @abstractmethod
    def step(self) -> bool:
        """Do the next small piece; is there more to do?"""

    def start(self) -> None:
        """Begin, or go on where it was stopped"""
        self.is_running = True

    def stop(self) -> None:
        """Stay here until it is started again"""
        self.is_running = self.is_waiting = False

    def advance(self, seconds: float) -> None:
        """Work for about so long, one step at least, in turn with all other work; where no turn comes, wait so long"""
        queue, since, end = turns(), self.since, time.monotonic() + seconds
        while queue.take(self, max(end - time.monotonic(), 0)):
            try:
                self._one_turn(min(TURN, seconds))
            finally:
                queue.give_back()
            if not self.is_running or time.monotonic() >= end:
                break
        self.is_waiting = self.is_running and self.since == since

    def _one_turn(self, seconds: float) -> None:
        start = time.monotonic()
        try:
            while self.is_running:
                begun, computed = time.monotonic(), time.thread_time()
                self.is_running = self.step() and self.is_running  # it may have been stopped meanwhile
                give_way(time.monotonic() - begun - (time.thread_time() - computed))
                if time.monotonic() - start >= seconds:
                    break
        finally:
            self.since = time.monotonic()
            self.seconds += self.since - start


def give_way(waited: float) -> None:
    """Rest after a step that waited so long for the interpreter: others are at work, each on a click. Where nobody is,
    nothing was waited for. (By itself Python would give them half of the time, a moment each.)"""
    if waited > LEAST_WAIT:
        time.sleep(min(WAY * waited, MOST_WAY))


class Turns:
    """One work at a time: of those that wait, the one whose last turn is longest ago.

    Two at once would share the one interpreter and only slow each other down, and every click twice as much.
    """

    def __init__(self) -> None:
        self.is_taken = False
        self.waiting: list[LongWork] = []
        self.changed = threading.Condition()

    def take(self, work: LongWork, timeout: float) -> bool:
        """Wait at most so long for the turn of this work; whoever gets it gives it back, whatever happens"""
        with self.changed:
            self.waiting.append(work)
            try:
                is_mine = self.changed.wait_for(lambda: not self.is_taken and work is self._next(), timeout)
                self.is_taken |= is_mine
                return is_mine
            finally:
                self.waiting.remove(work)
                self.changed.notify_all()

    def give_back(self) -> None:
        """The next one may work"""
        with self.changed:
            self.is_taken = False
            self.changed.notify_all()

    def _next(self) -> LongWork:
        return min(self.waiting, key=lambda work: work.since)


@OfProcess
def turns() -> Turns:
    """Of all sessions"""
    return Turns()
