"""The sentence pairs: well formed, apart, and held out by combination: known words that never met in training."""

import unicodedata
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from core.data.vocabulary import fold, tokenise

DATA = Path(__file__).resolve().parents[3] / "assets" / "data"
ENGLISH, FRENCH = 0, 1
Pairs = list[list[str]]


def load(part: str) -> Pairs:
    text = (DATA / f"pairs.{part}.tsv").read_bytes().decode()
    assert text.endswith("\n")
    assert "\r" not in text
    return [line.split("\t") for line in text[:-1].split("\n")]


TRAIN, HELD_OUT = load("train"), load("held_out")
both_sides = pytest.mark.parametrize("side", [ENGLISH, FRENCH], ids=["English", "French"])


def words(pair: list[str], side: int) -> list[str]:
    return [fold(token) for token in tokenise(pair[side])]


def test_every_line_is_english_tab_french_in_plain_nfc():
    for pair in TRAIN + HELD_OUT:
        assert len(pair) == 2
        for text in pair:
            assert text and text == " ".join(text.split())
            assert text == unicodedata.normalize("NFC", text)


@both_sides
def test_punctuation_is_a_question_mark_that_stands_apart(side):
    """Whatever stands alone is a word or "?", so joining the tokens gives the line back"""
    for pair in TRAIN + HELD_OUT:
        assert " ".join(tokenise(pair[side])) == pair[side]
        assert set(tokenise(pair[side])[:-1]).isdisjoint("?!.,;:")
        assert pair[ENGLISH].endswith(" ?") == pair[FRENCH].endswith(" ?")


def test_sizes():
    assert len(TRAIN) + len(HELD_OUT) >= 600
    assert len(HELD_OUT) >= 100


@both_sides
def test_sentences_are_short(side):
    assert max(len(words(pair, side)) for pair in TRAIN + HELD_OUT) <= 10


@both_sides
def test_no_sentence_comes_twice_so_each_has_one_translation_and_none_leaks(side):
    counts = Counter(" ".join(words(pair, side)) for pair in TRAIN + HELD_OUT)
    assert [sentence for sentence, n in counts.items() if n > 1] == []


@both_sides
def test_every_word_is_met_five_times_in_training(side):
    counts = Counter(word for pair in TRAIN for word in words(pair, side))
    assert [word for word, n in counts.items() if n < 5] == []
    assert {word for pair in HELD_OUT for word in words(pair, side)} <= set(counts)


@both_sides
def test_every_held_out_sentence_brings_together_words_that_never_met(side):
    met = {couple for pair in TRAIN for couple in combinations(sorted(set(words(pair, side))), 2)}
    for pair in HELD_OUT:
        assert not set(combinations(sorted(set(words(pair, side))), 2)) <= met, pair
