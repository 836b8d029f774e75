"""One update under the microscope: ℒ → ∂ → clip → ΔW → ℒ again."""

import numpy as np
import streamlit as st

from core import parameters
from core.parameters import Parameters
from explorer.choices.record import Choices
from explorer.components.stage_texts import as_written
from explorer.compute.unrolled import Example, Unrolled, unroll, weights_by_label
from explorer.compute.updates import History, Update, clipped_gradient
from explorer.figures import updates
from explorer.formatting import clip_word, distinct, escape_markdown, three_digits
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette


def microscope(unrolled: Unrolled, before: Unrolled | None, history: History, chosen: Choices) -> None:
    """What the last update did; before the first one, the gradient that it would use"""
    if before is None:
        columns = _gradient_norms(unrolled, chosen.update(unrolled.example, 1))
        st.markdown(prose("panels", "untouched") + "\n\n" + _table(unrolled, columns))
        return
    update = history.updates[-1]
    used = unroll(history.job, history.before, update.example)
    moved = parameters.tree_map(np.subtract, history.params, history.before)
    is_here = _learned(update.example) == _learned(unrolled.example)
    if not is_here:
        learned_from = escape_markdown(clip_word(" ".join(update.example.inputs), 60))
        st.caption(prose("panels", "elsewhere", inputs=learned_from))
    _chain(used, before, unrolled, moved, update)
    left, right = st.columns(2)
    with left:
        per_word = before.due_losses, unrolled.due_losses
        words = [as_written(unrolled.job, word) for word in unrolled.words]
        chart = updates.before_after(words, *per_word, palette())
        due, names = np.isfinite(per_word[0]), np.array(distinct(words))
        reading = updates.most_changed(names[due].tolist(), per_word[0][due], per_word[1][due])
        st.plotly_chart(chart, key="before_after", config=NO_TOOLBAR, alt=reading)
    with right:
        losses, norms = history.losses, history.norms
        learned = [each for one in history.updates for each in [_learned(one.example)] * one.size]
        if is_here:  # where the last update has led; of another example nobody asked
            losses, norms = (*losses, unrolled.loss.total), (*norms, parameters.norm(unrolled.back.grads))
            learned.append(learned[-1])
        chart = updates.curve(losses, norms, learned, palette())
        st.plotly_chart(chart, key="curve", config=NO_TOOLBAR, alt=updates.course(losses, learned))
    st.markdown(_table(unrolled, _gradient_norms(used, update) | {"‖ΔW‖": _norms(moved)}))


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
            st.metric(label, three_digits(value), border=True, height="stretch")
        total, change = after.loss.total, after.loss.total - before.loss.total
        st.metric(
            prose("panels", "loss_after"),
            three_digits(total),
            three_digits(change),
            delta_color="inverse",
            border=True,
            height="stretch",
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
