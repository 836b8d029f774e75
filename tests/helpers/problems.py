"""What the exact tests run on: a network with random weights and biases, and random data."""

from dataclasses import dataclass, replace

import numpy as np

from core.attention import Attention
from core.backward import BackwardTrace, backward
from core.cells import CELLS, Cell
from core.forward import ForwardTrace, forward
from core.linalg import input_product
from core.losses import LOSSES, Loss
from core.parameters import Parameters, Readout, Reverse
from core.structures import NO_TARGET, STRUCTURES, Reads, Slot, Slots

ATTENTIVE = "many-to-many, Tx ≠ Ty, with attention"
BOTH = "many-to-many, Tx = Ty, in both directions"
RETURNING = "a group that comes back"
TABLES = STRUCTURES | {
    BOTH: STRUCTURES["many-to-many, Tx = Ty"],
    ATTENTIVE: STRUCTURES["many-to-many, Tx ≠ Ty"],
    RETURNING: lambda Tx, Ty: tuple(Slot(group, Reads.INPUT, True) for group in "aabba"),
}
N_X, N_A, TX, TY = 7, 5, 5, 4
N_Y = {"sigmoid": 1, "softmax": 4}
CLEAR_OF_KINK = 1e-3  # |z| of ReLU, a hundred times what the nudges of a gradient check move it


@dataclass(frozen=True)
class Problem:
    """A network, an input, and what it should have answered"""

    cell_name: str
    loss_name: str
    cell: Cell
    slots: Slots
    params: Parameters
    x: np.ndarray  # (T, B) ids or (T, B, N_X) vectors
    targets: np.ndarray  # (T, B)
    start: np.ndarray | float = 0.0  # state⟨0⟩, one for all examples (n_state,) or one each (B, n_state)
    lengths: tuple[int, ...] | None = None  # of examples that end before T

    @property
    def n_a(self) -> int:
        return self.params["readout"].Wya.shape[1]

    @property
    def n_state(self) -> int:
        return self.cell.state_size(self.n_a)

    def forward(self, params: Parameters | None = None) -> ForwardTrace:
        return forward(self.cell, params or self.params, self.slots, self.x, self.start, self.lengths)

    def loss(self, params: Parameters | None = None) -> Loss:
        return LOSSES[self.loss_name](self.forward(params).logits, self.targets)

    def backward(self) -> BackwardTrace:
        return backward(self.forward(), self.loss())

    def only_due_at(self, s: int) -> "Problem":
        """The same, but of all losses only ℒ⟨s⟩ counts."""
        here = np.arange(1, len(self.slots) + 1)[:, None] == s
        return replace(self, targets=np.where(here, self.targets, NO_TARGET))


def draw(cell: str, loss: str, structure: str, B: int = 3, vectors: bool = False, seed: int = 0) -> Problem:
    """Nothing is zero but a⟨0⟩. Of the first example only the first and last answer are due; of the others all are."""
    rng, slots = np.random.default_rng(seed), TABLES[structure](TX, TY)
    T, n_y = len(slots), N_Y[loss]
    params: Parameters = {slot.group: CELLS[cell].start(rng, N_X, N_A) for slot in slots}
    params["readout"] = Readout(np.empty((n_y, N_A)), np.empty(n_y))
    if structure == ATTENTIVE:
        params["attention"] = Attention(np.empty((n_y, N_A)))
    if structure == BOTH:
        params["reverse"] = Reverse(*CELLS[cell].start(rng, N_X, N_A), np.empty((n_y, N_A)))
    params = {group: type(arrays)(*(rng.normal(0, 0.6, W.shape) for W in arrays)) for group, arrays in params.items()}
    x = rng.normal(size=(T, B, N_X)) if vectors else rng.integers(0, N_X, (T, B))
    due = np.flatnonzero([slot.answers for slot in slots])
    targets = np.full((T, B), NO_TARGET)
    targets[due] = rng.integers(0, max(n_y, 2), (len(due), B))
    targets[due[1:-1], 0] = NO_TARGET
    problem = Problem(cell, loss, CELLS[cell], slots, params, x, targets)
    # Across the kink of ReLU a central difference means nothing: draw again until every z keeps away from it.
    return (
        problem
        if cell != "relu" or nearest_kink(problem) > CLEAR_OF_KINK
        else draw(cell, loss, structure, B, vectors, seed + 1)
    )


def nearest_kink(problem: Problem) -> float:
    trace = problem.forward()
    streams = [trace, trace.reverse] if trace.reverse else [trace]
    z = [
        stream.state[t] @ p.Waa.T + input_product(p.Wax, stream.x[t : t + 1])[0] + p.ba
        for stream in streams
        for t, p in enumerate(stream.params[slot.group] for slot in stream.slots)
    ]
    return float(np.abs(z).min())
