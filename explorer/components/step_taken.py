"""What one update did, as the browser draws it: what moved, ℒ along the step for other rates, and other sentences."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from core import parameters
from core.parameters import leaves
from explorer.components.base import component, int8_base64, number, numbers
from explorer.components.stage_texts import as_written
from explorer.compute import step_taken
from explorer.compute.jobs import Job
from explorer.compute.step_taken import Moved, Other
from explorer.compute.unrolled import Unrolled, weight_label
from explorer.compute.updates import History, clipped_gradient, latest_update, unrolled_at
from explorer.formatting import clip_word, three_digits, two_digits
from explorer.prose import prose

KEY = "step_taken"
MOST_DECIMALS = 9
LEAST = 5e-5  # of a change of ℒ: what four decimals can tell apart

_step_taken = component(KEY)


def show(
    history: History, shown: Unrolled, before: Unrolled, rates: Sequence[float], on_rate: Callable[[float], None]
) -> None:
    """`on_rate` is called with the one of these rates at which the reader wants this update to have been taken. before:
    the shown example with the weights before the update"""

    taken = latest_update(history).learning_rate  # the session keeps the callback, and with it no network

    def chosen() -> None:
        rate = st.session_state[KEY]["rate"]
        if rate in rates and rate != taken:  # whatever a browser sends
            on_rate(rate)

    _step_taken(key=KEY, data=payload(history, shown, before, rates), on_rate_change=chosen)


@np.errstate(over="ignore", invalid="ignore")
def payload(history: History, shown: Unrolled, before: Unrolled, menu: Sequence[float]) -> dict[str, Any]:
    """shown: what is on the stage, with the weights after the update; before: the same with those before it"""
    update = latest_update(history)
    used = before
    if not before.example.has_numbers_of(update.example):
        used = unrolled_at(history, history.before, update.example)
    moved = step_taken.step_of(history)
    examples = [*step_taken.held_out_examples(history.job), *step_taken.typed_examples(history, shown.example)]
    examples = [example for example in examples if example.inputs != update.example.inputs]
    found = step_taken.others(history, moved, examples)
    size, clipped = parameters.norm(used.back.grads), parameters.norm(clipped_gradient(used, update))
    sizes = {"size": three_digits(size), "clipped": three_digits(clipped), "is_clipped": clipped != size}
    step = three_digits(parameters.norm(moved))
    is_one = update.size == 1
    return {
        "title": prose("step_taken", "title", rate=update.learning_rate, n=update.size),
        "lengths": prose("step_taken", "lengths", **sizes, step=step)
        if is_one
        else prose("step_taken", "lengths_many", **sizes, step=step, n=update.size),
        "moved": [_moved(history.job, one) for one in step_taken.moved_most(history, moved)],
        "map": _map(history, moved),
        "curve": _curve(history, used, menu) if is_one else None,
        "others": [_other(history, one) for one in found],
        "told": _told(found, is_one),
    }


def _moved(job: Job, moved: Moved) -> str:
    decimals = int(np.clip(np.ceil(-np.log10(abs(moved.after - moved.before))), 3, MOST_DECIMALS))
    before, after = (f"{value:.{decimals}f}".replace("-", "−") for value in (moved.before, moved.after))
    values = {"label": moved.label, "before": before, "after": after}
    group, _, name = moved.label.rpartition(".")
    if name in ("ba", "by"):
        return prose("step_taken", "moved_bias", **values, row=moved.row + 1)
    if name == "Wax":
        column = {"row": moved.row + 1, "id": moved.column}
        if group == "decoder":  # which reads its own answers, by a dictionary of its own
            return prose("step_taken", "moved_column", **values, **column)
        read = clip_word(as_written(job, job.task.vocabulary.words[moved.column]))
        return prose("step_taken", "moved_column_read", **values, **column, read=read)
    return prose("step_taken", "moved_entry", **values, row=moved.row + 1, column=moved.column + 1)


def _map(history: History, moved: parameters.Parameters) -> dict[str, Any]:
    """ΔWaa on a scale of its own, and Waa before; of an encoder and a decoder the one that moved more"""
    steps = [(group, array) for group, name, array in leaves(moved) if name == "Waa"]
    group, change = max(steps, key=lambda one: float(np.abs(one[1]).max()))
    W = history.before[group].Waa
    scale, own = (float(np.abs(array).max()) for array in (W, change))
    label = weight_label(group, "Waa")
    finer = two_digits(scale / own) if own else ""
    told = (
        prose("step_taken", "scale", label=label, own=three_digits(own), finer=finer)
        if own
        else prose("step_taken", "unmoved")
    )
    return {
        "label": label,
        "n": W.shape[1],
        "change": int8_base64(change, own or 1.0),
        "before": int8_base64(W, scale or 1.0),
        "told": told,
        "held": prose("step_taken", "held", label=label, scale=three_digits(scale)),
    }


def _curve(history: History, used: Unrolled, menu: Sequence[float]) -> dict[str, Any]:
    update = latest_update(history)
    rates, losses = step_taken.curve(used, clipped_gradient(used, update), update.learning_rate, menu)
    at = dict(zip(rates.tolist(), numbers(losses), strict=True))
    start, now = losses[0], at[update.learning_rate]
    values = {"start": three_digits(start), "rate": update.learning_rate, "end": f"{rates[-1]:g}"}
    return {
        "rates": rates.tolist(),
        "losses": numbers(losses),
        "menu": [rate for rate in menu if rate <= rates[-1]],
        "taken": update.learning_rate,
        "ends": prose("step_taken", _end_of(losses), end=f"{rates[-1]:g}"),
        "alt": prose("step_taken", "curve_alt", **values, now=three_digits(np.nan if now is None else now)),
    }


def _end_of(losses: np.ndarray) -> str:
    """Why the curve ends where it does: its length is that of the step that still tells something"""
    if not np.isfinite(losses[-1]):
        return "ends_broken"
    return "ends_above" if losses[-1] > losses[0] else "ends_at_last"


def _other(history: History, other: Other) -> dict[str, Any]:
    words: Sequence[str] = [clip_word(as_written(history.job, word)) for word in other.example.inputs]
    is_marked = other.decisive < len(words)
    return {
        "words": words,
        "decisive": other.decisive if is_marked else -1,
        "before": number(other.before),
        "after": number(other.after),
        "foretold": number(other.foretold),
    }


def _told(found: Sequence[Other], is_one: bool) -> str:
    changes = [(one.after - one.before, one.foretold) for one in found]
    wrong = sum(abs(actual) >= LEAST and actual * foretold < 0 for actual, foretold in changes)
    return prose("step_taken", "too_long", n=wrong, is_one=is_one) if wrong else prose("step_taken", "along")
