"""The figures of Structures show the numbers they are given, whatever the words and the numbers are."""

import json
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plotly.colors import unlabel_rgb

from explorer.figures import (
    attention,
    base,
    beam_search,
    class_probabilities,
    error_by_step,
    learning_curve,
    sentiment_curve,
)
from explorer.figures.beam_search import Row
from explorer.theme import DARK, LIGHT

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
    table, curves = np.repeat(p[:, None], len(words), axis=1), {"with attention": p, "without": p / 10}
    rows = [Row(word, word, score) for word, score in zip(words, -1 / np.where(p > 0, p, np.inf), strict=True)]
    course = range(1, len(words) + 1), p, [None, *p[1:]], words[0], 0.4, False
    two = ("no", words[0])
    yield "alignment", attention.figure(words, words, table, 0, LIGHT), attention.sentence(words, words, table)
    yield (
        "classes",
        class_probabilities.figure(words, words, table, LIGHT),
        class_probabilities.sentence(words, words, table),
    )
    yield "belief", sentiment_curve.figure(words, p, 1, LIGHT, two), sentiment_curve.sentence(words, p, two)
    yield "hypotheses", beam_search.figure(rows, LIGHT, words[0]), beam_search.sentence(rows, words[0])
    yield "walk", error_by_step.figure(words, curves, LIGHT), error_by_step.sentence(words, curves)
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
        assert sentence.endswith(".") and (name in ("learning", "walk") or words[0][:20] in sentence), name
        assert 60 <= fig.layout.height <= 420 or name == "hypotheses", name
        assert max(map(len, texts(json.loads(fig.to_json()))), default=0) < 10_000, name
        for axis in (fig.layout.xaxis, fig.layout.yaxis):
            assert len(axis.ticktext or ()) <= 21 and all(len(text) <= 24 for text in axis.ticktext or ()), name


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
def test_a_number_can_be_read_on_every_colour(palette, share):
    def luminance(rgb):
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in rgb)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in (palette.negative, palette.forward):
        ground = base.mix(palette.background, colour, share)
        dark, light = sorted([luminance(unlabel_rgb(ground)), {"black": 0, "white": 1}[base.ink(ground)]])
        assert (light + 0.05) / (dark + 0.05) >= 4.5


# Alignment and classes ------------------------------------------------------------------------------------------------


def test_every_cell_of_the_alignment_is_its_number():
    heatmap, told = attention.figure(ENGLISH, FRENCH, ALPHA, 0, LIGHT).data
    np.testing.assert_array_equal(heatmap.z, ALPHA.astype(np.float32))
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)
    assert heatmap.customdata[4, 1].tolist() == ["livre", "reads"]
    shown = {(y - 1, x - 1): text for y, x, text in zip(told.y, told.x, told.text, strict=True)}
    assert shown == {(t, s): "1" if ALPHA[t, s] > 0.995 else f"{ALPHA[t, s]:.2f}" for t in range(6) for s in range(5)}


@pytest.mark.parametrize("row", [0, 4])
def test_the_selected_row_is_framed(row):
    (frame,) = attention.figure(ENGLISH, FRENCH, ALPHA, row, LIGHT).layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 5.5, row + 0.5, row + 1.5)
    assert not attention.figure(ENGLISH, FRENCH, ALPHA, None, LIGHT).layout.shapes


def test_each_word_looks_at_its_largest_attention():
    alpha = np.array([[0.2, 0.77, 0.03], [0.4, 0.4, 0.2], [np.nan] * 3])
    assert attention.sentence(("a", "book", "!"), ("livre", "un", "fin"), alpha) == (
        "‘livre’ looks most at ‘book’ (0.77); ‘un’ looks at 2 words alike (0.40 each); where ‘fin’ looks is not finite."
    )


def test_only_the_most_probable_class_is_told():
    y_hat = np.array([[0.1, 0.7, 0.2], [0.999, 0.001, 0], [np.nan] * 3])
    heatmap, told = class_probabilities.figure(("Jordan", "flew", "x"), ("O", "B-PER", "I-PER"), y_hat, LIGHT).data
    np.testing.assert_array_equal(heatmap.z, y_hat.T.astype(np.float32))
    shown = {(x, y): text for x, y, text in zip(told.x, told.y, told.text, strict=True)}
    assert shown == {(1, 2): "0.70", (2, 1): "1", (3, 1): "–", (3, 2): "–", (3, 3): "–"}
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


# Hypotheses -----------------------------------------------------------------------------------------------------------


def test_a_bar_is_e_to_the_score_and_the_number_is_the_score():
    fig = beam_search.figure(FOUND, LIGHT, "greedy")
    _, bars = fig.data
    np.testing.assert_allclose(bars.x, np.exp([-0.11, -0.71, -0.11]))
    assert [note.text for note in fig.layout.annotations if note.xanchor == "right"] == ["−0.11", "−0.71", "−0.11"]
    assert [note.text for note in fig.layout.annotations if "stage" in note.text] == ["<b>▸ greedy, on the stage</b>"]
    assert list(bars.marker.opacity) == [0.5, 0.5, 1]
    assert beam_search.sentence(FOUND, "greedy") == (
        "Highest score: ‘elle lit un petit livre’ (beam 1, greedy), −0.11; "
        "lowest: ‘elle lit petit livre’ (beam 2), −0.71; on the stage: greedy."
    )


def test_nothing_stands_on_anything_else_however_long_it_is():
    long = ["un mot après un autre " * 12, "A" * 300, "漢字" * 80, "", "oui"]
    fig = beam_search.figure([Row(f"beam {i}", text, -1.0) for i, text in enumerate(long)], LIGHT)
    left = sorted(note.y for note in fig.layout.annotations if note.xanchor == "left")
    assert all(below - above >= beam_search.LINE for above, below in pairwise(left))
    bars = fig.data[1].y
    assert all(abs(bar - top) >= beam_search.BAR / 2 for bar in bars for top in left)
    assert all(not top < bar - beam_search.BAR / 2 < top + beam_search.LINE - 1 for bar in bars for top in left)
    written = [note.text for note in fig.layout.annotations if note.xanchor == "left" and "beam" not in note.text]
    assert len(written) <= 3 * 3 + 2 and max(map(len, written)) <= beam_search.LETTERS
    assert max(len(text) for text in written if "漢" in text) <= beam_search.LETTERS / 2


def test_a_sentence_that_was_cut_off_is_marked():
    rows = [Row("beam 1", "elle lit", -0.4), Row("beam 2", "elle lit un petit", -0.1, ended=False)]
    written = [note.text for note in beam_search.figure(rows, LIGHT, "beam 1").layout.annotations]
    assert [text for text in written if "cut off" in text] == ["beam 2, cut off: no &lt;END&gt;"]
    assert beam_search.sentence(rows, "beam 1") == (
        "Highest score: ‘elle lit un petit’ (beam 2; cut off, no <END>), −0.10; "
        "lowest: ‘elle lit’ (beam 1), −0.40; on the stage: beam 1."
    )


def test_an_impossible_sentence_has_no_bar():
    fig = beam_search.figure([Row("beam 1", "x", -np.inf), Row("beam 2", "y", np.nan)], LIGHT)
    assert list(fig.data[1].x) == [0, 0]
    assert beam_search.sentence([Row("beam 1", "x", -np.inf)]) == "No sentence has a finite score."


# The walk -------------------------------------------------------------------------------------------------------------

WALKS = {"with attention": np.array([0.05, 0.2, 0.5]), "without": np.array([2e-5, 0.0, 0.5])}


def test_the_walk_leaves_out_what_has_no_logarithm():
    with_attention, without = error_by_step.figure(("a", "b", "c"), WALKS, LIGHT).data
    np.testing.assert_allclose(10**with_attention.y, WALKS["with attention"])
    np.testing.assert_allclose(10**without.y, [2e-5, np.nan, 0.5])
    assert with_attention.line.color != without.line.color and with_attention.line.dash != without.line.dash
    assert error_by_step.sentence(("a", "b", "c"), WALKS) == (
        "The norm of the gradient at the first step, ‘a’, against the last, ‘c’: with attention 0.1 times; "
        "without 4e-05 times."
    )


@settings(max_examples=25)
@given(arrays(float, (2, 5), elements=st.floats(1e-12, 1e3) | st.sampled_from([0, np.nan])))
def test_the_names_of_the_lines_stand_apart(norms):
    fig = error_by_step.figure(list("abcde"), {"with attention": norms[0], "without": norms[1]}, LIGHT)
    heights = [note.y for note in fig.layout.annotations]
    low, high = fig.layout.yaxis.range
    assert len(heights) == sum(np.nansum(row) > 0 for row in norms)
    assert np.isfinite([low, high]).all() and low < high
    assert all(abs(one - other) >= 0.99 * error_by_step.APART * (high - low) for one, other in pairwise(heights))


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
    assert "epoch 2 is kept" in [note.text for note in figure.layout.annotations]
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
