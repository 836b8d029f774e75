"""Scores against cases worked by hand; every number below can be checked with a pencil."""

import numpy as np
import pytest

from core.metrics import bleu, entities, entity_f1, f1, perplexity, token_accuracy
from core.structures import NO_TARGET


def test_perplexity_counts_the_faces_of_a_fair_die():
    assert perplexity(np.full((3, 2), np.log(6))) == pytest.approx(6)
    assert perplexity(-np.log([1 / 2, 1 / 8])) == pytest.approx(4)  # the geometric mean of 2 and 8
    assert perplexity(np.zeros(5)) == 1
    assert perplexity(np.array([2000.0])) == np.inf
    assert np.isnan(perplexity(np.zeros(0)))


def test_perplexity_does_not_count_silent_steps():
    losses, true = np.array([[np.log(9), 0.0], [0.0, np.log(4)]]), np.array([[1, NO_TARGET], [NO_TARGET, 0]])
    assert perplexity(losses, true) == pytest.approx(6)
    assert perplexity(losses) == pytest.approx(6**0.5)


def test_token_accuracy():
    true = np.array([[2, 0], [1, NO_TARGET], [NO_TARGET, 0]])
    assert token_accuracy(np.array([[2, 1], [1, NO_TARGET], [1, 0]]), true) == 3 / 4
    assert token_accuracy(np.array([0]), np.array([NO_TARGET])) == 0


def test_token_f1_is_two_pr_over_p_plus_r():
    predicted, true = np.array([1, 1, 1, 0, 0, 1, 0]), np.array([1, 1, 0, 1, 0, NO_TARGET, NO_TARGET])
    assert f1(predicted, true) == pytest.approx(2 / 3)  # P = R = 2/3
    assert f1(np.array([1, 1, 1, 0]), np.array([1, 0, 0, 0])) == pytest.approx(1 / 2)  # P = 1/3, R = 1
    assert f1(np.zeros(3, dtype=int), np.array([0, 1, NO_TARGET])) == 0


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("", set()),
        ("O O", set()),
        ("B-PER I-PER O B-LOC", {("PER", 0, 2), ("LOC", 3, 4)}),
        ("B-PER B-PER", {("PER", 0, 1), ("PER", 1, 2)}),
        ("O I-LOC I-LOC", {("LOC", 1, 3)}),  # nothing to continue: it starts
        ("B-PER I-LOC I-LOC", {("PER", 0, 1), ("LOC", 1, 3)}),
        ("I-PER O I-PER", {("PER", 0, 1), ("PER", 2, 3)}),
        ("B-ORG I-ORG B-ORG I-ORG", {("ORG", 0, 2), ("ORG", 2, 4)}),
        ("B-x-ray I-x-ray", {("x-ray", 0, 2)}),
    ],
)
def test_the_entities_that_tags_mark(tags, found):
    assert entities(tags.split()) == found


TRUE = [["B-PER", "I-PER", "O", "B-LOC"], ["B-ORG", "O", "B-PER"]]


@pytest.mark.parametrize(
    ("predicted", "score"),
    [
        (TRUE, 1),
        ([["O"] * 4, ["O"] * 3], 0),
        ([["I-PER", "I-PER", "O", "B-LOC"], TRUE[1]], 1),  # another spelling of the same span
        ([["B-PER", "O", "O", "B-LOC"], TRUE[1]], 3 / 4),  # ends too early: no hit
        ([["B-PER", "I-PER", "O", "B-ORG"], ["O", "O", "O"]], 1 / 3),  # the right place, the wrong type
        ([TRUE[0], ["B-PER", "O", "B-ORG"]], 1 / 2),
        ([["B-PER", "B-PER", "B-PER", "B-LOC"], ["O", "O", "B-PER"]], 4 / 9),
    ],
)
def test_an_entity_counts_only_if_type_and_both_ends_match(predicted, score):
    assert entity_f1(predicted, TRUE) == pytest.approx(score)


def test_the_same_span_in_another_sentence_is_no_hit():
    assert entity_f1([["B-PER"], ["O"]], [["O"], ["B-PER"]]) == 0


@pytest.mark.parametrize("predicted", [[["O"]], [["O"], ["O"], ["O"]], [["O", "O"], ["O"]]])
def test_every_word_needs_a_tag(predicted):
    with pytest.raises(ValueError, match=r"argument 2 is|tags were predicted"):
        entity_f1(predicted, [["O"], ["O"]])


SENTENCE = "the cat sat on the mat"


@pytest.mark.parametrize(
    ("predicted", "true", "expected"),
    [
        ([SENTENCE], [SENTENCE], 1),
        (["the cat sat on a mat"], [SENTENCE], (5 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** 0.25),
        (["the cat sat on"], [SENTENCE], np.exp(1 - 6 / 4)),  # all found, but too short
        ([SENTENCE + " now"], [SENTENCE], (6 / 7 * 5 / 6 * 4 / 5 * 3 / 4) ** 0.25),  # nothing is paid for length itself
        (
            ["a b c d a b c d"],
            ["a b c d"],
            (4 / 8 * 3 / 7 * 2 / 6 * 1 / 5) ** 0.25,
        ),  # clipped: said twice, counted once
        (["the the the the the the the"], ["the cat is on the mat"], 0),  # Papineni's: p₁ = 2/7, but no pair fits
        (["a b c"], ["a b c"], 0),  # not one quadruple in the corpus
        (["a b c", SENTENCE], ["a b c", SENTENCE], 1),  # but the corpus has one here
        (["a b c d", "x"], ["a b c d", "y z w"], np.exp(1 - 7 / 5) * (4 / 5) ** 0.25),  # sums over the corpus, no mean
        (["a b c d", ""], ["", "a b c d"], 0),  # each sentence has its own reference
        ([], [], 0),
    ],
)
def test_bleu(predicted, true, expected):
    assert bleu([s.split() for s in predicted], [s.split() for s in true]) == pytest.approx(expected, rel=1e-12)


def test_bleu_wants_one_reference_for_each_sentence():
    with pytest.raises(ValueError, match="argument 2 is longer"):
        bleu([["a"]], [["a"], ["b"]])
