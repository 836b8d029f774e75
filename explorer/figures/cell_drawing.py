"""The plain cell, drawn: at one step, what goes forward through it in blue, and the error on its way back in orange;
and the network as a loop, beside the chain that it is when each step is drawn."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, layout
from explorer.prose import placeholders, prose, sections
from explorer.theme import Palette

Place = tuple[float, float]
BOX = {"showarrow": False, "borderpad": 5, "borderwidth": 1.5}
BESIDE, ABOVE = {"forward": 26, "backward": 38}, 27  # px from the middle of a box to where an arrow begins or ends
NARROW, LOW = 20, 17  # the same of a box with one short word

ASIDE = {"xanchor": "left", "xshift": 8}  # what stands beside an arrow that goes up or down

# The cell at one step -------------------------------------------------------------------------------------------------


class Arrow(NamedTuple):
    """From one box to another; `label`: the name of the text at it, which stands at `at`"""

    start: str
    end: str
    label: str = ""
    at: Place = (0, 0)


PLACES = {"past": (0, 1), "input": (1.6, 0), "z": (1.6, 1), "a": (3.2, 1), "answer": (3.2, 2), "next": (4.7, 1)}
ARROWS = {
    "forward": (
        Arrow("past", "z", "by_past", (0.8, 1.36)),
        Arrow("input", "z", "by_input", (1.6, 0.5)),
        Arrow("z", "a", "a", (2.4, 1.36)),
        Arrow("a", "answer", "answer", (3.2, 1.5)),
        Arrow("a", "next"),
    ),
    "backward": (
        Arrow("z", "past", "past", (0.8, 1.36)),
        Arrow("z", "input"),
        Arrow("a", "z", "z", (2.4, 1.36)),
        Arrow("answer", "a", "from_y", (3.2, 1.5)),
        Arrow("next", "a", "from_next", (4.2, 0.64)),
    ),
}


def figure(way: str, t: int, numbers: Mapping[str, str], palette: Palette) -> go.Figure:
    """way: "forward" or "backward"; t, the step; numbers: what stands at the arrows, and in the boxes of z and a"""
    colour = palette.forward if way == "forward" else palette.backward
    known = {"before": t - 1, "t": t, "after": t + 1} | dict(numbers)
    arrows = [_arrow(PLACES[one.start], PLACES[one.end], colour, BESIDE[way], ABOVE) for one in ARROWS[way]]
    boxes = [
        {
            **BOX,
            **_word(place, prose("figures", f"drawing_{way}_{name}", **_used(text, known)), palette.text),
            "bordercolor": colour if name in ("z", "a") else palette.line,
            "bgcolor": palette.background,
        }
        for name, place in PLACES.items()
        for text in [f"drawing_{way}_{name}"]
    ]
    labels = [
        _word(one.at, prose("figures", f"drawing_{way}_by_{one.label}", **_used(text, numbers)), colour, 12)
        | (ASIDE if PLACES[one.start][0] == PLACES[one.end][0] else {})
        for one in ARROWS[way]
        if one.label
        for text in [f"drawing_{way}_by_{one.label}"]
    ]
    return _drawing([*arrows, *boxes, *labels], [-0.5, 5.15], [-0.35, 2.35], 290, palette)


def _used(name: str, known: Mapping[str, object]) -> dict[str, object]:
    """Of these values those that the text has a place for"""
    return {key: known[key] for key in placeholders(sections("figures")[name])}


# The loop, and the chain ----------------------------------------------------------------------------------------------

LOOP = "M 0.55 1.12 C 1.25 1.75 1.25 0.25 0.67 0.82"


def folded(T: int, palette: Palette) -> go.Figure:
    """The network as it is, a cell with a loop; beside it the same cell at the first steps, and at the last"""
    steps = [str(t) for t in range(1, T + 1)] if T < 4 else ["1", "2", "", str(T)]  # "": those that are not drawn
    chain = {(3.45 + 1.15 * i, 1.0): t for i, t in enumerate(steps)}
    notes = [_word((1.9, 1), "=", palette.text, 18), _word((2.45, 1), prose("figures", "folded_start"), palette.text)]
    for place, t in {(0.45, 1.0): "t", **chain}.items():
        notes += _cell(place, t, palette) if t else [_word(place, "…", palette.text, 18)]
    notes += [_arrow(*ends, palette.forward, NARROW, LOW) for ends in pairwise([(2.45, 1.0), *chain])]
    notes.append(_word((1.35, 1), prose("figures", "folded_state"), palette.text))
    loop = {"type": "path", "path": LOOP, "line": {"color": palette.forward, "width": 2}, "layer": "below"}
    notes.append(_arrow((0.8, 0.71), (0.6, 0.89), palette.forward, 0, 0))
    return _drawing(notes, [0.05, 7.3], [-0.3, 2.35], 210, palette, [loop])


def _cell(place: Place, t: str, palette: Palette) -> list[dict]:
    x, _ = place
    ink = {"bordercolor": palette.forward, "bgcolor": palette.background}
    ends = {"folded_input": (x, 0.0), "folded_answer": (x, 2.0)}
    ways = [
        _arrow((x, 0.0), place, palette.forward, NARROW, LOW),
        _arrow(place, (x, 2.0), palette.forward, NARROW, LOW),
    ]
    box = {**BOX, **_word(place, prose("figures", "folded_cell"), palette.text), **ink}
    return [*ways, box, *(_word(at, prose("figures", name, t=t), palette.text) for name, at in ends.items())]


# Both -----------------------------------------------------------------------------------------------------------------


def _word(place: Place, text: str, colour: str, size: int = 13) -> dict:
    font = {"size": size, "color": colour}
    return {"x": place[0], "y": place[1], "text": text, "showarrow": False, "font": font}


def _arrow(start: Place, end: Place, colour: str, beside: int, above: int) -> dict:
    """Between the middles of two boxes, as far as their edges, whose distance is in pixels on every screen"""
    room = beside if start[1] == end[1] else above
    ends = {"x": end[0], "y": end[1], "ax": start[0], "ay": start[1], "standoff": room, "startstandoff": room}
    in_data = {"xref": "x", "yref": "y", "axref": "x", "ayref": "y"}
    head = {"showarrow": True, "arrowhead": 2, "arrowwidth": 2, "arrowcolor": colour, "text": ""}
    return {**ends, **in_data, **head}


def _drawing(
    notes: list[dict], x: list[float], y: list[float], height: int, palette: Palette, shapes: Sequence[dict] = ()
) -> go.Figure:
    ways = {name: axis(palette, range=ends, visible=False) for name, ends in (("xaxis", x), ("yaxis", y))}
    nothing = [{"type": "scatter", "x": [], "y": []}]
    return base.draw(nothing, layout(palette, height=height, shapes=shapes, annotations=notes, **ways))
