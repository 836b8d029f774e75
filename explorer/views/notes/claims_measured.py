"""Each claim of the page Notes about the plain RNN, as a computation on a real network."""

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

import numpy as np

from core import training
from core.cells import CELLS, Cell
from core.forward import forward
from core.parameters import Parameters, leaves
from core.training import Experiment
from explorer.compute.sentence import people_task
from explorer.compute.unrolled import Unrolled

# A. Any length, the same number of parameters -------------------------------------------------------------------------


class Layer(NamedTuple):
    """One layer of the feed-forward network: W x + b"""

    W: np.ndarray  # (n_out, n_in)
    b: np.ndarray  # (n_out,)


def recurrent(n_a: int) -> Parameters:
    """An untrained plain RNN for the task of Explore"""
    return training.untrained(Experiment(hidden_units=n_a, epochs=0))


def feed_forward(T: int, n_a: int, n_x: int, n_y: int) -> Parameters:
    """A classic network for the same task: T one-hot vectors, end to end, into n_a units, and from these T answers.

    Only its size matters, so its arrays are views of a single zero: a shape that takes no memory.
    """
    sizes = {"hidden": (n_a, T * n_x), "answers": (T * n_y, n_a)}
    return {name: Layer(np.broadcast_to(0.0, size), np.broadcast_to(0.0, size[:1])) for name, size in sizes.items()}


def count(params: Parameters) -> int:
    """The number of parameters: the entries of all arrays"""
    return sum(array.size for _, _, array in leaves(params))


def predictions(params: Parameters, T: int) -> int:
    """Read T random words, and count the predictions"""
    trace = forward(CELLS["tanh"], params, people_task().slots(T), random_words(T, 1))
    return int(np.isfinite(trace.logits).sum())


def random_words(T: int, B: int) -> np.ndarray:
    """ids (T, B)"""
    return np.random.default_rng(0).integers(0, len(people_task().vocabulary), (T, B))


# B. Shared weights ----------------------------------------------------------------------------------------------------


def share_sum_error(unrolled: Unrolled) -> float:
    """max |Σ_t ∂ℒ/∂Waa|(t) − ∂ℒ/∂Waa|: equation (4), left side against right side"""
    shares = [unrolled.back.share(t)["rnn"].Waa for t in range(1, len(unrolled.words) + 1)]
    return float(np.abs(np.sum(shares, axis=0) - unrolled.back.grads["rnn"].Waa).max())


# C. and F. Two sentences through one network --------------------------------------------------------------------------


def common_prefix(one: Unrolled, other: Unrolled) -> int:
    """The number of steps from the start at which both read the same index; any two unknown words have the same."""
    both = min(len(one.words), len(other.words))
    differ = np.flatnonzero(one.trace.x[:both, 0] != other.trace.x[:both, 0])
    return int(differ[0]) if differ.size else both


def p_name(unrolled: Unrolled) -> np.ndarray:
    """ŷ⟨t⟩ of every step (T,)"""
    return unrolled.loss.y_hat[:, 0, 0]


class Difference(NamedTuple):
    """The difference between two sentences at steps 1 … min(T, T'), at [t−1]"""

    state: np.ndarray  # the largest |difference| of the two states
    prediction: np.ndarray  # |difference| of the two ŷ⟨t⟩


def state_differences(one: Unrolled, other: Unrolled) -> Difference:
    """The states and predictions of two sentences compared, step by step"""
    both = min(len(one.words), len(other.words))
    states = one.trace.state[1 : both + 1, 0] - other.trace.state[1 : both + 1, 0]
    return Difference(np.abs(states).max(axis=-1), np.abs(p_name(one)[:both] - p_name(other)[:both]))


# D. Steps wait for one another ----------------------------------------------------------------------------------------

LENGTHS = (25, 50, 100, 150, 200)  # short enough that other work of the machine falls between the passes, not into them
REPEATS = 31


class Timing(NamedTuple):
    """Seconds, each (len(LENGTHS),): medians"""

    waiting: np.ndarray  # one sequence of T steps
    at_once: np.ndarray  # T sequences of one step: the same products, and no step waits

    def line(self) -> np.ndarray:
        """Slope (seconds a step) and height at T = 0 of the straight line through `waiting`, by least squares"""
        return np.polyfit(LENGTHS, self.waiting, 1)


def timing(cell: Cell, params: Parameters, clock: Callable[[], float] = perf_counter) -> Timing:
    """Forward passes over LENGTHS random words; the repeats take turns, so that a busy moment spoils none"""
    seconds = np.empty((REPEATS, 2, len(LENGTHS)))
    for repeat in seconds:
        for way, shape in enumerate([lambda T: (T, 1), lambda T: (1, T)]):
            for i, length in enumerate(LENGTHS):
                T, B = shape(length)
                slots, x = people_task().slots(T), random_words(T, B)
                start = clock()
                forward(cell, params, slots, x)
                repeat[way, i] = clock() - start
    return Timing(*np.median(seconds, axis=0))


# E. Forgets -----------------------------------------------------------------------------------------------------------


def way_back(unrolled: Unrolled) -> np.ndarray:
    """‖∂ℒ⟨T⟩/∂state⟨k⟩‖ for k = 1 … T (T,): the error of the last word, followed back to the first"""
    return unrolled.credit_matrix[-1]
