"""A network of Explore that nobody trained, with biases, so that no term is missing from any sum."""

import numpy as np

from core import training
from core.parameters import tree_map
from core.tasks import task
from core.training import Experiment
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled, unroll_sentence

SENTENCE = "Harry met zzyzx and Grace in Paris and met Will"


def look(cell: str, n_a: int = 5, text: str = SENTENCE) -> Unrolled:
    """A network that nobody trained, with biases"""
    params = training.untrained(Experiment(cell=cell, hidden_units=n_a, epochs=0))
    rng = np.random.default_rng(1)
    params = tree_map(lambda array: array + rng.normal(0, 0.3, array.shape), params)
    words = parse_sentence(text).words
    return unroll_sentence(params, cell, words, tuple(task("people").guess(words)))
