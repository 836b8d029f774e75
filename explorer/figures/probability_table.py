"""A table of probabilities as colours, on one fixed scale from 0 to 1, with the numbers in its cells."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import LETTERS, UPRIGHT, axis, hover, ink, layout, mix, shown, ticks
from explorer.formatting import two_decimals
from explorer.theme import Palette

HEIGHT = 300  # of all rows together, at most
ROW = 34  # px, at most
LETTER = 8  # px, about
NARROW = 250  # px: what a phone has left for all columns
MOST_NUMBERED = 16  # columns: in more, a number is wider than its cell
NO_ZERO = 9  # in more columns than that, 0.82 is written .82
PALEST = 0.05  # of the colour in a cell of 0, so that a cell can be seen
PLACES = {"row": "%{customdata[0]}", "column": "%{customdata[1]}", "p": "%{z:.3f}"}  # for the text of a cell


def figure(
    p: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    is_numbered: np.ndarray,
    colour: str,
    cell_text: str,
    palette: Palette,
    shapes: Sequence[dict] = (),
) -> go.Figure:
    """The table of p (rows, columns).

    A number stands in a cell where `is_numbered` (rows, columns) is true. `cell_text` is shown when a cell is pointed
    at; it was made with PLACES. `shapes` are drawn over the table; the cell [i, j] lies around x = j + 1, y = i + 1.
    """
    n, m = p.shape
    row_height = min(ROW, HEIGHT / n)
    names = np.broadcast_arrays(*np.ix_([shown(name) for name in rows], [shown(name) for name in columns]))
    cells = {
        "type": "heatmap",
        "z": p.astype(np.float32),
        "x": np.arange(1, m + 1),
        "y": np.arange(1, n + 1),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [(0, mix(palette.background, colour, PALEST)), (1, colour)],
        "showscale": False,
        "xgap": 2 if m <= 24 else 1,
        "ygap": 2 if n <= 24 else 1,
        "customdata": np.dstack(names),
        "hovertemplate": hover(cell_text),
        "hoverongaps": False,
    }
    has_numbers = m <= MOST_NUMBERED and row_height >= 12
    return base.draw(
        [cells, _numbers(p, is_numbered, colour, palette)] if has_numbers else [cells],
        layout(
            palette,
            height=int(n * row_height) + _below(columns),
            minreducedheight=10,  # a single row, too, makes room for upright words
            xaxis=axis(palette, **ticks(columns, palette), range=[0.5, m + 0.5], autotickangles=UPRIGHT),
            yaxis=axis(palette, **ticks(rows, palette, int(HEIGHT / 14)), range=[n + 0.5, 0.5]),
            shapes=shapes,
        ),
    )


def _below(columns: Sequence[str]) -> int:
    """Room for the words below, which stand upright where they are too long to lie"""
    longest = LETTER * min(LETTERS, max(map(len, columns)))
    return 45 if longest <= NARROW / len(columns) else 25 + int(longest)


def _numbers(p: np.ndarray, is_numbered: np.ndarray, colour: str, palette: Palette) -> dict:
    rows, columns = np.nonzero(is_numbered)
    m, values = p.shape[1], p[rows, columns]
    texts = [two_decimals(value) for value in values]
    shares = PALEST + (1 - PALEST) * np.nan_to_num(values)
    return {
        "type": "scatter",
        "x": columns + 1,
        "y": rows + 1,
        "mode": "text",
        "text": [text.removeprefix("0") for text in texts] if m > NO_ZERO else texts,
        "textfont": {
            "size": 13 if m <= 6 else 11 if m <= 12 else 10,
            "color": [ink(mix(palette.background, colour, share)) for share in shares],
        },
        "hoverinfo": "skip",
    }
