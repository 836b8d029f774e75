"""An independent referee: the lecture's equations as they stand there, differentiated by the package autograd.

One vector at a time, one matrix for each gate, which meets the past and the input end to end: W [past, x⟨t⟩] + b.
"""

import autograd.numpy as anp
import numpy as np
from autograd import grad

from core.parameters import Parameters
from core.structures import NO_TARGET
from tests.helpers.problems import Problem

MATRICES = {"tanh": "a", "relu": "a", "gru": "urc", "lstm": "ufoc"}  # Wa; Wu, Wr, Wc; Wu, Wf, Wo, Wc


def sigma(z):
    return 1 / (1 + anp.exp(-z))


def affine(w: dict, gate: str, past, x):
    return anp.dot(w[f"W{gate}"], anp.concatenate([past, x])) + w[f"b{gate}"]


def tanh_step(w, a, x):
    return anp.tanh(affine(w, "a", a, x))


def relu_step(w, a, x):
    return anp.maximum(affine(w, "a", a, x), 0.0)


def gru_step(w, c, x):
    update, relevance = sigma(affine(w, "u", c, x)), sigma(affine(w, "r", c, x))
    candidate = anp.tanh(affine(w, "c", relevance * c, x))
    return update * candidate + (1 - update) * c


def lstm_step(w, state, x):
    a, c = anp.split(state, 2)
    update, forget, output = (sigma(affine(w, gate, a, x)) for gate in "ufo")
    c = update * anp.tanh(affine(w, "c", a, x)) + forget * c
    return anp.concatenate([output * anp.tanh(c), c])


STEPS = {"tanh": tanh_step, "relu": relu_step, "gru": gru_step, "lstm": lstm_step}
G2 = {"sigmoid": sigma, "softmax": lambda z: anp.exp(z) / anp.sum(anp.exp(z))}
LOSSES = {
    "sigmoid": lambda y_hat, y: -y * anp.log(y_hat[0]) - (1 - y) * anp.log(1 - y_hat[0]),
    "softmax": lambda y_hat, y: -anp.log(y_hat[y]),
}


def context(a, heard: list):
    """Σ_s softmax_s(a · a⟨s⟩) a⟨s⟩"""
    scores = anp.array([anp.dot(a, a_s) for a_s in heard])
    alpha = anp.exp(scores) / anp.sum(anp.exp(scores))
    return sum(alpha[s] * a_s for s, a_s in enumerate(heard))


def apart(tree: Parameters, cell: str) -> dict[str, dict[str, np.ndarray]]:
    """The stack of weights (or of gradients) as separate matrices: {"rnn": {"Wu": (n_a, n_a + n_x), "bu": ...}, ...}"""
    gates = MATRICES[cell]
    matrices = {group: tree[group]._asdict() for group in ("readout", "attention") if group in tree}
    for group, p in tree.items():
        if group not in matrices:
            blocks = zip(gates, *(np.split(array, len(gates)) for array in (p.Waa, p.Wax, p.ba)), strict=True)
            named = [{f"W{gate}": np.hstack([Wa, Wx]), f"b{gate}": b} for gate, Wa, Wx, b in blocks]
            matrices[group] = {name: array for pair in named for name, array in pair.items()}
            if group == "reverse":
                matrices[group]["Wya"] = p.Wya
    return matrices


def total(weights: dict, problem: Problem, x, start=None):
    """ℒ, mean over examples;  weights: `apart`, x (T, B, n_x) dense or a list of T (B, n_x), start (B, n_state)"""
    step, g2, loss = STEPS[problem.cell_name], G2[problem.loss_name], LOSSES[problem.loss_name]
    T, B = len(x), len(x[0])
    summed = 0.0
    for b in range(B):
        end = problem.lengths[b] if problem.lengths else T
        ahead, later = anp.zeros(problem.n_state), {}
        for t in reversed(range(end)) if "reverse" in weights else ():
            later[t] = ahead = step(weights["reverse"], ahead, x[t][b])
        state, heard = anp.zeros(problem.n_state) if start is None else start[b], []
        for t in range(end):
            state = step(weights[problem.slots[t].group], state, x[t][b])
            a = state[: problem.n_a]
            logits = anp.dot(weights["readout"]["Wya"], a) + weights["readout"]["by"]
            if problem.slots[t].group == "encoder":
                heard = [*heard, a]
            elif "attention" in weights:
                logits = logits + anp.dot(weights["attention"]["Wyc"], context(a, heard))
            if t in later:
                logits = logits + anp.dot(weights["reverse"]["Wya"], later[t][: problem.n_a])
            y_hat = g2(logits)
            if problem.targets[t, b] != NO_TARGET:
                summed = summed + loss(y_hat, problem.targets[t, b])
    return summed / B


gradients = grad(total)
input_gradients = grad(total, 2)
start_gradients = grad(total, 3)
