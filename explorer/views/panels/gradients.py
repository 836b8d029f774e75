"""How far each error reaches, and what each step adds to the gradient of the shared weights."""

import numpy as np
import streamlit as st

from core.structures import NO_TARGET
from explorer.choices.record import Choices
from explorer.components import reach_chart
from explorer.components.stage_texts import as_written, owners, stage_texts
from explorer.compute.unrolled import Unrolled, weights_by_label
from explorer.compute.whose import one_error, step_of
from explorer.figures import credit_matrix, step_shares
from explorer.formatting import distinct, escape_markdown, three_digits, unbroken
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.panels.path_and_sum import path_and_sum


def reach(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """How much of each error arrives where; the row of the error that goes back stands out, of all losses that of the
    selected step"""
    step = step_of(unrolled, chosen.whose) or step
    words = [as_written(unrolled.job, word) for word in unrolled.words]
    names = distinct(words)
    due = unrolled.targets[:, 0] != NO_TARGET
    matrix = np.where(due[:, None], unrolled.credit_matrix, np.nan)  # where no answer is due, no error starts
    both = unrolled.job.is_both
    told = credit_matrix.sentence_of_both if both else credit_matrix.sentence
    called = [owner or "" for owner in owners(unrolled.trace.slots, stage_texts(unrolled))]
    if called[step - 1] != words[step - 1]:
        names[step - 1] = called[step - 1]
    reading = told(names, matrix, step) if due[step - 1] else prose("panels", "no_error", step=step)
    if due[step - 1] and not both:
        reading = f"{reading} {credit_matrix.from_its_start(names, matrix, step)}".strip()
    reach_chart.show(words, called, matrix, step, palette(), both)
    st.markdown(unbroken(escape_markdown(reading)))
    st.caption(prose("panels", "reach_both" if both else "reach"))


def shares(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """What each step adds to the gradient of one weight, of the error that goes back; step: the selected one, whose bar
    stands out"""
    choose_weight(unrolled)
    weight, t = shown_weight(unrolled, chosen), step_of(unrolled, chosen.whose)
    words = [as_written(unrolled.job, word) for word in unrolled.words]
    alone = one_error(unrolled, t)
    norms = alone.shares[weight]
    _, _, gradient = weights_by_label(alone.back.grads)[weight]
    chart = step_shares.figure(words, norms, step, palette())
    st.plotly_chart(chart, key="shares", config=NO_TOOLBAR, alt=step_shares.sentence(distinct(words), norms, weight))
    total = three_digits(float(np.linalg.norm(gradient)))
    told = prose("panels", "shares_of_one", t=t, total=total) if t else prose("panels", "shares", total=total)
    st.caption(unbroken(told))
    if norms[0] == 0 and alone.back.d_z[0].any() and weight.endswith("Waa"):
        st.caption(prose("panels", "share_of_first", W=weight))
    if t:
        path_and_sum(alone, t, weight)


def weight_options(unrolled: Unrolled) -> dict[str, str]:
    """What may be chosen, with the label of its weight: Waa means that of the encoder where there are two"""
    return {label.removeprefix("encoder."): label for label in weights_by_label(unrolled.back.grads)}


def shown_weight(unrolled: Unrolled, chosen: Choices) -> str:
    """The label of the chosen weight; where this network has none of that name, of its first"""
    labels = weight_options(unrolled)
    return labels.get(chosen.selected_weight, next(iter(labels.values())))


def choose_weight(unrolled: Unrolled) -> None:
    """Which weight: of all groups that this network has"""
    labels = weight_options(unrolled)
    if st.session_state["selected_weight"] not in labels:
        st.session_state["selected_weight"] = next(iter(labels))
    st.pills(
        prose("panels", "weights"),
        labels,
        key="selected_weight",
        required=True,
        format_func=lambda option: labels.get(option, option),
        label_visibility="collapsed",
        persist_state="session",
    )
