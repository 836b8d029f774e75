"""The page Structures, without a browser: five structures, each with the numbers that the core gives."""

import json
from fractions import Fraction

import numpy as np
import pytest

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
from explorer.compute.jobs import KINDS
from explorer.prose import prose
from explorer.views.structures import audio
from tests.helpers.structures_page import (
    EXAMPLE,
    GRU,
    TOLD,
    agrees,
    choose,
    component,
    open_page,
    press,
    stage,
    text,
    through,
    told,
    trained,
)

RATE = CHOICES["learning_rate"].default


def test_the_example_of_a_translation_is_held_out_and_its_adjective_never_met_its_noun():
    english, french = tuple(EXAMPLE["translation"].split()), ("je", "ferme", "la", "porte", "blanche", END)
    data = task("translation").data
    assert (english, french) in [(e.inputs, e.answers) for e in data.held_out]
    assert not any({"white", "door"} <= set(e.inputs) or {"blanche", "porte"} <= set(e.answers) for e in data.train)


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


def test_of_a_melody_the_stage_knows_when_each_step_sounds_and_of_nothing_else():
    drawn = stage(open_page(structure="melody", notes="9"))
    assert len(drawn["sound"]) == len(drawn["words"]) and drawn["sound"][0] == 0
    lengths = [60 / audio.TEMPO * 4 * float(Fraction(word.split()[1])) for word in drawn["words"][:-1]]
    assert np.diff(drawn["sound"]) == pytest.approx(lengths)
    assert stage(open_page(structure="entities"))["sound"] is None


@pytest.mark.parametrize(
    ("name", "used"), [("word", "Only the first word is used."), ("sentiment", "Up to 40 words are")]
)
def test_how_many_words_are_used_is_told(name, used):
    assert used in open_page(structure=name).text_input(key="input").help


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


def test_an_answer_of_several_words_survives_the_link():
    page = open_page(structure="word")
    page.segmented_control(key="right").set_value("not a name").run()
    after = stage(press(page, "apply_update"))
    again = open_page(**dict(page.query_params))
    assert (stage(again)["loss"], again.warning.len) == (after["loss"], 0)


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
