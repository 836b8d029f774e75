"""The result strip: what the loop has come to; after an update or an edit, before and after."""

from typing import Any

import numpy as np

from core import parameters
from explorer.components.base import component, json_safe, number
from explorer.components.stage_texts import owners, stage_texts
from explorer.compute.unrolled import Unrolled
from explorer.compute.updates import Edit, History
from explorer.formatting import clip_word, in_two, losses_in_sum, three_digits
from explorer.prose import prose

_result = component("result")


def show(unrolled: Unrolled, before: Unrolled | None, history: History) -> None:
    _result(key="result", data=json_safe(result_data(unrolled, before, history)))


@np.errstate(over="ignore", invalid="ignore")
def result_data(unrolled: Unrolled, before: Unrolled | None, history: History) -> dict[str, Any]:
    """before: the same example with the weights before the last change; history: what was changed so far"""
    n, edits = len(history.losses), sum(isinstance(entry, Edit) for entry in history.updates)
    total, size = unrolled.loss.total, parameters.norm(unrolled.back.grads)
    if before is None:
        loss, said = prose("result", "loss", now=three_digits(total)), [prose("result", "norm", now=in_two(size))]
    else:
        old, norm = before.loss.total, parameters.norm(before.back.grads)
        loss = prose("result", "loss_changed", before=three_digits(old), now=three_digits(total))
        said = [prose("result", "norm_changed", before=in_two(norm), now=in_two(size))]
        if (t := most_changed(before, unrolled)) is not None:
            was, now = (losses_in_sum(one.due_losses, one.loss.total)[t] for one in (before, unrolled))
            word = clip_word(owners(unrolled.trace.slots, stage_texts(unrolled))[t] or "")
            said.insert(0, prose("result", "most_changed", word=word, before=was, now=now))
    said.append(prose("result", "updates", n=n))
    if edits:
        said.append(prose("result", "edits", n=edits))
    return {"before": before and number(before.loss.total), "after": number(total), "n": n, "loss": loss, "said": said}


def most_changed(before: Unrolled, after: Unrolled) -> int | None:
    """The step, from 0, whose loss changed most; None where no loss changed"""
    change = np.abs(after.due_losses - before.due_losses)
    change[~np.isfinite(change)] = 0
    return int(change.argmax()) if change.any() else None
