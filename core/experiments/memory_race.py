"""The memory race: can this cell learn to remember the first symbol over this gap? A Trial -> a stream of records.

Every batch is drawn afresh and answered before it is learned from, so the accuracy while training counts answers to
sequences never seen before. The same Trial gives the same records, bit for bit.
"""

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from core.backward import backward
from core.cells import CELLS
from core.experiments.memory_tasks import MEMORY_TASKS
from core.forward import ForwardTrace, forward
from core.gradient_flow import last_unit_gradients, truncation_mask, unit_gradients
from core.initialisers import Initialisation
from core.linalg import vector_norm
from core.optimisers import CLIPS, Adam
from core.parameters import Parameters, all_finite
from core.structures import STRUCTURES
from core.training import LEARNING_RATE, random_parameters

TASK = MEMORY_TASKS["first symbol"]
GAPS = (5, 10, 20, 40, 80)
SEEDS = 3  # networks of each cell at each gap
BATCH = 32
RECENT = 10  # batches that the accuracy while training looks back over
FRESH = 400  # sequences that the final accuracy is measured on
SOLVED = 0.95  # from this accuracy on, a gap counts as solved


@dataclass(frozen=True)
class RaceSettings:
    """What all networks of one race have in common: scalars only, so it is a key"""

    hidden_units: int = 16
    initialisation: str = "glorot"
    spectral_radius: float = 1.0
    forget_bias: float = 1.0
    update_bias: float = 0.0
    clipping: str = "off"
    clip_limit: float = 1.0
    truncate: int = 0  # τ: steps that the error is followed over in training, counting that of the answer; 0: all
    updates: int = 200  # at most; a trial ends earlier once it answers everything right
    seed: int = 1  # of the first network; the others count up from it


class Trial(NamedTuple):
    """One network that tries one gap"""

    settings: RaceSettings
    cell: str
    gap: int
    seed: int


class Record(NamedTuple):
    """How well a trial answers, after so many updates"""

    trial: Trial
    updates: int  # taken so far
    accuracy: float  # of the last RECENT batches; in the last record, of FRESH sequences
    is_last: bool = False
    diverged: bool = False  # the next update would not have been finite, so training ended before it


def trials(settings: RaceSettings) -> list[Trial]:
    """All of a race in the order they are run: a first network of every cell at every gap, then the second, …"""
    return [trial_of(settings, cell, gap, seed) for seed, gap, cell in product(seeds(settings), GAPS, CELLS)]


def seeds(settings: RaceSettings) -> range:
    """Of the networks of each cell at each gap"""
    return range(settings.seed, settings.seed + SEEDS)


def trial_of(settings: RaceSettings, cell: str, gap: int, seed: int) -> Trial:
    """The trial of one network; a bias that its cell does not have makes no other trial of it"""
    biases = {"forget_bias": ("lstm",), "update_bias": ("gru", "lstm")}
    unused = {name: getattr(RaceSettings, name) for name, cells in biases.items() if cell not in cells}
    return Trial(replace(settings, **unused), cell, gap, seed)


def start(trial: Trial) -> Parameters:
    """The untrained network of a trial: at every gap the same one"""
    settings, rng = trial.settings, np.random.default_rng(trial.seed)
    how = Initialisation(settings.initialisation, settings.spectral_radius, settings.forget_bias, settings.update_bias)
    return random_parameters(
        CELLS[trial.cell], rng, how, n_x={"rnn": TASK.n_x}, n_a=settings.hidden_units, n_y=TASK.n_y
    )


def answer(trial: Trial, params: Parameters, x: np.ndarray) -> ForwardTrace:
    """Read x (gap + 1, B), and answer at its last step"""
    return forward(CELLS[trial.cell], params, STRUCTURES["many-to-one"](len(x), 1), x)


def accuracy(trace: ForwardTrace, targets: np.ndarray) -> float:
    """The part of the sequences after which the first symbol is the likeliest answer"""
    return float(np.mean(trace.logits[-1].argmax(-1) == targets[-1]))


def asked_everywhere(trial: Trial, params: Parameters) -> np.ndarray:
    """How far back an error would get if the answer were due at step s: (gap + 1, gap + 2, n_state), at [s − 1, k]

    On the first of the race's own sequences, from one unit of error in the logit of the right symbol.
    """
    x, targets = sequences(trial)
    return unit_gradients(answer(trial, params, x), np.full(len(x), targets[-1, 0]))


def asked_at_the_end(trial: Trial, params: Parameters) -> np.ndarray:
    """The same of the last step alone, on a batch of the race's sequences: (gap + 2, BATCH, n_state)"""
    x, targets = sequences(trial)
    return last_unit_gradients(answer(trial, params, x), targets[-1])


def sequences(trial: Trial) -> tuple[np.ndarray, np.ndarray]:
    """The first batch that this network meets"""
    return TASK.draw(np.random.default_rng(trial.seed + 1), BATCH, trial.gap)


@np.errstate(over="ignore", invalid="ignore")
def gradient_ratio(trial: Trial) -> float:
    """‖∂ℒ/∂state⟨0⟩‖ / ‖∂ℒ/∂state⟨T⟩‖ before training: how much of the error gets back to the start"""
    x, targets = sequences(trial)
    trace = answer(trial, start(trial), x)
    d_state = backward(trace, TASK.loss(trace.logits, targets)).d_state
    return float(vector_norm(d_state[0].ravel()) / vector_norm(d_state[-1].ravel()))


def run(trial: Trial) -> Generator[Record, None, Parameters]:
    """Train one network: a record of every batch, and a last one of fresh sequences; returns the network"""
    rng, params = np.random.default_rng(trial.seed + 1), start(trial)
    recent: deque[float] = deque(maxlen=RECENT)
    adam, taken, diverged = Adam.start(params), 0, False
    while taken < trial.settings.updates and not diverged:
        x, targets = TASK.draw(rng, BATCH, trial.gap)
        right, moved, adam = update(trial, params, adam, x, targets)
        recent.append(right)
        yield Record(trial, taken, float(np.mean(recent)))
        if len(recent) == RECENT and min(recent) == 1:
            break
        diverged = not all_finite(moved)
        if not diverged:
            params, taken = moved, taken + 1
    x, targets = TASK.draw(rng, FRESH, trial.gap)
    yield Record(trial, taken, accuracy(answer(trial, params, x), targets), is_last=True, diverged=diverged)
    return params


@np.errstate(over="ignore", invalid="ignore")
def update(
    trial: Trial, params: Parameters, adam: Adam, x: np.ndarray, targets: np.ndarray
) -> tuple[float, Parameters, Adam]:
    """Answer a batch, then learn from it: the accuracy before, the weights after"""
    trace, how = answer(trial, params, x), trial.settings
    back = backward(trace, TASK.loss(trace.logits, targets))
    if how.truncate:  # an answer is due at the last step only, so this is `truncated_grads` without its other rows
        back = replace(back, d_z=np.where(truncation_mask(len(x), how.truncate)[-1, :, None, None], back.d_z, 0.0))
    moved, adam = adam.step(params, CLIPS[how.clipping](back.grads, how.clip_limit), LEARNING_RATE)
    return accuracy(trace, targets), moved, adam
