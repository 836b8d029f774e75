"""The whole network in view: fourteen steps, with them the inspector or the answer, and nothing of it is scrolled"""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from explorer.prose import prose
from tests.helpers.screen import Screen

FITS = "stage => { const s = stage.querySelector('.scroller'); return s.scrollWidth <= s.clientWidth }"
SENTENCE = "does our mother watch the new train ?"
FOURTEEN = {"input": SENTENCE, "right": "elle lit un petit livre", "teacher_forcing": "True"}


@pytest.fixture
def laptop(new_screen) -> Screen:
    return new_screen(1440, 900)


def fourteen(screen: Screen, beside: str) -> Screen:
    screen.explore(f"?{urlencode({'v': 2, **FOURTEEN, 'beside': beside})}").turn_to("Structures")
    expect(screen.step(14)).to_be_visible()
    screen.settle()
    return screen


def is_seen(screen: Screen, *names: str) -> None:
    """All of it stands on the first screen"""
    height = screen.page.viewport_size["height"]
    for name in names:
        box = screen.page.get_by_test_id(name).bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= height, (name, box)


@pytest.mark.parametrize(("beside", "seen"), [("dock", ["dock", "answer"]), ("answer", ["answer"])])
def test_fourteen_steps_fit_with_either(laptop, screenshots, beside, seen):
    fourteen(laptop, beside)
    laptop.page.screenshot(path=screenshots / f"fourteen-{beside}.png")
    assert laptop.stage.evaluate(FITS)
    assert min(laptop.step(t).bounding_box()["width"] for t in range(1, 15)) >= 75
    is_seen(laptop, "stage", "transport", "result", *seen)


def test_one_control_switches_between_them_and_a_link_keeps_it(laptop):
    fourteen(laptop, "dock")
    laptop.widget("beside").get_by_text(prose("structures", "beside_answer")).click()
    expect(laptop.page.get_by_test_id("dock")).to_be_hidden()
    expect(laptop.page.get_by_test_id("answer")).to_have_attribute("data-verdict", "wrong")
    laptop.until(lambda: "beside=answer" in laptop.location, "a link that says so")
    laptop.widget("beside").get_by_text(prose("structures", "beside_dock")).click()
    expect(laptop.page.get_by_test_id("dock")).to_be_visible()
    is_seen(laptop, "dock")


@pytest.mark.parametrize("way", ["forward", "backward"])
def test_the_dock_below_shows_its_whole_card(laptop, way):
    fourteen(laptop, "dock")
    laptop.transport.get_by_test_id(f"play-{way}").click()
    laptop.transport.get_by_test_id("scrub").fill("12" if way == "forward" else "5")
    expect(laptop.stage).to_have_attribute("data-way", way)
    dock, card = (laptop.page.get_by_test_id(name).bounding_box() for name in ("dock", "card"))
    assert card["y"] + card["height"] <= dock["y"] + dock["height"]


@pytest.mark.parametrize("beside", ["dock", "answer"])
@pytest.mark.parametrize("structure", ["word", "melody", "sentiment", "entities", "translation"])
def test_the_first_screen_shows_input_network_answer_and_verdict(laptop, structure, beside):
    laptop.explore(f"?v=2&structure={structure}&beside={beside}").turn_to("Structures")
    expect(laptop.widget("input")).to_be_visible()
    laptop.settle()
    is_seen(laptop, "stage", "transport", "answer")
    box = laptop.widget("input").bounding_box()
    assert box and box["y"] >= 0 and box["y"] + box["height"] < 900
    assert laptop.page.get_by_test_id("answer").get_attribute("data-verdict") in ("right", "wrong", "open")


def test_where_there_is_no_room_below_the_dock_stays_beside(new_screen):
    low = fourteen(new_screen(1440, 720), "dock")
    stage, dock = low.stage.bounding_box(), low.page.get_by_test_id("dock").bounding_box()
    assert dock["x"] >= stage["x"] + stage["width"] and dock["y"] == pytest.approx(stage["y"], abs=2)
