"""How far the error of one answer walks: how much of it arrives where, with attention and without."""

from typing import NamedTuple

import numpy as np

from core.backward import backward
from core.data.example import Example
from core.forward import ForwardTrace, forward
from core.linalg import vector_norm
from core.parameters import Parameters
from core.structures import NO_TARGET
from core.tasks import Task
from explorer.compute.bounded_cache import BoundedCache, OfProcess
from explorer.compute.jobs import Job
from explorer.compute.unrolled import Unrolled
from explorer.compute.whose import one_error

MOST_PAIRS = 200  # held-out pairs that are looked at
AT_ONCE = 64  # pairs in one batch
MOST_KNOWN = 16  # pairs of networks whose arrivals are kept


def chosen_step(unrolled: Unrolled, step: int) -> int:
    """The step, from 0, whose error is followed: the selected one (`step`, from 1) if an answer is due there; else the
    one whose right answer is rarest in training, so a content word and not <END>"""
    due = unrolled.targets[:, 0] != NO_TARGET
    return step - 1 if due[step - 1] else rarest(unrolled.job.task, unrolled.targets[:, 0])


def rarest(task: Task, targets: np.ndarray) -> int:
    """Where the target is rarest in training, of those that are due; the first of equals; targets (T,)"""
    seen = [task.answer_counts[task.classes[y]] if y != NO_TARGET else np.inf for y in targets]
    return int(np.argmin(seen))


def walk(unrolled: Unrolled, s: int) -> np.ndarray:
    """‖∂ℒ⟨s+1⟩/∂state⟨k⟩‖ at k = 1 … s+1, divided by its value at its own step (s+1,); empty where that is 0"""
    errors = vector_norm(one_error(unrolled, s + 1).back.d_state[1 : s + 2, 0])
    return errors / errors[-1] if errors[-1] > 0 else errors[:0]


class Arrivals(NamedTuple):
    """Of every held-out pair, the share of the error of its rarest word that arrives at the English word which the
    network with attention looks at most while it answers"""

    attending: np.ndarray  # (pairs,)
    without: np.ndarray  # (pairs,), at the same English word


@OfProcess
def known_arrivals() -> BoundedCache[tuple, tuple[Parameters, Parameters, Arrivals]]:
    """Of pairs of networks on their data, shared by all sessions and read-only; with the weights, which so live on and
    stay the only ones of their `id`"""
    return BoundedCache(MOST_KNOWN)


def shared_arrivals(attending: Job, params: Parameters, without: Job, params_without: Parameters) -> Arrivals:
    """`held_out_arrivals`, measured once for all who look at the same two networks"""

    def measured() -> tuple[Parameters, Parameters, Arrivals]:
        found = held_out_arrivals(attending, params, without, params_without)
        for shares in found:
            shares.flags.writeable = False
        return params, params_without, found

    key = attending.key, without.key, attending.digest, id(params), id(params_without)
    return known_arrivals().get_or_put(key, measured)[-1]


def held_out_arrivals(attending: Job, params: Parameters, without: Job, params_without: Parameters) -> Arrivals:
    """Both networks, teacher forced, on the held-out pairs: one job on the same data with attention, one without"""
    task, examples = attending.task, attending.task.data.held_out[:MOST_PAIRS]
    found = [
        _arrivals(task, batch, (attending, params), (without, params_without))
        for batch in task.batches(examples, range(len(examples)), AT_ONCE)
    ]
    return Arrivals(*np.concatenate(found, axis=1)) if found else Arrivals(np.zeros(0), np.zeros(0))


def _arrivals(task: Task, batch: list[Example], *networks: tuple[Job, Parameters]) -> np.ndarray:
    """(2, B): of the first network, which attends, and of the second"""
    slots, x, targets = task.batch(batch)
    rows = np.arange(len(batch))
    at = np.array([rarest(task, column) for column in targets.T])
    traces = [forward(job.cell, params, slots, x) for job, params in networks]
    focus = traces[0].focus
    assert focus is not None
    source = focus.alpha[rows, at - focus.alpha.shape[-1]].argmax(axis=-1)
    return np.array([_share(task, trace, targets, at, source) for trace in traces])


def _share(task: Task, trace: ForwardTrace, targets: np.ndarray, at: np.ndarray, source: np.ndarray) -> np.ndarray:
    """‖∂ℒ⟨at⟩/∂state⟨source⟩‖ by ‖∂ℒ⟨at⟩/∂state⟨at⟩‖ (B,), both counted from 0"""
    rows, loss = np.arange(len(at)), task.loss(trace.logits, targets)
    only = np.zeros_like(loss.d_logits)
    only[at, rows] = loss.d_logits[at, rows]
    norms = np.linalg.norm(backward(trace, loss._replace(d_logits=only)).d_state[1:], axis=-1)
    return norms[source, rows] / norms[at, rows]
