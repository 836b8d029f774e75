"""Step, scrub, and the keyboard"""

import pytest
from playwright.sync_api import expect

from tests.helpers.reference import SENTENCE


def at(screen, phase: str, t: int) -> None:
    expect(screen.stage).to_have_attribute("data-phase", phase)
    expect(screen.stage).to_have_attribute("data-t", str(t))


def test_the_buttons_step_on_and_back(screen):
    screen.transport.get_by_test_id("step-on").click()
    at(screen, "forward", 5)
    screen.transport.get_by_test_id("step-back").click()
    screen.transport.get_by_test_id("step-back").click()
    at(screen, "forward", 3)


def test_the_slider_runs_through_the_way_that_is_shown(screen):
    scrub = screen.transport.get_by_test_id("scrub")
    for t in (1, 9, 5):
        scrub.fill(str(t))
        at(screen, "forward", t)
    screen.transport.get_by_test_id("play-backward").click()
    screen.page.keyboard.press("Space")
    for t in (9, 1):
        scrub.fill(str(t))
        at(screen, "backward", t)


def test_the_keyboard_steps_and_plays(screen):
    screen.page.keyboard.press("ArrowRight")
    at(screen, "forward", 5)
    screen.page.keyboard.press("ArrowLeft")
    at(screen, "forward", 4)
    screen.page.keyboard.press("Space")
    expect(screen.stage).to_have_attribute("data-playing", "true")
    screen.page.keyboard.press("Space")
    expect(screen.stage).to_have_attribute("data-playing", "false")


def test_the_keyboard_is_silent_while_a_sentence_is_typed(screen):
    box = screen.widget("sentence", "input")
    box.press("End")
    for key in ("Space", "a", "ArrowLeft", "ArrowRight", "Space"):
        box.press(key)
        expect(screen.stage).to_have_attribute("data-playing", "false")
    at(screen, "forward", 4)
    expect(box).to_have_value(f"{SENTENCE} a ")


def test_a_step_of_the_animation_becomes_the_selected_step(screen):
    screen.page.keyboard.press("ArrowRight")
    screen.until(lambda: "step=5" in screen.location, "the address bar names the step")


# The keys after a press -----------------------------------------------------------------------------------------------


def rests(screen) -> None:
    """Until nothing moves any more"""
    expect(screen.stage).to_have_attribute("data-playing", "false")
    screen.settle()


def test_after_a_click_on_a_button_space_plays_and_does_not_press_it_again(screen):
    screen.press("apply_update")
    expect(screen.result).to_have_attribute("data-n", "1")
    rests(screen)
    expect(screen.stage).to_be_focused()
    screen.page.keyboard.press("Space")
    expect(screen.stage).to_have_attribute("data-playing", "true")
    screen.page.keyboard.press("Space")
    rests(screen)
    expect(screen.result).to_have_attribute("data-n", "1")


@pytest.mark.parametrize("inner", ["step-on", "play"])
def test_after_a_click_in_the_row_of_the_loop_the_arrows_step_once(screen, inner):
    screen.transport.get_by_test_id(inner).click()
    if inner == "play":
        screen.page.keyboard.press("Space")
        rests(screen)
    t = int(screen.stage.get_attribute("data-t"))
    screen.page.keyboard.press("ArrowRight")
    at(screen, "forward", min(t + 1, 9))
    screen.page.keyboard.press("ArrowLeft")
    at(screen, "forward", min(t + 1, 9) - 1)


def test_after_a_click_on_a_chip_and_on_the_stage_the_arrows_step(screen):
    screen.press("example_1")
    screen.until(lambda: screen.steps()[0].word == "Teddy", "the sentence of the chip")
    screen.settle()
    at(screen, "forward", 4)
    screen.page.keyboard.press("ArrowRight")
    at(screen, "forward", 5)
    screen.page.get_by_test_id("weights-Waa").click()
    screen.page.keyboard.press("ArrowLeft")
    at(screen, "forward", 4)
    screen.step(2).click()
    screen.page.keyboard.press("ArrowRight")
    at(screen, "forward", 3)


def test_a_field_a_list_and_a_slider_keep_the_keys(screen):
    box = screen.widget("sentence", "input")
    box.click()
    expect(box).to_be_focused()
    scrub = screen.transport.get_by_test_id("scrub")
    scrub.click()
    t = int(scrub.input_value())
    screen.page.keyboard.press("ArrowLeft")
    at(screen, "forward", t - 1)  # once: the slider's own
    expect(scrub).to_be_focused()
    speed = screen.transport.get_by_test_id("speed")
    speed.select_option("2")
    speed.focus()
    screen.page.keyboard.press("Space")
    expect(screen.stage).to_have_attribute("data-playing", "false")
    screen.page.keyboard.press("Escape")


def test_a_button_that_is_reached_by_the_keyboard_takes_space_once(screen):
    for key, n in (("apply_update", "1"), ("undo", "0")):
        button = screen.widget(key, "button:visible")
        button.focus()
        screen.page.keyboard.press("Space")
        expect(screen.result).to_have_attribute("data-n", n)
        rests(screen)
    play = screen.transport.get_by_test_id("play")
    play.focus()
    screen.page.keyboard.press("Space")
    expect(screen.stage).to_have_attribute("data-playing", "true")
    expect(play).to_be_focused()
    screen.page.keyboard.press("Space")
    rests(screen)


def test_out_of_sight_the_stage_leaves_space_to_the_page(new_screen):
    screen = new_screen(1280, 480).explore()
    expect(screen.widget("panel")).to_be_visible()
    main = screen.page.get_by_test_id("stMain")
    screen.step(3).click()
    bottom = screen.stage.evaluate("stage => stage.getBoundingClientRect().bottom")
    main.evaluate("(main, by) => main.scrollBy(0, by + 1)", bottom)
    below = main.evaluate("main => main.scrollTop")
    assert screen.stage.evaluate("stage => stage.getBoundingClientRect().bottom") <= 0
    screen.page.keyboard.press("Space")
    screen.until(lambda: main.evaluate("main => main.scrollTop") > below, "the page scrolls")
    expect(screen.stage).to_have_attribute("data-playing", "false")
    at(screen, "forward", 3)
