"""Sentences to begin with, each for a reason; what is said of one is computed from the network on screen."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from explorer.choices import widgets
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled, sentence_example, unroll
from explorer.formatting import escape_markdown, in_figures
from explorer.prose import prose


class Chip(NamedTuple):
    """A sentence with the labels of its first words; the others are not part of a name"""

    sentence: str
    labels: tuple[int, ...]


CHIPS = {
    "teddy_name": Chip("Teddy Roosevelt was a great President", (1, 1)),
    "teddy_bear": Chip("Teddy bears are on sale", ()),
    "never_saw": Chip("My name is Dilnoza and I teach maths", (0, 0, 0, 1)),
    "fails": Chip("Grace said grace before Joy found joy", (1, 0, 0, 0, 1)),
    "long": Chip("The teacher gave the book to Anna , who read it to Peter before he went home with Maria Garcia",
                 (0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1)),
}  # fmt: skip
TWINS = {"teddy_name": "teddy_bear", "teddy_bear": "teddy_name"}


def buttons() -> None:
    for i, name in enumerate(CHIPS, start=1):
        label, reason = prose("explore", f"chip_{name}"), prose("explore", f"why_{name}")
        st.button(label, key=f"example_{i}", on_click=_choose, args=(name,), help=reason)
    st.button(prose("explore", "chip_own"), key="example_own", help=prose("explore", "why_own"))  # the browser selects


def _choose(name: str) -> None:
    widgets.write("sentence", CHIPS[name].sentence)
    widgets.new_sentence()
    sentence = parse_sentence(CHIPS[name].sentence)
    widgets.set_labels(sentence, labels_of(name))


def labels_of(name: str) -> tuple[int, ...]:
    """One label for each of its words"""
    sentence, labels = CHIPS[name]
    return labels + (0,) * (len(parse_sentence(sentence).words) - len(labels))


def comment(unrolled: Unrolled, text: str) -> str:
    """What is worth a look in this sentence, with this network"""
    name = next((name for name, chip in CHIPS.items() if chip.sentence == text), None)
    if name is None:
        return _of_unknown(unrolled)
    if name in TWINS:
        return _of_twins(unrolled, TWINS[name])
    if name == "never_saw":
        return _of_unknown(unrolled)
    return _of_failures(unrolled) if name == "fails" else _of_length(unrolled)


def _of_twins(unrolled: Unrolled, twin: str) -> str:
    """The first word of both is the same, and so is the state after it, since nothing later has been read"""
    words = parse_sentence(CHIPS[twin].sentence).words
    example = sentence_example(unrolled.job, words, labels_of(twin))
    other = unroll(unrolled.job, unrolled.trace.params, example)
    if not np.array_equal(unrolled.trace.state[1], other.trace.state[1]):
        return prose("explore", "task")
    chance = in_figures(float(unrolled.y_hat[0, 1]))
    sender = escape_markdown(unrolled.words[_largest_later(unrolled)])
    return prose("explore", "twins", word=escape_markdown(words[0]), chance=chance, sender=sender)


def _largest_later(unrolled: Unrolled) -> int:
    """The step, from 0, whose loss is the largest after the first word"""
    return int(np.nan_to_num(unrolled.due_losses)[1:].argmax()) + 1


def _of_unknown(unrolled: Unrolled) -> str:
    ids, unknown = unrolled.trace.x[:, 0], unrolled.job.task.vocabulary.encode(["\0"])[0]
    words = [escape_markdown(word) for word, i in zip(unrolled.words, ids, strict=True) if i == unknown]
    return prose("explore", "unknown", words=", ".join(words)) if len(words) > 1 else prose("explore", "task")


def _of_failures(unrolled: Unrolled) -> str:
    wrong = unrolled.y_hat.argmax(axis=1) != unrolled.targets[:, 0]
    words = [escape_markdown(word) for word, is_wrong in zip(unrolled.words, wrong, strict=True) if is_wrong]
    if not words:
        return prose("explore", "no_failures")
    return prose("explore", "failures", words=", ".join(words), n=len(words), T=len(unrolled.words))


def _of_length(unrolled: Unrolled) -> str:
    t = _largest_later(unrolled)
    return prose("explore", "length", T=len(unrolled.words), word=escape_markdown(unrolled.words[t]), t=t + 1)
