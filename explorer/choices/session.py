"""What a session remembers beside the reader's choices: one record, so that every name and type stands here."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import streamlit as st

from explorer.choices.link import Link
from explorer.choices.record import CHOICES, Choices
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.jobs import Job, JobKey, NetworkKey, Upload, people_job, structure_job
from explorer.compute.live_training import LiveTraining
from explorer.compute.networks import JobNetwork, job_network
from explorer.compute.own_data import FileReading
from explorer.compute.unrolled import Example
from explorer.compute.updates import History, Updates

EXPLORE, STRUCTURES = "explore", "structures"  # the pages on which a network learns
STEP_OF = {EXPLORE: "step", STRUCTURES: "at"}  # the choice that holds the selected step of a page
UPDATES_OF = {EXPLORE: "updates", STRUCTURES: "structures_updates"}  # the choice that holds the updates of a page
MOST_TRAININGS = 6  # of one session; the longest unused goes first
MOST_RACES = 8
MOST_WRITINGS = 4
MOST_ANSWERS = 800
MOST_SCORES = 8


class TakenBack(NamedTuple):
    """What there was before an undo or a reset, the updates that it has left, and on what it was seen first"""

    history: History
    left: Updates
    example: Example | None = None


class Written(NamedTuple):
    """What the page wrote into a field, and in place of what; until the run that takes it to the browser has ended"""

    before: str
    text: str


@dataclass
class Session:
    """The memory of one session. Nothing in it is shared with another."""

    link: Link | None = None  # as it was written last; None: not yet
    is_from_file: bool = False  # the choices came with a session file, not with a link
    ignored: tuple[str, ...] = ()  # what made no sense in that source
    file: Link | None = None  # a session file that was just opened, to be loaded before any widget is made
    is_brought_back: bool = False  # the browser's tab had kept it, and the reader is told so
    is_kept: bool = False  # the browser's tab holds the choices, since no link can
    has_begun: bool = False  # something was chosen in this session: what the tab keeps is older
    page: str | None = None  # the page of the last run
    goes_to: str = ""  # the place, on the page that follows, to which a link leads
    place: str = ""  # that place, on this page
    is_painted: bool = False  # the browser has painted a stage: what stands below it may follow
    has_chosen_panel: bool = False  # of those below a stage: from then on an update opens none
    is_typing: bool = False  # in this run: the address waits until the reader rests
    rested: str | None = None  # what the reader came to rest with last
    written: dict[str, Written] = field(default_factory=dict)  # by the page, into a field that the reader types into
    holds_before: bool = False  # the reader holds the stage, whose browser does not know the numbers before the update
    is_opening: bool = False  # the whole page is being made, and not only a part of it
    stations: set[str] = field(default_factory=set)  # of Gradients, that were drawn
    guess_of: str = ""  # which question on Gradients the guess answers; "": the one that its link asks
    usual_whose: str = ""  # whose error the link alone would send back on the page shown last; "": not known yet
    whose_of: str | None = None  # the page that the chosen step's error belongs to; None: as a link or a file says
    labelled: tuple[str, ...] = ()  # the words that the labels belong to
    jobs: dict[str, JobKey] = field(default_factory=dict)  # of each page: whose updates those are
    histories: dict[str, History] = field(default_factory=dict)  # of each page, compressed
    arrived: dict[str, History] = field(default_factory=dict)  # of each page, from its last run that came to its end
    taken_back: dict[str, TakenBack] = field(default_factory=dict)  # of each page: by the last undo or reset
    notices: dict[str, str | None] = field(default_factory=dict)  # what a page tells of a click; "file": of a file
    elsewhere: dict[JobKey, Updates] = field(default_factory=dict)  # of networks that were left
    inputs: dict[str, str] = field(default_factory=dict)  # typed into the structures that are not shown now
    uploads: dict[str, Upload] = field(default_factory=dict)
    upload_problem: str | None = None
    reading: FileReading | None = None  # of a file that is being read
    brought_for: str | None = None  # the structure whose file stands in the uploader
    begun_from: str = CHOICES["begin"].default  # what `begin` was before the last training began
    is_stale: bool = False  # a click on a part of the page changed what stands outside of it
    opened: BoundedCache[NetworkKey, JobNetwork] = field(default_factory=lambda: BoundedCache(MOST_TRAININGS))
    weights_problem: str | None = None  # of a file with weights
    trainings: BoundedCache[NetworkKey, LiveTraining] = field(default_factory=lambda: BoundedCache(MOST_TRAININGS))
    awaits_epoch: bool = False  # the link or session file asks for an epoch that only a training can show
    awaited: dict[str, dict[str, int]] = field(default_factory=dict)  # so it did of structures that are not shown now
    answers: BoundedCache = field(default_factory=lambda: BoundedCache(MOST_ANSWERS))  # that an epoch gives
    races: BoundedCache = field(default_factory=lambda: BoundedCache(MOST_RACES))
    writings: BoundedCache = field(default_factory=lambda: BoundedCache(MOST_WRITINGS))  # on Notes, by seed
    scores: BoundedCache = field(default_factory=lambda: BoundedCache(MOST_SCORES))
    checked_entry: tuple[object, tuple[int, int]] | None = None  # of which weight and example; its row and column


def session() -> Session:
    """The memory of this session"""
    if (memory := st.session_state.get("memory")) is None:
        memory = st.session_state["memory"] = Session()
    return memory


def job_of(page: str, choices: Choices) -> Job:
    """The job that a page shows"""
    if page == EXPLORE:
        return people_job(choices.experiment)
    name = choices.structure
    upload = session().uploads.get(name)
    is_trained = choices.begin == "trained"
    job = structure_job(name, choices.cell, choices.attention, is_trained, upload, choices.direction)
    training = session().trainings.get(job.network)
    if not training or not training.epoch or (training.is_running and training.shown is None):
        return job
    return replace(job, epoch=training.shown if training.shown in training.at_hand else training.chosen(choices.keep))


def network_of(job: Job) -> JobNetwork:
    """The network of a job: trained here, opened, stored or as it starts"""
    memory = session()
    training = memory.trainings.get(job.network)
    if job.epoch is None or training is None:
        return job_network(job, memory.opened)
    params = training.weights(job.epoch)
    assert params is not None  # it was at hand when the job was made
    return JobNetwork(params, "here")


def training_of(job: Job) -> LiveTraining:
    """This session's training of this network. Any other pauses: what is not on screen takes no time from what is."""
    trainings = session().trainings
    for key, other in trainings.items():
        if other.is_running and key != job.network:
            other.stop()
    return trainings.get(job.network) or trainings.put(job.network, LiveTraining(job))


def forget_job_data(name: str) -> None:
    """Drop a reader's file for this structure, with all that was trained on it and all updates of those networks"""
    memory = session()
    memory.uploads.pop(name, None)
    known: set[NetworkKey] = {*dict(memory.opened.items()), *dict(memory.trainings.items())}
    known |= {(experiment, file) for experiment, file, _ in memory.elsewhere}
    for experiment, file in known:
        if file and experiment.task == name:
            forget_network((experiment, file))


def forget_network(network: NetworkKey) -> None:
    """Drop what this session trained or opened of a network, and the updates of those weights"""
    memory = session()
    memory.opened.pop(network)
    memory.trainings.pop(network)
    for key in [key for key in memory.elsewhere if key[:2] == network]:
        memory.elsewhere.pop(key)
