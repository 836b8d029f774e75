"""Notes: the theory in one place; each claim links to the page that shows it, or is tried out here and now."""

import streamlit as st

from explorer import claims, glossary, notebook, state, theory
from explorer.words import words

st.title("The theory in one place", anchor=False)
st.caption(words("notes", "intro"))
here = notebook.here(state.choices())
notebook.introduce(here)
tabs = st.tabs(["The theory", "Strong and weak points, tested", "Symbols and shapes"])
for tab, key, show in zip(
    tabs, ("theory", "claims", "symbols"), (theory.show, claims.show, glossary.show), strict=True
):
    with tab, st.container(key=key):
        show(here)
state.write_link(state.choices())
