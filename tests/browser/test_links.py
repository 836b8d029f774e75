"""The address bar holds everything; what does not fit travels as a file"""

from urllib.parse import urlencode

from playwright.sync_api import expect
from reference import OTHER, RATE, SENTENCE, guess, network, steps, updated

SETTINGS = "start=untrained&hidden_units=8&initialisation=orthogonal&seed=7&activation=relu"


def test_a_link_shows_a_friend_the_same_numbers(screen, new_screen):
    screen.press("apply_10")
    screen.shows(steps(updated(network(), SENTENCE, 10), SENTENCE))
    screen.type(OTHER)
    screen.shows(steps(updated(network(), SENTENCE, 10), OTHER))
    screen.widget("labels", "button").get_by_text("great", exact=True).click()
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
