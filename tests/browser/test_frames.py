"""How smoothly does a long sentence play? Counted and printed: a test says nothing about speed."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.alone

SECONDS = 3
COUNT = """seconds => new Promise(done => {
    let frames = 0;
    const start = performance.now();
    const count = now => {
        frames += 1;
        if (now - start < 1000 * seconds) requestAnimationFrame(count);
        else done(1000 * frames / (now - start));
    };
    requestAnimationFrame(count);
})"""


def test_frames_per_second_at_40_words_and_64_units(new_screen, capsys):
    words = "+".join(["Grace", "told", "a", "story"] * 10)
    screen = new_screen().explore(f"?sentence={words}&hidden_units=64&start=untrained")
    expect(screen.page.get_by_test_id("reach-chart")).to_be_visible()
    screen.settle()
    screen.transport.get_by_test_id("play-forward").click()
    frames = screen.page.evaluate(COUNT, SECONDS)
    expect(screen.stage).to_have_attribute("data-playing", "true")
    with capsys.disabled():
        print(f"\n  {frames:.0f} frames/s while playing 40 words, 64 hidden units")
    assert frames > 0
