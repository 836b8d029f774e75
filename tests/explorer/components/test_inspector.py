"""The rows the inspector gets are the terms of the cell's own equations: put together, they give the core's numbers."""

import json

import numpy as np
import pytest

from core.activations import sigmoid
from core.cells import CELLS
from core.structures import STRUCTURES
from core.training import Experiment
from explorer.components import machine, stage
from explorer.components.inspector import inspector_data, second_stream_data
from explorer.compute.jobs import people_job
from explorer.compute.networks import network
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled, sentence_example, unroll
from explorer.views import share
from explorer.views.explore import examples
from tests.helpers.biased import look
from tests.helpers.examples import LONG
from tests.helpers.inspector_rows import Rows, in_node
from tests.helpers.unrolled import TRANSLATION, columns, drawn, unrolled

CLOSE = {"rtol": 0, "atol": 3e-7}  # a few roundings of float32
FAR = 150  # kB, stage and inspector together, for 40 steps and 64 units: the plain cells
KILOBYTES = {"tanh": FAR, "relu": FAR, "gru": 260, "lstm": 340}
DELTAS = {"gru": ("delta_u", "delta_r", "delta_c"), "lstm": ("delta_u", "delta_f", "delta_o", "delta_c")}
BOTH = "many-to-many, Tx = Ty"
ALL = [(structure, False) for structure in STRUCTURES] + [(TRANSLATION, True)]


@pytest.fixture(params=CELLS)
def now(request) -> Unrolled:
    return look(request.param)


def single(array: np.ndarray) -> np.ndarray:
    """What is left of the core's numbers in float32"""
    return array.astype("<f4").astype(float)


def test_the_payload_says_which_cell_it_is(now):
    assert CELLS[Rows(now).data["cell"]] == now.trace.cell


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_gates_are_made_of_the_three_terms_shown(cell):
    rows = Rows(look(cell))
    for gate in {"gru": "ur", "lstm": "ufo"}[cell]:
        np.testing.assert_allclose(sigmoid(rows.inside(gate)), rows[gate], **CLOSE)
    np.testing.assert_allclose(np.tanh(rows.inside("c")), rows["c_tilde"], **CLOSE)


def test_the_rows_of_the_gru_give_the_state_and_its_gradient():
    now = look("gru")
    rows, n = Rows(now), 5
    new = rows["u"] * rows["c_tilde"] + (1 - rows["u"]) * rows["a_prev"]
    np.testing.assert_allclose(new, now.trace.a[1:, 0], **CLOSE)
    u, r, c_tilde, c_prev, d_c = (rows[name] for name in ("u", "r", "c_tilde", "a_prev", "d_a"))
    np.testing.assert_allclose(rows["stream_y"] + rows["stream_next"], d_c, **CLOSE)
    d_z = now.back.d_z[:, 0]
    np.testing.assert_allclose(d_c * (c_tilde - c_prev) * u * (1 - u), d_z[:, :n], **CLOSE)
    np.testing.assert_allclose(rows["d_past"] * c_prev * r * (1 - r), d_z[:, n : 2 * n], **CLOSE)
    np.testing.assert_allclose(d_c * u * (1 - c_tilde**2), d_z[:, 2 * n :], **CLOSE)
    np.testing.assert_allclose(
        (1 - u) * d_c, now.trace.local_derivatives.c_by_c_prev[:, 0] * now.back.d_a[1:, 0], **CLOSE
    )


def test_the_rows_of_the_lstm_give_the_state_and_its_gradient():
    now = look("lstm")
    rows, n = Rows(now), 5
    u, f, o, c_tilde, c, c_prev = (rows[name] for name in ("u", "f", "o", "c_tilde", "c", "c_prev"))
    np.testing.assert_allclose(u * c_tilde + f * c_prev, now.trace.state[1:, 0, n:], **CLOSE)
    np.testing.assert_allclose(o * np.tanh(c), now.trace.a[1:, 0], **CLOSE)
    d_a, d_c = rows["d_a"], rows["d_c"]
    np.testing.assert_allclose(rows["stream_y"] + rows["stream_next"], d_a, **CLOSE)
    np.testing.assert_allclose(rows["memory_next"] + o * (1 - np.tanh(c) ** 2) * d_a, d_c, **CLOSE)
    np.testing.assert_allclose((f * d_c)[1:], rows["memory_next"][:-1], **CLOSE)
    assert not rows["memory_next"][-1].any()
    expected = [d_c * c_tilde * u * (1 - u), d_c * c_prev * f * (1 - f), d_a * np.tanh(c) * o * (1 - o)]
    expected.append(d_c * u * (1 - c_tilde**2))
    np.testing.assert_allclose(np.concatenate(expected, axis=-1), now.back.d_z[:, 0], **CLOSE)


def test_the_blocks_of_one_column_of_wax_are_the_blocks_shown(now):
    rows, rnn = Rows(now), now.trace.params["rnn"]
    names = {"gru": ["x_u", "x_r", "x_c"], "lstm": ["x_u", "x_f", "x_o", "x_c"]}.get(rows.data["cell"], ["x"])
    assert np.array_equal(rows.stacked(*names), single(rnn.Wax[:, rows.data["ids"]].T))


def test_the_streams_of_the_stage_add_up_to_its_sum(now):
    """Of the LSTM, both streams and the sum are those of the whole state."""
    data, back, n_a = stage.stage_data(now, 1), now.back, now.trace.a.shape[-1]
    streams = back.from_next_state[1:, 0].copy()
    assert data["from_next"] == pytest.approx(np.linalg.norm(streams, axis=-1).tolist())
    streams[:, :n_a] += back.from_y[:, 0]
    assert data["grad"] == pytest.approx(np.linalg.norm(streams, axis=-1).tolist())
    assert data["state"] == ("(a,c)" if streams.shape[-1] > n_a else "a")


@pytest.mark.parametrize("cell", CELLS)
def test_the_payload_of_a_long_sentence_and_a_large_network(cell):
    now = look(cell, 64, " ".join(parse_sentence(LONG).words[:40]))
    inspected = inspector_data(now, 1)
    assert kilobytes(inspected, stage.stage_data(now, 1)) < KILOBYTES[cell]
    rows = [value for value in inspected.values() if isinstance(value, str) and len(value) > 100]
    assert len(set(rows)) == len(rows), "the same numbers were sent twice"


@pytest.mark.parametrize("cell", CELLS)
def test_the_payload_of_a_long_translation_and_a_large_network(cell):
    now = unrolled(TRANSLATION, 20, 20, n_a=64, attends=True, cell=cell)
    assert kilobytes(inspector_data(now, 1, columns(now)), drawn(now)) < {**KILOBYTES, "lstm": 350}[cell]


@pytest.mark.parametrize("cell", CELLS)
def test_the_payload_of_the_sentence_that_the_page_opens_with(cell):
    now = look(cell, 16, "Harry Potter and Hermione Granger invented a new spell")
    assert kilobytes(inspector_data(now, 1), stage.stage_data(now, 1)) < 60


def kilobytes(*payloads: dict) -> float:
    return sum(len(json.dumps(payload).encode()) for payload in payloads) / 1000


# Every structure ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("structure", "attends"), ALL)
def test_the_browser_forms_the_numbers_of_the_core(structure, attends, cell):
    now = unrolled(structure, cell=cell, attends=attends)
    rows, n_a = Rows(now, columns(now)), now.trace.a.shape[-1]
    d_z = rows.stacked(*DELTAS.get(cell, ("delta",)))
    np.testing.assert_allclose(d_z, now.back.d_z[:, 0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(rows["stream_next"], now.back.from_next_state[1:, 0, :n_a], rtol=1e-5, atol=1e-6)
    arrives = rows["stream_y"] + (rows["stream_look"] if attends else 0)
    np.testing.assert_allclose(
        arrives[answering(now)], now.back.entries.direct[answering(now), 0], rtol=1e-5, atol=1e-6
    )
    new = rows["updated"] if cell in DELTAS else {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[cell](rows["z"])
    np.testing.assert_allclose(new, now.trace.state[1:, 0, -n_a:], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_attention_is_formed_from_its_factors_both_ways(cell):
    now = unrolled(TRANSLATION, cell=cell, attends=True)
    rows, focus, due = Rows(now, columns(now)), now.trace.focus, answering(now)
    Tx = focus.alpha.shape[-1]
    np.testing.assert_allclose(rows["alpha"][due], focus.alpha[0], **CLOSE)
    np.testing.assert_allclose(rows["context"][due], focus.context[:, 0], **CLOSE)
    scores = now.trace.a[1:, 0][due] @ now.trace.a[1 : Tx + 1, 0].T
    np.testing.assert_allclose(rows["score"][due], scores, rtol=1e-5, atol=1e-6)
    through = now.back.entries.through_attention.sum(axis=1)[:, 0]
    np.testing.assert_allclose(rows["stream_attention"][:Tx], through, rtol=1e-5, atol=1e-6)
    arrives = rows["stream_attention"][:Tx] + rows["stream_next"][:Tx]
    np.testing.assert_allclose(arrives, rows["d_a"][:Tx], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_of_both_directions_each_stream_is_formed_in_its_own_order(cell):
    now = unrolled(BOTH, cell=cell, both=True)
    second, deltas = now.reverse, DELTAS.get(cell, ("delta",))
    for own, is_second in ((now, False), (second, True)):
        rows, n_a = Rows(now, columns(now), is_second), now.trace.a.shape[-1]
        np.testing.assert_allclose(rows.stacked(*deltas), own.back.d_z[:, 0], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(rows["a"], own.trace.a[1:, 0], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(rows["stream_next"], own.back.from_next_state[1:, 0, :n_a], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(rows["stream_y"], own.back.from_y[:, 0], rtol=1e-5, atol=1e-6)
    assert rows.data["words"] == [word[:12] for word in now.words[::-1]]
    assert np.array_equal(second.trace.a[1:, 0], now.trace.reverse.turned(now.trace.reverse.a[1:])[::-1, 0])


def test_the_two_streams_add_up_to_every_answer():
    now = unrolled(BOTH, both=True)
    first = inspector_data(now, 1, columns(now))["answers"]
    second = second_stream_data(now, columns(now))["answers"][::-1]
    for t, (one, other) in enumerate(zip(first, second, strict=True)):
        by = now.trace.params["readout"].by[one["shown"]]
        assert (
            one["shown"] == other["shown"]
            and one["logits"] == other["logits"] == now.trace.logits[t, 0, one["shown"]].tolist()
        )
        np.testing.assert_allclose(one["from_a"], other["from_more"], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(one["from_more"], other["from_a"], rtol=1e-5, atol=1e-6)
        assert one["from_a"] + by + one["from_more"] == pytest.approx(one["logits"], abs=1e-5)


@pytest.mark.parametrize("labels", [True, False])
@pytest.mark.parametrize("cell", CELLS)
def test_every_fact_of_both_streams_is_known_at_every_step(cell, labels):
    now = unrolled(BOTH, cell=cell, both=True, labels=labels)
    for data in (inspector_data(now, 1, columns(now)), second_stream_data(now, columns(now))):
        sides = in_node("told.js", data)
        for slots in zip(sides["forward"], sides["backward"], strict=True):
            told = slots[0] | slots[1]
            assert not {"", "–", "undefined", "NaN"} & {told[slot] for slot in told if slot != "classes 0 y"}, told


@pytest.mark.parametrize(("structure", "attends"), ALL)
def test_the_answers_are_told_with_the_terms_of_their_logits(structure, attends):
    now = unrolled(structure, attends=attends)
    data, (Wya, by) = inspector_data(now, 1, columns(now)), now.trace.params["readout"]
    assert [answer is not None for answer in data["answers"]] == answering(now).tolist()
    for t in np.flatnonzero(answering(now)):
        answer, z = data["answers"][t], now.trace.logits[t, 0]
        assert answer["logits"] == z[answer["shown"]].tolist()
        assert answer["from_a"] == pytest.approx((Wya[answer["shown"]] @ now.trace.a[t + 1, 0]).tolist(), rel=1e-6)
        context = answer["from_more"] if attends else 0
        assert answer["from_a"] + by[answer["shown"]] + context == pytest.approx(z[answer["shown"]], abs=1e-5)
        assert answer["target"] == now.targets[t, 0] and answer["loss"] == now.loss.per_step[t, 0]
        if data["softmax"]:
            y_hat = np.exp(np.array(answer["logits"]) - answer["log_sum"])
            assert y_hat == pytest.approx(now.loss.y_hat[t, 0, answer["shown"]], rel=1e-12)
            assert answer["shown"][:3] == np.argsort(-z)[:3].tolist() and answer["target"] in answer["shown"]
            assert [data["classes"][k]["by"] for k in answer["shown"]] == by[answer["shown"]].tolist()


@pytest.mark.parametrize("labels", [True, False])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("structure", "attends"), ALL)
def test_every_fact_that_the_tables_name_is_known_at_every_step(structure, attends, cell, labels):
    now = unrolled(structure, cell=cell, attends=attends, labels=labels)
    sides = in_node("told.js", inspector_data(now, 1, columns(now)))
    for t, slots in enumerate(zip(sides["forward"], sides["backward"], strict=True)):
        told = slots[0] | slots[1]
        assert not {"", "–", "undefined", "NaN"} & {told[slot] for slot in told if slot != "classes 0 y"}, told
        assert ("loss" in told) == (labels and now.trace.slots[t].answers)
        if "loss" in told:
            assert float(told["loss"].replace("−", "-")) == pytest.approx(now.loss.per_step[t, 0], rel=6e-3)


def test_of_thousands_of_classes_only_those_that_are_shown_are_sent():
    now = unrolled("many-to-many, Tx = Ty", 5, classes=4000)
    data = inspector_data(now, 1, columns(now))
    assert data["n_y"] == 4000 and len(data["classes"]) <= 20 and kilobytes(data) < 10


def test_where_nobody_knows_the_right_answer_there_is_neither_a_label_nor_a_loss():
    now = unrolled(TRANSLATION, attends=True, labels=False)
    answers = [answer for answer in inspector_data(now, 1, columns(now))["answers"] if answer]
    assert len(answers) == 6 and {(a["target"], a["label"], a["loss"]) for a in answers} == {(None, None, None)}


def test_a_step_that_reads_nothing_adds_nothing():
    now = unrolled("one-to-many", 1, 3, cell="tanh")
    rows = Rows(now, columns(now, words=[now.words[0], None, None]))
    assert rows.data["ids"] == [now.trace.x[0, 0], None, None]
    assert rows["x"][0].any() and not rows["x"][1:].any()


def answering(now: Unrolled) -> np.ndarray:
    return np.array([slot.answers for slot in now.trace.slots])


# What is told with it -------------------------------------------------------------------------------------------------


def test_the_trace_of_the_lstm_holds_both_parts_of_its_state():
    now = look("lstm")
    table = share.trace_table(now)
    assert np.array_equal(table[[f"c[{i}]" for i in range(5)]], now.trace.state[1:, 0, 5:])
    assert table["norm_d_state"].tolist() == stage.stage_data(now, 1)["grad"]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("chip", examples.CHIPS)
def test_the_card_knows_how_the_stage_writes_each_loss(chip, cell):
    job = people_job(Experiment(cell=cell))
    example = sentence_example(job, parse_sentence(examples.CHIPS[chip].sentence).words, examples.labels_of(chip))
    data = machine.machine_data(unroll(job, network(job.experiment), example), 1)
    assert [answer["in_sum"] for answer in data["dock"]["answers"]] == data["loss_said"]
