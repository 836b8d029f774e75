"""A click on a step selects it everywhere on the page; pointing at a unit names it"""

from playwright.sync_api import expect

from tests.helpers.reference import SENTENCE, guess, network, run


def test_a_clicked_step_is_selected_everywhere(screen):
    screen.step(8).click()
    expect(screen.stage).to_have_attribute("data-t", "8")
    expect(screen.page.get_by_test_id("inspector")).to_have_attribute("data-t", "8")
    expect(screen.page.get_by_text("At ‘Harry’ the error of ‘new’ is")).to_be_visible()
    screen.until(lambda: screen.location.endswith("?v=2&step=8&whose=all"), "the address bar names the step")


def test_the_inspector_follows_the_animation(screen):
    inspector = screen.page.get_by_test_id("inspector")
    for phase, t in (("forward", 2), ("backward", 3)):
        if phase == "forward":
            screen.transport.get_by_test_id("scrub").fill(str(t))
        else:
            screen.back_at(t)
        expect(inspector).to_have_attribute("data-phase", phase)
        expect(inspector).to_have_attribute("data-t", str(t))


def test_pointing_at_a_hidden_unit_tells_its_name_and_value(screen):
    cells = screen.step(4).locator(".hidden")  # 16 units, four in a row: unit 7 ends the second row
    size = cells.bounding_box()
    cells.hover(position={"x": size["width"] * 0.84, "y": size["height"] * 0.38})
    tip = screen.stage.get_by_role("tooltip")
    expect(tip).to_contain_text("unit 8 of a⟨4⟩: ")
    _, back = run(network(), SENTENCE, guess(SENTENCE))
    shown = float(tip.inner_text().split(":")[1].replace("−", "-"))
    assert abs(shown - back.trace.a[4, 0, 7]) < 0.01
