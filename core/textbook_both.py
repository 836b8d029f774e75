"""A network that reads in both directions, as the notes write it: one step, one vector at a time.

A second stream with weights of its own reads from the last word to the first; of each word it knows all that follows.
Each answer meets both. A network is {"rnn": …, "readout": …}, as in `textbook`, and {"reverse": (Waa, Wax, ba, Wya)}.
"""

import numpy as np

from core.textbook import CELLS, answer, answer_back


def read(cell, W, x):
    """state⟨1⟩ … state⟨T⟩ after a start of 0, and what each step keeps for its way back"""
    (step, _), n_a = CELLS[cell], W[0].shape[1]
    states, kept = [np.zeros(2 * n_a if cell == "lstm" else n_a)], []
    for x_t in x:
        state, gates = step(W, states[-1], x_t)
        states, kept = [*states, state], [*kept, gates]
    return states, kept


def read_back(cell, W, x, states, kept, from_y):
    """∂ℒ/∂state⟨T⟩ … ∂ℒ/∂state⟨0⟩, where from_y is what each ŷ⟨t⟩ sends to its a⟨t⟩; and the shares that stay"""
    _, step_back = CELLS[cell]
    d_states, shares = [np.zeros_like(state) for state in states], []
    for t in range(len(x), 0, -1):
        d_states[t][: from_y[t - 1].size] += from_y[t - 1]
        d_states[t - 1], share = step_back(W, states[t - 1], x[t - 1], kept[t - 1], d_states[t])
        shares.insert(0, share)
    return d_states, shares


def answer_both(loss, weights, a, a_later, y):
    """ŷ⟨t⟩ = g2(Wya a⟨t⟩ + reverse.Wya ←a⟨t⟩ + by) and ℒ⟨t⟩"""
    (Wya, by), (*_, Wya_later) = weights["readout"], weights["reverse"]
    return answer(loss, (np.hstack([Wya, Wya_later]), by), np.concatenate([a, a_later]), y)


def answer_both_back(weights, a, a_later, y_hat, y):
    (Wya, by), (*_, Wya_later) = weights["readout"], weights["reverse"]
    d_both, (d_W, d_by) = answer_back((np.hstack([Wya, Wya_later]), by), np.concatenate([a, a_later]), y_hat, y)
    (d_a, d_a_later), (d_Wya, d_Wya_later) = np.split(d_both, 2), np.split(d_W, 2, axis=1)
    return d_a, d_a_later, {"readout": (d_Wya, d_by), "reverse": (d_Wya_later,)}


# The whole sequence: x and y are lists of T vectors; the second stream is read from the end, so its lists are turned


def forward(cell, loss, weights, x, y):
    """Both streams, then every ŷ⟨t⟩ and ℒ⟨t⟩; the states are state⟨0⟩ of the first, then both, one below the other"""
    n_a = weights["readout"][0].shape[1]
    states, kept = read(cell, weights["rnn"], x)
    later_states, later_kept = read(cell, weights["reverse"][:3], x[::-1])
    both = [*zip(states[1:], later_states[:0:-1], strict=True)]
    answers = [answer_both(loss, weights, s[:n_a], r[:n_a], y_t) for (s, r), y_t in zip(both, y, strict=True)]
    return [states[0], *map(np.concatenate, both)], (kept, later_kept), *zip(*answers, strict=True)


def backward(cell, weights, x, y, states, kept, y_hat):
    """First what every answer sends to both; then each stream is walked back in its own order: the second from t = 1"""
    n_a, n = weights["readout"][0].shape[1], states[0].size
    first, later = [states[0], *(s[:n] for s in states[1:])], [states[0], *(s[n:] for s in states[:0:-1])]
    from_y, to_later, shares = [], [], []
    for s, y_hat_t, y_t in zip(states[1:], y_hat, y, strict=True):
        d_a, d_a_later, share = answer_both_back(weights, s[:n_a], s[n : n + n_a], y_hat_t, y_t)
        from_y.append(d_a)
        to_later.insert(0, d_a_later)
        shares.append(share)
    d_first, of_rnn = read_back(cell, weights["rnn"], x, first, kept[0], from_y)
    d_later, of_reverse = read_back(cell, weights["reverse"][:3], x[::-1], later, kept[1], to_later)
    for share, rnn, reverse in zip(shares, of_rnn, of_reverse[::-1], strict=True):
        share.update(rnn=rnn, reverse=(*reverse, *share["reverse"]))
    return [d_first[0], *map(np.concatenate, zip(d_first[1:], d_later[:0:-1], strict=True))], shares
