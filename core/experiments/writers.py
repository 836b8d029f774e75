"""Two small writers of names, letter by letter: what is learned if Y is X, and what if Y is X shifted by one?

Both read the same letters, from the same random weights, in the same batches; they differ in the right answers alone.
With y⟨t⟩ = x⟨t⟩ the answer stands in the question. With y⟨t⟩ = x⟨t+1⟩ it has to be foreseen.
"""

from collections.abc import Generator
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from core.backward import backward
from core.cells import CELLS
from core.forward import ForwardTrace, forward, from_input, read_out
from core.initialisers import Initialisation
from core.losses import softmax_cross_entropy
from core.optimisers import Adam, clip_by_norm
from core.parameters import Parameters
from core.structures import NO_TARGET, STRUCTURES
from core.tasks import NAME, task
from core.training import CLIP, random_parameters

CELL = CELLS["tanh"]
HIDDEN_UNITS = 16
LEARNING_RATE = 0.02
UPDATES = 200
BATCH = 32  # names
SHIFTS = (0, 1)
END = "."  # after the last letter of a name; no name has one
WRITTEN = 8  # letters that a writer writes freely


@cache
def names() -> tuple[str, ...]:
    """Every word of training that is part of a name, in small letters"""
    pairs = (pair for e in task("people").data.train for pair in zip(e.inputs, e.answers, strict=True))
    return tuple(sorted({word.lower() for word, label in pairs if label == NAME[1] and word.isalpha()}))


@cache
def letters() -> tuple[str, ...]:
    """The dictionary, and the classes"""
    return (END, *sorted(set("".join(names()))))


@lru_cache(maxsize=64)
def encoded(some: tuple[str, ...], shift: int) -> tuple[np.ndarray, np.ndarray]:
    """x and y (T, names), T the longest name; after the end of a shorter one no answer is due"""
    index = {letter: i for i, letter in enumerate(letters())}
    x = np.zeros((max(map(len, some)), len(some)), dtype=np.int64)
    y = np.full_like(x, NO_TARGET)
    for b, name in enumerate(some):
        ids = [index[letter] for letter in name + END]
        x[: len(name), b] = ids[:-1]
        y[: len(name), b] = ids[shift : shift + len(name)]
    return x, y


class Writer(NamedTuple):
    """A network after so many updates"""

    shift: int  # y⟨t⟩ is x⟨t + shift⟩
    updates: int
    loss: float  # of one letter, the mean over the batch that comes next
    params: Parameters


def train(shift: int, seed: int) -> Generator[Writer]:
    """Before the first update, and after each; the same seed gives the same bits"""
    n = len(letters())
    rng, how = np.random.default_rng(seed), Initialisation()
    params = random_parameters(CELL, rng, how, n_x={"rnn": n}, n_a=HIDDEN_UNITS, n_y=n)
    adam, (all_x, all_y) = Adam.start(params), encoded(names(), shift)
    for updates in range(UPDATES + 1):
        batch = rng.integers(len(names()), size=BATCH)
        x, y = all_x[:, batch], all_y[:, batch]
        trace = read(params, x)
        loss = softmax_cross_entropy(trace.logits, y)
        yield Writer(shift, updates, float(loss.per_step.sum() / (y != NO_TARGET).sum()), params)
        params, adam = adam.step(params, clip_by_norm(backward(trace, loss).grads, CLIP), LEARNING_RATE)


def read(params: Parameters, x: np.ndarray) -> ForwardTrace:
    """An answer at every step"""
    return forward(CELL, params, STRUCTURES["many-to-many, Tx = Ty"](len(x), len(x)), x)


def answers(params: Parameters, name: str) -> str:
    """The likeliest letter at every step, fed the letters of this name, whatever it answers"""
    x, _ = encoded((name,), 0)
    return "".join(letters()[i] for i in read(params, x).logits[:, 0].argmax(-1))


def write_freely(params: Parameters, first: str) -> str:
    """Fed the first letter, and from then on its own likeliest answer each time; until it ends the name"""
    letter, state, written = letters().index(first), np.zeros((1, CELL.state_size(HIDDEN_UNITS))), ""
    while len(written) < WRITTEN and not written.endswith(END):
        state = CELL.step(params["rnn"], state, from_input(params["rnn"], np.array([[letter]]))[0])
        letter = int(read_out(params, state, focus=None).argmax())
        written += letters()[letter]
    return written
