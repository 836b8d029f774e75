"""How far back each error reaches: the T × T matrix ‖∂ℒ⟨s⟩/∂state⟨k⟩‖ on one absolute logarithmic scale."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.formatting import clip_word, quoted, three_digits
from explorer.theme import HIGH, LOW, Palette


def figure(words: Sequence[str], norms: np.ndarray, step: int, palette: Palette) -> go.Figure:
    """norms (T, T), at [s − 1, k − 1]; k > s stays empty, since no error walks into the future. The step is framed."""
    T, names = len(words), np.array([clip_word(word) for word in words])
    past = np.tril(np.ones((T, T), dtype=bool))
    shown = np.where(past, norms, np.nan)
    with np.errstate(divide="ignore"):
        logs = np.clip(np.log10(shown), LOW, HIGH)
    fig = theme.figure(palette, height=min(330, 150 + 22 * T) if T < 9 else 330)
    fig.add_heatmap(
        z=logs,
        x=np.arange(1, T + 1),
        y=np.arange(1, T + 1),
        zmin=LOW,
        zmax=HIGH,
        colorscale=theme.gradient_scale(palette),
        xgap=1,
        ygap=1,
        customdata=np.dstack(np.broadcast_arrays(shown, names[None, :], names[:, None])),
        hovertemplate="loss at %{customdata[2]} (s = %{y})<br>reaches %{customdata[1]} (k = %{x})"
        "<br>‖∂ℒ⟨s⟩/∂state⟨k⟩‖ = %{customdata[0]:.3e}<extra></extra>",
        hoverongaps=False,
        colorbar={
            "tickvals": list(range(LOW, HIGH + 1)),
            "ticktext": [f"≤ 1e{LOW}", *(f"1e{power}" for power in range(LOW + 1, HIGH)), f"≥ 1e{HIGH}"],
            "thickness": 12,
            "outlinewidth": 0,
        },
    )
    fig.add_shape(
        type="rect", x0=0.5, x1=step + 0.5, y0=step - 0.5, y1=step + 0.5, line={"color": palette.text, "width": 2}
    )
    every = -(-T // 20)  # as many names as there is room for
    ticks = {"tickvals": np.arange(1, T + 1)[::every], "ticktext": [clip_word(w, 12) for w in words][::every]}
    fig.update_xaxes(**ticks, showgrid=False, side="bottom")
    fig.update_yaxes(**ticks, showgrid=False, autorange="reversed")
    return fig


def sentence(words: Sequence[str], norms: np.ndarray, step: int) -> str:
    """One row in words: how much weaker the error at `step` arrives at the first word than at the word before"""
    first, here = quoted(words[0]), quoted(words[step - 1])
    if step == 1:
        return f"{here} is the first word: its error has no earlier step to reach."
    near, far = norms[step - 1, step - 2], norms[step - 1, 0]
    if not (np.isfinite(near) and np.isfinite(far)):
        return f"The error at {here} is not finite on its way back."
    if far == 0:
        return f"The error at {here} does not reach {first} at all: its gradient there is 0."
    if step == 2:
        return f"The error at {here} reaches {first} with a gradient of norm {three_digits(far)}."
    ratio = three_digits(max(near / far, far / near))
    how = f"{ratio} times {'weaker' if near >= far else 'stronger'} than" if ratio != "1" else "as strongly as"
    return f"The error at {here} reaches {first} {how} {quoted(words[step - 2])}."
