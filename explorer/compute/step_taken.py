"""The step that an update took: what it moved most, ℒ along it for other rates, and what it did to other sentences."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core import parameters
from core.attention import attend
from core.backward import backward
from core.data import example as data
from core.forward import ForwardTrace, forward, from_input, second_stream
from core.linalg import MatricesAlong
from core.losses import PER_STEP
from core.parameters import Parameters, leaves
from core.structures import NO_TARGET, weight_spans
from explorer.compute.bounded_cache import BoundedCache, OfProcess
from explorer.compute.jobs import Job
from explorer.compute.unrolled import Example, Unrolled, is_valid, laid_out, weight_label
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


def step_of(history: History) -> Parameters:
    """ΔW of the last entry"""
    return parameters.tree_map(np.subtract, history.params, history.before)


def moved_most(history: History, step: Parameters) -> list[Moved]:
    """Of every weight that moved at all, the entry that moved most; step: its `step_of`"""
    found = []
    for group, name, before in leaves(history.before):
        after, size = getattr(history.params[group], name), np.abs(getattr(step[group], name))
        place = np.unravel_index(int(size.argmax()), size.shape)
        if size[place]:
            row, column = (*map(int, place), 0)[:2]
            found.append(Moved(weight_label(group, name), row, column, float(before[place]), float(after[place])))
    return found


# ℒ along the step -----------------------------------------------------------------------------------------------------


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # a rate may be far too large: that is worth seeing
def losses_along(used: Unrolled, direction: Parameters, rates: np.ndarray) -> np.ndarray:
    """ℒ(W − α g) for every rate α (K,) -> (K,)

    The K networks go through the core as one network goes with K examples: no matrix is formed, (W − α g) a is W a −
    α g a; of Wax only the columns that are read, and of the readout only where an answer is due. used: the example with
    W; direction: g
    """
    due = used.targets[:, 0] != NO_TARGET
    logits = _logits_along(used.trace, direction, rates[:, None], due)
    targets = np.broadcast_to(used.targets[due], logits.shape[:2])
    return PER_STEP[used.job.task.output](logits, targets).sum(axis=0)


def _logits_along(trace: ForwardTrace, direction: Parameters, rates: np.ndarray, due: np.ndarray) -> np.ndarray:
    """(due steps, K, n_y) of one example; rates (K, 1); due (T,): the steps that are asked for"""
    state = np.zeros((len(trace.slots) + 1, len(rates), trace.state.shape[-1]))
    for group, span in weight_spans(trace.slots):
        p, g = trace.params[group], direction[group]
        input_term = from_input(p, trace.x[span]) - rates * from_input(g, trace.x[span])  # (T, K, n)
        line = p._replace(Waa=MatricesAlong(p.Waa, g.Waa, rates))
        for t, term in enumerate(input_term, start=span.start):
            trace.cell.step(line, state[t], term, out=state[t + 1])
    p, g = trace.params["readout"], direction["readout"]
    every = state[1:, :, : p.Wya.shape[-1]]  # (T, K, n_a)
    met, weights = [every[due]], [p.Wya, g.Wya]
    if trace.focus:  # of a decoder: no other step answers
        context = attend(trace.slots, every).context
        met.append(context[due[-len(context) :]])
        weights += [trace.params["attention"].Wyc, direction["attention"].Wyc]
    factors = [factor for v in met for factor in (v, -rates * v)]
    logits = np.concatenate(factors, axis=-1) @ np.hstack(weights).T  # one large product is the quickest
    logits += p.by - rates * g.by
    if trace.reverse:
        own = second_stream(direction["reverse"])
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


@OfProcess
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


@np.errstate(over="ignore", invalid="ignore")
def others(history: History, step: Parameters, examples: Sequence[Example]) -> list[Other]:
    """What the last update, whose `step_of` this is, did to each of these examples; those that may share a batch go
    through the core together"""
    job = history.job
    found: dict[int, Other] = {}
    for places in _batches(job, examples):
        layouts = [laid_out(job, examples[i]) for i in places]
        slots = max((slots for slots, _, _ in layouts), key=len)
        lengths = [len(targets) for _, _, targets in layouts]
        x, targets = (np.full((len(slots), len(places)), filling) for filling in (0, NO_TARGET))
        for b, (_, own_x, own_targets) in enumerate(layouts):
            x[: lengths[b], b], targets[: lengths[b], b] = own_x, own_targets
        trace, after = (forward(job.cell, p, slots, x, lengths=lengths) for p in (history.before, history.params))
        loss = job.task.loss(trace.logits, targets)
        losses = PER_STEP[job.task.output](after.logits, targets)
        decisive = np.abs(np.nan_to_num(losses - loss.per_step)).argmax(axis=0)
        each = decisive, loss.per_step.sum(axis=0), losses.sum(axis=0), backward(trace, loss).slopes(step)
        for i, values in zip(places, zip(*(row.tolist() for row in each), strict=True), strict=True):
            found[i] = Other(examples[i], *values)
    return [found[i] for i in range(len(examples))]


def _batches(job: Job, examples: Sequence[Example]) -> list[list[int]]:
    """The places of those that may share a batch"""
    buckets: dict[int, list[int]] = {}
    for i, example in enumerate(examples):
        buckets.setdefault(job.task.length_bucket(data.Example(example.inputs, example.fed)), []).append(i)
    return list(buckets.values())
