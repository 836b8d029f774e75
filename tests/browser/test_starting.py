"""`streamlit run explorer/app.py` works from any directory"""

from reference import SENTENCE, network, steps
from serving import serving


def test_the_app_starts_far_from_the_project(new_screen, tmp_path):
    with serving(tmp_path) as address:
        screen = new_screen()
        screen.address = address
        screen.explore().shows(steps(network(), SENTENCE))
        assert screen.page.evaluate("getComputedStyle(document.body).fontFamily")
        screen.page.get_by_role("link", name="Inputs").click()
        screen.page.get_by_role("heading", name="Inputs").wait_for()
