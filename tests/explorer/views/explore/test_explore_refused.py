"""Updates of Explore that wait, explode or come to an end: what is not taken is said."""

import numpy as np
import pytest
from streamlit.delta_generator import DeltaGenerator

from core.training import Experiment
from explorer.choices.session import EXPLORE
from explorer.compute import long_work, networks, replays, updates
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.sentence import parse_sentence
from explorer.prose import prose
from tests.helpers.examples import LONG, descend, open_app
from tests.helpers.explore_page import (
    CLICK,
    LABELS,
    RATE,
    SENTENCE,
    START,
    drawn,
    memory,
    payloads,
    press,
    sent,
    shows,
    type_in,
    warnings,
)

APPLY = ("apply_update", "apply_10", "apply_100")
EXPLODING = {"start": "untrained", "activation": "relu", "hidden_units": "4", "initialisation": "identity",
             "spectral_radius": "2.0", "learning_rate": "10.0"}  # fmt: skip


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


def test_an_update_that_is_asked_for_too_early_is_not_taken_and_said(app):
    del memory(app).histories[EXPLORE]  # as while the network is trained, or its updates are replayed
    assert press(app, "apply_update").session_state["updates"] == ()
    assert warnings(app) == [prose("updates", "too_early")]
    assert shows(press(app, "apply_update"), descend(START, "tanh", CLICK)[0]) and warnings(app) == []
