"""The network of a job: trained in this session, kept for all sessions, stored with the app, or as it starts."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core import evaluation, parameters, pretrained, tasks, training
from core.cells import CELLS
from core.parameters import Parameters
from core.training import Experiment, Progress
from explorer.compute import long_work
from explorer.compute.bounded_cache import BoundedCache, OfProcess
from explorer.compute.jobs import PEOPLE, Job
from explorer.compute.long_work import LongWork

MOST_NETWORKS = 32  # kept in memory, 1.5 MB each at most (an LSTM with 64 units)
MOST_IN_TRAINING = 8  # of different networks at a time; of more, equal ones may be trained twice
WAITING = Progress(0, np.nan, {})  # reported while others train

Report = Callable[[Progress], None]


@OfProcess
def network_cache() -> BoundedCache[Experiment, Parameters]:
    """The networks trained or loaded so far, shared by all sessions and read-only."""
    return BoundedCache(MOST_NETWORKS)


def keep_network(experiment: Experiment, params: Parameters) -> Parameters:
    """For all sessions, and so locked"""
    return network_cache().put(experiment, parameters.read_only(params))


def is_available(experiment: Experiment) -> bool:
    """Can it be shown without training first?"""
    return not experiment.epochs or network_cache().get(experiment) is not None or pretrained.path(experiment).exists()


class NetworkTraining(LongWork):
    """Training the network of an experiment, a batch a step"""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment, self.latest = experiment, WAITING
        self.records = training.train_in_batches(experiment)
        self.start()

    def step(self) -> bool:
        self.latest = next(self.records)
        return self.latest.epoch < self.experiment.epochs


@OfProcess
def trainings() -> BoundedCache[Experiment, NetworkTraining]:
    """What is in training now, for whoever asks for it. Left by all, it stays where it is until somebody asks again."""
    return BoundedCache(MOST_IN_TRAINING)


def training_of(experiment: Experiment) -> NetworkTraining:
    """The one training of this network"""
    return trainings().get_or_put(experiment, lambda: NetworkTraining(experiment))


def network(experiment: Experiment, report: Report = lambda progress: None) -> Parameters:
    """The network of an experiment: kept, stored, or trained now, before the page goes on; equal ones are trained once.

    An untrained one is quick to make, so it takes no place in the cache.
    """
    if not experiment.epochs:
        return training.untrained(experiment)
    if known := network_cache().get(experiment):
        return known
    if stored := pretrained.load_pretrained(experiment):
        return keep_network(experiment, stored)
    work = training_of(experiment)
    while (known := network_cache().get(experiment)) is None:
        try:
            work.advance(long_work.EVERY)
        except Exception:
            trainings().pop(experiment)  # nobody could go on with it
            raise
        if not work.is_running:
            keep_network(experiment, work.latest.params)
        report(WAITING if work.is_waiting else work.latest)
    trainings().pop(experiment)
    return known


class JobNetwork(NamedTuple):
    """The weights of a job before any update"""

    params: Parameters
    origin: (
        str  # "stored" (or trained on demand), "here" (trained in this session), "opened" (from a file), "untrained"
    )
    score: float | None = None  # on held-out examples, where that is known already


def job_network(job: Job, opened: BoundedCache, report: Report = lambda progress: None) -> JobNetwork:
    """The network of a job. `opened`: whose weights the reader brought. Explore's are trained when asked for."""
    if own := opened.get(job.network):
        return own
    if job.name == PEOPLE:
        return JobNetwork(network(job.experiment, report), "stored")
    if not job.file and job.experiment.epochs and is_available(job.experiment):
        return JobNetwork(network(job.experiment), "stored", stored_score(job.experiment))
    return JobNetwork(training.untrained(job.experiment, job.task), "untrained")


# Both take seconds, and a class that opens a page asks at once.
SCORES: BoundedCache[Experiment, float] = BoundedCache(64)
BASELINES: BoundedCache[str, float] = BoundedCache(16)


def stored_score(experiment: Experiment) -> float:
    """On held-out examples, of a stored network; measured once for all who ask"""
    task, cell = tasks.task(experiment.task), CELLS[experiment.cell]
    return SCORES.get_or_put(experiment, lambda: evaluation.score(task, cell, network(experiment)))


def task_baseline(name: str) -> float:
    """What the simple method gets on the held-out examples of our own data; measured once for all who ask"""
    return BASELINES.get_or_put(name, lambda: evaluation.baseline(tasks.task(name)))
