"""How far the error of the last answer has to walk: how much of it arrives at each step."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import MARGIN, UPRIGHT, axis, hover, layout, short_ticks, shown, ticks
from explorer.formatting import clip_word, quoted, three_digits
from explorer.prose import prose
from explorer.theme import HIGH, LOW, Palette

DASHES, SYMBOLS = ("solid", "dash", "dot"), ("circle", "diamond", "square")
ROOM = 84  # px at the left, for the names of the lines
MOST_WORDS = 14  # below the axis
APART = 0.17  # of the height: two names one above the other


def figure(labels: Sequence[str], curves: Mapping[str, np.ndarray], palette: Palette) -> go.Figure:
    """Norms (T,) of each curve, by name, on a log scale that fits them; what has no logarithm is left out"""
    colours = dict(zip(curves, (palette.backward, palette.text, palette.forward), strict=False))
    logs = {name: _log10(norms) for name, norms in curves.items()}
    low, high = _range(np.concatenate(list(logs.values())))
    styles = zip(DASHES, SYMBOLS, strict=True)
    traces = [
        _curve(labels, name, logs[name], curves[name], colours[name], *style)
        for name, style in zip(colours, styles, strict=False)
    ]
    names, links = _names(logs, low, high, colours)
    words = {**ticks(labels, palette, MOST_WORDS), "range": [0.7, len(labels) + 0.3], "autotickangles": UPRIGHT}
    return base.draw(
        traces,
        layout(
            palette,
            height=300,
            xaxis=axis(palette, **words),
            yaxis=axis(palette, range=[low, high], side="right", **_powers(low, high)),
            margin=MARGIN | {"l": ROOM, "t": 16},
            annotations=names,
            shapes=links,
        ),
    )


def _log10(norms: np.ndarray) -> np.ndarray:
    """NaN where there is no place on a logarithmic axis"""
    return np.log10(np.where((norms > 0) & np.isfinite(norms), norms, np.nan))


def _curve(
    labels: Sequence[str], name: str, logs: np.ndarray, norms: np.ndarray, colour: str, dash: str, symbol: str
) -> dict:
    T = len(labels)
    places = {"curve": "%{fullData.name}", "word": "%{customdata[0]}", "step": "%{x}", "norm": "%{customdata[1]:.3e}"}
    return {
        "type": "scatter",
        "x": np.arange(1, T + 1),
        "y": logs,
        "name": shown(name),
        "mode": "lines+markers",
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "marker": {"size": 8 if T <= 20 else 5, "symbol": symbol},
        "cliponaxis": False,
        "customdata": np.stack([[shown(label) for label in labels], np.array(norms, dtype=object)], axis=-1),
        "hovertemplate": hover(prose("figures", "error_point", **places)),
    }


def _range(logs: np.ndarray) -> tuple[float, float]:
    known = logs[np.isfinite(logs)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    room = max(0.1, 0.06 * (high - low))
    return low - room, high + room


def _powers(low: float, high: float) -> dict:
    """Powers of ten; where there are fewer than two, plain numbers between them"""
    powers = np.arange(np.ceil(low), np.floor(high) + 1)
    if len(powers) >= 2:
        some = powers[:: max(1, -(-len(powers) // 7))]
        return {"tickvals": some, "ticktext": [f"10<sup>{power:.0f}</sup>" for power in some]}
    numbers = [m * 10.0**p for p in np.arange(np.floor(low), np.ceil(high)) for m in (1, 2, 3, 5, 7)]
    marks = [number for number in numbers if low <= np.log10(number) <= high]
    return {"tickvals": np.log10(marks), "ticktext": [f"{mark:.4g}" for mark in marks]}


def _names(
    logs: Mapping[str, np.ndarray], low: float, high: float, colours: Mapping[str, str]
) -> tuple[list[dict], list[dict]]:
    """Each line's name left of where it begins, moved down where two would stand in each other's way

    Where a line begins far from its name, a dotted link leads to it.
    """
    known = {name: np.flatnonzero(np.isfinite(values)) for name, values in logs.items()}
    begins = sorted(((logs[name][at[0]], at[0] + 1, name) for name, at in known.items() if at.size), reverse=True)
    names, links, last = [], [], np.inf
    for height, step, name in begins:
        last = min(float(height), last - APART * (high - low))
        if step > 1:
            line = {"color": colours[name], "width": 1, "dash": "dot"}
            links.append({"type": "line", "x0": 0.7, "x1": step, "y0": last, "y1": height, "line": line})
        place = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -6, "y": last, "align": "right"}
        text = f"<b>{shown(name).replace(' ', '<br>', 1)}</b>"
        names.append({"text": text, **place, "showarrow": False, "font": {"size": 13, "color": colours[name]}})
    return names, links


def sentence(labels: Sequence[str], curves: Mapping[str, np.ndarray]) -> str:
    """How much of the error is left at the first step"""
    if len(labels) == 1:
        return prose("figures", "error_one_step")
    parts = "; ".join(_ratio(clip_word(name), norms[0], norms[-1]) for name, norms in curves.items())
    return prose("figures", "error", first=quoted(labels[0]), last=quoted(labels[-1]), curves=parts)


def _ratio(curve: str, first: float, last: float) -> str:
    if not np.isfinite(first) or not np.isfinite(last):
        return prose("figures", "error_not_finite", curve=curve)
    if not last:
        return prose("figures", "error_zero", curve=curve)
    return prose("figures", "error_ratio", curve=curve, ratio=three_digits(first / last))


# One error, on a scale that never changes -----------------------------------------------------------------------------


def one_curve(words: Sequence[str], norms: np.ndarray, palette: Palette) -> go.Figure:
    """‖∂ℒ⟨T⟩/∂state⟨k⟩‖ (T,), the last word's error at each word, on the gradients' own scale; 0 has no place on it"""
    T = len(words)
    lowest = min(LOW, np.floor(np.log10(norms[norms > 0].min()))) if norms.any() else LOW
    places = {"step": "%{x}", "word": "%{customdata}", "norm": "%{y:.3e}"}
    curve = {
        "type": "scatter",
        "x": np.arange(1, T + 1),
        "y": np.where(norms > 0, norms, np.nan),
        "mode": "lines+markers",
        "line": {"color": palette.backward, "width": 2.5},
        "marker": {"size": 9 if T <= 20 else 5},
        "customdata": [clip_word(word) for word in words],
        "hovertemplate": hover(prose("figures", "error_point_of_one", **places)),
    }
    log_scale: dict = {"type": "log", "exponentformat": "power", "range": [lowest, HIGH]}
    if lowest == LOW:
        log_scale["dtick"] = 3
    return base.draw(
        [curve],
        layout(
            palette,
            height=230,
            xaxis=axis(palette, **short_ticks(words, 16), range=[0.5, T + 0.5]),
            yaxis=axis(palette, **log_scale),
        ),
    )
