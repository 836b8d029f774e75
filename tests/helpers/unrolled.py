"""All five structures on the stage: a random network on invented words, and what the stage gets of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.attention import Attention
from core.backward import backward
from core.cells import CELLS
from core.forward import forward
from core.initialisers import glorot
from core.losses import LOSSES
from core.parameters import Readout, Reverse
from core.structures import NO_TARGET, STRUCTURES
from core.training import Experiment
from explorer.components import machine, stage
from explorer.components.base import json_safe
from explorer.components.stage_texts import StageTexts, of_classes
from explorer.compute.jobs import people_job
from explorer.compute.unrolled import Example, Unrolled

ENGLISH = ["she", "reads", "a", "small", "book", "conservatory", "mademoiselle"]
WORDS = ["<START>", *ENGLISH, "<END>", "elle", "lit", "un", "petit", "livre", "B-PER", "Bb4 3/16"]
TRANSLATION = "many-to-many, Tx ≠ Ty"
SIGMOID = {"one-to-one", "many-to-one"}  # the structures that choose between two classes here
N_X = len(WORDS)


def unrolled(
    structure: str,
    Tx: int = 5,
    Ty: int = 6,
    *,
    n_a: int = 5,
    attends: bool = False,
    both: bool = False,
    labels: bool = True,
    cell: str = "gru",
    classes: int = N_X,
) -> Unrolled:
    rng = np.random.default_rng(Tx + 10 * Ty)
    slots = STRUCTURES[structure](Tx, Ty)
    n_y = 1 if structure in SIGMOID else classes
    params = {slot.group: CELLS[cell].start(rng, N_X, n_a) for slot in slots}
    params["readout"] = Readout(3 * glorot(rng, n_y, n_a), rng.normal(size=n_y))
    if attends:
        params["attention"] = Attention(glorot(rng, n_y, n_a))
    if both:
        params["reverse"] = Reverse(*CELLS[cell].start(rng, N_X, n_a), glorot(rng, n_y, n_a))
    x = rng.integers(0, N_X, (len(slots), 1))
    due = [labels and slot.answers for slot in slots]
    targets = np.where(due, rng.integers(0, max(n_y, 2), len(slots)), NO_TARGET)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):
        trace = forward(CELLS[cell], params, slots, x)
        loss = LOSSES["sigmoid" if n_y == 1 else "softmax"](trace.logits, targets)
        words, job = tuple(WORDS[i] for i in x[:, 0]), people_job(Experiment(cell=cell))
        example = Example(words, (), ())  # no task of the app has these words
        return Unrolled(job, example, words, targets, trace, loss, backward(trace, loss))


def columns(look: Unrolled, **others) -> StageTexts:
    n_y = look.loss.y_hat.shape[-1]
    classes = [WORDS[k % N_X] for k in range(n_y)] if n_y > 1 else ("negative", "positive")
    return of_classes(look, look.words, classes)._replace(**others)


def drawn(look: Unrolled, step: int = 1, others: dict | None = None) -> dict[str, Any]:
    return stage.stage_data(look, step, None, columns(look, **others or {}))


def machine_drawn(look: Unrolled, step: int = 1, others: dict | None = None) -> dict[str, Any]:
    """What a page gives the browser: the stage and the dock beside it"""
    data = machine.machine_data(look, step, None, columns(look, **others or {}))
    return json_safe(data | {"phase": "forward", "whose": "all", "tell": False})


def norms(vectors: np.ndarray) -> Sequence[float]:
    return np.linalg.norm(vectors[:, 0], axis=-1).tolist()
