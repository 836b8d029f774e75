"""How numbers and words are written."""

import re
from collections.abc import Sequence

import numpy as np

from explorer.prose import prose, signed


def three_digits(value: float, digits: int = 3) -> str:
    """Three significant digits, or as many as asked; very small and very large in powers of ten"""
    if not np.isfinite(value):
        return prose("names", "not_finite")
    rounded = f"{value:.{digits}g}"
    size = abs(float(rounded))
    if not 1e3 <= size < 1e6:
        return signed(rounded)
    return signed(f"{float(rounded):,.{max(0, digits - len(str(int(size))))}f}")


def in_two(value: float) -> str:
    """The length of a gradient, as the stage writes it"""
    return f"{value:.2g}" if 0.01 <= value < 100 else three_digits(value)


def told_apart(written: Sequence[str], values: Sequence[float]) -> Sequence[str]:
    """Two numbers as they are written; or, where that does not tell them apart, in as many more digits as do"""
    more = [[three_digits(value, digits) for value in values] for digits in range(3, MOST_DIGITS)]
    differing = (pair for pair in (written, *more) if pair[0] != pair[1])
    return next(differing, written) if values[0] != values[1] else written


def escape_markdown(text: str) -> str:
    """Text from a user as itself: whatever Markdown would read as a command is escaped."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|:~$&^=])", r"\\\1", text)


def unbroken(text: str) -> str:
    """Markdown in which no line ends within a power of ten: a browser breaks 2.45e-14 behind its hyphen.

    Streamlit makes a plain span of a colour that is not named; page.css keeps what stands in one together.
    """
    return re.sub(r"\d[\d.,\\]*e\\?-\d+", r":color[\g<0>]", text)


def clip_word(word: str, most: int = 24) -> str:
    return word if len(word) <= most else word[: most - 1] + "…"


OWN_WORDS = {"all", "only", "last", "none"}  # by which the page itself names errors, as in shared.js


def as_word(word: str) -> str:
    """A word of the sentence inside a phrase: in quotation marks where it could be read as one of the page's own"""
    return quoted(word) if word.lower() in OWN_WORDS else clip_word(word)


def distinct(words: Sequence[str]) -> list[str]:
    """A name for every word: one that comes twice also says at which step it stands"""
    names = [clip_word(word) for word in words]
    return [name if names.count(name) == 1 else f"{name} ⟨{t}⟩" for t, name in enumerate(names, start=1)]


def quoted(word: str) -> str:
    return prose("names", "quoted", word=clip_word(word))


def in_figures(p: float) -> str:
    """A probability in two figures; one that is not quite 0 or 1 is not written as if it were"""
    if not np.isfinite(p):
        return "–"
    return "<0.01" if 0 < p < 0.005 else ">0.99" if 0.995 <= p < 1 else f"{p:.2f}"


def power(log: float, digits: int = 3) -> str:
    """10^log as a number, or as a power where no number of the computer is so small or so large"""
    if np.isinf(log):
        return "0" if log < 0 else prose("names", "not_finite")
    return three_digits(10.0**log, digits) if abs(log) < 300 else f"1e{log:.0f}"


def closed_product(logs: Sequence[float]) -> list[str]:
    """10^log of every factor, with so many digits, three or more, that the product of what is written has the three
    digits of the true one"""
    total = float(np.sum(logs))
    has_digits = max(abs(total), *map(abs, logs)) < 300
    for digits in range(3, MOST_DIGITS + 1) if has_digits else ():
        written = [power(log, digits) for log in logs]
        product = np.prod([float(one.replace(",", "")) for one in written])
        if three_digits(float(product)) == power(total):
            return written
    return [power(log) for log in logs]


def closed_power(base: float, exponent: int) -> tuple[str, str]:
    """A base and its power, the base with so many decimals, four or more, that the power of what is written has the
    three digits of the true one"""
    power = three_digits(base**exponent)
    written = (f"{base:.{decimals}f}" for decimals in range(4, 2 * MOST_DIGITS))
    return next((one for one in written if three_digits(float(one) ** exponent) == power), repr(base)), power


MOST_DIGITS = 8  # of a factor


def two_digits(value: float) -> str:
    """Two significant digits, never as a power of ten"""
    return signed(f"{float(f'{value:.2g}'):g}")


def two_decimals(value: float) -> str:
    """A probability; what rounds to 1 is `1`"""
    if not np.isfinite(value):
        return "–"
    return "1" if value > 0.995 else f"{value:.2f}"


SMALLEST = -300  # the order of the smallest number that is told apart from 0


def closed_sum(terms: Sequence[float] | np.ndarray, total: float) -> tuple[list[str], str, int]:
    """Terms and their sum with so many decimals that the largest has three figures, so written that the figures add up:
    where rounding misses the sum, the terms that it moves least are rounded the other way.

    All in units of a power of ten, the exponent returned last; 0 where plain numbers are short enough. Finite numbers.
    """
    values = np.append(terms, total)
    order = max(int(np.floor(np.log10(np.abs(values).max()))), SMALLEST) if values.any() else 0
    exponent = 0 if -3 <= order <= 3 else order
    decimals = max(0, 2 - (order - exponent))
    exact = np.array(terms, dtype=float) * 10.0 ** (decimals - exponent)
    end = round(total * 10.0 ** (decimals - exponent))
    shown = _closed(exact, end)
    digits = [signed(f"{n / 10**decimals + 0.0:.{decimals}f}") for n in (*shown, end)]
    return digits[:-1], digits[-1], exponent


def _closed(exact: np.ndarray, end: int) -> np.ndarray:
    """Whole numbers that add up to `end`: the terms rounded, and where these miss it, those with the largest remainder
    rounded the other way"""
    shown = np.round(exact)
    missing = int(end - shown.sum())
    shown[np.argsort(np.sign(missing) * (shown - exact), kind="stable")[: abs(missing)]] += np.sign(missing)
    return shown


LARGEST_LOSS = 100  # below it losses are written with their decimals


def losses_in_sum(losses: np.ndarray, total: float) -> list[str]:
    """ℒ⟨t⟩ of every step so written that they add up to ℒ: with the decimals of its first three digits, two to four.

    losses (T,), NaN where there is none; of a total of 100 and more each is written by itself.
    """
    if not total < LARGEST_LOSS:
        return [f"{v:.2f}" if v < LARGEST_LOSS else _in_powers(v) for v in losses.tolist()]
    decimals = int(np.clip(2 - np.floor(np.log10(total)), 2, 4)) if total > 0 else 2
    shown = _closed(np.nan_to_num(losses) * 10**decimals, round(total * 10**decimals))
    return [f"{v:.{decimals}f}" for v in (shown / 10**decimals).tolist()]


def _in_powers(value: float) -> str:
    """Two figures that fit a column: 1.2e5"""
    return re.sub(r"e\+0*", "e", f"{value:.1e}") if np.isfinite(value) else "–"
