"""The panels of Explore below the stage: where the gradient comes from, what an update did, a check of one weight."""

import numpy as np
import streamlit as st

from core import parameters
from core.gradient_check import central_difference, relative_error
from explorer.choices.record import Choices
from explorer.compute.sentence import parse_sentence, people_task
from explorer.compute.unrolled import Unrolled, unroll
from explorer.compute.updates import Click, History, clipped
from explorer.figures import credit_matrix, step_shares, updates
from explorer.formatting import clip_word, distinct, escape_markdown, quoted, three_digits
from explorer.prose import prose
from explorer.views import common, share
from explorer.views.common import NO_TOOLBAR
from explorer.views.explore import callbacks

WEIGHTS = ("Waa", "Wax", "ba", "Wya", "by")


def gradients(now: Unrolled, chosen: Choices) -> None:
    """How far each error reaches, and what each step adds to the gradient of the shared weights"""
    palette, weight, names = common.palette(), chosen.selected_weight, distinct(now.words)
    st.markdown("**How far back does each error reach?**")
    reading = credit_matrix.sentence(names, now.reach, chosen.step)
    fig = credit_matrix.of_sentence(now.words, now.reach, chosen.step, palette)
    st.plotly_chart(fig, key="reach", config=NO_TOOLBAR, alt=reading)
    st.markdown(escape_markdown(reading))
    st.caption(prose("explore", "reach"))

    st.markdown("**What does each step add to the gradient of a weight?**")
    st.segmented_control(
        "Weights", WEIGHTS, key="selected_weight", required=True, label_visibility="collapsed", persist_state="session"
    )
    norms = now.shares[weight]
    total = three_digits(float(np.linalg.norm(_gradient(now, weight))))
    reading = step_shares.sentence(names, norms, weight)
    st.plotly_chart(
        step_shares.figure(now.words, norms, chosen.step, palette), key="shares", config=NO_TOOLBAR, alt=reading
    )
    st.caption(prose("explore", "shares", total=total))


def more(now: Unrolled, before: Unrolled | None, history: History, chosen: Choices) -> None:
    """One of three: only what is open is computed, sent and drawn. (Streamlit's tabs take a browser 40 ms a press.)"""
    panels = {
        "What an update changes": lambda: update(now, before, history, chosen),
        "Check a gradient": lambda: gradient_check(now, chosen),
        "Keep or share": lambda: share.panel(now),
    }
    name = st.segmented_control(
        "Panel", panels, key="more", required=True, default=next(iter(panels)), label_visibility="collapsed",
        persist_state="session",
    )  # fmt: skip
    panels[name]()


def update(now: Unrolled, before: Unrolled | None, history: History, chosen: Choices) -> None:
    """One update under the microscope: ℒ → ∂ → clip → ΔW → ℒ again"""
    if before is None:
        st.markdown(prose("explore", "untouched") + "\n\n" + _table(_gradient_norms(now, chosen.click(1))))
        return
    click = history.clicks[-1]
    sentence = parse_sentence(click.sentence)
    used = unroll(history.before, chosen.activation, sentence.words, click.labels)
    moved = parameters.tree_map(np.subtract, history.params, history.before)
    is_here = _learned(click) == (now.words, chosen.labels)
    if not is_here:
        st.caption(prose("explore", "elsewhere", sentence=escape_markdown(clip_word(click.sentence, 60))))
    _chain(used, before, now, moved, click)
    left, right = st.columns(2)
    with left:
        per_word = before.loss.per_step[:, 0], now.loss.per_step[:, 0]
        st.plotly_chart(
            updates.before_after(now.words, *per_word, common.palette()),
            key="before_after",
            config=NO_TOOLBAR,
            alt=updates.most_changed(distinct(now.words), *per_word),
        )
    with right:
        losses, norms = history.losses, history.norms
        learned = [each for click in history.clicks for each in [_learned(click)] * click.size]
        if is_here:  # where the last update has led; of another sentence nobody asked
            losses, norms = (*losses, now.loss.total), (*norms, parameters.norm(now.back.grads))
            learned.append(learned[-1])
        st.plotly_chart(
            updates.curve(losses, norms, learned, common.palette()),
            key="curve",
            config=NO_TOOLBAR,
            alt=updates.course(losses, learned),
        )
    st.markdown(_table(_gradient_norms(used, click) | {"‖ΔW‖": _norms(moved)}))


def _learned(click: Click) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """What a click learned from: words and labels"""
    return parse_sentence(click.sentence).words, click.labels


def _chain(used: Unrolled, before: Unrolled, now: Unrolled, moved: parameters.Parameters, click: Click) -> None:
    size = parameters.norm(used.back.grads)
    kept = parameters.norm(clipped(used, click))
    one = f"= α ‖g‖{' after clipping' if kept != size else ''}, α = {click.learning_rate:g}"
    shown = {
        "ℒ before": three_digits(before.loss.total),
        "‖g‖" if click.size == 1 else f"‖g‖ before the first of {click.size}": three_digits(size),
        "‖g‖ after clipping": three_digits(kept),
        f"‖ΔW‖ {one if click.size == 1 else f'of all {click.size} updates'}": three_digits(parameters.norm(moved)),
    }
    with st.container(horizontal=True, key="chain"):
        for label, value in shown.items():
            st.metric(label, value, border=True, height="stretch")
        change = three_digits(now.loss.total - before.loss.total)
        st.metric("ℒ after", three_digits(now.loss.total), change, delta_color="inverse", border=True, height="stretch")


def _gradient_norms(look: Unrolled, click: Click) -> dict[str, list[float]]:
    return {"‖g‖": _norms(look.back.grads), "‖g‖ after clipping": _norms(clipped(look, click))}


def _norms(tree: parameters.Parameters) -> list[float]:
    by_name = {name: float(np.linalg.norm(array)) for _, name, array in parameters.leaves(tree)}
    return [by_name[name] for name in WEIGHTS]


def _table(columns: dict[str, list[float]]) -> str:
    """One row per weight, in Markdown: far lighter in the browser than a table that can be sorted and edited"""
    rows = [["W", *columns], ["---", *["---:"] * len(columns)]]
    rows += [[name, *map(three_digits, row)] for name, *row in zip(WEIGHTS, *columns.values(), strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _gradient(look: Unrolled, weight: str) -> np.ndarray:
    return next(array for _, name, array in parameters.leaves(look.back.grads) if name == weight)


def gradient_check(now: Unrolled, chosen: Choices) -> None:
    """BPTT's ∂ℒ/∂w beside (ℒ(w+ε) − ℒ(w−ε)) / 2ε, for any weight"""
    weight = chosen.selected_weight
    gradient = np.atleast_2d(_gradient(now, weight).T).T  # a bias is shown as one column
    i, j = _entry(weight, gradient, chosen.sentence)
    st.markdown(f"{prose('explore', 'check', weight=weight)}\n\n{_place(now, weight, gradient, i, j)}")
    with st.container(horizontal=True):
        settings = {"on_change": callbacks.choose_entry, "args": (weight, chosen.sentence)}
        st.number_input("Row", 0, gradient.shape[0] - 1, key="check_row", **settings)
        st.number_input("Column", 0, gradient.shape[1] - 1, key="check_column", **settings)
    group = next(group for group, name, _ in parameters.leaves(now.trace.params) if name == weight)
    index = (i, j) if getattr(now.trace.params[group], weight).ndim == 2 else (i,)
    numeric = central_difference(
        lambda params: unroll(params, chosen.activation, now.words, chosen.labels).loss.total,
        now.trace.params,
        group,
        weight,
        index,
    )
    exact = float(gradient[i, j])
    with st.container(horizontal=True):
        st.metric("∂ℒ/∂w, backpropagation through time", f"{exact:.9g}", border=True)
        st.metric("(ℒ(w+ε) − ℒ(w−ε)) / 2ε", f"{numeric:.9g}", border=True)
        st.metric("Relative difference", f"{relative_error(exact, numeric):.1e}", border=True)


def _entry(weight: str, gradient: np.ndarray, sentence: str) -> tuple[int, int]:
    """Row and column of the entry to check: the one the reader chose, or else the largest"""
    chosen_for, place = st.session_state.get("entry", (None, None))
    if chosen_for != (weight, sentence) or not np.all(np.less(place, gradient.shape)):
        sizes = np.abs(gradient)
        place = np.unravel_index(np.argmax(np.where(np.isfinite(sizes), sizes, -1)), gradient.shape)
    i, j = map(int, place)
    st.session_state.update(check_row=i, check_column=j)
    return i, j


def _place(now: Unrolled, weight: str, gradient: np.ndarray, i: int, j: int) -> str:
    """What stands at this entry, and why it may be zero"""
    if weight != "Wax":
        return ""
    (word,) = people_task().vocabulary.decode([j])
    absent = "" if j in now.trace.x[:, 0] else prose("explore", "absent")
    return prose("explore", "column", j=j, word=escape_markdown(quoted(word))) + " " + absent
