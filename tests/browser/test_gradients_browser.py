"""The page Gradients in a real browser: four matrices, one number taken apart, the cliff, and a race to stop"""

import re

import pytest
from playwright.sync_api import expect

from core.cells import CELLS
from explorer.choices.record import STATIONS
from explorer.prose import prose
from tests.helpers.screen import Screen


def gradients(screen: Screen) -> Screen:
    screen.turn_to("Gradients")
    for cell in CELLS:
        expect(screen.widget(f"matrix_{cell}", "canvas")).to_be_visible()
    screen.settle()
    return screen


def verdicts(screen: Screen) -> str:
    """What is said above and below the four matrices"""
    return " ".join(screen.page.get_by_text("10× weaker every").all_inner_texts())


def station(screen: Screen, name: str) -> Screen:
    """The route is a row of five: a click on one draws it"""
    screen.widget("station", "button").nth(STATIONS.index(name)).click()
    expect(screen.widget(f"station_{name}")).to_be_visible()
    screen.settle()
    return screen


def bottom(screen: Screen, name: str) -> float:
    return screen.widget(f"station_{name}").evaluate("station => station.getBoundingClientRect().bottom")


def test_an_entry_taken_apart_stands_on_the_same_screen(new_screen):
    screen = gradients(new_screen(1440, 900).explore())
    screen.press("take_apart")
    expect(screen.widget("factors", ".js-plotly-plot")).to_have_count(2)
    screen.settle()
    assert bottom(screen, "reach") <= 900
    screen.press("guess_shown")
    expect(screen.widget("predict")).to_contain_text("random sequences")
    screen.settle()
    assert bottom(screen, "reach") <= 900, "with all that is told of the trained networks, too"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desktop", "phone"])
def test_it_fits_and_on_a_desktop_every_station_is_one_screen(new_screen, size, theme):
    screen = gradients(new_screen(*size, theme=theme).explore())
    for name in STATIONS:
        station(screen, name)
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert bottom(screen, name) <= 900 or size[0] < 640, name
    ticked = [
        prose("gradients", "route_number", is_ticked=i < 5, number=i, station=prose("gradients", f"route_{name}"))
        for i, name in enumerate(STATIONS, start=1)
    ]
    expect(screen.widget("station", "button")).to_have_text(ticked)


def test_on_a_small_laptop_the_answer_stands_with_its_question_the_controls_and_the_matrices(new_screen):
    screen = gradients(new_screen(1280, 720).explore("?v=2&station=reach"))
    screen.press("guess_tanh")
    expect(screen.widget("predict")).to_contain_text("You said tanh RNN")
    screen.settle()
    end = "node => node.getBoundingClientRect().bottom"
    screen.until(lambda: 0 < screen.widget("credits").evaluate(end) <= 570, "the matrices, with what is said of them")
    assert bottom(screen, "reach") <= 810, "and the curves begin on the same screen"
    assert screen.widget("matrix_tanh", "canvas").bounding_box()["height"] >= 90


MUCH_CHANGED = (
    "station=help&forget_bias=5&update_bias=-3&initialisation=identity&truncate=10",
    "station=reach&truncate=7&credit_s=50&credit_k=3",
)


@pytest.mark.parametrize("link", MUCH_CHANGED)
def test_with_all_that_may_be_changed_it_is_still_one_screen(new_screen, link):
    screen = new_screen(1440, 900).explore(f"?v=2&{link}")
    screen.turn_to("Gradients")
    expect(screen.page.locator(".js-plotly-plot").last).to_be_visible()
    screen.settle()
    name = link.partition("&")[0].removeprefix("station=")
    screen.until(lambda: 0 < bottom(screen, name) <= 900, "one screen")


PLACE = """plot => {
    const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect(), at = plot.calcdata.at(-1)[30];
    return [box.x + xaxis._offset + xaxis.d2p(at.x), box.y + yaxis._offset + yaxis.d2p(at.y)];
}"""  # of the measured line, 30 steps back


def test_a_click_on_a_distance_takes_apart_as_far(screen):
    station(gradients(screen), "why")
    chart = screen.widget("why_chart", ".js-plotly-plot")
    expect(chart).to_be_visible()
    screen.page.mouse.click(*chart.evaluate(PLACE))
    expect(screen.widget("factors")).to_contain_text(re.compile("Over (29|30|31) steps back"))  # three pixels apart


def test_another_seed_moves_the_matrices_and_is_in_the_link(screen):
    before = verdicts(gradients(screen))
    assert before
    screen.open_settings()
    screen.widget("seed", "input").fill("7")
    screen.widget("seed", "input").press("Enter")
    screen.until(lambda: verdicts(screen) not in ("", before), "new verdicts")
    screen.until(lambda: "seed=7" in screen.location, "the address bar holds the seed")


def test_a_number_is_taken_apart(screen):
    gradients(screen).press("take_apart")
    expect(screen.widget("factors", ".js-plotly-plot")).to_have_count(2)
    expect(screen.widget("factors")).to_contain_text("One unit of error at step 100 leaves")
    screen.press("close_factors")
    room = screen.widget("matrix_gru", "canvas").bounding_box()
    x, y = round(room["x"] + 0.2 * room["width"]), round(room["y"] + 0.8 * room["height"])  # as a mouse tells them
    k, s = (1 + int(100 * share) for share in ((x - room["x"]) / room["width"], (y - room["y"]) / room["height"]))
    screen.page.mouse.click(x, y)
    screen.until(lambda: f"credit_s={s}" in screen.location and f"credit_k={k}" in screen.location, "a matrix clicked")
    expect(screen.widget("factors")).to_contain_text(f"One unit of error at step {s} leaves")


def test_a_step_on_the_cliff_moves_the_ball_and_is_in_the_link(screen):
    station(gradients(screen), "cliff")
    expect(screen.page.get_by_test_id("cliff-side")).to_be_visible()
    before = screen.bytes
    screen.press("cliff_step")
    screen.until(lambda: "cliff_steps=1" in screen.location, "the address bar counts the steps")
    expect(screen.page.get_by_test_id("cliff-above")).to_have_attribute("aria-label", re.compile("1 step leads"))
    screen.settle()
    assert screen.bytes - before < 30_000, "the ground stays: only the paths are sent"


def test_every_step_is_read_without_scrolling_sideways(new_screen):
    screen = new_screen(1280, 720).explore("?v=2&station=cliff&cliff_steps=3")
    screen.turn_to("Gradients")
    screen.page.get_by_role("button", name=prose("gradients", "cliff_table")).click()
    table = screen.widget("cliff_every_step", '[data-testid="stDataFrame"]')
    expect(table).to_be_visible()
    wide = [one.evaluate("box => box.clientWidth") for one in (table, screen.page.get_by_test_id("stPopoverBody"))]
    assert 900 <= wide[0] <= wide[1]


def test_a_click_places_the_ball(screen):
    station(gradients(screen), "cliff")
    screen.page.get_by_test_id("cliff-above").click(position={"x": 200, "y": 60})
    screen.until(lambda: "cliff_w=" in screen.location and "cliff_b=" in screen.location, "the ball is in the link")


def test_a_race_starts_and_stops_and_keeps_what_it_measured(screen):
    station(gradients(screen), "race").press("race_start")
    race = screen.widget("race")
    expect(race).to_contain_text("In training")
    screen.press("race_stop")
    expect(race).to_contain_text("Nothing is lost")
