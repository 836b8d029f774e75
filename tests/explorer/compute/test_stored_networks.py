"""The network the first page opens with is the one its experiment says, and it has learned something."""

from dataclasses import replace

import numpy as np
import pytest

from core import evaluation, parameters, pretrained, training
from core.cells import CELLS
from core.initialisers import FORGET_BIASES, UPDATE_BIASES
from core.tasks import task
from core.training import Experiment
from explorer.choices.link import from_link
from explorer.compute.networks import is_available


def agree(experiment: Experiment, within: float) -> None:
    """Not bit for bit: another machine's matrix products may round in another order."""
    trained = training.train_to_end(experiment).params
    pairs = zip(parameters.leaves(pretrained.load_pretrained(experiment)), parameters.leaves(trained), strict=True)
    for (_, name, kept), (_, _, again) in pairs:
        np.testing.assert_allclose(kept, again, rtol=0, atol=within, err_msg=name)


@pytest.mark.slow
def test_the_stored_network_is_its_experiment_trained():
    agree(Experiment(), within=1e-9)


@pytest.mark.long
@pytest.mark.parametrize("experiment", pretrained.STORED, ids=lambda experiment: pretrained.path(experiment).stem)
def test_every_stored_network_is_its_experiment_trained(experiment):
    """Attention for 12 epochs makes 2e-7 of what two machines round differently; the others stay below 1e-9."""
    agree(experiment, within=1e-6 if experiment.attention else 1e-9)


def test_the_stored_network_beats_the_baseline_clearly():
    f1 = evaluation.score(task("people"), CELLS["tanh"], pretrained.load_pretrained(Experiment()))
    assert f1 >= evaluation.baseline(task("people")) + 0.2


@pytest.mark.parametrize("experiment", [Experiment(seed=2), Experiment(epochs=0)])
def test_no_other_network_is_taken_for_it(experiment):
    assert pretrained.load_pretrained(experiment) is None


@pytest.mark.parametrize(
    "moved", [*({"forget_bias": bias} for bias in FORGET_BIASES), *({"update_bias": bias} for bias in UPDATE_BIASES)]
)
def test_at_every_stop_of_either_bias_the_trained_networks_are_at_hand(moved):
    choices = replace(from_link({})[0], **moved)
    assert all(is_available(choices.network(cell, "trained")) for cell in CELLS)
