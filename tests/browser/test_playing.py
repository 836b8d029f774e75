"""The animation runs in the browser alone"""

from playwright.sync_api import expect

RECORD = """stage => {
    window.seen = [];
    const note = () => window.seen.push(`${stage.dataset.phase} ${stage.dataset.t}`);
    new MutationObserver(note).observe(stage, { attributeFilter: ["data-phase", "data-t"] });
}"""
FORWARD = [f"forward {t}" for t in range(1, 10)]
BACKWARD = [f"backward {t}" for t in range(9, 0, -1)]


def record(screen) -> None:
    """From now on, the page writes down every position of the stage."""
    screen.stage.evaluate(RECORD)


def recorded(screen) -> list[str]:
    return list(dict.fromkeys(screen.page.evaluate("window.seen")))


def last_seen(screen) -> str:
    return screen.page.evaluate("window.seen.at(-1)")


def test_it_plays_forward_then_backward_and_tells_the_server_nothing(screen):
    expect(screen.page.locator(".js-plotly-plot")).to_have_count(1)  # all that is loaded late is there
    screen.settle()
    screen.transport.get_by_test_id("speed").select_option("4")
    record(screen)
    sent = len(screen.sent)
    screen.transport.get_by_test_id("play-forward").click()
    expect(screen.stage).to_have_attribute("data-playing", "true")
    screen.until(lambda: recorded(screen)[-1] == BACKWARD[-2], "the last step but one")
    assert screen.sent[sent:] == []
    expect(screen.stage).to_have_attribute("data-playing", "false")
    assert recorded(screen) == FORWARD + BACKWARD


def test_where_the_playback_ends_is_the_step_of_the_whole_page(screen):
    screen.transport.get_by_test_id("speed").select_option("4")
    screen.transport.get_by_test_id("play-backward").click()
    screen.until(lambda: screen.location.endswith("?v=2&step=1&phase=backward"), "the address bar names the end")
    expect(screen.page.get_by_text("is read first: its error has no earlier step to reach")).to_be_visible()
    expect(screen.stage).to_have_attribute("data-phase", "backward")


def test_the_backward_button_plays_from_the_last_word(screen):
    screen.transport.get_by_test_id("speed").select_option("4")
    record(screen)
    screen.transport.get_by_test_id("play-backward").click()
    expect(screen.stage).to_have_attribute("data-t", "1")
    expect(screen.stage).to_have_attribute("data-playing", "false")
    assert recorded(screen) == BACKWARD


def test_an_update_plays_the_backward_sweep_and_comes_home(screen):
    record(screen)
    screen.press("apply_update")
    screen.until(lambda: {*BACKWARD} & {*recorded(screen)}, "the sweep was seen")  # a busy machine may leave steps out
    screen.until(lambda: last_seen(screen) == "forward 4", "the sweep comes back to the selected step")
    expect(screen.stage).to_have_attribute("data-playing", "false")
