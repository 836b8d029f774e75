"""The bridge between Structures and the core: the five jobs, what a reader gave to one, what the network made of it."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import streamlit as st

from core import pretrained, tasks, training
from core.cells import CELLS
from core.data import datasets
from core.data.abc_file import read_tunes
from core.data.conll import read_conll
from core.data.example import Example, Skipped
from core.data.reviews import read_reviews
from core.data.sentence_pairs import read_pairs
from core.data.text_file import Summary
from core.tasks import Task
from core.training import Experiment

MOST_WORDS = 40  # of an input: a longer one would not fit on a screen
UPDATES = 300  # that a training on a reader's own file takes at least, however small it is


class StructureTask(NamedTuple):
    """What the page must know of a job beyond its task"""

    name: str  # of the job, as the lecture calls it
    does: str  # in two or three words
    format: str  # of its files
    endings: tuple[str, ...]
    read: object
    example: str  # what it opens with


KINDS = {
    "word": StructureTask("one-to-one", "judge a word", "CoNLL-2003 columns", ("conll", "txt"), read_conll, "Grace"),
    "melody": StructureTask("one-to-many", "make a melody", "ABC notation", ("abc", "txt"), read_tunes, "G4:1/4"),
    "sentiment": StructureTask("many-to-one", "judge a review", "TSV or CSV, sentence and label", ("tsv", "csv", "txt"),
                      read_reviews, "not a bad film at all"),
    "entities": StructureTask("many-to-many, Tx = Ty", "find the entities", "CoNLL-2003 columns", ("conll", "txt"),
                     read_conll, "Jordan flew from London to Jordan with the Red Cross"),
    "translation": StructureTask("many-to-many, Tx ≠ Ty", "translate", "TSV, English and French", ("tsv", "txt"),
                        read_pairs, "I close the white door"),
}  # fmt: skip


class Upload(NamedTuple):
    """A file that the reader brought: what was found in it, and the task that was made of it"""

    file: str
    found: Summary
    skipped: tuple[Skipped, ...]  # the first of them
    used: int  # examples, of those found
    task: Task


@dataclass(frozen=True)
class Job:
    """One of the five, on our data or on the reader's own, with the network that was chosen for it"""

    name: str
    task: Task
    experiment: Experiment
    file: str = ""  # where the data come from, if not from us

    @property
    def cell(self):
        return CELLS[self.experiment.cell]

    @property
    def key(self) -> tuple[Experiment, str]:
        return self.experiment, self.file


def trained_version(now: Job) -> Job:
    """The same job, with the network that is trained: an untrained one has no epochs to train"""
    return job(now.name, now.experiment.cell, now.experiment.attention)


def upload_of(name: str) -> Upload | None:
    return st.session_state.setdefault("own", {}).get(name)


def job(name: str, cell: str, attention: bool, trained: bool = True) -> Job:
    mine = upload_of(name)
    experiment = pretrained.default_experiment(name, cell, attention=attention and name == "translation")
    if mine:
        batches = -(-len(mine.task.data.train) // training.BATCH)
        experiment = replace(experiment, epochs=max(experiment.epochs, -(-UPDATES // batches)))
    if not trained:
        experiment = pretrained.untrained(experiment)
    return Job(name, mine.task if mine else tasks.task(name), experiment, mine.file if mine else "")


def sentences() -> tuple[Example, ...]:
    """The sentences in which Explore's names stand"""
    return datasets.people().train
