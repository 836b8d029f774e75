"""One weight is set by hand, where it stands: everything follows, as the core computes it, and undo takes it back"""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from core.parameters import Parameters
from core.tasks import task
from tests.helpers.reference import SENTENCE, network, steps, updated
from tests.helpers.structures_page import LESSONS, through, trained

LOSSES = "stage => [...stage.querySelectorAll('.step')].map(step => step.dataset.loss)"


def edited(params: Parameters, group: str, name: str, place: tuple[int, ...], value: float) -> Parameters:
    array = getattr(params[group], name).copy()
    array[place] = value
    return params | {group: params[group]._replace(**{name: array})}


def pick(screen, label: str, x: float, y: float) -> None:
    """The entry of a map at this part of its width and height"""
    sheet = screen.page.get_by_test_id(f"weights-{label}").locator(".sheet-of")
    box = sheet.bounding_box()
    sheet.click(position={"x": x * box["width"], "y": y * box["height"]})


def set_value(screen, typed: str) -> None:
    field = screen.page.get_by_test_id("weight-value")
    field.fill(typed)
    field.press("Enter")


def test_a_weight_is_set_and_everything_follows_is_undone_and_travels_in_the_link(screen, new_screen):
    pick(screen, "Waa", (5 + 0.5) / 16, (2 + 0.5) / 16)
    field = screen.page.get_by_test_id("weight-value")
    shown = float(field.input_value().replace("−", "-"))
    assert abs(shown - network()["rnn"].Waa[2, 5]) < 1e-6
    expect(screen.page.locator(".weight .title")).to_have_text("Waa, unit 3, from unit 6 =")
    set_value(screen, "0,75")
    params = edited(network(), "rnn", "Waa", (2, 5), 0.75)
    screen.shows(steps(params, SENTENCE))
    expect(field).to_have_value("0.75")
    expect(screen.result).to_contain_text("1 edit by hand")
    screen.until(lambda: "update=edit+rnn.Waa+2+5+0.75" in screen.location, "the address bar names the edit")
    screen.press("apply_update")
    screen.shows(steps(updated(params, SENTENCE), SENTENCE))
    screen.press("undo")
    screen.shows(steps(params, SENTENCE))
    screen.page.reload()
    screen.shows(steps(params, SENTENCE))
    friend = new_screen().explore(screen.location.removeprefix(f"{screen.address}/"))
    friend.shows(steps(params, SENTENCE))
    screen.press("undo")
    screen.shows(steps(network(), SENTENCE))


def test_a_picked_weight_is_left_again_and_its_products_stand_apart(screen):
    pick(screen, "Waa", 0.5 / 16, 0.5 / 16)
    field, row = screen.page.get_by_test_id("weight-value"), screen.page.locator('.made[data-name="past"]')
    expect(field).to_be_visible()
    screen.page.locator(".weight .close").click()
    expect(field).to_be_hidden()
    screen.step(3).click()
    row.click()
    cut = "spans => spans.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    products = screen.page.locator(".products span")
    expect(products).to_have_count(16)
    assert products.evaluate_all(cut) == []


def test_on_a_phone_the_field_of_a_picked_weight_leaves_its_map_in_sight(new_screen):
    screen = new_screen(390, 844, has_touch=True).explore("")
    pick(screen, "Waa", 0.5, 0.5)
    field = screen.page.get_by_test_id("weight-value")
    expect(field).to_be_visible()
    expect(screen.page.get_by_test_id("card")).to_be_hidden()
    sheet = screen.page.get_by_test_id("weights-Waa").locator(".sheet-of").bounding_box()
    assert sheet["y"] + sheet["height"] <= field.bounding_box()["y"]
    screen.page.get_by_test_id("dock").locator(".handle").click()
    expect(screen.page.get_by_test_id("card")).to_be_visible()


def rest(screen) -> None:
    """Until the update that is shown is over"""
    expect(screen.stage).to_have_attribute("data-phase", "forward")


def test_a_bias_and_a_column_of_wax_are_set_from_the_dock(screen):
    screen.step(4).click()
    dock = screen.page.get_by_test_id("dock")
    dock.locator('[data-name="b"] .strip i').nth(6).click()
    expect(screen.page.locator(".weight .title")).to_have_text("ba, unit 7 =")
    set_value(screen, "-.5")
    params = edited(network(), "rnn", "ba", (6,), -0.5)
    screen.shows(steps(params, SENTENCE))
    rest(screen)
    dock.locator('[data-name="x"] .strip i').nth(0).click()
    word = int(re.search(r"word (\d+)", screen.page.locator(".weight .title").inner_text())[1])
    assert task("people").vocabulary.words[word] == "hermione"
    set_value(screen, "2")
    params = edited(params, "rnn", "Wax", (0, word), 2.0)
    screen.shows(steps(params, SENTENCE))
    dock.locator('[data-name="past"]').click()
    dock.locator("[data-from]").nth(9).click()
    expect(screen.page.locator(".weight .title")).to_contain_text("from unit 10")


def test_what_is_no_number_or_could_not_be_drawn_is_refused_in_a_sentence_and_the_old_value_stays(screen):
    pick(screen, "by", 0.5, 0.5)
    field = screen.page.get_by_test_id("weight-value")
    before = field.input_value()
    for typed in ("many", "1e31", ""):
        set_value(screen, typed)
        expect(screen.page.locator(".weight .facts")).to_contain_text("A weight is a number")
    screen.page.get_by_test_id("banner").click()
    expect(field).to_have_value(before)
    pick(screen, "Wya", 0.5, 0.5)
    before = field.input_value()
    set_value(screen, "1e30")
    expect(screen.page.get_by_text("so the weight stays as it is")).to_be_visible()
    expect(field).to_have_value(before)
    screen.shows(steps(network(), SENTENCE))
    assert "update=" not in screen.location


def test_the_keyboard_walks_through_a_map_and_sets_a_weight(screen):
    screen.page.get_by_test_id("weights-Waa").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        screen.page.keyboard.press(key)
    expect(screen.stage.locator("[aria-live]")).to_contain_text("Waa, unit 2, from unit 2:")
    expect(screen.stage).to_have_attribute("data-t", "4")  # the arrows belong to the map
    screen.page.keyboard.press("Enter")
    field = screen.page.get_by_test_id("weight-value")
    expect(field).to_be_focused()
    screen.page.keyboard.type("−0.25")
    screen.page.keyboard.press("Enter")
    screen.shows(steps(edited(network(), "rnn", "Waa", (1, 1), -0.25), SENTENCE))


@pytest.mark.parametrize(
    ("name", "label", "place"),
    [("translation", "encoder.Waa", (0, 0)), ("translation", "Wyc", None), ("sentiment", "Waa", (0, 0))],
)
def test_on_structures_too_group_by_group(new_screen, name, label, place):
    link, example = LESSONS[name]
    query = {"v": "2", "structure": name, "whose": "all", "input": " ".join(example.inputs), "begin": "trained"}
    screen = new_screen().explore(f"?{urlencode(query | link)}")
    screen.turn_to("Structures")
    expect(screen.step(1)).to_be_visible()
    screen.step(1).click()
    pick(screen, label, 0.5 / 100, 0.5 / 100)
    expect(screen.page.locator(".weight .title")).to_contain_text(label)
    set_value(screen, "0.5")
    rest(screen)
    screen.until(lambda: "structures_update=edit" in screen.location, "the address bar names the edit")
    _, where, row, column, value = screen.page.evaluate(
        "new URL(location.href).searchParams.get('structures_update')"
    ).split(" ")
    group, matrix = where.split(".")
    params = edited(trained(name), group, matrix, (int(row), int(column)), float(value))
    assert place in (None, (int(row), int(column))) and value == "0.5"
    trace, loss, _ = through(name, params, example)
    expected = [
        str(v) if slot.answers else "null" for v, slot in zip(loss.per_step[:, 0].tolist(), trace.slots, strict=True)
    ]
    screen.until(lambda: screen.stage.evaluate(LOSSES) == expected, "the losses of the core, to the last digit")
