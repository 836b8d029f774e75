"""What the network answers, and whether it is right. A melody can be heard, too."""

from collections.abc import Callable, Iterable
from html import escape
from typing import NamedTuple

import streamlit as st

from core import metrics
from core.tasks import END
from explorer.compute.unrolled import Unrolled
from explorer.formatting import in_figures
from explorer.prose import prose
from explorer.views.structures import audio

ENTITIES = ("PER", "LOC", "ORG", "MISC")  # the types that have a colour of their own


class Verdict(NamedTuple):
    name: str  # right, wrong, or open: nobody knows what is right
    told: str


def show(unrolled: Unrolled, *, at_large: bool) -> None:
    """Draw the answer of this structure, and whether it is right; at large, with what would be right if it is wrong.

    All of it is text: what was typed, and what stands in a file, is escaped.
    """
    job, verdict, own = unrolled.job, verdict_of(unrolled), said(unrolled)
    write = WRITTEN[job.exhibit]
    parts = [f"<strong>{write(unrolled, own)}</strong>"]
    if job.exhibit in ("word", "review"):
        parts.append(escape(in_figures(unrolled.y_hat[-1].max())))
    parts.append(f'<span class="{verdict.name}">{escape(verdict.told)}</span>')
    if at_large and verdict.name == "wrong" and job.exhibit != "melody":
        right = write(unrolled, _without_end(unrolled.example.answers))
        parts.append(f"<span>{escape(prose('structures', 'right_is'))} <strong>{right}</strong></span>")
    size = ' class="large"' if at_large else ""
    st.html(f'<p data-testid="answer"{size} data-verdict="{verdict.name}">{" ".join(parts)}</p>')


def verdict_of(unrolled: Unrolled) -> Verdict:
    """Is what the network says what is right?"""
    own, due = said(unrolled), _without_end(unrolled.example.answers)
    if unrolled.example.label_is_guess:
        return Verdict("open", prose("structures", "open_melody" if unrolled.job.exhibit == "melody" else "open"))
    if own == due:
        return Verdict("right", prose("structures", "right"))
    if len(own) == len(due) > 1:
        n = sum(one != other for one, other in zip(own, due, strict=True))
        return Verdict("wrong", prose("structures", "wrong_at", n=n, of=len(due)))
    return Verdict("wrong", prose("structures", "wrong"))


def said(unrolled: Unrolled) -> tuple[str, ...]:
    """What the network answers, without <END>: what it writes by itself; else the likeliest answer at each step"""
    example = unrolled.example
    is_own = unrolled.job.task.is_generative and not example.teacher_forced
    return _without_end(example.fed) if is_own else likeliest_answers(unrolled)


def audio_player(unrolled: Unrolled) -> None:
    """Draw a player for a melody, and nothing for the other structures."""
    if unrolled.job.exhibit == "melody":
        with st.container(key="sound"):
            st.audio(audio.wav(melody_notes(unrolled)), format="audio/wav")


def onsets(unrolled: Unrolled) -> list[float] | None:
    """When each step of a melody sounds, in seconds: the note that it reads; None where nothing can be heard"""
    if unrolled.job.exhibit != "melody":
        return None
    return audio.onsets(melody_notes(unrolled))[: len(unrolled.words)]


def likeliest_answers(unrolled: Unrolled) -> tuple[str, ...]:
    """The likeliest answers at the steps where one is due, without <END>"""
    best = unrolled.y_hat[unrolled.answer_steps].argmax(axis=1)
    return _without_end(unrolled.job.task.classes[int(i)] for i in best)


def melody_notes(unrolled: Unrolled) -> tuple[str, ...]:
    """The note that was given, and all that followed"""
    return (*unrolled.example.inputs, *_without_end(unrolled.example.fed))


def _without_end(words: Iterable[str]) -> tuple[str, ...]:
    """The words of an answer, without the token that ends it"""
    return tuple(word for word in words if word != END)


def _sentence(unrolled: Unrolled, answers: tuple[str, ...]) -> str:
    """The class, or the words"""
    return escape(" ".join(answers) or prose("structures", "no_word"))


def _entities(unrolled: Unrolled, answers: tuple[str, ...]) -> str:
    """The sentence with its names on coloured ground, each with its type"""
    inputs, position = unrolled.example.inputs, 0
    parts: list[str] = []
    for span in sorted(metrics.entities(answers), key=lambda span: span.start):
        parts += map(escape, inputs[position : span.start])
        colour = span.type if span.type in ENTITIES else "other"
        name = escape(" ".join(inputs[span.start : span.end]))
        parts.append(f'<mark class="{colour}">{name} <small>{escape(span.type)}</small></mark>')
        position = span.end
    return " ".join([*parts, *map(escape, inputs[position:])])


def _melody(unrolled: Unrolled, answers: tuple[str, ...]) -> str:
    """How many notes the melody has"""
    return escape(prose("structures", "notes", n=len(melody_notes(unrolled))))


WRITTEN: dict[str, Callable[[Unrolled, tuple[str, ...]], str]] = {
    "word": _sentence,
    "melody": _melody,
    "review": _sentence,
    "tags": _entities,
    "translation": _sentence,
}
