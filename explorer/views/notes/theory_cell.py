"""The cell on the page Notes: folded and unfolded, equation (1) with its numbers, and every arrow with its length."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.activations import sigmoid
from explorer.figures import cell_drawing
from explorer.formatting import three_digits
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.notes.claims_measured import p_name
from explorer.views.notes.live_network import LiveNetwork


def folded(live: LiveNetwork) -> None:
    """The loop, and beside it the chain of the sentence's steps"""
    st.caption(prose("notes", "folded"))
    alt = prose("notes", "folded_alt", T=len(live.unrolled.words))
    figure = cell_drawing.folded(len(live.unrolled.words), palette())
    st.plotly_chart(figure, key="folded_chart", config=NO_TOOLBAR, alt=alt)


def in_numbers(live: LiveNetwork) -> None:
    """Equation (1) with its numbers: one unit's state, and the prediction"""
    t, trace = live.step, live.unrolled.trace
    (rnn, (Wya, by)) = trace.params.values()
    st.markdown(prose("notes", "live_cell", t=t))
    if live.is_gated:
        st.markdown(prose("notes", "cell_gated"))
    else:
        g1 = {"tanh": TANH, "relu": RELU}[live.experiment.cell]
        terms = rnn.Waa[0] @ trace.a[t - 1, 0], trace.input_term[t - 1, 0, 0] - rnn.ba[0], rnn.ba[0]
        st.latex(plugged_in(rf"a^{{\langle {t}\rangle}}[0]", g1, terms, trace.a[t, 0, 0]))
        st.caption(prose("notes", "cell_state", n_a=live.experiment.hidden_units))
    answer = Wya[0] @ trace.a[t, 0], by[0]
    st.latex(plugged_in(rf"\hat y^{{\langle {t}\rangle}}", SIGMOID, answer, p_name(live.unrolled)[t - 1]))
    st.caption(prose("notes", "cell_answer"))


class Written(NamedTuple):
    """A function and its name in LaTeX"""

    name: str
    function: Callable[[float], float]


TANH = Written(r"\tanh", lambda z: float(np.tanh(z)))
RELU = Written(r"\mathrm{ReLU}", lambda z: max(0.0, z))
SIGMOID = Written(r"\sigma", lambda z: float(sigmoid(np.array(z))))


def plugged_in(left: str, g: Written, inside: Sequence[float], result: float) -> str:
    """LaTeX: left = g(the sum of the numbers inside) = result

    Inside are so many decimals, three or more, that what is written comes to the result as it is written.
    """
    told = f"{result:.{decimals(np.array(result))}f}"

    def comes_out(digits: int) -> bool:
        found = g.function(sum(round(term, digits) for term in inside))
        return f"{found:.{decimals(np.array(result))}f}" == told

    digits = next(filter(comes_out, range(3, 16)), 16)
    first, *more = (f"{term:+.{digits}f}" for term in inside)
    terms = first.removeprefix("+") + r"\\ &\quad {}" + "".join(more)  # two lines: a phone is narrow
    return rf"\begin{{aligned}}{left} &= {g.name}({terms})\\ &= {told}\end{{aligned}}"


def decimals(values: np.ndarray) -> int:
    """Three, or as many as it takes that nothing is written as 0, 1 or −1 which is not"""
    near = np.abs(values[np.isfinite(values)])
    inside = near[(near > 0) & (near != 1)]
    return next((d for d in range(3, 16) if not np.isin(np.round(inside, d), (0, 1)).any()), 16)


def drawn(live: LiveNetwork) -> None:
    """The cell forward and backward, each arrow with the length of what it carries; of a plain cell"""
    if live.is_gated:
        return
    t, trace, back, loss = live.step, live.unrolled.trace, live.unrolled.back, live.unrolled.loss
    rnn = trace.params["rnn"]

    def length(vector: np.ndarray) -> str:
        return three_digits(float(np.linalg.norm(vector)))

    y_hat, paid = float(p_name(live.unrolled)[t - 1]), float(loss.per_step[t - 1, 0])
    forward = {
        "past": length(trace.a[t - 1, 0]),
        "by_past": length(rnn.Waa @ trace.a[t - 1, 0]),
        "by_input": length(trace.input_term[t - 1, 0] - rnn.ba),
        "z": length(rnn.Waa @ trace.a[t - 1, 0] + trace.input_term[t - 1, 0]),
        "a": length(trace.a[t, 0]),
        "answer": f"{y_hat:.{decimals(np.array(y_hat))}f}",
        "loss": three_digits(paid),
    }
    backward = {
        "past": length(back.from_next_state[t - 1, 0]),
        "z": length(back.d_z[t - 1, 0]),
        "a": length(back.d_a[t, 0]),
        "from_y": length(back.from_y[t - 1, 0]),
        "from_next": length(back.from_next_state[t, 0]),
    }
    for way, numbers in (("forward", forward), ("backward", backward)):
        st.markdown(prose("notes", f"drawn_{way}", t=t) if way == "forward" else prose("notes", "drawn_backward"))
        told = {"y_hat": forward["answer"], "loss": forward["loss"]}
        if way == "backward":
            told = {"from_y": backward["from_y"], "from_next": backward["from_next"], "total": backward["a"]}
            told["sent"] = backward["past"]
        alt = prose("notes", f"drawn_alt_{way}", t=t, **told)
        st.plotly_chart(cell_drawing.figure(way, t, numbers, palette()), key=f"cell_{way}", config=NO_TOOLBAR, alt=alt)
