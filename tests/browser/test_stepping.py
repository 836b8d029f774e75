"""Step, scrub, and the keyboard"""

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
