"""The cliff and the memory race on the page: paths are the core's own steps, and nothing measured is lost."""

import csv
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.cells import CELLS
from core.experiments import memory_race
from core.experiments.cliff import cliff, critical_w, fixed_line, step
from core.experiments.memory_race import GAPS, SEEDS, SOLVED, RaceSettings
from core.experiments.race_pairs import Pairs
from core.parameters import Parameters
from explorer import theme
from explorer.choices.record import CLIFF_B, CLIFF_W, Choices
from explorer.components import cliff as pictures
from explorer.components import race_table
from explorer.compute.long_work import turns
from explorer.figures import memory_race as race_figure
from explorer.prose import prose
from explorer.views.gradients import cliff_panel, race_file, race_panel, race_session, racers_panel
from tests.helpers.drawn import payload_of
from tests.helpers.examples import open_app, same_bits

TOLD = "Did the ratio tell who would learn?"
QUICK = RaceSettings(hidden_units=4, updates=1)


# The cliff ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [None, 0.2])
def test_a_path_is_the_cores_steps(limit):
    path, at = cliff_panel.path(4.4, -2.5, 0.5, limit, 12), (4.4, -2.5)
    for w, b, loss in zip(path.w, path.b, path.loss, strict=True):
        assert (w, b) == at and loss == cliff(*at).loss
        at = step(*at, 0.5, limit)
    assert len(path.w) == 13 and not path.broke
    assert limit is None or path.used.max() <= limit


def test_a_step_that_would_not_be_finite_is_not_taken():
    path = cliff_panel.path(5.0, float(fixed_line(5.0)), 1e308, None, 5)
    assert path.broke and len(path.w) == 1
    assert "not be finite" in cliff_panel.events("without clipping", path)


def test_leaving_the_picture_is_said():
    path = cliff_panel.path(5.0, float(fixed_line(5.0)), 0.5, None, 1)
    assert "out of the picture" in cliff_panel.events("without clipping", path)


def test_the_numbers_of_the_line():
    assert pytest.approx(0.2350037, abs=1e-7) == cliff_panel.SLOPE
    assert pytest.approx(0.6224593, abs=1e-7) == cliff_panel.SIGMA
    assert critical_w() == pytest.approx(4.2552519, abs=1e-7)
    assert pytest.approx(3178.6, abs=0.05) == (cliff_panel.SLOPE * 5) ** 50


def test_the_product_on_the_line_closes_in_its_digits():
    for w in (*np.arange(350, 651) / 100, 4.4567, 5.123456789):
        told = cliff_panel.ball(replace(Choices(), cliff_w=float(w), cliff_line=True))
        slope, at, power = re.search(r"\(([\d.]+) × ([\d.]+)\)⁵⁰ = \*\*([\d.e+-]+)\*\*", told).groups()
        assert f"{(float(slope) * float(at)) ** 50:.5g}" == power, w


def test_both_paths_are_sent_from_the_same_start_and_no_more():
    both = {name: cliff_panel.path(4.4, -2.5, 0.5, limit, 100) for name, limit in (("without", None), ("with", 0.2))}
    sent = pictures.payload(CLIFF_W, CLIFF_B, both, "")
    free, held = sent["paths"]
    assert (free["w"][0], free["b"][0]) == (held["w"][0], held["b"][0]) == (4.4, -2.5)
    assert free["w"] == both["without"].w.tolist() and held["b"] == both["with"].b.tolist()
    assert len(json.dumps(sent)) < 12_000


def test_the_highest_place_of_the_picture_is_a_corner():
    w, b = np.linspace(*CLIFF_W, 200), np.linspace(*CLIFF_B, 200)
    assert cliff(*cliff_panel.HIGHEST).loss == cliff(w, b[:, None]).loss.max() < 0.245


def test_the_first_step_answers_the_question_of_the_page():
    """“One gradient step, and the loss is worse than ever”: so it is from where the ball stands at first"""
    free, clipped = cliff_panel.paths(Choices(cliff_steps=10)).values()
    assert free.loss[1] > 10 * free.loss[0] and free.norm[1] > 10
    assert (clipped.loss[1:] < clipped.loss[0]).all()


@pytest.mark.parametrize("sent", [None, "4 -2", [4], [4, -2, 0], [9, -2], [4, float("nan")], [True, "b"], {"w": 4}])
def test_no_other_place_is_taken(sent):
    assert pictures.placed(sent, CLIFF_W, CLIFF_B) is None


def test_a_click_places_the_ball():
    assert pictures.placed([4.123456, -2.345], CLIFF_W, CLIFF_B) == (4.12, -2.35)


def test_on_the_line_the_slider_follows():
    page = open_app("gradients", station="cliff", cliff_line="True", cliff_w="4.4")
    assert page.slider(key="cliff_b").value == round(float(fixed_line(4.4)), 2) == -2.24
    page.slider(key="cliff_w").set_value(5.0).run()
    assert page.slider(key="cliff_b").value == -2.61


# The race: what a session has, and what all share ---------------------------------------------------------------------


@pytest.fixture(autouse=True)
def nothing_measured():
    race_session.measured.clear()


def finish(session: race_session.Race) -> race_session.Race:
    session.begin(dict.fromkeys(CELLS))
    while session.is_running:
        session.advance(5)
    return session


def test_a_race_measures_every_lane():
    session = finish(race_session.Race(QUICK))
    assert session.is_over and session.progress == 1 and session.recalled == 0
    for lane, record in session.records.items():
        *_, expected = memory_race.run(lane)
        assert record == expected


def test_stop_and_go_on_loses_nothing():
    session = race_session.Race(QUICK)
    session.begin(dict.fromkeys(CELLS))
    session.advance(0.02)
    session.stop()
    held = dict(session.records)
    in_training = session.latest
    session.advance(5)
    assert session.records == held and session.latest is in_training, "stopped means stopped"
    finish(session)
    assert held.items() <= session.records.items()
    assert session.records == finish(race_session.Race(QUICK)).records


def test_after_a_reload_what_was_measured_is_found():
    first = race_session.Race(QUICK)
    first.begin(dict.fromkeys(CELLS))
    while len(first.records) < 10:
        first.advance(0.01)
    again = race_session.Race(QUICK)  # a reload is a new session
    again.begin(dict.fromkeys(CELLS))
    again.advance(0)
    assert first.records.items() <= again.records.items()
    finish(again)
    assert again.recalled == len(first.records)


def test_what_is_shared_has_an_end(monkeypatch):
    monkeypatch.setattr(race_session, "MOST_MEASURED", 7)
    session = finish(race_session.Race(QUICK))
    assert len(race_session.measured().entries) == 7 and session.is_over


def test_while_another_computes_a_race_waits():
    session, queue = race_session.Race(QUICK), turns()
    session.begin(dict.fromkeys(CELLS))
    assert queue.take(race_session.Race(QUICK), 1)
    session.advance(0.05)
    assert session.is_waiting and session.is_running and not session.records
    queue.give_back()
    session.advance(0.05)
    assert not session.is_waiting
    assert not queue.is_taken, "it keeps no turn"


def test_sessions_may_race_at_the_same_time():
    sessions = [race_session.Race(QUICK) for _ in range(3)]
    threads = [threading.Thread(target=finish, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sessions[0].records == sessions[1].records == sessions[2].records


# The race: drawn and told ---------------------------------------------------------------------------------------------


def accuracies(solves: dict[str, int]) -> dict[str, np.ndarray]:
    """Cells that answer everything up to a gap, and only guess beyond it"""
    return {
        cell: np.array([[1.0 if gap <= longest else 0.25] * SEEDS for gap in GAPS]) for cell, longest in solves.items()
    }


def test_the_verdict_says_right_or_wrong():
    assert "right" in race_figure.verdict(20, 20) and "wrong" in race_figure.verdict(40, 20)
    assert "right" in race_figure.verdict(0, 0) and "no prediction" in race_figure.verdict(None, 5)


def test_solved_is_the_median_of_the_networks():
    values = np.array([[1, 1, 1], [0.25, 0.25, 1], [0.25, 0.95, 0.96], [0.25, 0.9, 1], [np.nan] * 3])
    assert race_figure.longest_solved(GAPS, values, SOLVED) == 20


def table(gaps: Sequence[int], measured: dict[str, np.ndarray]) -> list[dict]:
    medians = {cell: race_figure.medians(values) for cell, values in measured.items()}
    return race_table.payload(gaps, measured, medians, SOLVED)["cells"]


def test_chart_and_table_show_the_same_number_and_the_chart_its_spread():
    values = np.array([[1, 1, 1], [0.25, 0.25, 1], [0.25, 0.96, 1], [0.5, np.nan, 0.25], [np.nan] * 3])
    (row,) = table(GAPS, {"tanh": values})
    band, line = race_figure.figure(GAPS, {"tanh": values}, {}, theme.LIGHT).data
    assert line.y.tolist() == row["accuracies"][:4] == [1, 0.25, 0.96, 0.375] and row["accuracies"][4] is None
    assert band.y.tolist() == [1, 1, 1, 0.5, 0.25, 0.25, 0.25, 1], "there the best, and back the worst"


def test_the_file_of_every_network_is_offered_when_networks_were_measured():
    file = lambda page: page.get("download_button")[0].proto.label  # noqa: E731
    page = open_app("gradients", station="race", hidden_units="4")
    assert file(page) == "The ratios before training (CSV)"
    page.button(key="race_start").click().run()
    for _ in range(200):
        if race_session.measured().entries:
            break
        page.run()
    page.button(key="race_stop").click().run()
    assert file(page) == "Every network (CSV)"


def test_the_figure_shows_chance_and_only_what_is_measured():
    found = accuracies({"tanh": 10, "relu": 5})
    found["relu"][2:] = np.nan
    fig = race_figure.figure(GAPS, found, {"solved": 0.95, "chance": 0.25}, theme.LIGHT)
    lines = {trace.name: trace for trace in fig.data if trace.mode == "lines+markers"}
    assert len(lines["tanh RNN"].y) == 5 and len(lines["ReLU RNN"].y) == 2
    assert {shape.y0 for shape in fig.layout.shapes} == {0.95, 0.25}
    assert (
        len({trace.line.color for trace in lines.values()}) == len({trace.line.dash for trace in lines.values()}) == 2
    )


# The race: kept as a file ---------------------------------------------------------------------------------------------


def as_file(race: race_session.Race) -> str:
    return race_file.table(race).to_csv(index=False)


def test_what_was_measured_comes_back_from_its_file_to_the_last_bit():
    done = finish(race_session.Race(QUICK))
    for trial in list(done.records)[7:9]:
        done.records.pop(trial)  # stopped before these
    assert race_file.read(as_file(done), QUICK) == done.records
    race = race_session.Race(QUICK)
    race.bring(race_file.read(as_file(done), QUICK), {"tanh": 5})
    assert race.records == done.records and race.has_begun and not race.is_over
    assert (race.brought, race.prediction) == (58, {"tanh": 5})
    for cell, values in done.accuracies().items():
        np.testing.assert_array_equal(race.accuracies()[cell], values)
    race_session.measured.clear()
    assert finish(race).is_over and race.recalled == 0 and len(race_session.measured().entries) == 2


def test_what_a_file_says_is_no_other_sessions_and_not_in_the_place_of_what_was_measured_here():
    text = as_file(finish(race_session.Race(QUICK)))
    race_session.measured.clear()
    race = finish(race_session.Race(QUICK))
    forged = {trial: record._replace(accuracy=0.0) for trial, record in race_file.read(text, QUICK).items()}
    before = dict(race.records)
    race.bring(forged, {})
    assert race.records == before and race.brought == 0
    race_session.measured.clear()
    race_session.Race(QUICK).bring(forged, {})
    assert not race_session.measured().entries


def test_a_file_of_other_settings_says_which():
    text = as_file(finish(race_session.Race(QUICK)))
    for other in (replace(QUICK, updates=2), replace(QUICK, seed=2), replace(QUICK, clipping="norm")):
        with pytest.raises(race_file.OtherRace) as raised:
            race_file.read(text, other)
        assert raised.value.settings == QUICK


BAD = {
    "nothing": lambda text: "",
    "another table": lambda text: "a,b\n1,2\n",
    "text": lambda text: '\0\r"' + "x" * 200_000,
    "no column of accuracies": lambda text: text.replace("accuracy", "right"),
    "an accuracy above 1": lambda text: re.sub(r",[\d.]+,False", ",7.0,False", text),
    "a network twice": lambda text: "\n".join([*text.splitlines()[:2], text.splitlines()[1]]),
    "too many": lambda text: text + "\n".join(text.splitlines()[1:]),
    "a cell that nobody knows": lambda text: text.replace("\ntanh", "\n=cmd"),
    "not finite": lambda text: text.replace(",1.0,0.0,off,", ",nan,0.0,off,"),
    "a clipping that nobody knows": lambda text: text.replace(",off,", ",<b>,"),
    "nothing measured": lambda text: as_file(race_session.Race(QUICK)),
    "another start": lambda text: text.replace("\ntanh,5,1,", "\ntanh,5,1,1"),
    "cut off": lambda text: text[: len(text) // 2],
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_a_bad_file_changes_nothing_and_is_answered_in_a_sentence(spoil, at, monkeypatch):
    text = as_file(finish(race_session.Race(QUICK)))
    assert spoil(text) != text
    with pytest.raises((ValueError, csv.Error)):
        race_file.read(spoil(text), QUICK)
    monkeypatch.setattr(race_panel, "setup", lambda chosen: QUICK)
    at.run()
    at.file_uploader(key="race_file").upload("race.csv", spoil(text).encode(), "text/csv").run()
    assert [warning.value for warning in at.warning] == [prose("gradients", "race_file_bad")]
    assert at.button(key="race_start").disabled is False and "networks are measured" not in told(at)


def test_the_page_takes_a_file_and_shows_chart_and_table_again(at, monkeypatch):
    monkeypatch.setattr(race_panel, "setup", lambda chosen: QUICK)
    done = finish(race_session.Race(QUICK))
    race_session.measured.clear()
    at.run()
    at.radio(key="race_gru").set_value(5).run()
    at.file_uploader(key="race_file").upload("race.csv", as_file(done).encode(), "text/csv").run()
    assert "All 60 networks are measured. Trained here and now: 0" in told(at)
    assert "Networks read from your file, not trained now: 60." in told(at) and not at.warning
    assert "You said: GRU gap 5." in told(at)
    (table,) = [payload_of(one.proto) for one in at.get("bidi_component") if "solved" in one.proto.json]
    assert table == json.loads(json.dumps(table_of(done)))


def table_of(race: race_session.Race) -> dict:
    measured = race.accuracies()
    medians = {cell: race_figure.medians(values) for cell, values in measured.items()}
    return race_table.payload(GAPS, measured, medians, SOLVED)


# The race gives back its racers ---------------------------------------------------------------------------------------


def trained(trial: memory_race.Trial) -> Parameters:
    """The network that a trial comes to, past any cache"""
    running = memory_race.run(trial)
    while True:
        try:
            next(running)
        except StopIteration as end:
            return end.value


def test_a_race_keeps_what_it_trained_and_shares_it_locked():
    session = finish(race_session.Race(QUICK))
    for trial, record in session.records.items():
        kept, start = race_session.measured().get(trial), memory_race.start(trial)
        assert kept.record == record
        assert same_bits(kept.params, trained(trial))
        assert not kept.params["rnn"].Waa.flags.writeable
        assert same_bits(kept.params, start) == (record.updates == 0)


def test_a_bias_that_a_cell_does_not_have_trains_no_other_network_of_it():
    finish(race_session.Race(QUICK))
    held = finish(race_session.Race(replace(QUICK, forget_bias=3.0)))
    assert held.recalled == len(GAPS) * SEEDS * 3, "only the LSTM is another one"
    less = finish(race_session.Race(replace(QUICK, update_bias=-3.0)))
    assert less.recalled == len(GAPS) * SEEDS * 2


def test_a_racer_is_looked_at_on_the_sequences_of_its_race():
    trial = memory_race.trial_of(QUICK, "lstm", 10, 1)
    params = memory_race.start(trial)
    matrix, reach = racers_panel.matrix(trial, params), racers_panel.reach(trial, params)
    assert matrix.shape == (11, 11) and reach.shape == (11, memory_race.BATCH)
    np.testing.assert_allclose(matrix[-1, ::-1], reach[:, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.diag(matrix), 0, atol=1e-12)
    x, _ = memory_race.sequences(trial)
    assert (x[0] < memory_race.TASK.n_y).all(), "the symbol stands at step 1"


def test_the_first_racer_shown_has_solved_the_longest_gap_from_the_least_ratio():
    race = finish(race_session.Race(QUICK))
    ratios = race_session.gradient_ratios(QUICK)
    for trial, record in list(race.records.items()):
        solved = trial.gap in (5, 20) and trial.cell in ("gru", "lstm")
        race.records[trial] = record._replace(accuracy=1.0 if solved else 0.25)
    first = racers_panel.winner(race)
    rivals = [ratios[trial] for trial in race.records if trial.gap == 20 and trial.cell in ("gru", "lstm")]
    assert first.gap == 20 and ratios[first] == min(rivals)
    for trial, record in list(race.records.items()):
        race.records[trial] = record._replace(accuracy=0.25)
    assert racers_panel.winner(race).gap == 80


def test_of_ratios_only_that_is_claimed_which_the_race_tells():
    more, fewer = Pairs(20, 0.8, 0.6, 0.95, 0.01), Pairs(20, 0.2, 0.05, 0.4, 0.02)
    assert "tells something here" in racers_panel.claim(more)
    assert "the opposite" in racers_panel.claim(fewer)
    assert "cannot tell" in racers_panel.claim(Pairs(8, 0.625, 0.0, 1.0, 0.7))
    assert "cannot tell" in racers_panel.claim(Pairs(4, 1.0, 1.0, 1.0, 0.22)), "four of four may be chance"
    assert "nothing to compare" in racers_panel.claim(Pairs(0, *[np.nan] * 4))


def test_three_networks_are_one_draw_from_the_twelve_of_the_map():
    told = race_panel.one_draw(RaceSettings(forget_bias=3.0, update_bias=0.0, seed=5))
    assert "LSTM, **4** of 12 learned it, in 66 to 182 updates; GRU, **none** of 12 learned it" in told
    for other in ({"hidden_units": 8}, {"truncate": 5}, {"clipping": "norm"}, {"initialisation": "identity"}):
        assert not race_panel.one_draw(RaceSettings(**other)), "these were not trained beforehand"


def test_the_table_has_the_median_and_how_many_solved():
    measured = {"gru": np.array([[1.0, 0.25, 0.97], [np.nan, np.nan, np.nan], [0.5, np.nan, 0.25]])}
    (row,) = table((5, 10, 20), measured)
    assert row["accuracies"] == [0.97, None, 0.375]
    assert (row["solved"], row["networks"]) == ([2, 0, 0], [3, 0, 2])


# On a page ------------------------------------------------------------------------------------------------------------


def page() -> None:
    from explorer.choices import widgets
    from explorer.views.gradients import cliff_panel, race_panel

    widgets.restore()
    cliff_panel.panel()
    race_panel.panel(widgets.current_choices())


@pytest.fixture
def at(monkeypatch) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["hidden_units"] = "4"
    return app


def told(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def test_steps_on_the_cliff_are_in_the_link(at):
    at.run()
    at.button(key="cliff_10").click().run()
    at.button(key="cliff_step").click().run()
    at.button(key="cliff_undo").click().run()
    assert at.query_params["cliff_steps"] == "10"
    assert "10 steps lead" in told(at)
    at.slider(key="cliff_w").set_value(5.0).run()
    assert "cliff_steps" not in at.query_params, "another start, another path"


def test_the_line_is_met_exactly(at):
    at.query_params["cliff_w"], at.query_params["cliff_line"] = "5.0", "True"
    assert "3178.6" in told(at.run()) and "Each further step multiplies by 1.1750, so it grows" in told(at)


def test_below_the_critical_w_the_product_shrinks_with_every_step(at):
    at.query_params["cliff_w"], at.query_params["cliff_line"] = "4.25", "True"
    assert "= **0.94" in told(at.run()) and "so it shrinks: for ever longer sequences" in told(at)


def test_a_race_on_the_page(at, monkeypatch):
    monkeypatch.setattr(race_panel, "SLICE", 5)
    monkeypatch.setattr(race_panel, "setup", lambda chosen: QUICK)
    at.run()
    at.radio(key="race_tanh").set_value(0).run()
    assert at.query_params["race_tanh"] == "0"
    at.button(key="race_start").click().run()
    for _ in range(20):
        if at.button(key="race_stop").disabled:
            break
        at.run()
    assert "All 60 networks are measured" in told(at)
    assert [tab.label for tab in at.tabs] == ["The result", "The racers, before and after", TOLD]
    assert "before training: **" in told(at) and "You said: tanh RNN no gap." in told(at)
    at.button_group(key="racer_cell").set_value("tanh").run()
    at.button_group(key="racer_gap").set_value(5).run()
    assert "At the symbol, 5 steps back," in told(at)
    assert "you said no gap" in told(at)
    assert "you made no prediction" in told(at)
