"""Text -> tokens -> ids -> one-hot vectors.

A network reads numbers, so every word gets an index in a dictionary and is fed as a vector that is 0 everywhere
except for a 1 at that index. The dictionary is built by walking a corpus; a word it does not hold is read as <UNK>.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

UNK = "<UNK>"
JOINERS = "'’-"  # inside a word they belong to it: don't, O’Brien, Jean-Luc
UNSEEN = "\u200c\u200d"  # so do these, which say how the letters beside them are drawn, in Persian or Hindi
SOFT_HYPHEN = "\u00ad"  # where a line may break: no part of a word

# Scripts written without spaces between words: Thai and Lao, Myanmar, Khmer, kana (full and half width), Han.
# Tibetan stands between Lao and Myanmar but sets its syllables apart, by a mark of its own.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
PILE = re.compile(r"[^\w\s]+")  # whatever is neither letter, digit nor space: accents are among it


# In the string of the characters' kinds (`_kind`) a token is a pattern: a run of letters, and further runs each behind
# a joiner; or else one character. Marks, M and S, sit on whatever stands before them.
TOKEN = re.compile("[LM][LMS]*(?:[JU][LM][LMS]*)*|[^ U][MS]*")


def tokenise(text: str) -> list[str]:
    """Split text (Unicode NFC) into words; punctuation stands apart, and so does every character of an unspaced script.

    >>> tokenise("Don't panic, Jean-Luc!")
    ["Don't", 'panic', ',', 'Jean-Luc', '!']
    >>> tokenise("我爱你")
    ['我', '爱', '你']
    """
    text = nfc(text.replace(SOFT_HYPHEN, ""))
    return [text[slice(*token.span())] for token in TOKEN.finditer(text.translate(KINDS))]


ELISION = re.compile(r"(?<![\w'-])([cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'\s*(?=\w)", re.IGNORECASE)


def one_apostrophe(text: str) -> str:
    """l’homme is l'homme"""
    return text.replace("’", "'").replace("ʼ", "'")


def tokenise_elisions(text: str) -> list[str]:
    """As `tokenise`, but with one kind of apostrophe, and a word that an elision joins to the next stands apart

    >>> tokenise_elisions("L’homme qu'il voit n'est pas d'ici, aujourd'hui.")
    ["L'", 'homme', "qu'", 'il', 'voit', "n'", 'est', 'pas', "d'", 'ici', ',', "aujourd'hui", '.']
    """
    parts = ELISION.split(one_apostrophe(text))
    return [token for i, part in enumerate(parts) for token in ([f"{part}'"] if i % 2 else tokenise(part))]


@lru_cache(maxsize=4096)
def _kind(code: int) -> str:
    """L letter or digit, M mark, S mark of an unspaced script, J joiner, U unseen one, O other, a space separates"""
    char = chr(code)
    if char in UNSEEN:
        return "U"
    category = unicodedata.category(char)[0]  # Letter, Mark, Number, Punctuation, Symbol, Z (space), C (control)
    if category in "ZC":
        return " "
    if char in JOINERS:
        return "J"
    grows = not UNSPACED.match(char)
    return ("M" if grows else "S") if category == "M" else ("L" if grows and category in "LN" else "O")


class _Kinds:
    """What str.translate asks for the kind of every character"""

    __getitem__ = staticmethod(_kind)


KINDS = _Kinds()


def nfc(text: str) -> str:
    """Unicode NFC; but n accents on one letter take n² steps to sort, so a text that piles them up stays as it is"""
    if text.isascii():
        return text
    highest = max(map(len, PILE.findall(text)), default=0)
    return unicodedata.normalize("NFC", text) if highest < 500 else text


def fold(word: str) -> str:
    """The form a word has in the dictionary: lower case, as in the lecture ("Harry" is looked up as "harry")."""
    return nfc(word.lower())


@dataclass(frozen=True)
class Vocabulary:
    """A dictionary: `words[i]` is the word with index i, `counts[i]` how often the corpus has it. Index 0 is <UNK>."""

    words: tuple[str, ...]
    counts: tuple[int, ...]
    spelling: Callable[[str], str] = fold  # the form in which a word is looked up

    @classmethod
    def build(
        cls,
        sentences: Iterable[Iterable[str]],
        min_count: int = 1,
        marks: tuple[str, ...] = (),
        spelling: Callable[[str], str] = fold,
        most: int | None = None,
    ) -> "Vocabulary":
        """Walk a corpus: most frequent first, ties in alphabetical order.

        Words rarer than `min_count`, or beyond the `most` frequent, become <UNK>.

        `marks` such as <END> stand before all words; they are not counted among them.
        """
        counts: Counter[str] = Counter()
        for word, n in Counter(word for sentence in sentences for word in sentence).items():
            counts[spelling(word)] += n
        marked = {mark: counts.pop(spelling(mark), 0) for mark in marks}
        kept = sorted((word for word, n in counts.items() if n >= min_count), key=lambda word: (-counts[word], word))
        kept = kept[:most]
        unknown = counts.total() - sum(counts[word] for word in kept)
        return cls((UNK, *marks, *kept), (unknown, *marked.values(), *(counts[word] for word in kept)), spelling)

    @cached_property
    def index(self) -> dict[str, int]:
        """The index of each word, from 1 on: 0 is that of all others"""
        return {word: i for i, word in enumerate(self.words) if i > 0}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return self.spelling(word) in self.index

    def encode(self, tokens: Iterable[str]) -> np.ndarray:
        """ids (T,), int; a word the dictionary does not hold gets 0, the index of <UNK>."""
        return np.array([self.index.get(self.spelling(token), 0) for token in tokens], dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> list[str]:
        """The words with these indices, as the dictionary spells them"""
        return [self.words[i] for i in ids]


def one_hot(ids: np.ndarray, n_x: int) -> np.ndarray:
    """x⟨t⟩ (..., n_x): 0 everywhere but for a 1 at the word's index; ids (...)"""
    return (np.expand_dims(ids, -1) == np.arange(n_x)).astype(float)


def sentences_of(text: str) -> Iterator[list[str]]:
    """Walk a raw text line by line; each line that holds a token is one sentence."""
    return (tokens for line in text.splitlines() if (tokens := tokenise(line)))
