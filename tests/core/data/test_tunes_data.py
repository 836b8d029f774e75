"""The melodies in assets/data/: read whole, every bar full, and none in both parts."""

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from core.data.abc_file import midi, read_tunes

DATA = Path(__file__).resolve().parents[3] / "assets" / "data"
PARTS = {part: (DATA / f"tunes.{part}.abc").read_bytes() for part in ("train", "held_out")}
TUNES = {part: re.findall(r"(?ms)^X:.*?(?=^$|\Z)", data.decode()) for part, data in PARTS.items()}
EVERY_TUNE = TUNES["train"] + TUNES["held_out"]


def field(tune: str, name: str) -> str:
    return re.search(f"(?m)^{name}:(.*)", tune)[1]


def lasts(bar: str, unit: str) -> Fraction:
    """How long a bar lasts; the two notes around it are there for bars of rests"""
    (example,) = read_tunes(f"X:1\nL:{unit}\nK:C\nC {bar} C".encode()).examples
    return sum(midi(note)[1] for note in example.inputs + example.answers) - 2 * Fraction(unit)


@pytest.mark.parametrize("part", PARTS)
def test_every_tune_is_read_and_no_line_is_left_out(part):
    reading = read_tunes(PARTS[part])
    assert reading.skipped == () and len(reading.examples) == len(TUNES[part])
    assert all(15 < len(example.answers) < 200 for example in reading.examples)


def test_there_are_enough_tunes_and_a_fifth_is_held_out():
    assert len(EVERY_TUNE) >= 100 and len(TUNES["held_out"]) == len(EVERY_TUNE) // 5


@pytest.mark.parametrize("tune", EVERY_TUNE, ids=lambda tune: field(tune, "T"))
def test_every_bar_is_full(tune):
    """A short bar is an upbeat or the one at the end that makes up for it, so two by two they are full too."""
    assert field(tune, "C") and field(tune, "O")
    music = tune.partition("\nK:")[2].partition("\n")[2]
    bars = [lasts(bar, field(tune, "L")) for bar in re.split(r"[|:\]]+", music.replace("-", "")) if bar.strip()]
    full = Fraction(field(tune, "M"))
    short = [bar for bar in bars if bar != full]
    assert len(short) % 2 == 0 and len(bars) >= 4
    assert {first + last for first, last in zip(short[::2], short[1::2], strict=True)} <= {full}


def test_no_tune_is_in_both_parts():
    """Told by the steps from note to note, eight at a time: another version of a tune would share many of them."""

    def steps(example) -> set[tuple[int, ...]]:
        pitches = [key for key, _ in map(midi, example.inputs + example.answers) if key is not None]
        moves = [after - before for before, after in pairwise(pitches)]
        return {tuple(moves[i : i + 8]) for i in range(len(moves) - 7)}

    train, held_out = ([steps(example) for example in read_tunes(PARTS[part]).examples] for part in PARTS)
    assert max(len(tune & other) / len(tune) for tune in held_out for other in train) < 0.4
    titles = [field(tune, "T") for tune in EVERY_TUNE]
    assert len(titles) == len(set(titles))
