"""Figures show the arrays they are given, and their sentences are true of them."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explorer.compute.sentence import parse_sentence
from explorer.figures import credit_matrix, step_shares, updates
from explorer.formatting import three_digits
from explorer.theme import DARK, LIGHT
from tests.helpers.examples import LONG, WORDS, look

T = len(WORDS)
positive = st.floats(1e-12, 1e12)


def numbers(sentence: str) -> list[float]:
    sentence = re.sub(r"(?<=\d),(?=\d{3})", "", sentence)  # 59,700
    return [float(number) for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]\d+)?", sentence)]


# Reach ----------------------------------------------------------------------------------------------------------------


@given(arrays(float, (T, T), elements=positive), st.integers(3, T))
def test_the_sentence_of_the_reach_is_true(norms, step):
    sentence = credit_matrix.sentence(WORDS, norms, step)
    first, near, here = (f"‘{WORDS[t - 1]}’" for t in (1, step - 1, step))
    far, close = norms[step - 1, 0], norms[step - 1, step - 2]
    ratio = three_digits(max(close / far, far / close))
    how = f"{ratio} times {'weaker' if close >= far else 'stronger'} than" if ratio != "1" else "as strong as"
    assert sentence == f"At {first} the error of {here} is {how} at {near}."


@given(arrays(float, (T, T), elements=positive), st.integers(3, T))
def test_the_reach_is_compared_with_where_the_error_begins_too(norms, step):
    sentence = credit_matrix.from_its_start(WORDS, norms, step)
    far, own = norms[step - 1, 0], norms[step - 1, step - 1]
    ratio = three_digits(max(own / far, far / own))
    at = f"at ‘{WORDS[step - 1]}’ itself, where it begins"
    how = f"Than {at}, it is {ratio} times {'weaker' if own >= far else 'stronger'} there."
    assert sentence == (how if ratio != "1" else f"A{at[1:]}, it is as strong.")


def test_of_two_words_or_none_that_arrives_there_is_nothing_to_compare():
    assert credit_matrix.from_its_start(WORDS, np.ones((T, T)), 2) == ""
    assert credit_matrix.from_its_start(WORDS, np.zeros((T, T)), 4) == ""


@pytest.mark.slow
@given(arrays(float, (T, T), elements=positive))
def test_of_two_words_the_sentence_names_the_norm(norms):
    sentence = credit_matrix.sentence(WORDS, norms, 2)
    assert sentence.startswith("The error at ‘met’ reaches ‘Harry’") and "than" not in sentence
    assert numbers(sentence) == [pytest.approx(norms[1, 0], rel=5e-3)]


def test_the_first_word_reaches_nothing():
    assert (
        credit_matrix.sentence(WORDS, look().credit_matrix, 1)
        == "‘Harry’ is read first: its error has no earlier step to reach."
    )
    assert credit_matrix.sentence(("Grace",), np.ones((1, 1)), 1).startswith("‘Grace’ is read first")


@pytest.mark.parametrize("step", [2, 5])
def test_a_reach_of_zero_or_infinity_is_said(step):
    for value in (np.inf, np.nan):
        sentence = credit_matrix.sentence(WORDS, np.full((T, T), value), step)
        assert sentence == f"The error at ‘{WORDS[step - 1]}’ is not finite on its way back."
    sentence = credit_matrix.sentence(WORDS, np.zeros((T, T)), step)
    assert sentence == f"The error at ‘{WORDS[step - 1]}’ does not reach ‘Harry’ at all: its gradient there is 0."


# Shares ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", ["Waa", "Wax", "ba", "Wya", "by"])
def test_the_bars_are_the_shares(weight):
    norms = look().shares[weight]
    (bars,) = step_shares.figure(WORDS, norms, 4, LIGHT).data
    assert np.array_equal(bars.y, norms) and bars.x.tolist() == list(range(1, T + 1))
    assert bars.marker.opacity.index(1.0) == 3 and bars.marker.opacity.count(1.0) == 1
    told = {t: float(text) for t, text in enumerate(bars.text) if text}
    assert told == {t: pytest.approx(norm, rel=0.05) for t, norm in enumerate(norms) if norm > 0.03 * norms.max()}


@given(arrays(float, T, elements=positive))
def test_the_sentence_of_the_shares_is_true(norms):
    sentence = step_shares.sentence(WORDS, norms, "Wax")
    most, least = int(np.argmax(norms)), int(np.argmin(norms))
    assert re.findall(r"‘(\w+)’ \(step (\d)\)", sentence) == [
        (WORDS[most], str(most + 1)),
        (WORDS[least], str(least + 1)),
    ]
    sizes = numbers(sentence.replace(f"(step {most + 1})", "").replace(f"(step {least + 1})", "").replace("Wax", ""))
    assert sizes == pytest.approx([norms.max(), norms.min()], rel=5e-3)


def test_shares_of_zero_infinity_or_one_word():
    assert step_shares.sentence(WORDS, np.zeros(T), "Waa") == "No step adds anything to the gradient of Waa."
    assert step_shares.sentence(WORDS, np.array([1, np.inf] + [1] * 5), "by") == (
        "Some shares of the gradient of by are not finite."
    )
    assert (
        step_shares.sentence(("Grace",), np.array([0.25]), "by")
        == "The only share of the gradient of by has a norm of 0.25."
    )
    assert step_shares.figure(("Grace",), np.array([0.25]), 1, LIGHT).data[0].y.tolist() == [0.25]


# Updates --------------------------------------------------------------------------------------------------------------


ONE = [(("Grace", "sang"), (1, 0))]  # what was learned: words and labels


def test_the_curve_breaks_where_another_sentence_or_labelling_is_learned():
    learned = [*ONE * 2, (("Grace", "sang"), (0, 0)), (("May", "fell"), (0, 0))]
    loss, _ = updates.curve([1.0, 2.0, 3.0, 4.0], [1.0] * 4, learned, LIGHT).data
    np.testing.assert_array_equal(loss.y, [1, 2, np.nan, 3, np.nan, 4])
    np.testing.assert_array_equal(loss.x, [0, 1, np.nan, 2, np.nan, 3])
    assert loss.mode == "lines+markers"  # of a lone point there is no line
    assert loss.customdata.tolist() == ["Grace sang", "Grace sang", "", "Grace sang", "", "May fell"]
    assert "3 examples" in updates.course([1.0, 2.0, 3.0, 4.0], learned)
    assert numbers(updates.course([1.0, 2.5], ONE * 2)) == [1.0, 2.5]
    assert numbers(updates.course([1.0], ONE)) == [1.0]


def test_the_change_in_words():
    assert numbers(updates.most_changed(("a", "b"), np.array([1.0, 2.0]), np.array([1.1, 0.5]))) == [2.0, 0.5]
    assert numbers(updates.most_changed(("a", "b"), np.array([1.0, 2.0]), np.array([1.0001, 2.0]))) == []
    assert numbers(updates.most_changed(("a", "b"), np.array([1.0, 2.0]), np.array([1.0, np.inf]))) == []


@settings(max_examples=20)
@given(st.lists(st.tuples(positive, positive), min_size=2, max_size=60))
def test_the_curve_shows_every_update(history):
    losses, norms = zip(*history, strict=True)
    fig = updates.curve(losses, norms, ONE * len(losses), LIGHT)
    assert [(line.name, tuple(line.y)) for line in fig.data] == [("ℒ", losses), ("‖g‖", norms)]
    assert all(line.x.tolist() == list(range(len(history))) for line in fig.data)
    low, high = fig.layout.yaxis.range
    assert fig.layout.yaxis.type == "log" and low <= np.log10(losses + norms).min()
    assert np.log10(losses + norms).max() < high


@pytest.mark.parametrize("last", [0.0, np.inf, np.nan])
def test_a_curve_that_ends_where_there_is_no_place_keeps_its_scale(last):
    fig = updates.curve([2.0, 0.5, last], [1.0, 3.0, last], ONE * 3, LIGHT)
    assert tuple(fig.layout.yaxis.range) == (-1, 1) and not fig.layout.annotations
    assert np.isfinite(updates.curve([last], [last], ONE, LIGHT).layout.yaxis.range).all()


@pytest.mark.parametrize("words", [("Grace",), WORDS, parse_sentence(LONG).words])
def test_before_and_after_are_the_losses_of_every_word(words):
    before, after = np.random.default_rng(0).random((2, len(words)))
    lines, ring, dot = updates.before_after(words, before, after, LIGHT).data
    assert (ring.name, dot.name) == ("before", "after") and list(dot.customdata) == list(words)
    assert np.array_equal(ring.y, before) and np.array_equal(dot.y, after)
    assert np.array_equal(lines.y.reshape(-1, 3)[:, :2], np.stack([before, after], 1))
    assert np.isnan(lines.y[2::3]).all()  # one line a word, not one through all


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_forward_is_blue_and_backward_is_orange(palette):
    loss, gradient = updates.curve([1, 2], [3, 4], ONE * 2, palette).data
    assert (loss.line.color, gradient.line.color) == (palette.forward, palette.backward)
    assert step_shares.figure(WORDS, np.ones(T), 1, palette).data[0].marker.color == palette.backward
    assert palette.backward in palette.gradient
