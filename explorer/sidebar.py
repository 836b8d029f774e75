"""The choices that all pages share: which network, and how one update moves it."""

import streamlit as st

from core.cells import CELLS
from explorer import actions, lab, state, theme
from explorer.words import words

NAMES = {
    "glorot": "Glorot", "scaled": "scaled random", "orthogonal": "orthogonal", "identity": "identity",
    "off": "off", "norm": "by norm", "value": "by value", **theme.CELL_NAMES,
}  # fmt: skip


def show() -> None:
    with st.sidebar:
        st.subheader("Network")
        _network()
        st.subheader("Update")
        _update()


def _network() -> None:
    data, epochs = lab.task().data, lab.Experiment.epochs
    start_help = words("sidebar", "start", train=len(data.train), epochs=epochs)
    renew = actions.reset
    _choose("start", "Start from", st.segmented_control, ("trained", "untrained"), renew, help=start_help)
    units_help = words("sidebar", "hidden_units")
    st.slider("Hidden units n_a", 4, 64, key="hidden_units", on_change=renew, help=units_help, persist_state="session")
    _choose("activation", "Cell", st.segmented_control, tuple(CELLS), renew)
    _choose("initialisation", "Start of Waa", st.selectbox, ("glorot", "scaled", "orthogonal", "identity"), renew)
    fixed = st.session_state["initialisation"] == "glorot"
    _choose("spectral_radius", "Spectral radius of Waa", st.select_slider, state.RADII, renew, disabled=fixed)
    seed_help = words("sidebar", "seed")
    st.number_input("Seed", 0, 999, key="seed", on_change=renew, help=seed_help, persist_state="session")


def _update() -> None:
    _choose("learning_rate", "Learning rate α", st.select_slider, state.RATES)
    _choose("clipping", "Gradient clipping", st.segmented_control, ("off", "norm", "value"))
    off = st.session_state["clipping"] == "off"
    _choose("clip_limit", "Clip at", st.select_slider, state.LIMITS, disabled=off)


def _choose(key, label, widget, options, on_change=None, **settings) -> None:
    required = {"required": True} if widget is st.segmented_control else {}
    widget(
        label,
        options,
        key=key,
        format_func=lambda option: NAMES.get(option, f"{option:g}" if isinstance(option, float) else option),
        on_change=on_change,
        persist_state="session",
        **{"help": words("sidebar", key) if "help" not in settings else None} | required | settings,
    )
