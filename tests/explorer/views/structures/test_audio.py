"""A melody, heard and seen: the sound has the lengths and pitches that are written, the roll draws what it is given."""

import io
import wave
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.colors import unlabel_rgb

from core.data.abc_file import midi
from explorer.figures import piano_roll
from explorer.figures.piano_roll import Note
from explorer.theme import DARK, LIGHT
from explorer.views.structures.audio import A4, CONCERT_PITCH, LONGEST, RATE, melody, onsets, wav

TUNE = ["C4:1/4", "E4:1/4", "rest:1/4", "A4:3/8", "F#4:1/8", "Bb5:1/2"]
TOKENS = st.builds("{}:{}".format, st.sampled_from(["C-1", "C4", "F#4", "Bb5", "A4", "G9", "rest"]),
                   st.sampled_from(["1/64", "1/12", "1/8", "1/4", "3/8", "1"]))  # fmt: skip


def samples(data: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32767


# Heard ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@given(st.lists(TOKENS, max_size=12), st.sampled_from([40, 97.5, 110, 240]))
@settings(deadline=None)
def test_a_melody_lasts_as_long_as_its_notes_and_fits_into_the_file(notes, beats_per_minute):
    sound = samples(wav(notes, beats_per_minute))
    seconds = sum(midi(note)[1] for note in notes) * 4 * 60 / Fraction(beats_per_minute)
    assert len(sound) == round(seconds * RATE)
    assert np.abs(sound).max(initial=0) < 0.9


@pytest.mark.parametrize(
    ("note", "hertz"), [("A4", 440), ("A3", 220), ("C4", 261.63), ("F#5", 739.99), ("Bb2", 116.54)]
)
def test_the_strongest_frequency_is_that_of_the_note(note, hertz):
    sound = melody([f"{note}:1"], 60)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert np.argmax(spectrum) * RATE / len(sound) == pytest.approx(hertz, abs=RATE / len(sound))


def test_a_note_higher_than_the_file_can_hold_is_silent_instead_of_a_wrong_low_one():
    highest = CONCERT_PITCH * 2 ** ((127 - A4) / 12)
    assert highest > RATE / 2 and not melody(["G9:1/4"], 60).any()
    spectrum = np.abs(np.fft.rfft(melody(["C8:1"], 60)))  # 4186 Hz: two harmonics fit below 11 025 Hz
    below = spectrum[: int(4000 / RATE * 2 * len(spectrum))]
    assert below.max() < 0.01 * spectrum.max()


def test_rests_are_silent_and_notes_are_not():
    sound, quarter = melody(TUNE, 60), RATE
    assert not sound[2 * quarter : 3 * quarter].any()
    assert all(np.abs(sound[i * quarter : (i + 1) * quarter]).max() > 0.2 for i in (0, 1, 3, 5))


def test_a_note_begins_where_the_one_before_it_ends():
    assert onsets(["C4:1/4", "rest:1/8", "G4:1/2", "C4:1/4"], 60) == [0, 1, 1.5, 3.5]
    notes = ["C4:1/8", "D4:1/12", "rest:1/16", "E4:1/4"]
    sound = melody(notes, 97)
    for note, start in zip(notes, onsets(notes, 97), strict=True):
        begins = np.abs(sound[round(start * RATE) :][: RATE // 20]).max() > 0.2
        assert begins != note.startswith("rest")


def test_no_note_begins_or_ends_with_a_click():
    sound = melody(["C4:1/8", "C4:1/8", "B5:1/16", "rest:1/16", "E3:1/4"], 120)
    for beat in (0, 0.5, 1, 1.25, 1.5, 2.5):
        around = sound[max(0, int(beat / 2 * RATE) - 2) : int(beat / 2 * RATE) + 3]
        assert np.abs(around).max() < 0.01


def test_a_tone_fades():
    loud, soft = np.array_split(melody(["A3:1"], 60), 2)
    assert np.abs(loud).max() > 5 * np.abs(soft).max() > 0


def test_an_endless_tune_ends_and_none_is_empty():
    assert len(melody(["C4:99"] * 100, 60)) == LONGEST * RATE
    assert len(samples(wav([]))) == 0


# Seen -----------------------------------------------------------------------------------------------------------------

NOTES = [Note("C4", 60, 1), Note("E4", 64, 0.5), Note("rest", None, 1), Note("A4", 69, 1.5)]
P = [None, 0.9, 0.2, 0.02]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_roll_has_a_bar_for_every_note_and_none_for_a_rest(palette):
    (bars,) = piano_roll.figure(NOTES, P, 2, palette).data
    assert list(bars.base) == [0, 1, 2.5] and list(bars.y) == [60, 64, 69]
    assert all(length < note.beats for length, note in zip(bars.x, (NOTES[0], NOTES[1], NOTES[3]), strict=True))
    assert [told for *_, told in bars.customdata] == ["given", "P = 0.90", "P = 0.02"]
    ground, ink = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (palette.background, palette.forward))
    far = [
        np.abs(np.array(unlabel_rgb(fill)) - ground).sum() / np.abs(ink - ground).sum() for fill in bars.marker.color
    ]
    assert far == pytest.approx([0, 0.905, 0.069], abs=0.02)  # hollow, strong, faint


@pytest.mark.parametrize(("step", "start", "stop"), [(1, 0, 1), (2, 1, 1.5), (3, 1.5, 2.5), (4, 2.5, 4)])
def test_the_selected_step_is_marked_even_if_it_is_a_rest(step, start, stop):
    fig = piano_roll.figure(NOTES, P, step, LIGHT)
    (band,) = [shape for shape in fig.layout.shapes if shape.yref == "y domain"]
    assert (band.x0, band.x1) == (start, stop)
    framed = [i + 1 for i, width in zip((0, 1, 3), fig.data[0].marker.line.width, strict=True) if width > 2]
    assert framed == ([] if step == 3 else [step])


def test_the_given_note_is_named_and_every_note_has_a_key_beside_it():
    fig = piano_roll.figure(NOTES, P, 2, LIGHT)
    (told,) = fig.layout.annotations
    assert (told.text, told.x, told.y) == ("given", 0, 60)
    axis = fig.layout.yaxis
    assert dict(zip(axis.tickvals, axis.ticktext, strict=True))[60] == "C4"
    assert axis.range[0] < 60 and axis.range[1] > 69
    assert not piano_roll.figure(NOTES, [None] * 4, 2, LIGHT).layout.annotations


SOME = st.none() | st.floats(0, 1) | st.just(np.nan)
ANY = st.builds(Note, st.sampled_from(["C4", "rest", "<b>"]), st.none() | st.integers(0, 127), st.floats(0.01, 99))


@given(st.lists(st.tuples(ANY, SOME), max_size=30), st.integers(0, 31))
@settings(deadline=None, max_examples=50)
def test_any_melody_can_be_drawn_and_told(both, step):
    notes, p = [note for note, _ in both], [q for _, q in both]
    fig = piano_roll.figure(notes, p, step, DARK)
    assert 100 < fig.layout.height <= 360 and "<b>x" not in fig.to_json()
    assert piano_roll.sentence(notes, p).endswith(".")


def test_the_sentence_of_the_roll():
    assert piano_roll.sentence(NOTES, P) == (
        "4 notes in 4 beats, from C4 up to A4; the network was least sure of note 4, A4 (P = 0.02), "
        "and surest of note 2, E4 (P = 0.9)."
    )
    assert piano_roll.sentence(NOTES[:1], [None]) == "1 note in 1 beat."
    assert piano_roll.sentence(NOTES[:2], P[:2]) == (
        "2 notes in 1.5 beats, from C4 up to E4; the network gave note 2, E4, P = 0.9."
    )
    assert "not finite" in piano_roll.sentence(NOTES, [None, 0.5, np.nan, 0.1])
