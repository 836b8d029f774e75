"""How far the error of the last answer has to walk: how much of it arrives at each step."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.figures.base import UPRIGHT, shown, ticks
from explorer.formatting import clip_word, quoted, three_digits
from explorer.theme import Palette

DASHES, SYMBOLS = ("solid", "dash", "dot"), ("circle", "diamond", "square")
ROOM = 84  # px at the left, for the names of the lines
MOST_WORDS = 14  # below the axis
APART = 0.17  # of the height: two names one above the other


def figure(labels: Sequence[str], curves: Mapping[str, np.ndarray], palette: Palette) -> go.Figure:
    """Norms (T,) of each curve, by name, on a log scale; what has no logarithm is left out"""
    T = len(labels)
    fig = theme.figure(palette, height=300)
    looks = zip((palette.backward, palette.text, palette.forward), DASHES, SYMBOLS, strict=True)
    logs = {name: _log10(norms) for name, norms in curves.items()}
    colours = {}
    for (name, norms), (colour, dash, symbol) in zip(curves.items(), looks, strict=False):
        colours[name] = colour
        fig.add_scatter(
            x=np.arange(1, T + 1),
            y=logs[name],
            name=shown(name),
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"size": 8 if T <= 20 else 5, "symbol": symbol},
            cliponaxis=False,
            customdata=np.stack([[shown(label) for label in labels], np.array(norms, dtype=object)], axis=-1),
            hovertemplate="%{fullData.name}<br><b>%{customdata[0]}</b> (step %{x}): %{customdata[1]:.3e}"
            "<extra></extra>",
        )
    _axes(fig, labels, np.concatenate(list(logs.values())), palette)
    _names(fig, logs, colours)
    return fig


def _log10(norms: np.ndarray) -> np.ndarray:
    """NaN where there is no place on a logarithmic axis"""
    return np.log10(np.where((norms > 0) & np.isfinite(norms), norms, np.nan))


def _axes(fig: go.Figure, labels: Sequence[str], logs: np.ndarray, palette: Palette) -> None:
    known = logs[np.isfinite(logs)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    room = max(0.1, 0.06 * (high - low))
    low, high = low - room, high + room
    fig.update_yaxes(range=[low, high], side="right", **_powers(low, high))
    fig.update_xaxes(**ticks(labels, palette, MOST_WORDS), range=[0.7, len(labels) + 0.3], autotickangles=UPRIGHT)
    fig.update_layout(margin_l=ROOM, margin_t=16)


def _powers(low: float, high: float) -> dict:
    """Powers of ten; where there are fewer than two, plain numbers between them"""
    powers = np.arange(np.ceil(low), np.floor(high) + 1)
    if len(powers) >= 2:
        kept = powers[:: max(1, -(-len(powers) // 7))]
        return {"tickvals": kept, "ticktext": [f"10<sup>{power:.0f}</sup>" for power in kept]}
    marks = [m * 10.0**p for p in np.arange(np.floor(low), np.ceil(high)) for m in (1, 2, 3, 5, 7)]
    kept = [mark for mark in marks if low <= np.log10(mark) <= high]
    return {"tickvals": np.log10(kept), "ticktext": [f"{mark:.4g}" for mark in kept]}


def _names(fig: go.Figure, logs: Mapping[str, np.ndarray], colours: Mapping[str, str]) -> None:
    """Each line's name left of where it begins, moved down where two would stand in each other's way"""
    found = [(name, np.flatnonzero(np.isfinite(values))) for name, values in logs.items()]
    begins = sorted(((logs[name][known[0]], known[0] + 1, name) for name, known in found if known.size), reverse=True)
    low, high = fig.layout.yaxis.range
    last = np.inf
    for height, step, name in begins:
        last = min(float(height), last - APART * (high - low))
        if step > 1:  # the line begins far from its name
            fig.add_shape(type="line", x0=0.7, x1=step, y0=last, y1=height,
                          line={"color": colours[name], "width": 1, "dash": "dot"})  # fmt: skip
        words = shown(name).replace(" ", "<br>", 1)
        fig.add_annotation(x=0, xref="paper", xanchor="right", xshift=-6, y=last, text=f"<b>{words}</b>", align="right",
                           showarrow=False, font={"size": 13, "color": colours[name]})  # fmt: skip


def sentence(labels: Sequence[str], curves: Mapping[str, np.ndarray]) -> str:
    """How much of the error is left at the first step"""
    if len(labels) == 1:
        return "There is only one step: the error has nowhere to go."
    first, last = quoted(labels[0]), quoted(labels[-1])
    parts = [f"{clip_word(name)} {_left(norms[0], norms[-1])}" for name, norms in curves.items()]
    return f"The norm of the gradient at the first step, {first}, against the last, {last}: {'; '.join(parts)}."


def _left(first: float, last: float) -> str:
    if not np.isfinite(first) or not np.isfinite(last):
        return "not finite"
    return f"{three_digits(first / last)} times" if last else "nothing to compare, as it is 0 at the last"
