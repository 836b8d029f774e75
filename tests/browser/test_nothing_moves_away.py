"""On Gradients nothing moves away from under a click, and what a click opens is in view."""

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from tests.helpers.screen import Screen

SCROLLED = "page => page.scrollTop"


def on_page(screen: Screen, part: Locator) -> tuple[float, float]:
    """Where it stands, however far the page is scrolled"""
    box = part.bounding_box()
    return box["x"], box["y"] + screen.page.get_by_test_id("stMain").evaluate(SCROLLED)


def at_station(screen: Screen, query: str) -> Screen:
    screen.explore(f"?v=2&{query}")
    screen.turn_to("Gradients")
    return screen


def test_a_warning_of_the_map_comes_and_goes_and_the_map_stays(new_screen):
    screen = at_station(new_screen(1280, 720), "station=help&length=12&hidden_units=8")
    stop = screen.page.get_by_role("button", name="LSTM, bias of Γf 5 and of Γu −5")
    expect(screen.widget("carried")).to_be_visible()
    expect(screen.widget("held_chart", ".js-plotly-plot")).to_be_visible()
    places = [stop.bounding_box()]
    screen.press("carried_back")
    expect(screen.widget("carried")).to_have_count(0)
    screen.settle()
    places.append(stop.bounding_box())
    assert places[0] == places[1]
    chart = screen.widget("held_chart")
    before = chart.bounding_box()
    stop.click()
    expect(stop).to_have_attribute("aria-pressed", "true")
    expect(screen.widget("gates")).to_contain_text("before → now")
    screen.settle()
    assert chart.bounding_box()["y"] == before["y"], "what is told of the change moves no curve"


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["laptop", "phone"])
def test_the_first_prediction_moves_no_other(new_screen, size):
    screen = at_station(new_screen(*size), "station=race&hidden_units=4")
    other = screen.widget("race_relu", "label").filter(has_text="gap 20")
    expect(screen.widget("race_lstm", "label").last).to_be_visible()
    screen.settle()
    before = on_page(screen, other)
    screen.widget("race_tanh", "label").filter(has_text="gap 10").click()
    expect(screen.widget("all_as_at_first_race")).to_be_visible()
    screen.settle()
    assert on_page(screen, other) == before


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["laptop", "phone"])
def test_a_click_on_a_matrix_brings_what_it_opens_into_view_and_nothing_else_does(new_screen, size):
    screen = at_station(new_screen(*size), "station=reach&length=12")
    main = screen.page.get_by_test_id("stMain")
    expect(screen.widget("decay_chart", ".js-plotly-plot")).to_be_visible()
    screen.settle()
    assert main.evaluate(SCROLLED) == 0
    canvas = screen.widget("matrix_tanh", "canvas")
    room = canvas.bounding_box()
    canvas.click(position={"x": 0.1 * room["width"], "y": 0.8 * room["height"]})
    panel = screen.widget("factors")
    expect(panel.locator(".js-plotly-plot")).to_have_count(2)
    seen = lambda box: box["y"] >= 50 and (box["y"] < 200 or box["y"] + box["height"] <= size[1])  # noqa: E731
    screen.until(lambda: seen(panel.bounding_box()), "the panel in view")
    screen.widget("credit_k", "input").fill("10")
    screen.page.keyboard.press("Enter")
    screen.settle()
    assert panel.bounding_box()["height"] >= 300, "where there is nothing to split its place is kept"
    expect(panel).to_contain_text("the same step")


def test_a_link_and_a_slider_scroll_nothing_and_the_scale_and_its_text_are_clear(new_screen):
    screen = at_station(new_screen(1280, 720), "station=reach&length=12&credit_s=12&credit_k=1&credit_cell=tanh")
    expect(screen.widget("factors", ".js-plotly-plot")).to_have_count(2)
    slider = screen.widget("length").get_by_role("slider")
    slider.press("ArrowLeft")
    screen.until(lambda: "length=11" in screen.location, "the slider")
    screen.settle()
    assert screen.page.get_by_test_id("stMain").evaluate(SCROLLED) == 0
    ends = "marks => marks.map(mark => mark.getBoundingClientRect()).map(({ left, right }) => [left, right])"
    marks = screen.page.locator(".matrix-scale span").evaluate_all(ends)
    assert min(right[0] - left[1] for left, right in pairwise(marks)) >= 4
    screen.page.get_by_role("button", name="How to read this").click()
    told = screen.page.get_by_test_id("stPopoverBody")
    expect(told).to_contain_text("row s is the loss at step s")
    end = screen.widget("matrix_tanh", "canvas").bounding_box()
    screen.until(
        lambda: told.bounding_box()["y"] >= end["y"] + end["height"], "the matrices are seen beside their text"
    )
    assert told.bounding_box()["y"] + told.bounding_box()["height"] <= 720


def test_on_a_phone_the_cliff_begins_with_its_picture_and_then_come_the_steps(new_screen):
    screen = at_station(new_screen(390, 844), "station=cliff&cliff_steps=3")
    above, aside = (screen.page.get_by_test_id(f"cliff-{side}") for side in ("above", "side"))
    expect(above).to_be_visible()
    screen.settle()
    screen.until(lambda: end_of(above) <= 844, "the picture from above in the first screen")
    button = screen.widget("cliff_step", "button:visible").bounding_box()["y"]
    assert end_of(aside) < button < end_of(aside) + 150 < screen.widget("cliff_w").bounding_box()["y"] + 150
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(screen.page.locator(".cliff .said").first).to_contain_text("In the corner: the start, ×")


def end_of(part: Locator) -> float:
    box = part.bounding_box()
    return box["y"] + box["height"]
