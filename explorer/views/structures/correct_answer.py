"""What should be answered: what the reader says is right, or what the data know."""

from collections.abc import Callable

import streamlit as st

from core.data.vocabulary import fold
from core.tasks import END
from explorer.choices.record import Choices
from explorer.choices.widgets import forget_whose, typed
from explorer.compute.answers import known_answer, read_inputs
from explorer.compute.jobs import Job
from explorer.formatting import escape_markdown
from explorer.prose import prose

Answer = tuple[str, ...] | None  # None: nobody knows what is right


def correct_answer(job: Job, inputs: tuple[str, ...], chosen: Choices) -> Answer:
    """Ask for the right answer to these inputs, and return it: the reader's, or else that of the data."""
    return CORRECT_ANSWERS[job.exhibit](job, inputs, chosen)


def _correct_class(job: Job, inputs: tuple[str, ...], chosen: Choices) -> Answer:
    """One of the classes, chosen with a click"""
    known = known_answer(job, inputs)
    options = ("", *job.task.classes)
    if st.session_state["right"] not in options:
        st.session_state["right"] = ""
    not_chosen = prose("structures", "right_known", answer=known[0]) if known else prose("structures", "right_unknown")
    st.segmented_control(
        prose("structures", "right_class"),
        options,
        key="right",
        required=True,
        on_change=forget_whose,
        persist_state="session",
        format_func=lambda option: option or not_chosen,
    )
    choice = st.session_state["right"]
    return (choice,) if choice else known


def _correct_tags(job: Job, inputs: tuple[str, ...], chosen: Choices) -> Answer:
    """A tag for every word, as the reader chose them in the table below the stage"""
    tags = tuple(chosen.right.split())
    is_tagged = len(tags) == len(inputs) and set(tags) <= set(job.task.classes)
    return tags if is_tagged else known_answer(job, inputs)


def _correct_sentence(job: Job, inputs: tuple[str, ...], chosen: Choices) -> Answer:
    """A translation, typed"""
    known = known_answer(job, inputs)
    hint = " ".join(known[:-1]) if known else prose("structures", "right_sentence_unknown")
    label = prose("structures", "right_sentence")
    st.text_input(label, key="right", placeholder=hint, live="400ms", on_change=_type, persist_state="session")
    typed = read_inputs(job, st.session_state["right"])
    return (*map(fold, typed), END) if typed else known


def _correct_tune(job: Job, inputs: tuple[str, ...], chosen: Choices) -> Answer:
    """With teacher forcing, the first tune of the data that begins with this note"""
    if not chosen.teacher_forcing:
        return None
    examples = (*job.task.data.train, *job.task.data.held_out)
    tune = next((example for example in examples if example.inputs == inputs), None)
    if tune is None:
        st.markdown(prose("structures", "tune_none"))
        return None
    if tune.title:
        st.markdown(prose("structures", "tune", title=escape_markdown(tune.title)))
    else:
        st.markdown(prose("structures", "tune_without_title"))
    return tune.answers[: chosen.notes - 1]


CORRECT_ANSWERS: dict[str, Callable[[Job, tuple[str, ...], Choices], Answer]] = {
    "word": _correct_class,
    "melody": _correct_tune,
    "review": _correct_class,
    "tags": _correct_tags,
    "translation": _correct_sentence,
}


def _type() -> None:
    if typed("right"):
        forget_whose()
