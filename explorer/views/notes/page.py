"""Notes: the theory in one place; each claim links to the page that shows it, or is tried out here and now."""

import streamlit as st

from explorer.choices import widgets
from explorer.prose import prose
from explorer.views.notes import claims_tab, live_network, symbols_tab, theory_tab

st.title("The theory in one place", anchor=False)
st.caption(prose("notes", "intro"))
here = live_network.live_network(widgets.current_choices())
live_network.caption(here)
tabs = st.tabs(["The theory", "Strong and weak points, tested", "Symbols and shapes"])
for tab, key, show in zip(
    tabs, ("theory", "claims", "symbols"), (theory_tab.show, claims_tab.show, symbols_tab.show), strict=True
):
    with tab, st.container(key=key):
        show(here)
widgets.write_link(widgets.current_choices())
