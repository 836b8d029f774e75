"""The page Gradients as a browser would run it, without a browser."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from core.cells import CELLS
from explorer.prose import prose
from explorer.theme import HIGH, LOW
from explorer.views.gradients import prediction_panel
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
    return {chart.proto.alt_text: json.loads(chart.proto.spec) for chart in page.get("plotly_chart")}


def heatmaps(page: AppTest) -> list[dict]:
    specs = (json.loads(chart.proto.spec) for chart in page.get("plotly_chart"))
    return [spec["data"][0] for spec in specs if len(spec["data"]) == 2 and spec["data"][0]["type"] == "heatmap"]


def test_it_opens_with_four_matrices_on_one_scale(page):
    assert not page.exception
    maps = heatmaps(page)
    assert len(maps) == len(CELLS)
    assert all((one["zmin"], one["zmax"]) == (LOW, HIGH) for one in maps)
    assert len({json.dumps(one["colorscale"]) for one in maps}) == 1


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
    before = [one["z"] for one in heatmaps(page)]
    page.toggle(key=switch).set_value(True).run()
    assert page.session_state["initialisation"] == start
    assert [page.toggle(key=key).value for key in ("remedy_identity", "remedy_orthogonal")].count(True) == 1
    assert all(a != b for a, b in zip(before, [one["z"] for one in heatmaps(page)], strict=True))
    page.toggle(key=switch).set_value(False).run()
    assert page.session_state["initialisation"] == "glorot"
    assert [one["z"] for one in heatmaps(page)] == before


@pytest.mark.parametrize("switch", ["remedy_identity", "remedy_orthogonal", "forget_bias"])
def test_updates_that_a_switch_drops_are_named(switch):
    page = open_app(activation="lstm")
    page.button(key="apply_update").click().run()
    page.switch_page(path_of("gradients")).run()
    moved = page.slider(key=switch) if switch == "forget_bias" else page.toggle(key=switch)
    before, other = moved.value, 0 if switch == "forget_bias" else True
    moved.set_value(other).run()
    told = prose("updates", "another_network_explore", n=1)
    assert [toast.value for toast in page.toast] == [told]
    (page.slider(key=switch) if switch == "forget_bias" else page.toggle(key=switch)).set_value(before).run()
    assert not page.toast and len(page.session_state["updates"]) == 1  # the old network has its update again


@pytest.mark.parametrize(("bias", "stop", "moved"), [("forget_bias", 0, "lstm"), ("update_bias", -3, "gru lstm")])
def test_a_bias_changes_the_cells_that_have_its_gate(page, bias, stop, moved):
    before = [one["z"] for one in heatmaps(page)]
    usual = page.slider(key=bias).value
    page.slider(key=bias).set_value(stop).run()
    after = [one["z"] for one in heatmaps(page)]
    changed = [cell for cell, one, other in zip(CELLS, before, after, strict=True) if one != other]
    assert (changed, page.query_params[bias]) == (moved.split(), str(stop))
    page.slider(key=bias).set_value(usual).run()
    assert [one["z"] for one in heatmaps(page)] == before


def test_truncation_cuts_and_says_what_is_lost(page):
    assert "Error that truncation makes" not in text(page)
    page.number_input(key="truncate").set_value(5).run()
    assert page.toggle(key="remedy_truncate").value
    assert re.search(r"Error that truncation makes in ∂ℒ/∂Waa .*: tanh RNN [\d.]+%", text(page))
    page.toggle(key="remedy_truncate").set_value(False).run()
    assert page.session_state["truncate"] == 0


def test_clipping_is_the_settings_own_and_moves_no_matrix(page):
    before = [one["z"] for one in heatmaps(page)]
    page.segmented_control(key="remedy_clipping").set_value("norm").run()
    assert page.session_state["clipping"] == "norm" and "→ 1" in text(page)
    assert [one["z"] for one in heatmaps(page)] == before
    page.segmented_control(key="remedy_clipping").set_value("off").run()


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
    assert prose("gradients", "truth_too_short") in text(page)
    assert "You said" not in text(page)


def test_truncation_leaves_the_words_of_the_whole_way(page):
    def bold() -> list[str]:
        return [
            line.value for line in page.markdown if re.fullmatch(r"\*\*.*(weaker|stronger|tenfold).*\*\*", line.value)
        ]

    before = bold()
    page.number_input(key="truncate").set_value(1).run()
    assert bold() == before and len(before) == len(CELLS)
    page.number_input(key="truncate").set_value(0).run()


def test_a_row_starts_from_a_unit_of_error_or_from_the_error(page):
    far = [one["z"] for one in heatmaps(page)]
    page.segmented_control(key="measure").set_value("error").run()
    assert page.query_params["measure"] == "error"
    wrong = [one["z"] for one in heatmaps(page)]
    assert all(a != b for a, b in zip(far, wrong, strict=True))
    page.segmented_control(key="measure").set_value("distance").run()
    assert [one["z"] for one in heatmaps(page)] == far


def test_skipping_is_one_click():
    page = open_page()
    page.button(key="guess_shown").click().run()
    assert "lets an error get furthest back." in text(page) and "You said" not in text(page)


def test_a_number_is_taken_apart():
    page = open_page()
    page.button(key="take_apart").click().run()
    for cell in CELLS:
        page.segmented_control(key="credit_cell").set_value(cell).run()
        assert not page.exception and "The norms of its" in text(page)
    page.number_input(key="credit_s").set_value(7).run()
    page.number_input(key="credit_k").set_value(7).run()
    assert not page.exception and page.info
    page.button(key="close_factors").click().run()
    assert page.session_state["credit_s"] == 0


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


def test_the_example_stands_on_the_page(page):
    shown = {metric.label: float(metric.value) for metric in page.metric}
    assert shown["the bound, 2⁵⁰"] == pytest.approx(2.0**50, rel=0.01)
    assert shown["measured, random weights"] < 1e-4
