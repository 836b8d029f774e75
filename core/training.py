"""Training: an Experiment -> a stream of progress records. The same Experiment gives the same weights, bit for bit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.backward import backward
from core.cells import CELLS
from core.forward import forward
from core.optimisers import Adam, clip_by_norm
from core.parameters import Parameters, Readout, Start, glorot
from core.tasks import TASKS, Task, f1

BATCH = 16
LEARNING_RATE = 0.01
CLIP = 1.0  # a rare long step would undo many small ones


@dataclass(frozen=True)
class Experiment:
    """All that decides what a trained network becomes: scalars only, so it is a key, a link and a file name."""

    task: str = "people"
    activation: str = "tanh"
    hidden_units: int = 16
    initialisation: str = "glorot"
    spectral_radius: float = 1.0
    forget_bias: float = 1.0  # only the LSTM has one
    seed: int = 1
    epochs: int = 4  # more only makes it surer of the training sentences; 0: untrained


class Progress(NamedTuple):
    epoch: int
    loss: float  # ℒ per sentence, mean over this epoch
    params: Parameters


def start(experiment: Experiment) -> Parameters:
    """The untrained network of an experiment"""
    task, cell = TASKS[experiment.task](), CELLS[experiment.activation]
    rng = np.random.default_rng(experiment.seed)
    n_x, n_a = len(task.vocabulary), experiment.hidden_units
    how = Start(experiment.initialisation, experiment.spectral_radius, experiment.forget_bias)
    rnn = cell.start(rng, n_x, n_a, how)
    return {"rnn": rnn, "readout": Readout(glorot(rng, task.n_y, n_a), np.zeros(task.n_y))}


def train(experiment: Experiment) -> Iterator[Progress]:
    """Adam on shuffled mini-batches: a record of the untrained network (epoch 0), then one after every epoch"""
    task, cell = TASKS[experiment.task](), CELLS[experiment.activation]
    params, rng = start(experiment), np.random.default_rng(experiment.seed + 1)
    adam = Adam.start(params)
    yield Progress(0, np.nan, params)
    for epoch in range(1, experiment.epochs + 1):
        losses = []
        for chosen in np.array_split(rng.permutation(len(task.data.train)), -(-len(task.data.train) // BATCH)):
            x, targets = task.batch([task.data.train[i] for i in chosen])
            trace = forward(cell, params, task.slots(len(x)), x)
            loss = task.loss(trace.logits, targets)
            grads = clip_by_norm(backward(trace, loss).grads, CLIP)
            params, adam = adam.step(params, grads, LEARNING_RATE)
            losses.append(loss.total)
        yield Progress(epoch, float(np.mean(losses)), params)


def held_out_f1(task: Task, activation: str, params: Parameters) -> float:
    """Token F1 on sentences that training never saw"""
    x, targets = task.batch(task.data.held_out)
    y_hat = task.loss(forward(CELLS[activation], params, task.slots(len(x)), x).logits, targets).y_hat[..., 0]
    return f1((y_hat > 0.5).astype(int), targets)


def baseline_f1(task: Task) -> float:
    """Token F1 of "the word's majority tag in training" on the same sentences"""
    _, targets = task.batch(task.data.held_out)
    guesses = np.zeros_like(targets)
    for b, sentence in enumerate(task.data.held_out):
        guesses[: len(sentence.words), b] = task.baseline(sentence.words)
    return f1(guesses, targets)
