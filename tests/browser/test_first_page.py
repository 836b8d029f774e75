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


def test_a_click_does_not_make_the_links_to_other_pages_again_and_they_lead_where_they_say(new_screen):
    screen, came = new_screen(), []
    keep = lambda message: came.append(message)  # noqa: E731
    screen.page.on("websocket", lambda socket: socket.on("framereceived", keep))
    screen.explore()
    links = screen.page.locator(".st-key-elsewhere")
    links.wait_for()  # is seen, as soon as the panels above it are
    expect(screen.widget("panel")).to_be_visible()
    assert any(b"see_inputs" in message for message in came)
    came.clear()
    screen.press("apply_update")
    screen.settle()
    assert came and not any(b"see_inputs" in message for message in came)
    screen.press("see_fading")
    screen.page.wait_for_url("**/gradients?*station=why*")
