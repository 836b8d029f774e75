"""A recurrent network as the notes write it, forward and backward: one step, one vector at a time.

Each step has its way back right below it, line against line, from the last to the first; d_ stands for ∂ℒ/∂. Nothing
here is quick: the rest of the core finds the same numbers for many sentences at once. A network is
{"rnn": (Waa, Wax, ba), "readout": (Wya, by)}, with matrices (n_out, n_in). In Waa, Wax and ba the gates of a cell stand
one below the other: u, r, c̃ of the GRU; u, f, o, c̃ of the LSTM.
"""

import numpy as np


def sigmoid(z):
    """σ(z) = 1 / (1 + e^−z), written so that nothing overflows"""
    return np.exp(-np.logaddexp(0, -z))


def affine(W, a_prev, x):
    """z⟨t⟩ = Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba"""
    Waa, Wax, ba = W
    return Waa @ a_prev + Wax @ x + ba


def affine_back(W, a_prev, x, d_z):
    """What travels on to a⟨t−1⟩, and the shares that stay: ∂ℒ/∂Waa|(t), ∂ℒ/∂Wax|(t), ∂ℒ/∂ba|(t) = ∂ℒ/∂z⟨t⟩"""
    Waa, _, _ = W
    return Waa.T @ d_z, (np.outer(d_z, a_prev), np.outer(d_z, x), d_z)


# Equation (1), one step of each cell: state⟨t−1⟩ and x⟨t⟩ -> state⟨t⟩, and what its way back needs


def tanh_step(W, a_prev, x):
    """a⟨t⟩ = tanh(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba)"""
    z = affine(W, a_prev, x)
    return np.tanh(z), z


def tanh_back(W, a_prev, x, z, d_a):
    d_z = (1 - np.tanh(z) ** 2) * d_a  # a⟨t⟩ = tanh(z)
    return affine_back(W, a_prev, x, d_z)  # z = Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba


def relu_step(W, a_prev, x):
    """a⟨t⟩ = max(0, Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba)"""
    z = affine(W, a_prev, x)
    return np.maximum(0, z), z


def relu_back(W, a_prev, x, z, d_a):
    d_z = (z > 0) * d_a  # a⟨t⟩ = max(0, z)
    return affine_back(W, a_prev, x, d_z)  # z = Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba


def gru_step(W, c_prev, x):
    """c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + (1 − Γu) ⊙ c⟨t−1⟩, and a⟨t⟩ = c⟨t⟩"""
    Wu, Wr, Wc = zip(*(np.split(w, 3) for w in W), strict=True)
    u = sigmoid(affine(Wu, c_prev, x))
    r = sigmoid(affine(Wr, c_prev, x))
    c_tilde = np.tanh(affine(Wc, r * c_prev, x))
    return u * c_tilde + (1 - u) * c_prev, (u, r, c_tilde)


def gru_back(W, c_prev, x, gates, d_c):
    (Wu, Wr, Wc), (u, r, c_tilde) = zip(*(np.split(w, 3) for w in W), strict=True), gates
    d_u, d_c_tilde, d_c_prev = d_c * (c_tilde - c_prev), d_c * u, d_c * (1 - u)  # c⟨t⟩ = Γu ⊙ c̃ + (1 − Γu) ⊙ c⟨t−1⟩
    d_seen, share_c = affine_back(Wc, r * c_prev, x, d_c_tilde * (1 - c_tilde**2))  # c̃ = tanh(z_c)
    d_by_r, share_r = affine_back(Wr, c_prev, x, d_seen * c_prev * r * (1 - r))  # Γr = σ(z_r)
    d_by_u, share_u = affine_back(Wu, c_prev, x, d_u * u * (1 - u))  # Γu = σ(z_u)
    share = tuple(map(np.concatenate, zip(share_u, share_r, share_c, strict=True)))
    return d_c_prev + d_seen * r + d_by_r + d_by_u, share


def lstm_step(W, state, x):
    """c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + Γf ⊙ c⟨t−1⟩, a⟨t⟩ = Γo ⊙ tanh c⟨t⟩; the state is a, and below it c"""
    a_prev, c_prev = np.split(state, 2)
    z_u, z_f, z_o, z_c = np.split(affine(W, a_prev, x), 4)
    u, f, o, c_tilde = sigmoid(z_u), sigmoid(z_f), sigmoid(z_o), np.tanh(z_c)
    c = u * c_tilde + f * c_prev
    return np.concatenate([o * np.tanh(c), c]), (u, f, o, c_tilde, c)


def lstm_back(W, state, x, gates, d_state):
    (a_prev, c_prev), (d_a, d_c), (u, f, o, c_tilde, c) = np.split(state, 2), np.split(d_state, 2), gates
    d_o, d_c = d_a * np.tanh(c), d_c + d_a * o * (1 - np.tanh(c) ** 2)  # a⟨t⟩ = Γo ⊙ tanh c⟨t⟩
    d_u, d_c_tilde, d_f, d_c_prev = d_c * c_tilde, d_c * u, d_c * c_prev, d_c * f  # c⟨t⟩ = Γu ⊙ c̃ + Γf ⊙ c⟨t−1⟩
    d_z = [d_u * u * (1 - u), d_f * f * (1 - f), d_o * o * (1 - o), d_c_tilde * (1 - c_tilde**2)]  # σ, σ, σ, tanh
    d_a_prev, share = affine_back(W, a_prev, x, np.concatenate(d_z))  # z = Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba
    return np.concatenate([d_a_prev, d_c_prev]), share


CELLS = {
    "tanh": (tanh_step, tanh_back),
    "relu": (relu_step, relu_back),
    "gru": (gru_step, gru_back),
    "lstm": (lstm_step, lstm_back),
}


# Equation (2): z = Wya a⟨t⟩ + by -> ŷ⟨t⟩ = g2(z) and ℒ⟨t⟩; y⟨t⟩ is a vector, or None where no answer is due


def sigmoid_loss(z, y):
    """ŷ = σ(z), ℒ⟨t⟩ = −y log ŷ − (1 − y) log(1 − ŷ)"""
    log_y_hat, log_rest = -np.logaddexp(0, -z), -np.logaddexp(0, z)  # of ŷ and of 1 − ŷ, though ŷ may round to 1
    return sigmoid(z), 0.0 if y is None else (-y * log_y_hat - (1 - y) * log_rest).sum()


def softmax_loss(z, y):
    """ŷ_j = e^z_j / Σ_k e^z_k, ℒ⟨t⟩ = −Σ_j y_j log ŷ_j"""
    z = z - z.max()  # which changes nothing, and nothing overflows
    log_y_hat = z - np.log(np.exp(z).sum())
    return np.exp(log_y_hat), 0.0 if y is None else (-y * log_y_hat).sum()


LOSSES = {"sigmoid": sigmoid_loss, "softmax": softmax_loss}


def answer(loss, readout, a, y):
    """ŷ⟨t⟩ = g2(Wya a⟨t⟩ + by) and ℒ⟨t⟩"""
    Wya, by = readout
    return LOSSES[loss](Wya @ a + by, y)


def answer_back(readout, a, y_hat, y):
    Wya, _ = readout
    d_z = np.zeros_like(y_hat) if y is None else y_hat - y  # ∂ℒ⟨t⟩/∂z, of either loss
    return Wya.T @ d_z, (np.outer(d_z, a), d_z)  # z = Wya a⟨t⟩ + by


# The whole sequence: x and y are lists of T vectors; state⟨t⟩ is states[t], and a⟨t⟩ is its first n_a numbers


def forward(cell, loss, weights, x, y):
    """For t = 1 … T: state⟨t⟩, with what each step keeps for its way back, ŷ⟨t⟩, ℒ⟨t⟩;  (3) ℒ is their sum"""
    (step, _), n_a = CELLS[cell], weights["readout"][0].shape[1]
    states, kept, answers = [np.zeros(2 * n_a if cell == "lstm" else n_a)], [], []
    for x_t, y_t in zip(x, y, strict=True):
        state, gates = step(weights["rnn"], states[-1], x_t)
        states, kept = [*states, state], [*kept, gates]
        answers.append(answer(loss, weights["readout"], state[:n_a], y_t))
    return states, kept, *zip(*answers, strict=True)


def backward(cell, weights, x, y, states, kept, y_hat):
    """For t = T … 1: at state⟨t⟩ two streams meet, one from ŷ⟨t⟩ and one from state⟨t+1⟩; and the shares of (4)"""
    (_, step_back), n_a = CELLS[cell], weights["readout"][0].shape[1]
    d_states, shares = [np.zeros_like(state) for state in states], []
    for t in range(len(x), 0, -1):
        d_a, of_readout = answer_back(weights["readout"], states[t][:n_a], y_hat[t - 1], y[t - 1])
        d_states[t][:n_a] += d_a
        d_states[t - 1], of_rnn = step_back(weights["rnn"], states[t - 1], x[t - 1], kept[t - 1], d_states[t])
        shares.insert(0, {"rnn": of_rnn, "readout": of_readout})
    return d_states, shares


def gradient(weights, shares):
    """(4)  ∂ℒ/∂W = Σ_t ∂ℒ/∂W|(t), of every weight in every group"""
    landed = {group: [share[group] for share in shares if group in share] for group in weights}
    return {group: tuple(map(sum, zip(*parts, strict=True))) for group, parts in landed.items()}
