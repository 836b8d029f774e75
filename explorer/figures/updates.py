"""The updates so far, ℒ and ‖g‖; and what the last click did to the loss of each word."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.theme import Palette


def curve(losses: Sequence[float], norms: Sequence[float], palette: Palette) -> go.Figure:
    """ℒ and ‖g‖ before each update and after the last, (n+1,) each, on a logarithmic axis"""
    fig = theme.figure(palette, height=230)
    steps = np.arange(len(losses))
    mode = "lines+markers" if len(losses) < 40 else "lines"
    for name, values, colour, dash in (
        ("ℒ", losses, palette.forward, "solid"),
        ("‖g‖", norms, palette.backward, "dot"),
    ):
        fig.add_scatter(
            x=steps,
            y=values,
            name=name,
            mode=mode,
            line={"color": colour, "width": 2.5, "dash": dash},
            hovertemplate=f"after %{{x}} updates<br>{name} = %{{y:.4g}}<extra></extra>",
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
            customdata=[theme.clip_word(word) for word in words],
            hovertemplate=f"%{{customdata}} (step %{{x}})<br>ℒ⟨t⟩ {name}: %{{y:.4g}}<extra></extra>",
        )  # fmt: skip
    every = -(-T // 20)
    fig.update_xaxes(
        tickvals=t[::every], ticktext=[theme.clip_word(word, 12) for word in words][::every], showgrid=False
    )
    fig.update_yaxes(rangemode="tozero", nticks=5)
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.15, "x": 0})
    return fig
