"""How fast an error fades on its way back, and what to call it.

A curve is log10 of what one unit of error leaves at distance 0, 1, 2, … Its rate is the slope of its tail, the last two
thirds: what happens once, on the way into the memory of an LSTM for instance, is no rate, and is told apart. Rates
differ from sequence to sequence, so a word stands only where it holds for those of the same network's others, too.
"""

from typing import NamedTuple

import numpy as np

from explorer.formatting import power, two_digits
from explorer.prose import prose

STEADY = 20  # steps: what changes tenfold in so many, or in fewer, vanishes or explodes
ENDLESS = 200  # steps: what does not change tenfold within so many holds
FEW_STEPS = 1.5  # "every 1 steps" is no English, and "every 0.5 steps" hard to imagine
FEWEST = 5  # steps back that a rate needs: of fewer, the tail begins at distance 1, and what happens once is in it
MOST = 0.8  # the part of the other sequences, those in the middle, that a verdict has to hold for
NOTICED = np.log10(0.5)  # what is lost once is told if it is more than half


class Fit(NamedTuple):
    """The straight line through the tail of a curve, by least squares, and the slopes of other sequences beside it"""

    slope: float  # powers of ten for each step back; ∓∞ if the tail ends at 0, or is not finite; NaN: too few steps
    once: float  # its height at distance 0, log10: what is lost (or gained) apart from every step's share
    rms_error: float  # how far the points of the tail lie from it: root mean square, in powers of ten
    zero_from: int | None  # the distance from which on nothing is left
    broke_at: int | None  # the distance from which on it is not finite
    steps: int  # back, that were measured
    low: float  # the slopes between which this sequence lies, and the middle of the others
    high: float
    others: int  # sequences beside this one

    @property
    def verdict(self) -> str:
        if self.broke_at is not None:
            return "explodes"
        if self.zero_from is not None:
            return "vanishes"
        if np.isnan(self.slope):
            return "too short" if self.steps else "one step"
        verdicts = {verdict(self.low), verdict(self.high)}
        return verdicts.pop() if len(verdicts) == 1 else "no verdict"

    @property
    def verdict_name(self) -> str:
        return verdict_name(self.verdict)

    @property
    def description(self) -> str:
        """The line in words and a number; without a verdict, the rates that it lies between, which says why"""
        if self.broke_at is not None:
            return prose("gradients", "fit_not_finite", n=self.broke_at)
        if self.zero_from is not None:
            return prose("gradients", "fit_zero", n=self.zero_from)
        if np.isnan(self.slope):
            if not self.steps:
                return prose("gradients", "fit_one_step")
            return prose("gradients", "fit_too_short", n=self.steps, fewest=FEWEST)
        told = between(self.low, self.high) if self.verdict == "no verdict" else rate(self.slope)
        return told if self.once > NOTICED else prose("gradients", "fit_once", once=power(self.once), rate=told)

    @property
    def spread(self) -> str:
        """The other sequences in words; nothing where there are none"""
        if not self.others or np.isnan(self.low + self.high):
            return ""
        words = {"slow": rate(self.high), "fast": rate(self.low), "n": self.others + 1, "part": MOST}
        if self.verdict != "no verdict":
            return prose("gradients", "fit_spread", **words)
        names = {"one": verdict_name(verdict(self.low)), "other": verdict_name(verdict(self.high))}
        return prose("gradients", "fit_spread_undecided", here=rate(self.slope), **words, **names)

    def line(self, distances: int) -> np.ndarray | None:
        """Its height at distance 0, 1, …"""
        return self.once + self.slope * np.arange(distances) if np.isfinite(self.slope) else None


def verdict(slope: float) -> str:
    """What a rate is called"""
    if abs(slope) * STEADY >= 1:
        return "vanishes" if slope < 0 else "explodes"
    if abs(slope) * ENDLESS < 1:
        return "holds"
    return "fades slowly" if slope < 0 else "grows slowly"


def verdict_name(name: str) -> str:
    return prose("gradients", f"verdict_{name.replace(' ', '_')}")


def rate(slope: float) -> str:
    """A slope in words, with a number that is on its verdict's side of every limit"""
    if np.isinf(slope):
        return prose("gradients", "rate_infinite", is_weaker=slope < 0)
    if abs(slope) * ENDLESS < 1:
        return prose("gradients", "rate_holds", endless=ENDLESS)
    is_weaker, steps = bool(slope < 0), 1 / abs(slope)
    if steps < FEW_STEPS:
        return prose("gradients", "rate_at_every_step", factor=power(abs(slope)), is_weaker=is_weaker)
    return prose("gradients", "rate_tenfold", steps=_on_its_side(steps), is_weaker=is_weaker)


def between(low: float, high: float) -> str:
    """Two slopes in words: those that the sequences lie between"""
    if low * high <= 0 or not all(1 / ENDLESS <= abs(slope) <= 1 / FEW_STEPS for slope in (low, high)):
        return prose("gradients", "rate_between", slow=rate(high), fast=rate(low))
    least, most = (_on_its_side(steps) for steps in sorted((1 / abs(low), 1 / abs(high))))
    return prose("gradients", "rate_tenfold_between", least=least, most=most, is_weaker=bool(low < 0))


def _on_its_side(steps: float) -> str:
    """Two digits, or as many as it takes: 20.3 is not told as 20, which would be another verdict"""
    told = two_digits(steps)
    digits = 3
    while (float(told) <= STEADY) != (steps <= STEADY) or (float(told) <= ENDLESS) != (steps <= ENDLESS):
        told, digits = f"{steps:.{digits}g}", digits + 1
    return told


def tail(distances: int) -> slice:
    """The last two thirds, and never distance 0"""
    return slice(max(1, distances // 3), distances)


def slopes(curves: np.ndarray) -> np.ndarray:
    """Of every curve's tail (D, B) -> (B,): −∞ where it ends at 0, ∞ where it is not finite, NaN of too few steps"""
    if len(curves) <= FEWEST:
        return np.full(curves.shape[1], np.nan)
    ends = curves[tail(len(curves))]
    d = np.arange(len(ends)) - (len(ends) - 1) / 2
    broke, is_zero = (curves == np.inf).any(axis=0), (curves == -np.inf).any(axis=0)
    known = np.where(broke | is_zero, 0.0, ends)
    return np.where(broke, np.inf, np.where(is_zero, -np.inf, d @ known / (d @ d)))


def fit(curve: np.ndarray, others: np.ndarray) -> Fit:
    """curve (D,), others (D, B) with any B: log10 at distance 0, 1, …; −∞ for 0, +∞ for what is not finite"""
    first = lambda where: int(np.argmax(where)) if where.any() else None  # noqa: E731
    broke_at, zero_from = first(curve == np.inf), first(curve == -np.inf)
    slope, steps = float(slopes(curve[:, None])[0]), len(curve) - 1
    once = rms_error = np.nan
    if np.isfinite(slope):
        d, ends = np.arange(len(curve))[tail(len(curve))], curve[tail(len(curve))]
        once = float(ends.mean() - slope * d.mean())
        rms_error = float(np.sqrt(np.mean((ends - once - slope * d) ** 2)))
    low = high = slope
    if others.size and not np.isnan(slope):
        of_others = np.sort(slopes(others))
        aside = round((1 - MOST) / 2 * len(of_others))  # on either side
        middle = of_others[aside : len(of_others) - aside]
        low, high = min(slope, float(middle[0])), max(slope, float(middle[-1]))
    return Fit(slope, once, rms_error, zero_from, broke_at, steps, low, high, others.shape[1] if others.size else 0)
