"""Whatever is typed is read, run and shown: as text, never as markup"""

import pytest
from playwright.sync_api import expect

from tests.helpers.reference import OTHER, network, steps

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
