"""One error on its way back, taken apart: what each part of each step does to its length, and how far that has come."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import LEGEND_ABOVE, axis, hover, layout, power_of_ten
from explorer.prose import prose
from explorer.theme import Palette

ROOM = 0.31  # powers of ten: ×½ and ×2 are always on the scale
LABEL = 15  # pixels that a label of an axis takes, with the room to the next
ROW = 0.4  # of two rows of bars each has this share of the height: the labels of one are clear of the other's
AROUND = 70  # pixels of a figure's height that its rows of bars, or its curves, do not have
MOST_DECADES = 3  # of an axis that has plain numbers; a longer one has powers of ten


class Part(NamedTuple):
    """What one part of every step does, from the loss backwards"""

    name: str
    values: np.ndarray  # (n,)  a factor, or a share
    colour: str


def factors(steps: np.ndarray, parts: Sequence[Part], palette: Palette, height: int = 185) -> go.Figure:
    """Two parts that follow each other, each a row of bars on the same log scale: up from ×1 what lengthens, down what
    shortens
    """
    with np.errstate(divide="ignore"):
        logs = [np.log10(part.values) for part in parts]
    known = np.concatenate([log[np.isfinite(log)] for log in logs])
    low, high = min(known.min(initial=0), -ROOM), max(known.max(initial=0), ROOM)
    bottom = low - 0.05 * (high - low)
    labels = log_ticks(low, high, ROW * (height - AROUND), prefix="×")
    scale = {"range": [bottom, high + 0.05 * (high - low)], **labels}
    drawn = [
        {**_bars(steps, part, np.where(np.isfinite(log), log, bottom)), "yaxis": name}
        for part, log, name in zip(parts, logs, ("y", "y2"), strict=True)
    ]
    upper, lower = (
        {**scale, "domain": domain, "title": {"text": part.name, "standoff": 8, "font": {"color": part.colour}}}
        for domain, part in zip(([1 - ROW, 1], [0, ROW]), parts, strict=True)
    )
    return _figure(drawn, palette, (upper, lower), "group", height)


def shares(steps: np.ndarray, parts: Sequence[Part], palette: Palette, height: int = 185) -> go.Figure:
    """Parts that are added: bars one upon the other, the negative ones below 0"""
    scale = {"title": {"text": prose("figures", "split_shares_axis"), "standoff": 8}, "nticks": 5}
    return _figure([_bars(steps, part, part.values) for part in parts], palette, (scale,), "relative", height)


def _bars(steps: np.ndarray, part: Part, heights: np.ndarray) -> dict:
    text = prose(
        "figures", "split_bar", back="%{x}", step="%{customdata[0]}", part=part.name, gain="%{customdata[1]:.4g}"
    )
    return {
        "type": "bar",
        "x": np.arange(1, len(steps) + 1, dtype=np.int16),
        "y": heights.astype(np.float32),
        "name": part.name,
        "marker": {"color": part.colour},
        "customdata": np.column_stack([steps, part.values]).astype(np.float32),
        "hovertemplate": hover(text),
    }


def _figure(drawn: list[dict], palette: Palette, scales: Sequence[Mapping], mode: str, height: int) -> go.Figure:
    """scales: of each row of bars, from above"""
    title = {"text": prose("figures", "split_axis"), "standoff": 4}
    below = {"anchor": "y2"} if len(scales) > 1 else {}
    rows = {
        name: axis(palette, **scale) | {"zeroline": True, "zerolinecolor": palette.faint}
        for name, scale in zip(("yaxis", "yaxis2"), scales, strict=False)
    }
    own = layout(
        palette,
        height=height,
        barmode=mode,
        bargap=0.15,
        margin=base.MARGIN | {"r": 20},
        xaxis=axis(palette, title=title, **step_ticks(len(drawn[0]["x"]), first=1), showgrid=False, **below),
        hovermode="x",  # a bar that is hardly higher than nothing is told, too
        showlegend=len(scales) == 1,  # a row of its own has its name beside it
        legend=LEGEND_ABOVE,
    )
    return base.draw(drawn, own | rows)


class Line(NamedTuple):
    """A size at every distance 0, 1, …, in powers of ten"""

    name: str
    logs: np.ndarray
    colour: str
    dash: str = "solid"
    width: float = 2.5
    is_chosen_from: bool = False  # a click on it chooses a distance


def lines(
    drawn: Sequence[Line], palette: Palette, height: int = 185, names_beside: bool = False, at: int | None = None
) -> go.Figure:
    """Sizes against distance, without what is 0 or not finite; names stand in a legend, or beside the lines

    at: the distance that is chosen, which is marked
    """
    known = np.concatenate([line.logs[np.isfinite(line.logs)] for line in drawn])
    low, high = known.min(initial=0), known.max(initial=0)
    margin = max(0.3, 0.06 * (high - low))
    low, high = low - margin, high + margin
    longest = max(len(line.logs) for line in drawn) - 1
    title = {"text": prose("figures", "split_axis"), "standoff": 4}
    y_title = {"text": prose("figures", "split_size"), "standoff": 14}
    return base.draw(
        [_line(line) for line in drawn],
        layout(
            palette,
            height=height,
            margin=base.MARGIN | ({"r": 215} if names_beside else {"r": 20}),
            xaxis=axis(palette, title=title, range=[-0.02 * longest, 1.02 * longest], **step_ticks(longest)),
            yaxis=axis(palette, title=y_title, range=[low, high], **log_ticks(low, high, height - AROUND)),
            showlegend=not names_beside,
            legend=LEGEND_ABOVE,
            annotations=_names(drawn, high - low) if names_beside else (),
            shapes=[] if at is None else [_upright(at, palette)],
            clickmode="event",
        ),
    )


def _upright(at: int, palette: Palette) -> dict:
    place = {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper"}
    return {**place, "line": {"color": palette.text, "width": 1.5, "dash": "dot"}}


def _line(line: Line) -> dict:
    return {
        "type": "scatter",
        "x": np.arange(len(line.logs), dtype=np.int16),
        "y": np.where(np.isfinite(line.logs), line.logs, np.nan).astype(np.float32),
        "name": line.name,
        "line": {"color": line.colour, "width": line.width, "dash": line.dash},
        "hovertemplate": hover(prose("figures", "decay_point", line=line.name, distance="%{x}", power="%{y:.2f}")),
        **(_MARKS if line.is_chosen_from else {"mode": "lines"}),
    }


_UNSEEN = {"marker": {"opacity": 0}}
_MARKS = {  # a line never says where it was clicked; invisible points on it do
    "mode": "lines+markers",
    "marker": {"size": 12, "opacity": 0},
    "selected": _UNSEEN,
    "unselected": _UNSEEN,
}


def _names(drawn: Sequence[Line], height: float) -> list[dict]:
    """Right of each line's last point, moved down where two would stand in each other's way"""
    ends = [(line, np.flatnonzero(np.isfinite(line.logs))) for line in drawn]
    order = sorted(((float(line.logs[at[-1]]), int(at[-1]), line) for line, at in ends if at.size), key=lambda e: -e[0])
    names, last = [], np.inf
    for end, distance, line in order:
        last = min(end, last - 0.07 * height)
        place = {"x": distance, "y": last, "xanchor": "left", "xshift": 6, "showarrow": False}
        names.append({"text": line.name, **place, "font": {"color": line.colour, "size": 12}})
    return names


def step_ticks(last: int, first: int = 0) -> dict:
    """Marks at the first step, at the last one, and at round steps between them that leave both readable"""
    every = next((step for step in (1, 2, 5, 10, 20, 50) if 8 * step >= last), 50)
    between = [t for t in range(every, last, every) if first < t <= last - 0.6 * every]
    return {"tickvals": [first, *between, *([last] if last > first else [])]}


def log_ticks(low: float, high: float, room: float, prefix: str = "") -> dict:
    """As many labels as `room` pixels hold: plain numbers where all lies within a few powers of ten, else the powers"""
    apart = LABEL * (high - low) / room  # powers of ten that one label takes
    for digits in ((1, 2, 5), (1, 3), (1,)):
        marks = [np.log10(m * 10.0**p) for p in range(int(np.floor(low)), int(np.ceil(high)) + 1) for m in digits]
        marks = [mark for mark in marks if low <= mark <= high]
        if high - low <= MOST_DECADES and min(np.diff(marks), default=0) >= apart:
            return {"tickvals": marks, "ticktext": [f"{prefix}{10**mark:.3g}" for mark in marks]}
    powers = range(int(np.ceil(low)), int(np.floor(high)) + 1)
    every = int(max(-(-len(powers) // 6), np.ceil(apart)))
    some = [power for power in powers if power % every == 0]  # 0, which is ×1, is among them
    return {"tickvals": some, "ticktext": [f"{prefix}{power_of_ten(power)}" if power else "1" for power in some]}
