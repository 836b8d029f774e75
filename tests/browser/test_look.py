"""Both themes and every width: readable, nothing cut off, no page that scrolls sideways"""

import pytest
from playwright.sync_api import expect

from tests.helpers.looks import OVERFLOW, SIZES, THEMES

READABLE = 4.5  # WCAG 2 AA

# Paints every background behind a text onto one pixel, then the text's colour onto another, and compares them.
CONTRASTS = """stage => {
    const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
        .getContext("2d", { willReadFrequently: true });
    const seen = (...colours) => {
        pen.clearRect(0, 0, 1, 1);
        for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
        return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const light = rgb => rgb.map(linear).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = node => {
        const colours = [];
        for (; node instanceof Element; node = node.parentElement ?? node.getRootNode().host)
            colours.unshift(getComputedStyle(node).backgroundColor);
        return colours;
    };
    const says = node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
    const stands = node => node.checkVisibility({ visibilityProperty: true });
    const texts = [...stage.querySelectorAll(".step *")].filter(node => says(node) && stands(node));
    return texts.map(node => {
        const under = behind(node);
        const [text, ground] = [light(seen(...under, getComputedStyle(node).color)), light(seen(...under))];
        return [node.textContent, (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05)];
    });
}"""


def forward_to_the_end(screen) -> None:
    screen.transport.get_by_test_id("scrub").fill("9")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_it_fits_and_reads_well(new_screen, screenshots, size, theme):
    screen = new_screen(*size, theme=theme).explore("")
    expect(screen.page.get_by_test_id("reach-chart")).to_be_visible()
    screen.settle()
    screen.page.screenshot(path=screenshots / f"explore-{size[0]}-{theme}.png")
    assert screen.page.evaluate(OVERFLOW) == [0, 0]
    for way, end in (("forward", "9"), ("backward", "1")):  # at the end of a way nothing is still to come
        screen.transport.get_by_test_id(f"play-{way}").click()
        screen.transport.get_by_test_id("scrub").fill(end)
        contrasts = screen.stage.evaluate(CONTRASTS)
        assert len(contrasts) > 9
        assert [(text, round(ratio, 2)) for text, ratio in contrasts if ratio < READABLE] == []
    screen.page.screenshot(path=screenshots / f"explore-{size[0]}-{theme}-backward.png")


def test_reduced_motion_jumps(new_screen):
    screen = new_screen(reduced_motion="reduce").explore("")
    screen.stage.evaluate(
        """stage => { window.glides = 0; for (const kind of ["transitionrun", "animationstart"])
            stage.addEventListener(kind, () => { window.glides += 1; }); }"""
    )
    screen.transport.get_by_test_id("speed").select_option("4")
    for way, end in (("forward", "9"), ("backward", "1")):
        screen.transport.get_by_test_id(f"play-{way}").click()
        expect(screen.stage).to_have_attribute("data-phase", way)
        expect(screen.stage).to_have_attribute("data-t", end)
    assert screen.page.evaluate("window.glides") == 0


LARGER = 1.35  # than on a laptop, so that it is read from the last row
TYPE = {  # what is spoken aloud, and what is read
    "the running line": '[data-testid="banner"]',
    "a number on the stage": '[data-testid="step"] .loss',
    "the figure of the card": '[data-testid="sum"]',
    "the result": '[data-testid="result"] strong',
    "a button of the loop": '[data-testid="play-forward"]',
}
HEIGHT = """node => {
    let zoom = 1;
    for (let at = node; at instanceof Element; at = at.parentElement ?? at.getRootNode().host)
        zoom *= Number(getComputedStyle(at).zoom);
    return Number.parseFloat(getComputedStyle(node).fontSize) * zoom;
}"""


def test_on_a_projector_type_is_larger_and_all_of_the_loop_still_in_sight(new_screen):
    sizes = []
    for width, height in ((1440, 900), (1920, 1080)):
        screen = new_screen(width, height).explore("")
        screen.settle()
        sizes.append([screen.page.locator(part).first.evaluate(HEIGHT) for part in TYPE.values()])
        for part in (screen.stage, screen.transport, screen.result):
            box = part.bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= height
        assert screen.page.evaluate(OVERFLOW) == [0, 0]
    ratios = {name: round(large / small, 2) for name, small, large in zip(TYPE, *sizes, strict=True)}
    assert min(ratios.values()) >= LARGER - 0.02, ratios
