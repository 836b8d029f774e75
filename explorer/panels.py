"""The panels of Explore below the stage: where the gradient comes from, what an update did, a check of one weight."""

import numpy as np
import pandas as pd
import streamlit as st

from core import parameters
from core.gradient_check import central_difference, relative_error
from explorer import lab, theme
from explorer.figures import reach, shares, updates
from explorer.lab import Click, History, Look
from explorer.state import Choices
from explorer.words import words

WEIGHTS = ("Waa", "Wax", "ba", "Wya", "by")
QUIET = {"displayModeBar": False}


def gradients(now: Look, chosen: Choices) -> None:
    """How far each error reaches, and what each step adds to the gradient of the shared weights"""
    palette, weight = theme.palette(), chosen.selected_weight
    st.markdown("**How far back does each error reach?**")
    reading = reach.sentence(now.words, now.reach, chosen.step)
    st.plotly_chart(reach.figure(now.words, now.reach, chosen.step, palette), key="reach", config=QUIET, alt=reading)
    st.markdown(theme.plain(reading))
    st.caption(words("explore", "reach"))

    st.markdown("**What does each step add to the gradient of a weight?**")
    st.segmented_control(
        "Weights", WEIGHTS, key="selected_weight", required=True, label_visibility="collapsed", persist_state="session"
    )
    norms = now.shares[weight]
    total = theme.short(float(np.linalg.norm(_gradient(now, weight))))
    reading = shares.sentence(now.words, norms, weight)
    st.plotly_chart(shares.figure(now.words, norms, chosen.step, palette), key="shares", config=QUIET, alt=reading)
    st.caption(words("explore", "shares", total=total))


def update(now: Look, before: Look | None, history: History, chosen: Choices) -> None:
    """One update under the microscope: ℒ → ∂ → clip → ΔW → ℒ again"""
    st.markdown("**What did the update change?**")
    if before is None:
        st.caption(words("explore", "untouched"))
        _sizes(_gradient_table(now, chosen.click(1)))
        return
    click = history.clicks[-1]
    sentence = lab.read(click.sentence)
    used = lab.look(history.before, chosen.activation, sentence.words, click.labels)
    moved = parameters.tree_map(np.subtract, history.params, history.before)
    _chain(used, before, now, moved, click)
    left, right = st.columns(2)
    with left:
        per_word = before.loss.per_step[:, 0], now.loss.per_step[:, 0]
        worst = int(np.argmax(np.abs(per_word[1] - per_word[0])))
        st.plotly_chart(
            updates.before_after(now.words, *per_word, theme.palette()),
            key="before_after",
            config=QUIET,
            alt=f"The loss at {theme.quoted(now.words[worst])} changed most: from {theme.short(per_word[0][worst])} "
            f"to {theme.short(per_word[1][worst])}.",
        )
    with right:
        losses, norms = (*history.losses, now.loss.total), (*history.norms, parameters.norm(now.back.grads))
        st.plotly_chart(
            updates.curve(losses, norms, theme.palette()),
            key="curve",
            config=QUIET,
            alt=f"In {len(history.losses)} updates ℒ went from {theme.short(losses[0])} to {theme.short(losses[-1])}.",
        )
    _sizes(_gradient_table(used, click) | {"‖ΔW‖": _norms(moved)})


def _chain(used: Look, before: Look, now: Look, moved: parameters.Parameters, click: Click) -> None:
    size = parameters.norm(used.back.grads)
    kept = parameters.norm(lab.clipped(used, click))
    many = f"of all {click.size} updates" if click.size > 1 else f"= α ‖g‖, α = {click.learning_rate:g}"
    shown = {
        "ℒ before": theme.short(before.loss.total),
        "‖g‖" if click.size == 1 else f"‖g‖ before the first of {click.size}": theme.short(size),
        "‖g‖ after clipping": theme.short(kept),
        f"‖ΔW‖ {many}": theme.short(parameters.norm(moved)),
    }
    with st.container(horizontal=True, key="chain"):
        for label, value in shown.items():
            st.metric(label, value, border=True, height="stretch")
        change = theme.short(now.loss.total - before.loss.total)
        st.metric("ℒ after", theme.short(now.loss.total), change, delta_color="inverse", border=True, height="stretch")


def _gradient_table(look: Look, click: Click) -> dict[str, list[float]]:
    return {"‖g‖": _norms(look.back.grads), "‖g‖ after clipping": _norms(lab.clipped(look, click))}


def _norms(tree: parameters.Parameters) -> list[float]:
    by_name = {name: float(np.linalg.norm(array)) for _, name, array in parameters.leaves(tree)}
    return [by_name[name] for name in WEIGHTS]


def _sizes(columns: dict[str, list[float]]) -> None:
    st.dataframe(
        pd.DataFrame(columns, index=pd.Index(WEIGHTS, name="W")),
        column_config={name: st.column_config.NumberColumn(format="%.4g") for name in columns},
    )


def _gradient(look: Look, weight: str) -> np.ndarray:
    return next(array for _, name, array in parameters.leaves(look.back.grads) if name == weight)


def gradient_check(now: Look, chosen: Choices) -> None:
    """BPTT's ∂ℒ/∂w beside (ℒ(w+ε) − ℒ(w−ε)) / 2ε, for any weight"""
    weight = chosen.selected_weight
    st.markdown(f"**Is the gradient right? Check one entry of ∂ℒ/∂{weight}**")
    st.caption(words("explore", "check"))
    gradient = np.atleast_2d(_gradient(now, weight).T).T  # a bias is shown as one column
    row, column = np.unravel_index(np.argmax(np.abs(gradient)), gradient.shape)
    with st.container(horizontal=True):
        i = st.number_input("Row", 0, gradient.shape[0] - 1, int(row), key=f"row_{weight}_{gradient.shape}")
        j = st.number_input("Column", 0, gradient.shape[1] - 1, int(column), key=f"column_{weight}_{gradient.shape}")
    group = next(group for group, name, _ in parameters.leaves(now.trace.params) if name == weight)
    index = (i, j) if getattr(now.trace.params[group], weight).ndim == 2 else (i,)
    numeric = central_difference(
        lambda params: lab.look(params, chosen.activation, now.words, chosen.labels).loss.total,
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
