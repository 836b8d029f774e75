"""The page Explore, as its tests read it and act on it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import numpy as np
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from core import parameters, pretrained
from core.training import Experiment
from explorer.choices.record import CHOICES
from explorer.choices.session import Session
from tests.helpers.drawn import payload_of
from tests.helpers.examples import ask_core, update_on

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
LABELS = (1, 1, 0, 1, 1, 0, 0, 0, 0)
START = pretrained.load_pretrained(Experiment())
RATE = CHOICES["learning_rate"].default
CLICKS = count(1)  # the stage sends the time with a step; any number that grows will do
CLICK = update_on(SENTENCE, LABELS, RATE, "off", 1.0, 1)


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


def reach(app: AppTest) -> dict:
    """What the chart of all errors was given"""
    return next(data for data in everything(app) if "norms" in data)


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


def upload(app: AppTest, content: bytes) -> AppTest:
    if payloads(app):  # over an empty box it is the only panel
        open_panel(app, "Keep or share")
    return app.file_uploader(key="session_file").set_value(("session.json", content, "application/json")).run()
