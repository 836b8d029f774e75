"""A guessed label is corrected by one click, and every loss and gradient follows"""

from tests.helpers.reference import SENTENCE, guess, network, steps


def test_one_click_corrects_a_label(screen):
    labels = guess(SENTENCE)
    labels[8] = 1 - labels[8]
    screen.widget("labels", "button").get_by_text("spell", exact=True).click()
    screen.shows(steps(network(), SENTENCE, labels))
    assert "labels=110110001" in screen.location


def test_a_correction_outlives_a_pause_in_typing(screen):
    screen.widget("labels", "button").get_by_text("spell", exact=True).click()
    labels = [*guess(SENTENCE)[:8], 1]
    screen.shows(steps(network(), SENTENCE, labels))
    box = screen.widget("sentence", "input")
    for more in (" in", " in London"):
        box.fill(SENTENCE + more)
        screen.shows(steps(network(), SENTENCE + more, labels + guess(more)))


def test_a_second_click_takes_the_correction_back(screen):
    potter = screen.widget("labels", "button").get_by_text("Potter", exact=True)
    potter.click()
    screen.shows(steps(network(), SENTENCE, [1, 0, *guess(SENTENCE)[2:]]))
    potter.click()
    screen.shows(steps(network(), SENTENCE))
    assert "labels" not in screen.location
