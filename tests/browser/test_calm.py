"""Nothing jumps: an update, and taking it back, leave stage, row and strip where they are; no page scrolls sideways"""

import pytest
from playwright.sync_api import expect

from tests.helpers.looks import OVERFLOW

WIDTHS = (320, 360, 390, 600, 641, 720, 768, 960, 1024, 1180, 1366, 1440, 1920)
# What moves outside of the picture, by the browser's own measure: how much of the window, and how far. (In the picture
# much is meant to move; an entry may hold both, and of a component the browser names places, not parts. What comes or
# goes has no size before or after.)
WATCH = """() => {
    window.shifts = [];
    const [picture, { innerWidth: width, innerHeight: height }] =
        [document.querySelector(".st-key-stage").getBoundingClientRect(), window];
    const isOutside = ({ node, currentRect: is, previousRect: was }) => is.width && was.width &&
        (node || [is, was].some(rect => rect.bottom < picture.top || rect.top > picture.bottom));
    const measured = ({ node, previousRect: was, currentRect: is }) => {
        const [x, y] = [["left", "right"], ["top", "bottom"]].map(
            ([start, end]) => Math.max(was[end], is[end]) - Math.min(was[start], is[start]));
        const far = Math.max(Math.abs(is.left - was.left), Math.abs(is.top - was.top));
        const what = node?.textContent ?? JSON.stringify([was, is]);
        return [(x * y) / (width * height) * far / Math.max(width, height), what];
    };
    new PerformanceObserver(list => list.getEntries().forEach(entry =>
        window.shifts.push(...entry.sources.filter(isOutside).map(measured))))
        .observe({ type: "layout-shift", buffered: false });
}"""


def places(screen) -> list[dict]:
    return [part.bounding_box() for part in (screen.stage, screen.transport, screen.result)]


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_strip_keeps_its_size_and_place(new_screen, size):
    screen = new_screen(*size).explore("")
    strip = screen.widget("strip")
    before = strip.bounding_box()
    assert before["y"] + before["height"] <= size[1], "with the stage and its row it is in view"
    for key, n in (("apply_update", "1"), ("undo", "0")):
        screen.press(key)
        expect(screen.result).to_have_attribute("data-n", n)
        screen.settle()
        assert strip.bounding_box() == before
        assert screen.result.bounding_box()["height"] <= before["height"]


def test_an_update_and_taking_it_back_move_nothing(screen):
    expect(screen.page.get_by_test_id("reach-chart")).to_be_visible()
    screen.settle()
    before = places(screen)
    screen.page.evaluate(WATCH)
    for key, n in (("apply_update", "1"), ("apply_10", "11"), ("undo", "1"), ("reset", "0")):
        screen.press(key)
        expect(screen.result).to_have_attribute("data-n", n)
        screen.settle()
        assert places(screen) == before
    assert float(screen.result.get_attribute("data-loss-before")) > 0
    shifts = screen.page.evaluate("window.shifts")  # those after a press are counted, too
    assert sum(value for value, _ in shifts) < 0.01, f"a tenth of what is good: {shifts}"


@pytest.mark.parametrize(("page", "box", "most"), [("Explore", "sentence", 0), ("Structures", "input", 16)])
def test_an_empty_box_takes_no_room_from_the_loop(new_screen, page, box, most):
    """most: pixels; on a low screen the rows of Structures stand closer while there is a network"""
    screen = new_screen(1280, 720).explore("")
    screen.turn_to(page)
    expect(screen.step(1)).to_be_visible()
    before = {key: screen.widget(key).bounding_box() for key in ("loop", "strip")}
    text = screen.widget(box, "input").input_value()
    screen.widget(box, "input").fill("")
    expect(screen.stage).to_have_count(0)
    screen.settle()
    assert all(abs(screen.widget(key).bounding_box()["y"] - old["y"]) <= most for key, old in before.items())
    screen.widget(box, "input").fill(text)
    expect(screen.step(1)).to_be_visible()
    screen.settle()
    assert {key: screen.widget(key).bounding_box() for key in before} == before


SIZES = [(1280, 720), (1440, 900), (1920, 1080), (390, 844)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_before_its_script_has_come_the_stage_has_most_of_its_room_and_never_more(new_screen, size):
    screen = new_screen(*size).explore("")
    home = screen.widget("stage")
    reserved = home.evaluate("home => Number.parseFloat(getComputedStyle(home).minHeight)")
    assert 0.7 * home.bounding_box()["height"] < reserved <= screen.stage.bounding_box()["height"]


CUT = """legend => [...legend.children].filter(part => part.offsetWidth).filter(part => {
    const [is, home] = [part.getBoundingClientRect(), legend.getBoundingClientRect()];
    return is.left < home.left || is.right > home.right + 1 || (is.top < home.bottom && is.bottom > home.bottom);
}).map(part => part.textContent)"""


@pytest.mark.parametrize("way", ["forward", "backward"])
def test_the_legend_is_never_cut(new_screen, way):
    screen = new_screen().explore(f"?v=2&phase={way}")
    legend = screen.stage.locator(".legend")
    seen = [".values", ".losses", ".norms"][: 3 if way == "backward" else 2]
    for width in WIDTHS:
        screen.page.set_viewport_size({"width": width, "height": 800})
        screen.page.wait_for_timeout(400)
        assert (width, legend.evaluate(CUT)) == (width, [])
        home = legend.bounding_box()
        for part in seen if screen.stage.get_attribute("data-narrow") == "false" else []:
            box = legend.locator(part).bounding_box()
            assert box["y"] + box["height"] <= home["y"] + home["height"], (width, part)


def test_on_a_small_laptop_the_card_has_room_for_its_rows_and_its_figure(new_screen):
    screen = new_screen(1280, 720).explore("")
    dock, card = (screen.page.get_by_test_id(name) for name in ("dock", "card"))
    bottom = dock.bounding_box()["y"] + dock.bounding_box()["height"]
    answer = card.locator(".side:not([hidden]) .answer").bounding_box()
    assert answer["y"] + answer["height"] <= bottom, "ŷ and ℒ of the step are seen"
    foot = screen.page.get_by_role("button", name="more of this step").bounding_box()
    assert answer["y"] + answer["height"] <= foot["y"] + 1, "and do not lie under what leads to the rest"
    screen.transport.get_by_test_id("whose").select_option("5")
    screen.transport.get_by_test_id("scrub").fill("4")
    figure = screen.page.get_by_test_id("hop")
    expect(figure).to_contain_text("= 0.845")
    assert min(box.bounding_box()["width"] for box in card.locator(".side:last-child .strip").all()) > 60
    assert figure.bounding_box()["y"] + figure.bounding_box()["height"] <= bottom
    why = card.locator(".directions svg").bounding_box()
    assert why["y"] + why["height"] <= bottom, "and why it is so"
    screen.transport.get_by_test_id("scrub").fill("1")
    end = card.get_by_text("the error ends here")
    expect(end).to_be_visible()
    assert end.bounding_box()["y"] + end.bounding_box()["height"] <= bottom, "and where it ends"


@pytest.mark.parametrize("name", ["Explore", "Structures"])
def test_the_page_never_scrolls_sideways(screen, name):
    screen.turn_to(name)
    for width in WIDTHS:
        screen.page.set_viewport_size({"width": width, "height": 800})
        screen.page.wait_for_timeout(400)  # until everything has found its width
        assert (width, screen.page.evaluate(OVERFLOW)) == (width, [0, 0])
    screen.page.set_viewport_size({"width": 1440, "height": 1010})
