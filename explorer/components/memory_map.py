"""The map of the memory: how many networks learn to remember at every stop of the biases, and where the sliders are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.experiments.memory_map import NETWORKS, Measured, Stop, solved
from core.initialisers import FORGET_BIASES, UPDATE_BIASES, Initialisation
from explorer.components.base import component

KEY = "memory_map"
_map = component("memory_map")
Networks = Mapping[Stop, Sequence[Measured]]


def show(networks: Networks, at: tuple[int, int], on_choose: Callable[[int, int], None], is_pale: bool) -> None:
    """at: the biases of Γf and Γu; `on_choose` is called with those of the stop that the reader has chosen.

    is_pale: it is not of the networks that the reader has chosen.
    """

    def choose() -> None:
        if stop := chosen(st.session_state[KEY].get("stop")):
            on_choose(*stop)

    _map(key=KEY, data=payload(networks, at, is_pale), on_stop_change=choose)


def chosen(sent: Any) -> tuple[int, int] | None:
    """The biases of Γf and Γu, whatever a browser sends"""
    stops = {f"{forget} {update}": (forget, update) for forget in FORGET_BIASES for update in UPDATE_BIASES}
    return stops.get(sent) if isinstance(sent, str) else None


def payload(networks: Networks, at: tuple[int, int], is_pale: bool = False) -> dict[str, Any]:
    usual = Initialisation()
    return {
        "networks": NETWORKS,
        "forget": list(FORGET_BIASES),
        "update": list(UPDATE_BIASES),
        "lstm": [[solved(networks[Stop("lstm", f, u)]) for f in FORGET_BIASES] for u in UPDATE_BIASES],
        "gru": [solved(networks[Stop("gru", 1, u)]) for u in UPDATE_BIASES],
        "at": list(at),
        "pale": is_pale,
        "start": [int(usual.forget_bias), int(usual.update_bias)],
    }
