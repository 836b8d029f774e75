"""Dot-product attention: before it answers, the decoder looks back at every encoder step, and chooses where to look.

    e⟨t,s⟩ = a⟨t⟩ · a⟨s⟩      how well the decoder's a⟨t⟩ and the encoder's a⟨s⟩ fit
    α⟨t,s⟩ = softmax over s   how much of its look goes there: for each t they sum to 1
    c⟨t⟩   = Σ_s α⟨t,s⟩ a⟨s⟩  the context, which meets a⟨t⟩ in the answer: logits⟨t⟩ = Wya a⟨t⟩ + Wyc c⟨t⟩ + by

All steps of the recurrence are done before it begins, so it is a few matrix products over all steps at once. On the way
back it is a short cut: from ŷ⟨t⟩ straight to every a⟨s⟩, however many steps lie between.
Source: Luong, Pham and Manning 2015, the score "dot"; here the context goes straight to the answer.
"""

from typing import NamedTuple

import numpy as np

from core.activations import log_softmax
from core.structures import Slots, weight_spans


class Attention(NamedTuple):
    """The weights: a network has this group if and only if it attends"""

    Wyc: np.ndarray  # (n_y, n_a)


class AttentionTrace(NamedTuple):
    """Where every decoder step looked, and what it saw"""

    alpha: np.ndarray  # (B, Ty, Tx)  α⟨t,s⟩, rows sum to 1
    context: np.ndarray  # (Ty, B, n_a)  c⟨t⟩, t the decoder's own step, from 1


def encoder_and_decoder(slots: Slots) -> tuple[slice, slice]:
    """The steps of the encoder, and those of the decoder"""
    span = dict(weight_spans(slots))
    return span["encoder"], span["decoder"]


def attend(slots: Slots, a: np.ndarray) -> AttentionTrace:
    """a⟨1⟩ … a⟨T⟩ (T, B, n_a) -> α and c of every decoder step"""
    keys, queries = (a[span].swapaxes(0, 1) for span in encoder_and_decoder(slots))
    return dot_product_attention(queries, keys)


def dot_product_attention(queries: np.ndarray, keys: np.ndarray) -> AttentionTrace:
    """α⟨t,s⟩ = softmax_s(a⟨t⟩ · a⟨s⟩), c⟨t⟩ = Σ_s α⟨t,s⟩ a⟨s⟩;  queries a⟨t⟩ (B, Ty, n_a), keys a⟨s⟩ (B, Tx, n_a)"""
    alpha = np.exp(log_softmax(queries @ keys.swapaxes(1, 2)))
    return AttentionTrace(alpha, (alpha @ keys).swapaxes(0, 1))


def attention_backward(
    slots: Slots, a: np.ndarray, focus: AttentionTrace, d_context: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """∂ℒ/∂c⟨t⟩ (Ty, B, n_a) -> what it sends to the a⟨t⟩ that asked (Ty, B, n_a), and to every a⟨s⟩ (Tx, Ty, B, n_a).

    It reaches a⟨s⟩ by two ways: as what was seen, α⟨t,s⟩ ∂ℒ/∂c⟨t⟩, and as what the look was chosen by, through e⟨t,s⟩.
    """
    keys, queries = (a[span].swapaxes(0, 1) for span in encoder_and_decoder(slots))
    d_c = d_context.swapaxes(0, 1)
    d_alpha = d_c @ keys.swapaxes(1, 2)
    d_score = focus.alpha * (d_alpha - (focus.alpha * d_alpha).sum(axis=-1, keepdims=True))
    to_keys = focus.alpha[..., None] * d_c[:, :, None] + d_score[..., None] * queries[:, :, None]  # (B, Ty, Tx, n_a)
    return (d_score @ keys).swapaxes(0, 1), to_keys.transpose(2, 1, 0, 3)
