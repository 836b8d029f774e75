"""Choices that are too long for a link, kept by the browser's tab."""

from collections.abc import Callable

import streamlit as st

from explorer.components.base import component

_keeper = component("keeper")


def keep(choices: str | None) -> None:
    """What the tab keeps from now on; None: nothing"""
    _keeper(key="keeper", data={"choices": choices, "asks": False})


def ask(on_kept: Callable[[str], None]) -> None:
    """Ask the tab; `on_kept` is called with what it has kept, if anything"""

    def heard() -> None:
        text = st.session_state["asked"].get("kept")
        if isinstance(text, str):  # whatever a browser sends
            on_kept(text)

    _keeper(key="asked", data={"choices": None, "asks": True}, on_kept_change=heard)
