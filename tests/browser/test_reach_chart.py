"""The T × T chart below the stage: a press on a row sends its error back"""

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from core.data.vocabulary import tokenise
from explorer.compute.unrolled import unroll_sentence
from tests.helpers.reference import SENTENCE, guess, network


def matrix() -> np.ndarray:
    return unroll_sentence(network(), "tanh", tuple(tokenise(SENTENCE)), tuple(guess(SENTENCE))).credit_matrix


def told(chart: Locator) -> float:
    """The number of the cell that is looked at"""
    return float(chart.locator(".told").inner_text().rsplit("=", 1)[1])


def libraries(screen) -> list[str]:
    return [url for url in screen.sent if "plotly" in url.lower()]


def test_a_press_on_a_row_sends_that_error_and_the_row_stands_out(screen):
    chart = screen.page.get_by_test_id("reach-chart")
    expect(chart.locator(".row")).to_have_count(9)
    chart.locator('[data-s="7"]').click()
    expect(screen.stage).to_have_attribute("data-whose", "7")
    expect(screen.stage).to_have_attribute("data-phase", "backward")
    expect(chart.locator(".chosen")).to_have_attribute("data-s", "7")
    screen.until(lambda: "whose=7" in screen.location, "the address bar names the error")
    screen.transport.get_by_test_id("whose").select_option("5")
    expect(chart.locator(".chosen")).to_have_attribute("data-s", "5")


def test_the_arrows_walk_through_the_cells_and_enter_sends_and_keeps_the_focus(screen):
    chart = screen.page.get_by_test_id("reach-chart")
    chart.locator('[data-s="5"]').focus()
    screen.page.keyboard.press("ArrowDown")
    expect(chart.locator('[data-s="6"]')).to_be_focused()
    assert told(chart) == float(f"{matrix()[5, 0]:.3g}")
    screen.page.keyboard.press("ArrowRight")
    assert told(chart) == float(f"{matrix()[5, 1]:.3g}")
    expect(chart.locator(".looked")).to_have_attribute("data-k", "2")
    screen.page.keyboard.press("Enter")
    expect(screen.stage).to_have_attribute("data-whose", "6")
    screen.until(lambda: "whose=6" in screen.location, "the address bar names the error")
    screen.settle()
    expect(chart.locator('[data-s="6"]')).to_be_focused()


def test_no_chart_library_is_fetched_before_a_panel_needs_it(new_screen):
    screen = new_screen().explore("")
    expect(screen.page.get_by_test_id("reach-chart")).to_be_visible()
    screen.press("apply_update")
    expect(screen.page.get_by_test_id("step-taken")).to_be_visible()
    screen.settle()
    assert not libraries(screen)
    screen.open_panel("What each step adds")
    expect(screen.page.locator(".js-plotly-plot")).to_be_visible()
    assert libraries(screen)


@pytest.mark.parametrize("T", [1, 9, 40])
def test_every_row_can_be_seen_and_pressed(new_screen, T):
    screen = new_screen().explore(f"?v=2&sentence={'+'.join((SENTENCE.split() * 5)[:T])}")
    rows = screen.page.get_by_test_id("reach-chart").locator(".row")
    expect(rows).to_have_count(T)
    assert min(row.bounding_box()["height"] for row in rows.all()) >= 9


def test_pointing_at_a_cell_tells_what_arrives(screen):
    chart = screen.page.get_by_test_id("reach-chart")
    chart.locator('[data-s="5"] [data-k="2"]').hover()
    expect(chart.locator(".told")).to_contain_text("The loss at Granger (s = 5) reaches Potter (k = 2)")
    assert told(chart) == float(f"{matrix()[4, 1]:.3g}")
