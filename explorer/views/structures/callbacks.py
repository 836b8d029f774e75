"""What the controls of Structures do, besides choosing."""

from collections.abc import Sequence

import streamlit as st

from core.data.example import Example
from explorer.choices.session import STRUCTURES, forget_job_data, session
from explorer.compute.jobs import KINDS, Job
from explorer.compute.long_work import SLICE
from explorer.compute.own_data import FileReading
from explorer.views.structures.live_training import forget_training, training_of
from explorer.views.update_buttons import forget_updates, on_network_change


def choose_structure(structure: str) -> None:
    """Another structure: what the reader typed into this one is still there when they come back."""
    memory = session()
    memory.inputs[st.session_state["structure"]] = st.session_state["input"]
    upload = memory.uploads.get(structure)
    memory.upload_problem = memory.reading = None
    st.session_state.update(structure=structure, file=upload.file if upload else "")
    st.session_state["input"] = memory.inputs.get(structure, KINDS[structure].example)
    new_input()
    on_network_change(STRUCTURES)


def new_input() -> None:
    """Another example: what was right of the old one is not right of this one."""
    st.session_state.update(right="", at=1)
    session().notices = {}


# Data and training ----------------------------------------------------------------------------------------------------


def upload_data() -> None:
    """Begin to read the reader's own file; a small one is read at once."""
    file, memory = st.session_state["dataset_upload"], session()
    if file is None:
        return
    memory.reading = FileReading(st.session_state["structure"], file.name, file.getvalue())
    memory.reading.start()
    read_on(SLICE)


def read_on(seconds: float) -> None:
    """Go on reading; what was read becomes the data of this structure, or the reader is told why it cannot"""
    memory = session()
    reading = memory.reading
    if reading is None:
        return
    reading.advance(seconds)
    if reading.is_running:
        return
    memory.reading, memory.upload_problem, memory.is_stale = None, reading.problem, True
    if not (upload := reading.upload):
        return
    forget_job_data(reading.name)
    memory.uploads[reading.name] = upload
    st.session_state["file"] = upload.file
    _open(upload.task.data.held_out or upload.task.data.train)


def stop_reading() -> None:
    """Leave the file as it is"""
    session().reading, session().is_stale = None, True


def discard_data() -> None:
    """Back to the app's own data"""
    structure = st.session_state["structure"]
    forget_job_data(structure)
    st.session_state.update(file="", input=KINDS[structure].example)
    new_input()
    forget_updates(STRUCTURES)


def _open(examples: Sequence[Example]) -> None:
    st.session_state["input"] = " ".join(examples[0].inputs)
    new_input()
    forget_updates(STRUCTURES)


def train(job: Job, epochs: int) -> None:
    """Train this network; what is trained is shown"""
    st.session_state["begin"], session().is_stale = "trained", True
    on_network_change(STRUCTURES)
    training_of(job).train(epochs)


def stop(job: Job) -> None:
    """Show the network where its training stands"""
    training_of(job).stop()
    session().is_stale = True
    forget_updates(STRUCTURES)


def back_to_stored(job: Job) -> None:
    """Show the network that this session did not train"""
    forget_training(job)
    forget_updates(STRUCTURES)
