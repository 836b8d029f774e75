"""`streamlit run explorer/app.py` works from any directory, with the project's own settings"""

import tomllib

from tests.helpers.reference import SENTENCE, network, steps
from tests.helpers.serving import ROOT, serving


def test_the_app_starts_far_from_the_project(new_screen, tmp_path):
    with serving(tmp_path) as address:
        screen = new_screen()
        screen.address = address
        screen.explore().shows(steps(network(), SENTENCE))
        theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
        blue = "stage => getComputedStyle(stage).getPropertyValue('--st-blue-color')"
        assert screen.stage.evaluate(blue) == theme["light"]["blueColor"]
        screen.page.get_by_test_id("stTopNavLink").get_by_text("Inputs").click()
        screen.until(lambda: screen.location.startswith(f"{address}/inputs?"), "the other page opens")
        screen.settle()
        screen.page.goto("about:blank")  # before its server goes
