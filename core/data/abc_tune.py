"""One tune of ABC notation: its fields and its music, sign by sign -> a melody. See `core.data.abc_file`."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from core.data.example import Chord, Example, Ornament, Remark, Sign, Skipped, Voice

MOST_NOTES = 2000  # of a melody with its repeats: no network here learns a longer one
MOST_SIGNS = 100_000  # of a line of music: 2000 notes have fewer
MOST_TITLE = 200
WHOLE = 315 << 24  # a whole note in ticks: a whole number of them lasts whatever has no tuplet of 11 notes or more
POWERS = {2**n for n in range(10)}

STEPS = "CDEFGAB"
SEMITONES = (0, 2, 4, 5, 7, 9, 11)
FIFTHS = (0, 2, 4, -1, 1, 3, 5)  # places of the steps on the line … F C G D A E B …, where a sharp is 7 places on
ALTERS = {"=": 0, "^": 1, "^^": 2, "_": -1, "__": -2}
MODES = {"": 0, "maj": 0, "ion": 0, "lyd": 1, "mix": -1, "dor": -2, "m": -3, "min": -3, "aeo": -3, "phr": -4, "loc": -5}
IN_THE_TIME_OF = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}  # so many notes of a tuplet; for 5, 7 and 9 the metre decides
ABOUT = set("ABCDFGHINOQRSTXZr+")  # fields that tell about a tune and change no note

COMMENT = re.compile(r"(?<!\\)%.*")
FIELD = re.compile(r"([A-Za-z+]):(?![|:])(.*)")  # but "E:|" is a note and a bar line
METRE = re.compile(r"\(?(\d{1,2}(?:\+\d{1,2}){0,9})\)?/(\d{1,3})")
UNIT = re.compile(r"(\d)(?:/(\d{1,3}))?")
ACCIDENTAL = r"(\^\^?|__?|=)([A-Ga-g])"
OWN = re.compile(f"({ACCIDENTAL})*")
PIPES = {"HP", "Hp"}  # of the Highland bagpipes: F and C are sharp
CLEF = re.compile(  # +8 and -8 are heard an octave higher or lower; ^8 and _8 are only drawn
    r"(?:clef=[^+-]*|(?:treble|bass|alto|tenor|soprano|mezzosoprano|baritone|perc|auto)[1-8]?[,']*)(?:([+-])8|[_^]8)?\"?",
    re.IGNORECASE,
)
OCTAVE = re.compile(r"octave=([+-]?\d)")
DRAWN = re.compile(r"(?:middle|m|stafflines|staffscale|style|stems?|gstem|dyn|cue|name|nm|sname|snm|strings)=.*")
MORE = re.compile(r"[a-z]+=.*")  # whatever else is said beside a key
KEY = re.compile(f"([A-G])([#b]?)([A-Za-z]*)(({ACCIDENTAL})*)")
NOTE = re.compile(r"([\^_=]{0,2})([A-Ga-gzx])([',]{0,9})(\d{0,2})(/{0,6})(\d{0,2})")
ENDING = re.compile(r"(\d)(?:-(\d))?")  # 1,3-5
ENDINGS = re.compile(r"\d(?:-\d)?(?:,\d(?:-\d)?)*")
BAR = re.compile(r"(:*)([^:1-9]*)(:*)(.*)")
VOICE = re.compile(r"\[V:([^\][]*)\]")

LASTING = "[',]* [0-9]* /* [0-9]*"
ONE = re.compile(f"[A-Ga-g] {LASTING}", re.VERBOSE)
TOKEN = re.compile(  # whatever an alternative looks at it also takes, so a line is read in one go, however strange
    rf"""\s*+ (?: (?P<beam> (?: [A-Ga-g] {LASTING} )++ )
    | (?P<note> (?:[\^_=][\^_=/0-9]*)? [A-Ga-gzx] {LASTING} )
    | (?P<silent> [`\\$] | y[0-9/]* | \((?![0-9]) | \) | "[^"]*" | [!*](?=\s*\Z) | \.(?=\|) )
    | (?P<bar_line> (?: :+ \|* \]? :* | \[?\| [|\]]* :* ) (?: [1-9][1-9,-]* )? | \[ [1-9][1-9,-]* )
    | (?P<tie> - )
    | (?P<broken> >+ | <+ )
    | (?P<group> \( [0-9]+ (?: :[0-9]* ){{0,2}} )
    | (?P<rest> [ZX][0-9]* )
    | (?P<field> \[ [A-Za-z] : [^\]]* \]? )
    | (?P<left_out> \[ [^\]|]* \]? {LASTING} | \+ [^+|\s]* \+ {LASTING}
                  | {{ [^}}]* }}? | & [^|]* | ! [^!|\s]* ! | [H-Wh-w~.] )
    | (?P<unknown> "[^"]* | [\^_=][\^_=/0-9]* | \S ) )""",
    re.VERBOSE,
)

DECORATION, OTHER_VOICE = "Decorations are left out.", "Only the first voice is read."
CHORD, GRACE = "Of a chord only the highest note is read: a melody has one note at a time.", "Grace notes are left out."
LEFT_OUT = {"{": (GRACE, Ornament), "&": (OTHER_VOICE, Voice)}
CHORD_NOTE = re.compile(r"[\^_=]{0,2}[A-Ga-gzx][',]*[0-9]*/*[0-9]*")
INSIDE = re.compile(r'"[^"]*"|![^!]*!|[-.~()\s]')  # what may stand in a chord beside its notes
PLUS_CHORD = re.compile(r"\+(?!f+\+)((?:[\^_=]*[A-Ga-g][',]*[0-9]*/*[0-9]*){2,})\+(.*)")  # but +ff+ is loud
ORDER = re.compile(r"[A-Z()0-9.\s]+")
LONGEST_BAR = 16  # signs of a bar line that is understood
TOO_LONG = f"with its repeats it has more than {MOST_NOTES} notes or parts"


Lines = list[tuple[int, str]]  # with their numbers


class Unusable(Exception):
    """Why a whole tune is left out"""


Ticks = int | Fraction
Note = tuple[
    int | None, int, Ticks, bool
]  # step (C0 is 0, D0 is 1; a rest None), sharps, ticks, is it tied to the next?


class Mark(NamedTuple):
    """What a bar line says about the order of playing"""

    repeats: int = 0  # how many more times the part before it is played
    begins: bool = False  # does a part begin here that will be repeated?
    double: bool = False
    passes: frozenset[int] = frozenset()  # what follows is an ending: it is played in these passes only


class Tune:
    """A tune while it is read: what holds at the moment, and what has been read so far"""

    def __init__(self, skipped: dict[Skipped, None], memory: dict[tuple, dict]):
        self.skipped, self.line = skipped, 0
        self.strange: list[str] = []  # what was not understood in this line
        self.memory = memory  # `written` and `beams` of all tunes, which have much in common
        self.title = ""
        self.sharps: int | None = None  # of the first key, by which all is moved; None: still in the head
        self.metre: int | None = None  # in ticks; 0 was not understood
        self.compound = False
        self.unit = 0  # in ticks; 0: not said yet
        self.key: list[int] = []  # sharps of each step, and of a rest
        self.bar = self.key  # the same so far in this bar
        self.clef = self.octave = 0  # steps by which they move each note
        self.voice, self.kept = "1", ""
        self.written: dict[str, tuple[int | None, int, int | None, int]] = {}  # under this unit: what a text says
        self.beams: dict[str, list[Note]] = {}  # under this unit and key: the notes that a few letters mean
        self.tied: tuple[int | None, int] | None = None  # what earlier notes leave for the next one
        self.tuplet: tuple[int, int, int] | None = None
        self.swing: tuple[int, int] | None = None
        self.notes: list[Note] = []
        self.parts = [(Mark(), self.notes)]
        self.sections = [("", self.parts)]  # of the tune, by the names that P: gives them
        self.order = ""  # in which they are played
        self.is_ending = False  # inside of an ending
        self.before_endings: tuple[int | None, int] | None = None  # the tie that leads into each of them

    def read(self, lines: Lines) -> Example:
        for self.line, line in lines:
            if len(line) > MOST_SIGNS:
                self.name(f"A line of {len(line):,} characters is no music.", Sign)
                continue
            line = COMMENT.sub("", line) if "%" in line else line
            if field := FIELD.match(line):
                self.set(field[1], field[2].strip())
            elif self.sharps is None:
                self.strange += line.split()
            else:
                self.music(line)
            if self.strange:
                self.name(f"Not understood: {clip(' '.join(dict.fromkeys(self.strange)))}", Sign)
                self.strange = []
        if self.sharps is None:
            raise Unusable("it has no line K:, which tells the key and ends the head of a tune")
        notes = _joined(self.played())
        while notes and notes[-1][0] is None:
            notes.pop()
        start = next((i for i, note in enumerate(notes) if note[0] is not None), 0)
        if len(notes) - start < 2:
            raise Unusable("it has fewer than two notes")
        tokens = {note: _token(note, self.sharps) for note in set(notes)}
        return Example((tokens[notes[start]],), tuple([tokens[note] for note in notes[start + 1 :]]), self.title)

    def name(self, reason: str, kind: type[Skipped] = Remark) -> None:
        self.skipped[kind(self.line, reason)] = None

    def played(self) -> list[Note]:
        """The notes in the order of playing"""
        names = [name for name, _ in self.sections]
        if not self.order:
            return [note for _, parts in self.sections for note in _played(parts)]
        missing = sorted({*self.order} - {*names})
        if missing:
            self.name(
                f"The order of playing, P:{clip(self.order)}, names parts that are not there: {', '.join(missing)}."
            )
        if missing == sorted({*self.order}):
            return [note for _, parts in self.sections for note in _played(parts)]
        first = [parts for name, parts in self.sections if not name]  # what stands before all of them
        sections = {
            name: [note for own, parts in self.sections if own == name for note in _played(parts)] for name in names
        }
        notes = [note for parts in first for note in _played(parts)]
        for name in self.order:
            notes += sections.get(name, [])
            if len(notes) > MOST_NOTES:
                raise Unusable(TOO_LONG)
        return notes

    def set_part(self, value: str) -> None:
        """P:ABA in the head: the order of playing; P:A in the tune: here begins part A"""
        if self.sharps is None:
            order = _order(value)
            if order is None:
                self.name(f"The order of playing P:{clip(value)} is not understood: the parts are read as they stand.")
            self.order = order or ""
        elif self.order:
            self.bar, self.tied, self.is_ending = self.key, None, False
            self.notes = []
            self.parts = [(Mark(), self.notes)]
            self.sections.append((value[:1], self.parts))

    def set(self, field: str, value: str) -> None:
        if field == "V":
            self.voice = (value.split() or ["1"])[0] if self.key else self.voice
        elif self.kept not in ("", self.voice):
            self.name(OTHER_VOICE, Voice)
        elif field in "KLM":
            {"K": self.set_key, "L": self.set_unit, "M": self.set_metre}[field](value)
        elif field in "wWs":
            self.name("Words and symbols under the notes are not read.")
        elif field == "T":
            self.title = self.title or value[:MOST_TITLE]
        elif field == "P":
            self.set_part(value)
        elif field not in ABOUT:
            self.name(f"The field {field}: is not understood.")

    def set_metre(self, value: str) -> None:
        value = {"C": "4/4", "C|": "2/2"}.get(value, value.replace(" ", ""))
        match = METRE.fullmatch(value)
        beats, part = (sum(map(int, match[1].split("+"))), int(match[2])) if match else (0, 0)
        beats = beats if part in POWERS else 0
        self.metre, self.compound = beats and WHOLE * beats // part, beats in (6, 9, 12)
        if value in ("", "none"):
            self.metre = None
        elif not beats:
            self.strange.append(f"M:{value}")

    def set_unit(self, value: str) -> None:
        match = UNIT.fullmatch(value)
        if not match or int(match[1]) == 0 or int(match[2] or 1) not in POWERS:
            raise Unusable(f"its unit length L:{clip(value)} is not understood")
        self.unit = WHOLE * int(match[1]) // int(match[2] or 1)
        if self.key:
            self.remember()

    def set_key(self, value: str) -> None:
        """K:D, K:F#m, K:A dorian, and with accidentals of its own K:D ^g or K:D exp _b

        How it is drawn changes no note; a clef may move the octave.
        """
        words = []
        for word in value.split():
            if clef := CLEF.fullmatch(word):
                self.clef = {"+": 7, "-": -7}.get(clef[1] or "", 0)
            elif octave := OCTAVE.fullmatch(word):
                self.octave = 7 * int(octave[1])
            elif DRAWN.fullmatch(word) or (self.sharps is None and word.startswith("transpose=")):
                pass  # all of a tune is moved in any case
            elif MORE.fullmatch(word):
                self.strange.append(word)
            else:
                words.append(word)
        if value and not words and self.sharps is not None:
            self.remember()
            return  # another clef
        tonic, *more = words or ["none"]
        tonic = "D" if tonic in PIPES else tonic
        match = KEY.fullmatch("C" if tonic == "none" else tonic)
        stands_apart = match and not match[3] and more and _mode(more[0]) is not None
        mode = _mode(more.pop(0) if stands_apart else match[3]) if match else None
        of_tonic = FIFTHS[STEPS.index(match[1])] + {"": 0, "#": 7, "b": -7}[match[2]] if match else 0
        if match is None or mode is None or abs(sharps := of_tonic + mode) > 7:
            raise Unusable(f"its key K:{clip(value)} is not understood")
        self.key = [0 if "exp" in more else (sharps + 5 - place) // 7 for place in FIFTHS] + [0]
        for word in [match[4], *more]:
            if OWN.fullmatch(word):
                for accidental, step in re.findall(ACCIDENTAL, word):
                    self.key[STEPS.index(step.upper())] = ALTERS[accidental]
            elif word != "exp":
                self.strange.append(word)
        self.bar = self.key
        if self.sharps is None:
            self.sharps = sharps
            if not self.unit and self.metre == 0:
                raise Unusable("its metre is not understood, and without L: it decides how long a note is")
            self.unit = self.unit or (WHOLE // 16 if self.metre and 4 * self.metre < 3 * WHOLE else WHOLE // 8)
        self.remember()

    def remember(self) -> None:
        self.written = self.memory.setdefault((self.unit, self.clef + self.octave), {})
        self.beams = self.memory.setdefault((self.unit, self.clef + self.octave, *self.key), {})

    # Music: a method for every kind of token

    def music(self, line: str) -> None:
        for i, part in enumerate(VOICE.split(line) if "[V:" in line else [line]):
            if i % 2:
                self.set("V", part)
            elif part := part.strip():
                self.kept = self.kept or self.voice
                if self.voice != self.kept:
                    self.name(OTHER_VOICE, Voice)
                    continue
                for token in TOKEN.finditer(part):
                    kind = token.lastgroup
                    if kind and kind != "silent":
                        getattr(self, kind)(token[kind])

    def beam(self, text: str) -> None:
        """Plain notes without a space: many tunes have many of the same, so what they are is remembered"""
        is_plain = self.bar is self.key and not (self.tied or self.tuplet or self.swing)
        if is_plain and text in self.beams:
            self.notes += self.beams[text]
        else:
            notes, before = self.notes, len(self.notes)
            for note in ONE.finditer(text):
                self.note(note[0])
            if is_plain and notes is self.notes:  # nothing was left out
                self.beams[text] = notes[before:]

    def note(self, text: str) -> None:
        step, letter, alter, written = self.written.get(text) or self.parse(text)
        ticks = self.scaled(written) if self.tuplet or self.swing else written
        if not ticks:
            self.strange.append(text)
            self.leave_gap()
            return
        alter = self.altered(step, letter, alter)
        self.tied = None
        self.append(step, alter, ticks)

    def altered(self, step: int | None, letter: int, alter: int | None) -> int:
        """The sharps of a note: those it says, and then they hold for this bar; else those of its bar"""
        if alter is not None:
            self.bar = self.key.copy() if self.bar is self.key else self.bar
            self.bar[letter] = alter
            return alter
        if self.tied and self.tied[0] == step:
            return self.tied[1]  # a tied note keeps its accidental across the bar line
        return self.bar[letter]

    def append(self, step: int | None, alter: int, ticks: Ticks) -> None:
        self.notes.append((step, alter, ticks, False))
        if len(self.notes) > MOST_NOTES:
            raise Unusable(TOO_LONG)

    def parse(self, text: str) -> tuple[int | None, int, int | None, int]:
        """(step, letter, sharps if it says so, ticks) of a note or a rest; 0 ticks: not understood"""
        step: int | None = None
        letter, alter, ticks = 7, None, 0
        if match := NOTE.fullmatch(text):
            accidental, name, octaves, times, slashes, over = match.groups()
            if name in "zx":
                known = not accidental + octaves
            else:
                letter = STEPS.index(name.upper())
                step = letter + 7 * (4 + name.islower() + octaves.count("'") - octaves.count(","))
                step += self.clef + self.octave
                alter, known = ALTERS.get(accidental), (not accidental or accidental in ALTERS) and 0 <= step < 63
            shorter = int(over) if over and slashes == "/" else 0 if over else 2 ** len(slashes)
            ticks = self.unit * int(times or 1) // shorter if known and shorter in POWERS else 0
        self.written[text] = step, letter, alter, ticks
        return self.written[text]

    def scaled(self, ticks: Ticks) -> Ticks:
        """How long the next note lasts in its tuplet and after > or <"""
        if self.tuplet:
            times, over, left = self.tuplet
            ticks, self.tuplet = _part(ticks, times, over), (times, over, left - 1) if left > 1 else None
        if self.swing:
            ticks, self.swing = _part(ticks, *self.swing), None
        return ticks

    def leave_gap(self) -> None:
        """Something that lasts is left out here: what stands before it is not joined to what comes after"""
        self.tied = None
        if self.notes:
            self.notes[-1] = (*self.notes[-1][:3], False)
        self.begin_part(Mark())

    def begin_part(self, mark: Mark) -> None:
        if len(self.notes) + len(self.parts) > MOST_NOTES:
            raise Unusable(TOO_LONG)
        self.notes = []
        self.parts.append((mark, self.notes))

    def tie(self, text: str) -> None:
        if self.notes and self.notes[-1][0] is not None:
            step, alter, ticks, _ = self.notes[-1]
            self.notes[-1], self.tied = (step, alter, ticks, True), (step, alter)
        else:
            self.strange.append(text)

    def broken(self, text: str) -> None:
        """a>b: a lasts half as long again, b half as long; a>>b: 7/4 and 1/4; a<b: the other way round"""
        if not self.notes or self.swing or len(text) > 3:
            self.strange.append(text)
            return
        part = 2 ** len(text)
        first, self.swing = ((2 * part - 1, part), (1, part))[:: 1 if text[0] == ">" else -1]
        step, alter, ticks, tied = self.notes[-1]
        self.notes[-1] = (step, alter, _part(ticks, *first), tied)

    def group(self, text: str) -> None:
        """(p:q:r puts p notes into the time of q, for the next r notes; (3 is (3:2:3"""
        p, q, r = (int(number[:3] or 0) for number in (text[1:] + "::").split(":")[:3])
        known = max(p, q, r) < 100 and (2 <= p <= 9 or (p >= 1 and q > 0))
        q = q or IN_THE_TIME_OF.get(p) or (3 if self.compound else 2)
        self.tuplet = (q, p, r or p) if known else (0, 1, r or p)  # of a group that is not understood, no note is kept
        if not known:
            self.strange.append(text)

    def rest(self, text: str) -> None:
        """Z4: four bars of rest"""
        if self.metre and 0 < int(text[1:4] or 1) < 100:
            self.notes.append((None, 0, self.metre * int(text[1:4] or 1), False))
        else:
            self.strange.append(text)
            self.leave_gap()

    def bar_line(self, text: str) -> None:
        self.bar = self.key
        if mark := _mark(text) if len(text) <= LONGEST_BAR else None:
            self.end_ties(mark)
            self.begin_part(mark)
        elif text != "|":
            self.strange.append(text)

    def end_ties(self, mark: Mark) -> None:
        """A tie at the end of an ending ends with it; one before the first ending leads into each of them"""
        if self.is_ending and (mark.repeats or mark.passes):
            self.tied = None
            if self.notes:
                self.notes[-1] = (*self.notes[-1][:3], False)
        if mark.passes:
            self.before_endings = self.before_endings if self.is_ending else self.tied
            self.is_ending, self.tied = True, self.before_endings
        elif mark.begins or (mark.double and not mark.repeats):
            self.is_ending = False

    def field(self, text: str) -> None:
        self.set(text[1], text[3:].rstrip("]").strip())

    def left_out(self, text: str) -> None:
        if text[0] == "[":
            self.chord(*text[1:].partition("]")[::2])
        elif plus := PLUS_CHORD.fullmatch(text):
            self.chord(plus[1], plus[2])
        elif text[0] == "+" and text[-1] != "+":
            self.strange.append(text)
        else:
            self.name(*LEFT_OUT.get(text[0], (DECORATION, Ornament)))

    def chord(self, inside: str, lasting: str) -> None:
        """[CEG]2: its highest note, as long as its first one, so often as is said behind it"""
        inside, is_tied = INSIDE.sub(lambda sign: " " if sign[0] != "-" else "", inside), "-" in inside
        found = [self.written.get(text) or self.parse(text) for text in CHORD_NOTE.findall(inside)]
        times = self.parse("z" + lasting)[3]
        sounding = [(step, letter, alter) for step, letter, alter, _ in found if step is not None]
        if CHORD_NOTE.sub("", inside).strip() or not (sounding and times and all(ticks for *_, ticks in found)):
            self.strange.append(f"[{inside}]{lasting}")
            self.scaled(0)
            self.leave_gap()
            return
        if len(found) > 1:
            self.name(CHORD, Chord)
        ticks = self.scaled(_part(found[0][3], times, self.unit))
        tied, heard = self.tied, []
        for step, letter, alter in sounding:
            self.tied = tied
            heard.append((step, self.altered(step, letter, alter)))
        self.tied = None
        step, alter = max(heard, key=lambda note: (12 * (note[0] // 7) + SEMITONES[note[0] % 7] + note[1], note[0]))
        self.append(step, alter, ticks)
        if is_tied:
            self.tie("-")

    def unknown(self, text: str) -> None:
        self.strange.append(text)


def _part(ticks: Ticks, times: Ticks, over: Ticks) -> Ticks:
    """ticks · times / over, which is a whole number but for tuplets of 11 notes or more"""
    part = Fraction(ticks * times, over)
    return part.numerator if part.denominator == 1 else part


def _order(text: str) -> str | None:
    """The parts in the order of playing: A(AB)2.C2 → AABABCC; None if it is not understood"""
    if not ORDER.fullmatch(text):
        return None
    groups = [""]
    for sign in re.findall(r"[A-Z]\d*|\(|\)\d*", text):
        times = int(sign[1:3] or 1)
        if sign == "(":
            groups.append("")
        elif sign[0] == ")":
            if len(groups) < 2:
                return None
            inside = groups.pop()
            groups[-1] += inside * times
        else:
            groups[-1] += sign[0] * times
        if len(groups[-1]) > MOST_NOTES:
            raise Unusable(TOO_LONG)
    return groups[0] if len(groups) == 1 and groups[0] else None


def _mode(word: str) -> int | None:
    """How many sharps more than major; "m" is minor, but "M" is not a mode"""
    return MODES.get(word[:3].lower() if len(word) > 1 else word)


@lru_cache(maxsize=4096)
def _mark(text: str) -> Mark | None:
    """What a bar line says about the order of playing; None: nothing, or nothing that is understood"""
    if not (match := BAR.fullmatch(text)):
        return None
    left, middle, right, ending = match.groups()
    if not middle:  # ::
        left = right = left[: len(left) // 2]
    passes = {n for first, last in ENDING.findall(ending) for n in range(int(first), int(last or first) + 1)}
    if text == "|" or not left + middle or len(left) > 3 or (ending and not (passes and ENDINGS.fullmatch(ending))):
        return None
    return Mark(len(left), bool(right), middle not in ("", "|", "["), frozenset(passes))


def clip(text: str, most: int = 40) -> str:
    text = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(char if char.isprintable() else "·" for char in text)


def _played(parts: list[tuple[Mark, list[Note]]]) -> list[Note]:
    """The notes in the order of playing: a repeated part has a head and may have endings, one for each pass"""
    played: list[Note] = []
    head: list[Note] = []
    endings: list[tuple[frozenset[int], list[Note]]] = []
    repeats, is_open, is_over = 0, False, False
    for mark, notes in [*parts, (Mark(begins=True), [])]:
        repeats = max(repeats, mark.repeats)
        is_over |= mark.repeats > 0 or (mark.double and bool(endings or not is_open))
        is_over &= not mark.passes
        if mark.begins or (is_over and notes):
            for n in range(1, max([repeats + 1, *(max(passes) for passes, _ in endings)]) + 1):
                for due in [head, *(notes for passes, notes in endings if n in passes)]:
                    played += due
                if len(played) > MOST_NOTES:
                    raise Unusable(TOO_LONG)
            head, endings, repeats, is_open, is_over = [], [], 0, mark.begins, False
        if mark.passes:
            endings.append((mark.passes, []))
        (endings[-1][1] if endings else head).extend(notes)
    return played


def _joined(notes: list[Note]) -> list[Note]:
    """Tied notes of one pitch as one note"""
    if not any(tied for *_, tied in set(notes)):
        return notes
    joined: list[Note] = []
    for note in notes:
        if joined and joined[-1][3] and joined[-1][:2] == note[:2]:
            note = (*note[:2], joined.pop()[2] + note[2], note[3])
        joined.append(note)
    return joined


@lru_cache(maxsize=1 << 12)
def _token(note: Note, sharps: int) -> str:
    """PITCH:LENGTH, moved from a key of so many sharps to the key of none by the smaller interval"""
    step, alter, ticks, _ = note
    length = Fraction(ticks, WHOLE)
    if step is None:
        return f"rest:{length}"
    octave, letter = divmod(step, 7)
    key = 12 * octave + SEMITONES[letter] + alter + (-7 * sharps + 6) % 12 - 6
    alter, letter = divmod(FIFTHS[letter] + 7 * alter - sharps + 1, 7)  # on the line F C G D A E B
    letter = FIFTHS.index(letter - 1)
    octave = (key - alter - SEMITONES[letter]) // 12
    return f"{STEPS[letter]}{('#' if alter > 0 else 'b') * abs(alter)}{octave}:{length}"
