"""The bridge to the core. Training is remembered; one sentence takes a millisecond and is computed afresh."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import streamlit as st

from core import flow, models, parameters, scores, tasks, training
from core.backward import BackwardTrace, backward
from core.cells import CELLS
from core.forward import ForwardTrace, forward
from core.losses import Loss
from core.optimisers import CLIPS, gradient_descent
from core.parameters import Parameters
from core.tasks import Task
from core.training import Experiment, Progress
from core.vocabulary import tokenise

MOST_WORDS = 60  # a sentence longer than this is cut: its drawing would say nothing
READ_CHARACTERS = 20_000  # more text than this is not even split into words


def task() -> Task:
    return tasks.task("people")


# A sentence, as the network gets it -----------------------------------------------------------------------------------


class Sentence(NamedTuple):
    words: tuple[str, ...]
    guess: tuple[int, ...]  # what each word's label probably is: a typed sentence has none
    is_cut: bool


def read(text: str) -> Sentence:
    text = text.strip()
    words = tokenise(text[:READ_CHARACTERS])
    is_cut = len(words) > MOST_WORDS or len(text) > READ_CHARACTERS
    words = words[:MOST_WORDS]
    return Sentence(tuple(words), tuple(task().guess(words)), is_cut)


# One look at the network ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """One sentence through one network, forward and backward: all that the pages draw of it"""

    words: tuple[str, ...]
    targets: np.ndarray  # (T, 1)
    trace: ForwardTrace
    loss: Loss
    back: BackwardTrace

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def reach(self) -> np.ndarray:
        """‖∂ℒ⟨s⟩/∂state⟨k⟩‖ (T, T), at [s − 1, k − 1]; the state is a, of the LSTM a and c together"""
        return flow.reach_norms(self.back, part="state")[..., 0]

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def shares(self) -> dict[str, np.ndarray]:
        """‖∂ℒ/∂W|(t)‖ (T,) of every weight W"""
        return {name.split(".")[1]: norms for name, norms in self.back.share_norms().items()}


def look(params: Parameters, activation: str, words: tuple[str, ...], labels: tuple[int, ...]) -> Look:
    x = task().vocabulary.encode(words)[:, None]
    targets = np.array(labels)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):  # an exploding network is worth looking at, too
        trace = forward(CELLS[activation], params, task().slots(len(words)), x)
        loss = task().loss(trace.logits, targets)
        return Look(words, targets, trace, loss, backward(trace, loss))


# Networks -------------------------------------------------------------------------------------------------------------


MOST_NETWORKS = 32  # kept in memory, 1.5 MB each at most (an LSTM with 64 units)


class Shelf:
    """The networks trained or loaded so far, shared by all sessions and read-only; the longest unused goes first.

    A function under `st.cache_resource` cannot report progress while it runs: it would replay the reports later.
    """

    def __init__(self) -> None:
        self.networks: OrderedDict[Experiment, Parameters] = OrderedDict()
        self.lock = threading.Lock()
        self.permits = threading.Semaphore(2)  # so many sessions may train at once; the others wait their turn

    def get(self, experiment: Experiment) -> Parameters | None:
        with self.lock:
            if experiment in self.networks:
                self.networks.move_to_end(experiment)
            return self.networks.get(experiment)

    def put(self, experiment: Experiment, params: Parameters) -> Parameters:
        with self.lock:
            self.networks[experiment] = parameters.read_only(params)
            while len(self.networks) > MOST_NETWORKS:
                self.networks.popitem(last=False)
        return params


@st.cache_resource
def shelf() -> Shelf:
    return Shelf()


EVERY = 0.2  # seconds between two reports of long work: Streamlit can stop it, for a new click, only at one of them
WAITING = Progress(0, np.nan, {})  # reported while others train


def now_and_then(report: Callable) -> Callable:
    """The same report for every little bit of work, made only every 0.2 s: of what is over sooner there is none"""
    last = time.monotonic()

    def maybe(*told) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            report(*told)
            last = time.monotonic()

    return maybe


def network(experiment: Experiment, report: Callable[[Progress], None]) -> Parameters:
    """The network of an experiment: from the shelf, from assets/models/ where it is stored, or trained now."""
    if known := shelf().get(experiment):
        return known
    if stored := models.stored(experiment):
        return shelf().put(experiment, stored)
    permits = shelf().permits
    while not permits.acquire(timeout=EVERY):
        report(WAITING)
    try:  # those who were waited for may have trained the same
        if known := shelf().get(experiment):
            return known
        for progress in training.train(experiment, tick=now_and_then(report)):
            report(progress)
        return shelf().put(experiment, progress.params)
    finally:
        permits.release()


@st.cache_data
def baseline_f1() -> float:
    return scores.baseline(task())


# Updates --------------------------------------------------------------------------------------------------------------


class Click(NamedTuple):
    """One press of an update button: `size` gradient-descent steps on one sentence"""

    sentence: str
    labels: tuple[int, ...]
    learning_rate: float
    clipping: str
    clip_limit: float
    size: int

    def on(self, experiment: Experiment) -> Callable[[Parameters], Look]:
        """What the network of this experiment makes of the sentence, with any weights"""
        sentence = read(self.sentence)
        return lambda params: look(params, experiment.cell, sentence.words, self.labels)


MOST_UPDATES = 2000  # in all; a link replays them, so there must be an end


class History(NamedTuple):
    """The weights after a row of clicks, and what the clicks met on their way"""

    experiment: Experiment  # what it started from; on Structures the whole job
    clicks: tuple[Click, ...]
    params: Parameters  # in a session (see `lean`) only what differs from the weights it started from
    before: Parameters  # the weights before the last click; in a session only what differs from `params`
    losses: tuple[float, ...]  # ℒ before each update, on the sentence it was taken on
    norms: tuple[float, ...]  # ‖g‖ before clipping


def begin(experiment: Experiment, params: Parameters) -> History:
    return History(experiment, (), params, params, (), ())


def lean(history: History, start: History) -> History:
    """What a session keeps of a history: all sessions share the weights it started from"""
    return history._replace(
        params=parameters.difference(start.params, history.params),
        before=parameters.difference(history.params, history.before),
    )


def whole(kept: History, start: History) -> History:
    """The history again, bit for bit, of which `lean` was kept"""
    params = parameters.restored(start.params, kept.params)
    return kept._replace(params=params, before=parameters.restored(params, kept.before))


def press(
    history: History, click: Click, now: Look | None = None, report: Callable[[int], None] = lambda taken: None
) -> tuple[History, Look]:
    """Take the updates of one click, and see what they led to: stop before one that could not be drawn.

    A click of which nothing was possible leaves the history as it was. `now`: what the click meets, where known.
    """
    see, params, losses, norms = click.on(history.experiment), history.params, [], []
    now = now or see(params)
    for _ in range(click.size):
        moved = gradient_descent(params, clipped(now, click), click.learning_rate)
        after = see(moved)
        if not is_drawable(after):
            break
        losses.append(now.loss.total)
        norms.append(parameters.norm(now.back.grads))
        params, now = moved, after
        report(len(losses))
    if not losses:
        return history, now
    done = click if len(losses) == click.size else click._replace(size=len(losses))
    clicks, losses, norms = (*history.clicks, done), (*history.losses, *losses), (*history.norms, *norms)
    return History(history.experiment, clicks, params, history.params, losses, norms), now


def clipped(look: Look, click: Click) -> Parameters:
    return CLIPS[click.clipping](look.back.grads, click.clip_limit)


LARGEST = 1e30  # beyond it a number could not be drawn: the browser gets most of them in single precision


def is_drawable(look: Look) -> bool:
    """Are ℒ, ‖g‖, ‖W‖ and the largest hidden value finite and not absurdly large?"""
    with np.errstate(over="ignore", invalid="ignore"):
        sizes = parameters.norm(look.back.grads), parameters.norm(look.trace.params), np.abs(look.trace.a).max()
        return bool(all(size <= LARGEST for size in (look.loss.total, *sizes)))


def extended(clicks: tuple, click) -> tuple:
    """The clicks and one more. Of equal clicks, with all their text, only one is kept."""
    return (*clicks, next((known for known in clicks if known == click), click))


def goes_on(history: History, experiment: Experiment, clicks: tuple[Click, ...]) -> bool:
    """Is this history a beginning of these clicks on this network?"""
    return history.experiment == experiment and history.clicks == clicks[: len(history.clicks)]


def goes_further(history: History, kept: History | None) -> bool:
    """Has this history updates that were taken after what was kept?"""
    is_same = kept is not None and goes_on(kept, history.experiment, history.clicks)
    return is_same and len(history.losses) > len(kept.losses)


def replay(
    start: History, clicks: tuple[Click, ...], kept: History | None, report: Callable[[int], None] = lambda taken: None
) -> History:
    """The history of these clicks, going on from what was kept where that is a beginning of it.

    A click that is not possible ends the replay, so that what is shown is always what was computed. `report` is told
    now and then how many updates were taken.
    """
    history = whole(kept, start) if kept and goes_on(kept, start.experiment, clicks) else start
    report, now = now_and_then(report), None
    for last, click in pairwise((None, *clicks[len(history.clicks) :])):
        taken = len(history.losses)
        history, now = press(history, click, now if click == last else None, lambda n, t=taken: report(t + n))
        if len(history.losses) < taken + click.size:
            break
    return history


@np.errstate(over="ignore", invalid="ignore")
def held_out_f1(history: History) -> float:
    """How good these weights are; a session remembers the last answer, for most of what is clicked moves no weight."""
    key = history.experiment, history.clicks
    known, f1 = st.session_state.get("held_out_f1", (None, 0.0))
    if known != key:
        f1 = scores.score(task(), CELLS[history.experiment.cell], history.params)
        st.session_state["held_out_f1"] = key, f1
    return f1
