"""Free running on toy languages: every sentence can be listed, so the best one is known."""

from itertools import product

import numpy as np
import pytest

from core.decoding import LENGTH_PENALTY, beam, greedy, greedy_together, sample, with_temperature

START, END, A, B = range(4)
NOWHERE = np.zeros(1)


def chain(p):
    """A Markov chain: what comes next depends on the last token alone; p[i, j] = P(j after i)"""
    log_p = np.log(np.maximum(p, 1e-300))
    return lambda states, tokens: (states, log_p[tokens])


def drawn(seed, n=4, sharpness=1.0):
    """A chain whose state matters too: it counts the steps, so each step has a table of its own"""
    logits = np.random.default_rng(seed).normal(0, sharpness, (12, n, n))
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))

    def advance(states, tokens):
        answer = log_p[states[:, 0].astype(int), tokens]
        answer.flags.writeable = False  # it belongs to the network
        return states + 1, answer

    return advance


def sentences(advance, end, most, length_penalty):
    """All that can be written with an end in sight, best first: (score, tokens)"""
    found = []
    for length in range(1, most + 1):
        for tokens in product(range(4), repeat=length):
            if end in tokens[:-1] or (tokens[-1] != end if end is not None else length < most):
                continue
            states, total = NOWHERE[None], 0.0
            for fed, written in zip((START, *tokens), tokens, strict=False):
                states, log_probs = advance(states, np.array([fed]))
                total += log_probs[0, written]
            found.append((total / length**length_penalty, tokens if end is None else tokens[:-1]))
    return sorted(found, reverse=True)


# Greedy says A (0.6), after which nothing is likely; B (0.4) is followed by the end for sure.
TRAP = chain(np.array([[0, 0, 0.6, 0.4], [0, 1, 0, 0], [0, 0.4, 0.3, 0.3], [0, 1, 0, 0]]))


def test_greedy_falls_into_the_trap_and_beam_does_not():
    straight = greedy(TRAP, NOWHERE, START, END, 5)
    best, second = beam(TRAP, NOWHERE, START, END, 5, width=2, length_penalty=0)
    assert (straight.tokens, np.exp(straight.score * 2**LENGTH_PENALTY)) == ((A,), pytest.approx(0.24))
    assert (best.tokens, np.exp(best.score)) == ((B,), pytest.approx(0.4))
    assert (second.tokens, np.exp(second.score)) == ((A,), pytest.approx(0.24))


def test_what_is_written_is_reported_as_the_network_gave_it():
    written = greedy(TRAP, NOWHERE, START, END, 5)
    assert written.tokens == (A,)
    assert written.log_probs == pytest.approx(np.log([0.6, 0.4]))  # the end token's included
    assert written.ended
    hot = sample(TRAP, NOWHERE, START, END, 5, np.random.default_rng(3), temperature=3.0, forbidden=(A,))
    assert hot.tokens == (B,)
    assert hot.log_probs == pytest.approx(np.log([0.4, 1]))  # neither heated nor renormalised


@pytest.mark.parametrize(
    ("length_penalty", "best", "nothing", "a"),
    [(0, (), -1.2039728, -1.2729657), (0.7, (A,), -1.2039728, -0.7836023), (1, (A,), -1.2039728, -0.6364828)],
)
def test_the_score_by_hand(length_penalty, best, nothing, a):
    """The end at once: p = 0.3, one token. A and the end: p = 0.7 · 0.4 = 0.28, two: less in all, more per token."""
    p = np.array([[0, 0.3, 0.7, 0], [0, 1, 0, 0], [0, 0.4, 0, 0.6], [0, 0, 0, 1]])
    found = beam(chain(p), NOWHERE, START, END, 4, width=3, length_penalty=length_penalty)
    assert found[0].tokens == best
    assert {w.tokens: w.score for w in found if w.ended} == {(): pytest.approx(nothing), (A,): pytest.approx(a)}
    assert not found[2].ended
    assert found[2].score > found[1].score or length_penalty == 0  # it has the better score, but no end


@pytest.mark.parametrize("end", [END, None])
@pytest.mark.parametrize("length_penalty", [0, 0.7, 1])
@pytest.mark.parametrize("seed", range(4))
def test_a_beam_as_wide_as_the_language_finds_the_best(seed, length_penalty, end):
    advance, most = drawn(seed), 4
    best = sentences(advance, end, most, length_penalty)
    found = beam(advance, NOWHERE, START, end, most, width=4**most, length_penalty=length_penalty)
    found = [written for written in found if written.ended == (end is not None)]
    assert [written.tokens for written in found] == [tokens for _, tokens in best]
    np.testing.assert_allclose([written.score for written in found], [score for score, _ in best], rtol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_one_way_to_be_greedy(seed):
    advance, rng = drawn(seed), np.random.default_rng(seed)
    written = greedy(advance, NOWHERE, START, END, 8, forbidden=(START,))
    assert beam(advance, NOWHERE, START, END, 8, width=1, forbidden=(START,)) == [written]
    for how in ({"temperature": 0}, {"temperature": 1e-310}, {"temperature": 1e-4}, {"temperature": 9, "top_k": 1}):
        assert sample(advance, NOWHERE, START, END, 8, rng, **how, forbidden=(START,)) == written


@pytest.mark.parametrize("forbidden", [(), (START,), (START, A, B, END)])
def test_together_each_writes_what_it_writes_alone(forbidden):
    """Some end, some do not; and where all is forbidden, nothing is written."""
    for seed in range(20):
        advance, firsts = drawn(seed, sharpness=2), np.array([START, A, B, A])
        starts = np.array([[0.0], [1.0], [2.0], [3.0]])
        alone = [greedy(advance, s, k, END, 8, forbidden=forbidden) for s, k in zip(starts, firsts, strict=True)]
        together = greedy_together(advance, starts, firsts, END, 8, forbidden)
        assert together == [[*written.tokens] for written in alone]


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_a_beam_is_batched_bounded_and_sorted(width):
    for seed in range(20):
        advance, calls = drawn(seed, sharpness=2), []

        def counted(states, tokens, advance=advance, calls=calls):
            calls.append(len(tokens))
            assert states.shape == (len(tokens), 1)
            return advance(states, tokens)

        found = beam(counted, NOWHERE, START, END, 6, width=width)
        assert len(calls) <= 6
        assert calls[0] == 1
        assert max(calls) <= width
        assert 1 <= len(found) <= width
        assert len({written.tokens for written in found}) == len(found)
        order = [(written.ended, written.score) for written in found]
        assert order == sorted(order, reverse=True)


def test_beams_carry_their_own_states():
    """The state is the sum of all tokens read, and decides what comes next: a mixed-up row would write another one."""

    def advance(states, tokens):
        states = states + tokens[:, None]
        logits = np.cos(states * np.array([1.0, 2.0, 3.0, 5.0]) + np.arange(4))
        return states, logits - np.log(np.exp(logits).sum(-1, keepdims=True))

    for written in beam(advance, NOWHERE, START, None, 6, width=5):
        states = NOWHERE[None]
        for fed, token, log_p in zip((START, *written.tokens), written.tokens, written.log_probs, strict=False):
            states, log_probs = advance(states, np.array([fed]))
            assert log_p == pytest.approx(log_probs[0, token])


@pytest.mark.parametrize("most", [0, 1, 7])
def test_without_an_end_there_are_as_many_tokens_as_asked_for(most):
    rng = np.random.default_rng(1)
    all_ways = [greedy(drawn(1), NOWHERE, START, None, most), sample(drawn(1), NOWHERE, START, None, most, rng)]
    for written in all_ways + beam(drawn(1), NOWHERE, START, None, most):
        assert len(written.tokens) == len(written.log_probs) == most
        assert not written.ended


def test_the_end_token_is_one_of_the_most():
    p = np.zeros((4, 4))
    p[START, A] = p[A, B] = p[B, END] = 1
    cut, whole = (greedy(chain(p), NOWHERE, START, END, most) for most in (2, 3))
    assert (cut.tokens, cut.ended) == ((A, B), False)
    assert (whole.tokens, whole.ended, len(whole.log_probs)) == ((A, B), True, 3)


def test_forbidden_tokens_are_never_written():
    for seed in range(10):
        advance, rng = drawn(seed), np.random.default_rng(seed)
        ways = [sample(advance, NOWHERE, START, END, 10, rng, 5.0, 2, forbidden=(START, A))]
        ways += [greedy(advance, NOWHERE, START, END, 10, forbidden=(START, A))]
        ways += beam(advance, NOWHERE, START, END, 10, width=30, forbidden=(START, A))
        assert all(set(written.tokens) <= {B} for written in ways)


@pytest.mark.parametrize("broken", [{"forbidden": range(4)}, {"value": np.nan}])
def test_where_nothing_can_be_written_nothing_is(broken):
    advance = lambda states, tokens: (states, np.full((len(tokens), 4), broken.get("value", -1.4)))  # noqa: E731
    forbidden = broken.get("forbidden", ())
    ways = [greedy(advance, NOWHERE, START, END, 5, forbidden=forbidden)]
    ways += [sample(advance, NOWHERE, START, END, 5, np.random.default_rng(0), forbidden=forbidden)]
    ways += beam(advance, NOWHERE, START, END, 5, forbidden=forbidden)
    assert ways == [((), (), False, 0.0)] * 3


LOGITS = np.array([1.0, -0.5, 0.3, 2.0])


@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, None), (0.5, None), (2.5, None), (1.0, 3), (0.7, 2)])
def test_samples_are_as_frequent_as_softmax_says(temperature, top_k):
    many, log_p = 4000, LOGITS - np.log(np.exp(LOGITS).sum())
    advance = lambda states, tokens: (states, np.tile(log_p, (len(tokens), 1)))  # noqa: E731
    written = sample(advance, NOWHERE, START, None, many, np.random.default_rng(6), temperature, top_k)
    counts = np.bincount(written.tokens, minlength=4)
    kept = np.argsort(LOGITS)[::-1][:top_k]
    expected = np.exp(LOGITS[kept] / temperature)
    expected *= many / expected.sum()
    assert counts[kept].sum() == many
    chi_square = ((counts[kept] - expected) ** 2 / expected).sum()
    assert chi_square < {3: 16.27, 2: 13.82, 1: 10.83}[len(kept) - 1]  # exceeded by chance once in 1000


def test_tempered_is_softmax_of_the_logits_over_t():
    for temperature in (0.3, 1, 4):
        p = np.exp(LOGITS / temperature)
        np.testing.assert_allclose(with_temperature(LOGITS, temperature), p / p.sum(), rtol=1e-12)
    assert with_temperature(LOGITS, 0).tolist() == [0, 0, 0, 1]
    np.testing.assert_allclose(with_temperature(LOGITS, 1e12), 0.25, rtol=1e-11)
    assert (with_temperature(np.zeros(4), 1, top_k=2) > 0).tolist() == [
        True,
        True,
        False,
        False,
    ]  # of equals, the lower ids
    assert with_temperature(LOGITS, 1, top_k=99).all()


@pytest.mark.parametrize(("temperature", "top_k"), [(-1, None), (np.nan, None), (1, 0), (0, -1)])
def test_what_cannot_be_drawn_from_is_refused(temperature, top_k):
    with pytest.raises(ValueError, match="temperature from 0 up"):
        with_temperature(LOGITS, temperature, top_k)


def test_the_seed_decides():
    ways = [sample(drawn(2), NOWHERE, START, None, 10, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert ways[0] == ways[1] != ways[2]
