"""How good are the answers? The scores that a task's own field reports. A share of nothing counts as 0."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from core.structures import NO_TARGET


@np.errstate(over="ignore", invalid="ignore")
def perplexity(losses: np.ndarray, true: np.ndarray | None = None) -> float:
    """exp of the mean of −log p over tokens: the network is as unsure as a fair die with that many faces.

    losses: −log p of each token; with `true` of the same shape, tokens whose true label is NO_TARGET do not count.
    Of no tokens at all it is not a number. Source: Jelinek et al. 1977.
    """
    losses = losses if true is None else losses[true != NO_TARGET]
    return float(np.exp(losses.sum() / losses.size))


def token_accuracy(predicted: np.ndarray, true: np.ndarray) -> float:
    """(tokens labelled right) / (tokens); those whose true label is NO_TARGET do not count."""
    due = true != NO_TARGET
    return float(np.sum(predicted[due] == true[due]) / max(np.sum(due), 1))


def f1(predicted: np.ndarray, true: np.ndarray) -> float:
    """Token F1 = 2PR / (P + R) of label 1, precision P, recall R; tokens whose true label is NO_TARGET do not count.

    Source: van Rijsbergen 1979, chapter 7.
    """
    predicted, true = predicted[true != NO_TARGET], true[true != NO_TARGET]
    hits = np.sum((predicted == 1) & (true == 1))
    return float(2 * hits / max(np.sum(predicted == 1) + np.sum(true == 1), 1))


class Span(NamedTuple):
    """An entity: words[start:end]"""

    type: str
    start: int
    end: int


def entities(tags: Iterable[str]) -> set[Span]:
    """The entities that IOB2 tags mark: B-X starts one, I-X continues an X; an I-X with no X to continue starts one.

    Source: conlleval, the scorer of the CoNLL shared tasks.
    """
    found, start, open_type = set(), 0, None
    for t, tag in enumerate([*tags, "O"]):
        prefix, _, type_ = tag.partition("-")
        if prefix == "I" and type_ == open_type:
            continue
        if open_type is not None:
            found.add(Span(open_type, start, t))
        start, open_type = t, None if prefix == "O" else type_
    return found


Tagged = Sequence[Sequence[str]]  # the IOB2 tags of each sentence


def entity_f1(predicted: Tagged, true: Tagged) -> float:
    """F1 = 2PR / (P + R), P = hits / found, R = hits / due; a hit is a span whose type and both ends are right.

    Raises ValueError unless there are as many tags as words. Source: Tjong Kim Sang and De Meulder 2003, section 2.4.
    """
    found, due = set(), set()
    for i, (ours, theirs) in enumerate(zip(predicted, true, strict=True)):
        if len(ours) != len(theirs):
            raise ValueError(f"Sentence {i + 1} has {len(theirs)} words, but {len(ours)} tags were predicted.")
        found |= {(i, span) for span in entities(ours)}
        due |= {(i, span) for span in entities(theirs)}
    return 2 * len(found & due) / max(len(found) + len(due), 1)


ORDERS = (1, 2, 3, 4)  # BLEU-4 looks at single words, pairs, triples and quadruples

Words = Sequence[Hashable]  # of one sentence, or their ids


def bleu(predicted: Iterable[Words], true: Iterable[Words]) -> float:
    """Corpus BLEU-4 = min(1, e^{1 − r/c}) · (p₁ p₂ p₃ p₄)^¼, from 0 to 1; one reference for each sentence.

    p_n: of all n-grams predicted, the part found in their own reference, each at most as often as there ("clipped");
    c, r: words predicted, words in the references. One p_n of 0 makes it 0. Raises ValueError unless there are as many
    references as sentences. Source: Papineni et al. 2002, section 2.3.
    """
    hits, found, r = np.zeros(len(ORDERS)), np.zeros(len(ORDERS)), 0
    for sentence, reference in zip(predicted, true, strict=True):
        ours, theirs = ([_ngrams(words, n) for n in ORDERS] for words in (sentence, reference))
        hits += [(mine & due).total() for mine, due in zip(ours, theirs, strict=True)]  # & keeps the smaller count
        found += [mine.total() for mine in ours]
        r += len(reference)
    if not hits.all():
        return 0.0
    c = found[0]
    return float(min(1, np.exp(1 - r / c)) * np.exp(np.mean(np.log(hits / found))))


def _ngrams(words: Words, n: int) -> Counter[tuple]:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
