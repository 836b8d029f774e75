"""Training: an Experiment -> a stream of progress records -> a Run. The same Experiment gives the same bits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core import tasks
from core.attention import Attention
from core.backward import backward
from core.cells import CELLS, Cell
from core.forward import forward
from core.initialisers import Initialisation, glorot
from core.optimisers import Adam, clip_by_norm
from core.parameters import Parameters, Readout, Reverse, tree_map
from core.structures import has_decoder
from core.tasks import Task

BATCH = 16
LEARNING_RATE = 0.01
CLIP = 1.0  # a rare long step would undo many small ones


@dataclass(frozen=True)
class Experiment:
    """All that one may choose of a trained network: scalars only, so it is a key, a link and a file name."""

    task: str = "people"
    cell: str = "tanh"  # a key of CELLS
    hidden_units: int = 16
    initialisation: str = "glorot"
    spectral_radius: float = 1.0
    forget_bias: float = 1.0  # only the LSTM has one
    update_bias: float = 0.0  # only the GRU and the LSTM have one
    seed: int = 1
    epochs: int = 4  # 0: untrained
    batches: int = 0  # it ends with the epoch that reaches so many; 0: with the last epoch
    attention: bool = False  # only where there is a decoder: in translation
    parts: int = 2  # of the data: trained on, told about; 3: a part of the first is set aside to choose an epoch by
    averaged: int = 0  # an epoch's weights are a running mean over about the last tenth of all batches, at most so many
    direction: str = "forward"  # "both": a second stream reads from the end, only where each word read is answered


class Progress(NamedTuple):
    """Training after so many epochs"""

    epoch: int
    loss: float  # ℒ, mean over all examples as they were learned from in this epoch; not a number at epoch 0
    params: Parameters


class Run(NamedTuple):
    """What an experiment came to"""

    experiment: Experiment
    params: Parameters
    losses: tuple[float, ...]  # ℒ of every epoch, as in `Progress`


def random_parameters(
    cell: Cell, rng: np.random.Generator, how: Initialisation, *, n_x: dict[str, int], n_a: int, n_y: int
) -> Parameters:
    """Random weights: of the cell, for each group that reads vectors of n_x[group] numbers; then of the readout"""
    params: Parameters = {group: cell.start(rng, size, n_a, how) for group, size in n_x.items()}
    return params | {"readout": Readout(glorot(rng, n_y, n_a), np.zeros(n_y))}


def untrained(experiment: Experiment, task: Task | None = None) -> Parameters:
    """The untrained network of an experiment, on the task it names or on another, such as a reader's own

    Raises ValueError if attention is asked for and there is no decoder to attend, or both directions of what is not yet
    there: a network that reads its own answers, or none until it has read all.
    """
    job, cell = task or tasks.task(experiment.task), CELLS[experiment.cell]
    if experiment.attention and not has_decoder(job.structure):
        raise ValueError(f"Only a decoder can attend, and {job.structure} has none: attention must be False.")
    if experiment.direction == "both" and (job.is_generative or job.reads_first):
        raise ValueError(f"{job.structure} does not answer each word that it reads: direction must be forward.")
    rng, n_a = np.random.default_rng(experiment.seed), experiment.hidden_units
    how = Initialisation(
        experiment.initialisation, experiment.spectral_radius, experiment.forget_bias, experiment.update_bias
    )
    params = random_parameters(cell, rng, how, n_x=job.n_x, n_a=n_a, n_y=job.n_y)
    if experiment.attention:
        params["attention"] = Attention(glorot(rng, job.n_y, n_a))
    if experiment.direction == "both":
        params["reverse"] = Reverse(*cell.start(rng, job.n_x["rnn"], n_a, how), glorot(rng, job.n_y, n_a))
    return params


def train(experiment: Experiment, task: Task | None = None) -> Iterator[Progress]:
    """Adam on shuffled mini-batches: a record of the untrained network (epoch 0), then one after every epoch"""
    last = None
    for record in train_in_batches(experiment, task):
        if record is not last:
            yield (last := record)


def train_in_batches(experiment: Experiment, task: Task | None = None) -> Iterator[Progress]:
    """The same, and after every batch the last record again: an epoch can be long, and between two batches others may
    have their turn"""
    job, cell = task or tasks.task(experiment.task), CELLS[experiment.cell]
    job = tasks.in_three_parts(job) if experiment.parts == 3 else job
    params, rng = untrained(experiment, job), np.random.default_rng(experiment.seed + 1)
    adam, mean = Adam.start(params), params
    yield (record := Progress(0, np.nan, params))
    done = 0
    for epoch in range(1, experiment.epochs + 1):
        if 0 < experiment.batches <= done:
            return
        loss_of_all = 0.0
        for examples in job.batches(job.data.train, rng.permutation(len(job.data.train)), BATCH):
            slots, x, targets = job.batch(examples)
            trace = forward(cell, params, slots, x, lengths=job.lengths(examples))
            loss = job.loss(trace.logits, targets)
            grads = clip_by_norm(backward(trace, loss).grads, CLIP)
            params, adam = adam.step(params, grads, LEARNING_RATE)
            loss_of_all += len(examples) * loss.total
            done += 1
            mean = running_mean(mean, params, done, experiment.averaged) if experiment.averaged else params
            yield record
        yield (record := Progress(epoch, loss_of_all / len(job.data.train), mean))


def running_mean(mean: Parameters, params: Parameters, done: int, most: int) -> Parameters:
    """m ← m + (W − m) / n after so many batches, n = (done + 9) / 10, at most `most`: so at first m = W, and nothing of
    the random weights stays. Steps of one length never come to rest; the mean of many does.

    Source: Polyak and Juditsky 1992, but with weights that fade.
    """
    n = min((done + 9) / 10, most)

    def nearer(m: np.ndarray, W: np.ndarray) -> np.ndarray:
        step = W - m
        step /= n
        step += m
        return step

    return tree_map(nearer, mean, params)


def train_to_end(experiment: Experiment, task: Task | None = None) -> Run:
    """Train to the end. Raises ValueError as `start` does"""
    records = list(train(experiment, task))
    return Run(experiment, records[-1].params, tuple(record.loss for record in records[1:]))
