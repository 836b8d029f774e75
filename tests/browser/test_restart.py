"""The server dies under open pages and starts again: each comes back by itself with the same numbers, and the next
click does what it says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.helpers.reference import OTHER, SENTENCE
from tests.helpers.screen import READ_STEPS, Screen
from tests.helpers.serving import ROOT, Server

ROUNDS, MANY = 3, 20
AFRESH = 7  # rounds after which the pages are opened anew


class Action(NamedTuple):
    """Something a reader does, and what the address then says; "": it says something else than before"""

    do: Callable[[Screen], object]
    says: str = ""


def press(key: str) -> Callable[[Screen], object]:
    return lambda screen: screen.press(key)


def fill(key: str, text: str) -> Callable[[Screen], object]:
    def do(screen: Screen) -> None:
        screen.widget(key, "input").fill(text)
        screen.widget(key, "input").press("Enter")

    return do


def in_settings(do: Callable[[Screen], object]) -> Callable[[Screen], object]:
    def all_of_it(screen: Screen) -> None:
        screen.open_settings()
        do(screen)
        screen.page.keyboard.press("Escape")

    return all_of_it


def choose(key: str, text: str) -> Callable[[Screen], object]:
    return in_settings(lambda screen: screen.widget(key).get_by_text(text, exact=True).click())


def slide(key: str) -> Callable[[Screen], object]:
    return in_settings(lambda screen: screen.widget(key).get_by_role("slider").press("ArrowRight"))


UNTRAINED, TRAINED = Action(choose("start", "untrained"), "start=untrained"), Action(choose("start", "trained"))
TYPED = Action(fill("sentence", OTHER), "sentence=Teddy")
ACTIONS = {  # of each page the next one in every round
    "Explore": [
        Action(press("apply_update"), "update="),
        Action(choose("activation", "ReLU RNN"), "activation=relu"),
        Action(press("apply_10"), "update=1x10"),
        TYPED,
        Action(slide("learning_rate"), "learning_rate="),
        UNTRAINED,
        Action(lambda screen: screen.step(2).click(), "step=2"),
    ],
    "Inputs": [TYPED, UNTRAINED, Action(fill("sentence", SENTENCE)), TRAINED],
    "Gradients": [Action(slide("hidden_units"), "hidden_units=")],
    "Structures": [
        Action(press("apply_update"), "structures_update="),
        Action(fill("input", "I close the blue door"), "input=I"),
        Action(choose("begin", "untrained"), "begin=untrained"),
        Action(press("apply_10"), "structures_update=1x10"),
        Action(press("undo")),
        Action(choose("begin", "trained")),
    ],
    "Notes": [UNTRAINED, TRAINED],
}


def told(screen: Screen) -> list | None:
    """All numbers of the stage, where the page has one; while an update plays they are those from before it"""
    if not screen.stage.count():
        return None
    expect(screen.stage).to_have_attribute("data-playing", "false")
    return screen.stage.evaluate(READ_STEPS)


def no_error(screen: Screen) -> None:
    expect(screen.page.get_by_test_id("stException")).to_have_count(0)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(ROOT) as server:
        yield server


@pytest.fixture
def open_at(server, new_screen) -> Callable[..., Screen]:
    def opened(page: str, query: str = "", screen: Screen | None = None) -> Screen:
        screen = screen or new_screen()
        screen.address = server.address
        screen.explore(query)
        if page != "Explore":
            screen.turn_to(page)
        return screen

    return opened


def restart(server: Server, *screens: Screen) -> None:
    """Until all of these are back by themselves, with the numbers that they had"""
    before = [(screen, screen.connections, told(screen)) for screen in screens]
    server.kill()
    server.start()
    for screen, connections, shown in before:
        screen.returned(connections)
        screen.until(lambda screen=screen, shown=shown: told(screen) == shown, "the numbers that stood there")
        no_error(screen)


@pytest.mark.parametrize("rounds", [ROUNDS, pytest.param(MANY, marks=pytest.mark.long)])
def test_every_page_comes_back_and_the_next_click_does_what_it_says(server, open_at, rounds):
    screens: dict[str, Screen] = {}
    for turn in range(rounds):
        if turn % AFRESH == 0:
            screens = {page: open_at(page, screen=screens.get(page)) for page in ACTIONS}
        restart(server, *screens.values())
        for page, screen in screens.items():
            action, before = ACTIONS[page][turn % AFRESH % len(ACTIONS[page])], screen.location
            action.do(screen)
            screen.until(
                lambda screen=screen, before=before, says=action.says: (
                    before != screen.location and says in screen.location
                ),
                f"round {turn}, {page}: {action.says} in the address",
            )
            screen.settle()
            no_error(screen)
    for page in ("Explore", "Structures"):
        fresh = open_at(page, f"?{urlsplit(screens[page].location).query}")
        expect(fresh.step(1)).to_be_visible()
        assert told(fresh) == told(screens[page])


def test_what_stood_there_to_be_downloaded_still_can_be(server, open_at, tmp_path):
    screen = open_at("Explore")
    screen.open_panel("Keep or share")
    expect(screen.widget("download_rnn-py")).to_be_visible()
    screen.turn_to("Explore")  # the whole page was made last: of that Streamlit asks nothing when it comes back
    restart(server, screen)
    saved: Path = screen.download("rnn.py", tmp_path)
    assert "def " in saved.read_text(encoding="utf-8")
