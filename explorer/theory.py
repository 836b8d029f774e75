"""The theory on the page Notes: the lecture's sections in order, and beside each what it comes to on Explore."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core import attention, backward, cells, flow, losses, optimisers, products, vocabulary
from core.structures import STRUCTURES, Reads, Slots
from explorer import lab
from explorer.notebook import Here, link
from explorer.proofs import p_name
from explorer.theme import clip_word, short
from explorer.words import words

MOST_ROWS = 9  # of a table that are seen at once


class Section(NamedTuple):
    name: str  # of its words, and of its place in the page's address
    title: str
    live: Callable[[Here], None]
    links: tuple[tuple[str, str], ...]  # page, what is seen there
    code: tuple[Callable, ...] = ()  # what computes it
    is_wide: bool = False  # what is live stands below the text, not beside it


def show(here: Here) -> None:
    numbered = list(enumerate(SECTIONS, start=1))
    st.markdown(" · ".join(f"[{i} {section.title}](#{section.name})" for i, section in numbered))
    for i, section in numbered:
        st.subheader(f"{i} · {section.title}", anchor=section.name, divider="gray")
        if section.is_wide:
            st.markdown(words("notes", section.name))
            section.live(here)
            _more(section)
        else:
            text, beside = st.columns([3, 2], gap="large")
            text.markdown(words("notes", section.name))
            with beside, st.container(border=True, gap="small"):
                section.live(here)
                _more(section)


def _more(section: Section) -> None:
    for page, label in section.links:
        link(page, label)
    if section.code:
        with st.expander("The code", icon=":material/code:"):
            for function in section.code:
                st.code(source(function), wrap_lines=True)


@cache
def source(function: Callable) -> str:
    module = inspect.getmodule(function).__name__.replace(".", "/")
    return f"# {module}.py\n\n{inspect.cleandoc(inspect.getsource(function))}"


# What stands beside the text ------------------------------------------------------------------------------------------


def _steps(here: Here, columns: dict[str, object], number: str = "%.3g") -> None:
    """One row for each word of the sentence"""
    T = len(here.look.words)
    rows = {"t": range(1, T + 1), "word": [clip_word(word) for word in here.look.words]} | columns
    floats = [name for name, values in columns.items() if np.asarray(values).dtype.kind == "f"]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=37 + 35 * min(T, MOST_ROWS),
        column_config={name: st.column_config.NumberColumn(format=number) for name in floats},
    )


def _sequence(here: Here) -> None:
    T = len(here.look.words)
    st.markdown(f"**The sentence on Explore**: $T_x = T_y = {T}$")
    _steps(here, {"y⟨t⟩, part of a name?": here.look.targets[:, 0]})


def _onehot(here: Here) -> None:
    own = lab.task().vocabulary
    st.markdown(f"**Read with the dictionary of Explore**: $n_x = {len(own)}$")
    ids = own.encode(here.look.words)
    _steps(here, {"read as": own.decode(ids), "index of the 1": ids})


def _cell(here: Here) -> None:
    """Equation (1) for one unit, with its numbers"""
    t, trace = here.step, here.look.trace
    st.markdown(f"**Step {t} on Explore, in numbers** (unit 1 of {here.experiment.hidden_units})")
    if here.is_gated:
        st.markdown("The cell chosen in the sidebar has gates: its equations are in section 8.")
    else:
        weights, g = trace.params["rnn"], {"tanh": r"\tanh", "relu": r"\mathrm{ReLU}"}[here.experiment.activation]
        parts = [weights.Waa[0] @ trace.a[t - 1, 0], trace.from_x[t - 1, 0, 0] - weights.ba[0], weights.ba[0]]
        st.latex(_plugged_in(f"a^{{\\langle {t}\\rangle}}_1", g, parts, float(trace.a[t, 0, 0])))
        st.caption("From the past, from the word, and the bias.")
    Wya, by = trace.params["readout"]
    parts = [Wya[0] @ trace.a[t, 0], by[0]]
    st.latex(_plugged_in(f"\\hat y^{{\\langle {t}\\rangle}}", r"\sigma", parts, float(p_name(here.look)[t - 1])))
    st.caption("From all units together, and the bias.")


def _plugged_in(left: str, g: str, parts: list[float], result: float) -> str:
    inside = "".join(f"{part:+.3f}" for part in parts).removeprefix("+")
    return rf"\begin{{aligned}}{left} &= {g}({inside})\\ &= {result:.3f}\end{{aligned}}"


def _loss(here: Here) -> None:
    loss = here.look.loss
    st.markdown(f"**The losses on Explore**: $\\mathcal L = {loss.total:.4g}$")
    _steps(here, {"y⟨t⟩": here.look.targets[:, 0], "ŷ⟨t⟩": p_name(here.look), "ℒ⟨t⟩": loss.per_step[:, 0]}, "%.3f")


def _bptt(here: Here) -> None:
    back, n_a = here.look.back, here.experiment.hidden_units
    st.markdown("**The two streams on Explore**, their norms and that of their sum")
    streams = {"from ŷ⟨t⟩": back.from_y, "from a⟨t+1⟩": back.carried[1:, :, :n_a], "‖∂ℒ/∂a⟨t⟩‖": back.d_a[1:]}
    _steps(here, {name: np.linalg.norm(stream[:, 0], axis=-1) for name, stream in streams.items()})


def _structures(here: Here) -> None:
    """Drawn from the tables that the engine runs by"""
    with st.grid(5, min_column_width=190):
        for name, slots in STRUCTURES.items():
            with st.container(border=True, gap="small"):
                st.markdown(f"**{name}**")
                st.code(sketch(slots(3, 3)), language=None)
                st.caption(TASKS[name])
    st.caption(words("notes", "structures_legend"))


TASKS = {
    "one-to-one": "a classic network; is this single word a name?",
    "one-to-many": "music from a first note",
    "many-to-one": "is this review positive?",
    "many-to-many, Tx = Ty": "which words are names?",
    "many-to-many, Tx ≠ Ty": "translation; an encoder reads, a decoder writes",
}


def sketch(slots: Slots) -> str:
    """A structure in five lines of text, one column for each slot"""
    boxes = "→".join(f" {'■' if slot.group == 'decoder' else '□'} " for slot in slots)
    answers = ["ŷ" if slot.answers else " " for slot in slots]
    rises = ["↑" if slot.answers else " " for slot in slots]
    reads = ["x" if slot.reads is Reads.INPUT else "ŷ" for slot in slots]
    lines = ["   ".join(answers), "   ".join(rises), boxes.strip(), "   ".join("↑" for _ in slots), "   ".join(reads)]
    return "\n".join(lines)


def _vanish(here: Here) -> None:
    trace, T = here.look.trace, len(here.look.words)
    reach = flow.jacobian_norms(trace, T, part="state").spectral[1]
    st.markdown(f"**On Explore, from step {T} back to step 1**")
    if here.is_gated:
        st.markdown(f"‖∂state⟨{T}⟩/∂state⟨1⟩‖ = **{short(reach)}**, measured. (A gated cell has no such bound.)")
        return
    Waa = trace.params["rnn"].Waa
    found = flow.spectrum(Waa)
    bound = float(flow.bound(Waa, T - 1))
    st.markdown(
        f"* σₘₐₓ(Waa) = **{short(found.sigma_max)}**, largest |eigenvalue| ρ = **{short(found.radius)}**\n"
        f"* ‖∂a⟨{T}⟩/∂a⟨1⟩‖ is at most σₘₐₓ to the power of {T - 1}, which is **{short(bound)}**\n"
        f"* measured: **{short(reach)}**"
    )


def _gates(here: Here) -> None:
    for cell, column in zip(("gru", "lstm"), st.columns(2), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{CELL_NAMES[cell]}**")
            st.markdown(words("notes", cell))
    why, numbers = st.columns([3, 2], gap="large")
    why.markdown(words("notes", "gates_why"))
    with numbers:
        _steps(here, {"1 − Γu of the GRU": kept(here, "gru"), "Γf of the LSTM": kept(here, "lstm")})


def kept(here: Here, cell: str) -> np.ndarray:
    """How much of its memory the trained cell that comes with the app keeps at each step (T,), mean over its units"""
    experiment = Experiment(activation=cell)
    params, activation = lab.network(experiment, lambda progress: None), CELLS[cell]
    trace = lab.look(params, cell, here.look.words, tuple(here.look.targets[:, 0])).trace
    gates = activation.gates(params["rnn"], trace.a[:-1], trace.from_x)
    return (1 - gates.u if cell == "gru" else gates.f)[:, 0].mean(axis=-1)


def _attention(here: Here) -> None:
    """One look back: the last state asks, all earlier ones are looked at"""
    *earlier, last = here.look.trace.a[1:, 0]
    if not earlier:
        st.markdown(words("notes", "attention_short"))
        return
    look = attention.look_back(last[None, None], np.array(earlier)[None])
    st.markdown(words("notes", "attention_live"))
    T = len(here.look.words)
    scores = np.array(earlier) @ last
    rows = {"e⟨t,s⟩": np.append(scores, np.nan), "α⟨t,s⟩": np.append(look.alpha[0, 0], np.nan)}
    _steps(here, rows)


SECTIONS = (
    Section("sequence", "A sequence", _sequence, (("explore", "type your own"),), ()),
    Section("onehot", "Words become vectors", _onehot, (("inputs", "from corpus to one-hot"),),
            (vocabulary.one_hot, products.columns)),
    Section("cell", "The cell", _cell, (("explore", "click a step: every term, with its numbers"),),
            (cells.Vanilla.step,)),
    Section("loss", "The loss", _loss, (("explore", "ŷ⟨t⟩ and ℒ⟨t⟩ above every word"),),
            (losses.binary_cross_entropy, losses.softmax_cross_entropy)),
    Section("bptt", "Backpropagation through time", _bptt, (("explore", "watch the error walk back"),),
            (backward.walk_back, cells.Vanilla.step_back, cells.Vanilla.param_grads)),
    Section("structures", "Five structures", _structures, (("structures", "all five at work"),), ()),
    Section("vanish", "Vanishing and exploding", _vanish, (("gradients", "every way back, in four cells"),),
            (flow.factors, flow.bound, optimisers.clip_by_norm)),
    Section("gates", "Gates: GRU and LSTM", _gates, (("gradients", "which cells resist?"),),
            (cells.GRU.gates, cells.GRU.step, cells.LSTM.gates, cells.LSTM.step)),
    Section("attention", "Attention", _attention, (("structures", "translation, attention on and off"),),
            (attention.look_back,)),
)  # fmt: skip
