"""What a reader sees who has done nothing yet"""

from playwright.sync_api import expect

from tests.helpers.reference import SENTENCE, network, steps


def test_it_opens_on_the_sentence_of_the_notes_with_the_numbers_of_the_core(screen):
    screen.shows(steps(network(), SENTENCE))
    expect(screen.widget("sentence", "input")).to_have_value(SENTENCE)


def test_the_animation_is_ready(screen):
    for name, value in {"data-phase": "forward", "data-playing": "false", "data-t": "4"}.items():
        expect(screen.stage).to_have_attribute(name, value)


def test_an_untouched_page_has_a_bare_address(new_screen):
    screen = new_screen().explore("")
    assert screen.location == f"{screen.address}/"


def test_a_card_that_is_longer_than_its_room_leads_to_the_rest(new_screen):
    screen = new_screen(1280, 720).explore()
    more = screen.page.get_by_test_id("dock").get_by_role("button", name="more of this step")
    more.click()
    expect(more).to_be_hidden()
