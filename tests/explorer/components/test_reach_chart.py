"""The T × T chart of a sentence gets the core's own numbers, and the colours of the one scale of gradients."""

import json

import numpy as np
import pytest

from explorer.components.base import json_safe
from explorer.components.reach_chart import reach_data
from explorer.theme import DARK, HIGH, LIGHT, LOW
from tests.helpers.examples import WORDS, look


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_every_row_is_that_of_the_core_as_far_as_its_error_can_reach(activation):
    norms = look(activation).credit_matrix
    data = json.loads(json.dumps(reach_data(WORDS, WORDS, norms, 4, LIGHT)))
    assert data["norms"] == [row[: s + 1].tolist() for s, row in enumerate(norms)]
    assert (data["words"], data["owners"]) == ([*WORDS], [*WORDS])
    assert (data["step"], data["scale"]) == (4, [LOW, HIGH])


def test_along_the_second_stream_an_error_reaches_every_step():
    norms = look().credit_matrix + 1
    assert reach_data(WORDS, WORDS, norms, 4, LIGHT, both=True)["norms"] == norms.tolist()


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_its_colours_are_those_of_a_gradient(palette):
    assert reach_data(WORDS, WORDS, look().credit_matrix, 1, palette)["colours"] == list(palette.gradient)


def test_where_no_error_starts_there_is_no_row_and_what_is_not_finite_is_null():
    norms = np.array([[np.nan, np.nan], [np.inf, 1.0]])
    assert json_safe(reach_data(("a", "b"), ("a", "b"), norms, 2, LIGHT))["norms"] == [[], [None, 1.0]]


def test_a_long_word_is_shortened():
    data = reach_data(("a" * 20_000, *WORDS[1:]), WORDS, look().credit_matrix, 1, LIGHT)
    assert data["words"][0] == "a" * 23 + "…"
