"""What the gates let through: the biases that they begin with, and Γf, Γu and 1 − Γu of every unit."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.activations import sigmoid
from core.experiments.memory_map import GAP
from core.initialisers import FORGET_BIASES, UPDATE_BIASES
from explorer.choices.record import Choices
from explorer.choices.session import EXPLORE
from explorer.figures import gates as drawing
from explorer.formatting import closed_power, unbroken
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.gradients.cell_flow import GradientFlow
from explorer.views.update_and_undo import on_network_change


def sliders() -> None:
    """Keep what is there, and write little over it: the two halves of a memory, in whole steps"""
    stops_of = {"forget_bias": FORGET_BIASES, "update_bias": UPDATE_BIASES}
    for (key, stops), column in zip(stops_of.items(), st.columns(2), strict=True):
        column.slider(
            prose("gradients", f"{key}_label"),
            min(stops),
            max(stops),
            key=key,
            on_change=on_network_change,
            args=(EXPLORE,),
            help=prose("gradients", key),
            persist_state="session",
        )


class Gate(NamedTuple):
    """One gate of one cell: how much of it passes, in each unit"""

    cell: str
    name: str  # a key of the prose
    units: np.ndarray  # (n_a,)  the mean over the steps
    at_bias: float  # what it is where no weight has a say


def measured(flows: Mapping[str, GradientFlow], chosen: Choices) -> list[Gate]:
    """Of both gated cells, on the sequence shown: what keeps, and what writes"""
    kept, written = (float(sigmoid(np.array(float(bias)))) for bias in (chosen.forget_bias, chosen.update_bias))
    mean = {cell: flows[cell].unrolled.trace.kept for cell in ("gru", "lstm")}
    return [
        Gate("lstm", "gate_f", mean["lstm"].f[:, 0].mean(axis=0), kept),
        Gate("lstm", "gate_u", mean["lstm"].u[:, 0].mean(axis=0), written),
        Gate("gru", "gate_1_u", 1 - mean["gru"].u[:, 0].mean(axis=0), 1 - written),
    ]


def gates(flows: Mapping[str, GradientFlow], chosen: Choices) -> None:
    """A mark for every unit, and what is left of an error that takes no other way than the memory"""
    found = measured(flows, chosen)
    told = [
        prose(
            "gradients",
            "gates_kept",
            cell=CELL_NAMES[gate.cell],
            gap=GAP,
            **dict(zip(("mean", "left"), closed_power(float(gate.units.mean()), GAP), strict=True)),
        )
        for gate in found
        if gate.name != "gate_u"
    ]
    explained = prose("gradients", "gates", n=len(found[0].units), cells="; ".join(told))
    moment = prose("gradients", f"moment_{chosen.moment}")
    st.markdown(prose("gradients", "gates_title", moment=moment), help=unbroken(explained))
    rows = [drawing.Row(gate.cell, prose("gradients", gate.name), gate.units, gate.at_bias) for gate in found]
    st.plotly_chart(drawing.figure(rows, palette()), key="gates_chart", config=NO_TOOLBAR, alt=drawing.sentence(rows))
