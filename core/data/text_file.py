"""The bytes of a file -> examples, and the lines that were left out with the reason: CoNLL columns, reviews, pairs.

Nothing is guessed: a malformed line is left out and named, and a file without a usable line is refused.
"""

import codecs
from collections import Counter
from typing import NamedTuple

from core.data.example import Example, Reading, Skipped, Unreadable

MOST_BYTES = 5_000_000
MOST_LINES = 800_000  # a file of 5 MB has more if its lines have 6 bytes: no sentences, and slow to refuse one by one
MOST_TOKENS = 2000  # of a sentence or a review: nobody trains a network on a longer one


# What was read, and what every reader needs ---------------------------------------------------------------------------


class Summary(NamedTuple):
    """A file in numbers"""

    examples: int
    tokens: int  # of all inputs
    longest: int  # input, in tokens
    answers: dict[str, int]  # how often every tag, class or word is the answer, most frequent first
    skipped: int


def summary(reading: Reading) -> Summary:
    """How much was read, how long it is, and what the answers are"""
    lengths = [len(example.inputs) for example in reading.examples]
    answers = Counter(answer for example in reading.examples for answer in example.answers)
    return Summary(len(lengths), sum(lengths), max(lengths), dict(answers.most_common()), len(reading.skipped))


def text_lines(data: bytes, otherwise: str | None = None) -> list[str]:
    """The lines as an editor counts them (str.splitlines would also split at form feeds and others).

    `otherwise`: how a file is read that is not in UTF-8 or UTF-16; without it, such a file is refused.
    Raises Unreadable for what is too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file has {len(data):,} bytes, and at most {MOST_BYTES:,} can be read: use a part of it.")
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text: str | None = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(otherwise) if otherwise and not wide else None
    if "\0" in (text or "") or (b"\0" in data and not wide):
        raise Unreadable("This is not a text file: it holds NUL bytes. Save the data as plain text in UTF-8.")
    if text is None:
        raise Unreadable("This is not text in UTF-8: open the file in the program it comes from, and save it as UTF-8.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable(
            f"The file has {len(lines):,} lines, and at most {MOST_LINES:,} can be read: use a part of it."
        )
    return lines


def _reading(examples: list[Example], skipped: list[Skipped], thing: str, rule: str) -> Reading:
    if not examples:
        first = f" Line {skipped[0].line}: {skipped[0].reason}" if skipped else ""
        raise Unreadable(f"No {thing} was found. {rule}{first}")
    return Reading(tuple(examples), tuple(sorted(skipped)))


def _too_long(tokens: list | tuple, most: int) -> str:
    return f"This has {len(tokens)} tokens, and at most {most} can be read."


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:20] + "…")


def _listed(counts: Counter[str], most: int = 5) -> str:
    names = [f"{_quoted(name)} ({n} ×)" for name, n in counts.most_common(most)]
    return ", ".join(names) + (f" and {len(counts) - most} more" if len(counts) > most else "")
