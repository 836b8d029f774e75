"""Settings of the one process that all sessions share, so that each stays quick while others compute."""

import gc
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import config
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import get_session_state

LIVE_CONNECTION = ("streamlit.web.server.starlette.starlette_websocket", "uvicorn.error")  # who writes of it
PAGE = "page"  # where a session's fragments keep which page they belong to
BUSY = "busy"  # and the run that does long work, if one does
PRESSES = "presses"  # and how often each button was pressed that no callback was told of yet
HELD = "held"  # and what the browser's widgets held in its last message, by their keys
OVERRULED = "overruled"  # and, of those that the page has set since, what they held then
PRESSING = threading.Lock()  # a press is counted and asks for its run in one


@st.cache_resource
def keep_smooth() -> None:
    """Once per process: switch threads often, collect garbage in the background instead of after every rerun, and send
    every message whole."""
    sys.setswitchinterval(0.0005)  # a fifth of that, and twenty who open a page at once take twice as long
    config.set_option("runner.postScriptGC", False)  # holds wherever the app was started from
    # A large message that the browser has already is only named, not sent again; but by then the browser may have
    # dropped it, and the page breaks off with a "Connection error". So none is large enough for that.
    config.set_option("global.minCachedMessageSize", 1e12)
    AppSession.request_rerun = hearing_every_click(AppSession.request_rerun)  # type: ignore[method-assign]
    for name in LIVE_CONNECTION:
        logging.getLogger(name).addFilter(in_one_line)
    gc.freeze()  # what is imported by now stays: to go through it again and again would halt every session
    threading.Thread(target=_collect, daemon=True).start()


def in_one_line(record: logging.LogRecord) -> bool:
    """What arrives and is no message of the app leaves a line in the log, not a page: anybody may send it."""
    if record.exc_info:
        said, error = record.getMessage().strip(), record.exc_info[1]
        record.msg, record.args = f"{said}: {type(error).__name__}: {str(error).splitlines()[:1]}", ()
        record.exc_info = record.exc_text = None
    return True


def _collect() -> None:
    while True:
        time.sleep(10)
        gc.collect()


def hearing_every_click(request_rerun: Callable) -> Callable:
    """A click in a part of the page that this session has not made yet makes the whole page, and so does what it says;
    and so does one during long work.

    Streamlit drops the first: after a restart, or in a session that ran out, the first click would be lost. Those of a
    page that was left are dropped still. The second would wait: only what makes the whole page interrupts it. And of
    several presses of a button that come during one run it makes one: so they are counted here.
    """

    def heard(session: AppSession, client_state: ClientState | None) -> None:
        parts = session._fragment_storage
        if client_state and client_state.fragment_id and not client_state.is_auto_rerun:
            page = getattr(parts, PAGE, client_state.page_script_hash)
            is_made = session.has_fragment(client_state.fragment_id)
            if getattr(parts, BUSY, None) if is_made else page == client_state.page_script_hash:
                client_state.fragment_id = ""
        with PRESSING:
            drop_overruled(parts, client_state)
            count_presses(parts, client_state)
            request_rerun(session, client_state)

    return heard


def count_presses(parts: object, client_state: ClientState | None) -> None:
    counts: Counter[str] = vars(parts).setdefault(PRESSES, Counter())
    if client_state:
        counts.update(
            key for one in client_state.widget_states.widgets if one.trigger_value and (key := user_key(one.id))
        )


def drop_overruled(parts: object, client_state: ClientState | None) -> None:
    """What the page has set is not taken back by a browser that has not heard of it: a widget that it does not show, in
    a popover that is closed, goes on to send what it held before. As soon as it sends something else it is heard."""
    if not client_state:
        return
    widgets = client_state.widget_states.widgets
    held = {user_key(one.id): one.SerializeToString() for one in widgets}
    overruled = {key: old for key, old in vars(parts).get(OVERRULED, {}).items() if held.get(key) == old}
    vars(parts).update({HELD: held, OVERRULED: overruled})
    for one in [one for one in widgets if user_key(one.id) in overruled]:
        widgets.remove(one)


def user_key(widget: str) -> str:
    """The key that the page gave to a widget, from Streamlit's name of it: $$ID-HASH-KEY"""
    return widget.split("-", 2)[-1]


def serve_to(component: str, folder: Path) -> None:
    """Serve the files of a folder to a component, `package.name`: Streamlit does so by itself for installed packages"""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(component) != folder:
        package, name = component.split(".")
        manifest = ComponentManifest(package, "", [ComponentConfig(name, folder.name)])
        manager.register_from_manifest(manifest, folder.parent)


# Streamlit's own run of the script, which it does not show to an app --------------------------------------------------


def is_history_navigation() -> bool:
    """Did the browser go back or forward to where it is now?"""
    return _run().is_history_navigation


def current_page() -> str:
    """What Streamlit calls the page that is made now; kept for `hearing_every_click`"""
    run = _run()
    setattr(run.fragment_storage, PAGE, run.page_script_hash)
    return run.page_script_hash


def held_under(keys: Iterable[str]) -> dict[str, Any]:
    """What the session holds under those of these keys under which it holds anything. (All of it, as Streamlit gives
    it, costs more: at every look a class is made anew for each component.)"""
    state, found = get_session_state()._state, {}
    for key in keys:
        with suppress(KeyError):
            found[key] = state[key]
    return found


def is_whole_page() -> bool:
    """Is the whole page made now, and not only a part of it?"""
    return not _run().fragment_ids_this_run


def presses(key: str, uncounted: int = 1) -> int:
    """How often this button was pressed since this was asked last; `uncounted`: where nothing is counted"""
    counts = getattr(_run().fragment_storage, PRESSES, None)
    with PRESSING:
        return uncounted if counts is None else counts.pop(key, 0)


def overrule(*keys: str) -> None:
    """The page sets these widgets itself, wherever they stand: see `drop_overruled`"""
    parts = _run().fragment_storage
    with PRESSING:
        held = vars(parts).get(HELD, {})
        vars(parts).setdefault(OVERRULED, {}).update({key: held.get(key) for key in keys})


@contextmanager
def interruptible() -> Iterator[None]:
    """While this goes on, a click anywhere on the page ends it; Streamlit lets those in a fragment wait."""
    run = _run()
    parts = run.fragment_storage
    setattr(parts, BUSY, run)
    try:
        yield
    finally:
        if getattr(parts, BUSY) is run:  # and not one that was begun meanwhile
            setattr(parts, BUSY, None)


def forget_fragments() -> None:
    """No message for a fragment that was made so far is heard any more."""
    _run().fragment_storage.clear(frozenset())


def _run() -> ScriptRunContext:
    run = get_script_run_ctx()
    assert run is not None, "a page is made by Streamlit"
    return run
