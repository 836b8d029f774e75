"""The networks trained or loaded so far, shared by all sessions."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import streamlit as st

from core import evaluation, parameters, pretrained, training
from core.parameters import Parameters
from core.training import Experiment, Progress
from explorer.compute import long_work
from explorer.compute.long_work import WAITING, throttled
from explorer.compute.sentence import people_task

# Networks -------------------------------------------------------------------------------------------------------------


MOST_NETWORKS = 32  # kept in memory, 1.5 MB each at most (an LSTM with 64 units)


class NetworkCache:
    """The networks trained or loaded so far, shared by all sessions and read-only; the longest unused goes first.

    A function under `st.cache_resource` cannot report progress while it runs: it would replay the reports later.
    """

    def __init__(self) -> None:
        self.networks: OrderedDict[Experiment, Parameters] = OrderedDict()
        self.lock = threading.Lock()
        self.permits = threading.Semaphore(2)  # so many sessions may train at once; the others wait their turn

    def get(self, experiment: Experiment) -> Parameters | None:
        with self.lock:
            if experiment in self.networks:
                self.networks.move_to_end(experiment)
            return self.networks.get(experiment)

    def put(self, experiment: Experiment, params: Parameters) -> Parameters:
        with self.lock:
            self.networks[experiment] = parameters.read_only(params)
            while len(self.networks) > MOST_NETWORKS:
                self.networks.popitem(last=False)
        return params


@st.cache_resource
def network_cache() -> NetworkCache:
    return NetworkCache()


def network(experiment: Experiment, report: Callable[[Progress], None]) -> Parameters:
    """The network of an experiment: from the shelf, from assets/models/ where it is stored, or trained now."""
    if known := network_cache().get(experiment):
        return known
    if stored := pretrained.load_pretrained(experiment):
        return network_cache().put(experiment, stored)
    permits = network_cache().permits
    while not permits.acquire(timeout=long_work.EVERY):
        report(WAITING)
    try:  # those who were waited for may have trained the same
        if known := network_cache().get(experiment):
            return known
        for progress in training.train(experiment, tick=throttled(report)):
            report(progress)
        return network_cache().put(experiment, progress.params)
    finally:
        permits.release()


@st.cache_data
def baseline_f1() -> float:
    return evaluation.baseline(people_task())
