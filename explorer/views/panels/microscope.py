"""The last update under the microscope: ℒ → ∂ → clip → ΔW → ℒ again; or the last edit: ℒ → one weight → ℒ again."""

import numpy as np
import streamlit as st

from core import parameters
from core.parameters import Parameters
from explorer.choices.record import Choices
from explorer.components.stage_texts import as_written
from explorer.compute.unrolled import Example, Unrolled, unroll, weight_label, weights_by_label
from explorer.compute.updates import Edit, History, Update, clipped_gradient, unrolled_at, weight_at
from explorer.figures import updates
from explorer.formatting import clip_word, distinct, escape_markdown, three_digits, unbroken
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette


def microscope(unrolled: Unrolled, before: Unrolled | None, history: History, chosen: Choices) -> None:
    """What the last update or edit did; before the first one, the gradient that an update would use"""
    if before is None:
        columns = _gradient_norms(unrolled, chosen.update(unrolled.example, 1))
        st.markdown(prose("panels", "untouched") + "\n\n" + unbroken(_table(unrolled, columns)))
        return
    last = history.updates[-1]
    if isinstance(last, Edit):
        _edit_chain(before, unrolled, history, last)
        _losses(before, unrolled, history)
        return
    used = unroll(history.job, history.before, last.example)
    moved = parameters.tree_map(np.subtract, history.params, history.before)
    if changed := unrolled.example.rewritten(last.example):  # what it wrote then is compared, before and after
        st.caption(prose("panels", "rewritten", n=changed))
        before, unrolled = used, unrolled_at(history, history.params, last.example)
    elif _learned(last.example) != _learned(unrolled.example):
        learned_from = escape_markdown(clip_word(" ".join(last.example.inputs), 60))
        st.caption(prose("panels", "elsewhere", inputs=learned_from))
    _chain(used, before, unrolled, moved, last)
    st.caption(prose("panels", "of_all"))
    _losses(before, unrolled, history)
    st.markdown(unbroken(_table(unrolled, _gradient_norms(used, last) | {"‖ΔW‖": _norms(moved)})))


def _losses(before: Unrolled, after: Unrolled, history: History) -> None:
    """Of every step before and after; and ℒ and ‖g‖ from update to update"""
    left, right = st.columns(2)
    with left:
        per_word = before.due_losses, after.due_losses
        words = [as_written(after.job, word) for word in after.words]
        chart = updates.before_after(words, *per_word, palette())
        due, names = np.isfinite(per_word[0]), np.array(distinct(words))
        reading = updates.most_changed(names[due].tolist(), per_word[0][due], per_word[1][due])
        st.plotly_chart(chart, key="before_after", config=NO_TOOLBAR, alt=reading)
    taken = [entry for entry in history.updates if isinstance(entry, Update)]
    if not taken:
        return
    with right:
        losses, norms = history.losses, history.norms
        learned = [each for one in taken for each in [_learned(one.example)] * one.size]
        if learned[-1] == _learned(after.example):  # where the last entry has led; of another example nobody asked
            losses, norms = (*losses, after.loss.total), (*norms, parameters.norm(after.back.grads))
            learned.append(learned[-1])
        chart = updates.curve(losses, norms, learned, palette())
        st.plotly_chart(chart, key="curve", config=NO_TOOLBAR, alt=updates.course(losses, learned))


def _learned(example: Example) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an update learned from: what was read and fed, and what should have been answered"""
    return example.inputs, (*example.fed, *example.answers)


def _chain(used: Unrolled, before: Unrolled, after: Unrolled, moved: Parameters, update: Update) -> None:
    size, kept = parameters.norm(used.back.grads), parameters.norm(clipped_gradient(used, update))
    is_one, n = update.size == 1, update.size
    moved_by_one = prose("panels", "moved", is_clipped=kept != size, rate=update.learning_rate)
    shown = {
        prose("panels", "loss_before"): before.loss.total,
        prose("panels", "norm") if is_one else prose("panels", "norm_many", n=n): size,
        prose("panels", "norm_clipped"): kept,
        moved_by_one if is_one else prose("panels", "moved_many", n=n): parameters.norm(moved),
    }
    with st.container(horizontal=True, key="chain"):
        for label, value in shown.items():
            st.metric(label, three_digits(value), border=True)
        _loss_after(before, after)


def _edit_chain(before: Unrolled, after: Unrolled, history: History, edit: Edit) -> None:
    place = {"W": weight_label(edit.group, edit.name), "row": edit.row + 1}
    if edit.name == "Wax":
        weight = prose("panels", "edited_word", **place, word=edit.column)
    elif edit.name in ("ba", "by"):
        weight = prose("panels", "edited_bias", **place)
    else:
        weight = prose("panels", "edited_weight", **place, column=edit.column + 1)
    old, new = weight_at(history.before, edit), edit.value
    with st.container(horizontal=True, key="chain"):
        st.metric(prose("panels", "loss_before"), three_digits(before.loss.total), border=True)
        st.metric(weight, f"{three_digits(old)} → {three_digits(new)}", border=True)
        _loss_after(before, after)


def _loss_after(before: Unrolled, after: Unrolled) -> None:
    """ℒ after it, and by how much it moved: down is better"""
    change = after.loss.total - before.loss.total
    st.metric(
        prose("panels", "loss_after"),
        three_digits(after.loss.total),
        three_digits(change),
        delta_color="green" if change < 0 else "red" if change > 0 else "off",
        delta_arrow="down" if change < 0 else "up" if change > 0 else "off",
        border=True,
    )


def _gradient_norms(unrolled: Unrolled, update: Update) -> dict[str, list[float]]:
    clipped = clipped_gradient(unrolled, update)
    return {"‖g‖": _norms(unrolled.back.grads), prose("panels", "norm_clipped"): _norms(clipped)}


def _norms(tree: Parameters) -> list[float]:
    return [float(np.linalg.norm(array)) for _, _, array in weights_by_label(tree).values()]


def _table(unrolled: Unrolled, columns: dict[str, list[float]]) -> str:
    """One row per weight, in Markdown: far lighter in the browser than a table that can be sorted and edited"""
    rows = [["W", *columns], ["---", *["---:"] * len(columns)]]
    labels = weights_by_label(unrolled.back.grads)
    rows += [[name, *map(three_digits, row)] for name, *row in zip(labels, *columns.values(), strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
