"""The sentences with people, places, organisations and the rest marked: legal, apart, and in need of context."""

from collections import Counter, defaultdict

import pytest

from core.data.datasets import DATA
from core.data.vocabulary import fold, tokenise

TYPES = ("PER", "LOC", "ORG", "MISC")
Sentence = list[tuple[str, str]]


def sentences_of(name: str) -> list[Sentence]:
    """Read strictly, because the reader of the app forgives: a word, two columns without content, a tag."""
    head, *blocks = (DATA / name).read_text(encoding="utf-8").removesuffix("\n").split("\n\n")
    assert head == "-DOCSTART- _ _ O"
    rows = [[line.split(" ") for line in block.split("\n")] for block in blocks]
    return [[(word, tag) for word, _, _, tag in block] for block in rows]


NEW = {part: sentences_of(f"entities.{part}.conll") for part in ("train", "held_out")}
ALL = {part: sentences_of(f"people.{part}.conll") + NEW[part] for part in NEW}
EVERY = ALL["train"] + ALL["held_out"]


def text(sentence: Sentence) -> str:
    return " ".join(fold(word) for word, _ in sentence)


def names(sentences: list[Sentence]) -> list[tuple[str, str]]:
    """(type, name) of every entity"""
    found: list[tuple[str, str]] = []
    for word, tag in (pair for sentence in sentences for pair in sentence):
        if tag.startswith("B-"):
            found.append((tag[2:], fold(word)))
        elif tag.startswith("I-"):
            found[-1] = (tag[2:], f"{found[-1][1]} {fold(word)}")
    return found


def types_of(sentences: list[Sentence]) -> dict[str, Counter]:
    """How often each word has each type, or is O"""
    types = defaultdict(Counter)
    for word, tag in (pair for sentence in sentences for pair in sentence):
        types[fold(word)][tag.split("-")[-1]] += 1
    return types


def test_there_are_enough_sentences():
    assert len(NEW["train"]) >= 420
    assert len(NEW["held_out"]) >= 100
    assert all(3 <= len(sentence) <= 20 for part in NEW.values() for sentence in part)


def test_tags_are_legal_iob2():
    for sentence in EVERY:
        before = "O"
        for _, tag in sentence:
            assert tag == "O" or (tag[:2] in ("B-", "I-") and tag[2:] in TYPES), sentence
            assert tag[:2] != "I-" or before[2:] == tag[2:], sentence
            before = tag


def test_no_sentence_is_in_both_parts():
    assert not {text(s) for s in ALL["train"]} & {text(s) for s in ALL["held_out"]}


@pytest.mark.parametrize("part", ALL)
def test_no_sentence_comes_twice(part):
    assert not [sentence for sentence, n in Counter(map(text, ALL[part])).items() if n > 1]


def test_words_are_what_a_reader_would_type():
    for sentence in EVERY:
        words = [word for word, _ in sentence]
        assert tokenise(" ".join(words)) == words


@pytest.mark.parametrize(("part", "least"), [("train", 150), ("held_out", 40)])
def test_every_type_comes_often(part, least):
    counts = Counter(kind for kind, _ in names(ALL[part]))
    assert all(counts[kind] >= least for kind in TYPES), counts


def test_names_of_several_words_come_in_every_type():
    for part in ALL.values():
        assert {kind for kind, name in names(part) if " " in name} == set(TYPES)


@pytest.mark.parametrize(
    ("word", "types"),
    [
        ("amazon", {"LOC", "ORG"}),
        ("apple", {"ORG", "O"}),
        ("bath", {"LOC", "ORG", "O"}),
        ("casablanca", {"LOC", "MISC"}),
        ("chelsea", {"PER", "LOC", "ORG"}),
        ("emma", {"PER", "MISC"}),
        ("england", {"LOC", "ORG"}),
        ("georgia", {"PER", "LOC"}),
        ("jordan", {"PER", "LOC"}),
        ("leeds", {"LOC", "ORG"}),
        ("polish", {"MISC", "O"}),
        ("turkey", {"LOC", "O"}),
        ("washington", {"PER", "LOC", "ORG"}),
    ],
)
def test_an_ambiguous_word_comes_twice_or_more_in_each_of_its_types(word, types):
    assert {kind for kind, n in types_of(ALL["train"])[word].items() if n >= 2} == types


def test_many_held_out_sentences_need_their_context():
    ambiguous = {word for word, types in types_of(ALL["train"]).items() if len(types) > 1}
    in_need = [s for s in NEW["held_out"] if any(tag != "O" and fold(word) in ambiguous for word, tag in s)]
    assert len(in_need) >= len(NEW["held_out"]) / 3


def test_about_half_of_the_held_out_names_are_in_training():
    trained, held_out = {name for _, name in names(ALL["train"])}, names(NEW["held_out"])
    assert 0.4 <= sum(name in trained for _, name in held_out) / len(held_out) <= 0.65


def test_no_name_is_marked_in_one_place_and_forgotten_in_another():
    """A capital inside a sentence is a name, unless it is one of these."""
    titles = {"Mr", "Mrs", "Ms", "Dr", "Professor", "President", "Judge", "Captain", "Aunt", "Uncle", "Rabbi"}
    times = {"January", "March", "April", "May", "June", "July", "August", "September", "October", "November",
             "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Christmas"}  # fmt: skip
    for sentence in EVERY:
        plain = [word for word, tag in sentence[1:] if tag == "O" and word[0].isupper()]
        assert set(plain) <= titles | times | {"I", "DNA"}, sentence
