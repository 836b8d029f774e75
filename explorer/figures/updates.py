"""The updates so far, ℒ and ‖g‖; and what the last click did to the loss of each word."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import axis, hover, layout, short_ticks, title
from explorer.formatting import clip_word, quoted, three_digits
from explorer.prose import prose
from explorer.theme import Palette

Learned = tuple[Sequence[str], Sequence[str]]  # what was read, and what should have been answered


def curve(losses: Sequence[float], norms: Sequence[float], learned: Sequence[Learned], palette: Palette) -> go.Figure:
    """ℒ and ‖g‖, (n,) each, on a logarithmic axis; learned (n,): on what. Where that changes, the lines are broken."""
    steps = np.arange(len(losses))
    breaks = [i for i in steps[1:] if learned[i] != learned[i - 1]]
    x = np.insert(steps.astype(float), breaks, np.nan)
    names = np.insert(np.array([clip_word(" ".join(words), 40) for words, _ in learned]), breaks, "")
    lines = {"ℒ": (losses, palette.forward, "solid"), "‖g‖": (norms, palette.backward, "dot")}
    traces = [
        {
            "type": "scatter",
            "x": x,
            "y": np.insert(np.array(values, dtype=float), breaks, np.nan),
            "customdata": names,
            "name": name,
            # a lone point between two gaps is no line
            "mode": "lines+markers" if len(losses) < 40 or breaks else "lines",
            "line": {"color": colour, "width": 2.5, "dash": dash},
            "hovertemplate": hover(
                prose("figures", "updates_point", updates="%{x}", name=name, value="%{y:.4g}", sentence="%{customdata}")
            ),
        }
        for name, (values, colour, dash) in lines.items()
    ]
    sizes = np.log10([value for value in (*losses, *norms) if has_place(value)] or [1.0])
    decades = [np.floor(sizes.min()), np.ceil(sizes.max() + 0.05)]
    log_scale = {"type": "log", "exponentformat": "power", "dtick": max(1, np.ptp(decades) // 6), "range": decades}
    log_scale["ticklabeloverflow"] = "allow"  # numbers stand at both ends; were all hidden, the title had no place
    every, end = -(-len(losses) // 8), max(len(losses) - 1, 1) * 1.08
    return base.draw(
        traces,
        layout(
            palette,
            height=230,
            margin={**base.MARGIN, "t": 18},  # half of the number above
            xaxis=axis(palette, title=title("updates_axis"), tick0=0, dtick=every, range=[0, end]),
            yaxis=axis(palette, title=title("sizes_axis"), **log_scale),
            annotations=[
                _name(name, steps[-1], values[-1], colour)
                for name, (values, colour, _) in lines.items()
                if has_place(values[-1])
            ],
        ),
    )


def _name(name: str, step: int, value: float, colour: str) -> dict:
    """The name of a line at its end"""
    place = {"x": step, "y": np.log10(value), "showarrow": False, "xanchor": "left"}
    return {"text": f" {name}", **place, "font": {"color": colour, "size": 14}}


def course(losses: Sequence[float], learned: Sequence[Learned]) -> str:
    """The curve in words"""
    if len({*learned}) > 1:
        return prose("figures", "updates_of_several", n=len({*learned}))
    if len(losses) < 2:
        return prose("figures", "updates_one", loss=three_digits(losses[0]))
    return prose("figures", "updates", first=three_digits(losses[0]), last=three_digits(losses[-1]))


def has_place(value: float) -> bool:
    """A logarithmic axis has no place for 0 or infinity."""
    return bool(0 < value < np.inf)


def before_after(words: Sequence[str], before: np.ndarray, after: np.ndarray, palette: Palette) -> go.Figure:
    """ℒ⟨t⟩ of every word: an open ring before the click, a full dot after it, a line between them"""
    T = len(words)
    t, gap = np.arange(1, T + 1), np.full(T, np.nan)
    moves = {
        "type": "scatter",
        "x": np.stack([t, t, gap], 1).ravel(),
        "y": np.stack([before, after, gap], 1).ravel(),
        "mode": "lines",
        "line": {"color": palette.faint, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return base.draw(
        [
            moves,
            _marks(words, before, prose("figures", "change_before"), {"symbol": "circle-open", "color": palette.faint}),
            _marks(words, after, prose("figures", "change_after"), {"symbol": "circle", "color": palette.forward}),
        ],
        layout(
            palette,
            height=230,
            xaxis=axis(palette, **short_ticks(words, 20), title=title("steps_axis"), showgrid=False),
            yaxis=axis(palette, title=title("losses_axis"), rangemode="tozero", nticks=5),
            showlegend=True,
            legend={"orientation": "h", "y": 1.15, "x": 0},
        ),
    )


def _marks(words: Sequence[str], losses: np.ndarray, name: str, look: dict) -> dict:
    places = {"word": "%{customdata}", "step": "%{x}", "loss": "%{y:.4g}"}
    return {
        "type": "scatter",
        "x": np.arange(1, len(words) + 1),
        "y": losses,
        "name": name,
        "mode": "markers",
        "marker": {**look, "size": 10, "line": {"width": 2}},
        "customdata": [clip_word(word) for word in words],
        "hovertemplate": hover(prose("figures", "change_point", name=name, **places)),
    }


def most_changed(words: Sequence[str], before: np.ndarray, after: np.ndarray) -> str:
    """The chart in words"""
    change = np.abs(after - before)
    if not np.isfinite(change).all():
        return prose("figures", "change_not_finite")
    largest = int(np.argmax(change))
    old, new = three_digits(before[largest]), three_digits(after[largest])
    if old == new:
        return prose("figures", "change_none")
    return prose("figures", "change", word=quoted(words[largest]), old=old, new=new)
