"""Dot-product attention: where it looks, what it sees, and the short cut that it is on the way back."""

import numpy as np
import pytest

from core.attention import attend, attention_backward, dot_product_attention
from core.cells import CELLS
from core.structures import STRUCTURES
from tests.helpers.problems import ATTENTIVE, TX, TY, draw

RNG = np.random.default_rng(5)
SLOTS = STRUCTURES["many-to-many, Tx ≠ Ty"](TX, TY)


def test_a_look_worked_by_hand():
    """a⟨t⟩ = (ln 3, 0) fits (1, 0) by ln 3 and (0, 1) by 0: it looks there three times as much, and sees (¾, ¼)."""
    focus = dot_product_attention(np.array([[[np.log(3), 0.0]]]), np.array([[[1.0, 0.0], [0.0, 1.0]]]))
    np.testing.assert_allclose(focus.alpha, [[[0.75, 0.25]]])
    np.testing.assert_allclose(focus.context, [[[0.75, 0.25]]])


def test_a_look_is_shared_out_among_the_encoder_steps_however_large_the_scores():
    alpha = dot_product_attention(1e3 * RNG.normal(size=(2, TY, 6)), RNG.normal(size=(2, TX, 6))).alpha
    assert alpha.shape == (2, TY, TX)
    np.testing.assert_allclose(alpha.sum(axis=-1), 1)


def test_it_is_the_transpose_of_what_it_does_forward():
    """Moved a little, a⟨t⟩ and a⟨s⟩ move c by as much as what `attend_back` sends to them says."""
    a, d_context, nudge = (RNG.normal(size=(T, 3, 6)) for T in (TX + TY, TY, TX + TY))
    to_query, to_keys = attention_backward(SLOTS, a, attend(SLOTS, a), d_context)
    h = 1e-6
    moved = (attend(SLOTS, a + h * nudge).context - attend(SLOTS, a - h * nudge).context) / (2 * h)
    sent = np.concatenate([to_keys.sum(axis=1), to_query])
    assert (d_context * moved).sum() == pytest.approx((sent * nudge).sum(), rel=1e-7)


@pytest.mark.parametrize("cell", CELLS)
def test_without_a_weight_on_what_it_sees_it_changes_nothing(cell):
    problem = draw(cell, "softmax", ATTENTIVE)
    blind = problem.params | {"attention": problem.params["attention"]._replace(Wyc=np.zeros((4, 5)))}
    without = {group: arrays for group, arrays in problem.params.items() if group != "attention"}
    np.testing.assert_array_equal(problem.forward(blind).logits, problem.forward(without).logits)
    assert not np.array_equal(problem.forward().logits, problem.forward(without).logits)


@pytest.mark.parametrize("cell", CELLS)
def test_the_last_error_reaches_the_first_word_without_walking(cell):
    back = draw(cell, "softmax", ATTENTIVE).backward()
    assert (np.abs(back.entries.through_attention[0, -1]).max(axis=-1) > 0).all()  # ŷ⟨T⟩ -> a⟨1⟩, of every example
    np.testing.assert_allclose(back.entries.through_attention.sum(axis=1), back.from_y[:TX], rtol=1e-12)
    without = draw(cell, "softmax", "many-to-many, Tx ≠ Ty").backward()
    assert without.entries.through_attention is None
    assert not without.from_y[:TX].any()
