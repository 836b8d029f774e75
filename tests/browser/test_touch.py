"""A thumb scrolls: a vertical swipe that begins on any chart, or on the stage, moves the page"""

import pytest
from playwright.sync_api import Locator, expect

from tests.helpers.screen import Screen

DISTANCE, MOVES = 200, 8
CHARTS = (
    '.js-plotly-plot, [data-testid="reach-chart"], [data-testid="memory-map"], .matrix, .step-taken :is(svg, canvas),'
    " .exhibit .picture"
)
CENTRE = """chart => {
    chart.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top, width, height } = chart.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
}"""


def swipe(screen: Screen, chart: Locator) -> float:
    """So far a finger moves the page that goes 200 px up from the chart's middle, or down if the page ends below"""
    main = screen.page.get_by_test_id("stMain")
    x, y = chart.evaluate(CENTRE)
    screen.page.wait_for_timeout(100)
    before, room = main.evaluate("main => [main.scrollTop, main.scrollHeight - main.clientHeight - main.scrollTop]")
    way = 1 if room >= DISTANCE else -1
    browser = screen.page.context.new_cdp_session(screen.page)
    touch = lambda kind, points: browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})  # noqa: E731
    touch("touchStart", [{"x": x, "y": y}])
    for i in range(1, MOVES + 1):
        touch("touchMove", [{"x": x, "y": y - way * DISTANCE * i / MOVES}])
        screen.page.wait_for_timeout(20)
    touch("touchEnd", [])
    screen.page.wait_for_timeout(100)
    browser.detach()
    return way * (main.evaluate("main => main.scrollTop") - before)


@pytest.fixture
def phone(new_screen) -> Screen:
    return new_screen(390, 844, has_touch=True, is_mobile=True).explore("")


def test_on_every_panel_of_explore(phone):
    expect(phone.page.get_by_test_id("reach-chart")).to_be_visible()
    assert swipe(phone, phone.stage) > DISTANCE / 2
    assert swipe(phone, phone.page.get_by_test_id("reach-chart")) > DISTANCE / 2
    phone.press("apply_update")
    expect(phone.page.get_by_test_id("step-taken")).to_be_visible()
    check_all(phone)
    for name, last in (("What each step adds", "shares"), ("What an update changes", "before_after")):
        phone.open_panel(name)
        expect(phone.widget(last, ".js-plotly-plot")).to_be_visible()
        check_all(phone)


@pytest.mark.parametrize("name", ["Gradients", "Structures"])
def test_on_the_other_pages_that_draw_charts(phone, name):
    phone.turn_to(name)
    check_all(phone)


def check_all(phone: Screen) -> None:
    charts = phone.page.locator(CHARTS)
    expect(charts.first).to_be_visible()
    phone.settle()
    for chart in charts.all():
        if chart.is_visible():
            assert swipe(phone, chart) > DISTANCE / 2, chart.evaluate("chart => chart.outerHTML.slice(0, 200)")
