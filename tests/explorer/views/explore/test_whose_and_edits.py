"""Explore, without a browser: whose error goes back, weights that are edited, labels corrected on the stage."""

import base64
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import pretrained
from core.backward import backward
from core.training import Experiment
from explorer.compute.updates import LARGEST, MOST_UPDATES
from explorer.formatting import three_digits
from explorer.prose import prose
from tests.helpers.drawn import payload_of
from tests.helpers.examples import ask_core, open_app

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
LARGEST_LOSS = "5"  # Granger, of the stored network
START = pretrained.load_pretrained(Experiment())
EDIT = ["rnn", "Waa", 2, 5, 0.75, 1]
SPELLED = "edit rnn.Waa 2 5 0.75"


def send(app: AppTest, **messages: object) -> AppTest:
    """What the browser sends when the reader does something on the stage"""
    states = app._tree.get_widget_states()
    for name, value in messages.items():
        states.widgets.add(id=app.get("bidi_component")[0].proto.id, json_value=json.dumps({name: value}))
    return app._run(states)


def drawn(app: AppTest) -> dict:
    assert not app.exception
    return payload_of(app.get("bidi_component")[0].proto)


def address(app: AppTest) -> dict:
    return {key: value for key, value in app.query_params.items() if key != "v"}


def type_in(app: AppTest, text: str) -> AppTest:
    return send(app.text_input(key="sentence").set_value(text).run(), rested=text)


@pytest.fixture
def app() -> AppTest:
    return open_app()


# Whose error ----------------------------------------------------------------------------------------------------------


def test_the_largest_loss_is_taken_where_nobody_has_chosen_and_no_link_names_it(app):
    assert drawn(app)["whose"] == int(LARGEST_LOSS) and address(app) == {}


@pytest.mark.parametrize("whose", ["all", "last", 3])
def test_what_is_chosen_on_the_stage_is_in_the_link_and_comes_back_from_it(app, whose):
    assert drawn(send(app, whose=whose))["whose"] == whose and address(app) == {"whose": str(whose)}
    friend = open_app(**app.query_params)
    assert drawn(friend)["whose"] == whose and address(friend) == {"whose": str(whose)}


@pytest.mark.parametrize("nonsense", ["nobody", 0, -1, 10_000, None, [3], 2.5])
def test_what_makes_no_sense_is_the_usual_one(app, nonsense):
    assert drawn(send(app, whose=nonsense))["whose"] == int(LARGEST_LOSS) and address(app) == {}


def test_a_link_of_version_1_means_all_losses_and_says_so_from_then_on():
    app = open_app(sentence="Grace met Will")
    assert drawn(app)["whose"] == "all" and app.query_params["whose"] == "all"
    assert drawn(open_app(**app.query_params))["whose"] == "all"


def test_a_step_that_the_sentence_of_a_link_does_not_have_is_named():
    app = open_app(v="2", sentence="Grace met Will", whose="7")
    assert drawn(app)["whose"] in (2, 3) and "whose" not in address(app)
    assert [warning.value for warning in app.warning] == [prose("share", "ignored", is_from_file=False, names="whose")]


def test_updates_undo_and_edits_keep_the_error_that_was_settled(app):
    for act in ("apply_100", "undo", "apply_update"):
        app.button(key=act).click().run()
        assert drawn(app)["whose"] == int(LARGEST_LOSS)
    send(app, edit=["readout", "by", 0, 0, 5.0, 1])  # now every word is called a name
    losses = drawn(app)["loss"]
    usual = max(range(2, 10), key=lambda t: losses[t - 1])
    assert usual != int(LARGEST_LOSS) and drawn(app)["whose"] == int(LARGEST_LOSS)
    assert address(app)["whose"] == LARGEST_LOSS
    friend = open_app(**app.query_params)
    assert drawn(friend)["whose"] == int(LARGEST_LOSS) and friend.query_params == app.query_params


@pytest.mark.slow
@pytest.mark.parametrize(("chosen", "then"), [("all", "all"), ("last", "last"), (3, None)])
def test_with_another_sentence_label_or_network_one_step_s_error_is_settled_anew(app, chosen, then):
    def usual() -> int:
        losses = drawn(app)["loss"]
        return max(range(2, len(losses) + 1), key=lambda t: losses[t - 1])

    send(app, whose=chosen)
    type_in(app, "Then Grace met Will and a rose")
    assert drawn(app)["whose"] == (then or usual())
    send(app, whose=chosen)
    send(app, label=[2, 0, 1])
    assert drawn(app)["targets"][1] == 0 and drawn(app)["whose"] == (then or usual())
    send(app, whose=chosen)
    app.run()
    app.slider(key="hidden_units").set_value(8).run()
    assert drawn(app)["whose"] == (then or usual())


@pytest.mark.parametrize("whose", ["all", "last", "5"])
def test_the_shares_are_those_of_the_chosen_error_and_name_it(whose):
    app = open_app(v="2", whose=whose)
    app.button_group(key="more").set_value(prose("panels", "shares_title")).run()
    s = {"all": slice(0, 9), "last": slice(8, 9), "5": slice(4, 5)}[whose]
    trace, loss, _ = ask_core(START, "tanh", SENTENCE.split(), (1, 1, 0, 1, 1, 0, 0, 0, 0))
    d_logits = np.zeros_like(loss.d_logits)
    d_logits[s] = loss.d_logits[s]
    back = backward(trace, loss._replace(d_logits=d_logits))
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]["y"]
    drawn_norms = np.frombuffer(base64.b64decode(bars["bdata"]), bars["dtype"])
    assert drawn_norms.tolist() == back.share_norms()["rnn.Waa"].tolist()
    total = three_digits(float(np.linalg.norm(back.grads["rnn"].Waa)))
    one = whose != "all" and prose("panels", "shares_of_one", t=s.stop, total=total)
    assert (one or prose("panels", "shares", total=total)) in [caption.value for caption in app.caption]


# Edits ----------------------------------------------------------------------------------------------------------------


def test_an_edit_moves_one_weight_and_everything_follows(app):
    before = drawn(app)["total"]
    data = drawn(send(app, edit=EDIT))
    assert data["total"] != before and data["update"]["fresh"]
    assert address(app) == {"update": SPELLED}
    friend = drawn(open_app(**app.query_params))
    assert friend["loss"] == data["loss"] and friend["total"] == data["total"]
    app.button(key="undo").click().run()
    assert drawn(app)["total"] == before and address(app) == {} and app.button(key="undo").disabled


def test_updates_and_edits_are_undone_in_their_order(app):
    app.button(key="apply_update").click().run()
    once = drawn(app)["total"]
    send(app, edit=EDIT)
    app.button(key="apply_10").click().run()
    assert [text.split(" ")[0] for text in app.query_params["update"]] == ["1x1", "edit", "1x10"]
    for _ in range(2):
        app.button(key="undo").click().run()
    assert drawn(app)["total"] == once


@pytest.mark.parametrize(
    "nonsense",
    [
        ["rnn", "Waa", 16, 0, 1.0, 1],
        ["rnn", "Waa", 0, 16, 1.0, 1],
        ["rnn", "Wab", 0, 0, 1.0, 1],
        ["encoder", "Waa", 0, 0, 1.0, 1],
        ["rnn", "Waa", 0, 0, "nan", 1],
        ["rnn", "Waa", 0, 0, None, 1],
        ["rnn", "Waa", 0, 0, 2 * LARGEST, 1],
        ["rnn"],
        ["rnn", "Waa", 2, 5, float(START["rnn"].Waa[2, 5]), 1],  # that is what it is
    ],
)
def test_an_edit_that_makes_no_sense_or_no_difference_is_none(app, nonsense):
    before = drawn(app)["total"]
    assert drawn(send(app, edit=nonsense))["total"] == before and address(app) == {}


def test_an_edit_after_which_nothing_could_be_drawn_is_refused_and_said():
    app = open_app(v="2", activation="relu", start="untrained")
    large = drawn(send(app, edit=["rnn", "ba", 0, 0, 1e20, 1]))["total"]
    assert address(app)["update"] == "edit rnn.ba 0 0 1e+20" and not app.warning
    send(app, edit=["rnn", "Waa", 0, 0, 1e10, 2])
    assert drawn(app)["total"] == large and address(app)["update"] == "edit rnn.ba 0 0 1e+20"
    assert [warning.value for warning in app.warning] == [prose("updates", "edit_refused")]


def test_where_a_link_is_full_there_is_no_edit(app):
    full = f"{MOST_UPDATES}x1 0.001 off 1.0\t111\tGrace met Will"
    app = open_app(v="2", hidden_units="4", start="untrained", update=full)
    before = drawn(app)["total"]
    assert drawn(send(app, edit=["rnn", "Waa", 0, 0, 0.5, 1]))["total"] == before
    assert [warning.value for warning in app.warning] == [prose("updates", "full", most=MOST_UPDATES)]
