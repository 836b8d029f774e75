"""ABC notation: what each sign means, worked by hand; and whatever comes, a reading or a clear sentence."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.data.abc_file import midi, read_tunes
from core.data.abc_tune import MOST_NOTES, MOST_SIGNS
from core.data.example import Example, Reading, Skipped, Unreadable

DATA = Path(__file__).resolve().parents[3] / "assets" / "data"


def read(music: str, key: str = "C", head: str = "L:1/4") -> Reading:
    return read_tunes(f"X:1\nT:Test\n{head}\nK:{key}\n{music}\n".encode())


def notes(music: str, key: str = "C", head: str = "L:1/4") -> str:
    """The notes of a tune, those of a quarter by their pitch alone"""
    reading = read(music, key, head)
    assert reading.skipped == ()
    (melody,) = reading.examples
    return " ".join(melody.inputs + melody.answers).replace(":1/4", "")


def test_the_first_note_is_the_input_and_the_rest_is_due():
    assert read("C D E2 | F4 |]").examples == (Example(("C4:1/4",), ("D4:1/4", "E4:1/2", "F4:1"), "Test"),)


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        # lengths and octaves
        ("C D2 E/2 F/ G// A3/2 B3/4", "C4 D4:1/2 E4:1/8 F4:1/8 G4:1/16 A4:3/8 B4:3/16"),
        ("C,, C, C c c' c'' C'", "C2 C3 C4 C5 C6 C7 C5"),
        ("z C z2 D x/ E z", "C4 rest:1/2 D4 rest:1/8 E4"),
        # accidentals last to the end of the bar, in every octave
        ("^F F | F", "F#4 F#4 F4"),
        ("_B b =B B | B", "Bb4 Bb5 B4 B4 B4"),
        ("^^C __D", "C##4 Dbb4"),
        # ties join notes of one pitch, across the bar too, where the accidental holds for the tied note alone
        ("C-C D", "C4:1/2 D4"),
        ("^F2-|F F", "F#4:3/4 F4"),
        ("C-C-|C-D", "C4:3/4 D4"),
        # broken rhythm
        ("A>B c<d", "A4:3/8 B4:1/8 C5:1/8 D5:3/8"),
        ("A>>B c<<<d", "A4:7/16 B4:1/16 C5:1/32 D5:15/32"),
        ("A2 > B2 z<d", "A4:3/4 B4 rest:1/8 D5:3/8"),
        ("A>B>c", "A4:3/8 B4:3/16 C5:1/8"),
        # tuplets
        ("(3CDE F", "C4:1/6 D4:1/6 E4:1/6 F4"),
        ("(3:2:2C2D E", "C4:1/3 D4:1/6 E4"),
        ("(2CD (4CDEF", "C4:3/8 D4:3/8 C4:3/16 D4:3/16 E4:3/16 F4:3/16"),
        ("(5CDEFG A", "C4:1/10 D4:1/10 E4:1/10 F4:1/10 G4:1/10 A4"),
        ("(3C/D/E/ | (3zDE", "C4:1/12 D4:1/12 E4:1/12 rest:1/6 D4:1/6 E4:1/6"),
        # what is silent
        ('"Am"C (D "^slow"E) `F \\\n G % A\n% B', "C4 D4 E4 F4 G4"),
    ],
)
def test_notes(music, expected):
    assert notes(music) == expected


@pytest.mark.parametrize(
    ("music", "played"),
    [
        ("|: C D :| E |]", "CDCDE"),
        ("C D :| E F :|", "CDCDEFEF"),
        ("|: C :: D :| E", "CCDDE"),
        ("|: C :||: D :|", "CCDD"),
        ("|: C D |1 E :|2 F |]", "CDECDF"),
        ("|: C D | [1 E :| [2 F || G :|", "CDECDFGG"),
        ("|: C |1,3 D :|2 E :| F", "CDCECDF"),
        ("|: C |1 D :| E", "CDCE"),
        ("|:: C ::| D", "CCCD"),
        ("C || D :|", "CDD"),
        ("|: C || D :|", "CDCD"),
        ("C D |1 E |2 F |]", "CDECDF"),
    ],
)
def test_repeats_are_played(music, played):
    assert notes(music).replace("4", "").replace(" ", "") == played


@pytest.mark.parametrize(
    ("key", "music", "moved"),
    [
        ("C", "C E G", "C4 E4 G4"),
        ("G", "G, F G B d", "C4 B4 C5 E5 G5"),  # up a fourth: nearer than down a fifth
        ("D", "D F ^G =c", "C4 E4 F#4 Bb4"),  # down a tone, and C natural is lowered, so it stays lowered
        ("F", "F B", "C4 F4"),
        ("Bb", "B, E", "C4 F4"),
        ("Ab major", "A, D", "C4 F4"),
        ("F#m", "F A ^E", "A4 C5 G#4"),
        ("Gm", "G B ^F", "A4 C5 G#4"),
        ("E minor", "E F G", "A4 B4 C5"),
        ("Ador", "A B c ^f", "D5 E5 F5 B5"),
        ("E Dorian", "E F ^c", "D4 E4 B4"),
        ("D mix", "D F c", "G4 B4 F5"),
        ("F Lydian", "F A B", "F4 A4 B4"),
        ("B locrian", "B c d", "B4 C5 D5"),
        ("C#", "C E", "C4 E4"),
        ("Cb", "C E", "C4 E4"),
        ("D =c", "D c", "C4 Bb4"),
        ("D exp _b", "D F B", "C4 Eb4 Ab4"),
        ("Dphr^f", "D F", "E4 G#4"),
        ("none", "C ^F", "C4 F#4"),
        ("", "C ^F", "C4 F#4"),
    ],
)
def test_a_tune_is_moved_to_the_white_keys(key, music, moved):
    assert notes(music, key) == moved


@settings(deadline=None)
@given(st.integers(-7, 7), st.lists(st.sampled_from(["C", "^F", "_B", "=e", "g", "__A", "^^d"]), min_size=2))
def test_moving_a_tune_keeps_every_interval_and_is_never_far(sharps, music):
    """F C G D A E B is the order of sharps, so a key and its signature are found by counting along it."""
    tonic = ["Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"][sharps + 7]
    explicit = [note if note[0] in "^_=" else "=" + note for note in music]
    there, here = (read("|".join(explicit), key).examples[0] for key in (tonic, "C"))
    moves = {midi(a)[0] - midi(b)[0] for a, b in zip(there[0] + there[1], here[0] + here[1], strict=True)}
    assert len(moves) == 1 and abs(moves.pop()) <= 6


@pytest.mark.parametrize(
    ("head", "length"),
    [("M:4/4", "1/8"), ("M:6/8", "1/8"), ("M:3/4", "1/8"), ("M:2/4", "1/16"), ("M:C", "1/8"), ("M:C|", "1/8"),
     ("M:none", "1/8"), ("R:reel", "1/8"), ("M:2+3/16", "1/16"), ("L:1/16\nM:4/4", "1/16"), ("L:1", "1")],
)  # fmt: skip
def test_the_unit_length_follows_from_the_metre(head, length):
    assert read("C D", head=head).examples[0].inputs == (f"C4:{length}",)


def test_fields_inside_a_tune():
    assert notes("C [L:1/8] C [K:G] F | F\nK:C\nL:1/4\nF") == "C4 C4:1/8 F#4:1/8 F#4:1/8 F4"
    assert notes("C Z2 D", head="M:3/4\nL:1/4") == "C4 rest:3/2 D4"
    assert notes("(5CDEFG [M:3/4] (5CDEFG", head="M:6/8\nL:1/4").split()[4:6] == ["G4:3/20", "C4:1/10"]


def test_a_file_of_several_tunes():
    text = "%abc-2.1\nL:1/4\n\nX:1\nK:C\nC D\n\nX:2\nL:1/2\nK:C\nE F\nX:3\nK:C\nG A\n"
    assert [e.inputs[0] for e in read_tunes(text.encode()).examples] == ["C4:1/4", "E4:1/2", "G4:1/4"]
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\ufeff" + text):
        assert read_tunes(other.encode()) == read_tunes(text.encode())
    assert read_tunes(text.encode("utf-16")) == read_tunes(text.encode())
    assert read_tunes(text.replace("%abc", "%é").encode("latin-1")) == read_tunes(text.encode())


@pytest.mark.parametrize(
    ("music", "left", "reason"),
    [
        ("C [CEG] D", "C4 G4 D4", "Of a chord only the highest note"),
        ("C-[CE]C", "C4 E4 C4", "Of a chord only the highest note"),
        ("C {ag}D", "C4 D4", "Grace notes"),
        ("!trill!C ~D .E", "C4 D4 E4", "Decorations"),
        ("C D & E F | G", "C4 D4 G4", "Only the first voice"),
        ("C D @ E", "C4 D4 E4", "Not understood: @"),
        ("C E0 D", "C4 D4", "Not understood: E0"),
        ("C E/3 ^/F C999 D", "C4 D4", "Not understood: E/3 ^/F C999"),
        ("C (11DEFGABcdefg A B", "C4 A4 B4", "Not understood: (11"),
        ("C D\nw: la la", "C4 D4", "Words and symbols"),
        ("C D\nm: a = b", "C4 D4", "The field m:"),
        ("C D\nM:blue", "C4 D4", "Not understood: M:blue"),
        ("C Z D", "C4 D4", "Not understood: Z"),
        ('C E "Am D', "C4 E4", 'Not understood: "Am D'),
        ("-C D", "C4 D4", "Not understood: -"),
        ("C D ::::| E", "C4 D4 E4", "Not understood: ::::|"),
        ("C D |3-1 E", "C4 D4 E4", "Not understood: |3-1"),
    ],
)
def test_what_is_not_understood_is_named_and_left_out(music, left, reason):
    reading = read(music)
    (melody,) = reading.examples
    assert " ".join(melody.inputs + melody.answers).replace(":1/4", "") == left
    assert [line for line, named in reading.skipped if named.startswith(reason)] == [5 + music.count("\n")]


def test_one_reason_is_given_once_a_line():
    assert read("[CE] C [DF] D\n[EG] E").skipped == (
        Skipped(5, "Of a chord only the highest note is read: a melody has one note at a time."),
        Skipped(6, "Of a chord only the highest note is read: a melody has one note at a time."),
    )


def test_only_the_first_voice_is_read():
    reading = read("V:1\nC D\nV:2\nc [K:D] d\nV:1\nF [V:2] f [V:1] G\n")
    assert " ".join(reading.examples[0].answers) == "D4:1/4 F4:1/4 G4:1/4"
    assert [(line, "first voice" in reason) for line, reason in reading.skipped] == [(8, True), (10, True)]


@pytest.mark.parametrize(
    ("tune", "why"),
    [
        ("X:2\nT:No key\nC D E", "‘No key’ is left out: it has no line K:"),
        ("X:2\nT:Odd\nK:H\nCDE", "‘Odd’ is left out: its key K:H is not understood."),
        ("X:2\nK:CM\nCDE", "A tune without a title is left out: its key K:CM"),
        ("X:2\nK:G#\nCDE", "its key K:G# is not understood"),
        ("X:2\nK:C\nCDE\nK:Hmm\nCDE", "its key K:Hmm is not understood"),
        ("X:2\nL:1/3\nK:C\nCDE", "its unit length L:1/3 is not understood"),
        ("X:2\nM:tango\nK:C\nCDE", "its metre is not understood"),
        ("X:2\nK:C\nC z", "it has fewer than two notes"),
        ("X:2\nK:C\n" + "CD" * MOST_NOTES, f"more than {MOST_NOTES} notes"),
        ("X:2\nK:C\n|:" + "CD" * (MOST_NOTES // 2 - 100) + ":|", f"more than {MOST_NOTES} notes"),
    ],
)
def test_a_tune_that_cannot_be_used_costs_only_itself(tune, why):
    reading = read_tunes(f"X:1\nK:C\nCD\n\n{tune}\n\nX:3\nK:C\nEF\n".encode())
    assert len(reading.examples) == 2
    assert any(line == 5 and why in reason for line, reason in reading.skipped)
    with pytest.raises(Unreadable, match=r"No tune could be used\. Line 1: "):
        read_tunes(tune.encode())


def test_text_outside_tunes_is_named_once_a_paragraph_and_typeset_text_is_not_music():
    text = "Dear\nEve,\n\nX:1\nK:C\n%%begintext\nabba\n%%endtext\nCD\n\nA cab.\n\nX:2\nK:C\nEF"
    reading = read_tunes(text.encode())
    assert [(line, "Outside any tune" in reason) for line, reason in reading.skipped] == [(1, True), (11, True)]
    assert [len(tune.answers) for tune in reading.examples] == [1, 1]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"word\ttag\n", b"CDEF|", bytes(range(1, 256)), b"\xff\xfe"])
def test_a_file_without_tunes_says_what_a_tune_is(data):
    with pytest.raises(Unreadable, match="every tune begins with a line such as X:1"):
        read_tunes(data)


def test_midi():
    assert midi("C4:1/4") == (60, Fraction(1, 4)) and midi("A4:1") == (69, 1)
    assert [midi(f"{pitch}:1/8")[0] for pitch in ("F#4", "Gb4", "B3", "C##4", "C-1")] == [66, 66, 59, 62, 0]
    assert midi("rest:3/8") == (None, Fraction(3, 8))


# Whatever comes -------------------------------------------------------------------------------------------------------


def check(data: bytes) -> None:
    try:
        reading = read_tunes(data)
    except Unreadable as problem:
        assert str(problem)[-1] in ".…" and len(str(problem)) < 300
        return
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for skipped in reading.skipped:
        assert 1 <= skipped.line <= lines and len(skipped.reason) < 200 and skipped.reason.isprintable()
    assert len(set(reading.skipped)) == len(reading.skipped) and reading.examples
    for melody in reading.examples:
        sounds = [midi(note) for note in melody.inputs + melody.answers]
        assert len(melody.inputs) == 1 and 2 <= len(sounds) <= MOST_NOTES
        assert all(length > 0 and (key is None or 0 <= key < 128) for key, length in sounds)
        assert sounds[0][0] is not None and sounds[-1][0] is not None


@settings(deadline=None)
@given(st.binary() | st.binary().map(lambda data: b"X:1\nK:C\nCD" + data))
def test_any_bytes_give_a_reading_or_a_clear_sentence(data):
    check(data)


MUSIC = st.text(st.sampled_from("CDEFGABcdefgabzxZ,'^_=0123456789/><-|:[]()\"{}!+~.&\\% \nwVKLMXP"), max_size=200)
PIECES = ["|:", ":|", "::", "[1 ", "[2", "|1", "||", "(3", "(3:2:4", "[K:Ador]", "[L:1/16]", "[M:6/8]", "[V:2]", "C-C"]


@settings(max_examples=300, deadline=None)
@given(st.lists(MUSIC | st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from(["C", "F#m", "Db lyd"]))
@example("C,,,,,,,,,,C''''''''''", "C")
@example("|:C|1-9D:|[9-1E", "C")
@example("(9:99:99C>>>D<<<E", "C")
def test_any_text_of_abc_signs_does(music, key):
    check(f"X:1\nM:3/4\nK:{key}\nCD{music}\n".encode())


def test_a_large_file_is_read_whole():
    tunes = (DATA / "tunes.train.abc").read_bytes() + b"\n\n"
    times = 1_000_000 // len(tunes)
    assert len(read_tunes(tunes * times).examples) == times * len(read_tunes(tunes).examples)


NASTY = ['"', "{", "[", "!a", "^", "(", "(3", ":", "|:", "[V:", "[V:2]", "C>", "C-", "C'", "%", "\\%", "[K:G]", "&"]
NASTY += ["1", "C1", "y", "<", "+C", "@\n", "X:\n", "w:\n", " "]


@pytest.mark.parametrize("sign", NASTY)
def test_one_sign_again_and_again_does(sign):
    most = 400_000 if "\n" in sign else MOST_SIGNS - 10
    check(b"X:1\nK:C\nCD" + sign.encode() * (most // len(sign)))


def test_a_line_longer_than_any_music_is_left_out():
    reading = read("CDE\n" + "C" * (MOST_SIGNS + 1) + "\nF")
    assert reading.skipped == (Skipped(6, f"A line of {MOST_SIGNS + 1:,} characters is no music."),)
    assert len(reading.examples[0].answers) == 3
