"""What the page must show, computed by the core alone: every comparison is to the last digit."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from core import pretrained
from core.backward import BackwardTrace, backward
from core.cells import CELLS
from core.data.vocabulary import tokenise
from core.forward import forward
from core.losses import Loss
from core.optimisers import gradient_descent
from core.parameters import Parameters
from core.tasks import task
from core.training import Experiment
from explorer.choices.record import CHOICES

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
OTHER = "Teddy Roosevelt was a great president"
RATE = CHOICES["learning_rate"].default  # what the page opens with


class Step(NamedTuple):
    """What the stage says of one step"""

    word: str
    loss: float
    grad_norm: float


def network() -> Parameters:
    """The network that the page opens with"""
    return pretrained.load_pretrained(Experiment())


def guess(text: str) -> list[int]:
    return task("people").guess(tokenise(text))


def run(params: Parameters, text: str, labels: Sequence[int]) -> tuple[Loss, BackwardTrace]:
    x = task("people").vocabulary.encode(tokenise(text))[:, None]
    trace = forward(CELLS["tanh"], params, task("people").slots(len(x)), x)
    loss = task("people").loss(trace.logits, np.array(labels)[:, None])
    return loss, backward(trace, loss)


def steps(params: Parameters, text: str, labels: Sequence[int] | None = None) -> list[Step]:
    loss, back = run(params, text, guess(text) if labels is None else labels)
    norms = np.linalg.norm(back.d_a[1:, 0], axis=-1)
    return list(map(Step, tokenise(text), loss.per_step[:, 0].tolist(), norms.tolist()))


def updated(
    params: Parameters,
    text: str,
    times: int = 1,
    labels: Sequence[int] | None = None,
    rate: float = RATE,
    clip: Callable[[Parameters], Parameters] = lambda grads: grads,
) -> Parameters:
    """The weights after `times` steps of gradient descent on one sentence"""
    for _ in range(times):
        _, back = run(params, text, guess(text) if labels is None else labels)
        params = gradient_descent(params, clip(back.grads), rate)
    return params
