"""A cell: one step of the recurrence, and the same step backward.

z⟨t⟩ is what stands inside g1. What the input adds to it, Wax x⟨t⟩ + ba, does not depend on the past: it is known for
all steps before the first one runs. A step keeps what it computed on its way, the gates above all. So nothing of it is
computed again, and the local derivatives of all steps are known before the way back begins.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from core.activations import RELU, TANH, Activation, sigmoid
from core.initialisers import INITIALISERS, Initialisation
from core.linalg import flatten_steps, input_gradient, sum_of_outer_products

Out = np.ndarray | None  # an array that takes the result, if there is one


class CellWeights(NamedTuple):
    """The weights of a recurrent cell; n rows are n_a for the plain cell, 3 n_a for the GRU, 4 n_a for the LSTM"""

    Waa: np.ndarray  # (n, n_a)
    Wax: np.ndarray  # (n, n_x)
    ba: np.ndarray  # (n,)


class Cell(Protocol):
    """What every cell answers, so that the engine never asks which cell it runs; a⟨t⟩ stands first in a state"""

    kept_record: type[Any]  # the record of what a step keeps: named blocks, each (..., n_a)

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation = Initialisation()
    ) -> CellWeights:
        """Weights to begin with: Waa as `how` says, random Wax, zero ba but for the biases of gates that `how` names"""

    def state_size(self, n_a: int) -> int:
        """n_state, how many numbers the state has"""

    def state_slices(self, n_a: int) -> dict[str, slice]:
        """Where in the state a⟨t⟩ stands and, if the cell has one, its memory c⟨t⟩"""

    def step(
        self, p: CellWeights, state_prev: np.ndarray, input_term: np.ndarray, out: Out = None, kept: Out = None
    ) -> np.ndarray:
        """Equation (1): state⟨t−1⟩ (B, n_state) and Wax x⟨t⟩ + ba (B, n) -> state⟨t⟩

        `out` (B, n_state) takes the answer, and `kept` (B, blocks · n_a) what was computed on the way.
        """

    def local_derivatives(self, state: np.ndarray, kept: Any) -> Any:
        """Of all steps, what `step_back` needs to know: (T+1, B, n_state), what was kept -> a record of (T, B, n_a)"""

    def step_back(
        self, p: CellWeights, local: Any, d_state: np.ndarray, out: Out = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The gradient that travels: ∂ℒ/∂state⟨t⟩ (B, n_state) -> what it sends to state⟨t−1⟩, and ∂ℒ/∂z⟨t⟩ (B, n)

        With what ŷ⟨t−1⟩ sends there, it is ∂ℒ/∂state⟨t−1⟩. Linear in what it is given. `out` (B, n) takes ∂ℒ/∂z⟨t⟩.
        """

    def along_memory(self, local: Any, d_state: np.ndarray) -> np.ndarray | None:
        """Of what `step_back` sends to state⟨t−1⟩, the part that no weight has a say in, the memory's own way

        (B, n_state) -> (B, n_state); None of a cell that has no memory beside a⟨t⟩.
        """

    def from_past(self, p: CellWeights, kept: Any, state_prev: np.ndarray) -> np.ndarray:
        """What Waa adds to z⟨t⟩ (T, B, n); kept, the record of these steps; state_prev (T, B, n_state)

        Linear in p: of weights that were moved by some Δ, what Δ would add if no state changed.
        """

    def param_grads(
        self, p: CellWeights, kept: Any, state_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray
    ) -> CellWeights:
        """The gradient that lands, equation (4): ∂ℒ/∂W of every weight, from all steps at once

        kept, the record of these steps; state_prev, state⟨t−1⟩ (T, B, n_state); x (T, B) or (T, B, n_x);
        d_z, ∂ℒ/∂z⟨t⟩ (T, B, n)
        """


def initial_weights(rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation, blocks: int) -> CellWeights:
    """Random weights, zero biases, one block of n_a rows for each gate (the plain cell has one block).

    Of a one-hot input only one entry is not 0, so the fan-in of Wax counts as 1.
    """
    Waa = np.concatenate([INITIALISERS[how.initialisation](rng, n_a, how.spectral_radius) for _ in range(blocks)])
    Wax = rng.normal(0.0, np.sqrt(2 / (1 + n_a)), (n_x, blocks * n_a)).T  # a word's column in one piece of memory
    return CellWeights(Waa, Wax, np.zeros(blocks * n_a))


# What a step keeps stands in one stack, block by block, and has names in a record.


def named(record: type[Any], stack: np.ndarray) -> Any:
    """The blocks of a stack (..., blocks · n_a), each (..., n_a), under the names of a record"""
    blocks = len(record._fields)
    n = stack.shape[-1] // max(blocks, 1)
    return record(*[stack[..., i * n : (i + 1) * n] for i in range(blocks)])


def in_steps(record: Any, steps: Any) -> Any:
    """Of a record, each (T, B, n_a), one step or some"""
    return type(record)(*[array[steps] for array in record])


class NothingKept(NamedTuple):
    """On its way to a⟨t⟩ the plain cell computes nothing that a⟨t⟩ itself does not tell"""


class VanillaDerivatives(NamedTuple):
    """Of every step (T, B, n_a)"""

    a_by_z: np.ndarray  # g1'(z⟨t⟩)


@dataclass(frozen=True)
class VanillaRNN:
    """The plain recurrent cell: a⟨t⟩ = g1(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba)"""

    g1: Activation = TANH
    kept_record = NothingKept

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation = Initialisation()
    ) -> CellWeights:
        return initial_weights(rng, n_x, n_a, how, blocks=1)

    def state_size(self, n_a: int) -> int:
        return n_a

    def state_slices(self, n_a: int) -> dict[str, slice]:
        return {"a": slice(0, n_a)}

    def step(
        self, p: CellWeights, a_prev: np.ndarray, input_term: np.ndarray, out: Out = None, kept: Out = None
    ) -> np.ndarray:
        """a⟨t⟩ = g1(Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba);  a_prev (B, n_a), input_term = Wax x⟨t⟩ + ba (B, n_a)"""
        z = np.matmul(a_prev, p.Waa.mT, out=out)
        z += input_term
        z[...] = self.g1.g(z)
        return z

    def local_derivatives(self, a: np.ndarray, kept: NothingKept) -> VanillaDerivatives:
        """g1'(z⟨t⟩) for every step at once;  a (T+1, B, n_a) -> (T, B, n_a)"""
        return VanillaDerivatives(self.g1.slope(a[1:]))

    def step_back(
        self, p: CellWeights, local: VanillaDerivatives, d_a: np.ndarray, out: Out = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """∂ℒ/∂z⟨t⟩ = g1'(z⟨t⟩) ⊙ ∂ℒ/∂a⟨t⟩, and what travels on: Waaᵀ ∂ℒ/∂z⟨t⟩;  all (B, n_a)"""
        d_z = np.multiply(local.a_by_z, d_a, out=out)
        return np.matmul(d_z, p.Waa, out=np.empty_like(d_a)), d_z

    def along_memory(self, local: VanillaDerivatives, d_a: np.ndarray) -> None:
        """All that travels goes through Waa"""
        return None

    def from_past(self, p: CellWeights, kept: NothingKept, a_prev: np.ndarray) -> np.ndarray:
        """Waa a⟨t−1⟩"""
        return a_prev @ p.Waa.T

    def param_grads(
        self, p: CellWeights, kept: NothingKept, a_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray
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


class GRUKept(NamedTuple):
    """What a step of the GRU keeps, each (..., n_a)"""

    u: np.ndarray  # Γu, update: 1 writes c̃, 0 keeps the old value
    r: np.ndarray  # Γr, relevance: how much of the past c̃ may see
    c_tilde: np.ndarray  # c̃, the candidate
    past: np.ndarray  # Γr ⊙ c⟨t−1⟩, the past that c̃ sees


class GRUDerivatives(NamedTuple):
    """Of every step, each (T, B, n_a): ∂ of the first by the second, the other ways apart"""

    c_by_c_prev: np.ndarray
    c_by_z_u: np.ndarray
    c_by_z_c: np.ndarray
    past_by_z_r: np.ndarray
    past_by_c_prev: np.ndarray


@dataclass(frozen=True)
class GRU:
    """c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + (1 − Γu) ⊙ c⟨t−1⟩, a⟨t⟩ = c⟨t⟩, in the lecture's letters.

    Source: Cho et al. 2014; Γu this way round as in Chung et al. 2014.
    """

    kept_record = GRUKept

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation = Initialisation()
    ) -> CellWeights:
        """Rows of the weights: Wu, Wr, Wc; bu starts at the update bias: where Γu is near 0, the old value is kept"""
        p = initial_weights(rng, n_x, n_a, how, blocks=3)
        p.ba[:n_a] = how.update_bias
        return p

    def state_size(self, n_a: int) -> int:
        return n_a

    def state_slices(self, n_a: int) -> dict[str, slice]:
        return {"a": slice(0, n_a), "c": slice(0, n_a)}

    def step(
        self, p: CellWeights, c_prev: np.ndarray, input_term: np.ndarray, out: Out = None, kept: Out = None
    ) -> np.ndarray:
        """Γu, Γr = σ(Wuc c⟨t−1⟩ + Wux x⟨t⟩ + bu), likewise r; c̃ = tanh(Wcc (Γr ⊙ c⟨t−1⟩) + Wcx x⟨t⟩ + bc);

        c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + (1 − Γu) ⊙ c⟨t−1⟩;  c_prev (B, n_a), input_term (B, 3 n_a)
        """
        n = c_prev.shape[-1]
        kept = np.empty((*c_prev.shape[:-1], 4 * n)) if kept is None else kept
        u, r, c_tilde, past = named(GRUKept, kept)
        z = np.matmul(c_prev, p.Waa[..., : 2 * n, :].mT, out=kept[..., : 2 * n])
        z += input_term[..., : 2 * n]
        sigmoid(z, out=z)  # Γu and Γr
        np.multiply(r, c_prev, out=past)
        z = np.matmul(past, p.Waa[..., 2 * n :, :].mT, out=c_tilde)
        z += input_term[..., 2 * n :]
        np.tanh(z, out=z)  # c̃
        c = np.multiply(u, c_tilde, out=out)
        c += (1 - u) * c_prev
        return c

    def local_derivatives(self, c: np.ndarray, kept: GRUKept) -> GRUDerivatives:
        """Γ = σ(z) has the slope Γ (1 − Γ), and c̃ = tanh(z) the slope 1 − c̃²;  c (T+1, B, n_a)"""
        u, r, c_tilde, past = kept
        return GRUDerivatives(
            c_by_c_prev=1 - u,
            c_by_z_u=(c_tilde - c[:-1]) * u * (1 - u),
            c_by_z_c=u * (1 - c_tilde * c_tilde),
            past_by_z_r=past * (1 - r),
            past_by_c_prev=r,
        )

    def step_back(
        self, p: CellWeights, local: GRUDerivatives, d_c: np.ndarray, out: Out = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """∂ℒ/∂c⟨t⟩ travels on to c⟨t−1⟩ by four ways: kept, through Γu, through c̃, through Γr;  ∂ℒ/∂z⟨t⟩ (…, 3 n_a)

        What arrives, with what ŷ⟨t−1⟩ sends there, is ∂ℒ/∂c⟨t−1⟩.
        """
        n = d_c.shape[-1]
        d_z_c = d_c * local.c_by_z_c  # c⟨t⟩ = Γu ⊙ c̃ + …, c̃ = tanh(z_c)
        d_past = np.matmul(d_z_c, p.Waa[2 * n :], out=np.empty_like(d_c))  # z_c = Wcc (Γr ⊙ c⟨t−1⟩) + …
        d_z = np.concatenate([d_c * local.c_by_z_u, d_past * local.past_by_z_r, d_z_c], axis=-1, out=out)
        travels = d_c * local.c_by_c_prev  # c⟨t⟩ = … + (1 − Γu) ⊙ c⟨t−1⟩
        travels += d_past * local.past_by_c_prev  # z_c
        travels += np.matmul(d_z[..., : 2 * n], p.Waa[: 2 * n], out=np.empty_like(d_c))  # z_u and z_r
        return travels, d_z

    def along_memory(self, local: GRUDerivatives, d_c: np.ndarray) -> np.ndarray:
        """(1 − Γu) ⊙ ∂ℒ/∂c⟨t⟩"""
        return d_c * local.c_by_c_prev

    def from_past(self, p: CellWeights, kept: GRUKept, c_prev: np.ndarray) -> np.ndarray:
        """Wuc c⟨t−1⟩, Wrc c⟨t−1⟩ and Wcc (Γr ⊙ c⟨t−1⟩)"""
        n = c_prev.shape[-1]
        return np.concatenate([c_prev @ p.Waa[: 2 * n].T, kept.past @ p.Waa[2 * n :].T], axis=-1)

    def param_grads(
        self, p: CellWeights, kept: GRUKept, c_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray
    ) -> CellWeights:
        """Eq. (4): the past of the gates is c⟨t−1⟩, that of c̃ is Γr ⊙ c⟨t−1⟩"""
        n = c_prev.shape[-1]
        d_Waa = np.concatenate(
            [sum_of_outer_products(d_z[..., : 2 * n], c_prev), sum_of_outer_products(d_z[..., 2 * n :], kept.past)]
        )
        return CellWeights(d_Waa, input_gradient(d_z, x, p.Wax.shape[1]), flatten_steps(d_z).sum(0))


class LSTMKept(NamedTuple):
    """What a step of the LSTM keeps, each (..., n_a)"""

    u: np.ndarray  # Γu, update: how much of c̃ is written
    f: np.ndarray  # Γf, forget: 1 keeps the old value, 0 forgets it
    o: np.ndarray  # Γo, output: how much of the memory shows in a
    c_tilde: np.ndarray  # c̃, the candidate
    tanh_c: np.ndarray  # tanh c⟨t⟩, the memory that could show


class LSTMDerivatives(NamedTuple):
    """Of every step, each (T, B, n_a): ∂ of the first by the second, the other ways apart"""

    c_by_z_u: np.ndarray
    c_by_z_f: np.ndarray
    a_by_z_o: np.ndarray
    c_by_z_c: np.ndarray
    a_by_c: np.ndarray
    c_by_c_prev: np.ndarray


@dataclass(frozen=True)
class LSTM:
    """c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + Γf ⊙ c⟨t−1⟩, a⟨t⟩ = Γo ⊙ tanh c⟨t⟩; the state is [a, c]. Source: Gers et al. 2000."""

    kept_record = LSTMKept

    def start(
        self, rng: np.random.Generator, n_x: int, n_a: int, how: Initialisation = Initialisation()
    ) -> CellWeights:
        """Rows of the weights: Wu, Wf, Wo, Wc; bu and bf say at first how much is written, and how much is kept"""
        p = initial_weights(rng, n_x, n_a, how, blocks=4)
        p.ba[:n_a], p.ba[n_a : 2 * n_a] = how.update_bias, how.forget_bias
        return p

    def state_size(self, n_a: int) -> int:
        return 2 * n_a

    def state_slices(self, n_a: int) -> dict[str, slice]:
        return {"a": slice(0, n_a), "c": slice(n_a, 2 * n_a)}

    def step(
        self, p: CellWeights, state_prev: np.ndarray, input_term: np.ndarray, out: Out = None, kept: Out = None
    ) -> np.ndarray:
        """Γ = σ(W a⟨t−1⟩ + W x⟨t⟩ + b) for u, f, o; c̃ with tanh; c⟨t⟩ = Γu ⊙ c̃⟨t⟩ + Γf ⊙ c⟨t−1⟩, a⟨t⟩ = Γo ⊙ tanh c⟨t⟩

        state_prev (B, 2 n_a), input_term (B, 4 n_a)
        """
        n = state_prev.shape[-1] // 2
        out = np.empty(state_prev.shape) if out is None else out
        kept = np.empty((*state_prev.shape[:-1], 5 * n)) if kept is None else kept
        u, f, o, c_tilde, tanh_c = named(LSTMKept, kept)
        z = np.matmul(state_prev[..., :n], p.Waa.mT, out=kept[..., : 4 * n])
        z += input_term
        gates = z[..., : 3 * n]
        sigmoid(gates, out=gates)  # Γu, Γf and Γo
        np.tanh(c_tilde, out=c_tilde)
        c = np.multiply(u, c_tilde, out=out[..., n:])
        c += f * state_prev[..., n:]
        np.tanh(c, out=tanh_c)
        np.multiply(o, tanh_c, out=out[..., :n])
        return out

    def local_derivatives(self, state: np.ndarray, kept: LSTMKept) -> LSTMDerivatives:
        """Γ = σ(z) has the slope Γ (1 − Γ), and tanh the slope 1 − tanh²;  state (T+1, B, 2 n_a)"""
        u, f, o, c_tilde, tanh_c = kept
        c_prev = state[:-1, ..., u.shape[-1] :]
        return LSTMDerivatives(
            c_by_z_u=c_tilde * u * (1 - u),
            c_by_z_f=c_prev * f * (1 - f),
            a_by_z_o=tanh_c * o * (1 - o),
            c_by_z_c=u * (1 - c_tilde * c_tilde),
            a_by_c=o * (1 - tanh_c * tanh_c),
            c_by_c_prev=f,
        )

    def step_back(
        self, p: CellWeights, local: LSTMDerivatives, d_state: np.ndarray, out: Out = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """∂ℒ/∂[a, c]⟨t⟩ travels on: to c⟨t−1⟩ straight through Γf, to a⟨t−1⟩ by all gates;  ∂ℒ/∂z⟨t⟩ (…, 4 n_a)

        What arrives, with what ŷ⟨t−1⟩ sends to a⟨t−1⟩, is ∂ℒ/∂[a, c]⟨t−1⟩.
        """
        n = d_state.shape[-1] // 2
        d_a = d_state[..., :n]
        d_c = d_state[..., n:] + d_a * local.a_by_c  # a⟨t⟩ = Γo ⊙ tanh c⟨t⟩
        d_gates = [d_c * local.c_by_z_u, d_c * local.c_by_z_f, d_a * local.a_by_z_o]  # Γ = σ(z)
        d_z = np.concatenate([*d_gates, d_c * local.c_by_z_c], axis=-1, out=out)  # c̃ = tanh(z_c)
        travels = np.empty_like(d_state)
        np.matmul(d_z, p.Waa, out=travels[..., :n])  # z = Waa a⟨t−1⟩ + …
        np.multiply(d_c, local.c_by_c_prev, out=travels[..., n:])  # c⟨t⟩ = … + Γf ⊙ c⟨t−1⟩
        return travels, d_z

    def along_memory(self, local: LSTMDerivatives, d_state: np.ndarray) -> np.ndarray:
        """Γf ⊙ all that has reached c⟨t⟩, what came there from a⟨t⟩ included; nothing of it goes to a⟨t−1⟩"""
        d_a, d_c = np.split(d_state, 2, axis=-1)
        kept = local.c_by_c_prev * (d_c + d_a * local.a_by_c)
        return np.concatenate([np.zeros_like(kept), kept], axis=-1)

    def from_past(self, p: CellWeights, kept: LSTMKept, state_prev: np.ndarray) -> np.ndarray:
        """Waa a⟨t−1⟩, of all gates"""
        return state_prev[..., : len(p.Waa) // 4] @ p.Waa.T

    def param_grads(
        self, p: CellWeights, kept: LSTMKept, state_prev: np.ndarray, x: np.ndarray, d_z: np.ndarray
    ) -> CellWeights:
        """Eq. (4), with a⟨t−1⟩ as the past of every gate"""
        a_prev = state_prev[..., : len(p.Waa) // 4]
        return CellWeights(
            sum_of_outer_products(d_z, a_prev), input_gradient(d_z, x, p.Wax.shape[1]), flatten_steps(d_z).sum(0)
        )


CELLS: dict[str, Cell] = {"tanh": VanillaRNN(TANH), "relu": VanillaRNN(RELU), "gru": GRU(), "lstm": LSTM()}
