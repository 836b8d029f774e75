"""Text -> tokens -> ids -> one-hot vectors.

A network reads numbers, so every word gets an index in a dictionary and is fed as a vector that is 0 everywhere
except for a 1 at that index. The dictionary is built by walking a corpus; a word it does not hold is read as <UNK>.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

UNK = "<UNK>"
JOINERS = "'’-"  # inside a word they belong to it: don't, O’Brien, Jean-Luc

# Scripts written without spaces between words: Thai to Myanmar, Khmer, kana, Han.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
PILE = re.compile(r"[^\w\s]+")  # whatever is neither letter, digit nor space: accents are among it


def tokenise(text: str) -> list[str]:
    """Split text (Unicode NFC) into words; punctuation stands apart, and so does every character of an unspaced script.

    >>> tokenise("Don't panic, Jean-Luc!")
    ["Don't", 'panic', ',', 'Jean-Luc', '!']
    >>> tokenise("我爱你")
    ['我', '爱', '你']
    """
    text = _nfc(text)
    spans: list[list[int]] = []  # where in the text every token begins and ends
    may_grow = False  # does the next letter still belong to the last token?
    for i, (before, here, after) in enumerate(zip(" " + text, text, text[1:] + " ", strict=False)):
        is_sitting = _kind(here) == "M" and not _separates(before)  # an accent or a variation sign: belongs to its base
        if is_sitting or (may_grow and (_is_letter(here) or (here in JOINERS and _is_letter(after)))):
            spans[-1][1] = i + 1
        else:
            may_grow = _is_letter(here)
            if not _separates(here):
                spans.append([i, i + 1])
    return [text[start:end] for start, end in spans]


@lru_cache(maxsize=4096)  # a text asks several times a character
def _kind(char: str) -> str:
    """The first letter of its Unicode category: Letter, Mark, Number, Punctuation, Symbol, Z (space), C (control)"""
    return unicodedata.category(char)[0]


@lru_cache(maxsize=4096)
def _is_letter(char: str) -> bool:
    """Letters, the marks that sit on them, and digits can be part of a longer word, unless their script is unspaced"""
    return _kind(char) in "LMN" and not UNSPACED.match(char)


def _separates(char: str) -> bool:
    return _kind(char) in "ZC"


def _nfc(text: str) -> str:
    """Unicode NFC; but n accents on one letter take n² steps to sort, so a text that piles them up stays as it is"""
    highest = max(map(len, PILE.findall(text)), default=0)
    return unicodedata.normalize("NFC", text) if highest < 500 else text


def fold(word: str) -> str:
    """The form a word has in the dictionary: lower case, as in the lecture ("Harry" is looked up as "harry")."""
    return _nfc(word.lower())


@dataclass(frozen=True)
class Vocabulary:
    """A dictionary: `words[i]` is the word with index i, `counts[i]` how often the corpus has it. Index 0 is <UNK>."""

    words: tuple[str, ...]
    counts: tuple[int, ...]

    @classmethod
    def build(cls, sentences: Iterable[Iterable[str]], min_count: int = 1) -> "Vocabulary":
        """Walk a corpus: most frequent first, ties in alphabetical order; words rarer than `min_count` become <UNK>."""
        counts: Counter[str] = Counter()
        for word, n in Counter(word for sentence in sentences for word in sentence).items():
            counts[fold(word)] += n
        kept = sorted((word for word, n in counts.items() if n >= min_count), key=lambda word: (-counts[word], word))
        unknown = counts.total() - sum(counts[word] for word in kept)
        return cls((UNK, *kept), (unknown, *(counts[word] for word in kept)))

    @cached_property
    def index(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words) if i > 0}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return fold(word) in self.index

    def encode(self, tokens: Iterable[str]) -> np.ndarray:
        """ids (T,), int; a word the dictionary does not hold gets 0, the index of <UNK>."""
        return np.array([self.index.get(fold(token), 0) for token in tokens], dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> list[str]:
        return [self.words[i] for i in ids]


def one_hot(ids: np.ndarray, n_x: int) -> np.ndarray:
    """x⟨t⟩ (..., n_x): 0 everywhere but for a 1 at the word's index; ids (...)"""
    return (np.expand_dims(ids, -1) == np.arange(n_x)).astype(float)


def sentences_of(text: str) -> Iterator[list[str]]:
    """Walk a raw text line by line; each line that holds a token is one sentence."""
    return (tokens for line in text.splitlines() if (tokens := tokenise(line)))
