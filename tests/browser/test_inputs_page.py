"""The page Inputs in a real browser: the one-hot picture moves by itself, and its numbers are the core's"""

import time
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from core.data.vocabulary import sentences_of, tokenise
from core.tasks import task
from tests.helpers.reference import SENTENCE, network
from tests.helpers.screen import Screen

TEXT = "The cat sat. The dog sat on the cat.\n"
IDS = task("people").vocabulary.encode(SENTENCE.split()).tolist()


@pytest.fixture
def inputs(screen) -> Screen:
    return show(screen, "Inputs")


def show(screen: Screen, name: str) -> Screen:
    screen.turn_to(name)
    expect(screen.page.get_by_test_id({"Inputs": "onehot", "Explore": "stage"}[name])).to_be_visible()
    screen.settle()
    return screen


def picture(screen: Screen) -> Locator:
    return screen.page.get_by_test_id("onehot")


def at(screen: Screen, t: int) -> None:
    expect(picture(screen)).to_have_attribute("data-t", str(t))


def cells(screen: Screen, line: str) -> list[float]:
    """The numbers of one line of the table, as they are told to whoever points at them"""
    titles = picture(screen).get_by_test_id(line).locator(".cell").evaluate_all("all => all.map(cell => cell.title)")
    return [float(title.split(" = ")[1].replace("−", "-")) for title in titles]


def upload(screen: Screen, content: bytes, name: str = "text.txt") -> None:
    box = screen.widget("corpus_upload", "input[type=file]")
    box.set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})


def test_every_step_shows_the_product_beside_the_column(inputs):
    columns = network()["rnn"].Wax[:, IDS].T
    for t, column in enumerate(columns, start=1):
        picture(inputs).get_by_test_id("scrub").fill(str(t))
        at(inputs, t)
        for line in ("product", "picked"):
            np.testing.assert_allclose(cells(inputs, line), column, rtol=1e-3)
        expect(picture(inputs).get_by_test_id("verdict")).to_contain_text("Equal: yes, all 16 numbers.")
        expect(picture(inputs).locator(".one .near-index")).to_have_text(str(IDS[t - 1]))
        bits = picture(inputs).locator(".entry .bit").all_inner_texts()
        assert (len(bits), bits.count("1"), bits.count("0")) == (5, 1, 4)


def test_the_marks_stand_to_scale(new_screen):
    inputs = show(new_screen(reduced_motion="reduce").open(), "Inputs")
    box = picture(inputs).locator(".vector").first.bounding_box()
    for i, mark in enumerate(picture(inputs).locator(".mark").all()):
        place = mark.bounding_box()
        middle = place["y"] + place["height"] / 2 - box["y"]
        assert abs(middle / box["height"] - (IDS[i] + 0.5) / len(task("people").vocabulary)) < 0.004


def test_it_plays_word_by_word_and_tells_the_server_nothing(inputs):
    picture(inputs).get_by_test_id("speed").select_option("4")
    picture(inputs).evaluate("""root => {
        window.seen = [];
        new MutationObserver(() => window.seen.push(root.dataset.t)).observe(root, { attributeFilter: ["data-t"] });
    }""")
    sent = len(inputs.sent)
    picture(inputs).press("Space")
    expect(picture(inputs)).to_have_attribute("data-playing", "true")
    inputs.page.wait_for_function("window.seen.includes('8')")
    assert inputs.sent[sent:] == []
    expect(picture(inputs)).to_have_attribute("data-playing", "false")
    assert list(dict.fromkeys(inputs.page.evaluate("window.seen"))) == list("123456789")


def test_arrows_step_and_a_click_selects_here_and_on_explore(inputs):
    picture(inputs).press("ArrowRight")
    at(inputs, 5)
    inputs.page.keyboard.press("ArrowLeft")
    inputs.page.keyboard.press("ArrowLeft")
    at(inputs, 3)
    inputs.until(lambda: inputs.location.endswith("?v=2&step=3&whose=all"), "the address bar names the step")
    picture(inputs).get_by_test_id("onehot-step").nth(7).click()
    inputs.until(lambda: inputs.location.endswith("?v=2&step=8&whose=all"), "the address bar names the step")
    expect(show(inputs, "Explore").stage).to_have_attribute("data-t", "8")


def test_the_sentence_goes_along_from_page_to_page(inputs):
    inputs.type("May met zzyzx")
    steps = picture(inputs).get_by_test_id("onehot-step")
    expect(steps).to_have_count(3)
    expect(steps.nth(2)).to_contain_text("<UNK>")
    inputs.until(lambda: quote("May met zzyzx").replace("%20", "+") in inputs.location, "the link holds the sentence")
    show(inputs, "Explore")
    expect(inputs.widget("sentence", "input")).to_have_value("May met zzyzx")
    expect(inputs.stage.get_by_test_id("step")).to_have_count(3)


def test_a_file_becomes_the_dictionary_and_a_bad_one_changes_nothing(inputs):
    upload(inputs, TEXT.encode() * 2)
    expect(inputs.page.get_by_text("the file text.txt")).to_be_visible()
    inputs.type("The dog <b>sat</b>")
    vocabulary = task("people").vocabulary.build(sentences_of(TEXT * 2), 2)
    steps = picture(inputs).get_by_test_id("onehot-step")
    expect(steps).to_have_count(10)
    shown = [int(index) for index in steps.evaluate_all("all => all.map(step => step.dataset.index)")]
    assert shown == vocabulary.encode(tokenise("The dog <b>sat</b>")).tolist()
    for content, problem in ((b"\x89PNG\x00", "is not plain text"), (b"caf\xe9", "is not written in UTF-8")):
        upload(inputs, content, "<img src=x onerror=alert(1)>.txt")
        expect(inputs.page.get_by_text(problem)).to_be_visible()
        expect(inputs.page.get_by_text("the file text.txt")).to_be_visible()
    inputs.press("corpus_reset")
    expect(inputs.page.get_by_text("948 training sentences")).to_be_visible()


def test_a_text_of_one_megabyte_is_counted_in_seconds(inputs):
    text = (TEXT.encode() * 30_000)[:1_000_000]
    start = time.monotonic()
    upload(inputs, text, "large.txt")
    expect(inputs.page.get_by_text("the file large.txt")).to_be_visible()
    assert time.monotonic() - start < 15  # about one second on a machine that has nothing else to do


def test_on_a_phone_the_picture_scrolls_and_the_page_does_not(new_screen):
    screen = show(new_screen(390, 844).open(), "Inputs")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
