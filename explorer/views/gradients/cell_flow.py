"""What Gradients measures of a cell: how far the error of every loss reaches, and what to call it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core import gradient_flow, training
from core.initialisers import Spectrum, spectrum
from core.linalg import vector_norm
from core.parameters import Parameters
from core.structures import NO_TARGET
from core.training import Experiment
from explorer.compute.sentence import Sentence, people_task
from explorer.compute.unrolled import Unrolled, unroll_sentence
from explorer.formatting import power, two_digits
from explorer.prose import prose

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
    truncate: int = 0  # τ: each loss is followed back τ steps, its own among them; 0: all the way

    @property
    def max_distance(self) -> int:
        """The longest distance an error travels"""
        T = len(self.unrolled.words)
        return min(self.truncate or T, T) - 1

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def matrix(self) -> np.ndarray:
        """log10 ‖∂ℒ⟨s⟩/∂state⟨k⟩‖ (T, T), at [s − 1, k − 1]; NaN where k > s, or where truncation cut it off"""
        logs = log_norm(gradient_flow.per_loss_gradients(self.unrolled.back)[:, 1:, 0])
        return np.where(gradient_flow.truncation_mask(len(logs), self.max_distance + 1), logs, np.nan)

    @cached_property
    def last_loss_norms(self) -> np.ndarray:
        """The matrix's bottom row read from right to left: log10 of the last loss's norm, by distance 0, 1, …"""
        no_targets = (NO_TARGET,) * (len(self.unrolled.words) - 1)
        only_last = unroll_sentence(
            self.unrolled.trace.params, self.cell, self.unrolled.words, (*no_targets, self.unrolled.targets[-1, 0])
        )
        return log_norm(only_last.back.d_state[:0:-1, 0])[: self.max_distance + 1]

    @cached_property
    def fit(self) -> "Fit":
        return fit(self.last_loss_norms)

    @cached_property
    def spectrum(self) -> Spectrum | None:
        """Of Waa; none of the gated cells, which have several such matrices, and none of weights that are not finite"""
        Waa = self.unrolled.trace.params["rnn"].Waa
        return spectrum(Waa) if Waa.shape[0] == Waa.shape[1] and np.isfinite(Waa).all() else None

    @property
    def log_bound(self) -> np.ndarray | None:
        """What `last_loss_norms` cannot exceed at distance d: its start times (σ_max · max g1')^d, as log10"""
        if self.spectrum is None:
            return None
        return self.last_loss_norms[0] + np.arange(len(self.last_loss_norms)) * np.log10(
            gradient_flow.jacobian_bound(self.unrolled.trace.params["rnn"].Waa, 1)
        )

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def chain(self, s: int, k: int) -> "Chain":
        """∂state⟨s⟩/∂state⟨k⟩ as a product of one factor for each step from k + 1 to s"""
        trace, between = self.unrolled.trace, slice(k, s)
        factors = np.log10(gradient_flow.norms(gradient_flow.one_step_jacobians(trace)[between]).spectral)
        product = np.log10(gradient_flow.norms(gradient_flow.jacobians(trace, s)[between]).spectral)
        saturation = mean_slope = weights = None
        if self.spectrum:
            split = gradient_flow.factors(trace)
            parts = (split.saturation, split.mean_slope, split.weights)
            saturation, mean_slope, weights = (np.log10(part[between]) for part in parts)
        steps, product_of_norms = np.arange(k + 1, s + 1), np.cumsum(factors[::-1])[::-1]
        return Chain(steps, saturation, mean_slope, weights, factors, product, product_of_norms)

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def truncation_error(self) -> float:
        """The share of ∂ℒ/∂Waa that truncation loses"""
        return gradient_flow.truncation_error(self.unrolled.back, self.truncate) if self.truncate else 0.0


class Chain(NamedTuple):
    """One row a step, in time order; all sizes are log10 of spectral norms"""

    steps: np.ndarray  # (n,)  t = k + 1 … s
    saturation: np.ndarray | None  # (n,)  ‖diag g1'(z⟨t⟩)‖, the largest slope; plain cells only, as the next two
    mean_slope: np.ndarray | None  # (n,)
    weights: np.ndarray | None  # (n,)  ‖Waa‖
    factors: np.ndarray  # (n,)  ‖∂state⟨t⟩/∂state⟨t−1⟩‖
    product: np.ndarray  # (n,)  ‖∂state⟨s⟩/∂state⟨t−1⟩‖
    product_of_norms: np.ndarray  # (n,)  of the factors from t to s


STATE_NAMES = {"tanh": "a", "relu": "a", "gru": "c", "lstm": "(a,c)"}
EXAMPLE_STEPS, EXAMPLE_UNITS, EXAMPLE_NORM = 50, 16, 2.0


def example(seed: int) -> tuple[float, float]:
    """tanh, n_a = 16, ‖Waa‖₂ = 2: ‖∂a⟨50⟩/∂a⟨0⟩‖ on random words, for a random Waa and for a rotation"""
    measured = []
    for initialisation in ("glorot", "orthogonal"):
        params = training.untrained(Experiment(hidden_units=EXAMPLE_UNITS, initialisation=initialisation, seed=seed))
        Waa = params["rnn"].Waa
        params["rnn"] = params["rnn"]._replace(Waa=Waa * EXAMPLE_NORM / np.linalg.norm(Waa, 2))
        sentence = random_words(EXAMPLE_STEPS, seed)
        trace = unroll_sentence(params, "tanh", sentence.words, sentence.guess).trace
        measured.append(float(np.linalg.norm(gradient_flow.jacobian(trace, EXAMPLE_STEPS, 0), 2)))
    return measured[0], measured[1]


def measure(
    cell: str, params: Parameters, words: tuple[str, ...], labels: tuple[int, ...], truncate: int
) -> GradientFlow:
    return GradientFlow(cell, unroll_sentence(params, cell, words, labels), truncate)


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def log_norm(vectors: np.ndarray) -> np.ndarray:
    """log10 of the norms of vectors (..., n): −∞ for 0, and +∞ where one is not finite"""
    norms = vector_norm(vectors)
    return np.where(np.isfinite(norms), np.log10(norms), np.inf)


# What to call it ------------------------------------------------------------------------------------------------------


STEADY = 20  # steps: a norm that changes tenfold in so many, or in fewer, vanishes or explodes
ENDLESS = 1000  # steps: a norm that changes less than tenfold in so many holds


class Fit(NamedTuple):
    """The straight line for log10 norm against distance: from the first mark on, by least squares

    It is held at the first mark, because a gradient that falls at once and then stays low has not been held.
    """

    slope: float  # powers of ten for each step back; not a number where no line can be drawn
    start: float  # its height at distance 0, where the loss comes in
    rms_error: float  # how far the points lie from it: root mean square, in powers of ten
    zero_from: int | None  # the distance from which on the norm is exactly 0
    broke_at: int | None  # the distance from which on it is not finite

    @property
    def verdict(self) -> str:
        if self.broke_at is not None:
            return "explodes"
        if self.zero_from == 0:
            return "no error"
        if self.zero_from is not None or self.slope <= -1 / STEADY:
            return "vanishes"
        if np.isnan(self.slope):
            return "one step"
        if self.slope >= 1 / STEADY:
            return "explodes"
        if abs(self.slope) * ENDLESS < 1:
            return "holds"
        return "fades slowly" if self.slope < 0 else "grows slowly"

    @property
    def verdict_name(self) -> str:
        return prose("gradients", f"verdict_{self.verdict.replace(' ', '_')}")

    @property
    def description(self) -> str:
        """The fit in words and a number"""
        if self.broke_at is not None:
            return prose("gradients", "fit_not_finite", n=self.broke_at)
        if self.zero_from == 0:
            return prose("gradients", "fit_no_error")
        if self.zero_from is not None:
            return prose("gradients", "fit_zero", n=self.zero_from)
        if np.isnan(self.slope):
            return prose("gradients", "fit_one_step")
        if abs(self.slope) * ENDLESS < 1:
            return prose("gradients", "fit_holds", endless=ENDLESS)
        is_weaker, steps = self.slope < 0, 1 / abs(self.slope)
        if steps < 1.5:  # "every 1 steps" is no English, and "every 0.5 steps" hard to imagine
            return prose("gradients", "fit_at_every_step", factor=power(abs(self.slope)), is_weaker=is_weaker)
        return prose("gradients", "fit_tenfold", steps=two_digits(steps), is_weaker=is_weaker)

    @property
    def fades(self) -> bool:
        return self.verdict in ("vanishes", "fades slowly")

    @property
    def speed(self) -> tuple[float, int]:
        """For ranking those that fade: lower is faster, and of two that end at exactly 0 the one that is there first"""
        return (self.slope, 0) if self.zero_from is None else (-np.inf, self.zero_from)

    def line(self, distances: int) -> np.ndarray | None:
        """Its height at 0, 1, …"""
        return self.start + self.slope * np.arange(distances) if np.isfinite(self.slope) else None


def fit(log_norms: np.ndarray) -> Fit:
    """log_norms (D,), at distance 0, 1, …: log10, −∞ for 0, +∞ for what is not finite"""
    distance, usable = np.arange(len(log_norms)), np.isfinite(log_norms)
    first = lambda where: int(np.argmax(where)) if where.any() else None  # noqa: E731
    broke_at, zero_from = first(log_norms == np.inf), first(log_norms == -np.inf)
    if usable.sum() < 2 or not usable[0]:
        return Fit(np.nan, np.nan, np.nan, zero_from, broke_at)
    d, fallen = distance[usable], log_norms[usable] - log_norms[0]
    slope = float(d @ fallen / (d @ d))
    return Fit(slope, float(log_norms[0]), float(np.sqrt(np.mean((fallen - slope * d) ** 2))), zero_from, broke_at)


def fades_fastest(fits: Mapping[str, Fit]) -> str | None:
    """None where none fades"""
    return min((cell for cell, fit in fits.items() if fit.fades), key=lambda cell: fits[cell].speed, default=None)
