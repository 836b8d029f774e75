"""The figures of Structures show the numbers they are given, whatever the words and the numbers are."""

import json
from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explorer.figures import (
    attention,
    beam_search,
    class_probabilities,
    error_by_step,
    learning_curve,
    sentiment_curve,
)
from explorer.figures.beam_search import Row
from explorer.theme import LIGHT

ENGLISH, FRENCH = ("she", "reads", "a", "small", "book"), ("elle", "lit", "un", "petit", "livre", "<END>")
ALPHA = np.random.default_rng(0).dirichlet(np.full(5, 0.4), 6)
ALPHA[1] = [0, 0.996, 0.004, 0, 0]
CLASSES = ("negative", "positive")
REVIEW, P = ("not", "a", "bad", "film", "at", "all"), np.array([0.42, 0.48, 0.13, 0.22, 0.61, 0.83])
FOUND = [
    Row("beam 1", "elle lit un petit livre", -0.11),
    Row("beam 2", "elle lit petit livre", -0.71),
    Row("greedy", "elle lit un petit livre", -0.11),
]


# Any words, any numbers -----------------------------------------------------------------------------------------------


def everything(words: list[str], p: np.ndarray) -> Iterator[tuple[str, go.Figure, str]]:
    """One figure of each kind, and its sentence, all made of these words and of p (T,)"""
    course = range(1, len(words) + 1), p, [None, *p[1:]], words[0], 0.4, False
    two = ("no", words[0])
    yield "belief", sentiment_curve.figure(words, p, 1, LIGHT, two), sentiment_curve.sentence(words, p, two)
    yield "learning", learning_curve.figure(*course, LIGHT), learning_curve.sentence(*course)


def texts(part) -> Iterator[str]:
    """Every string in a figure"""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from texts(inner)


def test_what_a_reader_typed_shows_as_itself():
    typed = ["<b>x</b>", "&lt;", "<a href='y'>z</a>"]
    for name, fig, _ in everything(typed, np.array([0.2, 0.9, 0.5])):
        told = list(texts(json.loads(fig.to_json())))
        assert not [text for text in told if "<b>x" in text or "<a " in text], name
        assert any("&lt;b&gt;x&lt;/b&gt;" in text for text in told), name
        assert name == "learning" or any(text.endswith("&amp;lt;") for text in told), name


SORTS = {"good": 0.9, "0": 0.0, "tiny": 1e-300, "not a number": np.nan}


@pytest.mark.parametrize("p", SORTS.values(), ids=SORTS)
@pytest.mark.parametrize("words", [["I"], ["word"] * 40, ["a" * 1000, "b" * 1000]], ids=["1", "40", "long"])
def test_no_words_and_no_numbers_are_too_much(words, p):
    numbers = np.linspace(0.1, 0.9, len(words))
    numbers[0] = p
    for name, fig, sentence in everything(words, numbers):
        assert sentence.endswith(".") and (name == "learning" or words[0][:20] in sentence), name
        assert 60 <= fig.layout.height <= 420, name
        assert max(map(len, texts(json.loads(fig.to_json()))), default=0) < 10_000, name
        for axis in (fig.layout.xaxis, fig.layout.yaxis):
            assert len(axis.ticktext or ()) <= 21 and all(len(text) <= 24 for text in axis.ticktext or ()), name


# Alignment and classes ------------------------------------------------------------------------------------------------


def test_each_word_looks_at_its_largest_attention():
    alpha = np.array([[0.2, 0.77, 0.03], [0.4, 0.4, 0.2], [np.nan] * 3])
    assert attention.sentence(("a", "book", "!"), ("livre", "un", "fin"), alpha) == (
        "‘livre’ looks most at ‘book’ (0.77); ‘un’ looks at 2 words alike (0.40 each); where ‘fin’ looks is not finite."
    )


def test_only_the_most_probable_class_is_told():
    y_hat = np.array([[0.1, 0.7, 0.2], [0.999, 0.001, 0], [np.nan] * 3])
    assert class_probabilities.is_best(y_hat).tolist() == [[False, True, False], [True, False, False], [False] * 3]
    assert class_probabilities.sentence(("Jordan", "flew", "x"), ("O", "B-PER", "I-PER"), y_hat) == (
        "The most probable class of each word: ‘Jordan’ B-PER (0.70), ‘flew’ O (1), ‘x’ not finite."
    )


# Belief ---------------------------------------------------------------------------------------------------------------


def test_belief_and_its_largest_jump():
    fig = sentiment_curve.figure(REVIEW, P, 3, LIGHT, CLASSES)
    curve, jump = fig.data
    np.testing.assert_array_equal(curve.y, P)
    assert (list(jump.x), list(jump.y), jump.line.color) == ([4, 5], [0.22, 0.61], LIGHT.positive)
    assert fig.layout.annotations[-1].text == "<b>at</b> +0.39"
    assert sentiment_curve.sentence(REVIEW, P, CLASSES) == (
        "P(positive) is 0.42 after the first word, ‘not’, and 0.83 after the last, ‘all’; of the words after the first "
        "‘at’ (step 5) moved it most: by +0.39, from 0.22 to 0.61."
    )


@given(arrays(float, st.integers(1, 12), elements=st.floats(0, 1) | st.just(np.nan)))
def test_no_other_word_moved_it_more(p):
    moves = {t: abs(p[t - 1] - p[t - 2]) for t in range(2, len(p) + 1) if np.isfinite(p[t - 2 : t]).all()}
    most = sentiment_curve.largest_jump(p)
    assert moves.get(most, 0) == max(moves.values(), default=0)
    assert (most is None) == (max(moves.values(), default=0) == 0)


def test_a_belief_that_rests_is_no_jump():
    assert sentiment_curve.sentence(("a", "b"), np.array([0.5, 0.5]), CLASSES).endswith(
        "; no word after the first moved it."
    )
    assert len(sentiment_curve.figure(("a", "b"), np.array([0.5, 0.5]), 1, LIGHT, CLASSES).data) == 1


# Hypotheses and the walk, in words -----------------------------------------------------------------------------------


def test_the_best_and_the_worst_sentence_and_that_on_the_stage_are_told():
    assert beam_search.sentence(FOUND, "greedy") == (
        "Highest score: ‘elle lit un petit livre’ (beam 1, greedy), −0.11; "
        "lowest: ‘elle lit petit livre’ (beam 2), −0.71; on the stage: greedy."
    )


def test_a_sentence_that_was_cut_off_is_named_so():
    rows = [Row("beam 1", "elle lit", -0.4), Row("beam 2", "elle lit un petit", -0.1, ended=False)]
    assert beam_search.sentence(rows, "beam 1") == (
        "Highest score: ‘elle lit un petit’ (beam 2; cut off, no <END>), −0.10; "
        "lowest: ‘elle lit’ (beam 1), −0.40; on the stage: beam 1."
    )


def test_an_impossible_sentence_has_no_score():
    assert beam_search.sentence([Row("beam 1", "x", -np.inf)]) == "No sentence has a finite score."


def test_what_is_left_of_the_error_at_the_first_step_is_told():
    walks = {"with attention": np.array([0.05, 0.2, 0.5]), "without": np.array([2e-5, 0.0, 0.5])}
    assert error_by_step.sentence(("a", "b", "c"), walks) == (
        "The norm of the gradient at the first step, ‘a’, against the last, ‘c’: with attention 0.1 times; "
        "without 4e-05 times."
    )


@pytest.mark.parametrize("p", SORTS.values(), ids=SORTS)
@pytest.mark.parametrize("words", [["I"], ["word"] * 40, ["a" * 1000, "b" * 1000]], ids=["1", "40", "long"])
def test_whatever_the_words_and_numbers_are_they_are_told_in_a_sentence(words, p):
    numbers = np.linspace(0.1, 0.9, len(words))
    numbers[0] = p
    table, scores = np.repeat(numbers[:, None], len(words), axis=1), -1 / np.where(numbers > 0, numbers, np.inf)
    rows = [Row(word, word, score) for word, score in zip(words, scores, strict=True)]
    for told in (
        attention.sentence(words, words, table),
        class_probabilities.sentence(words, words, table),
        beam_search.sentence(rows, words[0]),
    ):
        assert told.endswith(".") and words[0][:20] in told
    assert error_by_step.sentence(words, {"with attention": numbers, "without": numbers / 10}).endswith(".")


# Learning -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epochs", [0, 1, 2, 40, 400])
def test_learning_shows_every_epoch_and_the_baseline(epochs):
    steps, losses, scores = range(1, epochs + 1), np.linspace(3, 1, epochs), np.linspace(0.2, 0.6, epochs)
    loss, score, baseline = learning_curve.figure(steps, losses, scores, "BLEU-4", 0.18, False, LIGHT).data
    assert (list(loss.x), list(loss.y), list(score.y)) == (list(steps), list(losses), list(scores))
    assert list(baseline.y) == [0.18, 0.18] and (score.yaxis, baseline.yaxis) == ("y2", "y2")
    assert baseline.x[0] < baseline.x[1]


def test_the_epoch_that_is_kept_is_marked():
    numbers = [1, 2, 3], [3.0, 2.0, 1.0], [0.2, 0.6, 0.5], "BLEU-4", 0.18, False, LIGHT
    figure = learning_curve.figure(*numbers, 2)
    assert [(line.x0, line.x1) for line in figure.layout.shapes] == [(2, 2)]
    assert "epoch 2 is kept" in figure.layout.xaxis.title.text
    assert not learning_curve.figure(*numbers).layout.shapes


def test_the_sentence_says_whether_the_baseline_is_beaten():
    tell = lambda scores, less: learning_curve.sentence([1, 9], [2.5, 0.5], scores, "score", 0.4, less)  # noqa: E731
    begins = "In epoch 1 the loss per example was 2.5, in epoch 9 0.5"
    scored = f"{begins}; on the part that chooses, the last score is"
    assert tell([None, 0.5], False) == f"{scored} 0.5, better than the baseline's 0.4."
    assert tell([None, 0.5], True) == f"{scored} 0.5, worse than the baseline's 0.4."
    assert tell([0.4, np.nan], True) == f"{scored} 0.4, equal to the baseline's 0.4."
    assert tell([None, None], True) == f"{begins}."
    assert learning_curve.sentence([], [], [], "score", None, True) == "No epoch is done yet."
