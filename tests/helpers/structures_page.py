"""The page Structures, as its tests open and read it; and what the core says of an example of each structure."""

import json
from itertools import count

import numpy as np
from streamlit.testing.v1 import AppTest

from core import parameters, pretrained
from core.backward import BackwardTrace, backward
from core.cells import CELLS
from core.data.example import Example
from core.forward import ForwardTrace, forward
from core.losses import Loss
from core.optimisers import gradient_descent
from core.parameters import Parameters
from core.tasks import END, task
from explorer.choices.session import Session
from explorer.compute.jobs import KINDS
from tests.helpers.drawn import payload_of
from tests.helpers.examples import open_app

GRU = CELLS["gru"]
CLICKS = count(1)  # the stage sends the time with a step; any number that grows will do
TUNE = next(e for e in task("melody").data.train if e.inputs == ("G4:1/4",))
LESSONS = {  # of each structure: a link, and the example on the page that it opens
    "word": ({"right": "name"}, Example(("Grace",), ("name",))),
    "melody": ({"teacher_forcing": "True", "notes": "8"}, Example(TUNE.inputs, TUNE.answers[:7])),
    "sentiment": ({"right": "negative"}, Example(("not", "a", "bad", "film", "at", "all"), ("negative",))),
    "entities": (
        {"input": "Ada went to Paris", "right": "B-PER O O B-LOC"},
        Example(("Ada", "went", "to", "Paris"), ("B-PER", "O", "O", "B-LOC")),
    ),
    "translation": (
        {"right": "elle lit un livre", "teacher_forcing": "True"},
        Example(("I", "close", "the", "white", "door"), ("elle", "lit", "un", "livre", END)),
    ),
}
EXAMPLE = {name: kind.example for name, kind in KINDS.items()}
OWN = {
    "word": ("own.conll", b"Ada B-PER\nLovelace I-PER\nwrote O\n\nrain O\nfell O\n"),
    "melody": ("own.abc", b"X:1\nT:One\nM:4/4\nL:1/4\nK:C\nCDEC|CDEC|\n\nX:2\nT:Two\nM:4/4\nL:1/4\nK:C\nEFG2|EFG2|\n"),
    "sentiment": ("own.tsv", b"sentence\tlabel\ngood fun\t1\nno fun\t0\nvery good\t1\nvery bad\t0\nso bad\t0\n"),
    "entities": ("own.conll", b"in O\nParis B-LOC\n\nat O\nShell B-ORG\n\nin O\nRome B-LOC\n"),
    "translation": ("own.tsv", b"a cat\tun chat\na dog\tun chien\nthe cat\tle chat\nthe dog\tle chien\nhi\tsalut\n"),
}
TOLD = {  # what the example of each structure should be answered, as the reader says it
    "word": ("name",),
    "sentiment": ("negative",),
    "translation": ("elle", "lit", "un", "livre", END),
}


def open_page(**link: str) -> AppTest:
    return open_app("structures", **link)


def component(page: AppTest, key: str):
    assert not page.exception, page.exception[0].value
    return next(c for c in page.get("bidi_component") if payload_of(c.proto).keys() >= {key})


def stage(page: AppTest) -> dict:
    return payload_of(component(page, "words").proto)


def choose(page: AppTest, structure: str) -> AppTest:
    """What the browser sends when a card is clicked"""
    states = page._tree.get_widget_states()
    states.widgets.add(id=component(page, "cards").proto.id, json_value=json.dumps({"structure": structure}))
    return page._run(states)


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def exhibits(page: AppTest) -> dict[str, dict]:
    """What the cards below the stage are drawn from, by their names"""
    payloads = (payload_of(one.proto) for one in page.get("bidi_component"))
    return {card["name"]: card for data in payloads for card in data.get("exhibits", ())}


def text(page: AppTest) -> str:
    told = [said for card in exhibits(page).values() for said in (card["lead"], *card["told"])]
    return "\n".join([*(one.value for one in [*page.markdown, *page.caption, *page.warning, *page.info]), *told])


def trained(name: str) -> Parameters:
    return pretrained.load_pretrained(pretrained.default_experiment(name, "gru", attention=name == "translation"))


def through(name: str, params: Parameters, example: Example) -> tuple[ForwardTrace, Loss, BackwardTrace]:
    """One example through the core: trace, loss, way back"""
    slots, x, targets = task(name).batch([example])
    trace = forward(GRU, params, slots, x)
    loss = task(name).loss(trace.logits, targets)
    return trace, loss, backward(trace, loss)


def agrees(data: dict, name: str, params: Parameters, example: Example) -> bool:
    """Does the stage show the core's losses and gradient norms, to the last digit? null where no answer is due"""
    trace, loss, back = through(name, params, example)
    losses = [v if slot.answers else None for v, slot in zip(loss.per_step[:, 0].tolist(), trace.slots, strict=True)]
    grads = np.linalg.norm(back.d_state[1:, 0], axis=-1).tolist()
    return (data["loss"], data["grad"], data["total"]) == (losses, grads, loss.total)


def memory(page: AppTest) -> Session:
    """What the session remembers beside the choices"""
    return page.session_state["memory"]


def descend(
    name: str, params: Parameters, example: Example, times: int, rate: float
) -> tuple[Parameters, list[float], list[float]]:
    """Steps of gradient descent by the core alone: the weights after, ℒ and ‖g‖ before each"""
    losses, sizes = [], []
    for _ in range(times):
        _, loss, back = through(name, params, example)
        losses.append(loss.total)
        sizes.append(parameters.norm(back.grads))
        params = gradient_descent(params, back.grads, rate)
    return params, losses, sizes


def open_panel(page: AppTest, name: str) -> AppTest:
    return page.button_group(key="more").set_value(name).run()


def select(page: AppTest, t: int) -> AppTest:
    """What the browser sends when step t is clicked on the stage; of the way back, −t"""
    states = page._tree.get_widget_states()
    states.widgets.add(id=component(page, "words").proto.id, json_value=json.dumps({"t": [t, next(CLICKS)]}))
    return page._run(states)


def told(page: AppTest, name: str) -> AppTest:
    if name == "translation":
        return page.text_input(key="right").set_value(" ".join(TOLD[name][:-1])).run()
    return page.segmented_control(key="right").set_value(TOLD[name][0]).run()


def upload(page: AppTest, file: str, data: bytes) -> AppTest:
    return page.file_uploader(key="dataset_upload").upload(file, data, "text/plain").run()


def train_to_the_end(page: AppTest) -> AppTest:
    press(page, "train")
    for _ in range(60):
        page.run()
        if page.button(key="stop").disabled:
            return page
    raise AssertionError("training did not end")
