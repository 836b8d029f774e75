"""The verdict: what the network answers, in a line above the stage. A melody can be heard, too."""

from collections.abc import Callable, Iterable

import streamlit as st

from core import metrics
from core.tasks import END
from explorer.compute.unrolled import Unrolled
from explorer.formatting import escape_markdown, in_figures
from explorer.prose import prose
from explorer.views.structures import audio

ENTITY_COLOURS = {"PER": "blue", "LOC": "green", "ORG": "orange", "MISC": "violet"}


def show(unrolled: Unrolled) -> None:
    """Draw the verdict of this structure."""
    st.markdown(VERDICTS[unrolled.job.exhibit](unrolled))


def audio_player(unrolled: Unrolled) -> None:
    """Draw a player for a melody, and nothing for the other structures."""
    if unrolled.job.exhibit == "melody":
        st.audio(audio.wav(melody_notes(unrolled)), format="audio/wav")


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


def _class_verdict(unrolled: Unrolled) -> str:
    """The likeliest class after the last step, and its probability"""
    p = unrolled.y_hat[-1]
    answer = escape_markdown(unrolled.job.task.classes[int(p.argmax())])
    return prose("structures", "verdict_class", answer=answer, chance=in_figures(p.max()))


def _entities_verdict(unrolled: Unrolled) -> str:
    """The sentence with its names on coloured ground, each with its type; what was typed stays text."""
    inputs, parts, position = unrolled.example.inputs, [], 0
    for span in sorted(metrics.entities(likeliest_answers(unrolled)), key=lambda span: span.start):
        parts += [escape_markdown(word) for word in inputs[position : span.start]]
        name = escape_markdown(" ".join(inputs[span.start : span.end]))
        parts.append(f":{ENTITY_COLOURS.get(span.type, 'gray')}-background[{name} **{escape_markdown(span.type)}**]")
        position = span.end
    parts += [escape_markdown(word) for word in inputs[position:]]
    return prose("structures", "verdict_entities", sentence=" ".join(parts))


def _translation_verdict(unrolled: Unrolled) -> str:
    """The sentence that the network writes; with teacher forcing, the likeliest word at every step"""
    example = unrolled.example
    words = likeliest_answers(unrolled) if example.teacher_forced else _without_end(example.fed)
    if not words:
        return prose("structures", "verdict_no_word")
    return prose("structures", "verdict_sentence", sentence=escape_markdown(" ".join(words)))


def _melody_verdict(unrolled: Unrolled) -> str:
    """How many notes the melody has"""
    return prose("structures", "verdict_melody", notes=len(melody_notes(unrolled)))


VERDICTS: dict[str, Callable[[Unrolled], str]] = {
    "word": _class_verdict,
    "melody": _melody_verdict,
    "review": _class_verdict,
    "tags": _entities_verdict,
    "translation": _translation_verdict,
}
