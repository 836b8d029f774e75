"""A melody as a piano roll: time to the right, pitch upwards; the surer the network was of a note, the stronger."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import PALEST, axis, hover, layout, mix, shown
from explorer.formatting import three_digits, two_decimals
from explorer.prose import prose
from explorer.theme import Palette

ROOM = 1  # keys below the lowest and above the highest note
FEWEST = 12  # keys, so that two notes do not fill the height
GAP = 0.06  # beats between a note and the next, so that two of one pitch are two
STEPS = {0: "C", 2: "D", 4: "E", 5: "F", 7: "G", 9: "A", 11: "B"}  # the white keys, counted from C
LANDMARKS = {18: STEPS, 30: {0: "C", 5: "F", 9: "A"}}  # up to so many keys, those of them with a name at the axis


class Note(NamedTuple):
    name: str  # C4, or rest
    key: int | None  # the number of its key: C4 is 60; a rest has none
    beats: float


def figure(notes: Sequence[Note], p: Sequence[float | None], step: int, palette: Palette) -> go.Figure:
    """p: the probability that the network gave each note, None where a note was given to it; `step` is framed"""
    starts = np.cumsum([0.0, *(note.beats for note in notes)])
    low, high = _keys(notes)
    shapes = _black_keys(low, high, palette)
    if 1 <= step <= len(notes):
        shapes.append(_selected(starts[step - 1], starts[step], palette))
    given = [
        _given(start, note.key, palette)
        for start, note, probability in zip(starts, notes, p, strict=False)
        if note.key is not None and probability is None
    ]
    every = next((n for n in (1, 2, 4, 8, 16) if starts[-1] <= 20 * n), None)
    beats = {"title": {"text": prose("figures", "roll_axis"), "standoff": 4}, "tickfont": {"size": 12}}
    if every:
        beats["dtick"] = every
    return base.draw(
        [_bars(notes, p, starts, step, palette)],
        layout(
            palette,
            height=60 + min(300, 13 * (high - low + 1)),
            barcornerradius=3,
            xaxis=axis(palette, **beats, range=[0, starts[-1]]),
            yaxis=axis(palette, **_white_keys(low, high)),
            shapes=shapes,
            annotations=given if len(given) == 1 else [],
        ),
    )


def _bars(notes: Sequence[Note], p: Sequence[float | None], starts: np.ndarray, step: int, palette: Palette) -> dict:
    """A bar for every note, and none for a rest"""
    played = [i for i, note in enumerate(notes) if note.key is not None]
    styles = [_style(p[i], i == step - 1, palette) for i in played]
    fills, edges, widths = zip(*styles, strict=True) if styles else 3 * [()]
    places = {"note": "%{customdata[0]}", "name": "%{customdata[1]}", "beats": "%{customdata[2]:.3g}"}
    return {
        "type": "bar",
        "orientation": "h",
        "base": starts[played].tolist(),
        "x": [max(notes[i].beats - GAP, notes[i].beats / 2) for i in played],
        "y": [notes[i].key for i in played],
        "width": 0.86,
        "marker": {"color": fills, "line": {"color": edges, "width": widths}},
        "customdata": [(i + 1, shown(notes[i].name), notes[i].beats, _probability(p[i])) for i in played],
        "hovertemplate": hover(prose("figures", "roll_note", **places, probability="%{customdata[3]}")),
    }


def _style(p: float | None, is_selected: bool, palette: Palette) -> tuple[str, str, float]:
    """Fill, edge and its width: hollow where a note was given, the stronger the surer where the network chose it"""
    share = 0 if p is None else PALEST + (1 - PALEST) * float(np.nan_to_num(p))
    edge = palette.text if is_selected or p is None else palette.forward
    return mix(palette.background, palette.forward, share), edge, 2.5 if is_selected else 1.5 if p is None else 0.8


def _probability(p: float | None) -> str:
    return prose("figures", "roll_given") if p is None else f"P = {two_decimals(p)}"


def _given(start: float, key: int, palette: Palette) -> dict:
    """The one note that the network did not choose is named"""
    place = {"x": start, "y": key, "xanchor": "left", "yshift": 13, "showarrow": False}
    return {"text": prose("figures", "roll_given"), **place, "font": {"size": 11, "color": palette.text}}


def _selected(start: float, end: float, palette: Palette) -> dict:
    """The time of the selected step, from the bottom to the top"""
    box = {"type": "rect", "x0": start, "x1": end, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
    return {**box, "fillcolor": palette.faint, "opacity": 0.25, "line": {"width": 0}, "layer": "below"}


def _keys(notes: Sequence[Note]) -> tuple[int, int]:
    """The lowest and the highest key that are drawn"""
    keys = [note.key for note in notes if note.key is not None] or [60]
    low, high = min(keys) - ROOM, max(keys) + ROOM
    missing = max(0, FEWEST - (high - low + 1))
    return low - missing // 2, high + missing - missing // 2


def _black_keys(low: int, high: int, palette: Palette) -> list[dict]:
    """A stripe for each of them"""
    stripe = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    stripe |= {"fillcolor": palette.line, "opacity": 0.4, "line": {"width": 0}}
    black = [key for key in range(low, high + 1) if key % 12 not in STEPS]
    return [{**stripe, "y0": key - 0.5, "y1": key + 0.5} for key in black]


def _white_keys(low: int, high: int) -> dict:
    """The names of white keys along the axis: of all, of some, or of every C"""
    named = next((names for most, names in LANDMARKS.items() if high - low < most), {0: "C"})
    white = [key for key in range(low, high + 1) if key % 12 in named]
    return {
        "tickvals": white,
        "ticktext": [f"{named[key % 12]}{key // 12 - 1}" for key in white],
        "tickfont": {"size": 12},
        "ticklabelstandoff": 3,
        "range": [low - 0.5, high + 0.5],
        "showgrid": False,
    }


def sentence(notes: Sequence[Note], p: Sequence[float | None]) -> str:
    """The roll in words"""
    melody = _melody(notes)
    chosen = [(probability, i) for i, probability in enumerate(p) if probability is not None]
    if not chosen:
        return prose("figures", "roll", melody=melody)
    if not np.isfinite([probability for probability, _ in chosen]).all():
        return prose("figures", "roll_not_finite", melody=melody)
    (least, i), (most, j) = min(chosen), max(chosen, key=lambda found: found[0])
    note = {"note": i + 1, "name": notes[i].name, "p": three_digits(least)}
    if len(chosen) == 1:
        return prose("figures", "roll_one", melody=melody, **note)
    surest = {"surest": j + 1, "surest_name": notes[j].name, "surest_p": three_digits(most)}
    return prose("figures", "roll_least_and_most", melody=melody, **note, **surest)


def _melody(notes: Sequence[Note]) -> str:
    """How long it is and, where it moves, how far it reaches"""
    length = {"notes": len(notes), "beats": sum(note.beats for note in notes)}
    keys = sorted({(note.key, note.name) for note in notes if note.key is not None})
    if len(keys) < 2:
        return prose("figures", "roll_length", **length)
    return prose("figures", "roll_length_and_range", **length, lowest=keys[0][1], highest=keys[-1][1])
