"""The bytes of a file -> its lines, and what every reader of them needs.

Nothing is guessed: a malformed line is left out and named, and a file without a usable line is refused. A reader works
in pieces, so that whoever waits for it can see how far it is, and stop it.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple, TypeVar

from core.data.coding import text_of
from core.data.example import Example, Reading, Remark, Skipped, Unreadable
from core.data.markup import plain as plain  # what every reader needs

MOST_BYTES = 5_000_000
MOST_LINES = 800_000  # a file of 5 MB has more if its lines have 6 bytes: no sentences, and slow to refuse one by one
MOST_TOKENS = 2000  # of a sentence or a review: nobody trains a network on a longer one
MOST_CHARACTERS = 200  # of a word or a tag: a longer one is none, and would be sent to the browser with every answer
PIECE = 20_000  # characters that are read between two looks at what the reader does
LOOK_UP = 5000  # examples, between two such looks
NEARLY_ALL = 0.9

NUMBER = re.compile(r"\d+(?:[-.]\d+)?")
INSIDE = re.compile(r'\\"(?!\s*(?:[,;\t]|$))')  # a backslash and a quote that ends no column


# What was read, and what every reader needs ---------------------------------------------------------------------------


class Summary(NamedTuple):
    """A file in numbers"""

    examples: int
    tokens: int  # of all inputs
    longest: int  # input, in tokens
    answers: dict[str, int]  # how often every tag, class or word is the answer, most frequent first
    skipped: int
    lost: dict[str, int]  # lines by what was lost in them: skipped (an example), twice, chord, …


Pieces = Generator[float, None, Reading]  # a reader at work: how much of the file it has done, and at last the reading


T = TypeVar("T")


def whole(pieces: Generator[float, None, T]) -> T:
    """Work in pieces, done without a pause"""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def summary(reading: Reading) -> Summary:
    """How much was read, how long it is, what the answers are, and what was lost"""
    return whole(summary_in_pieces(reading))


def summary_in_pieces(reading: Reading) -> Generator[float, None, Summary]:
    """The same, a piece at a time"""
    tokens = longest = 0
    answers: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for i, example in enumerate(reading.examples):
        tokens, longest = tokens + len(example.inputs), max(longest, len(example.inputs))
        answers.update(example.answers)
        if i % LOOK_UP == 0:
            yield 1.0
    for i, skipped in enumerate(reading.skipped):
        if not isinstance(skipped, Remark):
            lost[skipped.lost] += 1
        if i % LOOK_UP == 0:
            yield 1.0
    often = dict(answers.most_common())
    yield 1.0
    return Summary(len(reading.examples), tokens, longest, often, len(reading.skipped), dict(lost))


class Pace:
    """Says when so much was read that it is time to look up"""

    def __init__(self, characters: int, before: float = 0.0, after: float = 1.0) -> None:
        self.characters, self.before, self.after = max(characters, 1), before, after
        self.done, self.due = 0, PIECE

    def is_due(self, characters: int) -> bool:
        """After so many more characters"""
        self.done += characters + 20  # a line takes its time, however short
        if self.done < self.due:
            return False
        self.due = self.done + PIECE
        return True

    @property
    def share(self) -> float:
        return self.before + (self.after - self.before) * min(self.done / self.characters, 1)


def length_of(lines: Sequence[str]) -> int:
    """As `Pace` counts them"""
    return sum(map(len, lines)) + 20 * len(lines)


def text_lines(data: bytes, otherwise: str | None = None) -> list[str]:
    """The lines as an editor counts them (str.splitlines would also split at form feeds and others).

    `otherwise`: as `text_of` has it. Raises Unreadable for what is too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file has {len(data):,} bytes, and at most {MOST_BYTES:,} can be read: use a part of it.")
    text = text_of(data, otherwise).replace("\ufeff", "")  # it begins a file; where files were joined it stands inside
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable(
            f"The file has {len(lines):,} lines, and at most {MOST_LINES:,} can be read: use a part of it."
        )
    return lines


def records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, columns) of every record: a column in quotes may hold line ends and delimiters.

    A quote that has no partner is a character like others, and its record ends with its line.
    """
    escape = _escape(lines)
    start, patience = 0, 3 * len(lines)  # looking for a partner to the end of the file, for every line, takes n² steps
    while start < len(lines):
        rest = (lines[i] + "\n" for i in range(start, len(lines)))
        reader = csv.reader(
            rest,
            delimiter=delimiter,
            quoting=csv.QUOTE_MINIMAL if patience > 0 else csv.QUOTE_NONE,
            strict=True,
            skipinitialspace=True,
            escapechar=escape if patience > 0 else None,
        )
        read = 0
        try:
            for columns in reader:
                if any(map(str.strip, columns)):
                    yield start + read + 1, columns
                read = reader.line_num
            return
        except csv.Error:
            start += read + 1
            yield start, lines[start - 1].split(delimiter)
            patience -= reader.line_num - read


def _escape(lines: list[str]) -> str | None:
    """A backslash, if inside of columns it stands before quotes, and quotes are not doubled there"""
    some = lines[:1000]
    inside = sum(len(INSIDE.findall(line)) for line in some if '\\"' in line)
    return "\\" if inside > sum(line.count('""') for line in some) else None


def nearly_all(values: Sequence[str], is_one: Callable[[str], object]) -> bool:
    """Are there some, and is nearly each of them one?"""
    return len(values) > 1 and sum(bool(is_one(value)) for value in values) >= NEARLY_ALL * len(values)


def reading(examples: list[Example], skipped: list[Skipped], thing: str, rule: str) -> Reading:
    if not examples:
        first = next((f" Line {one.line}: {one.reason}" for one in skipped if not isinstance(one, Remark)), "")
        raise Unreadable(f"No {thing} was found. {rule}{first}")
    return Reading(tuple(examples), tuple(sorted(skipped, key=attrgetter("line"))))


def too_long(tokens: Sequence, most: int) -> str:
    return f"This has {len(tokens)} tokens, and at most {most} can be read."


def long_token(tokens: Sequence[str]) -> str:
    """Why an example with these words or tags is left out: one of them is too long; "" if none is"""
    longest = max(tokens, key=len, default="")
    if len(longest) <= MOST_CHARACTERS:
        return ""
    return (
        f"{quoted(longest)} has {len(longest):,} characters, and at most {MOST_CHARACTERS} can be read: "
        "its example is left out."
    )


def quoted(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:20] + "…")


def listed(counts: Counter[str], most: int = 5) -> str:
    names = [f"{quoted(name)} ({n} ×)" for name, n in counts.most_common(most)]
    return ", ".join(names) + (f" and {len(counts) - most} more" if len(counts) > most else "")
