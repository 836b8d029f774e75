"""The encoder-decoder, with attention or without, as the notes write it: one step, one vector at a time.

The encoder reads in silence; the decoder, which has weights of its own, goes on from its last state and answers. A
network is {"encoder": …, "decoder": …, "readout": …}, each as in `textbook`; one that attends has {"attention": (Wyc,)}
too: before each answer it looks back at all that the encoder read, and meets its context c⟨t⟩ below a⟨t⟩.
"""

import numpy as np

from core.textbook import CELLS, answer, answer_back


def look(a, memory):
    """α⟨t,s⟩ = softmax_s(a⟨t⟩ · a⟨s⟩), c⟨t⟩ = Σ_s α⟨t,s⟩ a⟨s⟩;  memory (Tx, n_a): every a⟨s⟩ of the encoder"""
    e = memory @ a
    alpha = np.exp(e - e.max()) / np.exp(e - e.max()).sum()
    return alpha @ memory, alpha


def look_back(a, memory, alpha, d_c):
    d_alpha, d_memory = memory @ d_c, np.outer(alpha, d_c)  # c⟨t⟩ = Σ_s α⟨t,s⟩ a⟨s⟩
    d_e = alpha * (d_alpha - alpha @ d_alpha)  # α = softmax(e)
    return d_e @ memory, d_memory + np.outer(d_e, a)  # e_s = a⟨t⟩ · a⟨s⟩


def decoder_answer(loss, weights, a, memory, y):
    """ŷ⟨t⟩ = g2(Wya a⟨t⟩ + Wyc c⟨t⟩ + by) and ℒ⟨t⟩; without attention there is no c⟨t⟩"""
    if "attention" not in weights:
        return answer(loss, weights["readout"], a, y)
    (Wya, by), (Wyc,), (c, _) = weights["readout"], weights["attention"], look(a, memory)
    return answer(loss, (np.hstack([Wya, Wyc]), by), np.concatenate([a, c]), y)


def decoder_answer_back(weights, a, memory, y_hat, y):
    """What travels on to a⟨t⟩ and to every a⟨s⟩ of the encoder, and the shares that stay"""
    if "attention" not in weights:
        d_a, share = answer_back(weights["readout"], a, y_hat, y)
        return d_a, np.zeros_like(memory), {"readout": share}
    (Wya, by), (Wyc,), (c, alpha) = weights["readout"], weights["attention"], look(a, memory)
    d_both, (d_W, d_by) = answer_back((np.hstack([Wya, Wyc]), by), np.concatenate([a, c]), y_hat, y)
    (d_a, d_c), (d_Wya, d_Wyc) = np.split(d_both, 2), np.split(d_W, 2, axis=1)
    d_query, d_memory = look_back(a, memory, alpha, d_c)
    return d_a + d_query, d_memory, {"readout": (d_Wya, d_by), "attention": (d_Wyc,)}


# The whole sequence: x are Tx vectors for the encoder, then one for each step of the decoder; y has only the latter


def forward(cell, loss, weights, x, y):
    """For t = 1 … T: state⟨t⟩, with what each step keeps for its way back; then the decoder's ŷ⟨t⟩ and ℒ⟨t⟩"""
    (step, _), n_a, Tx = CELLS[cell], weights["readout"][0].shape[1], len(x) - len(y)
    states, kept, answers = [np.zeros(2 * n_a if cell == "lstm" else n_a)], [], []
    for t, x_t in enumerate(x, start=1):
        state, gates = step(weights["encoder" if t <= Tx else "decoder"], states[-1], x_t)
        states, kept = [*states, state], [*kept, gates]
    memory = np.array(states)[1 : Tx + 1, :n_a]
    for state, y_t in zip(states[Tx + 1 :], y, strict=True):
        answers.append(decoder_answer(loss, weights, state[:n_a], memory, y_t))
    return states, kept, *zip(*answers, strict=True)


def backward(cell, weights, x, y, states, kept, y_hat):
    """First what every answer sends, also straight to the encoder; then for t = T … 1 what state⟨t+1⟩ sends to it"""
    (_, step_back), n_a, Tx = CELLS[cell], weights["readout"][0].shape[1], len(x) - len(y)
    d_states, shares = [np.zeros_like(state) for state in states], [{} for _ in x]
    memory = np.array(states)[1 : Tx + 1, :n_a]
    for t in range(Tx + 1, len(states)):
        d_a, d_memory, shares[t - 1] = decoder_answer_back(
            weights, states[t][:n_a], memory, y_hat[t - Tx - 1], y[t - Tx - 1]
        )
        d_states[t][:n_a] += d_a
        for s in range(1, Tx + 1):
            d_states[s][:n_a] += d_memory[s - 1]
    for t in range(len(x), 0, -1):
        group = "encoder" if t <= Tx else "decoder"
        travels, shares[t - 1][group] = step_back(weights[group], states[t - 1], x[t - 1], kept[t - 1], d_states[t])
        d_states[t - 1] += travels
    return d_states, shares
