"""The credit matrix of a sentence in words. (It is drawn in the browser: assets/components/reach_chart.)"""

from collections.abc import Sequence

import numpy as np

from explorer.formatting import quoted, three_digits
from explorer.prose import prose


def sentence_of_both(words: Sequence[str], norms: np.ndarray, step: int) -> str:
    """One row in words, where a network reads in both directions: how much of the error at `step` arrives at the first
    word, and how much at the last"""
    first, at, last = quoted(words[0]), quoted(words[step - 1]), quoted(words[-1])
    far = {"norm_first": three_digits(norms[step - 1, 0]), "norm_last": three_digits(norms[step - 1, -1])}
    return prose("figures", "credit_both", at=at, first=first, last=last, **far)


def sentence(words: Sequence[str], norms: np.ndarray, step: int) -> str:
    """One row in words: how much weaker the error at `step` arrives at the first word than at the word before"""
    first, last = quoted(words[0]), quoted(words[step - 1])
    if step == 1:
        return prose("figures", "credit_first", last=last)
    near, far = norms[step - 1, step - 2], norms[step - 1, 0]
    if not (np.isfinite(near) and np.isfinite(far)):
        return prose("figures", "credit_not_finite", last=last)
    if far == 0:
        return prose("figures", "credit_zero", last=last, first=first)
    if step == 2:
        return prose("figures", "credit_second", last=last, first=first, norm=three_digits(far))
    ratio, before = three_digits(max(near / far, far / near)), quoted(words[step - 2])
    if ratio == "1":
        return prose("figures", "credit_alike", last=last, first=first, before=before)
    is_weaker = bool(near >= far)
    return prose("figures", "credit", last=last, first=first, before=before, ratio=ratio, is_weaker=is_weaker)


def from_its_start(words: Sequence[str], norms: np.ndarray, step: int) -> str:
    """The same compared with where the error begins; empty where that is no other comparison, or none can be made"""
    own, far = norms[step - 1, step - 1], norms[step - 1, 0]
    if step < 3 or not (np.isfinite(own) and np.isfinite(far) and own > 0 and far > 0):
        return ""
    ratio = three_digits(max(own / far, far / own))
    last = quoted(words[step - 1])
    if ratio == "1":
        return prose("figures", "credit_from_start_alike", last=last)
    return prose("figures", "credit_from_start", last=last, ratio=ratio, is_weaker=bool(own >= far))
