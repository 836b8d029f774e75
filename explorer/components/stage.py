"""What the animated stage is fed with: an unrolled network -> plain data for the browser."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core import parameters
from core.attention import AttentionTrace
from core.cells import CELLS
from core.structures import Reads, Slots
from explorer.components.base import float32_base64, norms, number, numbers
from explorer.components.stage_texts import StageTexts, as_written, owners, stage_texts, where
from explorer.compute.unrolled import Unrolled, weights_by_label
from explorer.compute.updates import Edit, History, Update, clipped_gradient, count
from explorer.formatting import clip_word, in_figures, losses_in_sum, quoted, three_digits
from explorer.prose import prose


@np.errstate(over="ignore", invalid="ignore")  # of an exploding network as much as there is
def stage_data(
    unrolled: Unrolled, step: int, update: dict | None = None, texts: StageTexts | None = None
) -> dict[str, Any]:
    """What the stage draws: of any structure, for all of it follows from the table of slots. `texts`: others than the
    example's own. null means that there is nothing to draw. Numbers that a reader or a test may read keep full
    precision; colours need only float32.

    The stream from step t+1 is that of the whole state, and so is the sum, `grad`: of the LSTM both count c⟨t⟩ as well
    as a⟨t⟩ (`state` says so), for what comes back along the memory is not in ∂ℒ/∂a⟨t⟩.
    """
    trace, loss, back, slots = unrolled.trace, unrolled.loss, unrolled.back, unrolled.trace.slots
    through_attention = back.entries.through_attention
    texts = texts or stage_texts(unrolled)
    answers = [slot.answers for slot in slots]
    due = [label is not None and slot.answers for label, slot in zip(texts.labels, slots, strict=True)]
    reads = [word is not None for word in texts.words]
    data = {
        "group": [slot.group for slot in slots],
        "words": [word and clip_word(word) for word in texts.words],
        "owners": [owner and clip_word(owner) for owner in owners(slots, texts)],
        "known": list(texts.known),
        "ids": where(reads, trace.x[:, 0].tolist()),
        "read": where(reads, as_read(unrolled, texts)),
        "n_x": {group: p.Wax.shape[1] for group, p in trace.params.items() if hasattr(p, "Wax")},
        "unit": texts.unit,
        "question": prose("stage", f"question_{unrolled.job.name}"),
        "measure": texts.measure,
        "fed": where(reads, fed(slots, texts.fed)),
        "n_a": trace.a.shape[-1],
        "state": "a" if trace.a.shape == trace.state.shape else "(a,c)",
        "a": float32_base64(trace.a),
        "scale": colour_scale(unrolled),
        "silent": [not answer for answer in answers],
        "said": where(answers, map(clip_word, texts.said)),
        "chance": where(answers, numbers(texts.chance)),
        "sure": texts.sure and where(answers, texts.sure),
        "detail": texts.detail and where(answers, texts.detail),
        "labels": where(due, [label and clip_word(label) for label in texts.labels]),
        "targets": where(due, unrolled.targets[:, 0].tolist()),
        "right": where(due, texts.right),
        "guessed": list(texts.guessed),
        "loss": where(due, numbers(loss.per_step[:, 0])),
        "loss_said": where(due, losses_in_sum(np.where(due, loss.per_step[:, 0], 0), loss.total)),
        "total": number(loss.total),
        "from_y": norms(back.entries.direct),
        "from_next": norms(back.from_next_state[1:]),
        "grad": norms(back.d_state[1:]),
        "attention": trace.focus and [numbers(row) for row in trace.focus.alpha[0].round(3)],
        "looks": looks(trace.focus, texts.words),
        "via_attention": None if through_attention is None else norms(through_attention.sum(axis=1)),
        "selected": step,
        "update": update,
    }
    return data | {"summary": summaries(data)}


def last_update(before: Unrolled, now: Unrolled, history: History, fresh: bool) -> dict[str, Any]:
    """What the stage needs to play an update: what was done, and the numbers from before it. fresh: was it taken just
    now? Then the stage plays it, and `before` is the example it was taken on."""
    taken, was = history.updates[-1], before.due_losses
    changed = np.nan_to_num(np.abs(now.due_losses - was), nan=-1)
    norm, clipped, rate, clipping = None, None, None, None
    if isinstance(taken, Update):
        norm, clipped = (number(parameters.norm(g)) for g in (before.back.grads, clipped_gradient(before, taken)))
        rate, clipping = taken.learning_rate, taken.clipping
    return {
        "taken": count(history.updates),
        "fresh": fresh,
        "edited": isinstance(taken, Edit),
        "size": taken.size,
        "rate": rate,
        "norm": norm,
        "clipped": clipped,
        "clipping": clipping,
        "limit": taken.clip_limit if isinstance(taken, Update) else None,
        "moved": most_moved(before, now),
        "loss": numbers(was),
        "loss_said": where(np.isfinite(was), losses_in_sum(was, before.loss.total)),
        "total": number(before.loss.total),
        "chance": where(np.isfinite(was), numbers(stage_texts(before).chance)),
        "most_changed": int(np.argmax(changed)) + 1,
    }


@np.errstate(over="ignore", invalid="ignore")
def most_moved(before: Unrolled, now: Unrolled) -> list[dict[str, Any]]:
    """Of every weight that has moved the entry that moved most, the largest move first: rows and columns from 0, a bias
    is one column; of what makes an answer, its name"""
    classes = stage_texts(now).classes
    answers = classes if len(classes) == len(now.trace.params["readout"].by) else classes[1:]
    old, found = weights_by_label(before.trace.params), []
    for label, (group, name, array) in weights_by_label(now.trace.params).items():
        change = np.abs(np.atleast_2d((array - old[label][2]).T).T)
        if not np.isfinite(change.max()):
            change = np.nan_to_num(change)
        row, column = (int(i) for i in np.unravel_index(np.argmax(change), change.shape))
        if change[row, column]:
            place = (row, column) if array.ndim == 2 else (row,)
            values = {"before": number(old[label][2][place]), "after": number(array[place])}
            answer = clip_word(answers[row]) if name in ("Wya", "Wyc", "by") else None
            where_it_is = {"label": label, "group": group, "name": name, "row": row, "column": column}
            found.append(where_it_is | {"answer": answer} | values)
    return sorted(found, key=lambda one: -abs(one["after"] - one["before"]))


def as_read(unrolled: Unrolled, texts: StageTexts) -> list[str | None]:
    """What each step reads as its dictionary spells it: ‘harry’ for Harry, and <UNK> for what it does not hold"""
    job, trace = unrolled.job, unrolled.trace
    spelled = job.task.vocabulary.words
    return [
        clip_word(as_written(job, spelled[i])) if slot.reads is Reads.INPUT else word and clip_word(word)
        for slot, word, i in zip(trace.slots, texts.words, trace.x[:, 0].tolist(), strict=True)
    ]


def fed(slots: Slots, source: str) -> list[str | None]:
    """At which steps is the answer before it read? The first step of a decoder reads <START>: nothing came before."""
    before = (None, *slots[:-1])
    return [
        source if slot.reads is Reads.ANSWER and last and last.answers else None
        for slot, last in zip(slots, before, strict=True)
    ]


def looks(focus: AttentionTrace | None, words: Sequence[str | None]) -> list[str | None] | None:
    """Where each step of a decoder that attends looks most; its encoder's steps look nowhere"""
    if focus is None:
        return None
    alpha = focus.alpha[0]
    told = [
        prose("stage", "looks_most", word=quoted(words[s] or ""), share=in_figures(row[s]))
        for s, row in zip(alpha.argmax(axis=1), alpha, strict=True)
    ]
    return [None] * alpha.shape[1] + where(np.isfinite(alpha).all(axis=1), told)


def summaries(data: dict[str, Any]) -> list[str]:
    """Every step in a sentence, for a reader who hears the stage"""
    is_judged = any(label is not None for label in data["labels"])
    return [_summary(data, i, is_judged) for i in range(len(data["words"]))]


def _summary(data: dict[str, Any], i: int, is_judged: bool) -> str:
    values = {"step": i + 1, "answer": prose("stage", "no_answer") if data["silent"][i] else _spoken_answer(data, i)}
    section = "summary"
    if data["labels"][i] is not None:
        section, values["loss"] = "summary_loss", data["loss_said"][i]  # as it is seen
    elif is_judged:
        section = "summary_gradient"
    if is_judged:
        values["gradient"] = spoken(data["grad"][i])
    if (word := data["words"][i]) is None:
        return prose("stage", f"{section}_no_word", **values)
    return prose("stage", section, **values, word=word)


def _spoken_answer(data: dict[str, Any], i: int) -> str:
    return f"{data['said'][i]} {data['sure'][i]}" if data["sure"] else f"{data['measure']} {data['said'][i]}"


def spoken(value: float | None) -> str:
    """A number, as it is heard"""
    return prose("stage", "not_finite") if value is None else three_digits(value)


def colour_scale(unrolled: Unrolled) -> float:
    """The |value| drawn in full colour: 1 where tanh lets no a⟨t⟩ go further; for ReLU the largest finite one"""
    if unrolled.trace.cell != CELLS["relu"]:
        return 1.0
    a = unrolled.trace.a
    return float(np.max(np.abs(a), initial=1e-9, where=np.isfinite(a)))
