"""The map of the memory and the results of the race in a real browser: chosen by click and by key, read from a table"""

from playwright.sync_api import expect

from core.cells import CELLS
from core.experiments.memory_race import GAPS


def test_a_stop_of_the_map_moves_both_sliders_and_is_in_the_link(new_screen):
    screen = new_screen().explore("?v=2&length=12&station=help")
    screen.turn_to("Gradients")
    stops = screen.page.get_by_test_id("memory-map").get_by_role("button")
    here = stops.and_(screen.page.locator('[aria-pressed="true"]'))
    expect(stops).to_have_count(42)
    expect(here).to_have_count(2)  # the LSTM's and the GRU's
    stop = screen.page.get_by_role("button", name="LSTM, bias of Γf 5 and of Γu −3: 12 of 12 networks learn it")
    stop.click()
    expect(stop).to_have_attribute("aria-pressed", "true")
    expect(here).to_have_count(2)
    screen.until(lambda: "forget_bias=5" in screen.location and "update_bias=-3" in screen.location, "the link")
    stop.press("ArrowLeft")
    screen.page.keyboard.press("Enter")
    screen.until(lambda: "forget_bias=4" in screen.location, "the stop to the left")
    of_gru = screen.page.get_by_role("button", name="GRU, bias of Γu −5: 12 of 12 networks learn it")
    of_gru.click()
    expect(of_gru).to_have_attribute("aria-pressed", "true")
    expect(of_gru).to_have_attribute("title", "GRU, bias of Γu −5: 12 of 12 networks learn it")
    screen.until(lambda: "forget_bias=4" in screen.location and "update_bias=-5" in screen.location, "Γf stays")


def test_the_results_of_a_race_stand_in_a_table(new_screen):
    screen = new_screen().explore("?v=2&length=12&station=race&hidden_units=4&race_updates=100")
    screen.turn_to("Gradients")
    cells = screen.page.get_by_test_id("race-table").locator("td")
    expect(cells).to_have_count(len(CELLS) * len(GAPS))
    first = screen.page.locator('td[data-cell="tanh"][data-gap="5"]')
    expect(first).to_have_attribute("data-accuracy", "")
    screen.press("race_start")
    known = "cells => cells.some(cell => cell.dataset.accuracy)"  # for a moment the table before is there, too
    screen.until(lambda: first.evaluate_all(known), "the first network has finished")
    screen.press("race_stop")
    expect(first).to_have_count(1)
    assert 0 <= float(first.get_attribute("data-accuracy")) <= 1
    expect(first).to_contain_text("%")
