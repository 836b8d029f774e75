"""The theory on the page Notes: the lecture's sections in order, each beside its live numbers from Explore."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from textwrap import dedent
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core import attention, backward, cells, gradient_flow, losses, optimisers
from core.activations import log_softmax
from core.data import vocabulary
from core.initialisers import spectrum
from core.linalg import input_product
from core.structures import NO_TARGET, SIZES, STRUCTURES, Reads, Slots, inputs_and_targets
from core.training import Experiment
from explorer.compute.networks import network
from explorer.compute.sentence import people_task
from explorer.compute.unrolled import Unrolled, unroll_sentence
from explorer.formatting import clip_word, closed_product, power, three_digits, unbroken
from explorer.navigation import page_button, page_link
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import leave
from explorer.views.notes.claims_measured import p_name
from explorer.views.notes.live_network import LiveNetwork
from explorer.views.notes.theory_cell import decimals, drawn, folded, in_numbers

MOST_ROWS = 9  # of a table that are seen at once


class Section(NamedTuple):
    name: str  # of its texts, and of its place in the page's address
    live: Callable[[LiveNetwork], None]  # draws its live numbers
    page: str  # the page that shows more
    code: tuple[Callable, ...] = ()  # the functions that compute it
    station: str = ""  # of that page, where it has stations
    is_wide: bool = False  # the live numbers stand below the text, not beside it
    drawn: Callable[[LiveNetwork], None] | None = None  # what is drawn below the text, beside the live numbers

    @property
    def title(self) -> str:
        return prose("notes", f"title_{self.name}")


def show(live: LiveNetwork) -> None:
    """Draw the tab: a table of contents, then every section."""
    numbered = list(enumerate(SECTIONS, start=1))
    with st.container(key="contents"):  # it stays at hand
        st.markdown(" · ".join(f"[{i} {section.title}](#{section.name})" for i, section in numbered))
    for i, section in numbered:
        st.subheader(f"{i} · {section.title}", anchor=section.name, divider="gray")
        text = prose("notes", section.name)
        if section.is_wide:
            st.markdown(text)
            section.live(live)
            _more(section)
        else:
            left, right = st.columns([3, 2], gap="large")
            with left:
                st.markdown(text)
                if section.drawn:
                    section.drawn(live)
            with right, st.container(border=True, gap="small"):
                section.live(live)
                _more(section)
    st.subheader(prose("notes", "title_references"), anchor=False, divider="gray")
    with st.container(key="references"):
        st.markdown(prose("notes", "references"))


def _more(section: Section) -> None:
    """The link to the page that shows more, and the code"""
    label = prose("notes", f"link_{section.name}")
    if section.station:
        page_button(section.page, label, f"more_{section.name}", partial(leave, section.station))
    else:
        page_link(section.page, label)
    if section.code:
        with st.expander(prose("notes", "code"), icon=":material/code:"):
            for function in section.code:
                st.code(source(function), wrap_lines=True)


@cache
def source(function: Callable) -> str:
    """The function as it stands in its file"""
    module = function.__module__.replace(".", "/")
    return f"# {module}.py\n\n{dedent(inspect.getsource(function))}"


# What is live in each section -----------------------------------------------------------------------------------------


def _table(words: Sequence[str], columns: Mapping[str, Sequence | np.ndarray], number: str = "%.3g") -> None:
    """A table with one row for each word; `number` is the format of its floats"""
    word = prose("notes", "column_word")
    rows = pd.DataFrame({"t": range(1, len(words) + 1), word: list(map(clip_word, words)), **columns})
    floats = rows.select_dtypes("float").columns
    config = {name: st.column_config.NumberColumn(format=number) for name in floats}
    config |= {"t": st.column_config.NumberColumn(width=44), word: st.column_config.TextColumn(width=92)}
    st.dataframe(rows, hide_index=True, height=37 + 35 * min(len(rows), MOST_ROWS), column_config=config)


def _sequence(live: LiveNetwork) -> None:
    words = live.unrolled.words
    st.markdown(prose("notes", "live_sequence", T=len(words)))
    _table(words, {prose("notes", "column_is_name"): live.unrolled.targets[:, 0]})


def _onehot(live: LiveNetwork) -> None:
    own, words = people_task().vocabulary, live.unrolled.words
    st.markdown(prose("notes", "live_onehot", n_x=len(own)))
    ids = own.encode(words)
    _table(words, {prose("notes", "column_read"): own.decode(ids), prose("notes", "column_one"): ids})


def _loss(live: LiveNetwork) -> None:
    loss = live.unrolled.loss
    st.markdown(prose("notes", "live_loss", loss=loss.total))
    columns = {"y⟨t⟩": live.unrolled.targets[:, 0], "ŷ⟨t⟩": p_name(live.unrolled), "ℒ⟨t⟩": loss.per_step[:, 0]}
    _table(live.unrolled.words, columns, f"%.{decimals(np.concatenate([columns['ŷ⟨t⟩'], loss.per_step[:, 0]]))}f")


def _bptt(live: LiveNetwork) -> None:
    back, n_a = live.unrolled.back, live.experiment.hidden_units
    st.markdown(prose("notes", "live_bptt"))
    streams = {
        prose("notes", "column_from_y"): back.from_y,
        prose("notes", "column_from_next"): back.from_next_state[1:, :, :n_a],
        prose("notes", "column_sum"): back.d_a[1:],
    }
    norms = {name: np.linalg.norm(stream[:, 0], axis=-1) for name, stream in streams.items()}
    _table(live.unrolled.words, norms, "%.2g")
    _last_loss(live)


def _last_loss(live: LiveNetwork) -> None:
    """Equation (4) as it stands: of the last loss alone, and the shares that add up to its gradient"""
    words, T = live.unrolled.words, len(live.unrolled.words)
    only_last = (NO_TARGET,) * (T - 1)
    last = unroll_sentence(live.params, live.experiment.cell, words, (*only_last, int(live.unrolled.targets[-1, 0])))
    whole = last.back.grads["rnn"].Waa
    shares = [last.back.share(t)["rnn"].Waa for t in range(1, T + 1)]
    error = float(np.abs(sum(shares) - whole).max())
    sizes = {"loss": three_digits(last.loss.total), "total": three_digits(float(np.linalg.norm(whole)))}
    st.markdown(unbroken(prose("notes", "live_last", T=T, error=three_digits(error), **sizes)))
    _table(words, {prose("notes", "column_share"): np.linalg.norm(shares, axis=(1, 2))}, "%.2g")


EXAMPLES = {  # of what each structure does, by the name of the text
    "one-to-one": "one_to_one",
    "one-to-many": "one_to_many",
    "many-to-one": "many_to_one",
    "many-to-many, Tx = Ty": "many_to_many",
    "many-to-many, Tx ≠ Ty": "encoder_decoder",
}


def _structures(live: LiveNetwork) -> None:
    """Drawn from the tables that the engine runs by"""
    with st.grid(5, min_column_width=190):
        for name, example in EXAMPLES.items():
            with st.container(border=True, gap="small", height="stretch"):
                st.markdown(f"**{re.sub(' (?=[=≠]|Ty)', chr(160), name)}**")
                st.code(sketch(STRUCTURES[name](*SIZES[name])), language=None)
                st.caption(prose("notes", f"structure_{example}"))
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


def _vanish(live: LiveNetwork) -> None:
    trace, T = live.unrolled.trace, len(live.unrolled.words)
    reach = three_digits(float(gradient_flow.norms(gradient_flow.jacobian(trace, T, 1)).spectral))
    if live.is_gated:
        st.markdown(unbroken(prose("notes", "vanish_gated", T=T, reach=reach)))
        return
    Waa = trace.params["rnn"].Waa
    found, bound = spectrum(Waa), float(gradient_flow.jacobian_bound(Waa, T - 1))
    sigma, *_ = closed_product([float(np.log10(found.sigma_max or np.nan))] * max(T - 1, 1))
    sizes = {"sigma": sigma, "rho": three_digits(found.radius), "bound": three_digits(bound)}
    sizes["alone"] = power(float(gradient_flow.log_power_norms(Waa, T - 1)[-1]))
    st.markdown(unbroken(prose("notes", "vanish_live", T=T, way=T - 1, reach=reach, **sizes)))


def _gates(live: LiveNetwork) -> None:
    for cell, column in zip(("gru", "lstm"), st.columns(2), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{CELL_NAMES[cell]}**")
            st.markdown(prose("notes", cell))
    why, numbers = st.columns([3, 2], gap="large")
    why.markdown(prose("notes", "gates_why"))
    with numbers, st.container(border=True, gap="small"):
        st.markdown(prose("notes", "gates_live"))
        columns = {"GRU: 1 − Γu": share_kept(live.unrolled, "gru"), "LSTM: Γf": share_kept(live.unrolled, "lstm")}
        _table(live.unrolled.words, columns)


def share_kept(unrolled: Unrolled, cell: str) -> np.ndarray:
    """How much of its memory the trained cell that comes with the app keeps at each step of this sentence

    (T,): mean of 1 − Γu (GRU) or Γf (LSTM) over the units.
    """
    params = network(Experiment(cell=cell), lambda progress: None)
    trace = unroll_sentence(params, cell, unrolled.words, tuple(unrolled.targets[:, 0])).trace
    return (1 - trace.kept.u if cell == "gru" else trace.kept.f)[:, 0].mean(axis=-1)


def _attention(live: LiveNetwork) -> None:
    """One look back: the last state asks, all earlier ones are looked at"""
    *earlier, last = live.unrolled.trace.a[1:, 0]
    if not earlier:
        st.markdown(prose("notes", "attention_short"))
        return
    st.markdown(prose("notes", "attention_live", T=len(live.unrolled.words)))
    seen = attention.dot_product_attention(last[None, None], np.array(earlier)[None])
    columns = {
        prose("notes", "column_score"): np.array(earlier) @ last,
        prose("notes", "column_weight"): seen.alpha[0, 0],
    }
    _table(live.unrolled.words[:-1], columns)


SECTIONS = (
    Section("sequence", _sequence, "explore", drawn=folded),
    Section("onehot", _onehot, "inputs", (vocabulary.one_hot, input_product)),
    Section("cell", in_numbers, "explore", (cells.VanillaRNN.step,), drawn=drawn),
    Section(
        "loss",
        _loss,
        "explore",
        (losses.binary_cross_entropy, losses.softmax_cross_entropy, log_softmax, losses.total_loss),
    ),
    Section(
        "bptt",
        _bptt,
        "explore",
        (backward.backward_sweep, cells.VanillaRNN.step_back, cells.VanillaRNN.param_grads),
    ),
    Section("structures", _structures, "structures", (inputs_and_targets,), is_wide=True),
    Section(
        "vanish",
        _vanish,
        "gradients",
        (gradient_flow.one_step_jacobians, gradient_flow.jacobian_bound, optimisers.clip_by_norm),
        station="reach",
    ),
    Section(
        "gates",
        _gates,
        "gradients",
        (cells.GRU.step, cells.LSTM.step),
        is_wide=True,
        station="help",
    ),
    Section("attention", _attention, "structures", (attention.dot_product_attention,)),
)
