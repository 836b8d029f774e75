"""The result strip: what the loop has come to; after an update or an edit, before and after."""

from typing import Any

import numpy as np

from core import parameters
from explorer.components.base import component, number
from explorer.components.stage_texts import owners, stage_texts
from explorer.compute.unrolled import Unrolled
from explorer.compute.updates import Edit, History, count
from explorer.formatting import as_word, in_two, losses_in_sum, three_digits, told_apart
from explorer.prose import prose

_result = component("result")


def show() -> None:
    """What it shows comes with the stage's numbers, so that the two never tell of different networks"""
    _result(key="result", data={})


@np.errstate(over="ignore", invalid="ignore")
def result_data(
    unrolled: Unrolled, before: Unrolled | None, history: History, earlier: History | None = None
) -> dict[str, Any]:
    """before: the same example with the weights before the last change; history: what was changed so far, and `earlier`
    before that, which is more where something was taken back"""
    n, edits = len(history.losses), sum(isinstance(entry, Edit) for entry in history.updates)
    total, size = unrolled.loss.total, parameters.norm(unrolled.back.grads)
    if before is None:
        loss, said = prose("result", "loss", now=three_digits(total)), [prose("result", "norm", now=in_two(size))]
    else:
        old, norm = before.loss.total, parameters.norm(before.back.grads)
        was, now = told_apart([three_digits(old), three_digits(total)], [old, total])
        loss = prose("result", "loss_changed", before=was, now=now)
        was, now = told_apart([in_two(norm), in_two(size)], [norm, size])
        said = [prose("result", "norm_changed", before=was, now=now)]
        if (t := most_changed(before, unrolled)) is not None:
            both = before, unrolled
            written = [losses_in_sum(one.due_losses, one.loss.total)[t] for one in both]
            was, now = told_apart(written, [float(one.due_losses[t]) for one in both])
            word = as_word(owners(unrolled.trace.slots, stage_texts(unrolled))[t] or "")
            said.insert(0, prose("result", "most_changed", word=word, before=was, now=now))
        if earlier and count(earlier.updates) > count(history.updates):
            said.insert(0, prose("result", "taken_back"))
    said.append(prose("result", "updates", n=n))
    if edits:
        said.append(prose("result", "edits", n=edits))
    return {"before": before and number(before.loss.total), "after": number(total), "n": n, "loss": loss, "said": said}


def most_changed(before: Unrolled, after: Unrolled) -> int | None:
    """The step, from 0, whose loss changed most; None where no loss changed"""
    change = np.abs(after.due_losses - before.due_losses)
    change[~np.isfinite(change)] = 0
    return int(change.argmax()) if change.any() else None
