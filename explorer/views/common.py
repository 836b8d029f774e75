"""What several pages share."""

import streamlit as st

from explorer import theme
from explorer.choices.record import STATIONS
from explorer.choices.session import STEP_OF, session
from explorer.components import arrival, machine


def palette() -> theme.Palette:
    """The colours of the theme the reader sees, light or dark"""
    return theme.DARK if st.context.theme.type == "dark" else theme.LIGHT


NO_TOOLBAR = {"displayModeBar": False}


def download(label: str, table, name: str) -> None:
    """`table` is made only when someone asks for it"""
    st.download_button(
        label,
        lambda: table().to_csv(index=False),
        name,
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"download_{name}",
    )


def choose_step(page: str) -> None:
    """The reader chose a step on the stage of this page, which sends −5 for step 5 on the way back."""
    t = machine.selected()
    st.session_state.update({STEP_OF[page]: abs(t), "phase": "backward" if t < 0 else "forward"})


def leave(place: str) -> None:
    """To a place of another page: a station of Gradients, or what a browser can find"""
    if place in STATIONS:
        st.session_state["station"] = place
    else:
        session().goes_to = place


def arrive() -> None:
    """At the place to which the link led that opened this page"""
    with st.container(key="arrival_home"):
        arrival.show(session().place)
