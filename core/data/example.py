"""One example of a task: what is read, and what is due. Whatever its format, every file of data is read into these."""

from typing import NamedTuple


class Example(NamedTuple):
    """What is read, and what should be answered"""

    inputs: tuple[str, ...]  # Tx tokens: words, or a first note
    answers: tuple[str, ...]  # Ty tokens: a tag for every word, one label, French words, the notes that follow
    title: str = ""  # of a tune


class Skipped(NamedTuple):
    """A line that could not be used, and why"""

    line: int  # counted from 1, as an editor does
    reason: str  # one clear sentence


class Reading(NamedTuple):
    """What was found in a file; a malformed line is skipped and named, and never costs the rest"""

    examples: tuple[Example, ...]
    skipped: tuple[Skipped, ...]


class Unreadable(ValueError):
    """Nothing in a file could be used; the message says why, and what would help"""
