"""Shared weights, and yet early steps fade: along the path of one error factors multiply, over the steps shares add."""

import numpy as np
import streamlit as st

from core import gradient_flow
from explorer.components.stage_texts import as_written
from explorer.compute.unrolled import Unrolled, weights_by_label
from explorer.formatting import clip_word, closed_product, closed_sum, escape_markdown, three_digits, unbroken
from explorer.prose import prose

MOST_FACTORS = 10  # of a product that is written out
MOST_ROWS = 12  # of a table that are seen at once


def path_and_sum(alone: Unrolled, t: int, weight: str) -> None:
    """alone: with only ℒ⟨t⟩ on its way back (`one_error`); weight: the label of the one whose shares are added"""
    if not np.isfinite(alone.back.d_state).all() or alone.trace.focus or alone.trace.reverse:
        return  # with attention, or a second stream, an error has several paths
    with st.container(key="path_and_sum", gap="small"):
        k = st.slider(prose("panels", "path_to"), 1, t, key="path_to", width=330) if t > 1 else 1
        st.markdown(unbroken(path(alone, t, k)))
        st.markdown(prose("panels", "sum", W=weight, **place(alone, weight)))
        with st.container(height="content" if t <= MOST_ROWS else 420, border=False):
            st.markdown(unbroken(table(alone, t, weight)))
        ends = {"near": three_digits(length_at(alone, t)), "far": three_digits(length_at(alone, 1))}
        st.markdown(unbroken(prose("panels", "path_and_sum", t=t, W=weight, **ends)))


def length_at(alone: Unrolled, k: int) -> float:
    """‖∂ℒ⟨t⟩/∂state⟨k⟩‖"""
    return float(np.linalg.norm(alone.back.d_state[k, 0]))


def path(alone: Unrolled, t: int, k: int) -> str:
    """How long the error of step t is when it arrives at step k: as a product"""
    start = length_at(alone, t)
    if k == t or not start:
        return prose("panels", "path_of_none", t=t, start=three_digits(start))
    gains = gradient_flow.along_gradient(alone.trace, alone.back.d_state[t, 0], t, k).gain
    with np.errstate(divide="ignore"):
        first, *told = closed_product(np.log10([start, *gains]).tolist())
    if len(told) > MOST_FACTORS:
        told[MOST_FACTORS - 3 : -2] = ["…"]
    numbers = {"start": first, "factors": " × ".join(told), "end": three_digits(length_at(alone, k))}
    return prose("panels", "path", t=t, k=k, n=len(gains), **numbers)


def _entry(alone: Unrolled, weight: str) -> tuple[int, ...]:
    """The largest number of this weight's gradient"""
    _, _, gradient = weights_by_label(alone.back.grads)[weight]
    return tuple(int(i) for i in np.unravel_index(np.argmax(np.abs(gradient)), gradient.shape))


def place(alone: Unrolled, weight: str) -> dict[str, int | bool]:
    """Where it stands, counted from 1"""
    row, *column = _entry(alone, weight)
    return {"row": row + 1, "has_column": bool(column), "column": column[0] + 1 if column else 0}


def table(alone: Unrolled, t: int, weight: str) -> str:
    """What every step adds to that one number, and the sum; in figures that add up"""
    entry = _entry(alone, weight)
    shares = [float(weights_by_label(alone.back.share(k))[weight][2][entry]) for k in range(1, t + 1)]
    total = float(weights_by_label(alone.back.grads)[weight][2][entry])
    told, end, exponent = closed_sum(shares, total)
    heads = [prose("panels", f"sum_column_{name}") for name in ("step", "word", "error")]
    share = prose("panels", "sum_column_share", is_plain=exponent == 0, exponent=exponent)
    rows = [[*heads, share], ["---:", "---", "---:", "---:"]]
    for k, written in enumerate(told, start=1):
        word = escape_markdown(clip_word(as_written(alone.job, alone.words[k - 1])))
        rows.append([str(k), word, three_digits(length_at(alone, k)), written])
    rows.append(["", f"**{prose('panels', 'sum_row')}**", "", f"**{end}**"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
