"""Long work is done a slice at a time, so that it can be watched, stopped and continued, and others get their turn."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

import streamlit as st

MOST_AT_ONCE = 2  # sessions that may work at once; the others wait their turn
SLICE = 0.3  # seconds of work between two looks at what the reader does
EVERY = 0.2  # seconds between two reports of long work: Streamlit can stop it, for a new click, only at one of them


@st.cache_resource
def permits() -> threading.Semaphore:
    """One for each session that may work now; whoever takes one gives it back, whatever happens."""
    return threading.Semaphore(MOST_AT_ONCE)


class LongWork(ABC):
    """Work in small steps. Stopped, it stays where it is; started again, it goes on as if it had never stopped."""

    def __init__(self) -> None:
        self.is_running = False
        self.is_waiting = False  # all permits were taken when it last had its turn
        self.seconds = 0.0  # spent so far

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
        """Work for about so long, one step at least; while others hold all permits, wait that long instead"""
        began, permit = time.monotonic(), permits()
        self.is_waiting = not permit.acquire(timeout=seconds)
        if self.is_waiting:
            return
        start = time.monotonic()
        try:
            while self.is_running:
                self.is_running = self.step()
                if time.monotonic() - began >= seconds:
                    break
        finally:
            permit.release()
            self.seconds += time.monotonic() - start


def throttled(report: Callable[..., None]) -> Callable[..., None]:
    """The same report for every little bit of work, made only every 0.2 s: of what is over sooner there is none"""
    last = time.monotonic()

    def maybe(*progress: object) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            report(*progress)
            last = time.monotonic()

    return maybe
