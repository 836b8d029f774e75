"""An update on each structure: what it changes is drawn whole. Another structure opens at rest."""

import pytest
from playwright.sync_api import expect

from explorer.compute.jobs import KINDS
from explorer.prose import prose


@pytest.mark.parametrize("name", KINDS)
def test_what_an_update_changes_is_drawn_with_its_axes(new_screen, name):
    screen = new_screen().explore(f"?v=2&structure={name}")
    screen.turn_to("Structures")
    expect(screen.step(1)).to_be_visible()
    if name == "melody":  # a sound that is asked for after it has gone would be an error of its own
        screen.page.wait_for_function("document.querySelector('audio')?.readyState > 2")
    screen.press("apply_update")
    screen.settle()
    screen.open_panel(prose("panels", "microscope_title"))
    chart = screen.widget("curve")
    expect(chart.locator(".ytitle")).to_be_visible()
    assert "Infinity" not in chart.locator(".ytitle").get_attribute("transform")
    numbers = chart.locator(".ytick text")
    expect(numbers.first).to_be_visible()
    box = chart.bounding_box()
    for i in range(numbers.count()):
        place = numbers.nth(i).bounding_box()
        assert place and place["y"] >= box["y"] - 1  # none is hidden, or cut at the edge
        expect(numbers.nth(i)).to_be_visible()


def test_another_structure_opens_at_rest(new_screen):
    screen = new_screen().explore()
    screen.turn_to("Structures")
    expect(screen.step(1)).to_be_visible()
    screen.back_at(4)  # and at once, before the stage has sent that
    screen.page.locator(".card[data-structure=sentiment]").click()
    expect(screen.step(1)).to_have_attribute("data-word", "not")
    for name, value in {"phase": "forward", "t": "1", "playing": "false"}.items():
        expect(screen.stage).to_have_attribute(f"data-{name}", value)
    screen.settle()
    assert "phase=" not in screen.location and "at=" not in screen.location


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (390, 844)])
def test_the_four_cells_stand_in_one_line(new_screen, size):
    screen = new_screen(*size).explore()
    screen.turn_to("Structures")
    screen.open_settings()
    buttons = screen.widget("cell", "button[role=radio]")
    assert len({round(buttons.nth(i).bounding_box()["y"]) for i in range(4)}) == 1
