"""Whose error goes back: that of one step's loss, only the last one, or all of them together."""

from dataclasses import replace

import numpy as np

from core.backward import backward
from core.structures import NO_TARGET
from explorer.compute.unrolled import Unrolled

ALL, LAST = "all", "last"


def due_steps(unrolled: Unrolled) -> list[int]:
    """The steps whose answer has a loss, from 1"""
    return (np.flatnonzero(unrolled.targets[:, 0] != NO_TARGET) + 1).tolist()


def usual(unrolled: Unrolled) -> str:
    """Whose error goes back where nobody has chosen one: the largest loss of the steps 2 … T, the first on a tie.

    The first step's error has no way to go, so it is taken only where there is no other; where no step has a loss, all.
    """
    due = due_steps(unrolled)
    later = [t for t in due if t > 1] or due
    if not later:
        return ALL
    losses = unrolled.loss.per_step[np.array(later) - 1, 0]
    return str(later[int(np.argmax(np.nan_to_num(losses, nan=-1.0)))])


def is_possible(unrolled: Unrolled, whose: str) -> bool:
    """Has this example such an error?"""
    return whose in (ALL, LAST) or int(whose) in due_steps(unrolled)


def step_of(unrolled: Unrolled, whose: str) -> int | None:
    """The step at which the chosen error begins; None: all losses together, or none is there"""
    due = due_steps(unrolled)
    if whose == LAST:
        return due[-1] if due else None
    return None if whose == ALL else int(whose)


@np.errstate(over="ignore", invalid="ignore")
def one_error(unrolled: Unrolled, t: int | None) -> Unrolled:
    """The same example with only ℒ⟨t⟩ on its way back: `back`, and all that follows from it, is that of ∂ℒ⟨t⟩.

    t: from 1; None: all losses together, the example as it is.
    """
    if t is None:
        return unrolled
    is_t = np.arange(1, len(unrolled.targets) + 1) == t
    alone = unrolled.loss._replace(d_logits=np.where(is_t[:, None, None], unrolled.loss.d_logits, 0.0))
    return replace(unrolled, back=backward(unrolled.trace, alone))
