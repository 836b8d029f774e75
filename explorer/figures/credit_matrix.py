"""The credit matrix of a sentence, with its words at the sides: the gradient of every loss at every earlier step, on
one absolute log scale.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.figures import base
from explorer.figures.base import axis, hover, layout, short_ticks, title
from explorer.formatting import clip_word, quoted, three_digits
from explorer.prose import prose
from explorer.theme import HIGH, LOW, Palette


def of_sentence(words: Sequence[str], norms: np.ndarray, step: int, palette: Palette, both: bool = False) -> go.Figure:
    """norms (T, T), at [s − 1, k − 1]; k > s stays empty, since no error walks into the future, but along the second
    stream of a network that reads in both directions. The step is framed."""
    T, names = len(words), np.array([clip_word(word) for word in words])
    arriving = norms if both else np.where(np.tri(T, dtype=bool), norms, np.nan)
    with np.errstate(divide="ignore"):
        logs = np.clip(np.log10(arriving), LOW, HIGH)
    places = {"loss": "%{customdata[2]}", "s": "%{y}", "state": "%{customdata[1]}", "k": "%{x}"}
    cells = {
        "type": "heatmap",
        "z": logs,
        "x": np.arange(1, T + 1),
        "y": np.arange(1, T + 1),
        "zmin": LOW,
        "zmax": HIGH,
        "colorscale": theme.gradient_scale(palette),
        "xgap": 1,
        "ygap": 1,
        "customdata": np.dstack(np.broadcast_arrays(arriving, names[None, :], names[:, None])),
        "hovertemplate": hover(prose("figures", "credit_word_cell", **places, norm="%{customdata[0]:.3e}")),
        "hoverongaps": False,
        "colorbar": {
            "tickvals": list(range(LOW, HIGH + 1)),
            "ticktext": [f"≤ 1e{LOW}", *(f"1e{power}" for power in range(LOW + 1, HIGH)), f"≥ 1e{HIGH}"],
            "thickness": 12,
            "outlinewidth": 0,
        },
    }
    row = {"x0": 0.5, "x1": (T if both else step) + 0.5, "y0": step - 0.5, "y1": step + 0.5}
    marks = {**short_ticks(words, 20), "showgrid": False}
    return base.draw(
        [cells],
        layout(
            palette,
            height=min(330, 150 + 22 * T) if T < 9 else 330,
            xaxis=axis(palette, **marks, title=title("arrives_axis"), side="bottom"),
            yaxis=axis(palette, **marks, title=title("starts_axis"), autorange="reversed"),
            shapes=[{"type": "rect", **row, "line": {"color": palette.text, "width": 2}}],
        ),
    )


def sentence_of_both(words: Sequence[str], norms: np.ndarray, step: int) -> str:
    """One row in words, where a network reads in both directions: how much of the error at `step` arrives at the first
    word, and how much at the last"""
    first, at, last = quoted(words[0]), quoted(words[step - 1]), quoted(words[-1])
    far = {"norm_first": three_digits(norms[step - 1, 0]), "norm_last": three_digits(norms[step - 1, -1])}
    return prose("figures", "credit_both", at=at, first=first, last=last, **far)


def sentence(words: Sequence[str], norms: np.ndarray, step: int) -> str:
    """One row in words: how much weaker the error at `step` arrives at the first word than at the word before"""
    first, last = quoted(words[0]), quoted(words[step - 1])
    if step == 1:
        return prose("figures", "credit_first", last=last)
    near, far = norms[step - 1, step - 2], norms[step - 1, 0]
    if not (np.isfinite(near) and np.isfinite(far)):
        return prose("figures", "credit_not_finite", last=last)
    if far == 0:
        return prose("figures", "credit_zero", last=last, first=first)
    if step == 2:
        return prose("figures", "credit_second", last=last, first=first, norm=three_digits(far))
    ratio, before = three_digits(max(near / far, far / near)), quoted(words[step - 2])
    if ratio == "1":
        return prose("figures", "credit_alike", last=last, first=first, before=before)
    is_weaker = bool(near >= far)
    return prose("figures", "credit", last=last, first=first, before=before, ratio=ratio, is_weaker=is_weaker)
