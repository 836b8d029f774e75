"""A file that the reader brought becomes the data of a task."""

from dataclasses import replace

import streamlit as st

from core.data import datasets
from core.data.example import Unreadable
from core.data.text_file import summary
from core.tasks import TASK_BUILDERS, Task
from explorer.compute.jobs import KINDS, Upload

MOST_EXAMPLES = 2000  # of a reader's own file: more would take minutes to train on
MOST_TOKENS = 30_000  # of all of them
LONGEST = 200  # tokens of one of them
MOST_HELD_OUT = 200  # they are answered anew after every epoch
MOST_TAGS = 100
MOST_SHOWN = 500  # skipped lines


def load_upload(name: str, file: str, data: bytes) -> Upload:
    """Read a reader's file, and make a task of it; raises Unreadable, with a sentence that says why"""
    reading = KINDS[name].read(data)
    sizes = [max(len(e.inputs), len(e.answers)) for e in reading.examples]
    short = [e for e, size in zip(reading.examples, sizes, strict=True) if size <= LONGEST]
    if not short:
        raise Unreadable(f"Every example in this file is longer than {LONGEST} tokens; shorter ones are needed.")
    tokens = sum(len(e.inputs) + len(e.answers) for e in short)
    used = short[:: max(-(-len(short) // MOST_EXAMPLES), -(-tokens // MOST_TOKENS))]
    data = datasets.split(used)
    task = TASK_BUILDERS[name](data)
    _check(name, task)
    mine = Upload(file, summary(reading), reading.skipped[:MOST_SHOWN], len(used),
               replace(task, data=task.data._replace(held_out=task.data.held_out[:MOST_HELD_OUT])))  # fmt: skip
    discard_upload(name)
    st.session_state.setdefault("own", {})[name] = mine
    return mine


def _check(name: str, task: Task) -> None:
    """Is there something to learn?"""
    answers = {answer for part in task.data for e in part for answer in e.answers}
    if name == "word" and "name" not in answers:
        raise Unreadable("No word in this file is part of a person's name: the tags B-PER and I-PER mark them.")
    if len(task.classes) < 2 or (not task.writes and len(answers) < 2):
        (only,) = answers
        raise Unreadable(f"Every answer in this file is {only}: there is nothing to tell apart.")
    if name == "entities" and len(task.classes) > MOST_TAGS:
        raise Unreadable(f"This file has {len(task.classes)} different tags, and at most {MOST_TAGS} can be learned.")
    if name == "melody" and not first_notes(task):
        raise Unreadable("No note comes twice in this file, so there is nothing to learn: more tunes are needed.")


def first_notes(task: Task) -> list[str]:
    """The notes that a melody may begin with"""
    return [note for note in task.vocabulary.words if not note.startswith(("<", "rest"))]


def discard_upload(name: str) -> None:
    """Drop a reader's file, with all that was trained on it"""
    st.session_state.setdefault("own", {}).pop(name, None)
    for kept in ("trained", "courses"):
        for experiment, file in list(st.session_state.get(kept, {})):
            if file and experiment.task == name:
                del st.session_state[kept][experiment, file]
