"""The symbols on the page Notes: what each means, its name in the code, and its shape in the network on Explore."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core import gradient_flow
from core.data.vocabulary import one_hot
from explorer.compute.sentence import people_task
from explorer.compute.unrolled import Unrolled
from explorer.prose import prose, signed
from explorer.views.notes.live_network import LiveNetwork


class Symbol(NamedTuple):
    name: str  # of the text that says what it means
    letters: str  # LaTeX
    shape: str  # LaTeX; empty: it is a number
    code: str
    value: Callable[[Unrolled], object] | None = None  # the thing itself; None: it is not on Explore


def x(unrolled: Unrolled) -> np.ndarray:
    """x⟨1⟩ as a vector (n_x,)"""
    return one_hot(unrolled.trace.x[0, 0], len(people_task().vocabulary))


SYMBOLS: dict[str, tuple[Symbol, ...]] = {
    "sizes": (
        Symbol("lengths", "T_x, T_y", "", "len(slots)", lambda unrolled: len(unrolled.trace.slots)),
        Symbol("n_x", "n_x", "", "len(vocabulary)", lambda unrolled: len(x(unrolled))),
        Symbol("n_a", "n_a", "", "a.shape[-1]", lambda unrolled: unrolled.trace.a.shape[-1]),
        Symbol("n_y", "n_y", "", "y_hat.shape[-1]", lambda unrolled: unrolled.loss.y_hat.shape[-1]),
    ),
    "forward": (
        Symbol("x", r"x^{\langle t\rangle}", "n_x", "one_hot(x[t-1], n_x)", x),
        Symbol("a", r"a^{\langle t\rangle}", "n_a", "trace.a[t]", lambda unrolled: unrolled.trace.a[1, 0]),
        Symbol(
            "y_hat", r"\hat y^{\langle t\rangle}", "n_y", "loss.y_hat[t-1]", lambda unrolled: unrolled.loss.y_hat[0, 0]
        ),
        Symbol("y", r"y^{\langle t\rangle}", "", "targets[t-1]", lambda unrolled: int(unrolled.targets[0, 0])),
        Symbol(
            "step_loss",
            r"\mathcal L^{\langle t\rangle}",
            "",
            "loss.per_step[t-1]",
            lambda unrolled: float(unrolled.loss.per_step[0, 0]),
        ),
        Symbol("loss", r"\mathcal L", "", "loss.total", lambda unrolled: unrolled.loss.total),
        Symbol("g", "g_1, g_2", rf"\text{{{prose('notes', 'shape_as_input')}}}", "activations.py, losses.py"),
    ),
    "weights": (
        Symbol(
            "Waa", "W_{aa}", r"n_a \times n_a", 'params["rnn"].Waa', lambda unrolled: unrolled.trace.params["rnn"].Waa
        ),
        Symbol(
            "Wax", "W_{ax}", r"n_a \times n_x", 'params["rnn"].Wax', lambda unrolled: unrolled.trace.params["rnn"].Wax
        ),
        Symbol("ba", "b_a", "n_a", 'params["rnn"].ba', lambda unrolled: unrolled.trace.params["rnn"].ba),
        Symbol(
            "Wya",
            "W_{ya}",
            r"n_y \times n_a",
            'params["readout"].Wya',
            lambda unrolled: unrolled.trace.params["readout"].Wya,
        ),
        Symbol("by", "b_y", "n_y", 'params["readout"].by', lambda unrolled: unrolled.trace.params["readout"].by),
        Symbol(
            "sigma_max",
            r"\sigma_{\max}",
            "",
            "np.linalg.norm(W, 2)",
            lambda unrolled: float(np.linalg.norm(unrolled.trace.params["rnn"].Waa, 2)),
        ),
    ),
    "backward": (
        Symbol(
            "d_a",
            r"\frac{\partial\mathcal L}{\partial a^{\langle t\rangle}}",
            "n_a",
            "back.d_a[t]",
            lambda unrolled: unrolled.back.d_a[1, 0],
        ),
        Symbol(
            "d_z",
            r"\frac{\partial\mathcal L}{\partial z^{\langle t\rangle}}",
            "n_a",
            "back.d_z[t-1]",
            lambda unrolled: unrolled.back.d_z[0, 0],
        ),
        Symbol(
            "d_Waa",
            r"\frac{\partial\mathcal L}{\partial W_{aa}}",
            r"n_a \times n_a",
            'back.grads["rnn"].Waa',
            lambda unrolled: unrolled.back.grads["rnn"].Waa,
        ),
        Symbol(
            "share",
            r"\left.\frac{\partial\mathcal L}{\partial W_{aa}}\right|_{(t)}",
            r"n_a \times n_a",
            'back.share(t)["rnn"].Waa',
            lambda unrolled: unrolled.back.share(1)["rnn"].Waa,
        ),
        Symbol(
            "credit",
            r"\left\|\frac{\partial\mathcal L^{\langle s\rangle}}{\partial a^{\langle k\rangle}}\right\|",
            r"T \times T",
            "credit_matrix(back)",
            lambda unrolled: gradient_flow.credit_matrix(unrolled.back)[..., 0],
        ),
        Symbol(
            "jacobian",
            r"\frac{\partial a^{\langle s\rangle}}{\partial a^{\langle k\rangle}}",
            r"n_a \times n_a",
            "jacobian(trace, s, k)",
            lambda unrolled: gradient_flow.jacobian(unrolled.trace, len(unrolled.words), 1),
        ),
        Symbol("learning_rate", r"\alpha", "", "learning_rate"),
    ),
    "gates": (
        Symbol("gates", r"\Gamma_u, \Gamma_r, \Gamma_f, \Gamma_o", "n_a", "trace.kept"),
        Symbol("memory", r"\tilde c^{\langle t\rangle}, c^{\langle t\rangle}", "n_a", "trace.kept.c_tilde, state[t]"),
        Symbol("score", r"e^{\langle t,s\rangle}", "", "score"),
        Symbol("attention", r"\alpha^{\langle t,s\rangle}", r"T_y \times T_x", "focus.alpha"),
        Symbol("context", r"c^{\langle t\rangle}", "n_a", "focus.context[t-1]"),
        Symbol("Wyc", "W_{yc}", r"n_y \times n_a", 'params["attention"].Wyc'),
    ),
}


def show(live: LiveNetwork) -> None:
    """Draw the tab: one table for each group of symbols."""
    st.caption(prose("notes", "symbols"))
    for group, symbols in SYMBOLS.items():
        st.markdown(f"##### {prose('notes', f'symbols_{group}')}")
        columns = {
            prose("notes", "column_symbol"): [f"${symbol.letters}$" for symbol in symbols],
            prose("notes", "column_meaning"): [prose("notes", f"symbol_{symbol.name}") for symbol in symbols],
            prose("notes", "column_shape"): [
                f"${symbol.shape}$" if symbol.shape else prose("notes", "shape_number") for symbol in symbols
            ],
            prose("notes", "column_live"): [live_shape(symbol, live.unrolled) for symbol in symbols],
            prose("notes", "column_code"): [f"`{symbol.code}`" for symbol in symbols],
        }
        st.table(pd.DataFrame(columns), hide_index=True)


def live_shape(symbol: Symbol, unrolled: Unrolled) -> str:
    """The shape of the array on Explore, or the number"""
    if symbol.value is None:
        return "–"
    value = symbol.value(unrolled)
    return " × ".join(map(str, value.shape)) if isinstance(value, np.ndarray) else signed(f"{value:.4g}")
