"""When do gates hold? Networks at every stop of the two biases, trained beforehand; the frame is both sliders."""

from collections.abc import Sequence
from functools import cache

import pandas as pd
import streamlit as st

from core.experiments import memory_map
from core.experiments.memory_map import GAP, NETWORKS, UPDATES, Measured, Stop, solved
from core.experiments.memory_race import RaceSettings
from core.initialisers import FORGET_BIASES, UPDATE_BIASES
from explorer.choices.record import Choices
from explorer.choices.session import EXPLORE
from explorer.components import memory_map as picture
from explorer.formatting import three_digits, unbroken
from explorer.prose import prose
from explorer.views.common import download
from explorer.views.gradients import carried, credit_panels, gates_panel
from explorer.views.gradients.credit_panels import Flows
from explorer.views.update_and_undo import on_network_change

networks_by_stop = cache(memory_map.load)  # a file of the app, read once


def panel(flows: Flows, chosen: Choices, before: Flows) -> None:
    """before: the same networks with the usual biases, to compare with"""
    found = networks_by_stop()
    units = RaceSettings.hidden_units
    st.caption(prose("gradients", "map", read=GAP + 1, networks=NETWORKS, updates=UPDATES, units=units))
    is_of_others = bool(carried.told("map", chosen))
    where, gates = st.columns([11, 9], gap="large")
    with where:
        picture.show(found, (chosen.forget_bias, chosen.update_bias), _choose, is_of_others)
        if is_of_others:  # below the map, in the place of what is known here: the map itself never moves
            carried.notice("map", chosen)
        else:
            st.markdown(here(chosen))
        st.markdown(conclusion())
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.popover(prose("gradients", "map_ratios_title"), type="tertiary"):
                st.markdown(unbroken(ratios()))
            download(prose("gradients", "map_csv"), table, "memory_map.csv")
    with gates:
        gates_panel.sliders()
        gates_panel.gates(flows, chosen)
        with st.container(horizontal=True, vertical_alignment="center"):
            credit_panels.curves_title(flows, key="held_chart", title="why_curves_title")
        credit_panels.curves(flows, chosen.moment, before, key="held_chart", height=160)
        st.markdown(unbroken(held(flows)))


def _choose(forget_bias: int, update_bias: int) -> None:
    st.session_state.update(forget_bias=forget_bias, update_bias=update_bias)
    on_network_change(EXPLORE)


# In words: every number is counted where it is told -------------------------------------------------------------------


def here(chosen: Choices) -> str:
    """What is known of the stops at which the sliders stand"""
    lstm = networks_by_stop()[Stop("lstm", chosen.forget_bias, chosen.update_bias)]
    gru = networks_by_stop()[Stop("gru", 1, chosen.update_bias)]
    biases = {"forget": chosen.forget_bias, "update": chosen.update_bias}
    return prose("gradients", "map_here", **biases, lstm=outcome(lstm), gru=outcome(gru))


def held(flows: Flows) -> str:
    """How far the errors of both gated cells get, as the sliders stand"""
    words = {cell: flows[cell].fit.verdict_name for cell in ("lstm", "gru")}
    lstm = flows["lstm"]
    if lstm.max_distance < len(lstm.reach) - 1:  # the words are of more than is shown
        return prose("gradients", "held_cut", fit=lstm.fit.description, n=lstm.max_distance, **words)
    return prose("gradients", "held", fit=lstm.fit.description, **words)


def outcome(networks: Sequence[Measured]) -> str:
    """How many learned it, and how soon"""
    updates = [one.updates for one in networks if one.is_solved]
    if not updates:
        return prose("gradients", "map_none", n=len(networks))
    if min(updates) == max(updates):
        return prose("gradients", "map_some_at_once", solved=len(updates), n=len(networks), first=min(updates))
    return prose("gradients", "map_some", solved=len(updates), n=len(networks), first=min(updates), last=max(updates))


def conclusion() -> str:
    """Keep, and do not overwrite: what the map says of either half alone, and of both"""
    found, most, least = networks_by_stop(), FORGET_BIASES[-1], UPDATE_BIASES[-1]
    never = [stop for stop in found if stop.cell == "lstm" and stop.forget_bias <= 1 and stop.update_bias < 0]
    return prose(
        "gradients",
        "map_conclusion",
        most=most,
        alone=solved(found[Stop("lstm", most, 0)]),
        both=solved(found[Stop("lstm", most, least)]),
        least=least,
        without=sum(solved(found[stop]) for stop in never),
        tried=len(never) * NETWORKS,
        networks=NETWORKS,
        gru=", ".join(str(solved(found[Stop("gru", 1, update)])) for update in UPDATE_BIASES),
    )


def ratios() -> str:
    """How much of the error got back before training, at stops where it does not tell who learns"""

    def told(stop: Stop) -> dict[str, str | int]:
        networks = networks_by_stop()[stop]
        sizes = [one.ratio for one in networks]
        name = f"{stop.cell}_{stop.forget_bias}"
        ends = {f"{name}_low": three_digits(min(sizes)), f"{name}_high": three_digits(max(sizes))}
        return {**ends, f"{name}_solved": solved(networks)}

    stops = (Stop("lstm", 5, -3), Stop("lstm", 2, 0), Stop("gru", 1, -2))
    return prose(
        "gradients", "map_ratios", networks=NETWORKS, **{k: v for stop in stops for k, v in told(stop).items()}
    )


def table() -> pd.DataFrame:
    """One row a network"""
    rows = [one for networks in networks_by_stop().values() for one in networks]
    return pd.DataFrame([{**one.stop._asdict(), **one._asdict()} for one in rows]).drop(columns="stop")
