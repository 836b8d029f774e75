"""The address bar holds everything; what does not fit travels as a file"""

import time
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.helpers.reference import OTHER, RATE, SENTENCE, guess, network, steps, updated

SETTINGS = "start=untrained&hidden_units=8&initialisation=orthogonal&seed=7&activation=relu"


def test_a_link_shows_a_friend_the_same_numbers(screen, new_screen):
    screen.press("apply_10")
    screen.shows(steps(updated(network(), SENTENCE, 10), SENTENCE))
    screen.type(OTHER)
    screen.shows(steps(updated(network(), SENTENCE, 10), OTHER))
    screen.step(5).locator(".target").click()
    labels = [*guess(OTHER)[:4], 1, 0]
    screen.shows(steps(updated(network(), SENTENCE, 10), OTHER, labels))
    screen.press("apply_update")
    params = updated(updated(network(), SENTENCE, 10), OTHER, 1, labels)
    screen.shows(steps(params, OTHER, labels))
    screen.step(2).click()
    screen.until(lambda: "step=2" in screen.location, "the address bar names the step")

    friend = new_screen().explore(screen.location.removeprefix(f"{screen.address}/"))
    friend.shows(steps(params, OTHER, labels))
    expect(friend.stage).to_have_attribute("data-t", "2")
    assert friend.location == screen.location


def test_a_reload_keeps_another_network_and_its_updates(new_screen):
    screen = new_screen().explore(f"?{SETTINGS}")
    first = screen.steps()
    screen.press("apply_10")
    screen.until(lambda: screen.steps() != first, "the update shows")
    screen.settle()
    screen.until(lambda: "update=" in screen.location, "the address bar names the updates")
    before = screen.steps()
    screen.page.reload()
    screen.shows(before)


def test_a_link_that_makes_no_sense_opens_what_it_can(new_screen):
    screen = new_screen().explore("?seed=many&hidden_units=9000&colour=blue&update=x&sentence=Teddy+Roosevelt")
    screen.shows(steps(network(), "Teddy Roosevelt"))
    note = screen.page.get_by_test_id("stAlert")
    for name in ("seed", "units", "colour", "update"):
        expect(note).to_contain_text(name)
    screen.step(1).click()
    expect(note).to_have_count(0)
    screen.shows(steps(network(), "Teddy Roosevelt"))


def test_a_link_to_a_step_on_the_way_back_opens_there(screen, new_screen):
    screen.back_at(5)
    screen.until(
        lambda: screen.location.endswith("?v=2&step=5&phase=backward&whose=all"), "the address bar names the way"
    )
    friend = new_screen().explore(screen.location.removeprefix(f"{screen.address}/"))
    for place in (friend.stage, friend.page.get_by_test_id("inspector")):
        expect(place).to_have_attribute("data-phase", "backward")
        expect(place).to_have_attribute("data-t", "5")
    expect(friend.stage.locator("[data-state=empty]")).to_have_count(0)  # at rest all is there
    friend.press("apply_update")
    friend.until(lambda: "update=" in friend.location, "the address bar names the update")
    expect(friend.stage).to_have_attribute("data-phase", "backward")  # the motion is over, and it came home
    expect(friend.stage).to_have_attribute("data-t", "5")
    assert "step=5&phase=backward" in friend.location
    friend.page.go_back()
    friend.until(
        lambda: friend.location.endswith("?v=2&step=5&phase=backward&whose=all"), "one press leads to where it was"
    )


def test_back_and_forward_in_the_browser_show_what_was_there(screen):
    first = screen.location
    screen.press("apply_10")
    screen.shows(steps(updated(network(), SENTENCE, 10), SENTENCE))
    screen.type(OTHER)
    screen.shows(steps(updated(network(), SENTENCE, 10), OTHER))
    screen.until(lambda: "sentence=" in screen.location, "the address bar names the sentence")
    last = screen.location
    screen.page.go_back()
    screen.shows(steps(updated(network(), SENTENCE, 10), SENTENCE))
    expect(screen.widget("sentence", "input")).to_have_value(SENTENCE)
    screen.page.go_back()
    screen.shows(steps(network(), SENTENCE))
    assert screen.location == first
    screen.page.go_forward()
    screen.shows(steps(updated(network(), SENTENCE, 10), SENTENCE))
    screen.page.go_forward()
    screen.shows(steps(updated(network(), SENTENCE, 10), OTHER))
    assert screen.location == last


def test_back_from_another_page_leads_to_the_same_numbers(screen):
    screen.type(OTHER)
    screen.shows(steps(network(), OTHER))
    screen.until(lambda: "sentence=" in screen.location, "the address bar names the sentence")
    screen.turn_to("Inputs")
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("From text to vectors")
    expect(screen.widget("sentence", "input")).to_have_value(OTHER)
    screen.settle()
    screen.page.go_back()
    screen.shows(steps(network(), OTHER))
    screen.page.go_forward()
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("From text to vectors")
    expect(screen.widget("sentence", "input")).to_have_value(OTHER)


def test_a_late_message_of_the_page_before_does_not_clear_the_next(new_screen):
    """That the stage is painted may be told when the reader has already gone on: here, while the next page runs."""
    screen, late = new_screen(), []  # it keeps one message back

    def between(socket):
        server = socket.connect_to_server()

        def pass_on(message):
            if b"painted" in message:
                return late.append(message)
            server.send(message)
            if late:
                time.sleep(0.08)
                server.send(late.pop())

        socket.on_message(pass_on)

    screen.page.route_web_socket("**/_stcore/stream", between)
    screen.explore()
    screen.until(lambda: late, "the stage tells that it is painted")
    screen.turn_to("Gradients")
    chart = screen.page.locator(".js-plotly-plot").first
    expect(chart).to_be_visible()
    screen.settle()
    screen.page.wait_for_timeout(500)
    expect(chart).to_be_visible()
    assert late == []


def test_an_empty_box_stays_empty_after_a_reload(screen):
    screen.type("")
    screen.until(
        lambda: screen.location.endswith("?v=2&sentence=&whose=all"), "the address bar says that there is nothing"
    )
    screen.page.reload()
    expect(screen.page.get_by_text("Type at least one word")).to_be_visible()


def test_past_what_a_link_holds_the_page_says_so_and_a_session_file_does_it(new_screen, tmp_path):
    names = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida"]
    texts = [f"{name} {'told a long story ' * 14}".strip() for name in names]
    updates = [f"1x1 {RATE} off 1.0 {''.join(map(str, guess(text)))} {text}" for text in texts[:-1] * 2]
    query = "?" + urlencode({"update": updates}, doseq=True)
    assert 5000 < len(query) < 6000  # what the address bar can still hold
    screen = new_screen().explore(query)
    screen.type(texts[-1])
    screen.press("apply_update")
    params = network()
    for text in [*texts[:-1] * 2, texts[-1]]:
        params = updated(params, text)
    screen.shows(steps(params, texts[-1]))
    expect(screen.page.get_by_text("no longer fit into a link")).to_be_visible()

    friend = new_screen().explore()
    friend.open_session(screen.download("session.json", tmp_path))
    friend.shows(steps(params, texts[-1]))


LONG_WORDS = " ".join(f"{'a' * 100}{i}" for i in range(60))


def test_what_no_link_can_hold_comes_back_with_a_reload(screen):
    screen.press("apply_update")
    screen.shows(steps(updated(network(), SENTENCE), SENTENCE))
    learned = steps(updated(network(), SENTENCE), LONG_WORDS)
    lengths = [(step.loss, step.grad_norm) for step in learned]
    screen.type(LONG_WORDS)
    screen.until(lambda: [step[1:] for step in screen.steps()] == lengths, "the long words are read")
    screen.until(lambda: screen.page.evaluate("sessionStorage.length") > 0, "the tab keeps them")
    screen.settle()
    screen.page.reload()
    expect(screen.page.get_by_text("Your choices are back")).to_be_visible()
    screen.until(lambda: [step[1:] for step in screen.steps()] == lengths, "they are back")
    screen.settle()
    screen.type(OTHER)
    screen.until(lambda: "sentence=" in screen.location, "a link holds it again")
    screen.settle()
    screen.page.reload()
    expect(screen.widget("sentence", "input")).to_have_value(OTHER)


@pytest.mark.parametrize(
    ("name", "page", "place"),
    [
        ("inputs", "Inputs", "[data-testid='onehot'], .st-key-onehot"),
        ("backward", "Notes", "#bptt"),
        ("fading", "Gradients", ".st-key-station_why"),
    ],
)
def test_a_link_leads_to_the_place_where_a_part_is_explained(new_screen, name, page, place):
    screen = new_screen().explore("")
    screen.press(f"see_{name}")
    expect(screen.page).to_have_title(f"{page} · RNN Explorer")
    expect(screen.page.locator(place).first).to_be_in_viewport()
    screen.page.go_back()
    expect(screen.page).to_have_title("Explore · RNN Explorer")
