"""The page Structures, without a browser: five structures, each with the numbers that the core gives."""

import json
import re
from fractions import Fraction

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import pretrained
from core.cells import CELLS
from core.data.example import Example
from core.data.vocabulary import fold
from core.forward import forward
from core.generate import generate_greedy
from core.optimisers import gradient_descent
from core.tasks import END, START, task
from core.training import untrained
from explorer.choices.record import CHOICES
from explorer.choices.session import STRUCTURES
from explorer.compute import updates
from explorer.compute.jobs import KINDS
from explorer.prose import prose
from explorer.views.structures import audio
from tests.helpers.structures_page import (
    GRU,
    LESSONS,
    agrees,
    choose,
    component,
    exhibits,
    memory,
    open_page,
    press,
    stage,
    text,
    through,
    trained,
)

RATE = CHOICES["learning_rate"].default
COUNTED = {  # what the page says of them
    "word": "2 sentences, 5 tokens. Answers in the file: 3 different tags (most often O (3), B-PER (1), I-PER (1)). "
    "Used to train: 5 words; to choose the epoch: 0; to score: 0 words.",
    "melody": "2 tunes, 14 tokens. Answers in the file: 5 different notes",
    "sentiment": "5 reviews, 10 tokens. Answers in the file: 2 different labels (most often negative (3), "
    "positive (2)). Used to train: 4 reviews; to choose the epoch: 0; to score: 1 review.",
    "entities": "3 sentences, 6 tokens. Answers in the file: 3 different tags (most often O (3), B-LOC (2), ",
    "translation": "5 pairs, 18 tokens. Answers in the file: 5 different French words",
}
EXAMPLE = {name: kind.example for name, kind in KINDS.items()}
OWN = {
    "word": ("own.conll", b"Ada B-PER\nLovelace I-PER\nwrote O\n\nrain O\nfell O\n"),
    "melody": ("own.abc", b"X:1\nT:One\nM:4/4\nL:1/4\nK:C\nCDEC|CDEC|\n\nX:2\nT:Two\nM:4/4\nL:1/4\nK:C\nEFG2|EFG2|\n"),
    "sentiment": ("own.tsv", b"sentence\tlabel\ngood fun\t1\nno fun\t0\nvery good\t1\nvery bad\t0\nso bad\t0\n"),
    "entities": ("own.conll", b"in O\nParis B-LOC\n\nat O\nShell B-ORG\n\nin O\nRome B-LOC\n"),
    "translation": ("own.tsv", b"a cat\tun chat\na dog\tun chien\nthe cat\tle chat\nthe dog\tle chien\nhi\tsalut\n"),
}


def test_the_example_of_a_translation_is_held_out_and_its_adjective_never_met_its_noun():
    english, french = tuple(EXAMPLE["translation"].split()), ("je", "ferme", "la", "porte", "blanche", END)
    data = task("translation").data
    assert (english, french) in [(e.inputs, e.answers) for e in data.held_out]
    assert not any({"white", "door"} <= set(e.inputs) or {"blanche", "porte"} <= set(e.answers) for e in data.train)


@pytest.fixture(params=KINDS)
def name(request) -> str:
    return request.param


TOLD = {  # what the example of each structure should be answered, as the reader says it
    "word": ("name",),
    "sentiment": ("negative",),
    "translation": ("elle", "lit", "un", "livre", END),
}


def told(page: AppTest, name: str) -> AppTest:
    if name == "translation":
        return page.text_input(key="right").set_value(" ".join(TOLD[name][:-1])).run()
    return page.segmented_control(key="right").set_value(TOLD[name][0]).run()


# Every structure ------------------------------------------------------------------------------------------------------


def test_it_opens_on_its_example(name):
    page = open_page(structure=name)
    data = stage(page)
    inputs = EXAMPLE[name].split()
    assert [word.replace(" ", ":") for word in data["words"][: len(inputs)]] == inputs
    assert prose("structures", name) in text(page)
    slots = task(name).slots(len(inputs), len(data["words"]) - (len(inputs) if name == "translation" else 0))
    assert data["silent"] == [not slot.answers for slot in slots]
    assert data["group"] == [slot.group for slot in slots]
    assert not page.warning


@pytest.mark.parametrize("name", TOLD)
def test_the_numbers_are_those_of_the_core(name):
    page = told(open_page(structure=name, teacher_forcing="True"), name)
    example = Example(tuple(EXAMPLE[name].split()), TOLD[name])
    assert agrees(stage(page), name, trained(name), example)
    updated = trained(name)
    for key, times in (("apply_update", 1), ("apply_10", 10)):
        for _ in range(times):
            updated = gradient_descent(updated, through(name, updated, example)[2].grads, RATE)
        assert agrees(stage(press(page, key)), name, updated, example)
    assert stage(page)["update"]["taken"] == 11
    press(press(page, "undo"), "undo")
    assert agrees(stage(page), name, trained(name), example)


def test_entities_are_read_whole():
    page = open_page(structure="entities", input="Ada went to Paris")
    said = stage(page)["said"]
    assert agrees(stage(page), "entities", trained("entities"), Example(("Ada", "went", "to", "Paris"), tuple(said)))


def test_a_melody_is_its_own_exercise():
    data = stage(open_page(structure="melody", notes="8"))
    notes = tuple(word.replace(" ", ":") for word in data["words"])
    assert len(notes) == 7 and data["fed"][1:] == ["answer"] * 6  # the eighth is answered, and read by nobody
    assert stage(open_page(structure="melody", notes="8", draw="2"))["words"] != data["words"]
    assert stage(open_page(structure="melody", notes="8"))["words"] == data["words"]


def test_free_running_reads_what_it_wrote():
    page = open_page(structure="translation", decoding="greedy", input="he eats a red apple")
    written = generate_greedy(task("translation"), GRU, trained("translation"), ("he", "eats", "a", "red", "apple"))
    assert stage(page)["words"][5:] == [START, *written.words]
    assert stage(page)["fed"][6:] == ["answer"] * len(written.words)


def test_an_update_makes_it_surer_and_is_in_the_link(name):
    page = open_page(structure=name, learning_rate="0.05", notes="6")
    before = stage(page)["total"]
    after = stage(press(page, "apply_update"))
    assert after["total"] < before
    again = stage(open_page(**dict(page.query_params)))
    assert (again["loss"], again["grad"]) == (after["loss"], after["grad"])


def test_a_session_keeps_of_its_weights_what_the_updates_moved():
    page = press(press(told(open_page(structure="sentiment"), "sentiment"), "apply_update"), "apply_update")
    kept = memory(page).histories[STRUCTURES]
    ids = sorted({*task("sentiment").vocabulary.encode(EXAMPLE["sentiment"].split()).tolist()})
    assert kept.params["rnn"].Wax.at.tolist() == kept.before["rnn"].Wax.at.tolist() == ids
    assert kept.updates[0] is kept.updates[1]


def test_there_is_an_end_of_updates(monkeypatch):
    monkeypatch.setattr(updates, "MOST_UPDATES", 5)
    page = told(open_page(structure="sentiment"), "sentiment")
    for key, notice in (
        ("apply_10", prose("updates", "last", done=5, asked=10, most=5)),
        ("apply_update", prose("updates", "full", most=5)),
    ):
        press(page, key)
        assert [warning.value for warning in page.warning] == [notice]
        assert [one.size for one in page.session_state["structures_updates"]] == [5]


def test_an_update_that_explodes_is_refused_and_said(monkeypatch):
    page = told(open_page(structure="sentiment"), "sentiment")
    before = stage(page)
    monkeypatch.setattr(updates, "is_drawable", lambda look: look.loss.total == before["total"])
    refused = f"{prose('updates', 'refused')} {prose('updates', 'advice', can_slow=True, can_clip=True)}"
    assert stage(press(page, "apply_update")) == before and page.session_state["structures_updates"] == ()
    assert [warning.value for warning in page.warning] == [refused]


def test_another_structure_keeps_what_was_typed():
    page = open_page(structure="sentiment")
    page.text_input(key="input").set_value("a dull film").run()
    choose(page, "translation")
    assert page.text_input(key="input").value == EXAMPLE["translation"]
    choose(page, "sentiment")
    assert page.text_input(key="input").value == "a dull film"
    assert stage(page)["words"] == ["a", "dull", "film"]


def test_attention_is_drawn_where_it_is_on():
    data = stage(open_page(structure="translation"))
    assert np.shape(data["attention"]) == (len(data["words"]) - 5, 5)
    np.testing.assert_allclose(np.sum(data["attention"], axis=1), 1, atol=1e-3)
    assert stage(open_page(structure="translation", attention="False"))["attention"] is None


def test_a_cell_that_is_not_stored_starts_untrained():
    page = open_page(structure="sentiment", cell="lstm")
    assert prose("structures", "untrained") in text(page)
    params = untrained(pretrained.before_training(pretrained.default_experiment("sentiment", "lstm")))
    slots, x, targets = task("sentiment").batch([Example(tuple(EXAMPLE["sentiment"].split()), ("positive",))])
    trace = forward(CELLS["lstm"], params, slots, x)
    p = task("sentiment").loss(trace.logits, targets).y_hat[-1, 0, 0]
    assert stage(page)["chance"][-1] == pytest.approx(max(p, 1 - p))


@pytest.mark.slow
@pytest.mark.parametrize("link", [{}, {"begin": "untrained"}])
def test_untrained_weights_are_called_so_and_why(link):
    page = open_page(structure="sentiment", cell="lstm", **link)
    chosen = prose("structures", "untrained_chosen")
    assert [info.value for info in page.info] == [chosen if link else prose("structures", "untrained")]
    press(page, "train")
    (training,) = [one for _, one in memory(page).trainings.items()]
    while not training.epoch:  # stopped before the first epoch, all is as it was
        page.run()
    press(page, "stop")
    assert chosen not in text(page)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({}, None),
        ({"cell": "lstm"}, prose("structures", "walk_both_untrained")),
        ({"begin": "untrained"}, prose("structures", "walk_both_untrained")),
        ({"cell": "gru", "attention": "False"}, None),
    ],
)
def test_a_walk_through_random_weights_is_called_so(link, said):
    told = text(open_page(structure="translation", **link))
    found = [line for line in told.splitlines() if "started at random" in line and "Press" not in line]
    assert [line for line in found if "press" not in line] == ([said] if said else [])


def test_the_walk_says_what_is_true_of_the_held_out_pairs():
    """The error of a content word: the numbers are those that test_error_walk compares with one pair at a time."""
    told = text(open_page(structure="translation"))
    assert "The error of ‘" in told and "On 200 held-out pairs, the right words fed back" in told
    assert "With attention more arrives in 145 of 200." in told


@pytest.mark.parametrize(
    ("name", "owners"),
    [
        ("translation", ["I", "close", "the", "white", "door", "elle", "lit", "un", "livre", "<END>"]),
        ("melody", [token.replace(":", " ") for token in LESSONS["melody"][1].answers]),
        ("sentiment", ["not", "a", "bad", "film", "at", "all"]),
    ],
)
def test_a_loss_is_called_after_the_right_answer_where_answers_are_read(name, owners):
    """The word that is read there is the answer before: its loss has another number."""
    page = open_page(structure=name, **LESSONS[name][0])
    assert stage(page)["owners"] == owners == stage(page)["dock"]["owners"]
    if name == "translation":
        assert "error of ‘elle’" in text(open_page(structure=name, at="6", whose="6", **LESSONS[name][0]))


def test_words_that_were_never_reached_are_told_and_stand_on_the_tape():
    page = open_page(
        structure="translation", input="I drink milk and water", right="je bois du lait et de l'eau", decoding="greedy"
    )
    (told,) = [line for line in text(page).splitlines() if "never reached" in line]
    missing = told.partition("never reached: ")[2].partition("**")[0].split(" ")
    tape = exhibits(page)["tapes"]
    rows = dict(zip(tape["names"], tape["rows"], strict=True))
    assert rows["expected y⟨t⟩"][-len(missing) :] == [word.replace("\\", "") for word in missing]
    assert rows["fed x⟨t⟩"][-len(missing) :] == ["–"] * len(missing)


@pytest.mark.parametrize(
    ("link", "verdict", "said"),
    [
        ({"structure": "word", "input": "Grace", "right": "name"}, "right", "<strong>name</strong>"),
        ({"structure": "word", "input": "rain", "right": "name"}, "wrong", "✗ wrong"),
        ({"structure": "sentiment", "input": "zzyzx"}, "open", "Nobody said what is right."),
        ({"structure": "melody"}, "open", "nothing to compare it with"),
        ({"structure": "melody", "teacher_forcing": "True", "notes": "12"}, "wrong", "<strong>12 notes</strong>"),
        ({"structure": "translation"}, "right", "<strong>je ferme la porte blanche</strong>"),
        ({"structure": "translation", "right": "je ferme la porte"}, "wrong", "✗ wrong"),
        ({"structure": "translation", "right": "je ferme le porte blanche"}, "wrong", "✗ wrong at 1 of 5"),
        (
            {"structure": "entities", "input": "<b> Paris"},
            "open",
            'PER">&lt; b &gt; <small>',
        ),
        ({"structure": "entities", "input": "in Paris", "right": "O O"}, "wrong", "✗ wrong at 1 of 2"),
    ],
)
def test_the_answer_says_whether_it_is_right(link, verdict, said):
    """Also of what was typed: it stays text"""
    for beside in ("dock", "answer"):
        shown = [html.body for html in open_page(**link, beside=beside).get("html")]
        (answer,) = [body for body in shown if '<p data-testid="answer"' in body]
        assert f'data-verdict="{verdict}"' in answer and said in answer
        assert ("right: <strong>" in answer) == (beside == "answer" and verdict == "wrong" and "notes" not in said)


def test_of_a_melody_the_stage_knows_when_each_step_sounds_and_of_nothing_else():
    drawn = stage(open_page(structure="melody", notes="9"))
    assert len(drawn["sound"]) == len(drawn["words"]) and drawn["sound"][0] == 0
    lengths = [60 / audio.TEMPO * 4 * float(Fraction(word.split()[1])) for word in drawn["words"][:-1]]
    assert np.diff(drawn["sound"]) == pytest.approx(lengths)
    assert stage(open_page(structure="entities"))["sound"] is None


@pytest.mark.slow
def test_the_score_of_the_best_translation_is_taken_apart():
    page = open_page()
    (told,), found = exhibits(page)["beam"]["told"], exhibits(page)["beam"]["found"]
    log_p, n, score = float(re.search("log p = −([0-9.]+)", told)[1]), 6, found[0]["score"]
    assert f"|Y| = {n}" in told and abs(-log_p / n**0.7 - score) < 0.001
    assert log_p == pytest.approx(stage(page)["total"], abs=0.001)  # the answer is right: its log p is −ℒ


@pytest.mark.parametrize(("review", "word"), [("not a bad film at all", "bad"), ("a good film", "good")])
def test_the_word_that_moves_the_belief_most_is_read_alone_too(review, word):
    page = open_page(structure="sentiment", input=review)
    _, loss = through("sentiment", trained("sentiment"), Example((word,), ("positive",)))[:2]
    said = text(page).replace("\\", "")
    told = re.search(f"‘{word}’ moved P\\(positive\\) most.*P\\(positive\\) = ([0-9.]*[0-9])", said)
    assert float(told[1]) == pytest.approx(loss.y_hat[0, 0, 0], abs=0.006)


def test_of_two_walks_the_untrained_one_is_named():
    page = train_to_the_end(upload(open_page(structure="translation"), *OWN["translation"]))
    assert "The network without attention was not trained: its weights started at random." in text(page)


def test_the_score_is_that_of_before_any_update():
    page = open_page(structure="word")
    before = next(
        line for line in text(page).splitlines() if line.startswith("Before any update: Token F1 **0.50** on ")
    )
    assert before.startswith(
        f"Before any update: Token F1 **0.50** on {len(task('word').data.held_out):,} held-out words."
    )
    assert before in text(press(page, "apply_10"))


@pytest.mark.parametrize(
    ("name", "used"), [("word", "Only the first word is used."), ("sentiment", "Up to 40 words are")]
)
def test_how_many_words_are_used_is_told(name, used):
    assert used in open_page(structure=name).text_input(key="input").help


# Updates --------------------------------------------------------------------------------------------------------------


def test_the_last_press_may_take_fewer_updates_and_says_so(monkeypatch):
    monkeypatch.setattr(updates, "MOST_UPDATES", 14)
    page = press(press(open_page(structure="word"), "apply_10"), "apply_10")
    assert [warning.value.replace("\\", "") for warning in page.warning] == [
        "Only 4 of 10 updates were taken: 14 in all is the most that a link can replay."
    ]
    assert stage(page)["update"]["taken"] == 14


def toasts(page: AppTest) -> list[str]:
    return [toast.value for toast in page.toast]


@pytest.mark.parametrize(
    ("key", "this", "other"),
    [("cell", "gru", "lstm"), ("begin", "trained", "untrained"), ("structure", "sentiment", "word")],
)
def test_a_network_that_is_chosen_again_gets_its_updates_back(key, this, other):
    page = open_page(structure="sentiment")

    def change(to: str) -> list[str]:
        if key == "structure":
            choose(page, to)
        else:
            page.run().segmented_control(key=key).set_value(to).run()
        assert not page.warning
        return toasts(page)

    press(page, "apply_update")
    learned = stage(press(page, "apply_10"))
    assert change(other) == [prose("updates", "another_network_structures", n=11)]
    assert stage(page)["update"] is None and page.button(key="undo").disabled and page.button(key="reset").disabled
    press(page, "apply_update")
    assert not page.warning and not page.toast
    assert change(this) == [prose("updates", "another_network_structures", n=1)]
    learned["update"]["fresh"] = False  # they were not taken now
    assert stage(page) == learned and not page.button(key="undo").disabled
    press(page, "reset")
    assert not page.warning and page.button(key="undo").disabled  # whoever takes them back knows it
    assert change(other) == [] and stage(page)["update"]["taken"] == 1


@pytest.mark.slow
def test_updates_whose_weights_are_gone_are_dropped_and_counted():
    page = open_page(structure="sentiment")

    def dropped(n: int) -> bool:
        told = prose("updates", "dropped", n=n)
        found = [warning.value for warning in page.warning]
        return (found, stage(page)["update"], toasts(page)) == ([told], None, [])

    upload(press(page, "apply_10"), *OWN["sentiment"])
    assert dropped(10) and page.session_state["structures_updates"] == ()
    train_to_the_end(press(page, "apply_update"))
    assert dropped(1)
    press(press(page, "apply_10"), "forget")
    assert dropped(10)
    press(press(press(page, "apply_10"), "apply_update"), "discard")
    assert dropped(11)
    assert not press(page, "apply_update").warning


def test_training_takes_the_updates_of_the_trained_network_and_no_others():
    page = upload(open_page(structure="sentiment"), *OWN["sentiment"])

    def start_from(begin: str) -> int:
        page.segmented_control(key="begin").set_value(begin).run()
        return sum(update.size for update in page.session_state["structures_updates"])

    press(page, "apply_update")
    assert start_from("untrained") == 0
    train_to_the_end(press(page, "apply_10"))
    assert page.session_state["structures_updates"] == () and stage(page)["update"] is None
    assert start_from("untrained") == 10 and start_from("trained") == 0


# Bad input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("structure", [name for name in KINDS if name != "melody"])
@pytest.mark.parametrize("typed", ["", "   ", "<b>x</b> **y** $z$ :red[w]", "☃ " * 100, "x" * 5000, "☃ x " * 10_000])
def test_whatever_is_typed_is_read_or_answered_with_a_hint(structure, typed):
    page = open_page(structure=structure)
    page.text_input(key="input").set_value(typed).run()
    assert not page.exception
    assert (prose("structures", "empty") in text(page)) is (not typed.strip())


@pytest.mark.parametrize(
    "bad", ["1x1 0.01 off 1.0\tone\ttwo three", "1x1 0.01 off 1.0\ta", "9x9", "", "0x1 1 off 1\ta\tb"]
)
@pytest.mark.parametrize(
    "spelling", [{"practice": None}, {"structures_update": None}, {"v": "2", "structures_update": None}]
)
def test_an_impossible_link_is_opened_without_it(bad, spelling):
    page = open_page(structure="sentiment", **{key: value or bad for key, value in spelling.items()})
    assert not page.exception and stage(page)["update"] is None


# Data and training ----------------------------------------------------------------------------------------------------


def upload(page: AppTest, file: str, data: bytes) -> AppTest:
    return page.file_uploader(key="dataset_upload").upload(file, data, "text/plain").run()


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


def lost(page: AppTest) -> str:
    return next(html.body for html in page.get("html") if 'data-testid="lost"' in html.body)


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


@pytest.mark.parametrize("begin", ["trained", "untrained"])
def test_a_training_that_is_stopped_before_its_first_epoch_keeps_the_network_and_its_updates(begin):
    page = press(open_page(structure="entities", begin=begin, right="O O O O O O O O O O"), "apply_10")
    before = stage(page)
    press(page, "train")
    (training,) = [one for _, one in memory(page).trainings.items()]
    press(page, "stop")
    assert not training.epoch and page.segmented_control(key="begin").value == begin
    assert stage(page)["loss"] == before["loss"] and page.button(key="train").label == "Continue"
    assert sum(update.size for update in page.session_state["structures_updates"]) == 10


def test_an_example_of_a_file_is_read_in_the_words_of_the_file():
    """Else nobody would know what is right of it, nor when it was learned."""
    rows = [f"{4 + i},275 O\nU.S. B-LOC\ntons{i} O\n" for i in range(5)]
    page = upload(open_page(structure="entities"), "own.conll", "\n".join(rows).encode())
    assert page.text_input(key="input").value == "8,275 U.S. tons4"
    assert stage(page)["words"] == ["8,275", "U.S.", "tons4"] and stage(page)["labels"] == ["O", "B-LOC", "O"]
    page.text_input(key="input").set_value("4,275 tons").run()
    assert stage(page)["words"] == ["4", ",", "275", "tons"]


def test_own_pairs_are_split_after_an_elision_and_so_is_what_is_typed():
    pairs = "the man\tl’homme\nthe friend\tl'ami\nthe man\tl'homme .\nthe friend\tl’ami .\n"
    page = upload(open_page(structure="translation", teacher_forcing="True"), "own", pairs.encode())
    page.text_input(key="right").set_value("L’homme").run()
    assert memory(page).uploads["translation"].task.data.train[0].answers == ("l'", "homme", END)
    assert stage(page)["labels"][-3:] == ["l'", "homme", END]


@pytest.mark.slow
def test_training_can_be_stopped_and_continued_and_forgotten():
    page = press(open_page(structure="entities", cell="lstm"), "train")
    (training,) = [one for _, one in memory(page).trainings.items()]
    press(page, "stop")
    assert page.button(key="train").label == "Continue" and not training.epoch
    press(page, "train")
    while not training.epoch:
        page.run()
    press(page, "stop")
    assert page.button(key="train").label == "Continue"
    assert prose("structures", "origin_here", epoch=training.best, trained=training.epoch) in text(page)
    press(page, "train")
    for _ in range(60):
        page.run()
        if page.button(key="stop").disabled:
            break
    assert prose("structures", "origin_here", epoch=training.best, trained=4) in text(page)
    press(page, "forget")
    assert prose("structures", "untrained") in text(page)


def train_to_the_end(page: AppTest) -> AppTest:
    press(page, "train")
    for _ in range(60):
        page.run()
        if page.button(key="stop").disabled:
            return page
    raise AssertionError("training did not end")


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


def test_an_answer_of_several_words_survives_the_link():
    page = open_page(structure="word")
    page.segmented_control(key="right").set_value("not a name").run()
    after = stage(press(page, "apply_update"))
    again = open_page(**dict(page.query_params))
    assert (stage(again)["loss"], again.warning.len) == (after["loss"], 0)


def test_training_goes_on_after_a_look_at_another_structure():
    page = press(open_page(structure="entities", cell="lstm"), "train")
    (training,) = [one for _, one in memory(page).trainings.items()]
    while not training.epoch:
        page.run()
    choose(page, "word")
    choose(page, "entities")
    assert page.button(key="train").label == "Continue"
    assert prose("structures", "untrained") not in text(page)


def test_a_corrected_tag_is_what_is_right():
    page = open_page(structure="entities", input="Ada went home", right="O O O")
    assert stage(page)["labels"] == ["O", "O", "O"]
    assert stage(open_page(structure="entities", input="Ada went home", right="O O"))["guessed"] == [True] * 3


# To another page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Grace", "zzyzx", "<"])
def test_the_word_is_shown_inside_a_sentence_on_explore(word):
    page = press(open_page(structure="word", input=word), "to_explore")
    data = stage(page)
    assert page.title[0].value == "Explore one sentence"
    assert page.text_input(key="sentence").value == " ".join(data["words"])
    assert fold(word) in map(fold, data["words"])
    guess = task("people").guess(data["words"])
    assert data["labels"] == [task("people").classes[label] for label in guess]


def test_the_address_waits_until_the_reader_rests():
    typed = "what a wonderful film"
    page = open_page(structure="sentiment")
    before = {**page.query_params}
    page.text_input(key="input").set_value(typed).run()
    assert stage(page)["words"] == typed.split() and {**page.query_params} == before
    page.text_input(key="input").set_value("").run()
    assert {**page.query_params} == before | {"input": ""}  # without a stage nothing can tell that the reader rests
    page.text_input(key="input").set_value(typed).run()
    states = page._tree.get_widget_states()
    states.widgets.add(id=component(page, "dock").proto.id, json_value=json.dumps({"rested": typed}))
    page._run(states)
    assert page.query_params["input"] == typed
