"""One step's error, as the browser forms it from the factors, is the core's: a row of the credit matrix."""

import json

import numpy as np
import pytest

from core.cells import CELLS
from core.structures import NO_TARGET, STRUCTURES
from explorer.components.inspector import inspector_data
from explorer.compute.unrolled import Unrolled
from tests.helpers.biased import look
from tests.helpers.inspector_rows import in_node
from tests.helpers.unrolled import TRANSLATION, columns, unrolled

CLOSE = {"rtol": 1e-5, "atol": 1e-6}  # the factors are float32
ALL = [(structure, False) for structure in STRUCTURES] + [(TRANSLATION, True)]


def told(now: Unrolled, whose: list, texts=None) -> list[dict]:
    return in_node("errors.js", {"data": json.loads(json.dumps(inspector_data(now, 1, texts))), "whose": whose})


def due(now: Unrolled) -> list[int]:
    return [t + 1 for t, target in enumerate(now.targets[:, 0]) if target != NO_TARGET]


def check(now: Unrolled, texts=None) -> None:
    T, steps = len(now.words), due(now)
    everything, *each = told(now, ["all", *steps], texts)
    np.testing.assert_allclose(everything["gradients"], now.back.d_state[1:, 0], **CLOSE)
    np.testing.assert_allclose(everything["length"], np.linalg.norm(now.back.d_state[1:, 0], axis=-1), **CLOSE)
    for s, error in zip(steps, each, strict=True):
        reaches = T if now.trace.focus else s
        np.testing.assert_allclose(error["length"][:reaches], now.credit_matrix[s - 1, :reaches], **CLOSE)
        assert error["part"] == [t <= s for t in range(1, T + 1)]
        assert error["length"][s:] == [0] * (T - s)
        assert all(v is None for v in error["factor"][s - 1 :])
    # the way back is linear: the errors of all steps add up, as arrows, to what an update feels
    np.testing.assert_allclose(np.sum([e["gradients"] for e in each], axis=0), everything["gradients"], **CLOSE)


@pytest.mark.parametrize("cell", CELLS)
def test_each_error_is_a_row_of_the_credit_matrix(cell):
    check(look(cell))


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
@pytest.mark.parametrize(("structure", "attends"), ALL)
def test_it_is_so_in_every_structure(structure, attends, cell):
    now = unrolled(structure, attends=attends, cell=cell)
    check(now, columns(now))


@pytest.mark.parametrize("cell", CELLS)
def test_a_hop_multiplies_the_length_by_its_factor(cell):
    now = look(cell)
    s = len(now.words)
    (error,) = told(now, [s])
    lengths, factors, parts = error["length"], error["factor"], error["parts"]
    for t in range(1, s):
        assert factors[t - 1] * lengths[t] == pytest.approx(lengths[t - 1], rel=1e-6)
        if cell in ("tanh", "relu"):
            assert parts[t - 1]["slope"] * parts[t - 1]["Waa"] == pytest.approx(factors[t - 1], rel=1e-6)
        else:  # lengths of arrows that are added: at most their sum
            assert factors[t - 1] <= parts[t - 1]["memory"] + parts[t - 1]["gates"] + 1e-9
