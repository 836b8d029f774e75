"""The settings of Explore: every network runs, and keeps the updates that it got."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import evaluation, parameters
from core.cells import CELLS
from core.tasks import task
from explorer.formatting import in_two
from explorer.prose import prose
from tests.helpers.examples import ask_core, descend, open_app
from tests.helpers.explore_page import (
    CLICK,
    LABELS,
    SENTENCE,
    START,
    drawn,
    everything,
    is_played,
    payloads,
    press,
    select,
    toasts,
    type_in,
    warnings,
    whole_page,
)


def strip(app: AppTest) -> dict:
    """What the result strip shows: it comes with the numbers of the stage"""
    return next(data["result"] for data in everything(app) if "dock" in data)


@pytest.mark.parametrize(
    ("start", "activation"), [("trained", "tanh"), ("trained", "relu"), *(("untrained", cell) for cell in CELLS)]
)
@pytest.mark.parametrize("initialisation", ["glorot", "scaled", "orthogonal", "identity"])
def test_every_network_runs(start, activation, initialisation):
    app = open_app(hidden_units="4", start=start, activation=activation, initialisation=initialisation)
    stage, inspector = payloads(press(app, "apply_update"))
    assert (stage["n_a"], inspector["cell"], stage["update"]["taken"]) == (4, activation, 1)
    logits = [answer["logits"][0] for answer in inspector["answers"]]
    assert None not in [*stage["loss"], *stage["grad"], *logits] and warnings(app) == []


def test_another_network_starts_without_the_updates_of_the_old_one(app):
    whole_page(press(app, "apply_10")).slider(key="hidden_units").set_value(8).run()
    app.button_group(key="start").set_value("untrained").run()
    data = drawn(app)
    assert (data["n_a"], data["update"], app.session_state["updates"]) == (8, None, ())
    assert app.query_params == {"v": "2", "hidden_units": "8", "start": "untrained"}


def test_a_network_that_is_chosen_again_gets_its_updates_back(app):
    learned = drawn(press(app, "apply_10", "apply_update"))["loss"]
    assert is_played(app)
    whole_page(app).number_input(key="seed").set_value(2).run()
    assert toasts(app) == [prose("updates", "another_network_explore", n=11)]
    assert app.session_state["updates"] == () and app.query_params == {"v": "2", "seed": "2"}
    press(app, "apply_update")
    assert toasts(app) == []
    whole_page(app).number_input(key="seed").set_value(1).run()
    assert toasts(app) == [prose("updates", "another_network_explore", n=1)]
    assert drawn(app)["loss"] == learned and not app.button(key="undo").disabled
    assert not is_played(app), "they were not taken now"
    press(app, "reset")
    whole_page(app).number_input(key="seed").set_value(3).run().number_input(key="seed").set_value(1).run()
    assert app.session_state["updates"] == () and toasts(app) == []


def test_an_update_pressed_before_the_new_network_is_there_is_not_taken_on_the_old_one(app):
    whole_page(press(app, "apply_update")).slider(key="hidden_units").set_value(8)
    assert drawn(press(app, "apply_update"))["n_a"] == 8 and app.session_state["updates"] == ()


def test_the_strip_says_what_the_loop_has_come_to(app):
    once, losses, norms = descend(START, "tanh", CLICK)
    words = SENTENCE.split()
    start, after = (ask_core(params, "tanh", words, LABELS) for params in (START, once))
    assert (strip(app)["before"], strip(app)["after"], strip(app)["n"]) == (None, losses[0], 0)
    told = strip(press(app, "apply_update"))
    assert (told["before"], told["after"], told["n"]) == (losses[0], after.loss.total, 1)
    change = np.abs(after.loss.per_step - start.loss.per_step)[:, 0]
    t = int(change.argmax())
    losses_at = [float(answer.loss.per_step[t, 0]) for answer in (start, after)]
    was, now = drawn(app)["update"]["loss_said"][t], drawn(app)["loss_said"][t]  # as on the stage
    assert abs(float(was) - losses_at[0]) < 1e-3 and abs(float(now) - losses_at[1]) < 1e-3
    assert told["said"][0] == prose("result", "most_changed", word=words[t], before=was, now=now)
    assert told["said"][1] == prose("result", "norm_changed", before=f"{norms[0]:.2g}", now=in_two(
        parameters.norm(after.back.grads)))  # fmt: skip
    scores = [evaluation.score(task("people"), CELLS["tanh"], params) for params in (START, once)]
    f1 = prose("result", "score_changed", before=scores[0], f1=scores[1])
    assert f1 in [caption.value for caption in app.caption]
    told = strip(select(app, 2))  # nothing has been pressed since
    assert (told["before"], told["after"]) == (losses[0], after.loss.total)
    told = strip(press(app, "undo"))
    assert (told["before"], told["after"], told["n"]) == (after.loss.total, losses[0], 0)
    told = strip(type_in(app, "Grace met Will"))  # the weights that were taken back were never seen on it
    assert (told["before"], told["n"]) == (None, 0)
    type_in(app, SENTENCE)
    twice = strip(press(app, "apply_update", "apply_10"))
    told = strip(press(app, "reset"))
    assert (told["before"], told["after"], told["n"]) == (twice["after"], losses[0], 0)
