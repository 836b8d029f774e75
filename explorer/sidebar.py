"""The choices that all pages share: which network, and how one update moves it."""

import streamlit as st

from core import pretrained
from core.cells import CELLS
from explorer import __version__
from explorer.choices.record import LIMITS, RADII, RATES, TEMPERATURES
from explorer.compute.sentence import people_task
from explorer.compute.updates import Experiment
from explorer.prose import prose
from explorer.theme import OPTION_NAMES
from explorer.views.explore import callbacks
from explorer.views.structures import lesson_callbacks


def show(page: str) -> None:
    with st.sidebar:
        st.subheader("Network")
        if page == "Structures":
            _structures()
        else:
            _network(one_cell=page != "Gradients")
        if page not in ("Inputs", "Notes"):  # no weight moves there
            st.subheader("Update")
            _update(with_rate=page != "Gradients")
        st.caption(prose("sidebar", "version", version=__version__))


def _structures() -> None:
    """Only what this structure has"""
    structure, renew = st.session_state["structure"], lesson_callbacks.on_network_change
    units = pretrained.default_experiment(structure, "gru").hidden_units
    _choose("cell", f"Cell, {units} hidden units", st.segmented_control, tuple(CELLS), renew)
    _choose("begin", "Start from", st.segmented_control, ("trained", "untrained"), renew)
    if structure == "translation":
        _switch("attention", "Attention", renew)
        st.subheader("Answers")
        _switch("teacher_forcing", "Teacher forcing")
        _choose("decoding", "Own answers by", st.segmented_control, ("greedy", "beam"))
        _count("beam_width", "Beam width", 1, 8)
    if structure == "melody":
        st.subheader("Answers")
        _switch("teacher_forcing", "Teacher forcing")
        _choose("temperature", "Temperature", st.select_slider, TEMPERATURES)
        _count("top_k", "Only the k likeliest (0: all)", 0, 20)
        _count("notes", "Notes", 4, 64)
        _count("draw", "Melody number", 0, 999)


def _switch(key: str, label: str, on_change=None) -> None:
    st.toggle(label, key=key, on_change=on_change, help=prose("sidebar", key), persist_state="session")


def _count(key: str, label: str, low: int, high: int) -> None:
    st.number_input(label, low, high, key=key, help=prose("sidebar", key), persist_state="session")


def _network(one_cell: bool) -> None:
    """Gradients shows all cells, trained and not"""
    data, epochs = people_task().data, Experiment.epochs
    start_help = prose("sidebar", "start", train=len(data.train), epochs=epochs)
    renew = callbacks.on_network_change
    if one_cell:
        _choose("start", "Start from", st.segmented_control, ("trained", "untrained"), renew, help=start_help)
    units_help = prose("sidebar", "hidden_units")
    st.slider("Hidden units n_a", 4, 64, key="hidden_units", on_change=renew, help=units_help, persist_state="session")
    if one_cell:
        _choose("activation", "Cell", st.segmented_control, tuple(CELLS), renew)
    _choose("initialisation", "Start of Waa", st.selectbox, ("glorot", "scaled", "orthogonal", "identity"), renew)
    fixed = st.session_state["initialisation"] == "glorot"
    _choose("spectral_radius", "Spectral radius of Waa", st.select_slider, RADII, renew, disabled=fixed)
    seed_help = prose("sidebar", "seed")
    st.number_input("Seed", 0, 999, key="seed", on_change=renew, help=seed_help, persist_state="session")


def _update(with_rate: bool) -> None:
    if with_rate:
        _choose("learning_rate", "Learning rate α", st.select_slider, RATES)
    _choose("clipping", "Gradient clipping", st.segmented_control, ("off", "norm", "value"))
    off = st.session_state["clipping"] == "off"
    _choose("clip_limit", "Clip at", st.select_slider, LIMITS, disabled=off)


def _choose(key, label, widget, options, on_change=None, **settings) -> None:
    required = {"required": True} if widget is st.segmented_control else {}
    widget(
        label,
        options,
        key=key,
        format_func=lambda option: OPTION_NAMES.get(option, f"{option:g}" if isinstance(option, float) else option),
        on_change=on_change,
        persist_state="session",
        **{"help": prose("sidebar", key) if "help" not in settings else None} | required | settings,
    )
