"""What is said of the cliff, of training, of a cut error and of pairs is true of what is shown beside it."""

import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.cells import CELLS
from core.experiments import race_pairs
from core.experiments.race_pairs import Network
from explorer.choices.link import from_link
from explorer.choices.record import Choices
from explorer.formatting import closed_power, three_digits
from explorer.theme import CELL_NAMES
from explorer.views.gradients import cliff_panel, flows, map_panel, prediction_panel, racers_panel, rates
from explorer.views.gradients.prediction_panel import Question
from tests.helpers.examples import open_app

NOBODY = np.empty((0, 0))


def open_page(**link: str) -> AppTest:
    return open_app("gradients", **link)


def text(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.markdown, *page.caption])


def test_of_steps_that_are_clipped_to_one_length_none_is_called_the_longest():
    clipped = cliff_panel.path(4.45, -2.23, 0.5, 0.02, 10)
    told = cliff_panel.events("with clipping", clipped)
    assert "its longest steps, 10 of 10, are equally long, 0.01, because" in told
    assert f"the first of them, step 1, had ‖g‖ = {three_digits(clipped.norm[0])}" in told
    free = cliff_panel.events("without clipping", cliff_panel.path(4.45, -2.23, 0.5, None, 10))
    assert "its longest step was step 2" in free


def test_a_path_that_goes_to_and_fro_or_has_stuck_is_said_to():
    at = 4.45, -2.23, 0.5
    paths = {steps: cliff_panel.path(*at, 0.02, steps) for steps in (3, 14)}
    told = {steps: cliff_panel.events("with clipping", path) for steps, path in paths.items()}
    back = np.hypot(paths[14].w[14] - paths[14].w[12], paths[14].b[14] - paths[14].b[12])
    assert "to and fro" not in told[3] and f"step 14 led back to within {three_digits(back)} of where" in told[14]
    assert "it does not make it settle" in told[14]
    free = cliff_panel.path(*at, None, 2)
    assert free.norm[-1] < 1e-15 and "has **vanished**: ‖g‖ = 2.83e-16, and no step leads away from ℒ = 0.045" in (
        cliff_panel.events("without clipping", free)
    )
    assert "vanished" not in told[14] and "vanished" not in cliff_panel.events("free", cliff_panel.path(*at, None, 1))


@pytest.mark.parametrize("limit", [None, 5.0])
def test_the_step_of_the_sentence_was_taken_from_the_row_before_and_led_to_its_own(limit):
    """As it is told above the table"""
    path = cliff_panel.path(4.45, -2.23, 0.5, limit, 6)
    table = cliff_panel.table_of({"free": path, "clipped": path})
    step, norm = re.search(r"step was step (\d+): ‖g‖ = ([\d.]+)", cliff_panel.events("free", path)).groups()
    rows = table.set_index("step")
    assert three_digits(rows["‖g‖"][int(step) - 1]) == norm and table["w"][0] == 4.45
    row = rows.loc[int(step)]
    assert (row["w"], row["b"], row["ℒ"]) == (path.w[int(step)], path.b[int(step)], path.loss[int(step)])


def test_a_line_is_drawn_only_where_it_was_fitted():
    whole = flows.flow_of(Choices(), "lstm", "untrained")
    line, start = whole.fitted_line, rates.tail(len(whole.reach)).start
    assert np.isnan(line[:start]).all()
    at = np.arange(len(line))[start:]
    np.testing.assert_allclose(line[start:], np.polyval(np.polyfit(at, whole.reach[start:], 1), at), atol=1e-9)
    assert replace(whole, truncate=7).fitted_line is None, "7 steps are before the tail of 100"
    assert np.isfinite(replace(whole, truncate=50).fitted_line).sum() == 50 - start


def test_the_words_of_the_whole_way_say_that_they_are_where_it_is_cut():
    page = open_page(station="help", truncate="10", forget_bias="5", update_bias="-3")
    assert "If nothing were cut off: LSTM **holds**" in text(page) and "truncated BPTT ends 9 steps back" in text(page)
    found = flows.flows_of(replace(Choices(), truncate=100), "untrained")
    assert "cut off" not in map_panel.held(found), "100 steps are all of them"
    assert "cut off" not in map_panel.held(flows.flows_of(Choices(), "untrained"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_training_did_is_read_off_the_rates_that_are_shown(seed):
    chosen = replace(Choices(), seed=seed, length=30)
    if not flows.are_known(chosen, "trained"):
        chosen = replace(chosen, seed=1)
    fits = {m: {c: f.fit for c, f in flows.flows_of(chosen, m).items()} for m in ("untrained", "trained")}
    told = prediction_panel.change(fits)
    further, _, less = told.partition("less far")
    for cell, name in CELL_NAMES.items():
        before, after = fits["untrained"][cell], fits["trained"][cell]
        is_told = "no verdict" not in (before.verdict, after.verdict) and before.description != after.description
        assert (name in further) == (is_told and after.slope > before.slope), cell
        assert (name in less) == (is_told and after.slope < before.slope), cell


def test_what_got_longer_is_not_said_to_get_shorter():
    fit = lambda slope: rates.fit(slope * np.arange(30.0), NOBODY)  # noqa: E731
    fits = {"untrained": dict.fromkeys(CELLS, fit(-0.256)), "trained": dict.fromkeys(CELLS, fit(-0.12))}
    assert prediction_panel.change(fits) == f"further back in: {', '.join(CELL_NAMES.values())}"
    told = prediction_panel.verdict(Question("furthest", {"lstm": 200}), "lstm", prediction_panel.change(fits))
    assert "shorter" not in told and "training lets an error get further back in: tanh RNN" in told
    assert prediction_panel.change({"untrained": fits["trained"], "trained": fits["trained"]}) == ""


def test_an_answer_to_one_question_is_not_judged_by_another(monkeypatch):
    """Whose error gets furthest was answered; on one's own sentence it would be asked whose fades fastest"""
    page = open_page()
    kind = "furthest" if "get **furthest** back?" in text(page) else "fastest"
    page.button(key="guess_lstm").click().run()
    assert "You said LSTM" in text(page) and page.button(key="guess_again")
    other = Question({"furthest": "fastest", "fastest": "furthest"}[kind], {"gru": 200})
    monkeypatch.setattr(prediction_panel, "question", lambda slopes: other)
    page.run()
    assert "You said" not in text(page) and "Of the trained networks" in text(page)


def test_nobody_is_offered_to_be_asked_again_where_nothing_is_asked(monkeypatch):
    again = lambda page: [button for button in page.button if button.key == "guess_again"]  # noqa: E731
    page = open_page(guess="lstm")
    assert again(page)
    page.segmented_control(key="moment").set_value("trained").run()
    assert not again(page), "the answer stands in the charts"
    monkeypatch.setattr(prediction_panel, "AGREED", 1.01)
    assert not again(open_page(guess="lstm"))


def test_where_nothing_is_asked_both_questions_are_told():
    slopes = {"tanh": np.full(200, -0.2), "relu": np.full(200, -0.21), "gru": np.full(200, -0.3)}
    slopes["lstm"] = np.where(np.arange(200) < 100, -0.1, -0.4)
    told = prediction_panel.verdict(prediction_panel.question(slopes_of(slopes)), "lstm")
    assert "furthest, LSTM in 100, tanh RNN in 100; fastest, GRU in 100, LSTM in 100." in told.replace(
        "tanh RNN in 100, LSTM in 100;", "LSTM in 100, tanh RNN in 100;"
    )


def slopes_of(of_cell: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {cell: of_cell[cell] for cell in CELLS}


def test_of_few_pairs_it_is_told_how_many_they_are():
    groups = {"one": [Network(0.5, True), Network(0.1, False), Network(0.5, False)], "two": [Network(0.2, True)]}
    found = race_pairs.within(groups, np.random.default_rng(0))
    assert (found.n, found.share, found.ties) == (2, 0.75, 1)
    assert "in 1 of 2, and the same in 1 (**75%** of them, the same counted half)" in racers_panel.claim(found)
    groups = {"one": [Network(0.5, True), Network(0.1, False), Network(0.9, False)]}
    found = race_pairs.within(groups, np.random.default_rng(0))
    assert "in 1 of 2 (**50%** of them)" in racers_panel.claim(found)


@pytest.mark.parametrize("base", [0.7243, 0.72434999, 0.99, 0.99997, 0.5, 1.0, 0.123456789])
def test_a_power_can_be_checked_with_the_digits_that_are_told(base):
    written, power = closed_power(base, 80)
    assert three_digits(float(written) ** 80) == power == three_digits(base**80)


def test_the_spread_says_in_which_order_it_is():
    fit = flows.flow_of(from_link({})[0], "tanh", "untrained", 32).fit
    assert fit.spread.startswith("Those that keep most of the error first: at least")
