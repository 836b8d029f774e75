"""The reader's own data on Structures: files are read, told of, learned, taken out, or refused with a reason."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.tasks import END
from explorer.prose import prose
from tests.helpers.structures_page import (
    EXAMPLE,
    OWN,
    choose,
    memory,
    open_page,
    press,
    stage,
    text,
    train_to_the_end,
    upload,
)

COUNTED = {  # what the page says of them
    "word": "2 sentences, 5 tokens. Answers in the file: 3 different tags (most often O (3), B-PER (1), I-PER (1)). "
    "Used to train: 5 words; to choose the epoch: 0; to score: 0 words.",
    "melody": "2 tunes, 14 tokens. Answers in the file: 5 different notes",
    "sentiment": "5 reviews, 10 tokens. Answers in the file: 2 different labels (most often negative (3), "
    "positive (2)). Used to train: 4 reviews; to choose the epoch: 0; to score: 1 review.",
    "entities": "3 sentences, 6 tokens. Answers in the file: 3 different tags (most often O (3), B-LOC (2), ",
    "translation": "5 pairs, 18 tokens. Answers in the file: 5 different French words",
}


def lost(page: AppTest) -> str:
    return next(html.body for html in page.get("html") if 'data-testid="lost"' in html.body)


@pytest.mark.slow
def test_a_readers_own_data_are_read_and_learned(name):
    page = upload(open_page(structure=name, notes="4"), *OWN[name])
    assert not page.exception
    assert OWN[name][0] in text(page).replace("\\", "") and page.query_params["file"] == OWN[name][0]
    assert prose("structures", "untrained") in text(page)
    assert COUNTED[name] in text(page).replace("\\", "")
    before = stage(page)["a"]
    press(page, "train")
    for _ in range(60):
        page.run()
        if page.button(key="stop").disabled:
            break
    assert stage(page)["a"] != before
    assert prose("structures", "untrained") not in text(page)
    other = open_page(structure=name)  # nobody else's data changed
    assert prose("structures", "untrained") not in text(other) and OWN[name][0] not in text(other)
    press(page, "discard")
    assert "file" not in page.query_params


@pytest.mark.parametrize(
    ("reviews", "used"),
    [
        (1100, "Used to train: 792 reviews; to choose the epoch: 88; to score: 220 reviews."),
        (4100, "Used to train: 2,952 reviews; to choose the epoch: 200; to score: 400 reviews."),
        (9100, "Used to train: 6,000 reviews; to choose the epoch: 200; to score: 400 reviews."),
    ],
)
def test_of_a_large_file_what_is_used_is_counted(reviews, used):
    lines = "".join(f"film {i} is good\t1\nfilm {i} is bad\t0\n" for i in range(reviews // 2))
    page = upload(open_page(structure="sentiment"), "own.tsv", lines.encode())
    while memory(page).reading is not None:  # on a slow machine one run does not read it all
        page.run()
    assert f"{reviews:,} reviews, {4 * reviews:,} tokens." in text(page) and used in text(page)


@pytest.mark.parametrize("structure", ["word", "entities"])
def test_a_file_as_the_page_describes_it_is_read(structure):
    tags = re.findall("`(.+?)`", prose("structures", f"format_{structure}"))
    assert len(tags) == 3
    lines = "".join(f"some {tag}\nthing {tag}\n" for tag in tags)
    assert not upload(open_page(structure=structure), "own.txt", lines.encode()).warning


def test_a_review_file_as_the_page_describes_it_is_read():
    labels = re.findall("`(.+?)`", prose("structures", "format_sentiment"))
    assert len(labels) == 4
    for negative, positive in (labels[:2], labels[2:]):
        page = upload(open_page(structure="sentiment"), "own.tsv", f"good\t{positive}\nbad\t{negative}\n".encode())
        assert not page.warning
        assert [e.answers for e in memory(page).uploads["sentiment"].task.data.train] == [
            ("positive",),
            ("negative",),
        ]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"no tabs and no tags", b"\x00\x01\x02"])
def test_a_file_without_anything_usable_says_why(name, data):
    page = upload(open_page(structure=name), "own.txt", data)
    assert not page.exception and len(page.warning) == 1
    assert prose("structures", "untrained") not in text(page)


@pytest.mark.parametrize("tag", ["PER", "per", "Person", "PERSON"])
@pytest.mark.parametrize("file", ["eng.testb", "x.bio", "names", "a.conllu"])
def test_a_file_of_any_name_and_person_by_any_name(file, tag):
    page = upload(open_page(structure="word"), file, f"Ada B-{tag}\nran O\n\nrain O\n".encode())
    assert not page.warning and memory(page).uploads["word"].task.data.train[0].answers == ("name",)


@pytest.mark.parametrize(
    ("structure", "data", "told"),
    [
        ("melody", b"X:1\nK:C\nCDC\n[CE]D[EG]\n~CD\n\nX:2\nK:?\nCD\n\nX:3\nK:C\nCE\n",
         "Left out: 1 tune. In 1 line a chord lost its lower notes. In 1 line grace notes or other ornaments"),
        ("translation", b"a\tb\nb\tc\na\tb\nc\nd\n", "Left out: 2 pairs. Read once, though they are there again: 1"),
        ("entities", b"# a comment\nin O\nParis B-LOC\nat X\nat Y\n\nin O\nRome B-LOC\n", "Left out: 1 sentence."),
        ("sentiment", b"good\t1\nbad\t0\n", "Nothing of the file was lost."),
    ],
)  # fmt: skip
def test_what_a_file_lost_is_told_and_not_how_many_lines_were_touched(structure, data, told):
    assert told in lost(upload(open_page(structure=structure), "own", data))


def test_a_large_file_is_read_in_pieces_with_a_bar_and_can_be_stopped():
    data = b"a b\tc d\n" + b"".join(b"word %d\tmot %d\n" % (i, i) for i in range(150_000))
    page = upload(open_page(structure="translation"), "own", data)
    assert memory(page).reading is not None and page.get("progress") and not memory(page).uploads
    press(page, "stop_reading")
    assert memory(page).reading is None and not memory(page).uploads and not page.get("progress")


def test_a_file_that_is_taken_out_of_the_uploader_takes_its_data_along():
    page = upload(open_page(structure="entities"), *OWN["entities"])
    assert "entities" in memory(page).uploads
    page.file_uploader(key="dataset_upload").set_value(None).run()
    assert not memory(page).uploads and "file" not in page.query_params
    assert stage(page)["words"] == EXAMPLE["entities"].split()
    refused = upload(page, "own", b"")
    assert memory(refused).upload_problem
    refused.file_uploader(key="dataset_upload").set_value(None).run()
    assert memory(refused).upload_problem is None


def test_a_file_of_another_structure_that_is_taken_out_leaves_this_one_alone():
    page = choose(upload(open_page(structure="entities"), *OWN["entities"]), "sentiment")
    page.text_input(key="input").set_value("a dull film").run()
    page.file_uploader(key="dataset_upload").set_value(None).run()
    assert not memory(page).uploads and stage(page)["words"] == ["a", "dull", "film"]


def test_an_example_of_a_file_is_read_in_the_words_of_the_file():
    """Else nobody would know what is right of it, nor when it was learned."""
    rows = [f"{4 + i},275 O\nU.S. B-LOC\ntons{i} O\n" for i in range(5)]
    page = upload(open_page(structure="entities"), "own.conll", "\n".join(rows).encode())
    assert page.text_input(key="input").value == "8,275 U.S. tons4"
    assert stage(page)["words"] == ["8,275", "U.S.", "tons4"] and stage(page)["labels"] == ["O", "B-LOC", "O"]
    page.text_input(key="input").set_value("4,275 tons").run()
    assert stage(page)["words"] == ["4", ",", "275", "tons"]


@pytest.mark.parametrize(
    ("structure", "rows", "opens"),
    [
        ("entities", ["ATHENS B-LOC\n1996-08-22 O\n"] * 9 + ["Mia B-PER\nran O\nto O\nRome B-LOC\n. O\n"],
         "Mia ran to Rome ."),
        ("entities", ["a O\nb O\nc O\nd{i} O\n"] * 9 + ["in O\nthe O\nold O\nRome B-LOC\n"], "in the old Rome"),
        ("sentiment", ["good{i}\t1"] * 9 + ["not so good a film\t0"], "not so good a film"),
        ("translation", ["hi{i}\tsalut{i}"] * 9 + ["she reads a book\telle lit un livre"], "she reads a book"),
    ],
)  # fmt: skip
def test_a_file_opens_with_an_example_that_tells_something(structure, rows, opens):
    """The first that is held out was a line of a date, or all O"""
    data = "\n".join(row.replace("{i}", str(i)).replace("ATHENS", f"ATHENS{i}") for i, row in enumerate(rows))
    page = upload(open_page(structure=structure), "own", data.encode())
    assert page.text_input(key="input").value == opens
    assert opens.split()[0] in memory(page).uploads[structure].task.data.held_out[-1].inputs


def test_a_good_file_takes_the_place_of_a_refused_one():
    page = upload(open_page(structure="entities"), "odd", b"no tags\n")
    assert len(page.warning) == 1
    upload(page, *OWN["entities"])
    assert not page.warning and page.query_params["file"] == OWN["entities"][0]


def test_own_pairs_are_split_after_an_elision_and_so_is_what_is_typed():
    pairs = "the man\tl’homme\nthe friend\tl'ami\nthe man\tl'homme .\nthe friend\tl’ami .\n"
    page = upload(open_page(structure="translation", teacher_forcing="True"), "own", pairs.encode())
    page.text_input(key="right").set_value("L’homme").run()
    assert memory(page).uploads["translation"].task.data.train[0].answers == ("l'", "homme", END)
    assert stage(page)["labels"][-3:] == ["l'", "homme", END]


def test_a_corrected_file_of_the_same_name_starts_afresh():
    page = train_to_the_end(upload(open_page(structure="sentiment"), *OWN["sentiment"]))
    upload(page, "own.tsv", b"sentence\tlabel\nwhat a lovely day\t1\nwhat an awful day\t0\n")
    assert not page.exception
    assert prose("structures", "untrained") in text(page)


@pytest.mark.parametrize(
    ("structure", "data", "reason"),
    [
        ("entities", b"all O\nquiet O\n\nB B-PER\n", ""),
        ("entities", b"all B-PER\n\nquiet B-PER\n", "nothing to tell apart"),
        ("word", b"Paris B-LOC\nis O\n", "B-PER and I-PER mark them"),
        ("melody", b"X:1\nL:1/4\nK:C\nCDEF\n", "No note comes twice"),
        ("translation", b"hi\tsalut\n", ""),
    ],
)
def test_small_files_are_learned_or_refused_with_a_reason(structure, data, reason):
    page = upload(open_page(structure=structure), "own.txt", data)
    assert not page.exception
    assert [reason in warning.value.replace("\\", "") for warning in page.warning] == ([True] if reason else [])
    if not reason:
        assert not train_to_the_end(page).exception
