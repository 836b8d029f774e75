"""Four things that confuse, each answered by something that the reader does: on the page Notes."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from core import gradient_flow
from core.experiments import writers
from core.experiments.writers import UPDATES, Writer
from core.forward import forward
from core.gradient_check import central_difference
from core.parameters import Parameters
from explorer.choices import widgets
from explorer.choices.session import session
from explorer.compute.long_work import EVERY, SLICE
from explorer.compute.unrolled import Unrolled
from explorer.compute.whose import one_error
from explorer.compute.writing import Writing
from explorer.formatting import clip_word, closed_sum, escape_markdown, three_digits, unbroken
from explorer.navigation import page_link
from explorer.prose import prose
from explorer.views.notes import shapes
from explorer.views.notes.live_network import LiveNetwork
from explorer.views.notes.shapes import EXAMPLES, LAYOUTS, N_A, N_X, Outcome, Place
from explorer.views.panels.path_and_sum import path_and_sum


def show(live: LiveNetwork) -> None:
    """Draw the tab: one card for each question."""
    st.markdown(prose("notes", "tried"))
    with st.grid(2, min_column_width=330):
        for name, card in CARDS.items():
            with st.container(border=True, height="stretch", key=f"tried_{name}", gap="small"):
                st.markdown(f"##### {prose('notes', f'tried_{name}')}")
                card(live)


# Shares add, factors multiply -----------------------------------------------------------------------------------------


@st.fragment
def shared(live: LiveNetwork) -> None:
    """The last loss of the sentence on Explore"""
    T = len(live.unrolled.words)
    path_and_sum(one_error(live.unrolled, T), T, "Waa")
    page_link("gradients", prose("notes", "link_tried_shared"))


# With its past, and without -------------------------------------------------------------------------------------------


@st.fragment
def past(live: LiveNetwork) -> None:
    """The derivative of a state by a weight, from the immediate one to the total one, term by term"""
    T = len(live.unrolled.words)
    st.markdown(prose("notes", "past"))
    if T < 2:
        st.info(prose("notes", "past_short"))
        return
    st.session_state["past_t"] = min(max(st.session_state.get("past_t", min(4, T)), 2), T)
    at, kept = st.columns(2)
    t = at.slider(prose("notes", "past_t"), 2, T, key="past_t", persist_state="session")
    st.session_state["past_kept"] = min(max(st.session_state.get("past_kept", 1), 1), t)
    n = kept.slider(prose("notes", "past_kept"), 1, t, key="past_kept", persist_state="session")
    weight = Weight(live.unrolled, t)
    st.markdown(prose("notes", "past_weight", t=t, row=weight.row + 1, column=weight.column + 1))
    st.markdown(weight.table(n))
    st.markdown(unbroken(weight.told(n)))
    st.caption(prose("notes", "past_in_4"))


class Weight:
    """One number w of Waa, and unit 1 of a⟨t⟩, which it acts on at every step up to t"""

    def __init__(self, unrolled: Unrolled, t: int) -> None:
        self.unrolled, self.t = unrolled, t
        of_unit = gradient_flow.of_unit(unrolled.trace, t, 0)
        n_a = unrolled.trace.a.shape[-1]
        of_its_gates = of_unit.grads["rnn"].Waa[::n_a]  # of unit 1: of a cell with gates one row each
        gate, self.column = (int(i) for i in np.unravel_index(np.argmax(np.abs(of_its_gates)), of_its_gates.shape))
        self.row = gate * n_a
        self.total = float(of_its_gates[gate, self.column])
        place = self.row, self.column
        self.terms = np.array([of_unit.share(k)["rnn"].Waa[place] for k in range(t, 0, -1)])  # the latest step first

    def _nudged(self, first: int) -> float:
        """What a small change of w does to unit 1 of a⟨t⟩, if it acts from this step on"""
        trace = self.unrolled.trace

        def unit(params: Parameters) -> float:
            steps = slice(first - 1, self.t)
            again = forward(trace.cell, params, trace.slots[steps], trace.x[steps], trace.state[first - 1])
            return float(again.a[-1, 0, 0])

        return central_difference(unit, trace.params, "rnn", "Waa", (self.row, self.column))

    def measured(self) -> float:
        return self._nudged(1)

    def measured_held(self) -> float:
        """With a⟨t−1⟩ as it is"""
        return self._nudged(self.t)

    def told(self, n: int) -> str:
        """What the latest n terms come to, beside what is measured"""
        sizes = {"immediate": self.terms[0], "held": self.measured_held(), "total": self.total}
        numbers = {name: three_digits(size) for name, size in sizes.items()} | {
            "measured": three_digits(self.measured())
        }
        if n == self.t:
            return prose("notes", "past_all", t=n, **numbers)
        return prose("notes", "past_part", n=n, t=self.t, so_far=three_digits(self.terms[:n].sum()), **numbers)

    def table(self, n: int) -> str:
        """The latest n terms, and what they come to"""
        told, end, exponent = closed_sum(self.terms[:n], float(self.terms[:n].sum()))
        head = prose("notes", "past_column_term", is_plain=exponent == 0, exponent=exponent)
        rows = [[prose("notes", "past_column_step"), prose("notes", "column_word"), head], ["---:", "---", "---:"]]
        for k, written in zip(range(self.t, 0, -1), told, strict=False):
            rows.append([str(k), escape_markdown(clip_word(self.unrolled.words[k - 1])), written])
        rows.append(["", f"**{prose('notes', 'past_row')}**", f"**{end}**"])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


# X = Y, and X = Y shifted by one --------------------------------------------------------------------------------------


def writing_of(seed: int) -> Writing:
    """This session's two writers from this seed; any others pause"""
    known = session().writings
    for other, writing in known.items():
        if other != seed:
            writing.stop()
    return known.get(seed) or known.put(seed, Writing(seed))


@st.fragment
def shifted(live: LiveNetwork) -> None:
    """Two small writers of names, trained here and now"""
    writing = writing_of(widgets.current_choices().seed)
    st.markdown(prose("notes", "shifted", n=len(writers.names())))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            prose("notes", "shifted_train"),
            key="train_writers",
            type="primary",
            on_click=writing.start,
            disabled=writing.is_running or writing.is_over,
        )
        st.markdown(prose("notes", "shifted_how", updates=UPDATES, seed=writing.seed), width="content")
    st.fragment(_trained, run_every=EVERY if writing.is_running else None)(writing)


def _trained(writing: Writing) -> None:
    """The part that draws itself anew after every slice of training"""
    was_running = writing.is_running
    if was_running:
        writing.advance(SLICE)
    st.progress(writing.updates / UPDATES)
    for writer, column in zip(writing.latest, st.columns(2), strict=True):
        with column:
            told = {"loss": three_digits(writer.loss), "is_untrained": writing.updates == 0}
            st.markdown(unbroken(prose("notes", f"shifted_{writer.shift}", **told)))
    if was_running and not writing.is_running:
        st.rerun()  # the button stands outside of this part, and so does its clock
    if writing.is_over:
        _written(writing)


def _written(writing: Writing) -> None:
    """What both answer when the right letters are fed, and what they write when nobody feeds them"""
    letters = writers.letters()[1:]
    first = st.selectbox(prose("notes", "shifted_first"), letters, index=letters.index("h"), key="first_letter")
    name = next((name for name in writers.names() if name.startswith(first)), first)
    st.markdown(prose("notes", "shifted_table", name=name, first=first, **_both(writing.latest, name, first)))
    st.markdown(unbroken(conclusion(writing.latest)))


def _both(both: tuple[Writer, ...], name: str, first: str) -> dict[str, str]:
    told = {"right_0": name, "right_1": name[1:] + writers.END}
    for writer in both:
        told[f"fed_{writer.shift}"] = writers.answers(writer.params, name)
        told[f"free_{writer.shift}"] = writers.write_freely(writer.params, first)
    return told


def conclusion(both: tuple[Writer, ...]) -> str:
    """How many first letters each of the two only repeats: counted for all, and told as it is"""
    letters = writers.letters()[1:]
    repeats = {
        f"repeats_{writer.shift}": sum(
            set(writers.write_freely(writer.params, letter)) == {letter} for letter in letters
        )
        for writer in both
    }
    losses = {f"loss_{writer.shift}": three_digits(writer.loss) for writer in both}
    is_lower = both[0].loss < both[1].loss
    return prose("notes", "shifted_conclusion", n=len(letters), is_lower=is_lower, **losses, **repeats)


# Shapes ---------------------------------------------------------------------------------------------------------------


@st.fragment
def shape(live: LiveNetwork) -> None:
    """Put the arrays in place, and be told what NumPy makes of them"""
    st.markdown(prose("notes", "shapes"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layout = st.segmented_control(
            prose("notes", "shapes_layout"),
            LAYOUTS,
            default="columns",
            key="shapes_layout",
            required=True,
            format_func=lambda name: prose("notes", f"shapes_{name}"),
            persist_state="session",
        )
        m = st.segmented_control(
            prose("notes", "shapes_m"), EXAMPLES, default=10, key="shapes_m", required=True, persist_state="session"
        )
    layout, m = layout or "columns", m or EXAMPLES[0]
    st.caption(prose("notes", f"shapes_{layout}_sizes", n_a=N_A, n_x=N_X, m=m))
    at = shapes.arrays(m, is_in_rows=layout == "rows")
    found = [_place(place, layout, at) for place in LAYOUTS[layout]]
    right = [place.name for place, one in zip(LAYOUTS[layout], found, strict=True) if one and one.kind == "right"]
    if "sum" in right:
        st.markdown(why_a_sum(at, layout))
    st.markdown(prose("notes", "shapes_right", right=len(right), n=len(found)))


def why_a_sum(at: shapes.Arrays, layout: str) -> str:
    """Why dba is a sum over the examples, in the numbers of the first unit"""
    dz = at["dz"][:, 0] if layout == "rows" else at["dz"][0]
    terms, total, _ = closed_sum(dz, float(at["dba"].flat[0]))
    added = " + ".join(f"({term})" if term.startswith("−") else term for term in terms)
    return prose("notes", "shapes_why_sum", n=len(dz), terms=added, total=total)


def _place(place: Place, layout: str, at: shapes.Arrays) -> Outcome | None:
    names = sorted(option.name for option in place.options)  # so that the order tells nothing
    chosen = st.segmented_control(
        prose("notes", f"shapes_of_{place.name}", line=place.line),
        names,
        key=f"shapes_{layout}_{place.name}",
        persist_state="session",
    )
    option = next((option for option in place.options if option.name == chosen), None)
    if option is None:
        st.caption(prose("notes", "shapes_choose"))
        return None
    found = shapes.outcome(place, option, at)
    st.markdown(told(found))
    return found


def told(found: Outcome) -> str:
    """An outcome in words"""
    if found.kind == "raises":
        return prose("notes", "shapes_raises", message=found.message)
    if found.kind == "shape":
        return prose("notes", "shapes_shape", result=found.result, wanted=found.wanted)
    return prose("notes", f"shapes_{'is_' if found.kind != 'numbers' else ''}{found.kind}", result=found.result)


CARDS: dict[str, Callable[[LiveNetwork], None]] = {
    "shared": shared,
    "past": past,
    "shifted": shifted,
    "shape": shape,
}
