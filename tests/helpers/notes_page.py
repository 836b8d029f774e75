"""The page Notes without a browser, with one of its tabs open"""

from streamlit.testing.v1 import AppTest

from explorer.prose import prose
from tests.helpers.examples import open_app


def open_notes(tab: str = "theory", **link: str) -> AppTest:
    return turn_to(open_app("notes", **link), tab)


def turn_to(app: AppTest, tab: str) -> AppTest:
    app.session_state["notes_tab"] = prose("notes", f"tab_{tab}")
    return app.run()
