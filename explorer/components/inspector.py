"""What the inspector is fed with: the factors of every product in the equations, of any cell and structure.

The browser forms the products (assets/components/inspector/recipes.js), so it follows the stage without a request.
"""

import inspect
from contextlib import suppress
from functools import cache
from operator import attrgetter
from typing import Any

import numpy as np

from core.attention import AttentionTrace, encoder_and_decoder
from core.cells import CELLS
from core.forward import ReverseTrace
from core.structures import weight_spans
from explorer.components.base import float32_base64, number, numbers
from explorer.components.stage import colour_scale, fed
from explorer.components.stage_texts import StageTexts, in_reverse, owners, stage_texts, where
from explorer.compute.unrolled import Unrolled
from explorer.formatting import clip_word, losses_in_sum

MOST_SHOWN = 3  # classes of a step, the likeliest; the right one is shown, too
SHOWN_FUNCTIONS = {"forward": ("step", "g1.g"), "backward": ("local_derivatives", "g1.slope", "step_back")}


@np.errstate(over="ignore", invalid="ignore")  # of an exploding network as much as there is
def inspector_data(unrolled: Unrolled, step: int, texts: StageTexts | None = None) -> dict[str, Any]:
    """The factors, once for all steps; what is looked at by its number is sent in full precision, the rest as float32.

    texts: others than the example's own. null means that there is nothing to tell.
    """
    trace, back, slots, texts = unrolled.trace, unrolled.back, unrolled.trace.slots, texts or stage_texts(unrolled)
    cell = next(name for name, cell in CELLS.items() if cell == trace.cell)
    reads, answers = [word is not None for word in texts.words], [slot.answers for slot in slots]
    return {
        "cell": cell,
        "n_a": trace.a.shape[-1],
        "group": [slot.group for slot in slots],
        "stream": "first" if unrolled.trace.reverse else "only",
        "words": [word and clip_word(word) for word in texts.words],
        "owners": [owner and clip_word(owner) for owner in owners(trace.slots, texts)],
        "known": list(texts.known),
        "ids": where(reads, trace.x[:, 0].tolist()),
        "fed": where(reads, fed(slots, texts.fed)),
        "weights": {group: _weights(unrolled, group) for group, _ in weight_spans(slots)},
        "state": float32_base64(trace.state),
        "d_state": float32_base64(back.d_state[1:]),
        "from_y": float32_base64(back.d_logits[answers] @ trace.params["readout"].Wya),
        "attention": trace.focus and _attention(unrolled, trace.focus),
        "shares": numbers(back.share_norms_of_Waa()),
        "scale": colour_scale(unrolled),
        "code": {way: sources(cell, names) for way, names in SHOWN_FUNCTIONS.items()},
        "selected": step,
        **_answers(unrolled, texts),
    }


def second_stream_data(unrolled: Unrolled, texts: StageTexts | None = None) -> dict[str, Any] | None:
    """The factors of the second stream, as of a network of its own that reads from the last word to the first: its
    step 1 is the last word's. None of a network that has none."""
    if not (second := unrolled.reverse):
        return None
    data = inspector_data(second, 1, in_reverse(texts or stage_texts(unrolled)))
    renamed = {"group": ["reverse"] * len(data["group"]), "weights": {"reverse": data["weights"]["rnn"]}}
    return data | renamed | {"stream": "second"}


def _weights(unrolled: Unrolled, group: str) -> dict[str, Any]:
    """Of Wax the columns that these steps read"""
    trace, p = unrolled.trace, unrolled.trace.params[group]
    columns = np.unique(np.concatenate([trace.x[span, 0] for name, span in weight_spans(trace.slots) if name == group]))
    arrays = {"Waa": p.Waa, "ba": p.ba, "Wax": p.Wax[:, columns].T}
    more = {"columns": columns.tolist(), "total": number(float(np.linalg.norm(unrolled.back.grads[group].Waa)))}
    return {name: float32_base64(array) for name, array in arrays.items()} | more


def _attention(unrolled: Unrolled, focus: AttentionTrace) -> dict[str, str]:
    """α⟨t,s⟩, and ∂ℒ/∂context⟨t⟩ = Wycᵀ ∂ℒ/∂logits⟨t⟩"""
    _, decoder = encoder_and_decoder(unrolled.trace.slots)
    d_context = unrolled.back.d_logits[decoder] @ unrolled.trace.params["attention"].Wyc
    return {"alpha": float32_base64(focus.alpha[0]), "d_context": float32_base64(d_context)}


def _answers(unrolled: Unrolled, texts: StageTexts) -> dict[str, Any]:
    """Of each answer the likeliest few classes and the right one, with the terms of their logits"""
    slots, by = unrolled.trace.slots, unrolled.trace.params["readout"].by
    softmax = len(by) > 1
    in_sum = losses_in_sum(unrolled.due_losses, unrolled.loss.total)
    answers = [
        _answer(unrolled, texts, t, softmax, in_sum[t]) if slot.answers else None for t, slot in enumerate(slots)
    ]
    shown = sorted({k for answer in answers if answer for k in answer["shown"]})
    names = texts.classes if softmax else texts.classes[1:]  # a sigmoid tells of the second class only
    classes = {k: {"name": clip_word(names[k]), "by": number(by[k])} for k in shown}
    return {"answers": answers, "classes": classes, "softmax": softmax, "n_y": len(texts.classes)}


def _answer(unrolled: Unrolled, texts: StageTexts, t: int, softmax: bool, in_sum: str) -> dict[str, Any]:
    trace, (Wya, by), z = unrolled.trace, unrolled.trace.params["readout"], unrolled.trace.logits[t, 0]
    label = texts.labels[t]
    target = None if label is None else int(unrolled.targets[t, 0])
    shown = np.argsort(-z, kind="stable")[:MOST_SHOWN].tolist()
    if softmax and target is not None and target not in shown:
        shown.append(target)
    from_a = Wya[shown] @ trace.a[t + 1, 0]
    has_more = trace.focus or trace.reverse or isinstance(trace, ReverseTrace)
    return {
        "shown": shown,
        "logits": numbers(z[shown]),
        "from_a": seven_digits(from_a),
        "from_more": seven_digits(z[shown] - from_a - by[shown]) if has_more else [],
        "log_sum": number(np.logaddexp.reduce(z)) if softmax else None,
        "target": target,
        "label": label and clip_word(label),
        "guessed": bool(texts.guessed[t]),
        "loss": None if label is None else number(unrolled.loss.per_step[t, 0]),
        "in_sum": in_sum,
    }


def seven_digits(array: np.ndarray) -> list[float | None]:
    """As many as float32 has, and as few letters"""
    return numbers(np.array([float(f"{value:.7g}") for value in array]))


@cache
def sources(cell: str, names: tuple[str, ...]) -> dict[str, str]:
    """The code of these functions of a cell, as it stands in its files"""
    found, files = [], []
    for name in names:
        with suppress(AttributeError, TypeError):  # a cell need not have it, and np.tanh is not written in Python
            function = attrgetter(name)(CELLS[cell])
            found.append(inspect.cleandoc("\n" + inspect.getsource(function)))
            files.append(f"{function.__module__.replace('.', '/')}.py")
    return {"title": ", ".join(dict.fromkeys(files)), "source": "\n\n".join(found)}
