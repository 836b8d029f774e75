"""The reviews: a legal file, balanced, apart, and in need of order: the same turns of phrase bear both labels."""

import re
from collections import Counter

import pytest

from core.data.datasets import DATA
from core.data.vocabulary import fold, tokenise

NEGATION = re.compile(r"\b(not|never|no|nothing|nobody|none|neither|hardly|without)\b|n't\b", re.IGNORECASE)
TURN = re.compile(r"\bbut\b", re.IGNORECASE)
PARTS = ("train", "held_out")


def lines(part: str) -> list[str]:
    return (DATA / f"reviews.{part}.tsv").read_text(encoding="utf-8").removesuffix("\n").split("\n")


def reviews(part: str) -> list[list[str]]:
    return [line.split("\t") for line in lines(part)[1:]]


def words(sentence: str) -> tuple[str, ...]:
    """Two reviews that differ in capitals or punctuation only are one review"""
    return tuple(fold(token) for token in tokenise(sentence) if token[0].isalnum())


@pytest.mark.parametrize("part", PARTS)
def test_the_file_is_legal(part):
    assert lines(part)[0] == "sentence\tlabel"
    for review in reviews(part):
        sentence, label = review
        assert label in ("0", "1"), review
        assert sentence == sentence.strip() and '"' not in sentence, review
        assert 2 <= len(tokenise(sentence)) <= 25, review


@pytest.mark.parametrize("part, at_least", [("train", 700), ("held_out", 180)])
def test_there_are_enough_and_half_of_them_are_positive(part, at_least):
    counts = Counter(label for _, label in reviews(part))
    assert counts.total() >= at_least
    assert counts["0"] == counts["1"]


def test_no_review_stands_twice():
    counts = Counter(words(sentence) for part in PARTS for sentence, _ in reviews(part))
    assert [sentence for sentence, n in counts.items() if n > 1] == []


def test_no_held_out_review_is_one_of_training_in_another_order():
    bags = {tuple(sorted(words(sentence))) for sentence, _ in reviews("train")}
    assert [sentence for sentence, _ in reviews("held_out") if tuple(sorted(words(sentence))) in bags] == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("construction, share", [(NEGATION, 0.25), (TURN, 0.08)])
def test_a_construction_is_frequent_and_does_not_tell_the_label(part, construction, share):
    labels = Counter(label for sentence, label in reviews(part) if construction.search(sentence))
    assert labels.total() >= share * len(reviews(part))
    assert 0.4 <= labels["1"] / labels.total() <= 0.6


@pytest.mark.parametrize("word", ["good", "great", "funny", "clear", "bad", "dull", "boring", "slow"])
def test_a_sentiment_word_stands_under_both_labels_in_training(word):
    labels = Counter(label for sentence, label in reviews("train") if word in words(sentence))
    assert min(labels["0"], labels["1"]) >= 4
