"""What the browser is given of a credit matrix, and what it may send back."""

import base64
import zlib

import numpy as np
import pytest

from explorer import theme
from explorer.components import matrix
from explorer.components.matrix import BEYOND, NOTHING
from explorer.theme import HIGH, LOW
from explorer.views.gradients.cell_flow import GradientFlow
from tests.helpers.examples import WORDS, exploding


def drawn(logs: np.ndarray) -> list[np.ndarray]:
    """The rows that are sent, in hundredths"""
    sent = matrix.payload(logs, "", theme.LIGHT, None)["entries"]
    entries = np.frombuffer(zlib.decompress(base64.b64decode(sent)), "<i2")
    return np.split(entries, np.cumsum(np.arange(1, len(logs))))


@pytest.mark.parametrize("shift", [-200, -3, 0, 3, 200])
def test_no_matrix_is_rescaled(shift):
    logs = np.where(np.tri(6, dtype=bool), np.linspace(-9, 2, 36).reshape(6, 6) + shift, np.nan)
    sent = matrix.payload(logs, "", theme.LIGHT, (4, 2))
    assert (sent["scale"]["low"], sent["scale"]["high"], sent["chosen"]) == (LOW, HIGH, [4, 2])
    rows = drawn(logs)
    assert [len(row) for row in rows] == [1, 2, 3, 4, 5, 6]
    np.testing.assert_allclose(np.concatenate(rows) / 100, logs[np.tri(6, dtype=bool)], rtol=0, atol=0.005 + 1e-9)


def test_what_is_not_finite_and_what_is_nothing_are_told_from_every_number():
    flow = GradientFlow("relu", exploding())
    entries, logs = np.concatenate(drawn(flow.matrix)), flow.matrix[np.tri(len(WORDS), dtype=bool)]
    assert np.isposinf(logs).any() and np.array_equal(entries == BEYOND, np.isposinf(logs))
    ends = np.array([[-324.0, 0, 0], [-np.inf, 308.3, 0], [np.nan, 0, -0.004]])
    assert np.concatenate(drawn(ends)).tolist() == [-32400, NOTHING, 30830, NOTHING, 0, 0]


@pytest.mark.parametrize(("T", "most"), [(100, 60_000), (200, 200_000)])
def test_four_matrices_are_light(T, most):
    logs = np.where(np.tri(T, dtype=bool), -np.abs(np.random.default_rng(0).normal(8, 3, (T, T))), np.nan)
    assert 4 * len(str(matrix.payload(logs, "", theme.LIGHT, None))) < most


@pytest.mark.parametrize("sent", [None, "1,1", [1], [1, 2], [0, 1], [4, 1], [2, True], [2, 1.0], {"s": 2}, [2, None]])
def test_whatever_a_browser_sends(sent):
    assert matrix.placed(sent, 3) is None


def test_an_entry_is_sent_as_its_steps():
    assert matrix.placed([3, 1], 3) == (3, 1)
