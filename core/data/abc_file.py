"""ABC notation -> melodies, each moved to C major, A minor or the white keys of its mode.

A tune is a head of fields (X: number, T: title, M: metre, L: unit length, K: key, which ends it) and lines of music.
What is not understood is named and left out, never guessed. Source: The abc music standard 2.1, Walshaw 2011.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter

from core.data.abc_tune import FIELD, SEMITONES, STEPS, Lines, Tune, Unusable, clip
from core.data.example import Reading, Remark, Skipped, Unreadable
from core.data.text_file import Pace, Pieces, length_of, plain, text_lines, whole

PAGE = re.compile(r"<(?:!doctype|html|head|body|pre)\b", re.IGNORECASE)  # of the web, saved whole
PAGE_LINES = 1000  # in which it is known as one
PITCH = re.compile(r"([A-G])(#*|b*)(-?\d+)")


def read_tunes(data: bytes) -> Reading:
    """The melodies of a file: inputs = the first note, answers = all that follow, repeats played.

    A note is PITCH:LENGTH, "F#4:1/8" or "rest:1/4", the length in whole notes. Rests before the first note and after
    the last are not part of the melody. A tune that cannot be used is named and costs only itself.
    Raises Unreadable if none can be used.
    """
    return whole(tunes_in_pieces(data))


def tunes_in_pieces(data: bytes) -> Pieces:
    """The same, a piece at a time"""
    skipped: dict[Skipped, None] = {}  # a set that keeps its order
    memory: dict[tuple, dict] = {}
    examples, unusable = [], []
    text = text_lines(data, otherwise="latin-1")
    if any(PAGE.search(line) for line in text[:PAGE_LINES]):
        text = [plain(line) for line in text]
    pace = Pace(length_of(text))
    for head, lines in _tunes(text, skipped):
        if pace.is_due(sum(len(line) + 20 for _, line in lines)):
            yield pace.share
        own: dict[Skipped, None] = {}
        tune = Tune(own, memory)
        try:
            examples.append(tune.read(head + lines))
            skipped |= own
        except Unusable as problem:
            title = f"‘{clip(tune.title)}’" if tune.title else "A tune without a title"
            unusable.append(Skipped(lines[0][0], f"{title} is left out: {problem}."))
    if not examples and not unusable:
        raise Unreadable("No tune was found: in an ABC file every tune begins with a line such as X:1.")
    if not examples:
        raise Unreadable(f"No tune could be used. Line {unusable[0].line}: {unusable[0].reason}")
    return Reading(tuple(examples), tuple(sorted([*skipped, *unusable], key=attrgetter("line"))))


@lru_cache(maxsize=4096)
def midi(token: str) -> tuple[int | None, Fraction]:
    """A note as it is heard: its number among the keys of a keyboard (C4 is 60, a rest None), and its length"""
    pitch, _, length = token.partition(":")
    if pitch == "rest":
        return None, Fraction(length)
    if not (match := PITCH.fullmatch(pitch)):
        raise ValueError(f"{token!r} is no note such as F#4:1/8.")
    step, accidentals, octave = match.groups()
    sharps = accidentals.count("#") - accidentals.count("b")
    return 12 * (int(octave) + 1) + SEMITONES[STEPS.index(step)] + sharps, Fraction(length)


def _tunes(lines: list[str], skipped: dict[Skipped, None]) -> Iterator[tuple[Lines, Lines]]:
    """(what is said before the first tune, for all of them; the lines of one tune, from X: to an empty line)"""
    head: Lines = []
    tune: Lines = []
    found = False
    typeset = named = False  # inside %%begintext … %%endtext; in a paragraph outside tunes that is named already
    for number, line in enumerate(lines, start=1):
        begins, blank = line.startswith("X:"), not line.strip()
        typeset = not begins and (line.startswith("%%begin") or (typeset and not line.startswith("%%end")))
        if tune and (begins or blank):
            yield head, tune
            tune = []
        found |= begins
        if begins or (tune and not typeset):
            tune.append((number, line))
        elif not found and FIELD.match(line):
            head += [(number, line)] * (line[0] in "LM")
        elif not (blank or typeset or named or line.startswith("%")):
            skipped[Remark(number, "Outside any tune: a tune begins with X: and ends at an empty line.")] = None
        named = not blank and not begins
    if tune:
        yield head, tune
