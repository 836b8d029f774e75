"""How numbers and words are written."""

import re
from collections.abc import Sequence

import numpy as np

from explorer.prose import prose


def three_digits(value: float) -> str:
    """Three significant digits; very small and very large in powers of ten"""
    if not np.isfinite(value):
        return prose("names", "not_finite")
    rounded = f"{value:.3g}"
    return f"{float(rounded):,.0f}" if 1e3 <= abs(float(rounded)) < 1e6 else rounded


def signed(n: int) -> str:
    """A minus that is as wide as a plus"""
    return str(n).replace("-", "−")


def in_two(value: float) -> str:
    """The length of a gradient, as the stage writes it"""
    return f"{value:.2g}" if 0.01 <= value < 100 else three_digits(value)


def escape_markdown(text: str) -> str:
    """Text from a user as itself: whatever Markdown would read as a command is escaped."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|:~$&^=])", r"\\\1", text)


def clip_word(word: str, most: int = 24) -> str:
    return word if len(word) <= most else word[: most - 1] + "…"


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


def power(log: float) -> str:
    """10^log as a number, or as a power where no number of the computer is so small or so large"""
    if np.isinf(log):
        return "0" if log < 0 else prose("names", "not_finite")
    return three_digits(10.0**log) if abs(log) < 300 else f"1e{log:.0f}"


def two_digits(value: float) -> str:
    """Two significant digits, never as a power of ten"""
    return f"{float(f'{value:.2g}'):g}"


def two_decimals(value: float) -> str:
    """A probability; what rounds to 1 is `1`"""
    if not np.isfinite(value):
        return "–"
    return "1" if value > 0.995 else f"{value:.2f}"
