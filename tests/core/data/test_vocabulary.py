"""Text -> tokens -> ids -> one-hot vectors, and nothing typed that breaks it."""

import re
import unicodedata
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.vocabulary import UNK, Vocabulary, fold, one_hot, sentences_of, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \t\n\u00a0\u2003", []),
        ("Harry Potter", ["Harry", "Potter"]),
        ("Don't panic, Jean-Luc!", ["Don't", "panic", ",", "Jean-Luc", "!"]),
        ("O'Brien and O’Brien", ["O'Brien", "and", "O’Brien"]),
        ("'quoted' -dash- rock-'n", ["'", "quoted", "'", "-", "dash", "-", "rock", "-", "'", "n"]),
        ("the dogs' bowl", ["the", "dogs", "'", "bowl"]),
        ("(Will)...", ["(", "Will", ")", ".", ".", "."]),
        ("3.14 is C3PO", ["3", ".", "14", "is", "C3PO"]),
        ("我爱你", ["我", "爱", "你"]),
        ("Teddy爱bears。", ["Teddy", "爱", "bears", "。"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("ﾊﾛｰ世界", ["ﾊ", "ﾛ", "ｰ", "世", "界"]),
        ("ハロー", ["ハ", "ロ", "ー"]),
        ("བོད་ཡིག", ["བོད", "་", "ཡིག"]),
        ("ລາວ ကမ", ["ລ", "າ", "ວ", "က", "မ"]),
        ("สวัสดี", ["ส", "วั", "ส", "ดี"]),
        ("محمد يقرأ.", ["محمد", "يقرأ", "."]),
        ("שלום, רות", ["שלום", ",", "רות"]),
        ("Zoë🙂ran", ["Zoë", "🙂", "ran"]),
        ("I ❤\ufe0f tea", ["I", "❤\ufe0f", "tea"]),
        ("co\u00adoperate", ["cooperate"]),
        ("می\u200cروم خانه\u200cها.", ["می\u200cروم", "خانه\u200cها", "."]),
        ("क\u094d\u200dष है", ["क\u094d\u200dष", "है"]),
        ("\u200da\u200c \u200d b\u200d\u200dc-\u200cd", ["a", "b", "c", "-", "d"]),
        ("a\x00b\x1bc\u200bd\u202ee", ["a", "b", "c", "d", "e"]),
        ("\ud800lone", ["lone"]),
        ("<b>&amp;", ["<", "b", ">", "&", "amp", ";"]),
    ],
)
def test_tokens(text, tokens):
    assert tokenise(text) == tokens


def test_composed_and_decomposed_letters_are_one_word():
    composed, decomposed = "Ren\u00e9e", "Rene\u0301e"
    assert composed != decomposed
    assert tokenise(composed) == tokenise(decomposed) == [composed]
    vocabulary = Vocabulary.build([[composed]])
    assert vocabulary.encode([decomposed.upper()]).tolist() == [1]


ANY_TEXT = st.text(st.characters()) | st.text(
    st.sampled_from("ab é\u0301'’-我愛ก\u0e35नम\u094d.!\u200d\u200c\u00ad\ufe0f🙂\n\x00ש")
)


@given(ANY_TEXT)
def test_whatever_is_typed_tokens_are_neither_empty_nor_hold_spaces(text):
    for token in tokenise(text):
        assert token
        parts = re.split("[\u200c\u200d]", token)  # an unseen joiner is neither first nor last, nor beside another
        assert all(parts)
        assert not any(char.isspace() or unicodedata.category(char)[0] in "ZC" for char in "".join(parts))


@given(ANY_TEXT)
def test_tokenising_loses_only_what_separates(text):
    text = text.replace("\u00ad", "")
    shown = [char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] not in "ZC"]
    assert re.sub("[\u200c\u200d]", "", "".join(tokenise(text))) == "".join(shown)


@given(ANY_TEXT)
def test_tokens_set_apart_by_spaces_are_the_same_tokens(text):
    tokens = tokenise(text)
    assert tokenise(" ".join(tokens)) == tokens


CORPUS = [["the", "cat", "sat", "on", "the", "mat"], ["The", "dog", "sat"], ["a", "cat"]]


def test_a_dictionary_is_ordered_by_count_and_then_by_letter():
    vocabulary = Vocabulary.build(CORPUS)
    assert vocabulary.words == (UNK, "the", "cat", "sat", "a", "dog", "mat", "on")
    assert vocabulary.counts == (0, 3, 2, 2, 1, 1, 1, 1)
    assert len(vocabulary) == 8


def test_rare_words_become_unknown_and_are_counted_there():
    vocabulary = Vocabulary.build(CORPUS, min_count=2)
    assert vocabulary.words == (UNK, "the", "cat", "sat")
    assert vocabulary.counts == (4, 3, 2, 2)
    assert vocabulary.encode(["The", "DOG", "sat"]).tolist() == [1, 0, 3]
    assert "dog" not in vocabulary
    assert UNK not in vocabulary
    assert "CAT" in vocabulary


WORDS = st.lists(st.lists(st.text("abcAB", min_size=1, max_size=2)))


@given(WORDS, st.integers(1, 4))
def test_a_dictionary_accounts_for_every_token(sentences, min_count):
    vocabulary = Vocabulary.build(sentences, min_count)
    tokens = [word for sentence in sentences for word in sentence]
    folded = Counter(map(fold, tokens))
    assert sum(vocabulary.counts) == len(tokens)
    assert dict(zip(vocabulary.words[1:], vocabulary.counts[1:], strict=True)) == {
        word: n for word, n in folded.items() if n >= min_count
    }
    assert np.count_nonzero(vocabulary.encode(tokens) == 0) == vocabulary.counts[0]
    assert list(vocabulary.words[1:]) == sorted(vocabulary.words[1:], key=lambda word: (-folded[word], word))


@given(WORDS)
def test_decode_undoes_encode(sentences):
    vocabulary = Vocabulary.build(sentences)
    for sentence in sentences:
        ids = vocabulary.encode(sentence)
        assert ids.dtype == np.int64
        assert vocabulary.decode(ids) == [fold(word) for word in sentence]


def test_one_hot_is_a_row_of_the_identity():
    ids = np.array([[2, 0], [4, 2]])
    np.testing.assert_array_equal(one_hot(ids, 5), np.eye(5)[ids])


def test_each_line_that_holds_a_token_is_a_sentence():
    assert list(sentences_of("Harry ran.\n\n \t\r\nRon sat")) == [["Harry", "ran", "."], ["Ron", "sat"]]
