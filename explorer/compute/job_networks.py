"""The network of a job: stored, trained here, or untrained."""

from typing import NamedTuple

import streamlit as st

from core import evaluation, pretrained, tasks, training
from core.cells import CELLS
from core.parameters import Parameters
from core.training import Experiment
from explorer.compute.jobs import Job
from explorer.compute.networks import network_cache

# Networks -------------------------------------------------------------------------------------------------------------


class JobNetwork(NamedTuple):
    params: Parameters
    origin: str  # "stored", "trained here", or "untrained": nobody has trained it yet
    score: float | None = None  # on held-out examples, where that is known already


def job_network(now: Job) -> JobNetwork:
    """The network of a job: trained in this session, or before and stored; else as it starts"""
    trained = st.session_state.get("trained", {}).get(now.key)
    if trained:
        return trained
    if now.file or not now.experiment.epochs:
        return JobNetwork(training.untrained(now.experiment, now.task), "untrained")
    if stored := network_cache().get(now.experiment) or pretrained.load_pretrained(now.experiment):
        return JobNetwork(network_cache().put(now.experiment, stored), "stored", stored_score(now.experiment))
    return JobNetwork(training.untrained(now.experiment), "untrained")


@st.cache_data(max_entries=64, show_spinner=False)
def stored_score(experiment: Experiment) -> float:
    """On held-out examples, of a stored network"""
    return evaluation.score(tasks.task(experiment.task), CELLS[experiment.cell], pretrained.load_pretrained(experiment))


@st.cache_data(show_spinner=False)
def task_baseline(name: str) -> float:
    return evaluation.baseline(tasks.task(name))
