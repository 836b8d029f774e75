"""The examples of Explore do what is said of them, and the page says how good its weights are."""

import base64

import numpy as np
from streamlit.testing.v1 import AppTest

from core import evaluation
from core.cells import CELLS
from core.tasks import task
from explorer.compute import replays
from explorer.compute.networks import task_baseline
from explorer.compute.sentence import people_task
from explorer.formatting import in_figures
from explorer.prose import prose
from explorer.views import update_and_undo
from tests.helpers.examples import open_app
from tests.helpers.explore_page import (
    START,
    drawn,
    press,
    select,
    shows,
    type_in,
)


def comments(app: AppTest) -> list[str]:
    return [one.value for one in app.markdown]


def states(app: AppTest) -> np.ndarray:
    data = drawn(app)
    return np.frombuffer(base64.b64decode(data["a"]), "<f4").reshape(-1, data["n_a"])


def test_what_a_browser_sends_that_has_not_heard_of_a_chip_takes_nothing_back(app, monkeypatch):
    before = app.session_state["sentence"]
    with monkeypatch.context() as cut_off:  # by the next press, before anything of this run came to the browser
        cut_off.setattr(update_and_undo, "arrive", lambda: None)
        bears = press(app, "example_2").session_state["sentence"]
    app.text_input(key="sentence").set_value(before)  # as it comes with anything else that the reader does
    assert press(app, "apply_update").text_input(key="sentence").value == bears
    assert [entry.example.inputs[1] for entry in app.session_state["updates"]] == ["bears"]
    assert app.text_input(key="sentence").set_value(before).run().text_input(key="sentence").value == before


def test_two_examples_begin_with_the_same_word_and_the_same_state(app):
    name, bears = (states(press(app, key))[1].copy() for key in ("example_1", "example_2"))
    np.testing.assert_array_equal(name, bears)
    data = drawn(app)
    chance, sender = in_figures(data["chance"][0]), data["words"][data["whose"] - 1]  # whose error Backward sends here
    assert data["whose"] > 1 and prose("explore", "twins", word="Teddy", chance=chance, sender=sender) in comments(app)
    targets = [drawn(press(app, key))["targets"][0] for key in ("example_1", "example_2")]
    assert targets == [1, 0]


def test_the_words_that_are_called_unknown_are(app):
    data = drawn(press(app, "example_3"))
    unknown = [word for word, known in zip(data["words"], data["known"], strict=True) if not known]
    assert len(unknown) > 1 and prose("explore", "unknown", words=", ".join(unknown)) in comments(app)


def test_the_example_that_fails_fails_with_the_stored_network_and_the_page_says_where(app):
    data = drawn(press(app, "example_4"))
    wrong = [word for word, right in zip(data["words"], data["right"], strict=True) if not right]
    assert wrong
    told = {"words": ", ".join(wrong), "n": len(wrong), "T": len(data["words"])}
    assert prose("explore", "failures", **told) in comments(app)
    assert all(drawn(press(app, "apply_100"))["right"]) and prose("explore", "no_failures") in comments(app)


def test_the_long_example_names_its_largest_loss_after_the_first_word(app):
    data = drawn(press(app, "example_5"))
    t = int(np.argmax(data["loss"][1:])) + 1
    assert prose("explore", "length", T=len(data["words"]), word=data["words"][t], t=t + 1) in comments(app)


def test_what_is_typed_has_no_reason_of_its_own(app):
    for shown in (app, type_in(app, "Grace met Will")):
        assert prose("explore", "task") in comments(shown)


def test_of_what_is_typed_the_words_are_named_that_it_never_saw(app):
    assert prose("explore", "unknown", words="Zorblax, Qwertina") in comments(type_in(app, "Zorblax met Qwertina"))


def test_the_page_says_how_good_its_weights_are(app):
    f1 = evaluation.score(task("people"), CELLS["tanh"], START)
    held_out, baseline = len(people_task().data.held_out), task_baseline("people")
    told = next(caption for caption in app.caption if caption.value == prose("result", "score", f1=f1))
    assert told.help == prose("result", "score_help", sentences=held_out, baseline=baseline)


def test_how_good_the_weights_are_is_found_out_again_only_when_they_moved(app, monkeypatch):
    scored, score = [], evaluation.score

    def note(task, cell, params) -> float:
        scored.append(params)
        return score(task, cell, params)

    monkeypatch.setattr(evaluation, "score", note)
    replays.scores.clear()
    open_app(sentence="Will you go ?")
    open_app()  # another session, on the same network
    assert len(scored) == 1
    scored.clear()
    select(type_in(app, "Grace met Will"), 2)
    assert scored == []
    assert shows(select(press(app, "apply_update"), 1), scored[0], "Grace met Will", (1, 0, 0)) and len(scored) == 1
    app.slider(key="hidden_units").set_value(4).run()
    assert len(scored) == 2 and scored[1]["rnn"].Waa.shape == (4, 4)
