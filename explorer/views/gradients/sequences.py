"""The same network on many random sequences at once: does what is seen on one hold for the others?"""

import numpy as np
import streamlit as st

from core.training import Experiment
from explorer.compute.networks import network
from explorer.views.gradients import cell_flow, rates

FEW = 32  # sequences that a verdict rests on, beside the one that is shown
MANY = 200  # sequences that a question rests on


@st.cache_data(max_entries=256, show_spinner=False)
def reach(experiment: Experiment, length: int, sequences: int) -> np.ndarray:
    """log10 of what a unit of error at the last step leaves at distance 0, 1, … of random sequences (length, sequences)

    The network must be at hand, or quick to make.
    """
    return cell_flow.random_reach(experiment.cell, network(experiment), length, experiment.seed, sequences)


@st.cache_data(max_entries=256, show_spinner=False)
def slopes(experiment: Experiment, length: int, sequences: int) -> np.ndarray:
    """How fast errors fade or grow on each of these sequences, in powers of ten a step (sequences,)"""
    params = network(experiment)
    return rates.slopes(cell_flow.random_reach(experiment.cell, params, length, experiment.seed, sequences))
