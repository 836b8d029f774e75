"""What the buttons of Structures do, besides choosing."""

import streamlit as st

from core.examples import Unreadable
from explorer import actions, course, jobs, lab, stage, state, waiting
from explorer.jobs import KINDS, Exercise, Job, Practice
from explorer.lab import History
from explorer.words import many, words


def choose(structure: str) -> None:
    """Another structure: what the reader typed into this one is still there when they come back."""
    kept = st.session_state.setdefault("inputs", {})
    kept[st.session_state["structure"]] = st.session_state["input"]
    mine = jobs.own(structure)
    st.session_state.update(structure=structure, file=mine.file if mine else "", file_notice=None)
    st.session_state["input"] = kept.get(structure, KINDS[structure].example)
    new_input()
    renew()


def new_input() -> None:
    """Another example: what was right of the old one is not right of this one."""
    st.session_state.update(right="", at=1, lesson_notice=None)


def renew() -> None:
    """Another network, which starts without the updates of the old one; the reader is told if there were any"""
    taken = sum(one.size for one in st.session_state["practice"])
    reset()
    if taken:
        st.session_state["lesson_notice"] = words("structures", "dropped", updates=many(taken, "update"))


def reset() -> None:
    """Take back all updates"""
    st.session_state.update(practice=(), lesson=None, lesson_notice=None)


def choose_step() -> None:
    st.session_state["at"] = stage.selected()


def update(exercise: Exercise, size: int) -> None:
    """Ask for `size` updates on the exercise on screen: they are taken when the page is drawn"""
    chosen = state.choices()
    asked = Practice(exercise, chosen.learning_rate, chosen.clipping, chosen.clip_limit, size)
    practice, notice = actions.one_more(chosen.practice, asked)
    st.session_state.update(practice=practice, lesson_notice=notice)


def undo() -> None:
    st.session_state.update(practice=st.session_state["practice"][:-1], lesson_notice=None)


def history(now: Job, params, asked: tuple[Practice, ...], kept: History | None) -> History:
    """The weights after all updates so far; what a link asks for in vain is left out, and the reader is told"""
    start = lab.begin(now, params)
    possible = tuple(one for one in asked if jobs.fits(now, one.exercise))
    with waiting.bar() as show:
        found = lab.replay(start, possible, kept, waiting.updates(possible, show))
    if found.clicks != asked:
        fitted = len(possible) == len(asked)
        notice = actions.shortfall(kept, found, asked) if fitted else words("structures", "unfit")
        st.session_state.update(practice=found.clicks, lesson_notice=notice)
    st.session_state["lesson"] = lab.lean(found, start)
    return found


# Data and training ----------------------------------------------------------------------------------------------------


def upload() -> None:
    """The reader's own file becomes the data of this structure, or they are told why it cannot."""
    file = st.session_state["dataset_upload"]
    if file is None:
        return
    try:
        mine = jobs.take(st.session_state["structure"], file.name, file.getvalue())
    except Unreadable as problem:
        st.session_state["file_notice"] = str(problem)
        return
    st.session_state.update(file=mine.file, file_notice=None)
    _open(mine.task.data.held_out or mine.task.data.train)


def discard() -> None:
    """Back to the app's own data"""
    jobs.forget_own(st.session_state["structure"])
    st.session_state.update(file="", input=KINDS[st.session_state["structure"]].example)
    new_input()
    renew()


def _open(examples) -> None:
    st.session_state["input"] = " ".join(examples[0].inputs)
    new_input()
    renew()


def train(now: Job, epochs: int) -> None:
    st.session_state["begin"] = "trained"  # what is trained is shown
    course.of(now).start(epochs)


def stop(now: Job) -> None:
    course.of(now).stop()
    renew()


def back_to_stored(now: Job) -> None:
    course.forget(now)
    renew()
