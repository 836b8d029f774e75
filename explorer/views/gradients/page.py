"""Gradients: five questions on one route, one drawn at a time. Only what is drawn is computed, and sent."""

from collections.abc import Set
from functools import partial

import streamlit as st

from explorer.choices import widgets
from explorer.choices.record import STATIONS
from explorer.choices.session import session
from explorer.prose import prose
from explorer.views.gradients import (
    carried,
    cliff_panel,
    help_station,
    race_panel,
    reach_station,
    station_back,
    why_station,
)

DRAWN = {
    "reach": reach_station.station,
    "why": why_station.station,
    "help": help_station.station,
    "cliff": cliff_panel.panel,
    "race": lambda: race_panel.panel(widgets.current_choices()),
}


def route() -> str:
    """Where one is, where one was in this session, and the way to all of them"""
    seen = session().stations
    here = widgets.current_choices().station
    st.segmented_control(
        prose("gradients", "route_label"),
        STATIONS,
        key="station",
        format_func=partial(_label, seen - {here}),
        required=True,
        label_visibility="collapsed",
        width="stretch",
        persist_state="session",
        on_change=_arrive,
    )
    with st.container(key="unseen"):
        st.markdown(told(here, seen))
    seen.add(here)
    return here


def _label(ticked: Set[str], station: str) -> str:
    name = prose("gradients", f"route_{station}")
    numbered = {"number": STATIONS.index(station) + 1, "station": name}
    return prose("gradients", "route_number", is_ticked=station in ticked, **numbered)


def told(here: str, seen: Set[str]) -> str:
    """The same, for those who do not see ticks"""
    visited = ", ".join(str(i) for i, station in enumerate(STATIONS, start=1) if station in seen - {here})
    return prose("gradients", "route_told", number=STATIONS.index(here) + 1, has_seen=bool(visited), visited=visited)


def heading(station: str) -> None:
    """The question, what acts here from elsewhere, and the way to the next question; after the last one, none"""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="question"):
        st.title(prose("gradients", f"question_of_{station}"), anchor=False, width="content")
        if station == "reach":
            carried.notice(station, widgets.current_choices())
        if station not in station_back.WITH_THEIR_OWN:
            station_back.button(station, widgets.current_choices())
        if station != STATIONS[-1]:
            following = STATIONS[STATIONS.index(station) + 1]
            label = prose("gradients", "next", station=prose("gradients", f"route_{following}"))
            st.button(label, key="next_station", type="tertiary", on_click=_go, args=(following,))


def _go(station: str) -> None:
    st.session_state["station"] = station
    _arrive()


def _arrive() -> None:
    """Why asks about Waa: whoever comes from a gated cell, which has several such matrices, begins with a plain one"""
    if st.session_state["station"] == "why" and st.session_state["credit_cell"] in ("gru", "lstm"):
        st.session_state["credit_cell"] = "tanh"


station = route()
heading(station)
with st.container(key=f"station_{station}"):
    DRAWN[station]()
widgets.write_link(widgets.current_choices())
