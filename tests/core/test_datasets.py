"""The reader of CoNLL columns, and the data set of people's names: legal, apart, and in need of context."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets import people, read_conll
from core.structures import SILENT
from core.tasks import TASKS
from core.vocabulary import fold, tokenise

FILE = """-DOCSTART- -X- -X- O

Teddy NNP B-NP B-PER
Roosevelt NNP I-NP I-PER

bears\tNNS\tO\tO
-DOCSTART- -X- -X- O


sale NN O O
"""


def test_read_conll():
    first, second = read_conll(FILE)
    assert first == [(("Teddy", "Roosevelt"), ("B-PER", "I-PER")), (("bears",), ("O",))]
    assert second == [(("sale",), ("O",))]


@pytest.mark.parametrize("text", ["", "\n\n", "-DOCSTART- O\n"])
def test_a_file_without_sentences(text):
    assert not any(read_conll(text))


def test_sentences_before_any_document_are_a_document():
    assert read_conll("Harry B-PER\n\nran O") == [[(("Harry",), ("B-PER",)), (("ran",), ("O",))]]


def test_windows_line_ends():
    assert read_conll(FILE.replace("\n", "\r\n")) == read_conll(FILE)


def test_a_line_without_a_tag_is_named():
    with pytest.raises(ValueError, match=r"Line 3 needs a word and a tag.*'Potter'"):
        read_conll("Harry B-PER\n\nPotter\n")


@given(st.text())
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        documents = read_conll(text)
    except ValueError as problem:
        assert "needs a word and a tag" in str(problem)
        return
    assert all(len(s.words) == len(s.tags) > 0 for document in documents for s in document)


# assets/data/people.conll ---------------------------------------------------------------------------------------------

DATA = people()
ALL = DATA.train + DATA.held_out


def text(sentence) -> str:
    return " ".join(fold(word) for word in sentence.words)


def labels_of(sentences) -> dict[str, set[bool]]:
    labels = defaultdict(set)
    for sentence in sentences:
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            labels[fold(word)].add(tag != "O")
    return labels


def test_there_are_enough_sentences():
    assert len(ALL) >= 400
    assert len(DATA.held_out) >= 60
    assert len(DATA.train) > 2 * len(DATA.held_out)


def test_tags_are_legal_iob2():
    for sentence in ALL:
        for before, tag in zip(("O", *sentence.tags), sentence.tags):  # noqa: B905  the last tag precedes nothing
            assert tag in ("O", "B-PER", "I-PER"), sentence
            assert tag != "I-PER" or before != "O", sentence


def test_no_sentence_is_in_both_parts_or_twice_in_one():
    train, held_out = [text(s) for s in DATA.train], [text(s) for s in DATA.held_out]
    assert not set(train) & set(held_out)
    assert len(set(train)) == len(train)
    assert len(set(held_out)) == len(held_out)


def test_lengths_run_from_1_to_25():
    lengths = [len(sentence.words) for sentence in ALL]
    assert min(lengths) == 1
    assert max(lengths) == 25


def test_words_are_what_a_reader_would_type():
    """A sentence of the data set, typed into the page, is read as the same words."""
    for sentence in ALL:
        assert tokenise(" ".join(sentence.words)) == list(sentence.words)


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("Teddy Roosevelt was a great president", ("B-PER", "I-PER", "O", "O", "O", "O")),
        ("Teddy bears are on sale", ("O", "O", "O", "O", "O")),
    ],
)
def test_the_pair_of_the_lecture_is_there(words, tags):
    assert tags in [sentence.tags[: len(tags)] for sentence in ALL if text(sentence).startswith(words.lower())]


@pytest.mark.parametrize("word", ["will", "may", "grace", "paris", "chelsea"])
def test_names_that_are_also_words_or_places_come_both_ways_in_training(word):
    assert labels_of(DATA.train)[word] == {True, False}


def test_many_held_out_words_need_their_context():
    ambiguous = {word for word, labels in labels_of(DATA.train).items() if len(labels) == 2}
    assert len(ambiguous) >= 20
    assert sum(any(fold(word) in ambiguous for word in s.words) for s in DATA.held_out) >= len(DATA.held_out) / 3


# The task made of it --------------------------------------------------------------------------------------------------


def test_a_batch_is_padded_with_silence():
    task = TASKS["people"]()
    long, short = sorted(DATA.train, key=lambda s: -len(s.words))[:: len(DATA.train) - 1]
    x, targets = task.batch([short, long])
    assert x.shape == targets.shape == (len(long.words), 2)
    assert task.vocabulary.decode(x[:, 1]) == [w if w in task.vocabulary else "<UNK>" for w in map(fold, long.words)]
    assert targets[:, 1].tolist() == [int(tag != "O") for tag in long.tags]
    assert (targets[len(short.words) :, 0] == SILENT).all()
    assert (targets[: len(short.words), 0] != SILENT).all()


def test_labels_are_guessed_by_the_majority_in_training_or_else_by_the_capital():
    task = TASKS["people"]()
    for word in ("the", "Roosevelt", "will"):
        tags = [t != "O" for s in DATA.train for w, t in zip(s.words, s.tags, strict=True) if fold(w) == fold(word)]
        assert task.guess([word]) == task.baseline([word]) == [int(np.mean(tags) > 0.5)]
    assert task.guess(["Zyxwv", "zyxwv"]) == [1, 0]
    assert task.baseline(["Zyxwv", "zyxwv"]) == [0, 0]
