"""A melody to listen to: notes -> the bytes of a sound file. A tone is a few sines that fade like a plucked string."""

import io
import wave
from collections.abc import Sequence

import numpy as np

from core.abc_notation import midi

RATE = 22_050  # samples a second
A4, CONCERT_PITCH = 69, 440.0  # the key of A4, and its frequency in hertz
HARMONICS = np.array([1.0, 0.5, 0.25, 0.12, 0.06])  # how loud the first few multiples of a tone's frequency are
FADE = 2.5  # a second: the first harmonic; the n-th fades n times as fast, as on a string
ATTACK, RELEASE = 0.005, 0.03  # seconds: a tone that begins or ends at once would click
LOUDEST = 0.8  # of what the file can hold


def wav(notes: Sequence[str], beats_per_minute: float = 110) -> bytes:
    """notes such as "C4:1/4" and "rest:1/8", one after the other; a beat is a quarter. 16 bits, mono"""
    sound = melody(notes, beats_per_minute)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.round(sound * 32767).astype("<i2").tobytes())
    return file.getvalue()


def melody(notes: Sequence[str], beats_per_minute: float) -> np.ndarray:
    """Samples between −1 and 1"""
    heard = [midi(note) for note in notes]
    ends = np.cumsum([0.0, *(float(length) * 4 * 60 / beats_per_minute for _, length in heard)])
    places = np.round(ends * RATE).astype(int)
    sound = np.zeros(places[-1])
    for (pitch, _), start, stop in zip(heard, places, places[1:], strict=False):
        if pitch is not None:
            sound[start:stop] = tone(pitch, stop - start)
    return sound


def tone(pitch: int, samples: int) -> np.ndarray:
    """Σ_n h_n sin(2π n f t) e^(−n·FADE·t), with f = 440 Hz · 2^((pitch − 69) / 12)"""
    t, n = np.arange(samples) / RATE, np.arange(1, len(HARMONICS) + 1)[:, None]
    frequency = CONCERT_PITCH * 2 ** ((pitch - A4) / 12)
    audible = HARMONICS[:, None] * (n * frequency < RATE / 2)  # higher ones would come back as wrong low tones
    sound = (audible * np.sin(2 * np.pi * n * frequency * t) * np.exp(-n * FADE * t)).sum(axis=0)
    edges = np.minimum(t / ATTACK, (samples / RATE - t) / RELEASE).clip(0, 1)
    return LOUDEST / HARMONICS.sum() * sound * edges
