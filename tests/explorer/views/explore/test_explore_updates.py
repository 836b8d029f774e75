"""The updates of Explore: they are the core's, each is played once, and undone."""

import base64
import json

import numpy as np
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from core import parameters, pretrained
from core.cells import CELLS
from core.tasks import task
from core.training import Experiment
from explorer.choices.session import EXPLORE
from explorer.compute.sentence import parse_sentence, people_task
from explorer.formatting import three_digits
from explorer.prose import prose
from explorer.views.panels import below_stage
from tests.helpers.examples import LONG, ask_core, descend, open_app, update_on
from tests.helpers.explore_page import (
    CLICK,
    LABELS,
    RATE,
    SENTENCE,
    START,
    drawn,
    is_played,
    memory,
    open_panel,
    payloads,
    press,
    select,
    shows,
    type_in,
    upload,
    warnings,
    whole_page,
)


def curve_of(app: AppTest) -> list[float]:
    """ℒ in the chart of all updates"""
    open_panel(app, "What an update changes")
    spec = json.loads(app.get("plotly_chart")[-1].proto.spec)["data"][0]["y"]
    return np.frombuffer(base64.b64decode(spec["bdata"]), spec["dtype"]).tolist()


def measured(app: AppTest) -> dict[str, str]:
    """What is said of the last update, in its panel"""
    return {metric.label: metric.value for metric in open_panel(app, "What an update changes").metric}


def test_updates_are_the_core_s(app):
    once, losses, norms = descend(START, "tanh", CLICK)
    assert shows(press(app, "apply_update"), once)
    answer = ask_core(START, "tanh", SENTENCE.split(), LABELS)
    assert drawn(app)["update"]["taken"] == 1 and drawn(app)["update"]["loss"] == answer.loss.per_step[:, 0].tolist()
    metrics = measured(app)
    assert metrics["ℒ before"] == three_digits(losses[0]) and metrics["‖g‖"] == three_digits(norms[0])
    moved = parameters.norm(parameters.tree_map(np.subtract, once, START))
    assert metrics[f"‖ΔW‖ = α ‖g‖, α = {RATE}"] == three_digits(moved)

    then, more, _ = descend(once, "tanh", CLICK._replace(size=10))
    assert shows(press(app, "apply_10"), then) and drawn(app)["update"]["taken"] == 11
    after = ask_core(then, "tanh", SENTENCE.split(), LABELS).loss.total
    assert curve_of(app) == [*losses, *more, after]

    assert shows(press(app, "undo"), once) and shows(press(app, "undo"), START)
    assert drawn(app)["update"] is None and app.button(key="undo").disabled and app.button(key="reset").disabled


def test_a_hundred_updates_and_reset(app):
    assert shows(press(app, "apply_100"), descend(START, "tanh", CLICK._replace(size=100))[0])
    assert shows(press(app, "apply_update", "reset"), START) and app.query_params == {}


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_is_updated_by_the_core_and_its_link_opens_the_same_page(cell):
    app = press(open_app(activation=cell), "apply_update", "apply_10")
    params = pretrained.load_pretrained(Experiment(cell=cell))
    before, *_ = descend(params, cell, CLICK)
    after, *_ = descend(before, cell, CLICK._replace(size=10))
    assert shows(app, after, cell=cell) and drawn(app)["update"]["taken"] == 11
    assert drawn(app)["update"]["loss"] == ask_core(before, cell, SENTENCE.split(), LABELS).loss.per_step[:, 0].tolist()
    first = payloads(app)
    assert payloads(open_app(**app.query_params)) == first
    assert shows(press(app, "undo"), before, cell=cell)


def test_a_session_keeps_of_its_weights_what_the_updates_moved(app):
    press(app, "apply_update", "apply_update")
    kept = memory(app).histories[EXPLORE]
    ids = sorted({*task("people").vocabulary.encode(SENTENCE.split()).tolist()})
    assert kept.params["rnn"].Wax.at.tolist() == kept.before["rnn"].Wax.at.tolist() == ids
    assert kept.updates[0] is kept.updates[1]


def test_of_a_long_text_an_update_keeps_what_was_read(app):
    for text in ("a" * 100_000, LONG):
        (click,) = press(type_in(app, text), "apply_update").session_state["updates"]
        assert click.example.inputs == parse_sentence(text).words
        opened = payloads(app)
        press(app, "undo")
    assert payloads(press(app, "apply_update")) == opened == payloads(open_app(**app.query_params))


def test_learning_rate_and_clipping_are_used(app):
    app.select_slider(key="learning_rate").set_value(0.5)
    app.button_group(key="clipping").set_value("norm").run()
    app.select_slider(key="clip_limit").set_value(0.1).run()
    clipped = update_on(SENTENCE, LABELS, 0.5, "norm", 0.1, 1)
    assert shows(press(app, "apply_update"), descend(START, "tanh", clipped)[0])
    assert measured(app)["‖g‖ after clipping"] == "0.1"


def test_only_an_update_that_was_taken_now_is_played(app):
    assert is_played(press(app, "apply_10")) and not is_played(select(app, 2)) and is_played(press(app, "apply_10"))
    assert not is_played(press(app, "undo")) and is_played(press(app, "apply_update"))


def test_an_update_whose_run_was_overtaken_is_played_by_the_run_that_follows(app, monkeypatch):
    def overtaken(*about):
        streamlit.stop()  # as a run ends that another click overtakes: what it has sent so far may reach nobody

    with monkeypatch.context() as patch:
        patch.setattr(below_stage, "below_stage", overtaken)
        press(app, "apply_update")
    assert is_played(app.run()) and not is_played(app.run())


def test_undo_and_an_update_that_come_at_once_are_both_done(app):
    """The browser may send both before the page has answered the first."""
    press(app, "apply_10", "apply_update")
    app.session_state["updates"] = app.session_state["updates"][:1]
    press(app, "apply_100")
    assert [click.size for click in app.session_state["updates"]] == [10, 100] and warnings(app) == []


def test_what_other_networks_learned_outlives_a_session_file(app):
    press(app, "apply_update")
    whole_page(app).number_input(key="seed").set_value(2).run()
    upload(app, b'{"seed": "3"}')
    whole_page(app).number_input(key="seed").set_value(1).run()
    assert [click.size for click in app.session_state["updates"]] == [1]


def test_what_an_update_did_to_another_sentence_is_not_mixed_with_what_it_learned_from(app):
    press(app, "apply_update")
    before, after = curve_of(app)
    said = prose("panels", "elsewhere", inputs=SENTENCE)
    assert said not in [caption.value for caption in app.caption]
    type_in(app, "Grace met Will")
    assert said in [caption.value for caption in app.caption]
    metrics = {metric.label: metric.value for metric in app.metric}
    losses = [ask_core(params, "tanh", ["Grace", "met", "Will"], (1, 0, 0)).loss.total
              for params in (START, descend(START, "tanh", CLICK)[0])]  # fmt: skip
    assert [metrics["ℒ before"], metrics["ℒ after"]] == [three_digits(loss) for loss in losses]
    assert curve_of(app) == [before]  # nobody asked what the sentence on screen loses meanwhile
    press(app, "apply_update")
    np.testing.assert_array_equal(curve_of(app)[:3], [before, np.nan, losses[1]])  # a gap between the two sentences
    assert after != losses[1]


def test_clipping_is_in_the_size_of_the_step(app):
    app.button_group(key="clipping").set_value("norm").run()
    app.select_slider(key="clip_limit").set_value(0.1).run()
    labels = measured(press(app, "apply_update"))
    assert labels[f"‖ΔW‖ = α ‖g‖ after clipping, α = {RATE}"] == three_digits(0.1 * RATE)


def test_the_gradient_of_any_weight_can_be_checked(app):
    open_panel(app, "Check a gradient")
    for weight in ("Waa", "Wax", "ba", "Wya", "by"):
        app.button_group(key="selected_weight").set_value(weight).run()
        metrics = {metric.label: metric.value for metric in app.metric}
        exact, numeric = float(metrics["∂ℒ/∂w, backpropagation through time"]), float(metrics["(ℒ(w+ε) − ℒ(w−ε)) / 2ε"])
        grads = ask_core(START, "tanh", SENTENCE.split(), LABELS).back.grads
        array = next(array for _, name, array in parameters.leaves(grads) if name == weight)
        assert abs(exact) == pytest.approx(np.abs(array).max(), rel=1e-8)  # the largest entry is offered first
        assert numeric == pytest.approx(exact, rel=1e-6) and float(metrics["Relative difference"]) < 1e-6


def test_the_entry_to_check_is_the_reader_s_until_the_sentence_changes(app):
    open_panel(app, "Check a gradient")
    app.number_input(key="check_row").set_value(3).run()  # units count from 1
    app.number_input(key="check_column").set_value(4).run()
    exact = {metric.label: metric.value for metric in press(app, "apply_update").metric}
    grads = ask_core(descend(START, "tanh", CLICK)[0], "tanh", SENTENCE.split(), LABELS).back.grads
    assert exact["∂ℒ/∂w, backpropagation through time"] == f"{grads['rnn'].Waa[2, 3]:.9g}"
    app.button_group(key="selected_weight").set_value("Wax").run()
    column = app.number_input(key="check_column").value
    assert column in people_task().vocabulary.encode(SENTENCE.split())  # the largest entry, in the column of a word
    app.number_input(key="check_column").set_value(0).run()
    assert any(prose("panels", "absent") in text.value for text in app.markdown)
    type_in(app, "zzyzx")
    assert app.number_input(key="check_column").value == 0  # <UNK>, the only word
    assert not any(prose("panels", "absent") in text.value for text in app.markdown)
