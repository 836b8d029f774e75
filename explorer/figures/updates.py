"""The updates so far, ℒ and ‖g‖; and what the last click did to the loss of each word."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.formatting import clip_word, quoted, three_digits
from explorer.theme import Palette

Learned = tuple[Sequence[str], Sequence[int]]  # words and labels


def curve(losses: Sequence[float], norms: Sequence[float], learned: Sequence[Learned], palette: Palette) -> go.Figure:
    """ℒ and ‖g‖, (n,) each, on a logarithmic axis; learned (n,): on what. Where that changes, the lines are broken."""
    fig = theme.figure(palette, height=230)
    steps = np.arange(len(losses))
    breaks = [i for i in steps[1:] if learned[i] != learned[i - 1]]
    mode = "lines+markers" if len(losses) < 40 or breaks else "lines"  # a lone point between two gaps is no line
    names = np.array([clip_word(" ".join(words), 40) for words, _ in learned])
    for name, values, colour, dash in (
        ("ℒ", losses, palette.forward, "solid"),
        ("‖g‖", norms, palette.backward, "dot"),
    ):
        fig.add_scatter(
            x=np.insert(steps.astype(float), breaks, np.nan),
            y=np.insert(np.array(values, dtype=float), breaks, np.nan),
            customdata=np.insert(names, breaks, ""),
            name=name,
            mode=mode,
            line={"color": colour, "width": 2.5, "dash": dash},
            hovertemplate=f"updates: %{{x}}<br>{name} = %{{y:.4g}}<br>%{{customdata}}<extra></extra>",
        )
        if has_place(values[-1]):
            fig.add_annotation(
                x=steps[-1], y=np.log10(values[-1]), text=f" {name}", font={"color": colour, "size": 14},
                showarrow=False, xanchor="left",
            )  # fmt: skip
    sizes = np.log10([value for value in (*losses, *norms) if has_place(value)] or [1.0])
    whole_decades = [np.floor(sizes.min()), np.ceil(sizes.max() + 0.05)]
    fig.update_yaxes(type="log", exponentformat="power", dtick=max(1, np.ptp(whole_decades) // 6), range=whole_decades)
    fig.update_xaxes(title="updates", tick0=0, dtick=-(-len(losses) // 8), range=[0, max(len(losses) - 1, 1) * 1.08])
    return fig


def course(losses: Sequence[float], learned: Sequence[Learned]) -> str:
    """The curve in words"""
    if len({*learned}) > 1:
        return (
            f"The loss and ‖g‖ over the updates so far, on {len({*learned})} sentences or labellings one after another."
        )
    if len(losses) < 2:
        return f"Before the only update, ℒ was {three_digits(losses[0])}."
    return f"Over the updates so far, ℒ went from {three_digits(losses[0])} to {three_digits(losses[-1])}."


def has_place(value: float) -> bool:
    """A logarithmic axis has no place for 0 or infinity."""
    return bool(0 < value < np.inf)


def before_after(words: Sequence[str], before: np.ndarray, after: np.ndarray, palette: Palette) -> go.Figure:
    """ℒ⟨t⟩ of every word: an open ring before the click, a full dot after it, a line between them"""
    T = len(words)
    t = np.arange(1, T + 1)
    fig = theme.figure(palette, height=230)
    gap = np.full(T, np.nan)
    fig.add_scatter(
        x=np.stack([t, t, gap], 1).ravel(),
        y=np.stack([before, after, gap], 1).ravel(),
        mode="lines",
        line={"color": palette.faint, "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    for name, values, symbol in (("before", before, "circle-open"), ("after", after, "circle")):
        fig.add_scatter(
            x=t,
            y=values,
            name=name,
            mode="markers",
            marker={"symbol": symbol, "size": 10, "color": palette.faint if name == "before" else palette.forward,
                    "line": {"width": 2}},
            customdata=[clip_word(word) for word in words],
            hovertemplate=f"%{{customdata}} (step %{{x}})<br>ℒ⟨t⟩ {name}: %{{y:.4g}}<extra></extra>",
        )  # fmt: skip
    every = -(-T // 20)
    fig.update_xaxes(tickvals=t[::every], ticktext=[clip_word(word, 12) for word in words][::every], showgrid=False)
    fig.update_yaxes(rangemode="tozero", nticks=5)
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.15, "x": 0})
    return fig


def most_changed(words: Sequence[str], before: np.ndarray, after: np.ndarray) -> str:
    """The chart in words"""
    change = np.abs(after - before)
    if not np.isfinite(change).all():
        return "Some losses are not finite."
    worst = int(np.argmax(change))
    old, new = three_digits(before[worst]), three_digits(after[worst])
    if old == new:
        return "No loss changed by as much as its third digit."
    return f"The loss at {quoted(words[worst])} changed most: from {old} to {new}."
