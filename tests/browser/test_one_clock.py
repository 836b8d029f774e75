"""While a melody sounds, the stage is where the sound is; one bar plays, stops and moves both."""

import pytest
from playwright.sync_api import Locator, expect

from explorer.views.structures import audio
from tests.helpers.screen import Screen

pytestmark = pytest.mark.alone

STEPS = 23
NOW = "player => [player.currentTime, player.paused]"
READ = "stage => [...stage.querySelectorAll('.step')].map(step => step.dataset.word)"
# Whenever the stage goes to another step: that step, and where the sound is at this moment
WATCH = """stage => {
    const player = document.querySelector(".st-key-sound audio");
    window.heard = [];
    new MutationObserver(([{ oldValue }]) => {
        if (oldValue !== stage.dataset.t) window.heard.push([Number(stage.dataset.t), player.currentTime]);
    }).observe(stage, { attributeFilter: ["data-t"], attributeOldValue: true });
}"""


@pytest.fixture
def melody(new_screen) -> Screen:
    screen = new_screen().explore(f"?v=2&structure=melody&notes={STEPS + 1}")
    screen.turn_to("Structures")
    expect(screen.step(STEPS)).to_be_attached()
    player(screen).evaluate("player => player.readyState || new Promise(done => { player.onloadedmetadata = done })")
    screen.settle()
    return screen


def player(screen: Screen) -> Locator:
    return screen.widget("sound", "audio")


def now(screen: Screen) -> tuple[float, bool]:
    """Where the sound is, and whether it is silent"""
    return player(screen).evaluate(NOW)


def onsets(screen: Screen) -> list[float]:
    return audio.onsets([word.replace(" ", ":") for word in screen.stage.evaluate(READ)])


def step_at(screen: Screen, seconds: float) -> int:
    return max(1, sum(onset <= seconds for onset in onsets(screen)))


def at(screen: Screen) -> int:
    return int(screen.stage.get_attribute("data-t"))


def play(screen: Screen) -> None:
    """The bar's own button, which also stops"""
    screen.transport.get_by_test_id("play").click()


def test_stage_and_page_follow_the_sound_and_stop_with_it(melody):
    melody.stage.evaluate(WATCH)
    play(melody)
    melody.until(lambda: at(melody) >= 6, "a stage that follows the sound")
    assert melody.stage.get_attribute("data-playing") == "true" and not now(melody)[1]
    player(melody).evaluate("player => player.pause()")
    expect(melody.stage).to_have_attribute("data-playing", "false")
    stopped = step_at(melody, now(melody)[0])
    expect(melody.stage).to_have_attribute("data-t", str(stopped))
    melody.until(lambda: f"at={stopped}" in melody.location, "a page that stands where the sound stopped")
    melody.page.wait_for_timeout(1000)
    assert at(melody) == stopped and now(melody)[1]
    heard = melody.page.evaluate("heard")
    assert len(heard) > 1 and [t for t, _ in heard] == [step_at(melody, seconds) for _, seconds in heard]


def test_the_players_own_bar_moves_the_stage_and_the_stages_bar_moves_the_player(melody):
    sixth, tenth = onsets(melody)[5], onsets(melody)[9]
    player(melody).evaluate("(player, to) => { player.currentTime = to }", sixth + 0.01)
    expect(melody.stage).to_have_attribute("data-t", "6")
    melody.transport.get_by_test_id("scrub").fill("10")
    melody.until(lambda: abs(now(melody)[0] - tenth) < 0.01, "a player that was moved")
    play(melody)
    melody.until(lambda: at(melody) > 10, "a sound that goes on from there")
    play(melody)
    melody.until(lambda: now(melody)[1], "silence")
    expect(melody.stage).to_have_attribute("data-playing", "false")


def test_the_players_own_button_plays_the_stage_and_the_way_back_is_silent(melody):
    player(melody).evaluate("player => player.play()")
    expect(melody.stage).to_have_attribute("data-playing", "true")
    melody.until(lambda: at(melody) >= 2, "a stage that follows the sound")
    melody.transport.get_by_test_id("play-backward").click()
    expect(melody.stage).to_have_attribute("data-way", "backward")
    assert now(melody)[1]


def test_at_the_end_both_rest_and_forward_begins_anew_at_the_pace_of_the_bar(melody):
    melody.transport.get_by_test_id("speed").select_option("4")
    last = onsets(melody)[-2]
    player(melody).evaluate("(player, to) => { player.currentTime = to }", last)
    play(melody)
    melody.until(lambda: now(melody)[1], "the end of the sound")
    expect(melody.stage).to_have_attribute("data-t", str(STEPS))
    expect(melody.stage).to_have_attribute("data-playing", "false")
    melody.transport.get_by_test_id("play-forward").click()
    melody.until(lambda: not now(melody)[1] and now(melody)[0] < last, "the beginning")
    assert player(melody).evaluate("player => player.playbackRate") == 4
