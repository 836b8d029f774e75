"""What was chosen elsewhere and acts here, where no control shows it: told, with one press that takes it back."""

import streamlit as st

from explorer.choices.record import CHOICES, Choices
from explorer.choices.session import EXPLORE
from explorer.choices.widgets import choose
from explorer.prose import prose
from explorer.views.gradients.flows import changes
from explorer.views.update_and_undo import on_network_change

UNSEEN = {  # of each place, what its numbers depend on beside its own controls
    "reach": ("initialisation", "forget_bias", "update_bias"),
    "map": ("initialisation", "hidden_units", "clipping", "truncate"),
    "race": ("initialisation", "clipping", "truncate"),
}


def told(place: str, chosen: Choices) -> str:
    """What is not as usual, and what that means for what is shown; empty if nothing is"""
    changed = changes(chosen, UNSEEN[place])
    return prose("gradients", f"carried_{place}", changed=changed) if changed else ""


def notice(place: str, chosen: Choices) -> None:
    """Visible where it matters, and nothing at all as long as all is as usual"""
    if not (sentence := told(place, chosen)):
        return
    label = prose("gradients", "carried_back")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="carried"):
        st.markdown(sentence, width="content")
        st.button(label, icon=":material/undo:", key="carried_back", on_click=_back, args=(place,), type="tertiary")


def _back(place: str) -> None:
    choose(**{name: CHOICES[name].default for name in UNSEEN[place]})
    on_network_change(EXPLORE)
