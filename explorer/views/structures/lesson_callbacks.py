"""What the buttons of Structures do, besides choosing."""

import streamlit as st

from core.data.example import Unreadable
from explorer.choices import widgets
from explorer.components import stage
from explorer.compute.jobs import KINDS, Job, upload_of
from explorer.compute.own_data import discard_upload, load_upload
from explorer.compute.scenes import Exercise, Practice, is_valid
from explorer.compute.updates import History, compressed, initial_history, replay
from explorer.formatting import plural
from explorer.prose import prose
from explorer.views import progress_bar
from explorer.views.explore import callbacks
from explorer.views.structures import live_training


def choose(structure: str) -> None:
    """Another structure: what the reader typed into this one is still there when they come back."""
    kept = st.session_state.setdefault("inputs", {})
    kept[st.session_state["structure"]] = st.session_state["input"]
    mine = upload_of(structure)
    st.session_state.update(structure=structure, file=mine.file if mine else "", file_notice=None)
    st.session_state["input"] = kept.get(structure, KINDS[structure].example)
    new_input()
    on_network_change()


def new_input() -> None:
    """Another example: what was right of the old one is not right of this one."""
    st.session_state.update(right="", at=1, lesson_notice=None)


def on_network_change() -> None:
    """Another network, which starts without the updates of the old one; the reader is told if there were any"""
    taken = sum(one.size for one in st.session_state["practice"])
    reset()
    if taken:
        st.session_state["lesson_notice"] = prose("structures", "dropped", updates=plural(taken, "update"))


def reset() -> None:
    """Take back all updates"""
    st.session_state.update(practice=(), lesson=None, lesson_notice=None)


def choose_step() -> None:
    st.session_state["at"] = stage.selected()


def update(exercise: Exercise, size: int) -> None:
    """Ask for `size` updates on the exercise on screen: they are taken when the page is drawn"""
    chosen = widgets.current_choices()
    asked = Practice(exercise, chosen.learning_rate, chosen.clipping, chosen.clip_limit, size)
    practice, notice = callbacks.append_update(chosen.practice, asked)
    st.session_state.update(practice=practice, lesson_notice=notice)


def undo() -> None:
    st.session_state.update(practice=st.session_state["practice"][:-1], lesson_notice=None)


def history(now: Job, params, asked: tuple[Practice, ...], kept: History | None) -> History:
    """The weights after all updates so far; what a link asks for in vain is left out, and the reader is told"""
    start = initial_history(now, params)
    possible = tuple(one for one in asked if is_valid(now, one.exercise))
    with progress_bar.bar() as show:
        found = replay(start, possible, kept, progress_bar.updates(possible, show))
    if found.clicks != asked:
        fitted = len(possible) == len(asked)
        notice = callbacks.refusal_message(kept, found, asked) if fitted else prose("structures", "unfit")
        st.session_state.update(practice=found.clicks, lesson_notice=notice)
    st.session_state["lesson"] = compressed(found, start)
    return found


# Data and training ----------------------------------------------------------------------------------------------------


def upload() -> None:
    """The reader's own file becomes the data of this structure, or they are told why it cannot."""
    file = st.session_state["dataset_upload"]
    if file is None:
        return
    try:
        mine = load_upload(st.session_state["structure"], file.name, file.getvalue())
    except Unreadable as problem:
        st.session_state["file_notice"] = str(problem)
        return
    st.session_state.update(file=mine.file, file_notice=None)
    _open(mine.task.data.held_out or mine.task.data.train)


def discard() -> None:
    """Back to the app's own data"""
    discard_upload(st.session_state["structure"])
    st.session_state.update(file="", input=KINDS[st.session_state["structure"]].example)
    new_input()
    on_network_change()


def _open(examples) -> None:
    st.session_state["input"] = " ".join(examples[0].inputs)
    new_input()
    on_network_change()


def train(now: Job, epochs: int) -> None:
    st.session_state["begin"] = "trained"  # what is trained is shown
    live_training.training_of(now).start(epochs)


def stop(now: Job) -> None:
    live_training.training_of(now).stop()
    on_network_change()


def back_to_stored(now: Job) -> None:
    live_training.forget(now)
    on_network_change()
