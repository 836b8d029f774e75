"""What a session remembers beside the reader's choices: one record, so that every name and type stands here."""

from dataclasses import dataclass, field

import streamlit as st

from explorer.choices.link import Link
from explorer.choices.record import Choices
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.jobs import Job, JobKey, Upload, people_job, structure_job
from explorer.compute.networks import JobNetwork
from explorer.compute.updates import History, Updates

EXPLORE, STRUCTURES = "explore", "structures"  # the pages on which a network learns
STEP_OF = {EXPLORE: "step", STRUCTURES: "at"}  # the choice that holds the selected step of a page
UPDATES_OF = {EXPLORE: "updates", STRUCTURES: "structures_updates"}  # the choice that holds the updates of a page
MOST_TRAININGS = 6  # of one session; the longest unused goes first
MOST_RACES = 8
MOST_SCORES = 8


@dataclass
class Session:
    """The memory of one session. Nothing in it is shared with another."""

    link: Link | None = None  # as it was written last; None: not yet
    is_from_file: bool = False  # the choices came with a session file, not with a link
    ignored: tuple[str, ...] = ()  # what made no sense in that source
    file: Link | None = None  # a session file that was just opened, to be loaded before any widget is made
    page: str | None = None  # the page of the last run
    is_painted: bool = False  # the browser has painted a stage: what stands below it may follow
    is_opening: bool = False  # the whole page is being made, and not only a part of it
    labelled: tuple[str, ...] = ()  # the words that the labels belong to
    jobs: dict[str, JobKey] = field(default_factory=dict)  # of each page: whose updates those are
    histories: dict[str, History] = field(default_factory=dict)  # of each page, compressed
    notices: dict[str, str | None] = field(default_factory=dict)  # what a page tells of a click; "file": of a file
    elsewhere: dict[JobKey, Updates] = field(default_factory=dict)  # of networks that were left
    inputs: dict[str, str] = field(default_factory=dict)  # typed into the structures that are not shown now
    uploads: dict[str, Upload] = field(default_factory=dict)
    upload_problem: str | None = None
    trained: BoundedCache[JobKey, JobNetwork] = field(default_factory=lambda: BoundedCache(MOST_TRAININGS))
    trainings: BoundedCache = field(default_factory=lambda: BoundedCache(MOST_TRAININGS))
    races: BoundedCache = field(default_factory=lambda: BoundedCache(MOST_RACES))
    scores: BoundedCache = field(default_factory=lambda: BoundedCache(MOST_SCORES))
    checked_entry: tuple[object, tuple[int, int]] | None = None  # of which weight and example; its row and column


def session() -> Session:
    """The memory of this session"""
    return st.session_state.setdefault("memory", Session())


def job_of(page: str, choices: Choices) -> Job:
    """The job that a page shows"""
    if page == EXPLORE:
        return people_job(choices.experiment)
    name = choices.structure
    upload = session().uploads.get(name)
    return structure_job(name, choices.cell, choices.attention, choices.begin == "trained", upload)


def forget_training(key: JobKey) -> None:
    """Back to this network as it was before this session trained it; its updates began with the trained weights"""
    memory = session()
    memory.trained.pop(key)
    memory.trainings.pop(key)
    memory.elsewhere.pop(key, None)


def forget_job_data(name: str) -> None:
    """Drop a reader's file for this structure, with all that was trained on it and all updates of those networks"""
    memory = session()
    memory.uploads.pop(name, None)
    known = {*dict(memory.trained.items()), *memory.elsewhere, *dict(memory.trainings.items())}
    for experiment, file in known:
        if file and experiment.task == name:
            forget_training((experiment, file))
