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
