"""Whatever is typed is read, run and shown: as text, never as markup"""

import pytest
from playwright.sync_api import expect

from tests.helpers.reference import OTHER, SENTENCE, network, steps

MARKUP = "<img src=x onerror=alert(1)> <script>document.title='taken'</script> <b>bold</b>"
TEXTS = {
    "known and unknown words": OTHER,
    "one word": "Spell",
    "no spaces": "我爱你",
    "right to left, marks, emoji": "قرأ محمد Z͑ebra 👩‍🚀!",
    "markup": MARKUP,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_typed_text_shows_the_words_and_numbers_of_the_core(screen, text):
    screen.type(text)
    screen.shows(steps(network(), text))


def test_markup_in_a_link_or_in_the_box_makes_no_element(new_screen):
    screen = new_screen().explore("?%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E=1")
    screen.type(MARKUP)
    screen.shows(steps(network(), MARKUP))
    expect(screen.page.locator("img[src=x], [onerror]")).to_have_count(0)
    expect(screen.page).to_have_title("Explore · RNN Explorer")


def test_a_long_text_is_cut_and_the_page_says_so(screen):
    text = "spell " * 10_000
    screen.type(text)
    screen.shows(steps(network(), "spell " * 60))
    expect(screen.page.get_by_text("Only the beginning of your text is shown and used")).to_be_visible()


def test_an_empty_box_asks_for_a_word(screen):
    screen.type("")
    expect(screen.page.get_by_text("Type at least one word")).to_be_visible()
    screen.type(OTHER)
    screen.shows(steps(network(), OTHER))


def test_the_address_of_an_emptied_box_shows_an_empty_box(screen):
    screen.type(OTHER)
    screen.shows(steps(network(), OTHER))
    screen.widget("sentence", "input").fill("")  # and the reader rests, in the box
    screen.until(lambda: "sentence=&" in f"{screen.location}&", "the address bar names no sentence")
    screen.page.reload()
    expect(screen.page.get_by_text("Type at least one word")).to_be_visible()
    screen.press("example_2")
    expect(screen.stage).to_be_visible()


def test_a_sentence_that_is_typed_with_pauses_is_one_entry_of_the_history(new_screen):
    screen = new_screen().explore()
    entries = screen.page.evaluate("history.length")
    box = screen.widget("sentence", "input")
    box.select_text()
    for part in ("Teddy", " Roosevelt was a", " great president"):
        box.press_sequentially(part)
        screen.page.wait_for_timeout(700)  # a pause, after which the numbers follow, and no rest
    screen.shows(steps(network(), OTHER))
    screen.until(lambda: "sentence=" in screen.location, "the reader rests, and the address bar names the sentence")
    screen.settle()
    assert screen.page.evaluate("history.length") == entries + 1
    screen.page.go_back()
    screen.shows(steps(network(), SENTENCE))


@pytest.mark.parametrize("leave", ["Enter", "Tab"])
def test_enter_and_leaving_the_field_write_the_address_at_once(screen, leave):
    box = screen.widget("sentence", "input")
    box.fill(OTHER)
    box.press(leave)
    screen.until(lambda: "sentence=" in screen.location, "the address bar names the sentence")
    screen.shows(steps(network(), OTHER))


def test_another_act_writes_the_address_too(screen):
    screen.widget("sentence", "input").fill(OTHER)
    screen.shows(steps(network(), OTHER))
    screen.press("apply_update")
    screen.until(lambda: "update=" in screen.location and "sentence=" in screen.location, "the address names both")


def test_the_chip_for_one_s_own_sentence_leads_into_the_field(screen):
    screen.press("example_own")
    screen.page.keyboard.type(OTHER)
    screen.shows(steps(network(), OTHER))


@pytest.mark.parametrize("rest", [0, 100])
def test_a_sentence_chosen_right_after_a_step_stays(screen, rest):
    screen.back_at(4)
    screen.page.wait_for_timeout(rest)  # of the 250 ms after which the page hears of the step
    screen.press("example_2")
    words, shown = ["Teddy", "bears", "are", "on", "sale"], "steps => steps.map(step => step.dataset.word)"
    steps = screen.stage.get_by_test_id("step")
    screen.until(lambda: steps.evaluate_all(shown) == words, "the other sentence is on the stage")
    screen.settle()
    assert steps.evaluate_all(shown) == words
    assert screen.stage.get_attribute("data-phase") == "backward" and "&phase=backward" in screen.location
    expect(screen.widget("sentence", "input")).to_have_value(" ".join(words))
