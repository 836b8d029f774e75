"""Updates are the core's own gradient descent, forward, back and forward again"""

from functools import partial
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import expect

from core import training
from core.optimisers import clip_by_norm
from core.training import Experiment
from tests.helpers.examples import ask_core, descend, update_on
from tests.helpers.reference import OTHER, SENTENCE, guess, network, steps, updated


def after(times: int):
    return steps(updated(network(), SENTENCE, times), SENTENCE)


def test_update_ten_more_undo_and_reset(screen):
    for key, times in (("apply_update", 1), ("apply_10", 11), ("undo", 1), ("apply_100", 101), ("reset", 0)):
        screen.press(key)
        screen.shows(after(times))
    expect(screen.widget("undo", "button:visible")).to_be_disabled()


def test_ten_updates_make_the_loss_fall(screen):
    before = sum(step.loss for step in screen.steps())
    screen.press("apply_10")
    screen.shows(after(10))
    assert sum(step.loss for step in screen.steps()) < before


def test_another_sentence_keeps_the_weights(screen):
    screen.press("apply_10")
    screen.shows(after(10))
    screen.type(OTHER)
    screen.shows(steps(updated(network(), SENTENCE, 10), OTHER))


def test_the_learning_rate_and_clipping_of_the_settings_are_used(new_screen):
    screen = new_screen().explore("?learning_rate=0.5&clipping=norm&clip_limit=0.1")
    screen.press("apply_update")
    clip = partial(clip_by_norm, limit=0.1)
    screen.shows(steps(updated(network(), SENTENCE, rate=0.5, clip=clip), SENTENCE))


def test_an_update_that_would_explode_is_refused_and_nothing_is_lost(new_screen):
    settings = "activation=relu&start=untrained&initialisation=scaled&spectral_radius=2.0&learning_rate=10.0"
    screen = new_screen().explore(f"?{settings}&sentence={'+'.join(['spell'] * 60)}")
    before = screen.steps()
    screen.press("apply_update")
    expect(screen.page.get_by_text("last good weights stay")).to_be_visible()
    screen.shows(before)


def test_another_rate_on_the_curve_replaces_the_update(screen):
    screen.press("apply_update")
    screen.shows(after(1))
    curve = screen.page.get_by_test_id("alpha-curve")
    slider = curve.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(curve.locator(".figure")).to_contain_text("α = 0.02")  # only looked at
    title = screen.page.get_by_test_id("step-taken").get_by_role("heading").first
    expect(title).to_have_text("Still α = 0.01, until α = 0.02 is taken")
    assert screen.steps() == after(1)
    slider.press("Enter")
    expect(title).to_have_text("1 update, α = 0.02, from all ℒ")
    screen.shows(steps(updated(network(), SENTENCE, rate=0.02), SENTENCE))
    box = slider.bounding_box()
    x, y = box["x"] + box["width"] * 0.55, box["y"] + box["height"] / 2
    screen.page.mouse.move(x - 20, y)
    screen.page.mouse.down()
    screen.page.mouse.move(x, y, steps=3)
    rate = float(slider.get_attribute("aria-valuenow"))
    assert rate > 0.02
    screen.page.mouse.up()
    screen.shows(steps(updated(network(), SENTENCE, rate=rate), SENTENCE))
    screen.press("undo")
    screen.shows(after(0))
    expect(curve).to_be_hidden()


def test_a_long_replay_can_be_stopped_where_it_is(new_screen):
    labels, words = guess(SENTENCE), SENTENCE.split()
    row = f"2000x1 0.01 off 1.0\t{''.join(map(str, labels))}\t{SENTENCE}"
    link = {"v": "2", "activation": "lstm", "hidden_units": "64", "start": "untrained", "update": row}
    screen = new_screen()
    screen.page.goto(f"{screen.address}/?{urlencode(link)}")
    screen.press("stop_updates")
    expect(screen.step(1)).to_be_visible()
    screen.settle()
    n = int(screen.result.get_attribute("data-n"))
    assert 0 < n < 2000 and f"update={n}x1" in screen.location
    expect(screen.widget("notice")).to_contain_text(f"Stopped after {n} steps of 2000")
    start = training.untrained(Experiment(cell="lstm", hidden_units=64, epochs=0))
    params, _, _ = descend(start, "lstm", update_on(SENTENCE, labels, 0.01, "off", 1.0, n))
    assert [step.loss for step in screen.steps()] == ask_core(params, "lstm", words, labels).loss.per_step[
        :, 0
    ].tolist()


def test_press_and_hold_shows_what_was_before_the_update(screen):
    screen.press("apply_10")
    screen.shows(after(10))
    expect(screen.stage).to_have_attribute("data-phase", "forward")
    expect(screen.stage).to_have_attribute("data-playing", "false")
    box = screen.step(7).locator(".hidden").bounding_box()
    screen.page.mouse.move(box["x"] + 5, box["y"] + 5)
    screen.page.mouse.down()
    screen.shows(after(0))
    expect(screen.page.get_by_test_id("banner")).to_contain_text("Before the update")
    screen.page.mouse.up()
    screen.shows(after(10))
    expect(screen.stage).to_have_attribute("data-t", "4")  # a press that is held chooses no step
    screen.stage.focus()
    screen.page.keyboard.down("b")
    screen.shows(after(0))
    screen.page.keyboard.up("b")
    screen.shows(after(10))
    screen.press("undo")
    screen.shows(after(0))
    screen.page.keyboard.down("b")
    screen.page.wait_for_timeout(500)
    assert screen.steps() == after(0)  # there is nothing to look back at
    screen.page.keyboard.up("b")


def test_a_browser_that_came_later_sees_what_was_before_when_it_is_held(new_screen):
    screen = new_screen().explore()
    screen.press("apply_10")
    screen.shows(after(10))
    screen.until(lambda: "update=1x10" in screen.location, "the address bar names the updates")
    screen.page.reload()
    screen.shows(after(10))
    sent = len(screen.sent)
    screen.stage.focus()
    for _ in range(2):
        screen.page.keyboard.down("b")
        screen.shows(after(0))
        expect(screen.page.get_by_test_id("banner")).to_contain_text("Before the update")
        screen.page.keyboard.up("b")
        screen.shows(after(10))
        asked, sent = screen.sent[sent:], len(screen.sent)
    assert asked == []  # the second time it knows


def test_the_dock_tells_what_is_clipped_and_which_entry_of_each_weight_moved_most(new_screen):
    screen = new_screen().explore("?v=2&whose=all&clipping=norm&clip_limit=1.0&learning_rate=0.5")
    screen.transport.get_by_test_id("speed").select_option("0.5")
    card = screen.page.get_by_test_id("update-card")
    screen.press("apply_update")
    expect(screen.stage).to_have_attribute("data-sub", "clip")
    expect(card.locator(".figure")).to_contain_text("× 1 /")
    expect(screen.stage).to_have_attribute("data-sub", "move")
    expect(card.locator(".moved > div")).to_have_count(5)
    told = card.locator(".moved").inner_text()
    old, new = network(), updated(network(), SENTENCE, rate=0.5, clip=partial(clip_by_norm, limit=1.0))
    change = np.abs(new["rnn"].Waa - old["rnn"].Waa)
    unit, source = np.unravel_index(change.argmax(), change.shape)
    assert f"unit {unit + 1}, from unit {source + 1}" in told
    expect(screen.stage).to_have_attribute("data-phase", "forward")
    expect(card).to_be_hidden()
    screen.shows(steps(new, SENTENCE))
