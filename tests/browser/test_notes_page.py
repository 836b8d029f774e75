"""The page Notes in a real browser: equations are typeset, it fits every width, and the proofs answer at once"""

import re

import pytest
from playwright.sync_api import Locator, expect

from explorer.prose import prose
from tests.helpers.looks import OVERFLOW, SIZES, THEMES
from tests.helpers.screen import Screen

TABS = ("theory", "claims", "tried", "symbols")
TOO_WIDE = """page => [...page.querySelectorAll(".katex-display")]
    .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 4).map(box => box.textContent)"""


def show(screen: Screen) -> Screen:
    screen.turn_to("Notes")
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("The theory in one place")
    screen.settle()
    return screen


def tab(screen: Screen, name: str) -> None:
    screen.page.get_by_role("tab", name=prose("notes", f"tab_{name}")).click()
    expect(screen.widget(name)).to_be_visible()
    screen.settle()


def proof(screen: Screen, letter: str) -> Locator:
    return screen.page.locator(f".st-key-proof_{letter}")


def enter(screen: Screen, key: str, text: str) -> None:
    screen.widget(key, "input").fill(text)
    screen.widget(key, "input").press("Enter")


@pytest.fixture
def notes(screen) -> Screen:
    return show(screen)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [SIZES[0], SIZES[2]], ids=lambda size: f"{size[0]}x{size[1]}")
def test_it_fits_and_every_formula_is_typeset(new_screen, screenshots, size, theme):
    screen = show(new_screen(*size, theme=theme).explore())
    for i, name in enumerate(TABS):
        tab(screen, name)
        screen.page.wait_for_timeout(500)
        screen.page.screenshot(path=screenshots / f"notes-{i}-{size[0]}-{theme}.png")
        assert screen.page.evaluate(OVERFLOW) == [0, 0]
        assert screen.page.get_by_test_id("stMain").evaluate(TOO_WIDE) == []
        expect(screen.page.locator(".katex-error")).to_have_count(0)
    tab(screen, "theory")
    formulas = screen.page.locator(".katex-display")
    assert formulas.count() > 15
    for letter in "(1)", "(2)", "(3)", "(4)":
        expect(formulas.filter(has_text=letter).first).to_be_attached()


def test_a_chapter_is_one_click_away(notes):
    heading = notes.page.get_by_role("heading", name="8 · Gates: GRU and LSTM")
    expect(heading).not_to_be_in_viewport()
    notes.page.get_by_role("link", name="8 Gates: GRU and LSTM").click()
    expect(heading).to_be_in_viewport()
    back = notes.page.get_by_role("link", name="2 Words become vectors")
    expect(back).to_be_in_viewport()  # wherever one is, all chapters are at hand
    back.click()
    expect(notes.page.get_by_role("heading", name="2 · Words become vectors")).to_be_in_viewport()
    expect(heading).not_to_be_in_viewport()


def test_the_future_changes_nothing_until_the_past_does(notes):
    tab(notes, "claims")
    card = proof(notes, "F")
    expect(card).to_contain_text("up to Teddy (step 1)")
    expect(card).to_contain_text("max |difference| = 0.")
    enter(notes, "notes_future_2", "Teddy Roosevelt was here")
    expect(card).to_contain_text("up to was (step 3)")
    expect(card).to_contain_text("max |difference| = 0.")
    enter(notes, "notes_future_2", "Harry was here")
    expect(card).to_contain_text("Begin both with the same word")
    expect(card).not_to_contain_text("<UNK>")
    enter(notes, "notes_future_2", "Teddy <img src=x onerror=alert(1)>")
    expect(card).to_contain_text("up to Roosevelt (step 2)")  # which is not in the dictionary, and neither is <
    expect(card).to_contain_text("<UNK>: to the network they are one and the same word")


def test_time_is_measured_on_a_click(notes):
    tab(notes, "claims")
    card = proof(notes, "D")
    expect(card.locator(".js-plotly-plot")).to_have_count(0)
    notes.press("notes_time")
    expect(card).to_contain_text(re.compile(r"[\d.]+ µs a step"))
    expect(card.locator(".js-plotly-plot")).to_be_visible()


@pytest.mark.parametrize(("section", "station"), [("vanish", "reach"), ("gates", "help")])
def test_a_chapter_on_gradients_leads_to_its_station(notes, section, station):
    notes.widget(f"more_{section}", "button").click()
    expect(notes.page.locator(f".st-key-station_{station}")).to_be_visible()


def test_a_claim_leads_to_the_page_that_shows_it_and_back_the_page_is_as_it_was(notes):
    tab(notes, "claims")
    enter(notes, "notes_far", "Grace told her friend a story")
    expect(proof(notes, "E")).to_contain_text("arrives at ‘Grace’")
    proof(notes, "E").get_by_test_id("stPageLink").get_by_role("link").click()
    expect(notes.page.get_by_role("heading", level=1)).to_have_text("How far back do errors reach?")
    notes.settle()
    tab(show(notes), "claims")
    expect(notes.widget("notes_far", "input")).to_have_value("Grace told her friend a story")


BROKEN = """page => [...page.querySelectorAll(".katex-html")].filter(one => one.checkVisibility())
    .filter(one => new Set([...one.getClientRects()].map(({ top }) => Math.round(top / 8))).size > 1)
    .map(one => one.textContent)"""  # formulas on more lines than one


def test_on_a_phone_no_formula_is_broken_and_the_drawings_are_read(new_screen):
    screen = show(new_screen(390, 844).explore())
    for key in ("folded_chart", "cell_forward", "cell_backward"):
        chart = screen.widget(key, ".js-plotly-plot")
        expect(chart).to_be_visible()
        texts = chart.evaluate(
            """chart => [...chart.querySelectorAll("text")].filter(one => one.textContent)
                .map(one => [one.getBoundingClientRect().left, one.getBoundingClientRect().right,
                    parseFloat(getComputedStyle(one).fontSize)])"""
        )
        assert texts and all(left >= 0 and right <= 390 and size >= 11 for left, right, size in texts)
    for name in TABS:
        tab(screen, name)
        if name in ("theory", "symbols"):
            expect(screen.widget(name, ".katex-html").first).to_be_attached()
        assert screen.page.evaluate(f"({BROKEN})(document)") == []
        assert screen.page.evaluate(OVERFLOW) == [0, 0]
