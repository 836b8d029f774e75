"""What Gradients measures of a cell: how far the error of every loss reaches."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core import gradient_flow
from core.cells import CELLS
from core.forward import ForwardTrace, forward
from core.gradient_flow import Factors, Shares
from core.initialisers import Spectrum, spectrum
from core.linalg import vector_norm
from core.parameters import Parameters
from explorer.compute.bounded_cache import BoundedCache, OfProcess
from explorer.compute.sentence import Sentence, people_task
from explorer.compute.unrolled import Unrolled, unroll_sentence
from explorer.compute.whose import one_error
from explorer.views.gradients import rates
from explorer.views.gradients.rates import Fit

MOST_BYTES = 20_000_000  # of all matrices that are kept

# The input ------------------------------------------------------------------------------------------------------------


def random_words(length: int, seed: int) -> Sentence:
    """Words of the dictionary (never <UNK>), all equally likely; the same seed gives the same ones."""
    ids = np.random.default_rng(seed).integers(1, len(people_task().vocabulary), length)
    words = people_task().vocabulary.decode(ids)
    return Sentence(tuple(words), tuple(people_task().guess(words)), is_cut=False)


# How far the error of one loss reaches --------------------------------------------------------------------------------


@dataclass(frozen=True)
class GradientFlow:
    """One cell on one input, and how far its errors reach. Sizes are in powers of ten: log10 of a norm."""

    cell: str
    unrolled: Unrolled
    truncate: int = 0  # τ: each loss is followed back over τ steps, counting its own; 0: all the way
    measure: str = "error"  # what a row starts from: the error of its loss, or "distance", one unit of error
    others: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))  # (T, B)  `reach` of other sequences
    key: Hashable = None  # network and input, where equal ones may share a matrix: a class asks alike

    @property
    def max_distance(self) -> int:
        """The longest distance an error travels"""
        T = len(self.unrolled.words)
        return min(self.truncate or T, T) - 1

    @cached_property
    def matrix(self) -> np.ndarray:
        """log10 of ‖∂ℒ⟨s⟩/∂state⟨k⟩‖, or of what a unit of error at s leaves at k (T, T), at [s − 1, k − 1]

        NaN where k > s, or where truncation cut it off. Read-only.
        """
        if self.key is None:
            return self._matrix()
        return matrices().get_or_put((self.key, self.truncate, self.measure), self._matrix)

    @np.errstate(over="ignore", invalid="ignore")
    def _matrix(self) -> np.ndarray:
        if self.measure == "distance":
            no_error_but_its_own = np.zeros(len(self.unrolled.words), dtype=int)  # one logit: the answer is id 0
            norms = gradient_flow.unit_gradients(self.unrolled.trace, no_error_but_its_own)[:, 1:]
        else:
            norms = gradient_flow.per_loss_gradients(self.unrolled.back)[:, 1:, 0]
        logs = log_norm(norms)
        matrix = np.where(gradient_flow.truncation_mask(len(logs), self.max_distance + 1), logs, np.nan)
        matrix.flags.writeable = False
        return matrix

    @cached_property
    def reach(self) -> np.ndarray:
        """log10 of what a unit of error at the last step leaves at distance 0, 1, … (T,), whatever is truncated"""
        return reach_of_last(self.unrolled.trace)[:, 0]

    @cached_property
    def last_row(self) -> np.ndarray:
        """The matrix's bottom row read from right to left: by distance 0, 1, …, as far as truncation lets it"""
        if self.measure == "distance":
            return self.reach[: self.max_distance + 1]
        only_last = one_error(self.unrolled, len(self.unrolled.words))
        return log_norm(only_last.back.d_state[:0:-1, 0])[: self.max_distance + 1]

    @cached_property
    def fit(self) -> Fit:
        """Of `reach`: how wrong the answer is, and truncation, change no rate"""
        return rates.fit(self.reach, self.others)

    @property
    def fitted_line(self) -> np.ndarray | None:
        """The fit at the height of the bottom row, by distance 0, 1, …; NaN where nothing was fitted, None if that
        is all that is seen"""
        line, fitted_from = self.fit.line(len(self.last_row)), rates.tail(len(self.reach)).start
        if line is None or not np.isfinite(self.last_row[0]) or fitted_from >= len(line):
            return None
        return self.last_row[0] + np.where(np.arange(len(line)) < fitted_from, np.nan, line)

    @cached_property
    def spectrum(self) -> Spectrum | None:
        """Of Waa; none of the gated cells, which have several such matrices, and none of weights that are not finite"""
        Waa = self.unrolled.trace.params["rnn"].Waa
        return spectrum(Waa) if Waa.shape[0] == Waa.shape[1] and np.isfinite(Waa).all() else None

    @property
    def log_bound(self) -> np.ndarray | None:
        """What `last_row` cannot exceed at distance d: its start times (σ_max · max g1')^d, as log10"""
        if self.spectrum is None:
            return None
        return self.last_row[0] + np.arange(len(self.last_row)) * np.log10(
            gradient_flow.jacobian_bound(self.unrolled.trace.params["rnn"].Waa, 1)
        )

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def split(self, s: int, k: int) -> "Split | None":
        """Entry (s, k) of the matrix taken apart, step by step; None where the error of s is 0 or not finite"""
        trace = self.unrolled.trace
        if self.measure == "distance":
            g = gradient_flow.unit_errors(trace, np.zeros(1, dtype=int))[0]
        else:
            g = gradient_flow.per_loss_gradients(self.unrolled.back)[s - 1, s, 0]
        start, parts = float(log_norm(g)), None
        if np.isfinite(start):
            parts = gradient_flow.along_gradient(trace, g, s, k)
        if parts is None or not np.isfinite(parts.gain).all():
            return None
        return Split(np.arange(s, s - len(parts.gain), -1), parts, start)

    @np.errstate(divide="ignore")
    def weights_alone(self, most: int) -> np.ndarray | None:
        """log10 ‖Waaᵈ‖ for d = 0 … most, all slopes 1; only of a cell that has one such matrix"""
        Waa = self.unrolled.trace.params["rnn"].Waa
        return gradient_flow.log_power_norms(Waa, most) if self.spectrum else None

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def truncation_error(self) -> float:
        """The share of ∂ℒ/∂Waa that truncation loses"""
        return gradient_flow.truncation_error(self.unrolled.back, self.truncate) if self.truncate else 0.0


@OfProcess
def matrices() -> BoundedCache[Hashable, np.ndarray]:
    """Shared by all sessions: a class moves one slider to the same places"""
    return BoundedCache(MOST_BYTES, lambda matrix: matrix.nbytes)


class Split(NamedTuple):
    """One error on its way back; each array has one number a step, the step nearest to the loss first"""

    steps: np.ndarray  # (n,)  t = s, s − 1, …: the step that is walked back over
    parts: Factors | Shares
    start: float  # log10 of the norm it starts with

    @property
    def log_gains(self) -> np.ndarray:
        """log10 of how much longer it has become since s, after each step (n,); −∞ of nothing"""
        with np.errstate(divide="ignore"):
            return np.cumsum(np.log10(self.parts.gain))


STATE_NAMES = {"tanh": "a", "relu": "a", "gru": "c", "lstm": "(a,c)"}


def measure(
    cell: str,
    params: Parameters,
    words: tuple[str, ...],
    labels: tuple[int, ...],
    truncate: int,
    kind: str = "error",
    others: np.ndarray | None = None,
    key: Hashable = None,
) -> GradientFlow:
    unrolled = unroll_sentence(params, cell, words, labels)
    return GradientFlow(cell, unrolled, truncate, kind, np.empty((0, 0)) if others is None else others, key)


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def log_norm(vectors: np.ndarray) -> np.ndarray:
    """log10 of the norms of vectors (..., n): −∞ for 0, and +∞ where one is not finite"""
    norms = vector_norm(vectors)
    return np.where(np.isfinite(norms), np.log10(norms), np.inf)


# Of many sequences at once --------------------------------------------------------------------------------------------


@np.errstate(over="ignore", invalid="ignore")
def reach_of_last(trace: ForwardTrace) -> np.ndarray:
    """log10 of what a unit of error at the last step leaves at distance 0, 1, … of every example (T, B)"""
    answers = np.zeros(trace.state.shape[1], dtype=int)  # there is one logit
    return log_norm(gradient_flow.last_unit_gradients(trace, answers)[:0:-1])


@np.errstate(over="ignore", invalid="ignore")
def random_reach(cell: str, params: Parameters, length: int, seed: int, sequences: int) -> np.ndarray:
    """`reach` of random sequences of so many words, as one batch (T, B); none of them is `random_words`"""
    task = people_task()
    x = np.random.default_rng((seed, sequences)).integers(1, len(task.vocabulary), (length, sequences))
    return reach_of_last(forward(CELLS[cell], params, task.slots(length), x))
