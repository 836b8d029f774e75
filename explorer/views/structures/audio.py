"""A melody to hear: notes -> the bytes of a sound file. A tone is a sum of fading sines, as on a plucked string."""

import io
import wave
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

import numpy as np

from core.data.abc_file import midi

RATE = 22_050  # samples a second
A4, CONCERT_PITCH = 69, 440.0  # the key of A4 on a keyboard, and its frequency in hertz
HARMONICS = np.array([1.0, 0.45, 0.25, 0.1, 0.06, 0.03])  # how loud 1, 2, 3, … times the frequency are
FADE = 2.0  # a second: the first harmonic; the n-th fades n times as fast, so a tone begins bright and ends soft
ATTACK, RELEASE = 0.004, 0.04  # seconds: a tone that begins or ends at once would click
LOUDEST = 0.85  # of what a file can hold, were all sines to meet at their highest
TEMPO = 110  # beats a minute
LONGEST = 120  # seconds: what an endless tune lasts


def wav(notes: Sequence[str], beats_per_minute: float = TEMPO) -> bytes:
    """A file of 16 bits, mono. notes: such as "C4:1/4" and "rest:1/8", one after the other; a beat is a quarter"""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.rint(melody(notes, beats_per_minute) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def onsets(notes: Sequence[str], beats_per_minute: float = TEMPO) -> list[float]:
    """When each note begins, in seconds"""
    return [float(end) for end in _ends(notes, beats_per_minute)[:-1]]


def _ends(notes: Sequence[str], beats_per_minute: float) -> list[Fraction]:
    """0, then when each note ends, in seconds: exact numbers, so that no error adds up"""
    seconds = (midi(note)[1] * 4 * 60 / Fraction(beats_per_minute) for note in notes)
    return [min(end, Fraction(LONGEST)) for end in accumulate(seconds, initial=Fraction(0))]


def melody(notes: Sequence[str], beats_per_minute: float) -> np.ndarray:
    """The samples, between −1 and 1, of notes one after the other"""
    keys_and_lengths = [midi(note) for note in notes]
    places = [round(end * RATE) for end in _ends(notes, beats_per_minute)]
    spans = [(key, *places[i : i + 2]) for i, (key, _) in enumerate(keys_and_lengths) if key is not None]
    samples = {key: max(stop - start for k, start, stop in spans if k == key) for key, _, _ in spans}
    tones = {key: tone(key, n) for key, n in samples.items()}  # each key once, as long as it is ever held
    sound = np.zeros(places[-1])
    for key, start, stop in spans:
        sound[start:stop] = tones[key][: stop - start]
        closing = sound[max(start, stop - int(RELEASE * RATE)) : stop]
        closing *= _rise(np.linspace(1, 0, len(closing)))
    return sound


def tone(key: int, samples: int) -> np.ndarray:
    """The samples of one tone, from its attack on:

    Σ_n h_n e^(−n·FADE·t) sin(2π n f t) = Im Σ_n h_n zⁿ, z = e^((2πif − FADE) t), f = 440 Hz · 2^((key − 69) / 12)
    """
    frequency, t = CONCERT_PITCH * 2 ** ((key - A4) / 12), np.arange(samples) / RATE
    audible = np.arange(1, len(HARMONICS) + 1) * frequency < RATE / 2  # others would come back as wrong low tones
    h = LOUDEST * HARMONICS / HARMONICS.sum() * audible
    z = np.exp((2j * np.pi * frequency - FADE) * t)
    return np.polyval([*h[::-1], 0], z).imag * _rise(t / ATTACK)


def _rise(x: np.ndarray) -> np.ndarray:
    """A curve without a corner that rises from 0 to 1 as x does, and stays there"""
    return np.sin(np.pi / 2 * np.minimum(x, 1)) ** 2
