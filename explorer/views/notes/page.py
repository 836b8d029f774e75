"""Notes: the theory in one place; each claim links to the page that shows it, or is tried out here and now.

Only the tab that is open is computed, and sent.
"""

import streamlit as st

from explorer.choices import widgets
from explorer.prose import prose
from explorer.views.notes import claims_tab, live_network, symbols_tab, theory_tab, tried_tab

TABS = {
    "theory": theory_tab.show,
    "claims": claims_tab.show,
    "tried": tried_tab.show,
    "symbols": symbols_tab.show,
}

st.title(prose("notes", "title"), anchor=False)
st.caption(prose("notes", "intro"))
live = live_network.live_network(widgets.current_choices())
live_network.caption(live)
tabs = st.tabs([prose("notes", f"tab_{name}") for name in TABS], key="notes_tab", on_change="rerun")
for tab, (name, show) in zip(tabs, TABS.items(), strict=True):
    if tab.open:
        with tab, st.container(key=name):
            show(live)
widgets.write_link(widgets.current_choices())
