"""The pages, and the links between them."""

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

PAGES = {
    "explore": ("Explore", ":material/play_circle:"),
    "inputs": ("Inputs", ":material/input:"),
    "gradients": ("Gradients", ":material/stacked_line_chart:"),
    "structures": ("Structures", ":material/account_tree:"),
}


def page_link(page: str, label: str) -> None:
    """To the page that shows it, if this app has that page"""
    name, icon = PAGES[page]
    try:
        st.page_link(f"views/{page}/page.py", label=f"**{name}**: {label}", icon=icon)
    except StreamlitPageNotFoundError:
        return
