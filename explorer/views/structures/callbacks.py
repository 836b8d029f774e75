"""What the controls of Structures do, besides choosing."""

import io
from collections.abc import Sequence

import streamlit as st

from core import parameters
from core.data.example import Example
from core.training import untrained
from explorer.choices.record import CHOICES
from explorer.choices.session import STRUCTURES, forget_job_data, forget_network, session, training_of
from explorer.choices.widgets import choose, new_labels, typed, write
from explorer.compute.jobs import KINDS, Job
from explorer.compute.long_work import SLICE
from explorer.compute.networks import JobNetwork
from explorer.compute.own_data import FileReading
from explorer.formatting import clip_word, escape_markdown
from explorer.prose import prose
from explorer.views.update_and_undo import forget_updates, on_network_change

MOST_LETTERS = 60  # of the name of a file
A_FEW = range(4, 13)  # words
ASKED = ("epoch", "trained", "batches")  # what a link says of a training


def choose_structure(structure: str) -> None:
    """Another structure opens at rest; what the reader typed into this one is still there when they come back."""
    memory = session()
    left = st.session_state["structure"]
    memory.inputs[left] = st.session_state["input"]
    if memory.awaits_epoch:  # of that structure only
        memory.awaited[left] = {key: st.session_state[key] for key in ASKED}
    upload = memory.uploads.get(structure)
    memory.upload_problem = memory.reading = None
    st.session_state.update(structure=structure, phase="forward", file=upload.file if upload else "")
    awaited = memory.awaited.pop(structure, None)
    memory.awaits_epoch = awaited is not None
    st.session_state.update(awaited or {key: CHOICES[key].default for key in ASKED})
    write("input", memory.inputs.get(structure, KINDS[structure].example))
    new_input()
    on_network_change(STRUCTURES)


def type_input() -> None:
    if typed("input"):
        new_input()


def new_input() -> None:
    """Another example: what was right of the old one is not right of this one."""
    write("right", "")
    st.session_state["at"] = 1
    new_labels()


# Data and training ----------------------------------------------------------------------------------------------------


def upload_data() -> None:
    """Begin to read the reader's own file; a small one is read at once. Taken out of the uploader, it takes its data
    along."""
    file, memory = st.session_state["dataset_upload"], session()
    if file is None:
        memory.upload_problem = memory.reading = None
        return _remove_data(memory.brought_for)
    memory.brought_for = st.session_state["structure"]
    memory.reading = FileReading(st.session_state["structure"], file.name, file.getvalue())
    memory.reading.start()
    memory.reading.advance(SLICE)
    take_reading()


def take_reading() -> None:
    """A file that was read becomes the data of its structure, or the reader is told why it cannot."""
    memory = session()
    reading = memory.reading
    if reading is None or reading.is_running:
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
    _remove_data(st.session_state["structure"])


def _remove_data(structure: str | None) -> None:
    """Back to the app's own data for this structure"""
    if structure not in session().uploads:
        return
    forget_job_data(structure)
    session().is_stale = True
    if structure != st.session_state["structure"]:
        return
    st.session_state["file"] = ""
    write("input", KINDS[structure].example)
    new_input()
    forget_updates(STRUCTURES)


def _open(examples: Sequence[Example]) -> None:
    """With the first example of a few words that tells something, not a date or a sentence without a name"""
    telling = (one for one in examples if len(one.inputs) in A_FEW and {*one.answers} != {"O"})
    write("input", " ".join(next(telling, examples[0]).inputs))
    new_input()
    forget_updates(STRUCTURES)


def awaits_epoch(job: Job) -> bool:
    """Does the link ask for an epoch of a training on these data? Without its file nothing is trained for it."""
    return session().awaits_epoch and (not st.session_state["file"] or job.name in session().uploads)


def train(job: Job, epochs: int) -> None:
    """Train this network; what is trained is shown"""
    training = training_of(job)
    if not training.epoch:
        session().begun_from = st.session_state["begin"]
    choose(begin="trained")
    session().is_stale = True
    on_network_change(STRUCTURES)
    if training.epoch:
        training.shown = st.session_state["epoch"]  # until it ends
    if job.file:
        training.train_for(st.session_state["budget"], st.session_state["batches"])
    else:
        training.train(epochs)


def stop(job: Job) -> None:
    """Show the epoch that is kept; or the one that a link asked for, if it is reached; before the first one, what was
    shown before"""
    training, memory, epoch = training_of(job), session(), st.session_state["epoch"]
    training.stop()
    if not training.epoch:  # nothing is learned yet: what was shown before stays, with its updates
        choose(begin=memory.begun_from)
        memory.is_stale = True
        on_network_change(STRUCTURES)
        return
    training.shown = epoch if memory.awaits_epoch and epoch in training.at_hand else None
    memory.awaits_epoch, memory.is_stale = False, True
    forget_updates(STRUCTURES)


def choose_budget() -> None:
    """Another time: how many batches it is will be known when it is trained"""
    st.session_state["batches"] = 0


def choose_epoch(job: Job) -> None:
    """Go to an epoch of the training"""
    training_of(job).shown, session().is_stale = st.session_state["epoch"], True
    on_network_change(STRUCTURES)


def choose_kept(job: Job) -> None:
    """Go to the epoch that is kept now"""
    training_of(job).shown = None
    on_network_change(STRUCTURES)


def open_weights(job: Job) -> None:
    """Weights that the reader brought take the place of this network's"""
    file, memory = st.session_state["weights_upload"], session()
    memory.weights_problem = None
    if file is None:
        return
    try:
        params = parameters.load(io.BytesIO(file.getvalue()), like=untrained(job.experiment, job.task))
    except ValueError as problem:
        memory.weights_problem = _why_not(job, problem)
        return
    forget_network(job.network)
    memory.opened.put(job.network, JobNetwork(parameters.read_only(params), "opened"))
    choose(begin="trained")
    memory.is_stale, memory.awaits_epoch = True, False
    forget_updates(STRUCTURES)


def _why_not(job: Job, problem: ValueError) -> str:
    """Weights of such a network that only met other words, notes or answers were trained on another file"""
    if not isinstance(problem, parameters.OtherData):
        return escape_markdown(str(problem))
    file = "" if job.file else st.session_state["file"]  # that a link named, and that is not here yet
    name = escape_markdown(clip_word(file, MOST_LETTERS))
    return prose("structures", "weights_of_file", has_name=bool(file), file=name)


def back_to_stored(job: Job) -> None:
    """Show the network that this session did not train"""
    forget_network(job.network)
    session().is_stale = True
    forget_updates(STRUCTURES)
