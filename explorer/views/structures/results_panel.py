"""The third act of Structures: the numbers behind the answer, below the stage. PANELS has one function a structure."""

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.data import datasets
from core.data.abc_file import midi
from explorer.choices.record import Choices
from explorer.choices.widgets import new_sentence, write
from explorer.components import exhibits
from explorer.compute.answers import circle
from explorer.compute.unrolled import Unrolled, unroll
from explorer.figures import piano_roll, sentiment_curve
from explorer.formatting import clip_word, escape_markdown, quoted, two_decimals
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.structures.tags_panel import entities
from explorer.views.structures.tapes import tapes
from explorer.views.structures.translation_panel import translation
from explorer.views.structures.verdict import melody_notes

# Held-out tunes (n), of which so many end in a circle at temperatures 0, 0.2 and 0.8, the latter drawn three times each
REPEATS = {"n": 21, "cold": 20, "cool": 20, "draws": 63, "warm": 0}


def show(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """Draw the panels of this structure; step: the selected one, from 1."""
    PANELS[unrolled.job.exhibit](unrolled, chosen, step)


def _title(name: str) -> None:
    """Draw the title of a panel, with its explanation behind a question mark."""
    st.markdown(prose("structures", f"{name}_title"), help=prose("structures", name))


def _chart(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a figure; `alt`: the same in words."""
    st.plotly_chart(figure, key=key, config=NO_TOOLBAR, alt=alt)


# Word -----------------------------------------------------------------------------------------------------------------


def _word(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """The word's probability, and the way to a sentence that holds it"""
    word = escape_markdown(clip_word(unrolled.example.inputs[0]))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(prose("structures", "word_alone", p=unrolled.y_hat[-1, 1], word=word), width="content")
        if st.button(prose("structures", "to_explore"), icon=":material/arrow_forward:", key="to_explore"):
            write("sentence", _sentence_with(unrolled))
            new_sentence()
            st.switch_page("views/explore/page.py")


def _sentence_with(unrolled: Unrolled) -> str:
    """A sentence of the data with this word in it; a plain one if there is none"""
    spell, word = unrolled.job.task.vocabulary.spelling, unrolled.example.inputs[0]
    for example in datasets.people().train:
        if spell(word) in map(spell, example.inputs) and len(example.inputs) > 3:
            return " ".join(example.inputs)
    return prose("structures", "sentence_with_word", word=word)


# Melody ---------------------------------------------------------------------------------------------------------------


def pitch_and_length(note: str) -> tuple[float, float]:
    """A key to sort notes by: low ones first, short ones first, rests before all"""
    pitch, length = midi(note)
    return (-1 if pitch is None else pitch, float(length))


def _melody(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """The piano roll, and what is fed above what is expected"""
    notes, index = melody_notes(unrolled), unrolled.job.task.index
    p = unrolled.y_hat[np.arange(len(notes) - 1), [index.get(note, 0) for note in notes[1:]]]
    roll, chances = [_on_the_roll(note) for note in notes], [None, *p]
    with st.container(border=True):
        _title("roll")
        _chart(piano_roll.figure(roll, chances, step, palette()), "roll", piano_roll.sentence(roll, chances))
        if not unrolled.example.teacher_forced:
            st.caption(_repeats(notes))
    with st.container(border=True):
        exhibits.show(tapes(unrolled))


def _repeats(notes: Sequence[str]) -> str:
    """Why a melody that writes itself goes round in a circle; how many do was measured (see its test)"""
    told = prose("structures", "repeats", **REPEATS)
    return f"{prose('structures', 'repeats_here', n=n)} {told}" if (n := circle(notes)) else told


def _on_the_roll(note: str) -> piano_roll.Note:
    """A note as the figure takes it, its length in beats"""
    key, length = midi(note)
    return piano_roll.Note(note.partition(":")[0], key, 4 * float(length))


# Sentiment ------------------------------------------------------------------------------------------------------------


def _sentiment(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """What the network would answer after every word"""
    words, p, classes = unrolled.words, unrolled.y_hat[:, 1], unrolled.job.task.classes
    with st.container(border=True):
        _title("belief")
        figure = sentiment_curve.figure(words, p, step, palette(), classes)
        _chart(figure, "belief", sentiment_curve.sentence(words, p, classes))
        if (jump := sentiment_curve.largest_jump(p)) and np.isfinite(p).all():
            word = unrolled.example.inputs[jump - 1]
            alone = unroll(unrolled.job, unrolled.trace.params, unrolled.example._replace(inputs=(word,)))
            numbers = {"change": sentiment_curve.signed_change(p, jump), "alone": two_decimals(alone.y_hat[0, 1])}
            told = prose("structures", "belief_alone", word=quoted(word), name=classes[1], **numbers)
            st.caption(escape_markdown(told))


PANELS: dict[str, Callable[[Unrolled, Choices, int], None]] = {
    "word": _word,
    "melody": _melody,
    "review": _sentiment,
    "tags": entities,
    "translation": translation,
}
