"""Equations (2) and (3), where they can be written literally and where they cannot: at ±1000 logits."""

import numpy as np
import pytest

from core.activations import sigmoid
from core.losses import LOSSES, PER_STEP, binary_cross_entropy, softmax_cross_entropy
from core.structures import NO_TARGET

RNG = np.random.default_rng(5)
EXACT = {"rtol": 1e-12, "atol": 1e-14}


def one(loss, logits, y):
    """ŷ (n_y,), ℒ⟨t⟩, ∂ℒ/∂logits (n_y,) of a single answer"""
    answer = loss(np.array([[logits]], dtype=float), np.array([[y]]))
    assert answer.total == answer.per_step[0, 0]
    return answer.y_hat[0, 0], answer.per_step[0, 0], answer.d_logits[0, 0]


def test_equation_2_to_the_letter():
    logits, y = RNG.normal(0, 3, (6, 4, 1)), RNG.integers(0, 2, (6, 4))
    loss, y_hat = binary_cross_entropy(logits, y), 1 / (1 + np.exp(-logits[..., 0]))
    np.testing.assert_allclose(loss.y_hat[..., 0], y_hat, **EXACT)
    np.testing.assert_allclose(loss.per_step, -y * np.log(y_hat) - (1 - y) * np.log(1 - y_hat), rtol=1e-12, atol=1e-13)


def test_cross_entropy_to_the_letter():
    logits, y = RNG.normal(0, 3, (6, 4, 5)), RNG.integers(0, 5, (6, 4))
    loss, y_hat = softmax_cross_entropy(logits, y), np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(loss.y_hat, y_hat, **EXACT)
    for t, b in np.ndindex(6, 4):
        assert loss.per_step[t, b] == pytest.approx(-np.log(y_hat[t, b, y[t, b]]), rel=1e-12)


@pytest.mark.parametrize(("name", "n_y"), [("sigmoid", 1), ("softmax", 4)])
def test_equation_3_sums_steps_and_takes_the_mean_of_examples(name, n_y):
    logits, y = RNG.normal(size=(6, 3, n_y)), RNG.integers(0, 2, (6, 3))
    y[2:4, 1] = y[5, 0] = NO_TARGET
    loss = LOSSES[name](logits, y)
    assert (loss.per_step[y != NO_TARGET] > 0).all()
    assert not loss.per_step[y == NO_TARGET].any()
    assert not loss.d_logits[y == NO_TARGET].any()
    assert loss.total == pytest.approx(loss.per_step.sum() / 3, rel=1e-12)
    alone = [LOSSES[name](logits[:, b : b + 1], y[:, b : b + 1]).total for b in range(3)]
    assert loss.total == pytest.approx(np.mean(alone), rel=1e-12)


@pytest.mark.parametrize(
    ("z", "y", "loss", "slope"),
    [(1000, 1, 0, 0), (1000, 0, 1000, 1), (-1000, 0, 0, 0), (-1000, 1, 1000, -1), (0, 1, np.log(2), -0.5)],
)
def test_a_sure_sigmoid_is_exact(z, y, loss, slope):
    y_hat, found, d = one(binary_cross_entropy, [z], y)
    assert (y_hat[0], found, d[0]) == (sigmoid(np.array(z)), loss, slope)


@pytest.mark.parametrize("z", [1.0, 20, 30, 37, 40, 100, 700])
def test_a_sure_and_right_sigmoid_keeps_all_its_digits(z):
    little = np.log1p(np.exp(-z))
    for logit, y in ((z, 1), (-z, 0)):
        y_hat, loss, d = one(binary_cross_entropy, [logit], y)
        assert loss == pytest.approx(little, rel=1e-14)
        assert abs(d[0]) == pytest.approx(np.exp(-z - little), rel=1e-12)
    assert y_hat[0] == abs(d[0])


@pytest.mark.parametrize(
    ("logits", "y", "loss", "slope"),
    [
        ([1000, 0, 0], 0, 0, [0, 0, 0]),
        ([1000, 0, 0], 1, 1000, [1, -1, 0]),
        ([1000, -1000, 0], 1, 2000, [1, -1, 0]),
        ([-1000, -1000, -2000], 0, np.log(2), [-0.5, 0.5, 0]),
    ],
)
def test_a_sure_softmax_is_exact(logits, y, loss, slope):
    y_hat, found, d = one(softmax_cross_entropy, logits, y)
    assert found == loss and not np.signbit(found)
    assert d.tolist() == slope
    assert y_hat.sum() == 1


@pytest.mark.parametrize(("name", "n_y"), [("sigmoid", 1), ("softmax", 4)])
def test_the_losses_alone_are_those_of_the_whole_record_bit_for_bit(name, n_y):
    logits, y = RNG.normal(0, 9, (6, 3, n_y)), RNG.integers(-1, max(n_y, 2), (6, 3))
    assert NO_TARGET in y
    assert PER_STEP[name](logits, y).tobytes() == LOSSES[name](logits, y).per_step.tobytes()


@pytest.mark.parametrize(("name", "n_y"), [("sigmoid", 1), ("softmax", 4)])
def test_where_no_answer_is_due_nothing_is_lost_whatever_the_logits(name, n_y):
    logits, y = RNG.normal(size=(3, 2, n_y)), np.zeros((3, 2), dtype=int)
    logits[1, 0, 0], y[1, 0] = np.inf, NO_TARGET
    with np.errstate(invalid="ignore"):
        loss = LOSSES[name](logits, y)
    assert loss.per_step[1, 0] == 0 and not loss.d_logits[1, 0].any()
    assert np.isfinite(loss.total) and np.isfinite(loss.d_logits).all()


def test_softmax_does_not_see_a_shift_of_all_logits():
    logits, y = RNG.normal(0, 3, (5, 2, 4)), RNG.integers(0, 4, (5, 2))
    here, there = softmax_cross_entropy(logits, y), softmax_cross_entropy(logits + 700, y)
    for before, after in zip(here, there, strict=True):
        np.testing.assert_allclose(before, after, rtol=1e-11, atol=1e-12)


def test_two_classes_are_a_sigmoid_of_their_difference():
    logits, y = RNG.normal(0, 2, (5, 3, 2)), RNG.integers(0, 2, (5, 3))
    two, single = softmax_cross_entropy(logits, y), binary_cross_entropy(logits[..., 1:] - logits[..., :1], y)
    np.testing.assert_allclose(two.per_step, single.per_step, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(two.d_logits[..., 1:], single.d_logits, rtol=1e-12, atol=1e-14)
