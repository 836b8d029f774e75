"""A matrix and what is said of it are of one network at any moment, however late the messages arrive."""

import re

from playwright.sync_api import expect

from core.cells import CELLS
from tests.helpers.slow_line import slow_line

RECORD = """cells => {
    const inside = root => root.querySelector("canvas")
        ?? [...root.querySelectorAll("*")].map(one => one.shadowRoot && inside(one.shadowRoot)).find(Boolean);
    const look = () => cells.map(cell => {
        const home = document.querySelector(`.st-key-credit_${cell}`), canvas = inside(home);
        const said = home.querySelector("strong").textContent, of = canvas.getAttribute("aria-label");
        return [of.includes(said), Number(getComputedStyle(canvas).opacity), home.getBoundingClientRect().height];
    });
    window.seen = [];
    const frame = () => (window.seen.push(...look()), requestAnimationFrame(frame));
    frame();
}"""  # at every frame: is the picture of what is said, how much of it is seen, and how high is its place


def test_a_picture_of_another_network_than_its_words_is_pale(new_screen):
    screen = new_screen(1440, 900)
    slow_line(screen.page, 3, 60, 120)
    screen.explore("?v=2&station=reach").turn_to("Gradients")
    canvases = [screen.widget(f"matrix_{cell}", "canvas") for cell in CELLS]
    for canvas in canvases:
        expect(canvas).to_have_attribute("aria-label", re.compile("untrained, 100 steps"))
    screen.page.evaluate(RECORD, list(CELLS))
    screen.widget("length").get_by_role("slider").press("PageDown")
    for canvas in canvases:
        expect(canvas).to_have_attribute("aria-label", re.compile("untrained, (?!100 )"))
        expect(canvas).to_have_css("opacity", "1")
    seen = screen.page.evaluate("window.seen")
    apart = [opacity for is_same, opacity, _ in seen if not is_same]
    assert apart, "on a line this slow, words arrive before their picture"
    assert max(apart) < 0.5
    assert len({height for *_, height in seen}) == 1, "nothing jumps"
