"""A melody as a piano roll: time to the right, pitch upwards; the surer the network was of a note, the stronger."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.figures.base import mix, shown
from explorer.figures.probability_table import PALEST
from explorer.formatting import three_digits, two_decimals
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
    fig = theme.figure(palette, height=60 + min(300, 13 * (high - low + 1)), barcornerradius=3)
    _add_keyboard(fig, low, high, palette)
    if 1 <= step <= len(notes):
        fig.add_vrect(x0=starts[step - 1], x1=starts[step], fillcolor=palette.faint, opacity=0.25, line_width=0,
                      layer="below")  # fmt: skip
    played = [i for i, note in enumerate(notes) if note.key is not None]
    fills, edges, widths = (
        zip(*(_style(p[i], i == step - 1, palette) for i in played), strict=True) if played else 3 * [()]
    )
    fig.add_bar(
        orientation="h",
        base=starts[played],
        x=[max(notes[i].beats - GAP, notes[i].beats / 2) for i in played],
        y=[notes[i].key for i in played],
        width=0.86,
        marker={"color": fills, "line": {"color": edges, "width": widths}},
        customdata=[(i + 1, shown(notes[i].name), notes[i].beats, _told(p[i])) for i in played],
        hovertemplate="note %{customdata[0]}, <b>%{customdata[1]}</b>, beats: %{customdata[2]:.3g}"
        "<br>%{customdata[3]}<extra></extra>",
    )
    given = [i for i in played if p[i] is None]
    if len(given) == 1:
        place = {"x": starts[given[0]], "y": notes[given[0]].key, "xanchor": "left", "yshift": 13}
        fig.add_annotation(text="given", showarrow=False, font={"size": 11, "color": palette.text}, **place)
    every = next((n for n in (1, 2, 4, 8, 16) if starts[-1] <= 20 * n), None)
    fig.update_xaxes(title={"text": "beats", "standoff": 4}, range=[0, starts[-1]], dtick=every, tickfont={"size": 12})
    return fig


def _style(p: float | None, is_selected: bool, palette: Palette) -> tuple[str, str, float]:
    """Fill, edge and its width: hollow where a note was given, the stronger the surer where the network chose it"""
    share = 0 if p is None else PALEST + (1 - PALEST) * float(np.nan_to_num(p))
    edge = palette.text if is_selected or p is None else palette.forward
    return mix(palette.background, palette.forward, share), edge, 2.5 if is_selected else 1.5 if p is None else 0.8


def _told(p: float | None) -> str:
    return "given" if p is None else f"P = {two_decimals(p)}"


def _keys(notes: Sequence[Note]) -> tuple[int, int]:
    """The lowest and the highest key that are drawn"""
    keys = [note.key for note in notes if note.key is not None] or [60]
    low, high = min(keys) - ROOM, max(keys) + ROOM
    missing = max(0, FEWEST - (high - low + 1))
    return low - missing // 2, high + missing - missing // 2


def _add_keyboard(fig: go.Figure, low: int, high: int, palette: Palette) -> None:
    """A stripe for every black key, and the names of white ones"""
    black = [key for key in range(low, high + 1) if key % 12 not in STEPS]
    shapes = [{"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": key - 0.5, "y1": key + 0.5, "layer": "below",
               "fillcolor": palette.line, "opacity": 0.4, "line": {"width": 0}} for key in black]  # fmt: skip
    named = next((names for most, names in LANDMARKS.items() if high - low < most), {0: "C"})
    white = [key for key in range(low, high + 1) if key % 12 in named]
    fig.update_layout(shapes=shapes)
    fig.update_yaxes(
        tickvals=white,
        ticktext=[f"{named[key % 12]}{key // 12 - 1}" for key in white],
        tickfont={"size": 12},
        ticklabelstandoff=3,
        range=[low - 0.5, high + 0.5],
        showgrid=False,
    )


def sentence(notes: Sequence[Note], p: Sequence[float | None]) -> str:
    """The roll in words"""
    beats = sum(note.beats for note in notes)
    told = f"{_several(len(notes), 'note')} in {_several(beats, 'beat')}"
    keys = sorted({(note.key, note.name) for note in notes if note.key is not None})
    if len(keys) > 1:
        told += f", from {keys[0][1]} up to {keys[-1][1]}"
    drawn = [(q, i) for i, q in enumerate(p) if q is not None]
    if not drawn:
        return f"{told}."
    if not np.isfinite([q for q, _ in drawn]).all():
        return f"{told}; some of their probabilities are not finite."
    (least, i), (most, j) = min(drawn), max(drawn, key=lambda found: found[0])
    if len(drawn) == 1:
        return f"{told}; the network gave note {i + 1}, {notes[i].name}, P = {three_digits(least)}."
    return (
        f"{told}; the network was least sure of note {i + 1}, {notes[i].name} (P = {three_digits(least)}), "
        f"and surest of note {j + 1}, {notes[j].name} (P = {three_digits(most)})."
    )


def _several(count: float, what: str) -> str:
    return f"{count:.4g} {what}{'' if count == 1 else 's'}"
