"""The page Explore, without a browser: what is done on it has the effect the core says."""

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
import streamlit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from core import evaluation, parameters, pretrained
from core.cells import CELLS
from core.tasks import task
from core.training import Experiment
from explorer.choices.link import LONGEST_LINK, from_link, link_length, to_link
from explorer.choices.record import CHOICES
from explorer.choices.session import EXPLORE, Session
from explorer.compute import long_work, networks, replays, updates
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.networks import task_baseline
from explorer.compute.sentence import READ_CHARACTERS, parse_sentence, people_task
from explorer.formatting import clip_word, escape_markdown, in_figures, in_two, three_digits
from explorer.prose import prose
from explorer.views import update_and_undo
from explorer.views.panels import below_stage
from explorer.views.share import MOST_NAMED
from tests.helpers.drawn import payload_of
from tests.helpers.examples import EXPLORER, LONG, ask_core, descend, open_app, page, update_on

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
LABELS = (1, 1, 0, 1, 1, 0, 0, 0, 0)
START = pretrained.load_pretrained(Experiment())
RATE = CHOICES["learning_rate"].default
PANELS = ("shares", "microscope")  # those with charts
CLICKS = count(1)  # the stage sends the time with a step; any number that grows will do
CLICK = update_on(SENTENCE, LABELS, RATE, "off", 1.0, 1)
APPLY = ("apply_update", "apply_10", "apply_100")
EXPLODING = {"start": "untrained", "activation": "relu", "hidden_units": "4", "initialisation": "identity",
             "spectral_radius": "2.0", "learning_rate": "10.0"}  # fmt: skip


def drawn(app: AppTest) -> dict:
    """What the stage was given"""
    return payloads(app)[0]


def payloads(app: AppTest) -> list[dict]:
    """What the stage and the dock were given, but for whether an update is to be played: see `is_played`"""
    assert not app.exception
    found = [data for data in everything(app) if "dock" in data]
    for data in found:
        if data["update"]:
            del data["update"]["fresh"]
    return found + [data.pop("dock") for data in found]


def everything(app: AppTest) -> list[dict]:
    return [payload_of(component.proto) for component in app.get("bidi_component")]


def strip(app: AppTest) -> dict:
    """What the result strip shows: it comes with the numbers of the stage"""
    return next(data["result"] for data in everything(app) if "dock" in data)


def reach(app: AppTest) -> dict:
    """What the chart of all errors was given"""
    return next(data for data in everything(app) if "norms" in data)


def panels(app: AppTest) -> list:
    """The names of the panels below the stage, if they stand there"""
    return [one for one in app.get("button_group") if one.key == "more"]


def memory(app: AppTest) -> Session:
    """What the session remembers beside the choices"""
    return app.session_state["memory"]


def is_played(app: AppTest) -> bool:
    """Is the stage told to play an update that was taken just now?"""
    update = payload_of(app.get("bidi_component")[0].proto)["update"]
    return bool(update and update["fresh"])


def select(app: AppTest, t: int) -> AppTest:
    """What the browser sends when step t is clicked on the stage; of the way back, −t"""
    states = app._tree.get_widget_states()
    states.widgets.add(id=app.get("bidi_component")[0].proto.id, json_value=json.dumps({"t": [t, next(CLICKS)]}))
    return app._run(states)


def correct(app: AppTest, *steps: int) -> AppTest:
    """What the browser sends when the labels of these steps are clicked, one after the other"""
    for t in steps:
        states, label = app._tree.get_widget_states(), [t, 1 - drawn(app)["targets"][t - 1], next(CLICKS)]
        states.widgets.add(id=app.get("bidi_component")[0].proto.id, json_value=json.dumps({"label": label}))
        app._run(states)
    return app


def type_in(app: AppTest, text: str) -> AppTest:
    """A sentence, of which the browser has said that the reader rests there"""
    memory(app).rested = text
    return app.text_input(key="sentence").set_value(text).run()


def rest(app: AppTest, text: str) -> AppTest:
    """What the stage sends when the reader has stopped typing"""
    states = app._tree.get_widget_states()
    states.widgets.add(id=app.get("bidi_component")[0].proto.id, json_value=json.dumps({"rested": text}))
    return app._run(states)


def press(app: AppTest, *keys: str) -> AppTest:
    for key in keys:
        app.button(key=key).click().run()
    return app


def whole_page(app: AppTest) -> AppTest:
    """A press reruns only the fragment it stands in: run the whole page, so that the settings are there, too."""
    return app.run()


def shows(
    app: AppTest,
    params: parameters.Parameters,
    text: str = SENTENCE,
    labels: tuple[int, ...] = LABELS,
    cell: str = "tanh",
) -> bool:
    """Are the numbers on the stage those of the core, with these weights, to the last digit?"""
    _, loss, back = ask_core(params, cell, text.split(), labels)
    grad = np.linalg.norm(back.d_state[1:, 0], axis=-1)
    data = drawn(app)
    return (data["loss"], data["grad"], data["total"]) == (loss.per_step[:, 0].tolist(), grad.tolist(), loss.total)


def curve_of(app: AppTest) -> list[float]:
    """ℒ in the chart of all updates"""
    open_panel(app, "What an update changes")
    spec = json.loads(app.get("plotly_chart")[-1].proto.spec)["data"][0]["y"]
    return np.frombuffer(base64.b64decode(spec["bdata"]), spec["dtype"]).tolist()


def measured(app: AppTest) -> dict[str, str]:
    """What is said of the last update, in its panel"""
    return {metric.label: metric.value for metric in open_panel(app, "What an update changes").metric}


def open_panel(app: AppTest, name: str) -> AppTest:
    return app.button_group(key="more").set_value(name).run()


def toasts(app: AppTest) -> list[str]:
    return [toast.value for toast in app.toast]


def warnings(app: AppTest) -> list[str]:
    return [warning.value for warning in app.warning]


@contextmanager
def sent(monkeypatch, fragments: Iterable[str] = ()) -> Iterator[list[str]]:
    """The kinds of the elements that go to the browser meanwhile, in their order; of these fragments only, if any"""
    kinds: list[str] = []
    enqueue, run = ScriptRunContext.enqueue, LocalScriptRunner._run_script

    def note(context: ScriptRunContext, message: ForwardMsg) -> None:
        if message.delta.HasField("new_element"):
            kinds.append(message.delta.new_element.WhichOneof("type"))
        enqueue(context, message)

    def run_fragments(runner: LocalScriptRunner, data: RerunData) -> None:
        run(runner, replace(data, fragment_id_queue=list(fragments)))

    with monkeypatch.context() as patch:
        patch.setattr(ScriptRunContext, "enqueue", note)
        patch.setattr(LocalScriptRunner, "_run_script", run_fragments)
        yield kinds


def test_the_page_is_sent_from_the_top_but_an_answer_begins_with_the_stage(app, monkeypatch):
    with sent(monkeypatch) as kinds:
        app.run()
    below = len(kinds) - 1 - kinds[::-1].index("button_group")  # the names of the panels
    assert kinds.index("text_input") < kinds.index("bidi_component") < below
    with sent(monkeypatch, app._fragment_storage._fragments) as kinds:
        press(app, "apply_update")
    assert kinds[0] == "bidi_component" and {"text_input", "button_group"} <= {*kinds}
    assert "bidi_component" in kinds[kinds.index("text_input") :]  # what the update did comes last
    assert shows(app, descend(START, "tanh", CLICK)[0]) and not app.button(key="undo").disabled
    with sent(monkeypatch, app._fragment_storage._fragments) as kinds:
        type_in(app, "Grace met Will")
    assert kinds[0] == "bidi_component" and drawn(app)["words"] == ["Grace", "met", "Will"]


# Sentence and labels --------------------------------------------------------------------------------------------------


def test_the_page_opens_on_the_sentence_of_the_notes(app):
    data = drawn(app)
    assert (data["words"], data["targets"]) == (SENTENCE.split(), list(LABELS))
    assert shows(app, START) and all(data["guessed"]) and data["selected"] == 4 and data["update"] is None
    assert warnings(app) == [] and app.query_params == {}


def test_another_sentence_is_read_and_its_labels_are_guessed(app):
    data = drawn(type_in(app, "Grace met zzyzx"))
    assert (data["words"], data["targets"], data["known"][2]) == (["Grace", "met", "zzyzx"], [1, 0, 0], False)
    assert shows(app, START, "Grace met zzyzx", (1, 0, 0)) and data["selected"] == 3


def test_a_corrected_label_changes_the_losses(app):
    corrected = (1, 1, 0, 1, 1, 0, 0, 0, 1)
    assert shows(correct(app, 9), START, labels=corrected)
    assert drawn(app)["guessed"] == [True] * 8 + [False] and app.query_params == {"v": "2", "labels": "110110001"}


def test_each_of_two_equal_words_has_its_own_label(app):
    guess = drawn(type_in(app, "Will you will Will"))["targets"]
    assert drawn(correct(app, 4))["targets"] == [*guess[:3], 1 - guess[3]]
    assert drawn(correct(app, 1, 4))["targets"] == [1 - guess[0], *guess[1:]]


def test_a_new_sentence_keeps_the_weights(app):
    press(app, "apply_update")
    assert shows(type_in(app, "Grace met Will"), descend(START, "tanh", CLICK)[0], "Grace met Will", (1, 0, 0))


def test_while_the_reader_types_the_numbers_follow_and_the_address_waits(app):
    box = app.text_input(key="sentence")
    for typed in ("Grace met", "Grace met Will"):
        assert drawn(box.set_value(typed).run())["words"] == typed.split() and app.query_params == {}
    assert rest(app, "Grace met Will").query_params == {"v": "2", "sentence": "Grace met Will"}
    rest(app, "Will met Grace")  # that they rest may be heard before what they typed
    assert box.set_value("Will met Grace").run().query_params["sentence"] == "Will met Grace"
    assert box.set_value("Will met").run().query_params["sentence"] == "Will met Grace"
    assert select(app, 1).query_params == {"v": "2", "sentence": "Will met", "step": "1"}  # any other act


@pytest.mark.parametrize("t", [1, 9])
def test_a_step_chosen_on_the_stage_is_chosen_everywhere(app, t):
    stage, inspector = payloads(select(app, t))
    assert stage["selected"] == inspector["selected"] == t and app.query_params == {"v": "2", "step": str(t)}


@pytest.mark.parametrize(("whose", "row"), [("all", 3), ("last", 9), ("5", 5), ("2", 2)])
def test_the_row_of_the_error_that_goes_back_stands_out_and_of_all_that_of_the_step(whose, row):
    t, app = row, open_app(v="2", whose=whose, step="3")
    assert reach(app)["step"] == t


def test_the_way_back_is_chosen_with_a_step(app):
    stage, inspector = payloads(select(app, -5))
    assert (stage["selected"], stage["phase"], inspector["selected"]) == (5, "backward", 5)
    assert app.query_params == {"v": "2", "step": "5", "phase": "backward"}
    friend = open_app(**app.query_params)
    assert payloads(friend) == [stage, inspector]
    assert drawn(select(friend, 5))["phase"] == "forward"  # the first that its browser sends
    assert drawn(select(app, 5))["phase"] == "forward" and app.query_params == {"v": "2", "step": "5"}


def test_a_step_that_another_sentence_does_not_have_is_forgotten(app):
    assert drawn(type_in(select(app, 9), "Grace met Will"))["selected"] == 3
    assert drawn(type_in(app, SENTENCE))["selected"] == 4 and "step" not in app.query_params
    assert drawn(type_in(select(app, 2), "Grace met Will"))["selected"] == 2 and app.query_params["step"] == "2"
    short = open_app(sentence="Grace met")
    assert drawn(type_in(short, "Grace met Will and May"))["selected"] == 4 and "step" not in short.query_params


def test_words_that_stay_keep_their_corrected_labels(app):
    def corrected(text: str) -> list[int]:
        return drawn(type_in(app, text))["targets"]

    assert drawn(type_in(app, "Grace met a Will"))["targets"] == [1, 0, 0, 0]
    correct(app, 1, 2, 3)
    assert corrected("Grace met a Will today") == [0, 1, 1, 0, 0]
    assert corrected("then Grace met a Will today") == [0, 0, 1, 1, 0, 0]
    assert corrected("then Grace met Harry a Will today") == [0, 0, 1, 1, 1, 0, 0]
    assert corrected("then Grace a Will today") == [0, 0, 1, 0, 0]
    assert corrected("Grace") == [1]  # no longer at the beginning or the end of what stays


def test_the_same_step_can_be_chosen_again_after_the_page_has_moved_it(app):
    select(app, 9)
    type_in(type_in(app, "Grace met Will"), SENTENCE)
    assert drawn(app)["selected"] == 4
    assert drawn(select(app, 9))["selected"] == 9


def test_what_stands_below_the_stage_waits_until_the_stage_is_painted():
    app = AppTest.from_file(EXPLORER / "app.py", default_timeout=30).run()
    data, _ = payloads(app)
    assert data["tell"] and not panels(app) and shows(app, START)
    memory(app).is_painted = True
    app.run()
    assert [data.get("tell", False) for data in payloads(app)] == [False, False] and panels(app) and reach(app)["words"]


# Updates --------------------------------------------------------------------------------------------------------------


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


def test_long_rows_of_updates_show_how_far_they_are(monkeypatch):
    least = replays.SHORT + 1
    for every, size, expected in ((60, least, False), (0, 2 * least, True)):  # the second goes on from the first
        monkeypatch.setattr(long_work, "EVERY", every)
        with sent(monkeypatch) as kinds:
            app = open_app(update=f"{size}x1 {RATE} off 1.0 {''.join(map(str, LABELS))} {SENTENCE}")
        assert ("progress" in kinds) is expected and len(app.get("progress")) == 0
        assert shows(app, descend(START, "tanh", CLICK._replace(size=size))[0])


def test_while_others_train_the_page_says_that_it_waits(monkeypatch):
    told, cache, turns = [], BoundedCache(1), long_work.Turns()
    progress = DeltaGenerator.progress

    def note(place: DeltaGenerator, value: float, text: str = "") -> DeltaGenerator:
        told.append(text)
        if text.startswith("Others are computing"):
            turns.give_back()
        return progress(place, value, text)

    monkeypatch.setattr(networks, "network_cache", lambda: cache)
    monkeypatch.setattr(long_work, "turns", lambda: turns)
    monkeypatch.setattr(DeltaGenerator, "progress", note)
    assert turns.take(networks.NetworkTraining(Experiment()), 1)
    app = open_app(hidden_units="4")
    assert told[1] == "Others are computing, too: waiting for a turn" and told[-1] == "Training: epoch 4 of 4"
    assert drawn(app)["n_a"] == 4


def test_learning_rate_and_clipping_are_used(app):
    app.select_slider(key="learning_rate").set_value(0.5)
    app.button_group(key="clipping").set_value("norm").run()
    app.select_slider(key="clip_limit").set_value(0.1).run()
    clipped = update_on(SENTENCE, LABELS, 0.5, "norm", 0.1, 1)
    assert shows(press(app, "apply_update"), descend(START, "tanh", clipped)[0])
    assert measured(app)["‖g‖ after clipping"] == "0.1"


def test_an_update_that_explodes_is_refused_and_said():
    app = open_app(sentence=LONG, **EXPLODING)
    before = payloads(app)
    assert payloads(press(app, "apply_100")) == before
    assert warnings(app) == [refused()]
    assert "update" not in app.query_params and warnings(type_in(app, "Grace")) == []


def test_a_link_with_updates_that_explode_opens_without_them():
    sentence = parse_sentence(LONG)
    update = f"1x1 10.0 off 1.0 {''.join(map(str, sentence.guess))} {' '.join(sentence.words)}"
    app = open_app(sentence=LONG, **EXPLODING, update=update)
    assert app.session_state["updates"] == () and app.button(key="undo").disabled
    assert warnings(app) == [refused()]


def refused() -> str:
    return f"{prose('updates', 'refused')} {prose('updates', 'advice', can_slow=True, can_clip=True)}"


@pytest.mark.parametrize(
    ("rate", "clipping", "advice"),
    [
        ("10.0", "norm", "a smaller learning rate or another network"),
        ("0.001", "value", "another network"),
        ("0.001", "off", "clipping or another network"),
    ],
)
def test_what_is_advised_is_not_done_already(monkeypatch, rate, clipping, advice):
    app = open_app(learning_rate=rate, clipping=clipping)
    by = START["readout"].by
    monkeypatch.setattr(updates, "is_drawable", lambda look: np.array_equal(look.trace.params["readout"].by, by))
    told = f"{prose('updates', 'refused')} Try {advice}."
    assert warnings(press(app, "apply_update")) == [told] and app.session_state["updates"] == ()


def test_weights_that_explode_on_a_sentence_before_any_update_on_it_are_said_to():
    app = open_app(sentence="Grace met Will", start="untrained", activation="relu", hidden_units="16", seed="2",
                   initialisation="scaled", spectral_radius="1.5", learning_rate="10.0")  # fmt: skip
    clicks = press(app, "apply_10").session_state["updates"]
    assert len(clicks) == 1 and warnings(app) == []
    press(type_in(app, "Grace " * 60), "apply_update")
    assert warnings(app) == [prose("updates", "exploded")] and app.session_state["updates"] == clicks


def test_of_a_hundred_updates_those_that_are_possible_are_taken_and_counted():
    app = open_app(start="untrained", activation="relu", hidden_units="64", initialisation="identity", seed="2",
                   learning_rate="10.0")  # fmt: skip
    (click,) = press(app, "apply_100").session_state["updates"]
    assert 0 < click.size < 100 and np.isfinite(drawn(app)["loss"]).all()
    told = prose("updates", "partly", done=click.size, asked=100)
    assert warnings(app) == [f"{told} {prose('updates', 'advice', can_slow=True, can_clip=True)}"]


def test_there_is_an_end_of_updates(app, monkeypatch):
    monkeypatch.setattr(updates, "MOST_UPDATES", 5)
    assert press(app, "apply_10").session_state["updates"] == (CLICK._replace(size=5),)
    assert warnings(app) == [prose("updates", "last", done=5, asked=10, most=5)]
    assert press(app, "apply_update").session_state["updates"] == (CLICK._replace(size=5),)
    assert warnings(app) == [prose("updates", "full", most=5)]


def test_an_update_needs_a_sentence(app):
    press(app, "apply_update")
    for text, empty in (("", True), ("Grace", False)):
        assert [type_in(app, text).button(key=key).disabled for key in APPLY] == [empty] * 3
        assert not app.button(key="undo").disabled
    assert all(open_app(sentence=" ").button(key=key).disabled for key in APPLY)


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


def test_an_update_that_is_asked_for_too_early_is_not_taken_and_said(app):
    del memory(app).histories[EXPLORE]  # as while the network is trained, or its updates are replayed
    assert press(app, "apply_update").session_state["updates"] == ()
    assert warnings(app) == [prose("updates", "too_early")]
    assert shows(press(app, "apply_update"), descend(START, "tanh", CLICK)[0]) and warnings(app) == []


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


# The settings ---------------------------------------------------------------------------------------------------------


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


# Examples -------------------------------------------------------------------------------------------------------------


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


# Links and files ------------------------------------------------------------------------------------------------------


def busy(app: AppTest) -> AppTest:
    """A session that has changed everything a link holds"""
    app.button_group(key="activation").set_value("relu")
    app.select_slider(key="learning_rate").set_value(0.2)
    app.button_group(key="start").set_value("untrained").run()
    whole_page(press(app, "apply_update", "apply_update", "apply_10"))
    app.button_group(key="clipping").set_value("value")
    correct(type_in(app, "Will “Grace” & 我 meet = 100% of + them?"), 1, 3)
    open_panel(press(app, "apply_update"), "What each step adds to ∂ℒ/∂W")
    app.button_group(key="selected_weight").set_value("Wax").run()
    return select(type_in(app, "Chelsea May went\tto Paris 😀"), 2)


def test_a_link_opens_the_same_page_to_the_last_digit(app):
    first = payloads(busy(app))
    second = open_app(**app.query_params)
    assert payloads(second) == first and first[0]["update"]["taken"] == 13 and first[0]["selected"] == 2
    assert second.query_params == app.query_params and warnings(second) == []
    charts = [reach(open_panel(each, prose("panels", "reach_title"))) for each in (app, second)]
    assert charts[0] == charts[1]
    for panel in PANELS:
        both = (open_panel(each, prose("panels", f"{panel}_title")) for each in (app, second))
        charts = [[chart.proto.spec for chart in each.get("plotly_chart")] for each in both]
        assert charts[0] == charts[1] != []


def test_a_link_that_makes_no_sense_opens_what_it_can():
    app = open_app(sentence="Grace", seed="-1", colour="**red** <b>", update=["1x1 0.05 off 1.0 1 Grace", "?"])
    assert shows(app, descend(START, "tanh", update_on("Grace", (1,), 0.05, "off", 1.0, 1))[0], "Grace", (1,))
    names = f"{escape_markdown('colour')}, seed, update"
    told = prose("share", "ignored", is_from_file=False, names=names)
    assert warnings(app) == [told]
    assert warnings(app.run()) == [told]
    assert warnings(select(app, 1)) == [told]  # it was selected already
    assert warnings(app.switch_page(page("inputs")).run()) == [told]
    assert warnings(type_in(app, "Will")) == []


@pytest.mark.parametrize("name", ["explore", "inputs", "gradients", "structures", "notes"])
def test_what_a_link_said_in_vain_is_told_on_every_page(name):
    app = AppTest.from_file(EXPLORER / "app.py", default_timeout=30)
    app.query_params.update(sentence="", step="60")
    assert prose("share", "ignored", is_from_file=False, names="step") in warnings(app.switch_page(page(name)).run())


def test_a_page_that_no_link_can_hold_says_so(app):
    long_words = " ".join("a" * 100 + str(i) for i in range(60))
    link = to_link(from_link({"v": "2", "sentence": long_words})[0])
    type_in(app, long_words)
    assert warnings(app) == [prose("share", "long_link", length=link_length(link), most=LONGEST_LINK)]
    assert len(drawn(app)["words"]) == 60 and app.query_params == {}
    app.switch_page(page("inputs")).run()
    assert warnings(app) == [prose("share", "long_link", length=link_length(link), most=LONGEST_LINK)]


def upload(app: AppTest, content: bytes) -> AppTest:
    if payloads(app):  # over an empty box it is the only panel
        open_panel(app, "Keep or share")
    return app.file_uploader(key="session_file").set_value(("session.json", content, "application/json")).run()


def test_a_session_file_opens_the_same_page(app):
    first = payloads(busy(app))
    fresh = upload(open_app(), json.dumps(dict(app.query_params)).encode())
    assert payloads(fresh) == first and toasts(fresh) == [prose("share", "opened")]


def test_over_an_empty_box_the_link_is_kept_and_a_session_file_opens(app):
    assert payloads(type_in(app, "")) == [] and app.query_params == {"v": "2", "sentence": ""}
    upload(app, b"no session")
    assert warnings(app) == [prose("share", "bad_session")]
    assert drawn(upload(app, b'{"sentence": "Grace"}'))["words"] == ["Grace"]


NO_SESSIONS = {
    "empty": b"",
    "binary": b"\x00\xff\xfe",
    "not UTF-8": "Grüße".encode("latin-1"),
    "a list": b"[]",
    "nothing": b"null",
    "numbers": b'{"seed": 3}',
    "a value too deep": b'{"sentence": {}}',
    "very deep": b"[" * 100_000,
    "a very long number": b"1" * 10_000,
    "half a character": b'{"sentence": "\\ud800"}',
    "half a character in a name": b'{"\\udfff": "1"}',
    "half a character in a list": b'{"update": ["\\ud800"]}',
}


@pytest.mark.parametrize("content", NO_SESSIONS.values(), ids=NO_SESSIONS.keys())
def test_a_file_that_is_none_changes_nothing_and_says_so(one_session, content):
    before = payloads(press(type_in(one_session, "Grace met Will"), "apply_update"))
    assert warnings(one_session) == []
    assert payloads(upload(one_session, content)) == before
    assert warnings(one_session) == [prose("share", "bad_session")]


@pytest.mark.slow
def test_of_a_session_file_with_very_many_names_a_few_are_told(app):
    made_up = {f"name{i}": "1" for i in range(600_000)}
    upload(app, json.dumps(made_up | {"sentence": "Grace"}).encode())
    assert drawn(app)["words"] == ["Grace"]
    few = ", ".join(f"name{i}" for i in range(MOST_NAMED))
    names = prose("share", "and_more", names=few, more=600_000 - MOST_NAMED)
    assert warnings(app) == [prose("share", "ignored", is_from_file=True, names=names)]


@pytest.mark.parametrize(("version", "is_read"), [("1", True), ("2", True), ("3", False), ("10", False)])
def test_a_session_file_of_a_newer_version_is_refused_and_older_ones_are_read(app, version, is_read):
    upload(app, json.dumps({"v": version, "sentence": "Grace"}).encode())
    assert (drawn(app)["words"] == ["Grace"]) is is_read
    assert warnings(app) == ([] if is_read else [prose("share", "newer_session")])


def test_a_session_file_that_makes_no_sense_opens_what_it_can(app):
    upload(app, json.dumps({"sentence": ["Grace"], "seed": [[1]], "x": ["y"]}).encode())
    assert drawn(app)["words"] == ["Grace"]
    assert warnings(app) == [prose("share", "ignored", is_from_file=True, names="x, seed")]


def test_another_page_and_back_keeps_everything(app):
    first = payloads(busy(app))
    assert not app.switch_page(page("inputs")).run().exception
    assert payloads(app.switch_page(page("explore")).run()) == first


def test_every_page_can_be_the_first_one_opened():
    """Beside a folder named `pages` Streamlit starts with rules of its own: pages run without the entry file."""
    assert not (EXPLORER / "pages").exists()
    app = AppTest.from_file(EXPLORER / "app.py", default_timeout=30).switch_page(page("inputs")).run()
    assert not app.exception and app.slider(key="hidden_units").value == 16


# Bad input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\u200b\u2060", "\x00\x07\x1b"], ids=repr)
def test_no_word_is_one_clear_sentence(one_session, text):
    assert payloads(type_in(one_session, text)) == []
    assert [info.value for info in one_session.info] == [prose("explore", "empty")]


BAD = {
    "one word": "Grace",
    "10,000 words": "Grace met Will " * 3334,
    "a 100 kB word": "a" * 100_000,
    "long words": " ".join(["b" * 300] * 60),
    "emoji": "👩‍👩‍👧 loves 🏳️‍🌈 and 👍🏽",
    "right to left": "التقى هاري بهيرميون في باريس",
    "control characters": "Grace\x00met\x1b[31mWill\u202e\ufeff",
    "accents": "Z" + "\u0301" * 1000 + "a",
    "a script": "<script>alert('x')</script> <img src=x onerror=alert(1)>",
    "Markdown": "**x** :red[x] ![](http://x) [a](http://x) `c` $x^2$ # h - i | j ~~k~~ :material/home: 1. l > m",
    "HTML entities": "&lt;b&gt; &amp; &#x3C;",
    "templates": "{x} {0} %s $words \\ \\n ${y}",
    "a formula": "=1+2 @SUM(A1) \"quoted\" 'single'",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_whatever_is_typed_is_words_and_nothing_else(one_session, text):
    app = type_in(one_session, text)
    found = parse_sentence(text)
    assert drawn(app)["words"] == [clip_word(word) for word in found.words] and len(found.words) <= 60
    cut = prose("explore", "cut", most=60, characters=READ_CHARACTERS) in [caption.value for caption in app.caption]
    assert cut == found.is_cut == (len(text) > 20_000)
    data = drawn(select(press(app, "apply_update"), len(found.words)))
    assert (data["selected"], data["update"] is None) == (len(found.words), False)
    said = [element.value for kind in ("markdown", "caption", "warning", "info") for element in app.get(kind)]
    for command in ("**x**", ":red[", "![](", "](http", "<script", "<img", "`c`", "$x^2$", "~~k~~"):
        assert not any(command in value for value in said)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_typed_text_of_any_kind_never_breaks_the_page(one_session, text):
    found = [clip_word(word) for word in parse_sentence(text).words]
    shown = [data["words"] for data in payloads(type_in(one_session, text))]
    assert shown == [found] * 2 if found else len(one_session.info) == 1


def test_that_step_1_adds_nothing_to_Waa_is_explained(app):
    told = prose("panels", "share_of_first", W="Waa")
    assert told in [caption.value for caption in open_panel(app, prose("panels", "shares_title")).caption]
    app.button_group(key="selected_weight").set_value("Wax").run()
    assert told not in [caption.value for caption in app.caption]
