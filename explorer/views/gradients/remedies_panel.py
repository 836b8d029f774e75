"""The remedies on Gradients. A switch is a view of a choice that all pages share: it shows it, and it sets it."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from core import parameters
from core.optimisers import CLIPS
from explorer.choices.record import MOST_STEPS, Choices
from explorer.choices.session import EXPLORE
from explorer.choices.widgets import choose
from explorer.formatting import three_digits, unbroken
from explorer.prose import prose
from explorer.theme import CELL_NAMES, OPTION_NAMES
from explorer.views.gradients.cell_flow import GradientFlow
from explorer.views.update_and_undo import on_network_change

STARTS = ("identity", "orthogonal")
FIRST_HORIZON = 10  # steps: what the switch of truncation sets


def panel(flows: Mapping[str, GradientFlow], chosen: Choices) -> None:
    st.markdown(prose("gradients", "remedies"))
    _clipping(flows, chosen)
    for name in STARTS:
        _switch(prose("gradients", f"{name}_label"), f"remedy_{name}", chosen.initialisation == name, _start, name)
        st.caption(prose("gradients", name))
    _truncation(flows, chosen)


def _switch(label: str, key: str, is_on: bool, on_change, *args) -> None:
    st.session_state[key] = is_on
    st.toggle(label, key=key, on_change=on_change, args=(key, *args))


def _start(key: str, initialisation: str) -> None:
    """On: this start of Waa, with ρ = 1 as its source has it. Off: back to Glorot."""
    if st.session_state[key]:
        choose(initialisation=initialisation, spectral_radius=1.0)
    else:
        choose(initialisation="glorot")
    on_network_change(EXPLORE)


def _clipping(flows: Mapping[str, GradientFlow], chosen: Choices) -> None:
    st.session_state["remedy_clipping"] = chosen.clipping
    st.segmented_control(
        prose("gradients", "clipping_label"),
        list(CLIPS),
        key="remedy_clipping",
        required=True,
        format_func=OPTION_NAMES.__getitem__,
        on_change=_clip,
    )
    st.caption(unbroken(prose("gradients", "clipping", numbers=clipped(flows, chosen))))


def _clip() -> None:
    choose(clipping=st.session_state["remedy_clipping"])


def clipped(flows: Mapping[str, GradientFlow], chosen: Choices) -> str:
    """‖g‖ of every cell before and after clipping, in words"""
    is_clipped, cells = chosen.clipping != "off", []
    with np.errstate(over="ignore", invalid="ignore"):
        for cell, flow in flows.items():
            grads = flow.unrolled.back.grads
            used = CLIPS[chosen.clipping](grads, chosen.clip_limit)
            before, after = three_digits(parameters.norm(grads)), three_digits(parameters.norm(used))
            norms = {"before": before, "after": after, "is_clipped": is_clipped}
            cells.append(prose("gradients", "clipping_cell", cell=CELL_NAMES[cell], **norms))
    limit = chosen.clip_limit
    return prose("gradients", "clipping_norms", cells=", ".join(cells), is_clipped=is_clipped, limit=limit)


def _truncation(flows: Mapping[str, GradientFlow], chosen: Choices) -> None:
    _switch(prose("gradients", "truncate_label"), "remedy_truncate", bool(chosen.truncate), _truncate)
    st.caption(unbroken(prose("gradients", "truncate", numbers=truncation_errors(flows))))
    st.number_input(prose("gradients", "horizon_label"), 0, MOST_STEPS, key="truncate", persist_state="session")


def _truncate(key: str) -> None:
    st.session_state["truncate"] = FIRST_HORIZON if st.session_state[key] else 0


def truncation_errors(flows: Mapping[str, GradientFlow]) -> str:
    """How far truncation leads ∂ℒ/∂Waa astray, in words"""
    if not any(flow.truncate for flow in flows.values()):
        return ""
    cells = [
        prose("gradients", "truncate_cell", cell=CELL_NAMES[cell], percent=100 * flow.truncation_error)
        for cell, flow in flows.items()
    ]
    return prose("gradients", "truncate_errors", cells=", ".join(cells))
