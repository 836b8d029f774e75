"""One example of a task: what is read, and what is due. Whatever its format, every file of data is read into these."""

from typing import NamedTuple


class Example(NamedTuple):
    """What is read, and what should be answered"""

    inputs: tuple[str, ...]  # Tx tokens: words, or a first note
    answers: tuple[str, ...]  # Ty tokens: a tag for every word, one label, French words, the notes that follow
    title: str = ""  # of a tune


class Skipped(NamedTuple):
    """A line for which a whole example is left out, and why; the kinds below lose less"""

    line: int  # counted from 1, as an editor does
    reason: str  # one clear sentence

    @property
    def lost(self) -> str:
        """What is lost, by its kind"""
        return type(self).__name__.lower()


class Remark(Skipped):
    """Nothing of the data is lost"""


class Twice(Skipped):
    """An example that stands in the file already"""


class Inner(Skipped):
    """A tag in another column of tags"""


class Chord(Skipped):
    """The notes of a chord below its highest one"""


class Ornament(Skipped):
    """Grace notes and trills"""


class Voice(Skipped):
    """The voices of a tune but for the first"""


class Sign(Skipped):
    """Something in a line of music that is not understood"""


class Reading(NamedTuple):
    """What was found in a file; a malformed line is skipped and named, and never costs the rest"""

    examples: tuple[Example, ...]
    skipped: tuple[Skipped, ...]


class Unreadable(ValueError):
    """Nothing in a file could be used; the message says why, and what would help"""
