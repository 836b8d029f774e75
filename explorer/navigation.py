"""The pages, and the links between them."""

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from explorer.prose import prose

ICONS = {
    "explore": ":material/play_circle:",
    "inputs": ":material/input:",
    "gradients": ":material/stacked_line_chart:",
    "structures": ":material/account_tree:",
}


def page_link(page: str, label: str) -> None:
    """A link to the page that shows it, if this app has that page"""
    name = prose("names", f"page_{page}")
    try:
        st.page_link(f"views/{page}/page.py", label=prose("names", "link", name=name, label=label), icon=ICONS[page])
    except StreamlitPageNotFoundError:
        return
