"""The corpus that a dictionary is built from: the sentences the network learned from, or a text of the reader's own."""

import codecs
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import streamlit as st

from core.data.vocabulary import Vocabulary, sentences_of
from explorer.compute.sentence import people_task
from explorer.prose import prose

MOST_BYTES = 1_000_000
MOST_WORDS = 20_000  # in a dictionary: the matrix Wax has a column for each, and every column costs memory


class Corpus(NamedTuple):
    """A text, counted once: every dictionary of it is a beginning of the longest one."""

    longest: Vocabulary  # minimum count 1
    types: int  # different words
    tokens: int  # words in all

    def dictionary(self, min_count: int) -> Vocabulary:
        """Without the words rarer than `min_count`. The most frequent stand first, so these are the last ones."""
        return _beginning(self.longest, sum(n >= min_count for n in self.longest.counts[1:]))

    def lost(self, kept: Vocabulary, most: int) -> list[str]:
        """A few of the words that become <UNK>, taken evenly from all of them"""
        lost = self.longest.words[len(kept) :]
        return [lost[i * len(lost) // most] for i in range(most)] if len(lost) > most else list(lost)


def _beginning(vocabulary: Vocabulary, size: int) -> Vocabulary:
    """The first `size` words; all others become <UNK>"""
    counts = vocabulary.counts
    return Vocabulary(vocabulary.words[: size + 1], (counts[0] + sum(counts[size + 1 :]), *counts[1 : size + 1]))


def _count(sentences: Iterable[Iterable[str]]) -> Corpus:
    """The corpus of these sentences, each a row of words"""
    every = Vocabulary.build(sentences)
    return Corpus(_beginning(every, MOST_WORDS), len(every) - 1, sum(every.counts))


@cache
def training_sentences() -> Corpus:
    """The sentences that the network of Explore was trained on"""
    return _count(sentence.inputs for sentence in people_task().data.train)


@st.cache_resource(max_entries=32, show_spinner=prose("inputs", "counting"))  # 3 MB each at most
def of_text(text: bytes) -> Corpus:
    """The corpus of a text in UTF-8 without a `problem`"""
    return _count(sentences_of(text.decode("utf-8-sig")))


def problem(text: bytes) -> str | None:
    """Why this cannot be a corpus, as the name of the text in assets/prose/inputs.md that says so; None if it can"""
    if len(text) > MOST_BYTES:
        return "too_large"
    if b"\0" in text and not text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "binary"  # no text has a zero byte, except in UTF-16
    try:
        has_words = any(sentences_of(text.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return "not_utf8"
    return None if has_words else "no_words"
