"""The theory on the page Notes: the lecture's sections in order, and with each what it comes to on Explore."""

import inspect
import re
from collections.abc import Callable, Sequence
from functools import cache
from textwrap import dedent
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core import attention, backward, cells, gradient_flow, losses, optimisers
from core.activations import log_softmax
from core.cells import CELLS
from core.data import vocabulary
from core.initialisers import spectrum
from core.linalg import input_product
from core.structures import STRUCTURES, Reads, Slots, inputs_and_targets
from core.training import Experiment
from explorer.components.structure_cards import SIZES
from explorer.compute.networks import network
from explorer.compute.sentence import people_task
from explorer.compute.unrolled import unroll
from explorer.formatting import clip_word, three_digits
from explorer.navigation import page_link
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.notes.claims_measured import p_name
from explorer.views.notes.live_network import LiveNetwork

MOST_ROWS = 9  # of a table that are seen at once


class Section(NamedTuple):
    name: str  # of its words, and of its place in the page's address
    title: str
    live: Callable[[LiveNetwork], None]
    links: tuple[tuple[str, str], ...]  # page, what is seen there
    code: tuple[Callable, ...] = ()  # what computes it
    is_wide: bool = False  # what is live stands below the text, not beside it


def show(here: LiveNetwork) -> None:
    numbered = list(enumerate(SECTIONS, start=1))
    st.markdown(" · ".join(f"[{i} {section.title}](#{section.name})" for i, section in numbered))
    for i, section in numbered:
        st.subheader(f"{i} · {section.title}", anchor=section.name, divider="gray")
        if section.is_wide:
            st.markdown(_text(section.name))
            section.live(here)
            _more(section)
        else:
            text, beside = st.columns([3, 2], gap="large")
            text.markdown(_text(section.name))
            with beside, st.container(border=True, gap="small"):
                section.live(here)
                _more(section)


def _text(section: str) -> str:
    """A text as it stands, with the braces of its formulas"""
    return prose("notes", section)


def _more(section: Section) -> None:
    for page, label in section.links:
        page_link(page, label)
    if section.code:
        with st.expander("The code", icon=":material/code:"):
            for function in section.code:
                st.code(source(function), wrap_lines=True)


@cache
def source(function: Callable) -> str:
    module = inspect.getmodule(function).__name__.replace(".", "/")
    return f"# {module}.py\n\n{dedent(inspect.getsource(function))}"


# What is live in each section -----------------------------------------------------------------------------------------


def _table(read: Sequence[str], columns: dict[str, Sequence], number: str = "%.3g") -> None:
    """One row for each word"""
    rows = pd.DataFrame({"t": range(1, len(read) + 1), "word": list(map(clip_word, read))} | columns)
    floats = rows.select_dtypes("float").columns
    config = {name: st.column_config.NumberColumn(format=number) for name in floats}
    config |= {"t": st.column_config.NumberColumn(width=44), "word": st.column_config.TextColumn(width=92)}
    st.dataframe(rows, hide_index=True, height=37 + 35 * min(len(rows), MOST_ROWS), column_config=config)


def _sequence(here: LiveNetwork) -> None:
    st.markdown(f"**The sentence on Explore**: ${{T_x = T_y = {len(here.look.words)}}}$")
    _table(here.look.words, {"y⟨t⟩: part of a name?": here.look.targets[:, 0]})


def _onehot(here: LiveNetwork) -> None:
    own = people_task().vocabulary
    st.markdown(f"**The sentence on Explore, as it is read**: $n_x = {len(own)}$")
    ids = own.encode(here.look.words)
    _table(here.look.words, {"read as": own.decode(ids), "index of the 1": ids})


def _cell(here: LiveNetwork) -> None:
    """Equation (1) with its numbers: one unit's state, and the prediction"""
    t, trace = here.step, here.look.trace
    (rnn, (Wya, by)) = trace.params.values()
    st.markdown(f"**Step {t} on Explore, in numbers**")
    if here.is_gated:
        st.markdown(prose("notes", "cell_gated"))
    else:
        g1 = {"tanh": r"\tanh", "relu": r"\mathrm{ReLU}"}[here.experiment.cell]
        inside = rnn.Waa[0] @ trace.a[t - 1, 0], trace.input_term[t - 1, 0, 0] - rnn.ba[0], rnn.ba[0]
        st.latex(plugged_in(rf"a^{{\langle {t}\rangle}}[0]", g1, inside, trace.a[t, 0, 0]))
        st.caption(prose("notes", "cell_state", n_a=here.experiment.hidden_units))
    inside = Wya[0] @ trace.a[t, 0], by[0]
    st.latex(plugged_in(rf"\hat y^{{\langle {t}\rangle}}", r"\sigma", inside, p_name(here.look)[t - 1]))
    st.caption(prose("notes", "cell_answer"))


def plugged_in(left: str, g: str, inside: Sequence[float], result: float) -> str:
    terms = "".join(f"{term:+.3f}" for term in inside).removeprefix("+")
    return rf"\begin{{aligned}}{left} &= {g}({terms})\\ &= {result:.3f}\end{{aligned}}"


def _loss(here: LiveNetwork) -> None:
    loss = here.look.loss
    st.markdown(rf"**The losses on Explore**: $\mathcal L = {loss.total:.4g}$")
    columns = {"y⟨t⟩": here.look.targets[:, 0], "ŷ⟨t⟩": p_name(here.look), "ℒ⟨t⟩": loss.per_step[:, 0]}
    _table(here.look.words, columns, "%.3f")


def _bptt(here: LiveNetwork) -> None:
    back, n_a = here.look.back, here.experiment.hidden_units
    st.markdown("**The two streams on Explore**: their norms, and the norm of their sum")
    streams = {"from ŷ": back.from_y, "from next": back.from_next_state[1:, :, :n_a], "sum": back.d_a[1:]}
    _table(here.look.words, {name: np.linalg.norm(stream[:, 0], axis=-1) for name, stream in streams.items()}, "%.2g")


JOBS = {
    "one-to-one": "A classic network: is this single word a name?",
    "one-to-many": "A melody from its first note",
    "many-to-one": "Is this review positive?",
    "many-to-many, Tx = Ty": "Which words are names?",
    "many-to-many, Tx ≠ Ty": "Translation: an encoder reads, a decoder writes",
}


def _structures(here: LiveNetwork) -> None:
    """Drawn from the tables that the engine runs by"""
    with st.grid(5, min_column_width=190):
        for name, job in JOBS.items():
            with st.container(border=True, gap="small", height="stretch"):
                st.markdown(f"**{re.sub(' (?=[=≠]|Ty)', chr(160), name)}**")
                st.code(sketch(STRUCTURES[name](*SIZES[name])), language=None)
                st.caption(job)
    st.caption(prose("notes", "structures_legend"))


def sketch(slots: Slots) -> str:
    """A structure in five lines of text, one column for each slot"""
    lines = (
        ("ŷ" if slot.answers else " " for slot in slots),
        ("↑" if slot.answers else " " for slot in slots),
        ("■" if slot.group == "decoder" else "□" for slot in slots),
        ("↑" for _ in slots),
        ("x" if slot.reads is Reads.INPUT else "ŷ" for slot in slots),
    )
    return "\n".join(("─→" if i == 2 else "  ").join(line) for i, line in enumerate(lines))


def _vanish(here: LiveNetwork) -> None:
    trace, T = here.look.trace, len(here.look.words)
    numbers = {"T": T, "reach": three_digits(gradient_flow.jacobian_norms(trace, T, part="state").spectral[1])}
    if here.is_gated:
        st.markdown(prose("notes", "vanish_gated", **numbers))
        return
    Waa = trace.params["rnn"].Waa
    found, bound = spectrum(Waa), float(gradient_flow.jacobian_bound(Waa, T - 1))
    numbers |= {
        "way": T - 1,
        "sigma": three_digits(found.sigma_max),
        "rho": three_digits(found.radius),
        "bound": three_digits(bound),
    }
    st.markdown(prose("notes", "vanish_live", **numbers))


def _gates(here: LiveNetwork) -> None:
    for cell, column in zip(("gru", "lstm"), st.columns(2), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{CELL_NAMES[cell]}**")
            st.markdown(_text(cell))
    why, numbers = st.columns([3, 2], gap="large")
    why.markdown(_text("gates_why"))
    with numbers, st.container(border=True, gap="small"):
        st.markdown(prose("notes", "gates_live"))
        _table(here.look.words, {"GRU: 1 − Γu": kept(here, "gru"), "LSTM: Γf": kept(here, "lstm")})


def kept(here: LiveNetwork, cell: str) -> np.ndarray:
    """How much of its memory the trained cell that comes with the app keeps at each step (T,), mean over its units"""
    params = network(Experiment(cell=cell), lambda progress: None)
    trace = unroll(params, cell, here.look.words, tuple(here.look.targets[:, 0])).trace
    gates = CELLS[cell].gates(params["rnn"], trace.a[:-1], trace.input_term)
    return (1 - gates.u if cell == "gru" else gates.f)[:, 0].mean(axis=-1)


def _attention(here: LiveNetwork) -> None:
    """One look back: the last state asks, all earlier ones are looked at"""
    *earlier, last = here.look.trace.a[1:, 0]
    if not earlier:
        st.markdown(prose("notes", "attention_short"))
        return
    st.markdown(prose("notes", "attention_live", T=len(here.look.words)))
    seen = attention.dot_product_attention(last[None, None], np.array(earlier)[None])
    _table(here.look.words[:-1], {"score e": np.array(earlier) @ last, "weight α": seen.alpha[0, 0]})


SECTIONS = (
    Section("sequence", "A sequence", _sequence, (("explore", "type your own"),)),
    Section("onehot", "Words become vectors", _onehot, (("inputs", "from corpus to one-hot"),),
            (vocabulary.one_hot, input_product)),
    Section("cell", "The cell", _cell, (("explore", "click a step for every term"),), (cells.VanillaRNN.step,)),
    Section("loss", "The loss", _loss, (("explore", "ŷ and ℒ above every word"),),
            (losses.binary_cross_entropy, losses.softmax_cross_entropy, log_softmax, losses.total_loss)),
    Section("bptt", "Backpropagation through time", _bptt, (("explore", "watch the error walk back"),),
            (backward.backward_sweep, cells.VanillaRNN.step_back, cells.VanillaRNN.param_grads)),
    Section("structures", "Five structures", _structures, (("structures", "all five at work"),),
            (inputs_and_targets,), is_wide=True),
    Section("vanish", "Vanishing, exploding, clipping", _vanish, (("gradients", "every gradient, in four cells"),),
            (gradient_flow.one_step_jacobians, gradient_flow.jacobian_bound, optimisers.clip_by_norm)),
    Section("gates", "Gates: GRU and LSTM", _gates, (("gradients", "which cells resist?"),),
            (cells.GRU.gates, cells.GRU.step, cells.LSTM.gates, cells.LSTM.step), is_wide=True),
    Section("attention", "Attention", _attention, (("structures", "translation with attention"),),
            (attention.dot_product_attention,)),
)  # fmt: skip
