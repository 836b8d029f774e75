"""A melody as a piano roll: time to the right, pitch upwards; the surer the network was of a note, the stronger."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.figures.lettering import two_decimals
from explorer.theme import Palette

FAINTEST = 0.25  # the opacity of a note of probability 0
ROOM = 2  # keys above and below


class Note(NamedTuple):
    name: str  # C4, or rest
    key: int | None  # the number of the key; a rest has none
    beats: float


def figure(notes: Sequence[Note], p: Sequence[float | None], step: int, palette: Palette) -> go.Figure:
    """p: how probable the network held each note, None where it was given; the note read at `step` is framed"""
    starts = np.cumsum([0.0, *(note.beats for note in notes)])
    played = [i for i, note in enumerate(notes) if note.key is not None]
    fig = theme.figure(palette, height=280, bargap=0)
    fig.add_bar(
        orientation="h",
        base=[starts[i] for i in played],
        x=[notes[i].beats * 0.96 for i in played],
        y=[notes[i].key for i in played],
        width=0.9,
        marker={
            "color": [palette.positive if p[i] is None else palette.forward for i in played],
            "opacity": [
                1.0 if p[i] is None else FAINTEST + (1 - FAINTEST) * float(np.nan_to_num(p[i])) for i in played
            ],
            "line": {"color": palette.text, "width": [2 if i == step - 1 else 0 for i in played]},
        },
        customdata=[(notes[i].name, i + 1, "given" if p[i] is None else two_decimals(p[i])) for i in played],
        hovertemplate="<b>%{customdata[0]}</b>, note %{customdata[1]}<br>probability %{customdata[2]}<extra></extra>",
    )
    keys = {notes[i].key: notes[i].name for i in played}
    low, high = min(keys, default=60) - ROOM, max(keys, default=60) + ROOM
    fig.update_xaxes(title="beats", range=[0, starts[-1]], dtick=4)
    fig.update_yaxes(tickvals=list(keys), ticktext=list(keys.values()), range=[low, high])
    return fig


def sentence(notes: Sequence[Note], p: Sequence[float | None]) -> str:
    """The roll in words"""
    beats = sum(note.beats for note in notes)
    told = f"{len(notes)} note{'s' if len(notes) > 1 else ''} in {beats:g} beats"
    drawn = [
        (float(q), note.name, i) for i, (note, q) in enumerate(zip(notes, p, strict=True), start=1) if q is not None
    ]
    if not drawn:
        return f"{told}."
    q, name, place = min(drawn)
    return f"{told}; the boldest is {name} at place {place}, to which the network gave a probability of {q:.2g}."
