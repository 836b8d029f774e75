"""A session may hold what no widget would put there: None, a value of an older version, or nothing under a name.

So it is when a server restarts under an open page, and the browser brings its widgets along. No page breaks off, and
what makes no sense is the default.
"""

from collections.abc import Iterable
from dataclasses import fields
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from explorer.choices.record import CHOICES, Choices
from tests.helpers.examples import EXPLORER, address, open_app

PAGES = ("explore", "inputs", "gradients", "structures", "notes")
NAMES = [one.name for one in fields(Choices)]


def odd(name: str, kind: str) -> object:
    """None, or a value that this choice cannot have"""
    usual = usual_session()[name]
    if kind == "none":
        return None
    if isinstance(usual, str) and (name in ("sentence", "input") or not usual):
        return 5  # where any text makes sense
    kinds = {bool: "perhaps", int: -7, float: 99.0, str: "of an older version", type(None): 77}
    return kinds.get(type(usual), "of an older version")


@cache
def usual_session() -> dict:
    """What a session holds beside the state of buttons and components, which no script may set"""
    held = open_app("notes").session_state._state.filtered_state
    return {key: value for key, value in held.items() if value is not False or key in NAMES}


def restored(name: str, changes: dict[str, object], without: Iterable[str] = ()) -> AppTest:
    """A page in a session that holds the usual things, but for these changes"""
    app = AppTest.from_file(EXPLORER / "app.py", default_timeout=60)
    for key, value in (usual_session() | changes).items():
        if key not in without:
            app.session_state[key] = value
    app._page_hash = address(name)
    return app.run()


def with_odd(shown: str, kind: str, names: Iterable[str]) -> AppTest:
    if kind == "missing":
        return restored(shown, {}, without=names)
    return restored(shown, {name: odd(name, kind) for name in names})


def shows_defaults(app: AppTest, names: Iterable[str]) -> bool:
    state = app.session_state
    usual, settled = usual_session(), {"whose": state["memory"].usual_whose}  # where the losses are known
    known = [name for name in names if name in CHOICES and name in state]
    held = [name for name in known if state[name] not in (usual[name], settled.get(name, usual[name]))]
    return not app.exception and not held and not app.query_params


@pytest.mark.parametrize("shown", PAGES)
def test_a_usual_session_is_restored(shown):
    assert shows_defaults(restored(shown, {}), NAMES)


@pytest.mark.parametrize("shown", PAGES)
@pytest.mark.parametrize("kind", ["none", "old", "missing"])
def test_all_choices_at_once(kind, shown):
    assert shows_defaults(with_odd(shown, kind, NAMES), NAMES)


@pytest.mark.parametrize("kind", ["none", "missing"])
def test_the_weight_that_a_late_widget_holds(kind):
    assert shows_defaults(with_odd("explore", kind, ["selected_weight"]), ["selected_weight"])


@pytest.mark.long
@pytest.mark.parametrize("shown", PAGES)
@pytest.mark.parametrize("kind", ["none", "old", "missing"])
@pytest.mark.parametrize("name", NAMES)
def test_one_choice(name, kind, shown):
    assert shows_defaults(with_odd(shown, kind, [name]), [name])


@pytest.mark.parametrize("shown", PAGES)
def test_whatever_else_a_session_has_lost(shown):
    names = [key for key in usual_session() if key not in NAMES]
    assert [name for name in names if restored(shown, {}, without=[name]).exception] == []


FIRST = {
    "update": lambda app: app.button(key="apply_update").click(),
    "sentence": lambda app: app.text_input(key="sentence").set_value("Grace met Will"),
    "cell": lambda app: app.segmented_control(key="activation").set_value("lstm"),
    "rate": lambda app: app.select_slider(key="learning_rate").set_value(0.1),
}


@pytest.mark.parametrize("action", FIRST)
def test_the_first_action_after_it(action):
    app = with_odd("explore", "none", ["selected_weight"])
    assert not FIRST[action](app).run().exception
