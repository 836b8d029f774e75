"""What the browser gets of an update: the numbers of the core, and texts that are true of them."""

import base64

import numpy as np
import pytest

from core import pretrained
from core.training import Experiment
from explorer.choices.record import RATES, SENTENCE
from explorer.components.base import json_safe
from explorer.components.step_taken import payload
from explorer.compute.jobs import KINDS, people_job, structure_job
from explorer.compute.sentence import parse_sentence
from explorer.compute.step_taken import held_out_examples
from explorer.compute.unrolled import sentence_example, unroll
from explorer.compute.updates import History, Update, apply_update, initial_history

LABELS = (1, 1, 0, 1, 1, 0, 0, 0, 0)


def updated(rate: float = 0.01, size: int = 1, clipping: str = "off", cell: str = "tanh") -> tuple[History, dict]:
    job = people_job(Experiment(cell=cell))
    example = sentence_example(job, parse_sentence(SENTENCE).words, LABELS)
    start = initial_history(job, pretrained.load_pretrained(job.experiment))
    history, after = apply_update(start, Update(example, rate, clipping, 1.0, size))
    return history, json_safe(payload(history, after, unroll(job, history.before, example), RATES))


def test_the_update_that_the_page_opens_with():
    history, data = updated()
    assert data["title"] == "1 update, α = 0.01, from all ℒ"
    assert data["lengths"] == "‖∂ℒ/∂W‖ 4.32, not clipped. ‖ΔW‖ 0.0432 = α × 4.32."
    assert data["moved"][0] == "Waa, row 5, column 5: −0.338 → −0.333"
    change = np.frombuffer(base64.b64decode(data["map"]["change"]), "i1").reshape(16, 16)
    expected = history.params["rnn"].Waa - history.before["rnn"].Waa
    np.testing.assert_array_equal(change, np.round(127 * expected / np.abs(expected).max()))
    curve = data["curve"]
    at = dict(zip(curve["rates"], curve["losses"], strict=True))
    assert (round(at[0.0], 3), round(at[0.01], 3)) == (0.418, 0.266)
    assert {0.0, *curve["menu"]} <= at.keys() and curve["taken"] == 0.01
    assert len(data["others"]) == 3 and "wrong sign" not in data["told"]


def test_a_clipped_step_says_so_and_closes():
    _, data = updated(clipping="norm")
    assert data["lengths"] == "‖∂ℒ/∂W‖ 4.32, clipped to 1. ‖ΔW‖ 0.01 = α × 1."


def test_of_ten_steps_there_is_no_curve_and_the_text_says_how_many_they_are():
    _, data = updated(size=10)
    assert data["curve"] is None and data["title"].startswith("10 updates")
    assert data["lengths"].startswith("10 steps. Before the first of them ‖∂ℒ/∂W‖ was 4.32")


def test_where_the_step_was_too_long_for_the_slope_the_page_says_so():
    _, data = updated(rate=2.0)
    wrong = [one for one in data["others"] if (one["after"] - one["before"]) * one["foretold"] < 0]
    assert wrong and f"For {len(wrong)} sentence" in data["told"] and "too long for the slope to tell" in data["told"]


@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
@pytest.mark.parametrize(("name", "attends"), [*((name, False) for name in KINDS), ("translation", True)])
def test_every_structure_tells_of_its_updates(name, attends, cell):
    job = structure_job(name, cell, attends, True, None)
    params = pretrained.load_pretrained(job.experiment)
    if params is None:
        pytest.skip("no network of this cell is stored")
    example = held_out_examples(job)[0]
    history, after = apply_update(initial_history(job, params), Update(example, 0.01, "off", 1.0, 1))
    before = unroll(job, params, example)
    data = json_safe(payload(history, after, before, RATES))
    assert data["curve"]["losses"][0] == pytest.approx(before.loss.total, rel=1e-9)
    assert all(other["words"] for other in data["others"]) and len(data["others"]) == 2
    assert {text.split(",")[0] for text in data["moved"]} >= {"Wya", "by"}
