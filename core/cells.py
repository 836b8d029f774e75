"""A cell: one step of the recurrence, and the same step backward.

z⟨t⟩ is what stands inside g1. What the input adds to it, Wax x⟨t⟩ + ba, does not depend on the past: it is known for
all steps before the first one runs. What the way back needs to know of each step follows from the states, so it is
computed for all steps at once before the way back begins.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from core.activations import RELU, TANH, Activation, sigmoid
from core.initialisers import INITIALISERS, Initialisation
from core.linalg import flatten_steps, input_gradient, sum_of_outer_products


class CellWeights(NamedTuple):
    """The weights of a recurrent cell; n rows are n_a for the plain cell, 3 n_a for the GRU, 4 n_a for the LSTM"""

    Waa: np.ndarray  # (n, n_a)
    Wax: np.ndarray  # (n, n_x)
    ba: np.ndarray  # (n,)


class Cell(Protocol):
    """What every cell answers, so that the engine never asks which cell it runs; a⟨t⟩ stands first in a state"""

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation = Initialisation()
    ) -> CellWeights:
        """Weights to begin with: Waa as `how` says, random Wax, zero ba"""

    def state_size(self, n_a: int) -> int:
        """n_state, how many numbers the state has"""

    def state_slices(self, n_a: int) -> dict[str, slice]:
        """Where in the state a⟨t⟩ stands and, if the cell has one, its memory c⟨t⟩"""

    def step(self, p: CellWeights, state: np.ndarray, input_term: np.ndarray) -> np.ndarray:
        """Equation (1): state⟨t−1⟩ (B, n_state) and Wax x⟨t⟩ + ba (B, n) -> state⟨t⟩"""

    def slopes(self, p: CellWeights, state: np.ndarray, input_term: np.ndarray) -> np.ndarray:
        """Of all steps, what the two below need to know: (T+1, B, n_state), (T, B, n) -> (T, ..., B, n_a)"""

    def step_back(self, p: CellWeights, slope: np.ndarray, d_state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The gradient that travels: ∂ℒ/∂state⟨t⟩ (B, n_state) -> what it sends to state⟨t−1⟩, and ∂ℒ/∂z⟨t⟩ (B, n)

        With what ŷ⟨t−1⟩ sends there, it is ∂ℒ/∂state⟨t−1⟩. Linear in what it is given.
        """

    def param_grads(
        self, p: CellWeights, slopes: np.ndarray, state_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray
    ) -> CellWeights:
        """The gradient that lands, equation (4): ∂ℒ/∂W of every weight, from all steps at once

        slopes as above; state_prev, state⟨t−1⟩ (T, B, n_state); x (T, B) or (T, B, n_x); d_z, ∂ℒ/∂z⟨t⟩ (T, B, n)
        """


def initial_weights(rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation, blocks: int) -> CellWeights:
    """Random weights, zero biases, one block of n_a rows for each gate (the plain cell has one block).

    Of a one-hot input only one entry is not 0, so the fan-in of Wax counts as 1.
    """
    Waa = np.concatenate([INITIALISERS[how.initialisation](rng, n_a, how.radius) for _ in range(blocks)])
    Wax = rng.normal(0.0, np.sqrt(2 / (1 + n_a)), (n_x, blocks * n_a)).T  # a word's column in one piece of memory
    return CellWeights(Waa, Wax, np.zeros(blocks * n_a))


@dataclass(frozen=True)
class VanillaRNN:
    """The plain recurrent cell: a⟨t⟩ = g1(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba)"""

    g1: Activation = TANH

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation = Initialisation()
    ) -> CellWeights:
        return initial_weights(rng, n_x, n_a, how, blocks=1)

    def state_size(self, n_a: int) -> int:
        return n_a

    def state_slices(self, n_a: int) -> dict[str, slice]:
        return {"a": slice(0, n_a)}

    def step(self, p: CellWeights, a_prev: np.ndarray, input_term: np.ndarray) -> np.ndarray:
        """a⟨t⟩ = g1(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba);  a_prev (B, n_a), input_term = Wax x⟨t⟩ + ba (B, n_a)"""
        return self.g1.g(a_prev @ p.Waa.T + input_term)

    def slopes(self, p: CellWeights, a: np.ndarray, input_term: np.ndarray) -> np.ndarray:
        """g1'(z⟨t⟩) for every step at once;  a (T+1, B, n_a) -> (T, B, n_a)"""
        return self.g1.slope(a[1:])

    def step_back(self, p: CellWeights, slope: np.ndarray, d_a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """∂ℒ/∂z⟨t⟩ = g1'(z⟨t⟩) ⊙ ∂ℒ/∂a⟨t⟩, and what travels on: Waaᵀ ∂ℒ/∂z⟨t⟩;  all (B, n_a)"""
        d_z = slope * d_a
        return d_z @ p.Waa, d_z

    def param_grads(
        self, p: CellWeights, slopes: np.ndarray, a_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray
    ) -> CellWeights:
        """Eq. (4): ∂ℒ/∂Waa = Σ_t ∂ℒ/∂z⟨t⟩ a⟨t−1⟩ᵀ, ∂ℒ/∂Wax = Σ_t ∂ℒ/∂z⟨t⟩ x⟨t⟩ᵀ, ∂ℒ/∂ba = Σ_t ∂ℒ/∂z⟨t⟩"""
        return CellWeights(
            sum_of_outer_products(d_z, a_prev), input_gradient(d_z, x, p.Wax.shape[1]), flatten_steps(d_z).sum(0)
        )


# Gates --------------------------------------------------------------------------------------------------------------
#
# A gate is a number between 0 and 1 for every unit, computed from the past and the input: it says how much passes. All
# gates of a cell are kept in one stack of weights, so one matrix product serves them: the first n_a rows of Waa, Wax
# and ba belong to the first gate, the next n_a to the second, and so on. Each block is one matrix of the lecture.


def stack_of_steps(slopes: list[np.ndarray], shape: tuple[int, int, int]) -> np.ndarray:
    """Slopes, each (T·B, n_a), as one array (T, how many, B, n_a), so that [t−1] is step t;  shape (T, B, n_a)"""
    return np.stack([slope.reshape(shape) for slope in slopes], axis=1)


class GRUGates(NamedTuple):
    """What `GRU.gates` finds, each (..., n_a)"""

    u: np.ndarray  # Γu, update: 1 writes c̃, 0 keeps the old value
    r: np.ndarray  # Γr, relevance: how much of the past c̃ may see
    c_tilde: np.ndarray  # c̃, the candidate


@dataclass(frozen=True)
class GRU:
    """c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + (1 − Γu) ⊙ c⟨t−1⟩, a⟨t⟩ = c⟨t⟩, in the lecture's letters.

    Source: Cho et al. 2014; Γu this way round as in Chung et al. 2014.
    """

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation = Initialisation()
    ) -> CellWeights:
        """Rows of the weights: Wu, Wr, Wc"""
        return initial_weights(rng, n_x, n_a, how, blocks=3)

    def state_size(self, n_a: int) -> int:
        return n_a

    def state_slices(self, n_a: int) -> dict[str, slice]:
        return {"a": slice(0, n_a), "c": slice(0, n_a)}

    def gates(self, p: CellWeights, c_prev: np.ndarray, input_term: np.ndarray) -> GRUGates:
        """Γu, Γr = σ(Wuc c⟨t−1⟩ + Wux x⟨t⟩ + bu), likewise r; c̃ = tanh(Wcc (Γr ⊙ c⟨t−1⟩) + Wcx x⟨t⟩ + bc)

        c_prev (..., n_a), input_term (..., 3 n_a): one step, or all steps at once
        """
        n = c_prev.shape[-1]
        u_and_r = sigmoid(c_prev @ p.Waa[: 2 * n].T + input_term[..., : 2 * n])
        u, r = u_and_r[..., :n], u_and_r[..., n:]
        return GRUGates(u, r, np.tanh((r * c_prev) @ p.Waa[2 * n :].T + input_term[..., 2 * n :]))

    def step(self, p: CellWeights, c_prev: np.ndarray, input_term: np.ndarray) -> np.ndarray:
        """c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + (1 − Γu) ⊙ c⟨t−1⟩;  c_prev (B, n_a), input_term (B, 3 n_a)"""
        u, _, c_tilde = self.gates(p, c_prev, input_term)
        return u * c_tilde + (1 - u) * c_prev

    def slopes(self, p: CellWeights, c: np.ndarray, input_term: np.ndarray) -> np.ndarray:
        """For all steps (T, 5, B, n_a): ∂c/∂c⟨t−1⟩ direct, ∂c/∂z_u, ∂c/∂z_c, ∂(Γr ⊙ c⟨t−1⟩)/∂z_r, and Γr"""
        c_prev = flatten_steps(c[:-1])
        u, r, c_tilde = self.gates(p, c_prev, flatten_steps(input_term))
        to_z = [(c_tilde - c_prev) * u * (1 - u), u * (1 - c_tilde * c_tilde), c_prev * r * (1 - r)]
        return stack_of_steps([1 - u, *to_z, r], c[1:].shape)

    def step_back(self, p: CellWeights, slope: np.ndarray, d_c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """∂ℒ/∂c⟨t⟩ travels on to c⟨t−1⟩ by four ways: kept, through Γu, through c̃, through Γr;  ∂ℒ/∂z⟨t⟩ (…, 3 n_a)

        What arrives, with what ŷ⟨t−1⟩ sends there, is ∂ℒ/∂c⟨t−1⟩.
        """
        n = d_c.shape[-1]
        kept, to_u, to_c, to_r, r = slope
        d_z_c = d_c * to_c  # c⟨t⟩ = Γu ⊙ c̃ + …, c̃ = tanh(z_c)
        d_past = d_z_c @ p.Waa[2 * n :]  # z_c = Wcc (Γr ⊙ c⟨t−1⟩) + …
        d_z = np.concatenate([d_c * to_u, d_past * to_r, d_z_c], axis=-1)  # Γu = σ(z_u), Γr = σ(z_r)
        return d_c * kept + d_past * r + d_z[..., : 2 * n] @ p.Waa[: 2 * n], d_z  # c⟨t−1⟩ in c⟨t⟩, z_c, and z_u, z_r

    def param_grads(
        self, p: CellWeights, slopes: np.ndarray, c_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray
    ) -> CellWeights:
        """Eq. (4): the past of the gates is c⟨t−1⟩, that of c̃ is Γr ⊙ c⟨t−1⟩"""
        n = c_prev.shape[-1]
        *_, r = slopes.swapaxes(0, 1)
        d_Waa = np.concatenate(
            [sum_of_outer_products(d_z[..., : 2 * n], c_prev), sum_of_outer_products(d_z[..., 2 * n :], r * c_prev)]
        )
        return CellWeights(d_Waa, input_gradient(d_z, x, p.Wax.shape[1]), flatten_steps(d_z).sum(0))


class LSTMGates(NamedTuple):
    """What `LSTM.gates` finds, each (..., n_a)"""

    u: np.ndarray  # Γu, update: how much of c̃ is written
    f: np.ndarray  # Γf, forget: 1 keeps the old value, 0 forgets it
    o: np.ndarray  # Γo, output: how much of the memory shows in a
    c_tilde: np.ndarray  # c̃, the candidate


@dataclass(frozen=True)
class LSTM:
    """c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + Γf ⊙ c⟨t−1⟩, a⟨t⟩ = Γo ⊙ tanh c⟨t⟩; the state is [a, c]. Source: Gers et al. 2000."""

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation = Initialisation()
    ) -> CellWeights:
        """Rows of the weights: Wu, Wf, Wo, Wc; bf starts at the forget bias, so that memory is kept at first"""
        p = initial_weights(rng, n_x, n_a, how, blocks=4)
        p.ba[n_a : 2 * n_a] = how.forget_bias
        return p

    def state_size(self, n_a: int) -> int:
        return 2 * n_a

    def state_slices(self, n_a: int) -> dict[str, slice]:
        return {"a": slice(0, n_a), "c": slice(n_a, 2 * n_a)}

    def gates(self, p: CellWeights, a_prev: np.ndarray, input_term: np.ndarray) -> LSTMGates:
        """Γ = σ(W a⟨t−1⟩ + W x⟨t⟩ + b) for u, f, o; c̃ with tanh.  a_prev (..., n_a), input_term (..., 4 n_a)"""
        n = a_prev.shape[-1]
        z = a_prev @ p.Waa.T
        z += input_term
        gates = sigmoid(z[..., : 3 * n])
        return LSTMGates(gates[..., :n], gates[..., n : 2 * n], gates[..., 2 * n :], np.tanh(z[..., 3 * n :]))

    def step(self, p: CellWeights, state: np.ndarray, input_term: np.ndarray) -> np.ndarray:
        """c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + Γf ⊙ c⟨t−1⟩, a⟨t⟩ = Γo ⊙ tanh c⟨t⟩;  state (B, 2 n_a)"""
        n = state.shape[-1] // 2
        u, f, o, c_tilde = self.gates(p, state[..., :n], input_term)
        c = u * c_tilde + f * state[..., n:]
        return np.concatenate([o * np.tanh(c), c], axis=-1)

    def slopes(self, p: CellWeights, state: np.ndarray, input_term: np.ndarray) -> np.ndarray:
        """For all steps (T, 6, B, n_a): ∂c/∂z_u, ∂c/∂z_f, ∂a/∂z_o, ∂c/∂z_c, ∂a/∂c, and Γf = ∂c/∂c⟨t−1⟩"""
        n = state.shape[-1] // 2
        a, c = state[..., :n], state[..., n:]
        c_prev, tanh_c = flatten_steps(c[:-1]), np.tanh(flatten_steps(c[1:]))
        u, f, o, c_tilde = self.gates(p, flatten_steps(a[:-1]), flatten_steps(input_term))
        to_z = [c_tilde * u * (1 - u), c_prev * f * (1 - f), tanh_c * o * (1 - o), u * (1 - c_tilde * c_tilde)]
        return stack_of_steps([*to_z, o * (1 - tanh_c * tanh_c), f], c[1:].shape)

    def step_back(self, p: CellWeights, slope: np.ndarray, d_state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """∂ℒ/∂[a, c]⟨t⟩ travels on: to c⟨t−1⟩ straight through Γf, to a⟨t−1⟩ by all gates;  ∂ℒ/∂z⟨t⟩ (…, 4 n_a)

        What arrives, with what ŷ⟨t−1⟩ sends to a⟨t−1⟩, is ∂ℒ/∂[a, c]⟨t−1⟩.
        """
        n = d_state.shape[-1] // 2
        to_u, to_f, to_o, to_c, a_to_c, f = slope
        d_a = d_state[..., :n]
        d_c = d_state[..., n:] + d_a * a_to_c  # a⟨t⟩ = Γo ⊙ tanh c⟨t⟩
        d_z = np.concatenate([d_c * to_u, d_c * to_f, d_a * to_o, d_c * to_c], axis=-1)  # Γ = σ(z), c̃ = tanh(z_c)
        return np.concatenate([d_z @ p.Waa, d_c * f], axis=-1), d_z  # z = Waa a⟨t−1⟩ + …, c⟨t⟩ = … + Γf ⊙ c⟨t−1⟩

    def param_grads(
        self, p: CellWeights, slopes: np.ndarray, state_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray
    ) -> CellWeights:
        """Eq. (4), with a⟨t−1⟩ as the past of every gate"""
        a_prev = state_prev[..., : len(p.Waa) // 4]
        return CellWeights(
            sum_of_outer_products(d_z, a_prev), input_gradient(d_z, x, p.Wax.shape[1]), flatten_steps(d_z).sum(0)
        )


CELLS: dict[str, Cell] = {"tanh": VanillaRNN(TANH), "relu": VanillaRNN(RELU), "gru": GRU(), "lstm": LSTM()}
