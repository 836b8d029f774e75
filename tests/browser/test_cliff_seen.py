"""The cliff as it is drawn: both paths are seen from the place where the ball stands at first."""

import pytest
from playwright.sync_api import expect

from tests.helpers.screen import Screen

INK = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let blue = 0;
    for (let i = 0; i < data.length; i += 4) blue += data[i + 2] - data[i] > 70;
    return blue;
}"""  # so many pixels are blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("picture", ["cliff-above", "cliff-side"])
def test_the_clipped_path_is_not_hidden_by_its_start(new_screen, theme, picture):
    screen: Screen = new_screen(1440, 900, theme=theme).explore("?v=2&station=cliff")
    screen.turn_to("Gradients")
    canvas = screen.page.get_by_test_id(picture)
    expect(canvas).to_be_visible()
    assert canvas.evaluate(INK) == 0, "no step was taken"
    screen.press("cliff_10")
    screen.until(lambda: canvas.evaluate(INK) > 30, "the path with clipping, in blue")
