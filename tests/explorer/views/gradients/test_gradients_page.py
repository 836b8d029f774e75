"""The page Gradients as a browser would run it, without a browser."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from core.cells import CELLS
from explorer.choices.record import STATIONS
from explorer.prose import prose
from explorer.theme import CELL_NAMES, HIGH, LOW
from explorer.views.gradients import prediction_panel
from tests.helpers.drawn import payload_of
from tests.helpers.examples import open_app
from tests.helpers.examples import page as path_of


def open_page(**link: str) -> AppTest:
    return open_app("gradients", **link)


@pytest.fixture(scope="module")
def page() -> AppTest:
    """A session that many tests use one after the other, as a reader would"""
    return open_page()


def text(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.markdown, *page.caption])


def charts(page: AppTest) -> dict[str, dict]:
    """The figures, by the alternative text's beginning"""
    return {chart.proto.alt: json.loads(chart.proto.spec) for chart in page.get("plotly_chart")}


def matrices(page: AppTest) -> list[dict]:
    """What the browser is given of them"""
    payloads = [payload_of(one.proto) for one in page.get("bidi_component")]
    return [one for one in payloads if "entries" in one]


def go(page: AppTest, station: str) -> AppTest:
    return page.segmented_control(key="station").set_value(station).run()


def test_it_opens_with_four_matrices_on_one_scale(page):
    assert not page.exception
    found = matrices(page)
    assert len(found) == len(CELLS)
    assert all((one["scale"]["low"], one["scale"]["high"]) == (LOW, HIGH) for one in found)
    assert len({json.dumps(one["scale"]) for one in found}) == 1


def the_map(page: AppTest) -> dict:
    payloads = [payload_of(one.proto) for one in page.get("bidi_component")]
    (found,) = [one for one in payloads if "pale" in one]
    return found


def test_a_map_of_other_networks_is_pale_and_says_so_until_one_press_brings_back_its_own():
    """ρ is chosen on Why, and goes along: the map was made from Glorot's start"""
    page = go(open_page(station="why", forget_bias="5", update_bias="-3"), "help")
    assert not the_map(page)["pale"] and "LSTM: **12** of 12" in text(page) and "not of your networks" not in text(page)
    go(page, "why").select_slider(key="why_radius").set_value(2.0).run()
    go(page, "help")
    assert the_map(page)["pale"] and "**This map is not of your networks** (Waa scaled random, ρ = 2)" in text(page)
    assert "**Here**" not in text(page)
    page.button(key="carried_back").click().run()
    assert page.session_state["initialisation"] == "glorot" and not the_map(page)["pale"]
    assert "LSTM: **12** of 12" in text(page) and "not of your networks" not in text(page)
    assert page.session_state["forget_bias"] == 5, "its own sliders stay where they are"


@pytest.mark.parametrize(
    ("station", "link", "told"),
    [
        ("race", {"initialisation": "orthogonal"}, "**Not the usual race:** Waa orthogonal, ρ = 1."),
        ("race", {"truncate": "7"}, "**Not the usual race:** each error followed over 7 steps."),
        ("reach", {"forget_bias": "3", "update_bias": "-2"}, "**Not the usual start:** bias of Γf 3, bias of Γu −2."),
        ("help", {"hidden_units": "8"}, "**This map is not of your networks** (8 hidden units)"),
        ("help", {"clipping": "norm"}, "(gradient clipped by norm at 1)"),
    ],
)
def test_what_was_chosen_elsewhere_is_told_and_taken_back(station, link, told):
    page = open_page(station=station, **link)
    assert told in text(page)
    page.button(key="carried_back").click().run()
    assert "Not the usual" not in text(page) and "not of your networks" not in text(page)
    assert not [button for button in page.button if button.key == "carried_back"]
    assert not set(link) & set(page.query_params)


@pytest.mark.parametrize("station", STATIONS)
def test_as_long_as_all_is_usual_nothing_is_said_of_it(station):
    page = open_page(station=station)
    assert "Not the usual" not in text(page) and not [one for one in page.button if one.key == "carried_back"]


def test_every_control_can_be_moved(page):
    for moment in ("trained", "untrained"):
        page.segmented_control(key="moment").set_value(moment).run()
        assert not page.exception
    for source in ("sentence", "random"):
        page.segmented_control(key="source").set_value(source).run()
        assert not page.exception
    for length in (2, 200, 100):
        page.slider(key="length").set_value(length).run()
        assert not page.exception and page.query_params.get("length", "100") == str(length)


@pytest.mark.parametrize(("switch", "start"), [("remedy_identity", "identity"), ("remedy_orthogonal", "orthogonal")])
def test_a_switch_is_a_view_of_the_shared_choice(page, switch, start):
    before = [one["entries"] for one in matrices(page)]
    go(page, "help").toggle(key=switch).set_value(True).run()
    assert page.session_state["initialisation"] == start
    assert [page.toggle(key=key).value for key in ("remedy_identity", "remedy_orthogonal")].count(True) == 1
    go(page, "reach")
    assert all(a != b for a, b in zip(before, [one["entries"] for one in matrices(page)], strict=True))
    go(page, "help").toggle(key=switch).set_value(False).run()
    assert page.session_state["initialisation"] == "glorot"
    go(page, "reach")
    assert [one["entries"] for one in matrices(page)] == before


@pytest.mark.parametrize("switch", ["remedy_identity", "remedy_orthogonal", "forget_bias"])
def test_updates_that_a_switch_drops_are_named(switch):
    page = open_app(activation="lstm")
    page.button(key="apply_update").click().run()
    page.switch_page(path_of("gradients")).run()
    go(page, "help")
    moved = page.slider(key=switch) if switch == "forget_bias" else page.toggle(key=switch)
    before, other = moved.value, 0 if switch == "forget_bias" else True
    moved.set_value(other).run()
    told = prose("updates", "another_network_explore", n=1)
    assert [toast.value for toast in page.toast] == [told]
    (page.slider(key=switch) if switch == "forget_bias" else page.toggle(key=switch)).set_value(before).run()
    assert not page.toast and len(page.session_state["updates"]) == 1  # the old network has its update again


@pytest.mark.parametrize(("bias", "stop", "moved"), [("forget_bias", 0, "lstm"), ("update_bias", -3, "gru lstm")])
def test_a_bias_changes_the_cells_that_have_its_gate(page, bias, stop, moved):
    before = [one["entries"] for one in matrices(page)]
    usual = go(page, "help").slider(key=bias).value
    page.slider(key=bias).set_value(stop).run()
    go(page, "reach")
    after = [one["entries"] for one in matrices(page)]
    changed = [cell for cell, one, other in zip(CELLS, before, after, strict=True) if one != other]
    assert (changed, page.query_params[bias]) == (moved.split(), str(stop))
    go(page, "help").slider(key=bias).set_value(usual).run()
    go(page, "reach")
    assert [one["entries"] for one in matrices(page)] == before


def test_a_gate_can_hold_and_an_lstm_can_vanish_and_both_are_said(page):
    def told(forget: int, update: int) -> str:
        page.slider(key="forget_bias").set_value(forget).run()
        page.slider(key="update_bias").set_value(update).run()
        return next(line.value for line in page.markdown if line.value.startswith("“An LSTM never vanishes.”"))

    go(page, "help")
    assert "LSTM **vanishes** (" in told(0, 0) and "GRU **vanishes**" in told(0, 0)
    assert "LSTM **holds** (" in told(5, -5) and "GRU **holds**" in told(5, -5)
    assert "LSTM **fades slowly** (" in told(1, 0)
    go(page, "reach")


def test_of_a_cut_error_nothing_is_told_at_the_distance_that_it_does_not_reach(page):
    go(page, "help").toggle(key="remedy_truncate").set_value(True).run()
    page.slider(key="forget_bias").set_value(5).run()
    told = next(caption.value for caption in page.caption if "Now **nothing** arrives there" in caption.value)
    assert "(each error followed over 10 steps)" in text(page) and "99 steps back, before" in told
    assert "→" not in told and all(f"{name} " in told for name in CELL_NAMES.values())
    page.toggle(key="remedy_truncate").set_value(False).run()
    page.slider(key="forget_bias").set_value(1).run()
    go(page, "reach")


def test_whoever_comes_to_why_from_a_gated_cell_begins_with_one_that_has_a_single_waa():
    page = open_page(credit_cell="lstm")
    page.button(key="next_station").click().run()
    assert page.session_state["credit_cell"] == "tanh" and any("The norm of Waa" in told.value for told in page.info)
    assert open_page(station="why", credit_cell="lstm").session_state["credit_cell"] == "lstm"


def test_the_radius_stands_where_it_is_and_what_was_changed_goes_with_it():
    page = open_page(station="why")
    assert page.select_slider(key="why_radius").value == pytest.approx(0.871, abs=5e-4)
    page.select_slider(key="why_radius").set_value(1.0).run()
    assert "ρ = 1 is neither below 1 nor above it" in page.info[0].value
    page.segmented_control(key="credit_cell").set_value("gru").run()
    assert "Changed: Waa scaled random, ρ = 1" in text(page)
    go(page, "help")
    assert "(Waa scaled random, ρ = 1)" in text(page)
    assert any("dotted: the usual start" in caption.value for caption in page.caption)


def test_truncation_cuts_and_says_what_is_lost(page):
    assert "Error that truncation makes" not in text(go(page, "help"))
    page.number_input(key="truncate").set_value(5).run()
    assert page.toggle(key="remedy_truncate").value
    assert re.search(r"Error that truncation makes in ∂ℒ/∂Waa .*: tanh RNN [\d.]+%", text(page))
    page.toggle(key="remedy_truncate").set_value(False).run()
    assert page.session_state["truncate"] == 0
    go(page, "reach")


def test_clipping_is_the_settings_own_and_moves_no_matrix(page):
    before = [one["entries"] for one in matrices(page)]
    go(page, "help").segmented_control(key="remedy_clipping").set_value("norm").run()
    assert page.session_state["clipping"] == "norm" and "→ 1" in text(page)
    go(page, "reach")
    assert [one["entries"] for one in matrices(page)] == before
    go(page, "help").segmented_control(key="remedy_clipping").set_value("off").run()
    go(page, "reach")


def test_the_reader_answers_before_the_page_tells():
    page = open_page()
    assert text(page).count("trained: predict first") == len(CELLS)
    assert "Of 200 random sequences" not in text(page)
    page.button(key="guess_gru").click().run()
    assert "You said GRU: **wrong**. Of the trained networks the **LSTM** lets an error get furthest back." in text(
        page
    )
    assert re.search(r"Of 200 random sequences of this length: LSTM in (19\d|200)", text(page))
    assert "predict first" not in text(page)
    assert page.query_params["guess"] == "gru"


@pytest.mark.parametrize("guess", ["lstm", ""])
def test_what_depends_on_the_sequence_is_not_asked(guess, monkeypatch):
    monkeypatch.setattr(prediction_panel, "AGREED", 1.01)
    page = open_page(**({"guess": guess} if guess else {}))
    assert "depends on the sequence. Of 200 random ones of this length:" in text(page)
    assert "You said" not in text(page) and "Predict first.**" not in text(page)
    assert "predict first" not in text(page), "nothing is kept back where nothing is asked"


def test_networks_that_are_not_trained_yet_are_trained_when_asked_for():
    page = open_page(hidden_units="4", seed="3", length="20")
    assert "not trained yet" in text(page) and "Predict first.**" not in text(page)
    page.button(key="guess_shown").click().run()
    assert "not trained yet" not in text(page) and "random" in text(page) and "You said" not in text(page)


def test_one_step_is_called_one_step():
    page = open_page(guess="gru", source="sentence", sentence="Hermione")
    assert text(page).count("**only one step: no earlier one is reached**") == len(CELLS)
    assert prose("gradients", "truth_too_short", fewest=5) in text(page)
    assert "You said" not in text(page)


def test_truncation_leaves_the_words_of_the_whole_way(page):
    def bold() -> list[str]:
        return [
            line.value for line in page.markdown if re.fullmatch(r"\*\*.*(weaker|stronger|tenfold).*\*\*", line.value)
        ]

    before = bold()
    go(page, "help").number_input(key="truncate").set_value(1).run()
    go(page, "reach")
    assert bold() == before and len(before) == len(CELLS)
    go(page, "help").number_input(key="truncate").set_value(0).run()
    go(page, "reach")


def test_a_row_starts_from_a_unit_of_error_or_from_the_error(page):
    far = [one["entries"] for one in matrices(page)]
    page.segmented_control(key="measure").set_value("error").run()
    assert page.query_params["measure"] == "error"
    wrong = [one["entries"] for one in matrices(page)]
    assert all(a != b for a, b in zip(far, wrong, strict=True))
    page.segmented_control(key="measure").set_value("distance").run()
    assert [one["entries"] for one in matrices(page)] == far


def test_skipping_is_one_click():
    page = open_page()
    page.button(key="guess_shown").click().run()
    assert "lets an error get furthest back." in text(page) and "You said" not in text(page)


def test_a_number_is_taken_apart():
    page = open_page()
    page.button(key="take_apart").click().run()
    for cell in CELLS:
        page.segmented_control(key="credit_cell").set_value(cell).run()
        assert not page.exception and "One unit of error at step 100 leaves **" in text(page)
    page.number_input(key="credit_s").set_value(7).run()
    page.number_input(key="credit_k").set_value(7).run()
    assert not page.exception and page.info
    page.button(key="close_factors").click().run()
    assert page.session_state["credit_s"] == 0


# The route ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("station", STATIONS)
def test_a_link_opens_its_station_and_no_other(station):
    page = open_page(station=station)
    assert not page.exception
    assert page.title[0].value == prose("gradients", f"question_of_{station}")
    assert page.segmented_control(key="station").value == station
    assert bool(matrices(page)) == (station == "reach")
    assert ("cliff_step" in keys(page), "race_start" in keys(page)) == (station == "cliff", station == "race")


def keys(page: AppTest) -> set[str]:
    return {button.key for button in page.button}


def test_the_way_goes_on_to_the_end_and_is_in_the_link():
    page = open_page()
    for station in STATIONS[1:]:
        page.button(key="next_station").click().run()
        assert not page.exception and page.query_params["station"] == station
    assert "next_station" not in keys(page)
    page.segmented_control(key="station").set_value("reach").run()
    assert "station" not in page.query_params and len(matrices(page)) == len(CELLS)


def test_moving_the_radius_draws_what_was_before_it():
    page = open_page(station="why")
    before = charts(page)
    alt = next(alt for alt in before if "measured" in alt)
    assert "Glorot" not in alt
    page.select_slider(key="why_radius").set_value(1.5).run()
    assert (page.session_state["initialisation"], page.session_state["spectral_radius"]) == ("scaled", 1.5)
    assert "measured, usual start" in next(alt for alt in charts(page) if "measured" in alt)
    told, sizes = page.info[0].value, text(page)
    sigma = re.search(r"The norm of Waa is (3\.0\d+), and this error has grown: × 1\.37", told)[1]
    assert f"{float(sigma):.3g}" == "3.07" and f"σₘₐₓ: **{sigma}**" in sizes, "the same digits wherever it stands"


def test_of_a_gated_cell_what_was_before_had_the_usual_biases():
    page = open_page(station="why", credit_cell="lstm", forget_bias="5")
    told = next(alt for alt in charts(page) if "measured" in alt)
    assert "usual start: × 0.0172" in told and "Glorot" not in told


@pytest.mark.parametrize("cell", CELLS)
def test_why_follows_every_cell(cell):
    page = open_page(station="why", credit_cell=cell)
    assert not page.exception and page.info
    assert any("shares" in alt or "slopes" in alt for alt in charts(page))


def test_a_bias_leaves_a_ghost_of_what_was_before():
    page = open_page(station="help")
    assert "before → now" not in text(page)
    page.slider(key="forget_bias").set_value(5).run()
    told = next(caption.value for caption in page.caption if "before → now" in caption.value)
    assert "LSTM" in told and "tanh" not in told


@pytest.mark.parametrize(
    "link",
    [
        {"source": "sentence", "sentence": "Hermione"},
        {"source": "sentence", "sentence": ""},
        {"source": "sentence", "credit_s": "200", "credit_k": "150"},
        {"truncate": "1", "credit_s": "30"},
        {
            "initialisation": "identity",
            "spectral_radius": "2.0",
            "length": "200",
            "credit_s": "200",
            "credit_cell": "relu",
        },
        {"initialisation": "scaled", "spectral_radius": "0.1", "length": "200"},
    ],
)
def test_whatever_a_link_asks_for_opens(link):
    assert not open_page(**link).exception


def test_why_takes_apart_as_far_as_it_is_asked():
    page = open_page(station="why", length="60")
    assert "Over 59 steps back" in text(page) and "in 59 steps" in page.info[0].value
    page.slider(key="why_back").set_value(10).run()
    assert "Over 10 steps back" in text(page) and "in 10 steps" in page.info[0].value
    told = text(page)
    slopes, weights, total = map(float, re.search(r"\*\*(.+?)\*\* × .+ \*\*(.+?)\*\* = \*\*(.+?)\*\*", told).groups())
    assert slopes * weights == pytest.approx(total, rel=0.02)
    page.segmented_control(key="credit_cell").set_value("lstm").run()
    assert "Over 10 steps back" in text(page)


def test_of_a_gated_cell_nothing_is_explained_that_is_not_drawn():
    told = {}
    for cell in ("tanh", "gru"):
        page = open_page(station="why", length="12", credit_cell=cell)
        assert not page.exception
        (title,) = (one for one in page.markdown if one.value == prose("gradients", "why_curves_title"))
        told[cell] = title.proto.help
    assert "σₘₐₓ" in told["tanh"] and "σₘₐₓ" not in told["gru"]
