"""The rows the inspector gets are the terms of the cell's own equations: put together, they give the core's numbers."""

import json
import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

from core.activations import sigmoid
from core.cells import CELLS
from explorer.components import stage
from explorer.components.inspector import inspector_data
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled
from explorer.views import share
from tests.helpers.biased import look
from tests.helpers.examples import LONG

VIEWS = Path(__file__).resolve().parents[3] / "assets" / "stage" / "inspector-views.js"
SENTENCE = "Harry met zzyzx and Grace in Paris and met Will"
CLOSE = {"rtol": 0, "atol": 3e-7}  # a few roundings of float32
FAR = 150  # kB, for 40 steps and 64 units: the plain cells; a gate more is 4 rows more
KILOBYTES = {"tanh": FAR, "relu": FAR, "gru": 260, "lstm": 340}


class Rows:
    """The payload as the browser sees it: rows["c_prev"] (T, n_a) is row c, one step earlier"""

    def __init__(self, now: Unrolled):
        self.data = json.loads(json.dumps(inspector_data(now, 1)))
        self.shape = len(now.words), self.data["n_a"]

    def __getitem__(self, name: str) -> np.ndarray:
        T, n_a = self.shape
        name, is_past = name.removesuffix("_prev"), name.endswith("_prev")
        row = np.frombuffer(b64decode(self.data[name]), "<f4").astype(float).reshape(-1, n_a)
        return row if len(row) == 1 and T > 1 else row[:T] if is_past else row[-T:]

    def inside(self, gate: str) -> np.ndarray:
        return self[f"past_{gate}"] + self[f"x_{gate}"] + self[f"b_{gate}"]


@pytest.fixture(params=CELLS)
def now(request) -> Unrolled:
    return look(request.param)


def single(array: np.ndarray) -> np.ndarray:
    """What is left of the core's numbers in float32"""
    return array.astype("<f4").astype(float)


def test_the_payload_says_which_cell_it_is(now):
    assert CELLS[Rows(now).data["activation"]] == now.trace.cell


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
    np.testing.assert_allclose((1 - u) * d_c, now.back.slopes[:, 0, 0] * now.back.d_a[1:, 0], **CLOSE)


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
    names = {"gru": ["x_u", "x_r", "x_c"], "lstm": ["x_u", "x_f", "x_o", "x_c"]}.get(
        rows.data["activation"], ["from_x"]
    )
    shown = np.concatenate([rows[name] for name in names], axis=-1)
    assert np.array_equal(shown, single(rnn.Wax[:, rows.data["ids"]].T))


def test_the_streams_of_the_stage_add_up_to_its_sum(now):
    """Of the LSTM, both streams and the sum are those of the whole state."""
    data, back, n_a = stage.stage_data(now, 1), now.back, now.trace.a.shape[-1]
    streams = back.from_next_state[1:, 0].copy()
    assert data["from_next"] == pytest.approx(np.linalg.norm(streams, axis=-1).tolist())
    streams[:, :n_a] += back.from_y[:, 0]
    assert data["grad"] == pytest.approx(np.linalg.norm(streams, axis=-1).tolist())
    assert data["state"] == ("(a,c)" if streams.shape[-1] > n_a else "a")


@pytest.mark.parametrize("cell", CELLS)
def test_every_row_and_fact_that_a_view_names_is_in_the_payload(cell):
    table = VIEWS.read_text(encoding="utf-8").split(f"const {cell.upper() if cell in ('gru', 'lstm') else 'PLAIN'} = ")[
        1
    ]
    table = table.split("\n};")[0]
    named = re.findall(r'\["(?:row|gate)", "([^"]+)"', table) + re.findall(r"\[‖?([\w·²+ -]+)‖?\]", table)
    words = {word.removesuffix("_prev") for word in re.findall(r"[a-z][a-z_]*", " ".join(named))}
    facts = {"t", "next", "unit", "word", "previous", "id", "g", "bound", "largest", "label"}
    assert words - facts - {"tanh"} <= set(Rows(look(cell)).data)


@pytest.mark.parametrize("cell", CELLS)
def test_the_payload_of_a_long_sentence_and_a_large_network(cell):
    now = look(cell, 64, " ".join(parse_sentence(LONG).words[:40]))
    inspected = inspector_data(now, 1)
    assert len(json.dumps(inspected).encode()) < 1000 * KILOBYTES[cell]
    rows = [value for value in inspected.values() if isinstance(value, str) and len(value) > 100]
    assert len(set(rows)) == len(rows), "the same numbers were sent twice"


def test_the_trace_of_the_lstm_holds_both_parts_of_its_state():
    now = look("lstm")
    table = share.trace_table(now)
    assert np.array_equal(table[[f"c[{i}]" for i in range(5)]], now.trace.state[1:, 0, 5:])
    assert table["norm_d_state"].tolist() == stage.stage_data(now, 1)["grad"]
