"""A guessed label is corrected by one click, and every loss and gradient follows"""

from playwright.sync_api import expect

from tests.helpers.reference import SENTENCE, guess, network, steps


def test_one_click_corrects_a_label(screen):
    labels = guess(SENTENCE)
    labels[8] = 1 - labels[8]
    screen.step(9).locator(".target").click()
    screen.shows(steps(network(), SENTENCE, labels))
    assert "labels=110110001" in screen.location


def test_a_correction_outlives_a_pause_in_typing(screen):
    screen.step(9).locator(".target").click()
    labels = [*guess(SENTENCE)[:8], 1]
    screen.shows(steps(network(), SENTENCE, labels))
    box = screen.widget("sentence", "input")
    for more in (" in", " in London"):
        box.fill(SENTENCE + more)
        screen.shows(steps(network(), SENTENCE + more, labels + guess(more)))


def test_a_second_click_takes_the_correction_back(screen):
    potter = screen.step(2).locator(".target")
    potter.click()
    screen.shows(steps(network(), SENTENCE, [1, 0, *guess(SENTENCE)[2:]]))
    potter.click()
    screen.shows(steps(network(), SENTENCE))
    assert "labels" not in screen.location


def test_the_step_stays_and_a_guess_is_told_apart_from_a_wrong_prediction(new_screen):
    screen = new_screen().explore("?v=2&whose=all&sentence=Grace+said+grace")
    wrong = screen.step(3)  # called a name, and guessed to be none, or the other way round
    labels = guess("Grace said grace")
    screen.step(1).click()
    expect(wrong.locator(".verdict")).to_have_text("✓")
    wrong.locator(".target").click()
    screen.shows(steps(network(), "Grace said grace", [*labels[:2], 1 - labels[2]]))
    expect(wrong.locator(".verdict")).to_have_text("✗")  # the reader has said so: it is the network that is wrong
    expect(screen.stage).to_have_attribute("data-t", "1")


def test_a_guess_that_the_network_does_not_share_may_be_wrong_itself(new_screen):
    screen = new_screen().explore("?v=2&whose=all&sentence=Teddy+bears+are+on+sale+in+Zurich")
    verdicts = [screen.step(t).locator(".verdict").inner_text() for t in range(1, 8)]
    assert "✗?" in verdicts and "✗" not in verdicts


def test_the_key_y_corrects_the_label_of_the_step_that_has_the_focus(screen):
    screen.step(9).click()
    screen.step(9).focus()
    screen.page.keyboard.press("y")
    screen.shows(steps(network(), SENTENCE, [*guess(SENTENCE)[:8], 1]))
    screen.page.keyboard.press("y")
    screen.shows(steps(network(), SENTENCE))
