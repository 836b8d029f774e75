"""The pages, and the links between them."""

from collections.abc import Callable

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from explorer.prose import prose

ICONS = {
    "explore": ":material/play_circle:",
    "inputs": ":material/input:",
    "gradients": ":material/stacked_line_chart:",
    "structures": ":material/account_tree:",
    "notes": ":material/menu_book:",
}


def pages() -> list:
    """All pages, in the order of the lecture; the first one opens"""
    return [
        st.Page(_file(page), url_path=page, title=prose("names", f"page_{page}"), default=page == "explore")
        for page in ICONS
    ]


def page_link(page: str, label: str) -> None:
    """A link to the page that shows it, if this app has that page"""
    name = prose("names", f"page_{page}")
    try:
        st.page_link(_file(page), label=prose("names", "link", name=name, label=label), icon=ICONS[page])
    except StreamlitPageNotFoundError:
        return


def page_button(page: str, label: str, key: str, on_click: Callable[[], None]) -> None:
    """The same as a button, where something is to be chosen on the way"""
    name = prose("names", f"page_{page}")
    label = prose("names", "link", name=name, label=label)
    if st.button(label, key=key, type="tertiary", icon=ICONS[page], on_click=on_click):
        st.switch_page(_file(page))


def _file(page: str) -> str:
    return f"views/{page}/page.py"
