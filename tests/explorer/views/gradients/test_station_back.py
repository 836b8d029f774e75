"""One press brings all of a station back; what acts on other cells and stations is said."""

import pytest
from streamlit.testing.v1 import AppTest

from explorer.choices.record import CHOICES, STATIONS
from explorer.views.gradients.station_back import ALL
from tests.helpers.examples import open_app

LINKS = {
    "reach": {"length": "40", "measure": "error", "forget_bias": "5", "initialisation": "orthogonal", "truncate": "7"},
    "why": {"initialisation": "scaled", "spectral_radius": "1.5", "credit_cell": "relu", "length": "30"},
    "help": {"forget_bias": "5", "update_bias": "-3", "initialisation": "identity", "clipping": "norm"},
    "cliff": {"cliff_w": "5", "cliff_limit": "0.2", "cliff_steps": "4", "cliff_line": "True"},
    "race": {"race_lstm": "20", "race_updates": "400", "forget_bias": "3", "truncate": "5"},
}


def back(page: AppTest) -> list:
    return [button for button in page.button if (button.key or "").startswith("all_as_at_first")]


@pytest.mark.parametrize("station", STATIONS)
def test_one_press_brings_all_of_a_station_back(station):
    page = open_app("gradients", v="2", station=station, **LINKS[station])
    (button,) = back(page)
    button.click().run()
    assert not page.exception and not back(page)
    assert {name: page.session_state[name] for name in ALL[station]} == {n: CHOICES[n].default for n in ALL[station]}
    assert not set(LINKS[station]) & set(page.query_params)


@pytest.mark.parametrize("station", STATIONS)
def test_where_all_is_as_at_first_there_is_no_such_press(station):
    assert not back(open_app("gradients", v="2", station=station))


@pytest.mark.parametrize("cell", ["tanh", "relu", "gru", "lstm"])
def test_a_radius_that_is_chosen_for_one_cell_is_said_to_act_on_all(cell):
    told = lambda page: "\n".join(one.value for one in page.markdown)  # noqa: E731
    page = open_app("gradients", station="why")
    assert "all four cells" not in told(page)
    page.select_slider(key="why_radius").set_value(1.5).run()
    page.segmented_control(key="credit_cell").set_value(cell).run()
    assert "all four cells" in told(page) and "every station" in told(page)


def test_on_the_cliff_it_comes_with_the_first_step():
    page = open_app("gradients", v="2", station="cliff")
    page.button(key="cliff_step").click().run()
    back(page)[0].click().run()
    assert page.session_state["cliff_steps"] == 0 and not back(page)
