"""BPTT's ∂ℒ/∂w beside (ℒ(w+ε) − ℒ(w−ε)) / 2ε, for any entry of any weight of any group."""

import numpy as np
import streamlit as st

from core.gradient_check import central_difference, relative_error
from explorer.choices.record import Choices
from explorer.choices.session import session
from explorer.components.stage_texts import as_written
from explorer.compute.unrolled import Example, Unrolled, unroll, weights_by_label
from explorer.formatting import escape_markdown, quoted
from explorer.prose import prose
from explorer.views.panels.gradients import choose_weight, shown_weight

Entry = tuple[int, int]


def gradient_check(unrolled: Unrolled, chosen: Choices) -> None:
    """One entry of the weight that is chosen"""
    choose_weight(unrolled)
    weight, params = shown_weight(unrolled, chosen), unrolled.trace.params
    group, name, array = weights_by_label(unrolled.back.grads)[weight]
    gradient = np.atleast_2d(array.T).T  # a bias is shown as one column
    first = 1, 0 if name == "Wax" else 1  # units count from 1, the words of a dictionary from 0
    i, j = _entry(weight, gradient, unrolled.example, first)
    st.markdown(f"{prose('panels', 'check', weight=weight)}\n\n{_place(unrolled, group, name, j)}")
    with st.container(horizontal=True):
        for axis, key in enumerate(("check_row", "check_column")):
            label, least, n = prose("panels", key), first[axis], gradient.shape[axis]
            about = weight, unrolled.example, first
            st.number_input(label, least, least + n - 1, key=key, on_change=_choose_entry, args=about)
    numeric = central_difference(
        lambda moved: unroll(unrolled.job, moved, unrolled.example).loss.total,
        params,
        group,
        name,
        (i, j) if array.ndim == 2 else (i,),
    )
    exact = float(gradient[i, j])
    with st.container(horizontal=True):
        st.metric(prose("panels", "by_bptt"), f"{exact:.9g}", border=True)
        st.metric("(ℒ(w+ε) − ℒ(w−ε)) / 2ε", f"{numeric:.9g}", border=True)
        st.metric(prose("panels", "difference"), f"{relative_error(exact, numeric):.1e}", border=True)


def _entry(weight: str, gradient: np.ndarray, example: Example, first: Entry) -> Entry:
    """Row and column of the entry to check: the one the reader chose, or else the largest; first: what the fields say
    of the entry at 0, 0"""
    chosen_for, place = session().checked_entry or (None, (0, 0))
    if chosen_for != (weight, example.inputs) or not np.all(np.less(place, gradient.shape)):
        sizes = np.abs(gradient)
        largest = np.unravel_index(np.argmax(np.where(np.isfinite(sizes), sizes, -1)), gradient.shape)
        place = int(largest[0]), int(largest[1])
    st.session_state.update(check_row=place[0] + first[0], check_column=place[1] + first[1])
    return place


def _choose_entry(weight: str, example: Example, first: Entry) -> None:
    """This entry of this weight is checked on this example"""
    row, column = st.session_state["check_row"], st.session_state["check_column"]
    place = int(row or first[0]) - first[0], int(column or first[1]) - first[1]
    session().checked_entry = (weight, example.inputs), place


def _place(unrolled: Unrolled, group: str, name: str, j: int) -> str:
    """What stands in this column, and why its gradient may be zero"""
    if name != "Wax":
        return ""
    task = unrolled.job.task
    reads = task.classes if group == "decoder" else task.vocabulary.words
    of_group = [slot.group == group or group == "reverse" for slot in unrolled.trace.slots]
    is_read = j in unrolled.trace.x[of_group, 0]
    text = prose("panels", "column", j=j, word=escape_markdown(quoted(as_written(unrolled.job, reads[j]))))
    return text if is_read else f"{text} {prose('panels', 'absent')}"
