"""The credit matrix: the gradient of every loss at every earlier step, on one absolute log scale.

On Gradients it stands without words, for sequences of any length, and its cells can be clicked; on Explore it has the
words of the sentence at its sides.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.figures import base
from explorer.figures.base import axis, hover, layout, short_ticks, title
from explorer.figures.gradient_split import step_ticks
from explorer.formatting import clip_word, quoted, three_digits
from explorer.prose import prose
from explorer.theme import HIGH, LOW, Palette

BEYOND = 309  # the power of ten that no number of the computer has
MOST_MARKS = 40  # places along one side that can be clicked; a longer sequence has one for every few cells


def figure(log_norms: np.ndarray, chosen: tuple[int, int] | None, palette: Palette) -> go.Figure:
    """log10 of the norms (T, T), at [s − 1, k − 1], NaN where nothing can arrive; the chosen (s, k) is framed.

    What is below the scale (0, too) or above it (not finite, too) gets the colour of that end.
    """
    T = len(log_norms)
    steps = np.arange(1, T + 1, dtype=np.int16)
    text = partial(prose, "figures", "credit_cell", s="%{y}", k="%{x}")
    cells = {
        "type": "heatmap",
        "z": _rows(log_norms),
        "x": steps,
        "y": steps,
        "zmin": LOW,
        "zmax": HIGH,
        "colorscale": theme.gradient_scale(palette),
        "showscale": False,
        "xgap": gap(T),
        "ygap": gap(T),
        "hovertemplate": hover(text(power="%{z:.2f}")),
        "hoverongaps": False,
    }
    frame = []
    if chosen:
        s, k = chosen
        half = max(0.5, T / 60)  # never smaller than the eye can find
        box = {"x0": k - half, "x1": k + half, "y0": s - half, "y1": s + half}
        frame = [{"type": "rect", **box, "line": {"color": palette.text, "width": 2.5}}]
    marks = {**step_ticks(T, first=1), "showgrid": False}
    return base.draw(
        [cells, _marks(log_norms, hover(text(power="%{customdata:.2f}")))],
        layout(
            palette,
            height=175,
            xaxis=axis(palette, **marks, range=[0.5, T + 0.5], title={"text": "k", "standoff": 8}),
            yaxis=axis(palette, **marks, range=[T + 0.5, 0.5], title={"text": "s", "standoff": 10}),
            shapes=frame,
            clickmode="event",
            margin={"l": 0, "r": 18, "t": 10, "b": 0},
        ),
    )


def _rows(log_norms: np.ndarray) -> list[list[float | None]]:
    """Row s has the s steps that its error can reach, in hundredths of a power of ten: a third of what all bits take

    NaN and 0 leave a gap; what is not finite is more than any number.
    """
    hundredths = np.where(np.isposinf(log_norms), BEYOND, np.round(log_norms, 2))
    powers = hundredths.astype(object)
    powers[~np.isfinite(hundredths)] = None
    return [row[: s + 1] for s, row in enumerate(powers.tolist())]


def _marks(log_norms: np.ndarray, text: str) -> dict:
    """A heatmap never says which cell was clicked; invisible points on its cells do."""
    T = len(log_norms)
    every = -(-T // MOST_MARKS)
    s, k = np.nonzero(~np.isnan(log_norms))
    is_marked = ((T - 1 - s) % every == 0) & (k % every == 0)
    s, k = s[is_marked], k[is_marked]
    unseen = {"marker": {"opacity": 0}}
    return {
        "type": "scatter",
        "x": (k + 1).astype(np.int16),
        "y": (s + 1).astype(np.int16),
        "mode": "markers",
        "marker": {"opacity": 0, "size": 8},
        "selected": unseen,
        "unselected": unseen,
        "customdata": log_norms[s, k].astype(np.float32),
        "hovertemplate": text,
        "hoverlabel": {"bgcolor": "rgba(60,60,60,0.95)", "font": {"color": "white"}},
    }


def gap(T: int) -> float:
    """Between two cells, in pixels: none where it would eat the colour"""
    return 1 if T <= 60 else 0


def scale(palette: Palette) -> go.Figure:
    """The one colour scale that all four matrices share"""
    powers = np.linspace(LOW, HIGH, 181, dtype=np.float32)
    colours = {
        "type": "heatmap",
        "z": powers[None, :],
        "x": powers,
        "zmin": LOW,
        "zmax": HIGH,
        "colorscale": theme.gradient_scale(palette),
        "showscale": False,
        "hoverinfo": "skip",
    }
    marks = list(range(LOW, HIGH + 1, 3))
    names = [f"10<sup>{power}</sup>" for power in marks]
    names[0], names[-1] = f"≤{names[0]}", f"≥{names[-1]}"
    return base.draw(
        [colours],
        layout(
            palette,
            height=48,
            xaxis=axis(palette, tickvals=marks, ticktext=names, showgrid=False),
            yaxis=axis(palette, visible=False),
            margin={"l": 24, "r": 24, "t": 0, "b": 28},
        ),
    )


# With the words of a sentence -----------------------------------------------------------------------------------------


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
