"""One example through one network, forward and backward."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core import gradient_flow
from core.backward import BackwardTrace, backward
from core.cells import CELLS
from core.forward import ForwardTrace, forward
from core.losses import Loss
from core.parameters import Parameters
from explorer.compute.sentence import people_task

# One look at the network ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unrolled:
    """One sentence through one network, forward and backward: all that the pages draw of it"""

    words: tuple[str, ...]
    targets: np.ndarray  # (T, 1)
    trace: ForwardTrace
    loss: Loss
    back: BackwardTrace

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def reach(self) -> np.ndarray:
        """‖∂ℒ⟨s⟩/∂state⟨k⟩‖ (T, T), at [s − 1, k − 1]; the state is a, of the LSTM a and c together"""
        return gradient_flow.credit_matrix(self.back, part="state")[..., 0]

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def shares(self) -> dict[str, np.ndarray]:
        """‖∂ℒ/∂W|(t)‖ (T,) of every weight W; of an encoder and a decoder each step adds to its own weights only"""
        shares: dict[str, np.ndarray] = {}
        for name, norms in self.back.share_norms().items():
            weight = name.split(".")[1]
            shares[weight] = shares.get(weight, 0) + norms
        return shares


def unroll(params: Parameters, activation: str, words: tuple[str, ...], labels: tuple[int, ...]) -> Unrolled:
    x = people_task().vocabulary.encode(words)[:, None]
    targets = np.array(labels)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):  # an exploding network is worth looking at, too
        trace = forward(CELLS[activation], params, people_task().slots(len(words)), x)
        loss = people_task().loss(trace.logits, targets)
        return Unrolled(words, targets, trace, loss, backward(trace, loss))
