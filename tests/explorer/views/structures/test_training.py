"""A training on Structures is stopped, continued and forgotten, and outlives a look elsewhere."""

import pytest

from explorer.prose import prose
from tests.helpers.structures_page import (
    choose,
    memory,
    open_page,
    press,
    stage,
    text,
)


@pytest.mark.parametrize("begin", ["trained", "untrained"])
def test_a_training_that_is_stopped_before_its_first_epoch_keeps_the_network_and_its_updates(begin):
    page = press(open_page(structure="entities", begin=begin, right="O O O O O O O O O O"), "apply_10")
    before = stage(page)
    press(page, "train")
    (training,) = [one for _, one in memory(page).trainings.items()]
    press(page, "stop")
    assert not training.epoch and page.segmented_control(key="begin").value == begin
    assert stage(page)["loss"] == before["loss"] and page.button(key="train").label == "Continue"
    assert sum(update.size for update in page.session_state["structures_updates"]) == 10


@pytest.mark.slow
def test_training_can_be_stopped_and_continued_and_forgotten():
    page = press(open_page(structure="entities", cell="lstm"), "train")
    (training,) = [one for _, one in memory(page).trainings.items()]
    press(page, "stop")
    assert page.button(key="train").label == "Continue" and not training.epoch
    press(page, "train")
    while not training.epoch:
        page.run()
    press(page, "stop")
    assert page.button(key="train").label == "Continue"
    assert prose("structures", "origin_here", epoch=training.best, trained=training.epoch) in text(page)
    press(page, "train")
    for _ in range(60):
        page.run()
        if page.button(key="stop").disabled:
            break
    assert prose("structures", "origin_here", epoch=training.best, trained=4) in text(page)
    press(page, "forget")
    assert prose("structures", "untrained") in text(page)


def test_training_goes_on_after_a_look_at_another_structure():
    page = press(open_page(structure="entities", cell="lstm"), "train")
    (training,) = [one for _, one in memory(page).trainings.items()]
    while not training.epoch:
        page.run()
    choose(page, "word")
    choose(page, "entities")
    assert page.button(key="train").label == "Continue"
    assert prose("structures", "untrained") not in text(page)
