"""The choices that all pages share, behind one handle: which network, and how one update moves it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core import pretrained
from core.cells import CELLS
from core.initialisers import INITIALISERS
from core.optimisers import CLIPS
from core.structures import has_decoder
from core.training import Experiment
from explorer import __version__
from explorer.choices.record import DIRECTIONS, LIMITS, RADII, RATES, TEMPERATURES
from explorer.choices.session import EXPLORE, STRUCTURES, job_of, network_of
from explorer.choices.widgets import current_choices
from explorer.compute.jobs import KINDS
from explorer.compute.sentence import people_task
from explorer.prose import prose
from explorer.theme import OPTION_NAMES
from explorer.views.update_and_undo import on_network_change

STARTS = ("trained", "untrained")
WIDTH = 270  # pixels, of a group

Act = Callable[[], None]


def show(page: str) -> None:
    """The handle, which says what is set, and what it opens; page: its address, for only what acts there is shown"""
    with st.popover(_handle(page), help=prose("settings", "help"), icon=":material/tune:", key="settings"):
        with st.container(horizontal=True, gap="large"):
            with st.container(width=WIDTH):
                _group("network")
                if page == STRUCTURES:
                    _structures(partial(on_network_change, STRUCTURES))
                else:
                    _network(partial(on_network_change, EXPLORE), is_one_cell=page != "gradients")
            if page not in ("inputs", "notes"):  # no weight moves there
                with st.container(width=WIDTH):
                    _group("update")
                    _update(has_rate=page != "gradients")
        st.caption(prose("settings", "version", version=__version__))


def _group(name: str) -> None:
    st.markdown(f"**{prose('settings', name)}**")


def _handle(page: str) -> str:
    """The network on this page in a few words"""
    chosen = current_choices()
    if page == "gradients":
        return prose("settings", "handle_all", units=chosen.hidden_units)
    job = job_of(STRUCTURES if page == STRUCTURES else EXPLORE, chosen)
    cell, units = prose("names", f"short_{job.experiment.cell}"), job.experiment.hidden_units
    if page != STRUCTURES:
        return prose("settings", "handle", cell=cell, units=units, is_trained=chosen.start == "trained")
    origin = prose("settings", f"origin_{network_of(job).origin}")
    more = {"attends": job.experiment.attention, "both": job.is_both}
    return prose("settings", "handle_structures", cell=cell, units=units, origin=origin, **more)


def _structures(renew: Act) -> None:
    """Only what this structure has"""
    structure = st.session_state["structure"]
    exhibit = KINDS[structure].exhibit
    units = pretrained.default_experiment(structure, "gru").hidden_units
    _choose("cell", st.segmented_control, tuple(CELLS), renew, units=units)
    _choose("begin", st.segmented_control, STARTS, renew)
    if exhibit == "tags":
        _choose("direction", st.segmented_control, DIRECTIONS, renew)
    if has_decoder(KINDS[structure].name):
        _switch("attention", renew)
    if exhibit == "translation":
        _group("answers")
        _switch("teacher_forcing")
        _choose("decoding", st.segmented_control, ("greedy", "beam"))
        _number("beam_width", 1, 8)
        _number("room", 0, 20)
    if exhibit == "melody":
        _group("answers")
        _switch("teacher_forcing")
        _choose("temperature", st.select_slider, TEMPERATURES)
        _number("top_k", 0, 20)
        _number("notes", 4, 64)
        _number("draw", 0, 999)


def _network(renew: Act, is_one_cell: bool) -> None:
    """Gradients shows all cells, trained and not"""
    if is_one_cell:
        train = len(people_task().data.train)
        help_text = prose("settings", "start", train=train, epochs=Experiment.epochs)
        _choose("start", st.segmented_control, STARTS, renew, help=help_text)
        if st.session_state["start"] == "trained":
            st.session_state["epoch"] = min(st.session_state["epoch"], Experiment.epochs)
            _choose("epoch", st.select_slider, range(Experiment.epochs + 1), renew)
    label, help_text = prose("settings", "hidden_units_label"), prose("settings", "hidden_units")
    st.slider(label, 4, 64, key="hidden_units", on_change=renew, help=help_text, persist_state="session")
    if is_one_cell:
        _choose("activation", st.segmented_control, tuple(CELLS), renew)
    _choose("initialisation", st.selectbox, tuple(INITIALISERS), renew)
    is_fixed = st.session_state["initialisation"] == "glorot"
    _choose("spectral_radius", st.select_slider, RADII, renew, disabled=is_fixed)
    _number("seed", 0, 999, renew)


def _update(has_rate: bool) -> None:
    if has_rate:
        _choose("learning_rate", st.select_slider, RATES)
    _choose("clipping", st.segmented_control, tuple(CLIPS))
    _choose("clip_limit", st.select_slider, LIMITS, disabled=st.session_state["clipping"] == "off")


def _switch(key: str, on_change: Act | None = None) -> None:
    label, help_text = prose("settings", f"{key}_label"), prose("settings", key)
    st.toggle(label, key=key, on_change=on_change, help=help_text, persist_state="session")


def _number(key: str, low: int, high: int, on_change: Act | None = None) -> None:
    label, help_text = prose("settings", f"{key}_label"), prose("settings", key)
    st.number_input(label, low, high, key=key, on_change=on_change, help=help_text, persist_state="session")


def _choose(
    key: str,
    widget: Any,
    options: Sequence[Any],
    on_change: Act | None = None,
    units: int | None = None,
    **settings: Any,
) -> None:
    """One of several options; `units`: what the label says of the hidden units"""
    required = {"required": True} if widget is st.segmented_control else {}
    label = prose("settings", f"{key}_label", units=units) if units else prose("settings", f"{key}_label")
    widget(
        label,
        options,
        key=key,
        format_func=lambda option: OPTION_NAMES.get(
            option, f"{option:g}" if isinstance(option, float) else str(option)
        ),
        on_change=on_change,
        persist_state="session",
        **{"help": settings.pop("help", None) or prose("settings", key)} | required | settings,
    )
