"""Free running: an answer is chosen and fed back as the next input, ŷ⟨t⟩ → x⟨t+1⟩.

Whoever writes knows nothing of the network but `Advance`: feed a token to each of B sequences, and see what it expects
next. Three ways to choose: the likeliest token (greedy), a drawn one (sample), several at a time (beam).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

# (states (B, n), tokens (B,)) -> (states (B, n), log_probs (B, n_y)), where log_probs = log ŷ
Advance = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

LENGTH_PENALTY = 0.7  # α between 0, the sum, which favours short sentences, and 1, the mean per token: Ng's advice


class Hypothesis(NamedTuple):
    """What was written after the first token, which was given.

    score = Σ log p / |Y|^α, |Y| = len(log_probs): the end token counts, as its log p is in the sum.
    Source: Ng, Sequence Models, week 3, "Refinements to Beam Search"; Wu et al. 2016 divide by ((5 + |Y|) / 6)^α.
    """

    tokens: tuple[int, ...]  # without the end token
    log_probs: tuple[float, ...]  # log ŷ as the network gave it (temperature 1), the end token's included
    ended: bool  # by the end token; if not, there was no room for more
    score: float

    def then(self, token: int, log_p: float, end: int | None, length_penalty: float) -> "Hypothesis":
        """The same with one token more"""
        ended, log_probs = token == end, (*self.log_probs, float(log_p))
        tokens = self.tokens if ended else (*self.tokens, int(token))
        return Hypothesis(tokens, log_probs, bool(ended), sum(log_probs) / len(log_probs) ** length_penalty)


NOTHING = Hypothesis((), (), False, 0.0)


def greedy(
    advance: Advance, state: np.ndarray, first: int, end: int | None, most: int, *, forbidden: Sequence[int] = ()
) -> Hypothesis:
    """Always the likeliest token; state (n,). Stops at `end`, or after `most` tokens (the end token is one of them)."""
    return _write(advance, state, first, end, most, np.argmax, forbidden)


def greedy_together(
    advance: Advance, states: np.ndarray, firsts: np.ndarray, end: int, most: int, forbidden: Sequence[int]
) -> list[list[int]]:
    """The tokens that `greedy` finds, of B sequences at once; states (B, n), firsts (B,)"""
    tokens, written = firsts, np.empty((len(firsts), 0), int)
    while written.shape[1] < most and not np.all(np.any(written == end, axis=1)):
        states, log_probs = advance(states, tokens)
        allowed = _allowed(log_probs, forbidden)
        tokens = np.where(allowed.max(axis=1) > -np.inf, allowed.argmax(axis=1), end)
        written = np.column_stack([written, tokens])
    return [row[: row.index(end)] if end in row else row for row in written.tolist()]


def sample(
    advance: Advance,
    state: np.ndarray,
    first: int,
    end: int | None,
    most: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    *,
    forbidden: Sequence[int] = (),
) -> Hypothesis:
    """Draw each token from the `tempered` ŷ, without the forbidden ones; raises ValueError as that does"""
    draw = lambda log_p: rng.choice(len(log_p), p=with_temperature(log_p, temperature, top_k))  # noqa: E731
    return _write(advance, state, first, end, most, draw, forbidden)


@np.errstate(over="ignore")
def with_temperature(log_p: np.ndarray, temperature: float, top_k: int | None = None) -> np.ndarray:
    """softmax(log ŷ / T), the same as softmax(logits / T), over the `top_k` likeliest tokens (None: all); log_p (n_y,).

    T < 1 sharpens, T > 1 flattens; T = 0, the limit, leaves the likeliest only. Raises ValueError if T is
    negative or `top_k` leaves nothing to choose from. Source: Ackley et al. 1985.
    """
    if not temperature >= 0 or (top_k is not None and top_k < 1):
        raise ValueError(f"A temperature from 0 up and a top_k from 1 up are needed, not {temperature} and {top_k}.")
    if temperature == 0:
        temperature, top_k = 1.0, 1
    kept = np.argsort(-log_p, kind="stable")[:top_k]  # best first; of equals, the lower id
    p = np.zeros(len(log_p))
    p[kept] = np.exp((log_p[kept] - log_p[kept[0]]) / temperature)
    return p / p.sum()


def beam(
    advance: Advance,
    state: np.ndarray,
    first: int,
    end: int | None,
    most: int,
    width: int = 3,
    length_penalty: float = LENGTH_PENALTY,
    *,
    forbidden: Sequence[int] = (),
) -> list[Hypothesis]:
    """Keep the `width` likeliest beginnings, not only one; at most as many results, those with an end first, by score.

    One that meets `end` is set aside; its place is not filled again. Source: Sutskever et al. 2014, section 3.2.
    """
    finished: list[Hypothesis] = []
    live = [NOTHING]
    states, tokens = state[None], np.array([first])
    for _ in range(most):
        states, log_probs = advance(states, tokens)
        so_far = np.array([[sum(beginning.log_probs)] for beginning in live])
        total = so_far + _allowed(log_probs, forbidden)  # (live beginnings, n_y): log p of each with one token more
        best = np.argsort(-total, axis=None, kind="stable")[: width - len(finished)]
        rows, tokens = np.unravel_index(best[total.flat[best] > -np.inf], total.shape)
        if not len(rows):
            break
        grown = [live[b].then(k, log_probs[b, k], end, length_penalty) for b, k in zip(rows, tokens, strict=True)]
        finished += [written for written in grown if written.ended]
        live = [written for written in grown if not written.ended]
        if not live:
            break
        states, tokens = states[rows[tokens != end]], tokens[tokens != end]
    return sorted(finished + live, key=lambda written: (written.ended, written.score), reverse=True)


def _write(advance: Advance, state, first, end, most, choose, forbidden) -> Hypothesis:
    written, states, token = NOTHING, state[None], first
    for _ in range(most):
        states, log_probs = advance(states, np.array([token]))
        allowed = _allowed(log_probs[0], forbidden)
        if not allowed.max() > -np.inf:  # all is forbidden, or not a number: there is nothing to choose from
            break
        token = choose(allowed)
        written = written.then(token, log_probs[0, token], end, LENGTH_PENALTY)
        if written.ended:
            break
    return written


def _allowed(log_probs: np.ndarray, forbidden: Sequence[int]) -> np.ndarray:
    """log ŷ, and −∞ for what may not be written"""
    allowed = log_probs.copy()
    allowed[..., list(forbidden)] = -np.inf
    return allowed
