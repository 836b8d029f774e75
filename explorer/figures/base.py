"""What all figures share: one way to be built, margins and axes, and words that can be read on any ground."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from _plotly_utils.utils import to_typed_array_spec
from plotly.colors import find_intermediate_color, hex_to_rgb, label_rgb

from explorer.formatting import clip_word
from explorer.prose import prose, signed
from explorer.theme import Palette

MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
LEGEND_ABOVE = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
UPRIGHT = [0, -90]  # of words below a figure: slanted ones would lose the last
LETTERS = 12  # of a word at an axis
PALEST = 0.05  # of a colour where it means 0, so that it can be seen


class Drawn(go.Figure):
    """A figure that is made to be sent: on the way to the browser Plotly would copy it number by number."""

    def to_dict(self) -> dict[str, Any]:
        return _sent({"data": self._data, "layout": self._layout})


def _sent(value: Any, name: str = "") -> Any:
    """Arrays as Plotly sends them, but for its ranges; a list of numbers or words as it is"""
    if isinstance(value, dict):
        return {key: _sent(each, key) for key, each in value.items()}
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        return [_sent(each) for each in value]
    return to_typed_array_spec(value) if isinstance(value, np.ndarray) and name != "range" else value


def draw(data: list[dict], layout: dict) -> go.Figure:
    """A figure in one piece, from plain dicts.

    Built step by step (`add_scatter`, `update_layout`, …) it costs six times as much. It is validated in its test, not
    on every click.
    """
    return Drawn(data=data, layout=layout, _validate=False)


def layout(palette: Palette, height: int, shapes: Sequence[dict] = (), annotations: Sequence[dict] = (), **own) -> dict:
    """The letters, margins and axes of every figure, and what a figure has of its own"""
    overlays = {"shapes": shapes, "annotations": annotations}
    return {
        "height": height,
        "margin": MARGIN,
        "font": {"size": 13, "color": palette.text},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hoverlabel": {"font": {"size": 13}},
        "dragmode": False,  # or a swipe that begins on a figure would not scroll the page
        "xaxis": axis(palette),
        "yaxis": axis(palette),
        **own,
        **{kind: list(each) for kind, each in overlays.items() if each},
    }


def axis(palette: Palette, **own) -> dict:
    """An axis that cannot be dragged, with a quiet grid, and what it has of its own"""
    return {"gridcolor": palette.line, "zeroline": False, "automargin": True, "fixedrange": True, **own}


def title(name: str) -> dict:
    """What an axis measures, in the words of assets/prose/figures.md"""
    return {"text": prose("figures", name), "standoff": 8}


def power_of_ten(power: float) -> str:
    """Beside an axis"""
    return f"10<sup>{signed(f'{power:.0f}')}</sup>"


def hover(text: str) -> str:
    """A text of the prose as what is shown at a point: its lines one below the other, and no box with a name beside"""
    return text.replace("\n", "<br>") + "<extra></extra>"


def shown(text: str, most: int = 24) -> str:
    """Text from a user as itself: Plotly would read `<b>` as a command."""
    return escape(clip_word(text, most), quote=False)


def ticks(words: Sequence[str], palette: Palette, most: int = 20) -> dict:
    """Words along an axis, at 1, 2, 3, …: as many as there is room for"""
    every = -(-len(words) // most) or 1
    return {
        "tickvals": np.arange(1, len(words) + 1)[::every],
        "ticktext": [shown(word, LETTERS) for word in words][::every],
        "ticklabelstandoff": 3,
        "ticks": "",
        "tickfont": {"size": 13, "color": palette.text},
        "showgrid": False,
    }


def short_ticks(words: Sequence[str], most: int) -> dict:
    """Words along an axis, in the letters of all else"""
    every = -(-len(words) // most)
    return {
        "tickvals": np.arange(1, len(words) + 1)[::every],
        "ticktext": [clip_word(word, LETTERS) for word in words][::every],
    }


def mix(ground: str, colour: str, share: float) -> str:
    """So much of a colour on a ground"""
    return label_rgb(find_intermediate_color(hex_to_rgb(ground), hex_to_rgb(colour), share))
