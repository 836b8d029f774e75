"""The plain cell at one step, drawn: what goes forward through it in blue, and the error on its way back in orange."""

from collections.abc import Mapping
from typing import NamedTuple

import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, layout
from explorer.prose import placeholders, prose, sections
from explorer.theme import Palette

HEIGHT = 260
BOX = {"showarrow": False, "borderpad": 5, "borderwidth": 1.5}


class Arrow(NamedTuple):
    """From one place to another; `number`: which of the given numbers stands at it, under the name of a text"""

    start: tuple[float, float]
    end: tuple[float, float]
    number: str
    at: tuple[float, float]


PLACES = {"past": (0, 1), "input": (1.6, 0), "z": (1.6, 1), "a": (3.2, 1), "answer": (3.2, 2), "next": (4.6, 1)}
ARROWS = {
    "forward": (
        Arrow((0.35, 1), (1.2, 1), "by_past", (0.75, 1.22)),
        Arrow((1.6, 0.2), (1.6, 0.78), "by_input", (2.1, 0.48)),
        Arrow((2.0, 1), (2.8, 1), "a", (2.4, 1.22)),
        Arrow((3.2, 1.22), (3.2, 1.78), "answer", (3.85, 1.52)),
        Arrow((3.6, 1), (4.3, 1), "", (0, 0)),
    ),
    "backward": (
        Arrow((1.1, 1), (0.25, 1), "past", (0.65, 1.22)),
        Arrow((1.6, 0.78), (1.6, 0.2), "", (0, 0)),
        Arrow((2.7, 1), (2.1, 1), "z", (2.4, 1.24)),
        Arrow((3.2, 1.78), (3.2, 1.22), "from_y", (3.85, 1.52)),
        Arrow((4.3, 1), (3.75, 1), "from_next", (4.15, 0.72)),
    ),
}


def figure(way: str, t: int, numbers: Mapping[str, str], palette: Palette) -> go.Figure:
    """way: "forward" or "backward"; t, the step; numbers: what stands at the arrows, and in the boxes of z and a"""
    colour = palette.forward if way == "forward" else palette.backward
    steps = {"before": t - 1, "t": t, "after": t + 1}
    boxes = [
        {
            **BOX,
            "x": x,
            "y": y,
            "text": prose("figures", f"drawing_{way}_{name}", **_used(f"drawing_{way}_{name}", steps | dict(numbers))),
            "bordercolor": colour if name in ("z", "a") else palette.line,
            "bgcolor": palette.background,
            "font": {"size": 13, "color": palette.text},
        }
        for name, (x, y) in PLACES.items()
    ]
    arrows = [
        {
            "x": end[0],
            "y": end[1],
            "ax": start[0],
            "ay": start[1],
            "xref": "x",
            "yref": "y",
            "axref": "x",
            "ayref": "y",
            "showarrow": True,
            "arrowhead": 2,
            "arrowwidth": 2,
            "arrowcolor": colour,
            "text": "",
        }
        for start, end, _, _ in ARROWS[way]
    ]
    labels = [
        {
            "x": at[0],
            "y": at[1],
            "showarrow": False,
            "text": prose("figures", f"drawing_{way}_by_{name}", number=numbers[name]),
            "font": {"size": 12, "color": colour},
        }
        for _, _, name, at in ARROWS[way]
        if name
    ]
    hidden = {"visible": False}
    return base.draw(
        [{"type": "scatter", "x": [], "y": []}],
        layout(
            palette,
            height=HEIGHT,
            xaxis=axis(palette, range=[-0.4, 5.0], **hidden),
            yaxis=axis(palette, range=[-0.3, 2.35], **hidden),
            annotations=[*arrows, *boxes, *labels],
        ),
    )


def _used(name: str, values: Mapping[str, object]) -> dict:
    """Of these values those that the text has a place for"""
    return {key: values[key] for key in placeholders(sections("figures")[name])}
