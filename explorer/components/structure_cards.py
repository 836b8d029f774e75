"""The five structures as five small diagrams to choose from, each drawn from its own table of slots."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.structures import SIZES, STRUCTURES, Reads, Slots
from explorer.components.base import component
from explorer.components.stage import fed
from explorer.compute.jobs import KINDS
from explorer.prose import prose

KEY = "structure_card"
_selector = component("structure_cards")


def show(chosen: str, on_choose: Callable[[str], None]) -> None:
    """The cards; `on_choose` is called with the key of the structure that the reader has chosen."""
    st.session_state.setdefault(KEY, {})["structure"] = chosen  # what was chosen elsewhere can be left by a click, too

    def choose() -> None:
        structure = st.session_state[KEY].get("structure")
        if structure in list(KINDS):  # whatever a browser sends
            on_choose(structure)

    _selector(key=KEY, data=payload(chosen), on_structure_change=choose)


def payload(chosen: str) -> dict[str, Any]:
    return {
        "chosen": chosen,
        "cards": [
            {
                "structure": structure,
                "name": kind.name.replace("-to-", " → "),
                "does": prose("structures", f"does_{structure}"),
                "steps": steps(STRUCTURES[kind.name](*SIZES[kind.name])),
            }
            for structure, kind in KINDS.items()
        ],
    }


def steps(slots: Slots) -> list[dict[str, Any]]:
    """What is drawn of every step: whose weights, an input below, an answer above, the answer before fed back"""
    return [
        {
            "group": slot.group,
            "reads": slot.reads is Reads.INPUT,
            "fed": source is not None,
            "answers": slot.answers,
        }
        for slot, source in zip(slots, fed(slots, "answer"), strict=True)
    ]
