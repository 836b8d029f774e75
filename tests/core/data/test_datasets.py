"""The data set of people's names: legal, apart, and in need of context."""

from collections import defaultdict

import numpy as np
import pytest

from core.data import datasets
from core.data.vocabulary import fold, tokenise
from core.structures import NO_TARGET
from core.tasks import task as task_named

# assets/data/people.*.conll -------------------------------------------------------------------------------------------

DATA = datasets.people()
ALL = DATA.train + DATA.held_out


def text(sentence) -> str:
    return " ".join(fold(word) for word in sentence.inputs)


def labels_of(sentences) -> dict[str, set[bool]]:
    labels = defaultdict(set)
    for sentence in sentences:
        for word, tag in zip(sentence.inputs, sentence.answers, strict=True):
            labels[fold(word)].add(tag.endswith("PER"))
    return labels


def test_there_are_enough_sentences():
    assert len(ALL) >= 400
    assert len(DATA.held_out) >= 60
    assert len(DATA.train) > 2 * len(DATA.held_out)


def test_tags_are_legal_iob2():
    for sentence in ALL:
        for before, tag in zip(("O", *sentence.answers), sentence.answers):  # noqa: B905  the last tag precedes nothing
            assert tag == "O" or tag[:2] in ("B-", "I-"), sentence
            assert tag[0] != "I" or before in (tag, f"B{tag[1:]}"), sentence


def test_no_sentence_is_in_both_parts_or_twice_in_one():
    train, held_out = [text(s) for s in DATA.train], [text(s) for s in DATA.held_out]
    assert not set(train) & set(held_out)
    assert len(set(train)) == len(train)
    assert len(set(held_out)) == len(held_out)


def test_lengths_run_from_1_to_25():
    lengths = [len(sentence.inputs) for sentence in ALL]
    assert min(lengths) == 1
    assert max(lengths) == 25


def test_words_are_what_a_reader_would_type():
    """A sentence of the data set, typed into the page, is read as the same words."""
    for sentence in ALL:
        assert tokenise(" ".join(sentence.inputs)) == list(sentence.inputs)


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("Teddy Roosevelt was a great president", ("B-PER", "I-PER", "O", "O", "O", "O")),
        ("Teddy bears are on sale", ("O", "O", "O", "O", "O")),
    ],
)
def test_the_pair_of_the_lecture_is_there(words, tags):
    assert tags in [sentence.answers[: len(tags)] for sentence in ALL if text(sentence).startswith(words.lower())]


@pytest.mark.parametrize("word", ["will", "may", "grace", "paris", "chelsea"])
def test_names_that_are_also_words_or_places_come_both_ways_in_training(word):
    assert labels_of(DATA.train)[word] == {True, False}


def test_many_held_out_words_need_their_context():
    ambiguous = {word for word, labels in labels_of(DATA.train).items() if len(labels) == 2}
    assert len(ambiguous) >= 20
    assert sum(any(fold(word) in ambiguous for word in s.inputs) for s in DATA.held_out) >= len(DATA.held_out) / 3


# The task made of it --------------------------------------------------------------------------------------------------


def test_a_batch_is_padded_with_silence():
    task = task_named("people")
    long, short = sorted(DATA.train, key=lambda s: -len(s.inputs))[:: len(DATA.train) - 1]
    slots, x, targets = task.batch([short, long])
    assert slots == task.slots(len(long.inputs))
    assert x.shape == targets.shape == (len(long.inputs), 2)
    assert task.vocabulary.decode(x[:, 1]) == [w if w in task.vocabulary else "<UNK>" for w in map(fold, long.inputs)]
    assert targets[:, 1].tolist() == [int(tag.endswith("PER")) for tag in long.answers]
    assert (targets[len(short.inputs) :, 0] == NO_TARGET).all()
    assert (targets[: len(short.inputs), 0] != NO_TARGET).all()


def test_labels_are_guessed_by_the_majority_in_training_or_else_by_the_capital():
    task = task_named("people")
    for word in ("the", "Roosevelt", "will"):
        tagged = (pair for s in DATA.train for pair in zip(s.inputs, s.answers, strict=True))
        tags = [tag.endswith("PER") for w, tag in tagged if fold(w) == fold(word)]
        assert task.guess([word]) == task.baseline([word]) == [int(np.mean(tags) > 0.5)]
    assert task.guess(["Zyxwv", "zyxwv"]) == [1, 0]
    assert task.baseline(["Zyxwv", "zyxwv"]) == [0, 0]
