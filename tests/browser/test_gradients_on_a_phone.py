"""The stations of Gradients on a phone: what is drawn can be read, and nothing but itself scrolls sideways."""

import pytest
from playwright.sync_api import expect

ACROSS = "plot => plot._fullLayout.xaxis._length"


@pytest.mark.parametrize("width", [390, 320])
def test_the_three_curves_have_room_and_scroll_inside_themselves(new_screen, width):
    screen = new_screen(width, 700).explore("?v=2&station=why")
    screen.turn_to("Gradients")
    chart = screen.widget("why_chart", ".js-plotly-plot")
    expect(chart).to_be_visible()
    screen.until(lambda: chart.evaluate(ACROSS) >= 200, "room for the curves")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    box = screen.widget("three_curves")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX") == "auto"
    told = screen.widget("three_told")
    expect(told).to_be_visible()
    expect(told).to_contain_text("measured: ×")
    assert told.evaluate("node => node.scrollWidth <= node.clientWidth"), "what the curves end at is read whole"


def test_on_a_desktop_the_names_stand_at_the_curves_alone(new_screen):
    screen = new_screen(1280, 720).explore("?v=2&station=why")
    screen.turn_to("Gradients")
    expect(screen.widget("why_chart", ".js-plotly-plot")).to_be_visible()
    expect(screen.widget("three_told")).to_be_hidden()
