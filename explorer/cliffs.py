"""The cliff: the loss of a one-unit network over its two weights, and what a gradient step does there."""

import streamlit as st


def panel() -> None:
    st.markdown("**The cliff**")
