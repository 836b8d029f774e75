"""What the pages use of Streamlit that it does not offer: each use, so that a new version of it is noticed here."""

import inspect
from functools import partial
from types import SimpleNamespace

import pytest
from streamlit import config
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest, local_script_runner

from explorer import server

MAIN = """
import streamlit as st
from explorer import server

@st.fragment
def part():
    st.button("press")

part()
st.session_state["is_history"] = server.is_history_navigation()
if st.session_state.get("forget"):
    server.forget_fragments()
page = st.navigation([st.Page("one.py", default=True), st.Page("two.py")])
st.session_state["page"] = server.current_page()
page.run()
"""


@pytest.fixture
def small_app(tmp_path) -> AppTest:
    """Two pages and a fragment"""
    for name, script in (("main", MAIN), ("one", ""), ("two", "")):
        (tmp_path / f"{name}.py").write_text(script)
    return AppTest.from_file(tmp_path / "main.py").run()


def test_a_page_is_known_by_its_name(small_app):
    names = [small_app.switch_page(f"{page}.py").run().session_state["page"] for page in ("one", "two", "one")]
    assert not small_app.exception
    assert names[0] == names[2] != names[1]


@pytest.mark.parametrize("went_back", [True, False])
def test_back_and_forward_are_noticed(small_app, monkeypatch, went_back):
    rerun = partial(local_script_runner.RerunData, is_history_navigation=went_back)
    monkeypatch.setattr(local_script_runner, "RerunData", rerun)
    assert small_app.run().session_state["is_history"] is went_back


@pytest.mark.parametrize("forget", [True, False])
def test_fragments_are_forgotten(small_app, forget):
    small_app.session_state["forget"] = forget
    assert not small_app.run().exception
    assert bool(small_app._fragment_storage._fragments) is not forget


def test_what_the_session_holds_is_found_by_its_keys_as_streamlit_itself_finds_it():
    def page():
        import streamlit as st

        from explorer import server

        st.text_input("text", key="typed")
        st.slider("slider", 0, 9, 4, key="chosen")
        st.session_state["own"] = 1
        found = server.held_under(["typed", "chosen", "own", "none"])
        st.session_state["is_same"] = found == {key: st.session_state[key] for key in ("typed", "chosen", "own")}

    app = AppTest.from_function(page).run()
    assert app.session_state["is_same"]
    app.text_input(key="typed").set_value("Harry").run()
    assert app.session_state["is_same"] and app.session_state["typed"] == "Harry"


class Fragments:
    """What a session knows of them: one, on this page; a session that is new knows of no page"""

    def __init__(self, page: str | None, busy: object = None) -> None:
        if page:
            self.page = page
        self.busy = busy


class Asked:
    def __init__(self, page: str | None, busy: object = None) -> None:
        self._fragment_storage = Fragments(page, busy)

    def has_fragment(self, name: str) -> bool:
        return name == "known"


@pytest.mark.parametrize(
    ("page", "fragment", "is_auto", "runs"),
    [
        ("one", "known", False, "known"),
        ("one", "unknown", False, ""),  # the whole page
        (None, "unknown", False, ""),
        ("two", "unknown", False, "unknown"),  # of a page that was left: Streamlit drops it
        ("one", "unknown", True, "unknown"),
        ("one", "", False, ""),
    ],
)
def test_a_click_in_an_unknown_part_of_the_page_makes_the_whole_page(page, fragment, is_auto, runs):
    asked = []
    heard = server.hearing_every_click(lambda session, state: asked.append(state.fragment_id))
    heard(Asked(page), ClientState(fragment_id=fragment, page_script_hash="one", is_auto_rerun=is_auto))
    assert asked == [runs]


@pytest.mark.parametrize("is_auto", [True, False])
def test_a_click_during_long_work_makes_the_whole_page_since_only_that_interrupts(is_auto):
    asked = []
    heard = server.hearing_every_click(lambda session, state: asked.append(state.fragment_id))
    heard(Asked(None, busy="run"), ClientState(fragment_id="known", page_script_hash="one", is_auto_rerun=is_auto))
    heard(
        Asked("two", busy="run"), ClientState(fragment_id="unknown", page_script_hash="one")
    )  # of a page that was left
    assert asked == ["known" if is_auto else "", "unknown"]


def test_presses_that_come_during_one_run_are_counted(monkeypatch):
    asked, session = [], Asked("one")
    heard = server.hearing_every_click(lambda *_: asked.append(vars(session._fragment_storage)[server.PRESSES].copy()))
    widgets = [
        {"id": "$$ID-0a1b-apply_10", "trigger_value": True},
        {"id": "$$ID-0a1b-undo", "trigger_value": False},
        {"id": "$$ID-0a1b-sentence", "string_value": "Grace"},
    ]
    monkeypatch.setattr(server, "_run", lambda: SimpleNamespace(fragment_storage=session._fragment_storage))
    assert server.presses("apply_10") == 1 and server.presses("apply_10", uncounted=0) == 0, "nothing is counted"
    for _ in range(3):
        heard(session, ClientState(widget_states={"widgets": widgets}))
    heard(session, None)
    assert asked[-1] == {"apply_10": 3}, "a press is counted before its run can begin"
    assert [server.presses(key) for key in ("apply_10", "apply_10", "undo")] == [3, 0, 0]


def test_what_the_page_has_set_is_not_taken_back_by_a_browser_that_has_not_heard_of_it(monkeypatch):
    """A setting whose popover is closed goes on to send what it held; whatever else it sends is the reader's choice."""
    session, asked = Asked("one"), []
    heard = server.hearing_every_click(
        lambda _, state: asked.append([one.string_value for one in state.widget_states.widgets])
    )
    monkeypatch.setattr(server, "_run", lambda: SimpleNamespace(fragment_storage=session._fragment_storage))

    def send(**values):
        widgets = [{"id": f"$$ID-0a1b-{key}", "string_value": value} for key, value in values.items()]
        heard(session, ClientState(widget_states={"widgets": widgets}))
        return asked[-1]

    assert send(begin="untrained", cell="gru") == ["untrained", "gru"]
    assert send(begin="untrained", cell="gru") == ["untrained", "gru"], "nothing was set"
    server.overrule("begin", "rate")
    assert send(begin="untrained", cell="lstm") == ["lstm"] and send(begin="untrained", cell="gru") == ["gru"]
    assert send(begin="trained", cell="gru") == ["trained", "gru"], "it has heard of it"
    assert send(begin="untrained", cell="gru") == ["untrained", "gru"], "so this is the reader's choice"
    assert send(rate="0.5") == ["0.5"], "shown for the first time"


def test_the_whole_page_is_told_from_a_part_of_it(small_app):
    assert server.user_key(small_app.button[0].proto.id.replace("None", "press")) == "press"
    assert "fragment_ids_this_run" in inspect.signature(ScriptRunContext.reset).parameters


def test_every_session_hears_every_click(app):
    assert AppSession.request_rerun.__qualname__.startswith("hearing_every_click")
    assert hasattr(AppSession, "has_fragment") and "_fragment_storage" in inspect.getsource(AppSession.__init__)
    assert app._fragment_storage.page


def may_be_named_only() -> bool:
    """Is a large message one that the server may leave out because the browser has it?"""
    message = ForwardMsg()
    message.delta.new_element.markdown.body = "word " * 100_000
    populate_hash_if_needed(message)
    return message.metadata.cacheable


def test_every_message_is_sent_whole(app):
    assert not may_be_named_only()
    usual = config.get_option("global.minCachedMessageSize")
    config.set_option("global.minCachedMessageSize", 10_000)
    try:
        assert may_be_named_only(), "else the test says nothing"
    finally:
        config.set_option("global.minCachedMessageSize", usual)


def test_garbage_is_not_collected_after_every_run(app):
    assert config.get_option("runner.postScriptGC") is False
