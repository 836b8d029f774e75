"""How things look and what they are called: the palettes, and the names of cells and options.

A colour means one thing in the whole app: blue is forward, orange is backward, yellow is an update, violet and green
are the two signs of a hidden value, and the size of a gradient is read on one scale, absolute and logarithmic, that no
sentence rescales.
"""

from typing import NamedTuple

import numpy as np

from core.cells import CELLS
from core.initialisers import INITIALISERS
from core.optimisers import CLIPS
from explorer.prose import prose


class Palette(NamedTuple):
    """The colours of .streamlit/config.toml that figures need"""

    background: str
    text: str
    faint: str
    line: str
    forward: str
    backward: str
    update: str
    negative: str
    positive: str
    gradient: tuple[str, ...]  # from a gradient of 10^LOW to one of 10^HIGH
    cells: dict[str, str]  # where cells are compared, each has one colour, one line and one mark


LOW, HIGH = -8, 1  # the gradient scale, in powers of ten

LIGHT = Palette(
    background="#ffffff",
    text="#0f172a",
    faint="#94a3b8",
    line="#dfe4ec",
    forward="#2563eb",
    backward="#c8420d",
    update="#8a6100",
    negative="#762a83",
    positive="#1b7837",
    gradient=("#fdf3ec", "#f8d3bb", "#ef9f6e", "#c8420d", "#7a1f05"),
    cells={"tanh": "#b4236b", "relu": "#7c3aed", "gru": "#0f766e", "lstm": "#2563eb"},
)
DARK = Palette(
    background="#0f1420",
    text="#e8ecf4",
    faint="#8290a8",
    line="#323b50",
    forward="#6ea8fe",
    backward="#ff9355",
    update="#f2c14e",
    negative="#c79bdc",
    positive="#7fce92",
    gradient=("#1c1b22", "#4a2a1c", "#9a4a1c", "#ff9355", "#ffe3d0"),
    cells={"tanh": "#f58ab5", "relu": "#b69cff", "gru": "#4fd1b8", "lstm": "#6ea8fe"},
)


CELL_NAMES = {cell: prose("names", cell) for cell in CELLS}
OPTION_NAMES = CELL_NAMES | {option: prose("names", option) for option in (*INITIALISERS, *CLIPS, "both")}
CELL_DASHES = {"tanh": "solid", "relu": "dashdot", "gru": "longdash", "lstm": "dot"}
CELL_SYMBOLS = {"tanh": "circle", "relu": "diamond", "gru": "square", "lstm": "triangle-up"}


def gradient_scale(palette: Palette) -> list[tuple[float, str]]:
    steps = np.linspace(0, 1, len(palette.gradient))
    return list(zip(steps.tolist(), palette.gradient, strict=True))
