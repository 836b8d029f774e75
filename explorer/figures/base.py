"""How words and numbers stand in a figure: as themselves, short enough, and readable on their ground."""

from collections.abc import Sequence
from html import escape

import numpy as np
from plotly.colors import find_intermediate_color, hex_to_rgb, label_rgb, unlabel_rgb

from explorer.formatting import clip_word
from explorer.theme import Palette

LETTERS = 12  # of a word at an axis
WHITE = 4.5  # the contrast of white letters that is enough; black ones then have as much on what is lighter. WCAG 2


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


UPRIGHT = [0, -90]  # of words below a figure: slanted ones would lose the last


def mix(ground: str, colour: str, share: float) -> str:
    """So much of a colour on a ground"""
    return label_rgb(find_intermediate_color(hex_to_rgb(ground), hex_to_rgb(colour), share))


def ink(ground: str) -> str:
    """White where it can be read on this `rgb(…)`, else black"""
    parts = np.array(unlabel_rgb(ground)) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return "white" if 1.05 / (luminance + 0.05) >= WHITE else "black"
