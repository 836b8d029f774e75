"""What the controls of Structures do, besides choosing."""

from collections.abc import Sequence

import streamlit as st

from core.data.example import Example, Unreadable
from explorer.choices.session import STRUCTURES, forget_job_data, forget_training, session
from explorer.compute.jobs import KINDS, Job
from explorer.compute.own_data import load_upload
from explorer.views.structures.live_training import training_of
from explorer.views.update_buttons import forget_updates, on_network_change


def choose_structure(structure: str) -> None:
    """Another structure: what the reader typed into this one is still there when they come back."""
    memory = session()
    memory.inputs[st.session_state["structure"]] = st.session_state["input"]
    upload = memory.uploads.get(structure)
    memory.upload_problem = None
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
    """The reader's own file becomes the data of this structure, or they are told why it cannot."""
    file, structure, memory = st.session_state["dataset_upload"], st.session_state["structure"], session()
    if file is None:
        return
    try:
        upload = load_upload(structure, file.name, file.getvalue())
    except Unreadable as problem:
        memory.upload_problem = str(problem)
        return
    forget_job_data(structure)
    memory.uploads[structure], memory.upload_problem = upload, None
    st.session_state["file"] = upload.file
    _open(upload.task.data.held_out or upload.task.data.train)


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
    st.session_state["begin"] = "trained"
    on_network_change(STRUCTURES)
    training_of(job).train(epochs)


def stop(job: Job) -> None:
    """Show the network where its training stands"""
    training_of(job).stop()
    forget_updates(STRUCTURES)


def back_to_stored(job: Job) -> None:
    """Show the network that this session did not train"""
    forget_training(job.key)
    forget_updates(STRUCTURES)
