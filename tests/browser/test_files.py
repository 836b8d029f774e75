"""What the reader takes along is what is on the screen; a session file brings it back"""

import csv
import json
import re
import subprocess
import sys
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import expect
from pytest import approx

from core.parameters import leaves
from tests.helpers.reference import OTHER, SENTENCE, network, steps, updated


@pytest.fixture
def learned(screen):
    """A window after one update"""
    screen.press("apply_update")
    screen.shows(steps(updated(network(), SENTENCE), SENTENCE))
    return screen


def test_the_table_holds_the_numbers_of_the_stage(learned, tmp_path):
    rows = list(csv.DictReader(learned.download("trace.csv", tmp_path).read_text(encoding="utf-8").splitlines()))
    assert [(row["word"], float(row["loss"]), float(row["norm_d_a"])) for row in rows] == learned.steps()


def test_the_weights_are_those_of_the_core(learned, tmp_path):
    with np.load(learned.download("weights.npz", tmp_path), allow_pickle=False) as found:
        for group, name, array in leaves(updated(network(), SENTENCE)):
            np.testing.assert_array_equal(found[f"{group}.{name}"], array)


def test_the_script_runs_alone_and_prints_the_numbers_of_the_stage(learned, tmp_path):
    script = learned.download("rnn.py", tmp_path)
    assert len(script.read_text(encoding="utf-8").splitlines()) < 180
    ran = subprocess.run([sys.executable, "-I", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    shown = learned.steps()
    for line, step in zip(ran.stdout.splitlines()[1:], shown, strict=False):
        _, word, *_, loss, norm = line.split()
        assert (word, float(loss), float(norm)) == (step.word, approx(step.loss), approx(step.grad_norm))
    total = float(re.search(r"total loss (\S+)", ran.stdout)[1])
    assert total == approx(sum(step.loss for step in shown))


def test_a_session_file_opens_in_a_fresh_window(learned, new_screen, tmp_path):
    learned.type(OTHER)
    learned.shows(steps(updated(network(), SENTENCE), OTHER))
    file = learned.download("session.json", tmp_path)
    fresh = new_screen().explore()
    fresh.open_session(file)
    fresh.shows(steps(updated(network(), SENTENCE), OTHER))


def test_a_session_file_opens_on_its_step_and_way_whatever_was_there(screen):
    content = json.dumps({"sentence": OTHER, "step": "3", "phase": "backward"}).encode()
    screen.open_session({"name": "session.json", "mimeType": "application/json", "buffer": content})
    screen.shows(steps(network(), OTHER))
    screen.page.wait_for_timeout(600)  # longer than the stage waits before it tells the page where it is
    screen.settle()
    for place in (screen.stage, screen.page.get_by_test_id("inspector")):
        expect(place).to_have_attribute("data-phase", "backward")
        expect(place).to_have_attribute("data-t", "3")
    assert "step=3&phase=backward" in screen.location


def test_a_longer_sentence_from_a_session_file_opens_forward_in_the_inspector_too(new_screen):
    screen = new_screen().explore("?sentence=Other+one+here&step=2&phase=backward")
    inspector = screen.page.get_by_test_id("inspector")
    expect(inspector).to_have_attribute("data-phase", "backward")
    screen.open_session({"name": "session.json", "mimeType": "application/json", "buffer": b'{"seed": "2"}'})
    for place in (screen.stage, inspector):
        expect(place).to_have_attribute("data-phase", "forward")
        expect(place).to_have_attribute("data-t", "4")


def test_what_a_session_file_set_stands_after_the_next_click(screen, new_screen):
    link = {"sentence": OTHER, "activation": "gru", "hidden_units": "8", "start": "untrained", "learning_rate": "0.2"}
    friend = new_screen().explore(f"?{urlencode(link)}")
    first = friend.steps()
    friend.press("apply_update")
    friend.until(lambda: friend.steps() != first and "update=" in friend.location, "the update shows")
    then = friend.steps()
    screen.open_session({"name": "session.json", "mimeType": "application/json", "buffer": json.dumps(link).encode()})
    expect(screen.page.get_by_text("Session opened.")).to_be_visible()
    screen.shows(first)
    screen.press("apply_update")
    screen.shows(then)
    screen.open_settings()
    expect(screen.widget("hidden_units").get_by_role("slider")).to_have_value("8")
    screen.until(lambda: screen.location == friend.location, "the address bars are the same")


WRONG = {
    "not JSON": b"a poem",
    "not UTF-8": b"\xff\xfe\x00\x01",
    "not a table": b"[1, 2]",
    "not text inside": json.dumps({"seed": {"a": 1}}).encode(),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_wrong_session_file_is_named_and_nothing_is_lost(learned, content):
    before = learned.steps()
    learned.open_session({"name": "session.json", "mimeType": "application/json", "buffer": content})
    expect(learned.page.get_by_text("This is not a session file of this page")).to_be_visible()
    learned.shows(before)
