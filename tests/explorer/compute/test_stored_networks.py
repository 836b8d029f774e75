"""The network the first page opens with is the one its experiment says, and it has learned something."""

import numpy as np
import pytest

from core import evaluation, parameters, pretrained, training
from core.cells import CELLS
from core.tasks import task
from core.training import Experiment


def test_the_stored_network_is_its_experiment_trained():
    """Not bit for bit: another machine's matrix products may round in another order."""
    trained = training.train_to_end(Experiment()).params
    pairs = zip(parameters.leaves(pretrained.load_pretrained(Experiment())), parameters.leaves(trained), strict=True)
    for (_, name, kept), (_, _, again) in pairs:
        np.testing.assert_allclose(kept, again, rtol=0, atol=1e-9, err_msg=name)


def test_the_stored_network_beats_the_baseline_clearly():
    f1 = evaluation.score(task("people"), CELLS["tanh"], pretrained.load_pretrained(Experiment()))
    assert f1 >= evaluation.baseline(task("people")) + 0.2


@pytest.mark.parametrize("experiment", [Experiment(seed=2), Experiment(epochs=0)])
def test_no_other_network_is_taken_for_it(experiment):
    assert pretrained.load_pretrained(experiment) is None
