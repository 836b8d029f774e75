"""One stage draws all five structures: mounted alone in an empty page, with the numbers of random networks"""

import pytest
from playwright.sync_api import Locator, Page, expect

from core.structures import STRUCTURES
from explorer.components.base import script, styles
from tests.helpers.unrolled import TRANSLATION, machine_drawn, unrolled

FONT = "'Noto Sans', system-ui, sans-serif"
PAGE = f"""<style>
    body {{ margin: 0; --st-font: {FONT}; --st-code-font: monospace; --st-background-color: #fff; --st-text-color: #111;
        --st-green-color: green; --st-violet-color: purple; --st-blue-color: blue; --st-orange-color: orangered;
        --st-gray-color: gray; --st-red-color: red; --st-secondary-background-color: #eee; --st-border-color: #ccc; }}
    {styles("stage")}
</style><div id="home"></div>"""
MOUNT = """async ([script, data]) => {
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    window.mount ??= (await import(url)).default;
    const setTriggerValue = name => (window.triggers ??= []).push(name);
    window.mount({ data, parentElement: document.getElementById("home"), setStateValue: () => {}, setTriggerValue });
}"""
CUT = """stage => [...stage.querySelectorAll(".word, .prediction, .target")]
    .filter(node => node.scrollWidth > node.clientWidth).map(node => node.textContent)"""
# Points along every dashed way, against the letters of every text that can be seen
CROSSED = """stage => {
    const range = document.createRange(), texts = [];
    for (const node of stage.querySelectorAll(".step *:not(:has(*))")) {
        if (!node.textContent.trim() || !node.checkVisibility({ visibilityProperty: true })) continue;
        range.selectNodeContents(node);
        texts.push([node.textContent, range.getBoundingClientRect()]);
    }
    return [...stage.querySelectorAll(".way")].flatMap(way => {
        const home = way.ownerSVGElement.getBoundingClientRect();
        return Array.from({ length: 101 }, (_, i) => {
            const { x, y } = way.getPointAtLength(way.getTotalLength() * i / 100);
            return texts.filter(([, box]) => Math.abs(2 * (home.left + x) - box.left - box.right) < box.width
                && Math.abs(2 * (home.top + y) - box.top - box.bottom) < 0.6 * box.height).map(([text]) => text);
        }).flat();
    });
}"""  # 0.6: the line of a text is higher than its letters


def command(stage: Locator, **detail) -> None:
    """What the row of the loop asks of the stage"""
    stage.evaluate("(_, detail) => { window.dispatchEvent(new CustomEvent('rnn-command', { detail })); }", detail)


@pytest.fixture
def mounted(browser):
    """Mounts the stage with this data; gives it"""
    pages: list[Page] = []
    module = script("stage")

    def mount(data: dict, width: int = 1100) -> Locator:
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.set_content(PAGE)
        page.evaluate(MOUNT, [module, data])
        return page.get_by_test_id("stage")

    yield mount
    for page in pages:
        page.close()


def step(stage: Locator, t: int) -> Locator:
    return stage.locator(f'.step[data-t="{t}"]')


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_silent_step_has_no_prediction_no_label_no_loss_and_no_arrow_to_them(mounted, structure):
    now = unrolled(structure)
    stage = mounted(machine_drawn(now))
    for t, slot in enumerate(now.trace.slots, start=1):
        for part in ("prediction", "target", "loss", "out", "from-y"):
            assert step(stage, t).locator(f".{part}").count() == slot.answers, (part, t)
        assert step(stage, t).locator(".silence").count() == (not slot.answers)


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("width", [390, 1100, 1700])
def test_words_of_12_letters_and_tags_are_never_cut_short(mounted, structure, width):
    stage = mounted(machine_drawn(unrolled(structure, 9, 7)), width)
    assert stage.evaluate(CUT) == []


@pytest.mark.parametrize("fed", ["answer", "label"])
@pytest.mark.parametrize("structure", ["one-to-many", TRANSLATION])
@pytest.mark.parametrize("width", [390, 1100, 1700])
def test_the_way_of_an_answer_that_is_read_again_crosses_no_text(mounted, structure, width, fed):
    now = unrolled(structure, 4, 12, attends=structure == TRANSLATION)
    stage = mounted(machine_drawn(now, len(now.words), {"fed": fed}), width)
    expect(stage.locator(".way")).to_have_count(11)
    assert stage.evaluate(CROSSED) == []


def test_what_only_the_network_before_had_is_gone(mounted):
    """The name of the line of attention, and the memory of an LSTM of the same words"""
    stage = mounted(machine_drawn(unrolled(TRANSLATION, attends=True)))
    command(stage, act="scrub", t=9)
    expect(stage.locator(".at-glance")).to_be_visible()
    lstm, tanh = (machine_drawn(unrolled("many-to-many, Tx = Ty", cell=cell)) for cell in ("lstm", "tanh"))
    for data, lanes in ((lstm, 5), (tanh | {"words": lstm["words"]}, 0)):
        stage.page.evaluate(MOUNT, ["", data])
        expect(stage.locator(".memory")).to_have_count(lanes)
        expect(stage.locator(".at-glance")).to_be_hidden()


def test_a_decoder_step_marks_the_encoder_steps_by_its_look(mounted):
    now = unrolled(TRANSLATION, attends=True)
    stage = mounted(machine_drawn(now))
    shares = stage.locator(".share")
    expect(shares.first).to_be_hidden()  # an encoder step looks nowhere
    for t in (6, 9):
        command(stage, act="scrub", t=t)
        row = now.trace.focus.alpha[0, t - 6]
        assert [float(text) for text in shares.all_inner_texts()] == pytest.approx(row.tolist(), abs=0.006)
        expect(shares.first).to_be_visible()
        title = stage.locator(".region.decoder b")
        expect(title).to_contain_text(f"‘{now.words[row.argmax()]}’")
    command(stage, act="backward")
    command(stage, act="scrub", t=9)  # on the way back, what arrives through attention comes to stand there
    expect(shares.first).to_be_hidden()
    through = step(stage, 2).locator(".norm-y")
    expect(through).to_be_hidden()  # what has not been reached is empty
    command(stage, act="scrub", t=2)
    expect(through).to_be_visible()
    expect(shares.first).to_be_hidden()


def test_the_loss_so_far_counts_the_steps_that_are_due(mounted):
    data = machine_drawn(unrolled(TRANSLATION))
    stage = mounted(data)
    command(stage, act="step-size", value="phase")  # the line of a step's last phase
    line = stage.get_by_test_id("banner")
    command(stage, act="scrub", t=3)
    expect(line).to_contain_text("t = 3")
    expect(line).not_to_contain_text("oss")  # none is due yet
    command(stage, act="scrub", t=7)
    expect(line).to_contain_text(f"so far {sum(data['loss'][5:7]):.2f}")


def test_without_a_label_there_is_no_way_back(mounted):
    stage = mounted(machine_drawn(unrolled("one-to-many", 1, 6, labels=False), 6))
    command(stage, act="backward")
    command(stage, act="scrub", t=6)
    command(stage, act="step", by=1)
    expect(stage).to_have_attribute("data-phase", "forward")
    expect(stage).to_have_attribute("data-t", "6")


def test_new_labels_or_attention_make_the_columns_anew_and_keep_the_step(mounted):
    data = machine_drawn(unrolled(TRANSLATION, attends=True), 8)
    stage = mounted(data | {"attention": None, "via_attention": None, "looks": None})
    for changes, glances, targets in (({}, 5, 6), ({"labels": [None] * 11}, 5, 0)):
        stage.page.evaluate(MOUNT, ["", data | changes])
        expect(stage.locator(".glance")).to_have_count(glances)
        expect(stage.locator(".target")).to_have_count(targets)
    expect(stage).to_have_attribute("data-t", "8")


def test_the_stage_tells_that_it_is_painted_whenever_it_is_newly_asked(mounted):
    """Also the same stage, when a new session goes on with it: after a restart of the server, or a long sleep."""
    data = machine_drawn(unrolled(TRANSLATION))
    stage = mounted(data | {"tell": True})
    for tells, told in ((True, 1), (False, 1), (True, 2)):
        stage.page.evaluate(MOUNT, ["", data | {"tell": tells}])
        stage.page.wait_for_function("n => window.triggers?.length === n", arg=told)
