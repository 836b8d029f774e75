"""The map shows what is stored, and a stop that is chosen moves both sliders, whatever a browser sends."""

import json
import re

import pytest

from core.experiments import memory_map
from core.initialisers import FORGET_BIASES, UPDATE_BIASES
from explorer.components import memory_map as picture
from explorer.views.gradients import map_panel
from tests.helpers.drawn import payload_of
from tests.helpers.examples import ROOT, open_app

MAP = memory_map.load()


def test_the_numbers_are_those_of_the_networks():
    data = json.loads(json.dumps(picture.payload(MAP, (5, -3))))
    assert (data["at"], data["start"], data["networks"]) == ([5, -3], [1, 0], 12)
    assert data["gru"] == [0, 1, 12, 12, 12, 12]
    assert data["lstm"][0] == [0, 0, 0, 4, 4, 7] and data["lstm"][-1] == [0, 0, 2, 12, 12, 12]
    assert [len(row) for row in data["lstm"]] == [len(FORGET_BIASES)] * len(UPDATE_BIASES)


@pytest.mark.parametrize("sent", [None, "", "6 0", "1 1", "1", "nan nan", 7, ["1", "0"], {"stop": "1 0"}])
def test_what_is_no_stop_is_not_chosen(sent):
    assert picture.chosen(sent) is None


def test_a_stop_is_chosen_by_its_biases():
    assert picture.chosen("3 -4") == (3, -4)


def test_the_files_bring_no_colour_and_no_html():
    files = (ROOT / "assets/components/memory_map").glob("*.*")
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert "innerHTML" not in text and not re.search(r"#[\da-f]{3,8}\b|\brgb|\bhsl", text)


# What is said of it ---------------------------------------------------------------------------------------------------


def solved(cell: str, forget: int, update: int) -> int:
    return memory_map.solved(MAP[memory_map.Stop(cell, forget, update)])


def test_the_conclusion_is_true_of_these_networks():
    told = map_panel.conclusion()
    assert "with the bias of Γf at 5, 7 of 12 learn it if that of Γu is 0, and 12 if it is −5" in told
    assert "0 or 1, 0 of 120 learn it" in told, "writing less alone does not help"
    assert "from 0 to −5 there are 0, 1, 12, 12, 12, 12 of 12" in told
    assert all(solved("lstm", forget, update) == 0 for forget in (0, 1) for update in UPDATE_BIASES)
    assert 0 < solved("lstm", 5, 0) < 12 == solved("lstm", 5, -5), "keeping alone is a gamble, both together do"


def test_the_ratio_alone_does_not_tell_who_learns():
    """The LSTM that does not learn has the larger ratio than the GRU that does"""
    failed, learned = ([one.ratio for one in MAP[memory_map.Stop(*stop)]] for stop in (("lstm", 2, 0), ("gru", 1, -2)))
    assert min(failed) > max(learned)
    assert solved("lstm", 2, 0) == 0 and solved("gru", 1, -2) == 12
    told = map_panel.ratios()
    assert "LSTM with 2 and 0: 0.0275 to 0.874, 0 learn. GRU with −2: 0.00051 to 0.00361, 12 learn." in told


def test_of_a_stop_it_is_said_how_many_and_how_soon():
    assert map_panel.outcome(MAP[memory_map.Stop("gru", 1, 0)]) == "**none** of 12 learned it"
    assert map_panel.outcome(MAP[memory_map.Stop("gru", 1, -1)]).startswith("**1** of 12 learned it, in ")
    many = map_panel.outcome(MAP[memory_map.Stop("lstm", 5, -3)])
    assert re.fullmatch(r"\*\*12\*\* of 12 learned it, in 56 to 246 updates", many)


# On the page ----------------------------------------------------------------------------------------------------------


def test_a_stop_moves_both_sliders_and_the_charts():
    app = open_app("gradients", v="2", length="12", station="help")

    def lstm() -> str:
        return next(chart.proto.spec for chart in app.get("plotly_chart") if chart.proto.id.endswith("-held_chart"))

    before = lstm()
    app.session_state["forget_bias"], app.session_state["update_bias"] = 5, -3
    app.run()
    assert not app.exception and lstm() != before
    assert (app.slider(key="forget_bias").value, app.slider(key="update_bias").value) == (5, -3)
    payloads = (payload_of(one.proto) for one in app.get("bidi_component"))
    assert next(data for data in payloads if "lstm" in data)["at"] == [5, -3]
    assert "**12** of 12 learned it, in 56 to 246 updates" in "".join(one.value for one in app.markdown)
