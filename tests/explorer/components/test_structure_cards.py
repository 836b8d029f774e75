"""The cards draw the tables of core.structures, and what the reader chooses arrives."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from core.structures import STRUCTURES
from explorer.components import structure_cards
from explorer.compute.jobs import KINDS
from explorer.prose import prose
from tests.helpers.drawn import payload_of
from tests.helpers.examples import ROOT

CARDS = {card["structure"]: card for card in structure_cards.payload("word")["cards"]}
DRAWN = {  # the five diagrams of the lecture: answers above, cells, what is read below ("~": the answer before)
    "word": ("o", "r", "i"),
    "melody": ("oooo", "rrrr", "i~~~"),
    "sentiment": ("   o", "rrrr", "iiii"),
    "entities": ("oooo", "rrrr", "iiii"),
    "translation": ("   oo", "eeedd", "iii ~"),
}


def drawn(steps: list[dict]) -> tuple[str, str, str]:
    above = "".join("o" if step["answers"] else " " for step in steps)
    below = "".join("i" if step["reads"] else "~" if step["fed"] else " " for step in steps)
    return above, "".join(step["group"][0] for step in steps), below


@pytest.mark.parametrize("structure", DRAWN)
def test_a_card_draws_its_structure(structure):
    assert drawn(CARDS[structure]["steps"]) == DRAWN[structure]


def test_there_is_one_card_for_each_kind_with_its_name_and_what_it_does():
    assert list(CARDS) == list(KINDS) == list(DRAWN)
    for structure, card in CARDS.items():
        assert card["name"].replace(" → ", "-to-") == KINDS[structure].name in STRUCTURES
        assert card["does"] == prose("structures", f"does_{structure}")


def test_the_files_of_the_cards_bring_no_colour_and_no_html():
    css, js = (
        (ROOT / f"assets/components/structure_cards/structure_cards.{kind}").read_text(encoding="utf-8")
        for kind in ("css", "js")
    )
    assert "innerHTML" not in js and not re.search(r"#[\da-f]{3,8}\b|\brgb|\bhsl", css + js)


# On a page ------------------------------------------------------------------------------------------------------------


def page() -> None:
    import streamlit as st

    from explorer.components import structure_cards

    def choose(structure: str) -> None:
        st.session_state["structure"] = structure
        st.session_state["told"] = (*st.session_state.get("told", ()), structure)

    if st.button("elsewhere"):
        st.session_state["structure"] = "word"
    structure_cards.show(st.session_state.setdefault("structure", "translation"), choose)


def click(app: AppTest, structure) -> None:
    """What the browser sends when a card is chosen"""
    states = app._tree.get_widget_states()
    (component,) = app.get("bidi_component")
    states.widgets.add(id=component.proto.id, json_value=json.dumps({"structure": structure}))
    app._run(states)


def shown(app: AppTest) -> str:
    return payload_of(app.get("bidi_component")[0].proto)["chosen"]


def test_a_choice_arrives_by_its_key_also_after_another_was_made_elsewhere():
    app = AppTest.from_function(page).run()
    assert shown(app) == "translation" and "told" not in app.session_state
    click(app, "melody")
    assert shown(app) == "melody" and app.session_state["told"] == ("melody",)
    app.button[0].click().run()
    assert shown(app) == "word"
    click(app, "melody")  # the same card as before: it still counts
    assert shown(app) == "melody" and app.session_state["told"] == ("melody", "melody")


@pytest.mark.parametrize("nonsense", ["many-to-one", "", None, 3, ["word"], {"a": 1}])
def test_what_is_no_structure_is_not_chosen(nonsense):
    app = AppTest.from_function(page).run()
    click(app, nonsense)
    assert not app.exception and shown(app) == "translation" and "told" not in app.session_state
