"""Memory tasks: sequences drawn at random whose answer lies far back.

Each function draws B sequences and returns x and targets (T, B), NO_TARGET where no answer is due. Whoever has
forgotten what mattered can only guess, and `MEMORY_TASKS` says how often a guess is right. The race on the pages runs
on the first symbol; adding and copy, by which papers compare cells, are here for experiments in Python.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.losses import LOSSES, Loss
from core.structures import NO_TARGET

SYMBOLS = 4  # that are to be remembered


def first_symbol(rng: np.random.Generator, B: int, gap: int) -> tuple[np.ndarray, np.ndarray]:
    """Read one of SYMBOLS symbols, then noise for `gap` steps; at the last of them, say which symbol it was.

    x (gap + 1, B) ids: the symbols are 0 … SYMBOLS − 1, and noise is drawn from as many others.
    """
    x = rng.integers(SYMBOLS, 2 * SYMBOLS, (gap + 1, B))
    x[0] = rng.integers(0, SYMBOLS, B)
    targets = np.full_like(x, NO_TARGET)
    targets[-1] = x[0]
    return x, targets


def adding(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """The adding problem: of T numbers from [0, 1) two are marked; at the end, is their sum above 1?

    x (T, B, 2): the number, and 1 where it is marked, once in each half. The answer is yes or no, so the loss is a
    cross-entropy, as everywhere here. Source: Hochreiter and Schmidhuber 1997, who ask for the sum itself.
    """
    numbers, marks, every = rng.random((T, B)), np.zeros((T, B)), np.arange(B)
    first, second = rng.integers(0, T // 2, B), rng.integers(T // 2, T, B)
    marks[first, every] = marks[second, every] = 1
    targets = np.full((T, B), NO_TARGET)
    targets[-1] = numbers[first, every] + numbers[second, every] > 1
    return np.stack([numbers, marks], axis=-1), targets


BLANK, SPEAK = SYMBOLS, SYMBOLS + 1  # of `copy`: nothing to read; now say the next symbol


def copy_task(rng: np.random.Generator, B: int, length: int, gap: int) -> tuple[np.ndarray, np.ndarray]:
    """Read `length` symbols, then `gap` blanks; then say the symbols in order, one a step.

    x (2 length + gap, B) ids. Every symbol is due length + gap steps after it was read.
    Source: Arjovsky et al. 2016, section 5.1, after Hochreiter and Schmidhuber 1997.
    """
    symbols = rng.integers(0, SYMBOLS, (length, B))
    x = np.concatenate([symbols, np.full((gap, B), BLANK), np.full((length, B), SPEAK)])
    targets = np.concatenate([np.full((length + gap, B), NO_TARGET), symbols])
    return x, targets


@dataclass(frozen=True)
class MemoryTask:
    """What a network for it needs, and what it must beat"""

    draw: Callable[..., tuple[np.ndarray, np.ndarray]]
    n_x: int
    n_y: int
    loss: Callable[[np.ndarray, np.ndarray], Loss]
    chance: float  # the part of the answers that a guess gets right


MEMORY_TASKS = {
    "first symbol": MemoryTask(first_symbol, 2 * SYMBOLS, SYMBOLS, LOSSES["softmax"], 1 / SYMBOLS),
    "adding": MemoryTask(adding, 2, 1, LOSSES["sigmoid"], 1 / 2),  # who knows one of the two numbers: 3/4
    "copy": MemoryTask(copy_task, SYMBOLS + 2, SYMBOLS, LOSSES["softmax"], 1 / SYMBOLS),
}
