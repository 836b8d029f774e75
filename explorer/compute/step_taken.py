"""The step that an update took: what it moved most, ℒ along it for other rates, and what it did to other sentences."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from core import parameters
from core.attention import attend
from core.cells import CellWeights
from core.forward import ForwardTrace
from core.parameters import Parameters, Readout, leaves
from core.structures import NO_TARGET, weight_spans
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.jobs import Job
from explorer.compute.unrolled import Example, Unrolled, is_valid, losses_of, unroll, weight_label
from explorer.compute.updates import LARGEST, History, Update, latest_update

FINE = 24  # points of the curve beside the rates of the menu
HELD_OUT, TYPED = 3, 2  # other examples that are told: of the held-out part, and of this session
SHORT = 8  # steps: a held-out example that fits a line
MOST_CHOSEN = 16  # tasks and files whose examples are kept


class Moved(NamedTuple):
    """The entry of one weight that moved most; row and column from 0, of a vector column 0"""

    label: str
    row: int
    column: int
    before: float
    after: float


class Curve(NamedTuple):
    """ℒ(W − α g) over the rates α, from 0 on; not finite where a number became too large"""

    rates: np.ndarray
    losses: np.ndarray


class Other(NamedTuple):
    """What the step did to an example that it was not taken on"""

    example: Example
    decisive: int  # the step, from 0, whose loss changed most
    before: float
    after: float
    foretold: float  # ⟨ΔW, ∂ℒ′/∂W⟩: the slope of its loss before the step, along the step


def moved_most(history: History) -> list[Moved]:
    """Of every weight that moved at all, the entry that moved most"""
    found = []
    for group, name, before in leaves(history.before):
        after = getattr(history.params[group], name)
        size = np.abs(after - before)
        if size.any():
            place = np.unravel_index(int(size.argmax()), size.shape)
            row, column = (*map(int, place), 0)[:2]
            found.append(Moved(weight_label(group, name), row, column, float(before[place]), float(after[place])))
    return found


# ℒ along the step -----------------------------------------------------------------------------------------------------


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # a rate may be far too large: that is worth seeing
def losses_along(used: Unrolled, direction: Parameters, rates: np.ndarray) -> np.ndarray:
    """ℒ(W − α g) for every rate α (K,) -> (K,)

    All networks go through the core as one stack, a product a step; of Wax only the columns that are read are formed,
    of the readout no matrix at all: (Wya − α g) a = Wya a − α g a, and only where an answer is due. used: the example
    with W; direction: g
    """
    due = used.targets[:, 0] != NO_TARGET
    logits = _logits_along(used.trace, direction, rates, due)
    targets = np.broadcast_to(used.targets[due], logits.shape[:2])
    return used.job.task.loss(logits, targets).per_step.sum(axis=0)


def _logits_along(trace: ForwardTrace, direction: Parameters, rates: np.ndarray, due: np.ndarray) -> np.ndarray:
    """(due steps, K, n_y) of one example; due (T,): the steps that are asked for"""
    T, K = len(trace.slots), len(rates)
    alpha = rates[:, None, None]
    state = np.zeros((T + 1, K, 1, trace.state.shape[-1]))
    for group, span in weight_spans(trace.slots):
        p, g = trace.params[group], direction[group]
        ids = trace.x[span, 0]
        columns = p.Wax[:, ids].T - alpha * g.Wax[:, ids].T  # (K, T, n)
        input_term = columns + (p.ba - alpha * g.ba)
        stack = p._replace(Waa=p.Waa - alpha * g.Waa)
        for i, t in enumerate(range(span.start, span.stop)):
            trace.cell.step(stack, state[t], input_term[:, i, None], out=state[t + 1])
    (Wya, by), readout = trace.params["readout"], direction["readout"]
    every = state[1:, :, 0, : Wya.shape[-1]]  # (T, K, n_a)
    each, a = rates[:, None], every[due]
    logits = a @ Wya.T - each * (a @ readout.Wya.T) + (by - each * readout.by)
    if trace.focus:  # of a decoder: no other step answers
        context = attend(trace.slots, every).context
        context = context[due[-len(context) :]]
        Wyc, d_Wyc = trace.params["attention"].Wyc, direction["attention"].Wyc
        logits += context @ Wyc.T - each * (context @ d_Wyc.T)
    if trace.reverse:
        Waa, Wax, ba, Wya = direction["reverse"]
        own = {"rnn": CellWeights(Waa, Wax, ba), "readout": Readout(Wya, np.zeros_like(by))}
        logits += _logits_along(trace.reverse, own, rates, due[::-1])[::-1]
    return logits


def curve(used: Unrolled, direction: Parameters, taken: float, menu: Sequence[float]) -> Curve:
    """ℒ along the step, at 0 and every rate of the menu in range, and between them.

    It ends at the first rate of the menu where ℒ exceeds its start, but not before the rate that was taken.
    """
    rates = np.array([0.0, *menu])
    losses = losses_along(used, direction, rates)
    beyond = (rates >= taken) & ~(losses <= losses[0])
    end = int(np.flatnonzero(beyond)[0]) if beyond.any() else len(rates) - 1
    between = np.setdiff1d(np.linspace(0, rates[end], FINE + 1), rates)
    rates = np.concatenate([rates[: end + 1], between])
    losses = np.concatenate([losses[: end + 1], losses_along(used, direction, between)])
    order = np.argsort(rates)
    return Curve(rates[order], np.where(losses <= LARGEST, losses, np.nan)[order])


# Other sentences ------------------------------------------------------------------------------------------------------


@st.cache_resource
def chosen_examples() -> BoundedCache[tuple[str, str], list[Example]]:
    """Of every task and file, shared by all sessions"""
    return BoundedCache(MOST_CHOSEN)


def held_out_examples(job: Job) -> list[Example]:
    """Always the same few of what training never saw, from all over the file, each short enough for a line; where there
    are such, with a word that the network does not know: there it is least sure."""
    return chosen_examples().get_or_put((job.name, job.digest), lambda: _chosen_examples(job))


def _chosen_examples(job: Job) -> list[Example]:
    short = [example for example in job.task.data.held_out if len(example.inputs) <= SHORT]
    every = [example for example in short if not all(word in job.task.vocabulary for word in example.inputs)] or short
    chosen = every[:: max(1, len(every) // HELD_OUT)][:HELD_OUT]
    examples = [Example(each.inputs, each.answers, each.answers, teacher_forced=True) for each in chosen]
    return [example for example in examples if is_valid(job, example)]


def typed_examples(history: History, shown: Example) -> list[Example]:
    """What else this session learned from or shows, the newest first, each sentence once"""
    used = latest_update(history).example
    found: dict[tuple[str, ...], Example] = {}
    for example in (shown, *(entry.example for entry in reversed(history.updates) if isinstance(entry, Update))):
        if example.inputs != used.inputs and is_valid(history.job, example):
            found.setdefault(example.inputs, example)
    return list(found.values())[:TYPED]


def others(history: History, examples: Iterable[Example]) -> list[Other]:
    """What the last update did to each of these examples"""
    job, moved = history.job, parameters.tree_map(np.subtract, history.params, history.before)
    found = []
    for example in examples:
        before, (after, total) = unroll(job, history.before, example), losses_of(job, history.params, example)
        change = np.abs(np.nan_to_num(after - before.due_losses))
        grads = before.back.grads  # each product by entries: `vdot` would copy what stands by columns
        foretold = sum(float((step * getattr(grads[group], name)).sum()) for group, name, step in leaves(moved))
        found.append(Other(example, int(change.argmax()), before.loss.total, total, foretold))
    return found
