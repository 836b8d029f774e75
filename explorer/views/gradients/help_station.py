"""What helps? The biases of the gates, and the older remedies; the curves before and after."""

import streamlit as st

from explorer.choices import widgets
from explorer.prose import prose
from explorer.views.gradients import credit_panels, map_panel, remedies_panel
from explorer.views.gradients.flows import before_remedies, changes, flows_of, has_words, train


def station() -> None:
    chosen = widgets.current_choices()
    if not has_words(chosen):
        return
    if chosen.moment == "trained":
        train(chosen)
    flows, before = flows_of(chosen, chosen.moment), before_remedies(chosen)
    ghosts = flows_of(before, chosen.moment) if before else {}
    names = [prose("gradients", f"help_{tab}") for tab in ("gates", "others")]
    of_gates, others = st.tabs(names, key="help_tab", on_change="rerun")
    if of_gates.open:
        with of_gates, st.container(key="gates", gap="small"):
            map_panel.panel(flows, chosen, ghosts)
    with others:
        switches, curves = st.columns([2, 3], gap="large")
        with switches, st.container(border=True, key="remedies", gap="xsmall"):
            remedies_panel.panel(flows, chosen)
        if others.open:
            with curves, st.container(border=True, key="decay", gap="xsmall"):
                with st.container(horizontal=True, vertical_alignment="center"):
                    credit_panels.curves_title(flows, title="why_curves_title")
                credit_panels.curves(flows, chosen.moment, ghosts, changes(chosen))
