"""One press that brings all of a station back: what is chosen on it, and what acts on it from elsewhere."""

import streamlit as st

from explorer.choices.record import CHOICES, Choices
from explorer.choices.session import EXPLORE
from explorer.choices.widgets import choose, current_choices
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.update_and_undo import on_network_change

START = ("initialisation", "spectral_radius", "forget_bias", "update_bias")  # how an untrained network begins
CLIPPING = ("clipping", "clip_limit")
INPUT = ("source", "length", "moment")
ALL = {
    "reach": (*INPUT, "measure", *START, "truncate", "credit_s", "credit_k"),
    "why": (*INPUT, "credit_cell", *START),
    "help": (*INPUT, *START, *CLIPPING, "truncate", "hidden_units"),
    "cliff": ("cliff_w", "cliff_b", "cliff_line", "cliff_rate", "cliff_limit", "cliff_steps"),
    "race": (*START, *CLIPPING, "truncate", "hidden_units", "race_updates", *(f"race_{cell}" for cell in CELL_NAMES)),
}
WITH_THEIR_OWN = ("cliff", "race")  # stations that draw the button themselves: they are redrawn without their heading
SHARED = {"initialisation", "spectral_radius", "hidden_units", *CLIPPING}  # with the settings at the top of every page


def changed(station: str, chosen: Choices) -> list[str]:
    """What of a station is not as it was at first"""
    return [name for name in ALL[station] if getattr(chosen, name) != CHOICES[name].default]


def button(station: str, chosen: Choices) -> None:
    """Nothing at all as long as all is as at first"""
    if changed(station, chosen):
        label, icon, key = prose("gradients", "station_back"), ":material/restart_alt:", f"all_as_at_first_{station}"
        st.button(label, icon=icon, key=key, on_click=_back, args=(station,), type="tertiary")


def _back(station: str) -> None:
    names = changed(station, current_choices())
    defaults = {name: CHOICES[name].default for name in names}
    choose(**{name: default for name, default in defaults.items() if name in SHARED})
    st.session_state.update({name: default for name, default in defaults.items() if name not in SHARED})
    st.session_state.pop("why_back", None)
    if {*START, "hidden_units"} & set(names):
        on_network_change(EXPLORE)
