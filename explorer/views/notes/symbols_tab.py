"""The letters on the page Notes: what each means, where it stands in the code, and its shape there right now."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core import gradient_flow
from core.data.vocabulary import one_hot
from explorer.compute.sentence import people_task
from explorer.compute.unrolled import Unrolled
from explorer.prose import prose
from explorer.views.notes.live_network import LiveNetwork


class Symbol(NamedTuple):
    letters: str  # LaTeX
    meaning: str
    shape: str  # LaTeX; empty: it is a number
    code: str
    value: Callable[[Unrolled], object] | None = (
        None  # the thing itself, of which the shape is read; None: not on Explore
    )


def x(look: Unrolled) -> np.ndarray:
    return one_hot(look.trace.x[0, 0], len(people_task().vocabulary))


SYMBOLS: dict[str, tuple[Symbol, ...]] = {
    "Sizes": (
        Symbol("T_x, T_y", "how many steps read an input, and at how many an answer is due; T where they are equal", "",
               "len(slots)", lambda look: len(look.trace.slots)),
        Symbol("n_x", "entries of a one-hot vector: words in the dictionary, `<UNK>` among them", "",
               "len(vocabulary)", lambda look: len(x(look))),
        Symbol("n_a", "hidden units", "", "a.shape[-1]", lambda look: look.trace.a.shape[-1]),
        Symbol("n_y", "numbers in a prediction", "", "y_hat.shape[-1]", lambda look: look.loss.y_hat.shape[-1]),
    ),
    "Forward": (
        Symbol(r"x^{\langle t\rangle}", "the word read at step t, as a one-hot vector; kept as the index of its 1",
               "n_x", "one_hot(x[t-1], n_x)", x),
        Symbol(r"a^{\langle t\rangle}", "hidden state after step t; the state at 0 is all zeros", "n_a", "trace.a[t]",
               lambda look: look.trace.a[1, 0]),
        Symbol(r"\hat y^{\langle t\rangle}", "prediction at step t", "n_y", "loss.y_hat[t-1]",
               lambda look: look.loss.y_hat[0, 0]),
        Symbol(r"y^{\langle t\rangle}", "what should be answered at step t", "", "targets[t-1]",
               lambda look: int(look.targets[0, 0])),
        Symbol(r"\mathcal L^{\langle t\rangle}", "loss of step t", "", "loss.per_step[t-1]",
               lambda look: float(look.loss.per_step[0, 0])),
        Symbol(r"\mathcal L", "loss of the sequence", "", "loss.total", lambda look: look.loss.total),
        Symbol("g_1, g_2", "activations: tanh or ReLU; sigmoid or softmax", r"\text{as its input}",
               "cells.py, losses.py"),
    ),
    "Weights": (
        Symbol("W_{aa}", "from the last state to z; of the GRU 3, of the LSTM 4 such matrices, one below the other",
               r"n_a \times n_a", 'params["rnn"].Waa', lambda look: look.trace.params["rnn"].Waa),
        Symbol("W_{ax}", "from the input to z; one below the other, as above", r"n_a \times n_x", 'params["rnn"].Wax',
               lambda look: look.trace.params["rnn"].Wax),
        Symbol("b_a", "biases of z; one below the other, as above", "n_a", 'params["rnn"].ba',
               lambda look: look.trace.params["rnn"].ba),
        Symbol("W_{ya}", "from the state to the prediction", r"n_y \times n_a", 'params["readout"].Wya',
               lambda look: look.trace.params["readout"].Wya),
        Symbol("b_y", "biases of the prediction", "n_y", 'params["readout"].by',
               lambda look: look.trace.params["readout"].by),
        Symbol(r"\sigma_{\max}", "largest singular value of a matrix, here of Waa", "", "np.linalg.norm(W, 2)",
               lambda look: float(np.linalg.norm(look.trace.params["rnn"].Waa, 2))),
    ),
    "Backward": (
        Symbol(r"\frac{\partial\mathcal L}{\partial a^{\langle t\rangle}}", "error at the state, sum of two streams",
               "n_a", "back.d_a[t]", lambda look: look.back.d_a[1, 0]),
        Symbol(r"\frac{\partial\mathcal L}{\partial z^{\langle t\rangle}}",
               "error inside g1; of several gates, one after the other", "n_a", "back.d_z[t-1]",
               lambda look: look.back.d_z[0, 0]),
        Symbol(r"\frac{\partial\mathcal L}{\partial W_{aa}}", "a gradient has the shape of its weight",
               r"n_a \times n_a", 'back.grads["rnn"].Waa', lambda look: look.back.grads["rnn"].Waa),
        Symbol(r"\left.\frac{\partial\mathcal L}{\partial W_{aa}}\right|_{(t)}", "the share that step t adds to it",
               r"n_a \times n_a", 'back.share(t)["rnn"].Waa', lambda look: look.back.share(1)["rnn"].Waa),
        Symbol(r"\left\|\frac{\partial\mathcal L^{\langle s\rangle}}{\partial a^{\langle k\rangle}}\right\|",
               "how strongly the loss of step s reaches step k, for all s and k", r"T \times T", "reach_norms(back)",
               lambda look: gradient_flow.credit_matrix(look.back)[..., 0]),
        Symbol(r"\frac{\partial a^{\langle s\rangle}}{\partial a^{\langle k\rangle}}",
               "how a state acts on a later one; the LSTM's state is (a,c)", r"n_a \times n_a",
               "jacobian(trace, s, k)", lambda look: gradient_flow.jacobian(look.trace, len(look.words), 1)),
        Symbol(r"\alpha", "learning rate", "", "learning_rate"),
    ),
    "Gates and attention": (
        Symbol(r"\Gamma_u, \Gamma_r, \Gamma_f, \Gamma_o", "gates: update, relevance, forget, output", "n_a",
               "cell.gates(…)"),
        Symbol(r"\tilde c^{\langle t\rangle}, c^{\langle t\rangle}", "candidate, and memory of a gated cell", "n_a",
               "gates.c_tilde, state[t]"),
        Symbol(r"e^{\langle t,s\rangle}", "how well decoder step t and encoder step s fit", "", "score"),
        Symbol(r"\alpha^{\langle t,s\rangle}", "weight of encoder step s at decoder step t, for all t and s",
               r"T_y \times T_x", "focus.alpha"),
        Symbol(r"c^{\langle t\rangle}", "the context that decoder step t sees", "n_a", "focus.context[t-1]"),
        Symbol("W_{yc}", "from the context to the prediction", r"n_y \times n_a", 'params["attention"].Wyc'),
    ),
}  # fmt: skip


def show(here: LiveNetwork) -> None:
    st.caption(prose("notes", "symbols"))
    for group, symbols in SYMBOLS.items():
        st.markdown(f"##### {group}")
        rows = [
            (f"${one.letters}$", one.meaning, f"${one.shape}$" if one.shape else "a number", live(one, here.look),
             f"`{one.code}`")
            for one in symbols
        ]  # fmt: skip
        st.table(
            pd.DataFrame(rows, columns=["symbol", "what it is", "shape", "on Explore", "in the code"]), hide_index=True
        )


def live(symbol: Symbol, look: Unrolled) -> str:
    """The shape of the array, or the number"""
    if symbol.value is None:
        return "–"
    value = symbol.value(look)
    return " × ".join(map(str, value.shape)) if isinstance(value, np.ndarray) else f"{value:.4g}"
