"""What the pages use of Streamlit that it does not offer: each use, so that a new version of it is noticed here."""

from functools import partial

import pytest
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.testing.v1 import AppTest, local_script_runner

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
