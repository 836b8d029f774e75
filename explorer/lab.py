"""The bridge to the core. Training is remembered; one sentence takes a millisecond and is computed afresh."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
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


MOST_NETWORKS = 32  # kept in memory, about 1 MB each at most


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


def network(experiment: Experiment, report: Callable[[Progress], None]) -> Parameters:
    """The network of an experiment: from the shelf, from assets/models/ where it is stored, or trained now."""
    if known := shelf().get(experiment):
        return known
    if stored := models.stored(experiment):
        return shelf().put(experiment, stored)
    with shelf().permits:
        for progress in training.train(experiment):
            report(progress)
    return shelf().put(experiment, progress.params)


@np.errstate(over="ignore", invalid="ignore")
def held_out_f1(params: Parameters, activation: str) -> float:
    return scores.score(task(), CELLS[activation], params)


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
        return lambda params: look(params, experiment.activation, sentence.words, self.labels)


MOST_UPDATES = 2000  # in all; a link replays them, so there must be an end


class History(NamedTuple):
    """The weights after a row of clicks, and what the clicks met on their way"""

    experiment: Experiment  # what it started from; on Structures the whole job
    clicks: tuple[Click, ...]
    params: Parameters
    before: Parameters  # the weights before the last click
    losses: tuple[float, ...]  # ℒ before each update, on the sentence it was taken on
    norms: tuple[float, ...]  # ‖g‖ before clipping


def begin(experiment: Experiment, params: Parameters) -> History:
    return History(experiment, (), params, params, (), ())


def press(history: History, click: Click) -> tuple[History, bool]:
    """Take the updates of one click, and say whether all were possible: stop before one that could not be drawn.

    A click of which nothing was possible leaves the history as it was.
    """
    see, params, losses, norms = click.on(history.experiment), history.params, [], []
    now = see(params)
    for _ in range(click.size):
        moved = gradient_descent(params, clipped(now, click), click.learning_rate)
        after = see(moved)
        if not is_drawable(after):
            break
        losses.append(now.loss.total)
        norms.append(parameters.norm(now.back.grads))
        params, now = moved, after
    if not losses:
        return history, False
    done = click._replace(size=len(losses))
    clicks = (*history.clicks, done)
    extended = (*history.losses, *losses), (*history.norms, *norms)
    return History(history.experiment, clicks, params, history.params, *extended), done.size == click.size


def clipped(look: Look, click: Click) -> Parameters:
    return CLIPS[click.clipping](look.back.grads, click.clip_limit)


LARGEST = 1e30  # beyond it a number could not be drawn: the browser gets most of them in single precision


def is_drawable(look: Look) -> bool:
    """Are ℒ, ‖g‖, ‖W‖ and the largest hidden value finite and not absurdly large?"""
    with np.errstate(over="ignore", invalid="ignore"):
        sizes = parameters.norm(look.back.grads), parameters.norm(look.trace.params), np.abs(look.trace.a).max()
        return bool(all(size <= LARGEST for size in (look.loss.total, *sizes)))


def goes_on(history: History, experiment: Experiment, clicks: tuple[Click, ...]) -> bool:
    """Is this history a beginning of these clicks on this network?"""
    return history.experiment == experiment and history.clicks == clicks[: len(history.clicks)]


def replay(start: History, clicks: tuple[Click, ...], known: History | None) -> History:
    """The history of these clicks, going on from `known` where that is a beginning of it.

    A click that is not possible ends the replay, so that what is shown is always what was computed.
    """
    history = known if known and goes_on(known, start.experiment, clicks) else start
    for click in clicks[len(history.clicks) :]:
        history, complete = press(history, click)
        if not complete:
            break
    return history
