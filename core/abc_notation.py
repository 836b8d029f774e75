"""ABC notation -> melodies, each moved to C major, A minor or the white keys of its mode.

A tune is a head of fields (X: number, T: title, M: metre, L: unit length, K: key, which ends it) and lines of music.
What is not understood is named and left out, never guessed. Source: The abc music standard 2.1, Walshaw 2011.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from core.examples import Example, Reading, Skipped, Unreadable

MOST_NOTES = 2000  # of a tune with its repeats: nobody trains a network on a longer melody
WHOLE = 315 << 21  # a whole note in ticks: whatever can be written, tuplets too, lasts a whole number of them

STEPS = "CDEFGAB"
SEMITONES = (0, 2, 4, 5, 7, 9, 11)
FIFTHS = (0, 2, 4, -1, 1, 3, 5)  # places of the steps on the line … F C G D A E B …, where a sharp is 7 places on
ALTERS = {"": None, "=": 0, "^": 1, "^^": 2, "_": -1, "__": -2}
FLATTER = {"": 0, "maj": 0, "ion": 0, "lyd": -1, "mix": 1, "dor": 2, "m": 3, "min": 3, "aeo": 3, "phr": 4, "loc": 5}
IN_THE_TIME_OF = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}  # p notes of a tuplet; for 5, 7 and 9 the metre decides
ABOUT = set("ABCDFGHINOPQRSTXZr+")  # fields that tell about a tune and change no note

FIELD = re.compile(r"([A-Za-z+]):(?![|:])(.*)")  # but "E:|" is a note and a bar line
METRE = re.compile(r"\(?(\d{1,2}(?:\+\d{1,2}){0,9})\)?/(\d{1,3})")
UNIT = re.compile(r"(\d)(?:/(\d{1,3}))?")
KEY = re.compile(r"([A-G])([#b]?)([A-Za-z]*)((?:[\^_=]{1,2}[A-Ga-g])*)")
NOTE = re.compile(r"([\^_=]{0,2})([A-Ga-gzx])([',]*)(\d{0,3})(/{0,6})(\d{0,2})")
TUPLET = re.compile(r"\((\d)(?::(\d{0,2}))?(?::(\d{0,2}))?")
BAR = re.compile(r"(:*)([^:1-9]*)(:*)(.*)")
PITCH = re.compile(r"([A-G])(#*|b*)(-?\d+)")

TOKEN = re.compile(
    r"""(?P<note> (?:[\^_=][\^_=/0-9]*)? [A-Ga-gzx] [',]* [0-9]* /* [0-9]* )
    | (?P<space> [\s`\\]+ | y[0-9/]* | \((?![0-9]) | \) | "[^"]*" )
    | (?P<bar> (?: :+ \|* \]? :* | \[?\| [|\]]* :* ) (?: [1-9][1-9,-]* )? )
    | (?P<ending> \[ [1-9][1-9,-]* )
    | (?P<tuplet> \( [0-9:]+ )
    | (?P<broken> >+ | <+ )
    | (?P<tie> - )
    | (?P<bars> [ZX][0-9]* )
    | (?P<field> \[ [A-Za-z] : [^\]]* \]? )
    | (?P<chord> \[ [^\]|]* \]? [0-9]* /* [0-9]* )
    | (?P<grace> \{ [^}]* \}? )
    | (?P<decoration> (?P<mark>[!+]) [^!+|\s]* (?P=mark) | [H-Wh-w~.] )
    | (?P<overlay> & [^|]* )
    | (?P<unknown> "[^"]* | [\^_=][\^_=/0-9]* | . )""",
    re.VERBOSE,
)


def read_tunes(data: bytes) -> Reading:
    """The melodies of a file: inputs = the first note, answers = all that follow, repeats played.

    A note is PITCH:LENGTH, "F#4:1/8" or "rest:1/4", the length in whole notes; rests before the first note and after
    the last do not count. A tune that cannot be used is named and costs only itself.
    """
    skipped: dict[Skipped, None] = {}  # a set that keeps its order
    examples, tunes = [], 0
    for head, lines in _tunes(_decode(data), skipped):
        tunes += 1
        tune = _Tune(skipped)
        try:
            tune.read(head + lines)
            examples.append(tune.example())
        except _Unusable as problem:
            skipped[Skipped(lines[0][0], f"{tune.title} is left out: {problem}")] = None
    if not tunes:
        raise Unreadable("No tune was found: in an ABC file every tune begins with a line such as X:1.")
    if not examples:
        raise Unreadable(f"No tune could be used. Line {tune.line}: {list(skipped)[-1].reason}")
    return Reading(tuple(examples), tuple(sorted(skipped)))


@lru_cache(maxsize=4096)
def midi(token: str) -> tuple[int | None, Fraction]:
    """What a note is for the ear: its key on a keyboard (C4 = 60; None for a rest), and its length in whole notes."""
    pitch, _, length = token.partition(":")
    if pitch == "rest":
        return None, Fraction(length)
    step, accidentals, octave = PITCH.fullmatch(pitch).groups()
    sharps = accidentals.count("#") - accidentals.count("b")
    return 12 * (int(octave) + 1) + SEMITONES[STEPS.index(step)] + sharps, Fraction(length)


# A file ---------------------------------------------------------------------------------------------------------------

Lines = list[tuple[int, str]]  # with their numbers


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # as in files from before 2010


def _tunes(text: str, skipped: dict[Skipped, None]) -> Iterator[tuple[Lines, Lines]]:
    """(the lines of the file's own head, the lines of a tune): a tune goes from X: to an empty line"""
    head, tune = [], None
    typeset, strays = False, False
    for number, line in enumerate(re.split("\r\n|\r|\n", text), start=1):
        begins = line.startswith("X:")
        typeset = not begins and (line.startswith("%%begin") or (typeset and not line.startswith("%%end")))
        if begins or not line.strip():
            if tune:
                yield head, tune
            tune, strays = [] if begins else None, False
        if begins or (tune is not None and not typeset):
            tune.append((number, line))
        elif FIELD.match(line):
            head.append((number, line)) if line[0] in "LM" else None
        elif line.strip() and line[0] != "%" and not typeset and not strays:
            strays = True
            skipped[Skipped(number, "This is outside any tune: a tune begins with X: and ends at an empty line.")] = None
    if tune:
        yield head, tune
