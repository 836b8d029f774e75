"""Gradients: five questions on one route, one drawn at a time. Only what is drawn is computed, and sent."""

import streamlit as st

from explorer.choices import widgets
from explorer.choices.record import STATIONS
from explorer.prose import prose
from explorer.views.gradients import cliff_panel, help_station, race_panel, reach_station, why_station

DRAWN = {
    "reach": reach_station.station,
    "why": why_station.station,
    "help": help_station.station,
    "cliff": cliff_panel.panel,
    "race": lambda: race_panel.panel(widgets.current_choices()),
}


def route() -> str:
    """Where one is, and the way to the others"""
    st.segmented_control(
        prose("gradients", "route_label"),
        STATIONS,
        key="station",
        format_func=lambda name: prose("gradients", f"route_{name}"),
        required=True,
        label_visibility="collapsed",
        width="stretch",
        persist_state="session",
    )
    return widgets.current_choices().station


def onward(station: str) -> None:
    """The next question; after the last one, none"""
    if station != STATIONS[-1]:
        following = STATIONS[STATIONS.index(station) + 1]
        label = prose("gradients", "next", station=prose("gradients", f"route_{following}"))
        st.button(label, key="next_station", type="tertiary", on_click=_go, args=(following,))


def _go(station: str) -> None:
    st.session_state["station"] = station


station = route()
st.title(prose("gradients", f"question_of_{station}"), anchor=False)
with st.container(key=f"station_{station}"):
    DRAWN[station]()
onward(station)
widgets.write_link(widgets.current_choices())
