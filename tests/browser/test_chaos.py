"""A line on which every message is late, and a reader who does not wait: nothing breaks, no press is lost, and what is
shown is what the core says of the address that is shown."""

import random
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from explorer.choices.link import from_link
from explorer.compute.updates import MOST_UPDATES
from tests.helpers.reference import OTHER, SENTENCE, Step, network, steps, updated
from tests.helpers.screen import READ_STEPS, Screen
from tests.helpers.slow_line import slow_line

CLICKS, MANY = 10, 200
PRESS = """async ([key, times, gap]) => {
    for (let i = 0; i < times; i++) {
        [...document.querySelectorAll(`.st-key-${key} button`)].find(button => button.offsetParent).click();
        await new Promise(done => setTimeout(done, gap));
    }
}"""

Action = Callable[[Screen], object]


def press(key: str) -> Action:
    return lambda screen: screen.press(key)


def choose(key: str, text: str) -> Action:
    return lambda screen: screen.widget(key).get_by_text(text, exact=True).click()


def slide(key: str, way: str) -> Action:
    return lambda screen: screen.widget(key).get_by_role("slider").press(way)


def choose_tab(name: str) -> Action:
    return lambda screen: screen.page.get_by_role("tab", name=name).click()


def typed(text: str) -> Action:
    return lambda screen: screen.type(text)


def stepped(t: int) -> Action:
    return lambda screen: screen.step(t).click()


UPDATES = {"one update": 1, "ten updates": 10}
UPDATING = {"one update": press("apply_update"), "ten updates": press("apply_10")}
SENTENCES = {"a sentence": typed(SENTENCE), "another": typed(OTHER)}
PAGES: dict[str, dict[str, Action]] = {
    "Explore": UPDATING | SENTENCES | {"step 1": stepped(1), "step 3": stepped(3)},
    "Inputs": SENTENCES,
    "Gradients": {"farther": slide("length", "ArrowRight"), "nearer": slide("length", "ArrowLeft")}
    | {name: choose("measure", name) for name in ("one unit of error", "its own error")},
    "Structures": UPDATING | {"step 1": stepped(1), "step 5": stepped(5)},
    "Notes": {name: choose_tab(name) for name in ("Symbols and shapes", "The theory")},
}


@pytest.fixture
def late(browser: Browser, address: str) -> Iterator[Callable[[int, int, int], Screen]]:
    """Gives a window of its own whose messages take so many milliseconds; what it complains of fails the test"""
    opened: list[Screen] = []

    def make(seed: int, least: int, most: int) -> Screen:
        context = browser.new_context(viewport={"width": 1440, "height": 1010}, reduced_motion="reduce")
        opened.append(Screen(context, address))
        slow_line(opened[-1].page, seed, least, most)
        return opened[-1]

    yield make
    for screen in opened:
        screen.page.context.close()
    assert [screen.problems for screen in opened] == [[] for _ in opened]


def at_rest(screen: Screen) -> None:
    """Until nothing has come or gone for longer than any message is late"""
    before = None
    while before != (before := (len(screen.sent), screen.received)):
        screen.page.wait_for_timeout(2000)
        screen.settle()


@pytest.mark.parametrize("gap", [40, 120])
def test_of_ten_presses_on_a_slow_line_each_is_an_update(late, gap):
    screen = late(1, 200, 200).explore()
    screen.page.evaluate(PRESS, ["apply_update", 10, gap])
    screen.shows(steps(updated(network(), SENTENCE, 10), SENTENCE))
    screen.page.evaluate(PRESS, ["undo", 3, gap])
    screen.shows(steps(updated(network(), SENTENCE, 7), SENTENCE))
    expect(screen.result).to_have_attribute("data-n", "7")


@pytest.mark.parametrize("clicks", [CLICKS, pytest.param(MANY, marks=pytest.mark.long)])
@pytest.mark.parametrize("page", PAGES)
def test_random_clicks_on_a_line_of_random_delays_break_nothing(late, new_screen, page, clicks):
    rng = random.Random(f"{page} {clicks}")
    screen = late(rng.randrange(1000), 0, 800).explore()
    screen.turn_to(page)
    updates = 0
    for _ in range(clicks):
        name, act = rng.choice([*PAGES[page].items()])
        act(screen)
        updates += UPDATES.get(name, 0)
        screen.page.wait_for_timeout(rng.uniform(0, 400))
    at_rest(screen)
    expect(screen.page.get_by_role("heading", level=1)).to_be_attached()
    expect(screen.page.get_by_test_id("stException")).to_have_count(0)
    if screen.result.count():
        expect(screen.result).to_have_attribute("data-n", str(min(updates, MOST_UPDATES)))
    if screen.stage.count():
        fresh = new_screen().open(f"?{urlsplit(screen.location).query}")
        fresh.turn_to(page)
        expect(fresh.step(1)).to_be_visible()
        assert fresh.stage.evaluate(READ_STEPS) == screen.stage.evaluate(READ_STEPS)
    if page == "Explore":
        chosen, ignored = from_link(parse_qs(urlsplit(screen.location).query))
        rows = [(update.example.inputs, update.example.answers, update.size) for update in chosen.updates]
        assert not ignored and screen.steps() == by_the_core(chosen.sentence, rows)


def by_the_core(shown: str, rows: list[tuple[tuple[str, ...], tuple[str, ...], int]]) -> list[Step]:
    """The steps of a sentence after these updates, each on a sentence with its answers, so many times"""
    params = network()
    for words, answers, times in rows:
        params = updated(params, " ".join(words), times, [int(answer == "name") for answer in answers])
    return steps(params, shown)
