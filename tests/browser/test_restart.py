"""The server dies under an open page and starts again: the page comes back by itself with the same numbers, and the
next click does what it says, on every page."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.helpers.reference import OTHER
from tests.helpers.screen import Screen
from tests.helpers.serving import ROOT, Server

ROUNDS = 20
SHORT = 3  # of them in every run; all together take many minutes


class Action(NamedTuple):
    """Something a reader does, and what the address then says"""

    do: Callable[[Screen], object]
    says: str


def click(key: str, text: str) -> Callable[[Screen], None]:
    return lambda screen: screen.widget(key).get_by_text(text, exact=True).click()


def in_settings(do: Callable[[Screen], object]) -> Callable[[Screen], object]:
    return lambda screen: (screen.open_settings(), do(screen))


def slide(key: str) -> Callable[[Screen], None]:
    return lambda screen: screen.widget(key).get_by_role("slider").press("ArrowRight")


def press(key: str) -> Callable[[Screen], None]:
    return lambda screen: screen.press(key)


def fill(key: str, text: str) -> Callable[[Screen], None]:
    def do(screen: Screen) -> None:
        box = screen.widget(key, "input")
        box.fill(text)
        box.press("Enter")

    return do


UNTRAINED = Action(in_settings(click("start", "untrained")), "start=untrained")
TYPED = Action(lambda screen: screen.type(OTHER), "sentence=Teddy")
ACTIONS = {
    "explore": [
        Action(press("apply_update"), "update="),
        Action(in_settings(slide("learning_rate")), "learning_rate="),
        TYPED,
        UNTRAINED,
        Action(press("apply_10"), "update=1x10"),
        Action(lambda screen: screen.step(2).click(), "step=2"),
        Action(in_settings(click("activation", "ReLU")), "activation=relu"),
    ],
    "inputs": [TYPED, UNTRAINED],
    "gradients": [
        Action(click("source", "your sentence"), "source=sentence"),
        Action(slide("length"), "length="),
        Action(in_settings(slide("hidden_units")), "hidden_units="),
    ],
    "structures": [
        Action(press("apply_update"), "structures_update="),
        Action(fill("input", "I close the blue door"), "input=I"),
        Action(in_settings(click("begin", "untrained")), "begin=untrained"),
    ],
    "notes": [UNTRAINED],
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(ROOT) as server:
        yield server


@pytest.mark.parametrize("turn", [pytest.param(i, marks=() if i < SHORT else pytest.mark.long) for i in range(ROUNDS)])
def test_the_next_click_does_what_it_says(server, new_screen, turn):
    """On all pages at once: of each its next action. On Explore a change of network went before, every second time"""
    screens = {page: new_screen() for page in ACTIONS}
    for page, screen in screens.items():
        screen.address = server.address
        screen.open(page)
        if page == "explore" and turn % 2:
            screen.open_settings()
            click("activation", "ReLU")(screen)
            screen.page.keyboard.press("Escape")
            screen.until(lambda screen=screen: "activation=relu" in screen.location, "the address names the network")
            screen.settle()
    shown = {page: screen.steps() if screen.stage.count() else None for page, screen in screens.items()}
    connections = {page: screen.connections for page, screen in screens.items()}
    server.kill()
    server.start()
    for page, screen in screens.items():
        action = ACTIONS[page][turn % len(ACTIONS[page])]
        screen.returned(connections[page])
        if shown[page]:
            screen.shows(shown[page])
        action.do(screen)
        screen.until(lambda s=screen, says=action.says: says in s.location, f"{page}: {action.says} in the address")
        screen.settle()
        expect(screen.page.get_by_test_id("stException")).to_have_count(0)
        fresh = new_screen()
        fresh.address = server.address
        fresh.open(screen.location.removeprefix(f"{server.address}/"))
        if screen.stage.count():
            fresh.shows(screen.steps())
