"""The cards below the stage of Structures get the numbers they are given, whatever the words and the numbers are."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explorer.components import exhibits
from explorer.components.base import json_safe
from explorer.components.exhibits import APART
from explorer.theme import LIGHT
from tests.helpers import structures_page
from tests.helpers.structures_page import LESSONS, open_page

ENGLISH, FRENCH = ("she", "reads", "a", "small", "book"), ("elle", "lit", "un", "petit", "livre", "<END>")
ALPHA = np.random.default_rng(0).dirichlet(np.full(5, 0.4), 6)
COLOURS = LIGHT.background, LIGHT.negative
WALKS = {"with attention": np.array([0.05, 0.2, 0.5]), "without": np.array([2e-5, 0.0, 0.5])}


def test_every_cell_of_the_alignment_is_its_number():
    drawn = exhibits.cells(ALPHA, FRENCH, ENGLISH, "alignment_cell", COLOURS)
    assert drawn["p"] == ALPHA.tolist() and drawn["numbered"] is None
    assert (drawn["rows"], drawn["columns"], drawn["colours"]) == ([*FRENCH], [*ENGLISH], COLOURS)


@pytest.mark.parametrize("row", [0, 4, None])
def test_the_selected_row_is_framed(row):
    drawn = exhibits.cells(ALPHA, FRENCH, ENGLISH, "alignment_cell", COLOURS, framed=row)
    assert drawn["framed"] == (-1 if row is None else row)


def test_the_page_shows_the_attention_and_the_tapes_of_the_core():
    link, example = LESSONS["translation"]
    cards = structures_page.exhibits(open_page(structure="translation", at="7", **link))
    trace, _, _ = structures_page.through("translation", structures_page.trained("translation"), example)
    np.testing.assert_array_equal(cards["alignment"]["p"], trace.focus.alpha[0])
    assert cards["alignment"]["framed"] == 7 - 1 - len(example.inputs)
    fed, expected = cards["tapes"]["rows"]
    assert fed == [*example.inputs, "<START>", *example.answers[:-1]]
    assert expected == [""] * len(example.inputs) + [*example.answers]
    assert [*cards] == ["alignment", "beam", "walk", "tapes"]


def test_a_sentence_has_its_score_and_that_on_the_stage_is_marked():
    rows = [("beam 1", "elle lit", -0.11, True), ("greedy", "elle lit un", -np.inf, False)]
    found = json_safe(exhibits.hypotheses(rows, "greedy"))["found"]
    assert [(one["score"], one["ended"], one["chosen"]) for one in found] == [(-0.11, True, False), (None, False, True)]
    assert len(exhibits.hypotheses([("beam 1", "a" * 2000, -1.0, True)])["found"][0]["text"]) == 300


def test_the_walk_leaves_out_what_has_no_logarithm():
    attending, without = exhibits.walk(("a", "b", "c"), WALKS)["curves"]
    np.testing.assert_allclose(10 ** np.array(attending["logs"]), WALKS["with attention"])
    assert without["logs"][1] is None and without["norms"] == WALKS["without"].tolist()


@settings(max_examples=25)
@example(np.full((2, 5), 13.0))
@given(arrays(float, (2, 5), elements=st.floats(1e-12, 1e3) | st.sampled_from([0, np.nan])))
def test_the_names_of_the_lines_stand_apart(norms):
    drawn = json_safe(exhibits.walk(list("abcde"), {"with attention": norms[0], "without": norms[1]}))
    heights, (low, high) = [name["at"] for name in drawn["names"]], drawn["range"]
    assert len(heights) == sum(np.nansum(row) > 0 for row in norms)
    assert np.isfinite([low, high]).all() and low < high
    assert all(abs(one - other) >= 0.99 * APART * (high - low) for one, other in pairwise(heights))
    assert len(drawn["marks"]) >= 2 and all(low <= at <= high for at, _ in drawn["marks"])


@pytest.mark.parametrize("words", [["I"], ["word"] * 40, ["a" * 1000, "b" * 1000], ["<b>x</b>", "&lt;"]])
@pytest.mark.parametrize("p", [0.9, 0.0, 1e-300, np.nan, np.inf])
def test_no_words_and_no_numbers_are_too_much(words, p):
    numbers = np.linspace(0.1, 0.9, len(words))
    numbers[0] = p
    table = exhibits.cells(np.repeat(numbers[:, None], 2, axis=1), words, "ab", "classes_cell", COLOURS)
    walk = exhibits.walk(words, {"with attention": numbers, "without": numbers / 10, "nothing": numbers[:0]})
    for drawn in (json_safe(table), json_safe(walk)):
        assert all(len(name) <= 24 for name in drawn.get("rows", drawn.get("labels")))
    assert table["p"][0][0] == (p if np.isfinite(p) else None)
