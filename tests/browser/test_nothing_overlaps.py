"""What stands on the stage and in the dock is read: nothing lies over a neighbour, and nothing is cut"""

import re

import pytest
from playwright.sync_api import expect

from tests.helpers.looks import OVERFLOW

SIZES = [(1280, 720), (1440, 900), (1920, 1080), (390, 844)]

# The names at the left, the maps with what they say of themselves, and the pieces of the first column: which of them
# meet, and by how many pixels. (A row's letter is set solid: its box is as high as the letter is large.)
MEETING = """stage => {
    const boxes = [];
    const box = node => node.getBoundingClientRect();
    const inked = node => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect();
    };
    const add = (pieces, measure, name = node => node.textContent) => {
        for (const node of stage.querySelectorAll(pieces))
            if (name(node) && node.checkVisibility({ visibilityProperty: true }) && box(node).width)
                boxes.push({ name: name(node), box: measure(node) });
    };
    const own = node => node.className;
    add(".label:not(.at-grad) > *", box);
    add(".at-grad .symbol", inked);
    add(".map > :is(b, small)", box);
    add(".map > .sheet-of", box, node => `map ${node.parentElement.dataset.name}`);
    add('.step[data-t="1"] > :is(.strip, .chance, .hidden, .memory)', box, own);
    add('.step[data-t="1"] > :is(.onehot, .target, .loss, .prediction)', inked, own);
    return boxes.flatMap(({ name, box }, i) => boxes.slice(i + 1).flatMap(other => {
        const [x, y] = [["left", "right"], ["top", "bottom"]].map(([from, to]) =>
            Math.min(box[to], other.box[to]) - Math.max(box[from], other.box[from]));
        return x > 1 && y > 1 ? [`${name} | ${other.name}: ${x.toFixed(1)} × ${y.toFixed(1)}`] : [];
    }));
}"""


@pytest.mark.parametrize("cell", ["tanh", "lstm"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_names_at_the_left_keep_to_themselves(new_screen, size, cell):
    screen = new_screen(*size).explore(f"?v=2&activation={cell}&sentence={SEVENTEEN}")
    to_the_left(screen)
    assert screen.stage.evaluate(MEETING) == []
    screen.transport.get_by_test_id("whose").select_option("17")
    screen.back_at(17)
    to_the_left(screen)
    assert screen.stage.evaluate(MEETING) == []


SEVENTEEN = "Harry Potter and Hermione Granger invented a new spell and then they went home to see Ron"


def to_the_left(screen) -> None:
    """The stage is seen from its start"""
    screen.stage.locator(".scroller").evaluate("home => home.scrollTo({ left: 0, behavior: 'instant' })")


def test_scrolled_sideways_the_weights_cover_no_more_than_their_own_column(new_screen):
    screen = new_screen(1280, 720).explore(f"?v=2&sentence={SEVENTEEN}")
    screen.stage.locator(".scroller").evaluate("home => home.scrollTo({ left: 200, behavior: 'instant' })")
    beyond = """stage => {
        const edge = stage.querySelector(".weights").getBoundingClientRect().right;
        return [...stage.querySelectorAll(".map > b, .map > small")].filter(node => node.checkVisibility())
            .filter(node => node.getBoundingClientRect().right > edge).map(node => node.textContent);
    }"""
    assert screen.stage.evaluate(beyond) == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_what_a_loss_was_and_is_stays_in_its_own_column(new_screen, size):
    screen = new_screen(*size, reduced_motion="reduce").explore("?v=2&learning_rate=0.5")
    screen.press("apply_update")
    expect(screen.result).to_have_attribute("data-n", "1")
    loss = screen.stage.locator(".step.most > .loss")
    expect(loss).to_contain_text("→")
    words = loss.inner_text().split()
    assert len(words) == 3 and words[1] == "→", "before → after, as it is read"
    assert loss.bounding_box()["width"] <= screen.stage.locator(".step.most").bounding_box()["width"]
    assert loss.bounding_box()["y"] >= screen.stage.locator(".sheet").bounding_box()["y"] - 1


CUT = "node => node.scrollHeight > node.clientHeight || node.scrollWidth > node.clientWidth"


def test_on_a_phone_the_running_line_is_never_cut(new_screen):
    screen = new_screen(390, 844).explore("?v=2")
    banner = screen.page.get_by_test_id("banner")
    for t in (5, 4, 1):  # its longest lines are of the last hop
        screen.back_at(t)
        assert not banner.evaluate(CUT), banner.inner_text()
    screen.press("apply_100")
    for part in range(1, 5):
        screen.transport.get_by_test_id("scrub").fill(str(part))
        assert not banner.evaluate(CUT), banner.inner_text()


@pytest.mark.parametrize("page", ["Explore", "Structures"])
def test_on_a_phone_an_opened_sheet_shows_its_title_and_its_handle_leaves_the_legend(new_screen, page):
    screen = new_screen(390, 844).explore("?v=2")
    if page == "Structures":
        screen.turn_to(page)
    expect(screen.step(1)).to_be_visible()
    handle = screen.page.get_by_role("button", name="This step, made")
    edge = handle.bounding_box()["x"]
    for part in screen.stage.locator(".legend > span:visible").all():
        box = part.bounding_box()
        legend = screen.stage.locator(".legend").bounding_box()
        if box["y"] < legend["y"] + legend["height"]:  # what has no room is in a line that is not shown
            assert box["x"] + box["width"] <= edge + 1, part.inner_text()
    handle.click()
    title = screen.page.get_by_test_id("card").locator("h3")
    header = screen.page.get_by_test_id("stHeader").bounding_box()
    assert title.bounding_box()["y"] >= header["y"] + header["height"]


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["laptop", "phone"])
def test_the_picked_weight_is_named_in_full(new_screen, size):
    screen = new_screen(*size).explore("?v=2")
    to_the_left(screen)
    screen.page.get_by_test_id("weights-Wax").locator(".sheet-of").click(position={"x": 20, "y": 20})
    title = screen.page.get_by_test_id("dock").locator(".weight .title")
    expect(title).to_contain_text("of the dictionary")
    assert not title.evaluate(CUT), title.inner_text()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["laptop", "phone"])
def test_whose_error_goes_back_is_read_in_full(new_screen, size):
    whose = new_screen(*size).explore("?v=2").transport.get_by_test_id("whose")
    chosen = whose.locator("option:checked").inner_text()
    room = """(select, told) => {
        const style = getComputedStyle(select), pen = document.createElement("canvas").getContext("2d");
        pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        return select.clientWidth - Number.parseFloat(style.paddingLeft) - 20 - pen.measureText(told).width;
    }"""
    assert whose.evaluate(room, chosen) >= 0, "the arrow of a list takes 20 px"


def test_what_the_settings_button_says_does_not_cover_what_it_opened(new_screen):
    screen = new_screen(1280, 720).explore("?v=2")
    button = screen.widget("settings", "button:visible")
    button.hover()
    tip = screen.page.get_by_test_id("stTooltipContent")
    expect(tip).to_be_visible()
    button.click()
    expect(screen.page.get_by_test_id("stPopoverBody")).to_be_visible()
    expect(tip).not_to_be_visible()


def test_no_text_lies_under_what_says_that_there_is_more(new_screen):
    screen = new_screen(1280, 720).explore("?v=2&activation=lstm")
    dock, more = screen.page.get_by_test_id("dock"), screen.page.get_by_role("button", name="more of this step")
    expect(more).to_be_visible()
    foot, home = more.bounding_box(), dock.bounding_box()
    assert foot["width"] >= home["width"] - 20, "it is a foot of the card: text ends above it, all along"
    assert more.evaluate("node => getComputedStyle(node).backgroundColor") != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_wide_card_of_a_translation_keeps_inside_its_border(new_screen, size):
    screen = new_screen(*size).explore("?v=2")
    screen.turn_to("Structures")
    expect(screen.step(1)).to_be_visible()
    card = screen.page.get_by_test_id("card")
    outside = """card => [...card.querySelectorAll(".made, .figure, .grid, .directions, .answer, .gates")]
        .filter(node => node.checkVisibility()).filter(node => {
            const [is, home] = [node.getBoundingClientRect(), card.getBoundingClientRect()];
            return is.bottom > home.bottom + 1 || is.right > home.right + 1;
        }).map(node => node.className + node.textContent)"""
    strips = """card => Math.min(...[...card.querySelectorAll(".strip")].filter(node => node.checkVisibility())
        .map(node => node.getBoundingClientRect().width))"""
    for t in (1, 7):
        screen.transport.get_by_test_id("scrub").fill(str(t))
        assert card.evaluate(outside) == []
    for t in (7, 3):
        screen.back_at(t)
        assert card.evaluate(outside) == []
        assert card.evaluate(strips) > 70, "a bar is wide enough for its units"
    assert max(screen.page.evaluate(OVERFLOW)) <= 0


ON_LINES = """banner => {
    const [found, walker] = [[], document.createTreeWalker(banner, NodeFilter.SHOW_TEXT)];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (const { 0: number, index } of node.data.matchAll(/\\d[\\d.]*e-\\d+/g)) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + number.length);
            found.push([number, new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size]);
        }
    return found;
}"""  # of every power of ten: itself, and on how many lines it stands


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("page", ["Explore", "Structures"])
def test_what_an_update_changes_stands_clear(new_screen, size, page):
    """The boxes that break into several rows: each once lay, as high as all rows, over the charts below"""
    screen = new_screen(*size).explore("?v=2")
    if page == "Structures":
        screen.turn_to(page)
    screen.press("apply_update")
    screen.settle()
    screen.open_panel("What an update changes")
    panel = screen.widget("panel")
    expect(panel.locator(".js-plotly-plot")).to_have_count(2)
    places = panel.locator('[data-testid="stMetric"], .js-plotly-plot, [data-testid="stCaptionContainer"], table')
    boxes = [one.bounding_box() for one in places.all() if one.is_visible()]
    for i, box in enumerate(boxes):
        for other in boxes[i + 1 :]:
            across, down = (
                min(box[at] + box[size], other[at] + other[size]) - max(box[at], other[at])
                for at, size in (("x", "width"), ("y", "height"))
            )
            assert across <= 1 or down <= 1, (box, other)
    metrics = [one.bounding_box() for one in panel.get_by_test_id("stMetric").all()]
    rows = {round(box["y"]): round(box["height"]) for box in metrics}
    assert len(metrics) == 5 and all(round(box["height"]) == rows[round(box["y"])] for box in metrics)  # even in a row


def test_a_number_never_breaks(new_screen):
    """A browser breaks 2.1e-4 behind its hyphen, wherever the line ends there"""
    screen = new_screen(1440, 900).explore("?v=2")
    screen.back_at(1)
    answer = screen.page.get_by_test_id("card").locator(".answer").first
    screen.transport.get_by_test_id("play-forward").click()
    screen.transport.get_by_test_id("scrub").fill("4")
    expect(answer).to_contain_text("e-")  # ℒ⟨4⟩ = 3.06e-4
    for width in range(60, 300, 7):
        answer.evaluate("(node, width) => { node.style.width = `${width}px`; }", width)
        found = answer.evaluate(ON_LINES)
        assert found and all(n == 1 for _, n in found), (width, found)


@pytest.mark.parametrize("link", ["station=cliff&cliff_w=3.5&cliff_steps=3", "station=why&spectral_radius=0.5"])
def test_a_number_in_the_text_of_the_page_does_not_break_either(new_screen, link):
    screen = new_screen(1440, 900).explore(f"?v=2&initialisation=scaled&{link}")
    screen.turn_to("Gradients")
    text = screen.page.get_by_test_id("stMarkdownContainer").filter(has_text=re.compile(r"\de-\d")).last
    for width in range(60, 300, 7):
        text.evaluate("(node, width) => { node.style.width = `${width}px`; }", width)
        found = text.evaluate(ON_LINES)
        assert found and all(n == 1 for _, n in found), (width, found)
