"""The bridge between Structures and the core: the five jobs, what a reader gave to one, what the network made of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import streamlit as st

from core import datasets, flow, formats, generation, models, scores, tasks, training, writing
from core.abc_notation import read_tunes
from core.backward import backward
from core.cells import CELLS
from core.examples import Example, Skipped, Unreadable
from core.formats import Summary, summary
from core.forward import forward
from core.generation import Written
from core.parameters import Parameters
from core.structures import SILENT, Reads, lay_out
from core.tasks import BUILD, END, START, Task
from core.training import Experiment
from core.vocabulary import tokenise
from explorer import lab
from explorer.lab import Look

MOST_WORDS = 40  # of an input: a longer one would not fit on a screen
MOST_EXAMPLES = 2000  # of a reader's own file: more would take minutes to train on
MOST_TOKENS = 30_000  # of all of them
LONGEST = 200  # tokens of one of them
MOST_HELD_OUT = 200  # they are answered anew after every epoch
MOST_TAGS = 100
MOST_SHOWN = 500  # skipped lines
UPDATES = 300  # that a training on a reader's own file takes at least, however small it is
MOST_ANSWERS = 200  # of one example: a long tune


class Kind(NamedTuple):
    """What the page must know of a job beyond its task"""

    name: str  # of the job, as the lecture calls it
    does: str  # in two or three words
    format: str  # of its files
    endings: tuple[str, ...]
    read: object
    example: str  # what it opens with


KINDS = {
    "word": Kind("one-to-one", "judge a word", "CoNLL-2003 columns", ("conll", "txt"), formats.read_conll, "Grace"),
    "melody": Kind("one-to-many", "make a melody", "ABC notation", ("abc", "txt"), read_tunes, "G4:1/4"),
    "sentiment": Kind("many-to-one", "judge a review", "TSV or CSV, sentence and label", ("tsv", "csv", "txt"),
                      formats.read_reviews, "not a bad film at all"),
    "entities": Kind("many-to-many, Tx = Ty", "find the entities", "CoNLL-2003 columns", ("conll", "txt"),
                     formats.read_conll, "Jordan flew from London to Jordan with the Red Cross"),
    "translation": Kind("many-to-many, Tx ≠ Ty", "translate", "TSV, English and French", ("tsv", "txt"),
                        formats.read_pairs, "I close the white door"),
}  # fmt: skip


class Own(NamedTuple):
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


def trainee(now: Job) -> Job:
    """The same job, with the network that is trained: an untrained one has no epochs to train"""
    return job(now.name, now.experiment.cell, now.experiment.attention)


def own(name: str) -> Own | None:
    return st.session_state.setdefault("own", {}).get(name)


def job(name: str, cell: str, attention: bool, trained: bool = True) -> Job:
    mine = own(name)
    experiment = models.suggested(name, cell, attention=attention and name == "translation")
    if mine:
        batches = -(-len(mine.task.data.train) // training.BATCH)
        experiment = replace(experiment, epochs=max(experiment.epochs, -(-UPDATES // batches)))
    if not trained:
        experiment = models.untrained(experiment)
    return Job(name, mine.task if mine else tasks.task(name), experiment, mine.file if mine else "")


def take(name: str, file: str, data: bytes) -> Own:
    """Read a reader's file, and make a task of it; raises Unreadable, with a sentence that says why"""
    reading = KINDS[name].read(data)
    sizes = [max(len(e.inputs), len(e.answers)) for e in reading.examples]
    short = [e for e, size in zip(reading.examples, sizes, strict=True) if size <= LONGEST]
    if not short:
        raise Unreadable(f"Every example in this file is longer than {LONGEST} tokens; shorter ones are needed.")
    tokens = sum(len(e.inputs) + len(e.answers) for e in short)
    used = short[:: max(-(-len(short) // MOST_EXAMPLES), -(-tokens // MOST_TOKENS))]
    data = datasets.split(used)
    task = BUILD[name](data)
    _check(name, task)
    mine = Own(file, summary(reading), reading.skipped[:MOST_SHOWN], len(used),
               replace(task, data=task.data._replace(held_out=task.data.held_out[:MOST_HELD_OUT])))  # fmt: skip
    forget_own(name)
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


def forget_own(name: str) -> None:
    """Drop a reader's file, with all that was trained on it"""
    st.session_state.setdefault("own", {}).pop(name, None)
    for kept in ("trained", "courses"):
        for experiment, file in list(st.session_state.get(kept, {})):
            if file and experiment.task == name:
                del st.session_state[kept][experiment, file]


def sentences() -> tuple[Example, ...]:
    """The sentences in which Explore's names stand"""
    return datasets.people().train


# Networks -------------------------------------------------------------------------------------------------------------


class Network(NamedTuple):
    params: Parameters
    origin: str  # "stored", "trained here", or "untrained": nobody has trained it yet
    score: float | None = None  # on held-out examples, where that is known already


def network(now: Job) -> Network:
    """The network of a job: trained in this session, or before and stored; else as it starts"""
    trained = st.session_state.get("trained", {}).get(now.key)
    if trained:
        return trained
    if now.file or not now.experiment.epochs:
        return Network(training.start(now.experiment, now.task), "untrained")
    if stored := lab.shelf().get(now.experiment) or models.stored(now.experiment):
        return Network(lab.shelf().put(now.experiment, stored), "stored", score(now.experiment))
    return Network(training.start(now.experiment), "untrained")


@st.cache_data(max_entries=64, show_spinner=False)
def score(experiment: Experiment) -> float:
    """On held-out examples, of a stored network"""
    return scores.score(tasks.task(experiment.task), CELLS[experiment.cell], models.stored(experiment))


@st.cache_data(show_spinner=False)
def baseline(name: str) -> float:
    return scores.baseline(tasks.task(name))


# What the network writes ----------------------------------------------------------------------------------------------


class Way(NamedTuple):
    """How an answer is chosen at every step"""

    decoding: str = "greedy"  # or "beam"; a melody is sampled
    beam_width: int = 3
    temperature: float = 0.8
    top_k: int = 0  # 0: all
    notes: int = 32
    draw: int = 1  # which of all the melodies that could be drawn


def read(now: Job, text: str) -> tuple[str, ...]:
    """What the reader typed, as the network gets it"""
    words = (text,) if now.name == "melody" else tuple(tokenise(text[: lab.READ_CHARACTERS]))
    return words[: 1 if now.name in ("word", "melody") else MOST_WORDS]


def write(now: Job, params: Parameters, inputs: Sequence[str], way: Way) -> list[Written]:
    """What the network answers when it runs freely, best first"""
    s = writing.speaker(now.task, now.cell, params, inputs)
    if now.name == "melody":
        rng, never = np.random.default_rng(way.draw), (*s.forbidden, s.end)
        return [generation.sample(s.advance, s.state, s.first, None, way.notes - 1, rng, way.temperature,
                                  way.top_k or None, forbidden=never)]  # fmt: skip
    if way.decoding == "beam":
        return generation.beam(
            s.advance, s.state, s.first, s.end, writing.most(now.task), way.beam_width, forbidden=s.forbidden
        )
    return [generation.greedy(s.advance, s.state, s.first, s.end, writing.most(now.task), forbidden=s.forbidden)]


def spelled(now: Job, written: Written) -> tuple[str, ...]:
    """In words, without <END>"""
    return tuple(now.task.classes[i] for i in written.tokens)


# One example on the stage ---------------------------------------------------------------------------------------------


class Exercise(NamedTuple):
    """One example: what is read, what is fed back where answers are fed back, and what should be answered"""

    inputs: tuple[str, ...]
    fed: tuple[str, ...]
    answers: tuple[str, ...]
    guessed: bool = False  # nobody said what is right: the network's own answer stands in
    forced: bool = False  # the right answers are fed, whatever the network says


@dataclass(frozen=True)
class Scene:
    """An exercise through one network, forward and backward"""

    job: Job
    exercise: Exercise
    look: Look

    @cached_property
    def y_hat(self) -> np.ndarray:
        """ŷ⟨t⟩ (T, classes); of a sigmoid both classes"""
        y_hat = self.look.loss.y_hat[:, 0]
        return np.hstack([1 - y_hat, y_hat]) if y_hat.shape[-1] == 1 else y_hat

    @property
    def due(self) -> np.ndarray:
        """The steps at which the network answers, from 0"""
        return np.flatnonzero([slot.answers for slot in self.look.trace.slots])

    @cached_property
    @np.errstate(over="ignore", invalid="ignore")
    def last_error(self) -> np.ndarray:
        """‖∂ℒ⟨s⟩/∂state⟨k⟩‖ of the last answer that is due, k = 1 … s: how much of it arrives where"""
        last = int(np.flatnonzero(self.look.targets[:, 0] != SILENT)[-1])
        return flow.reach_norms(self.look.back, part="state")[last, : last + 1, 0]


class Practice(NamedTuple):
    """One press of the update button: `size` gradient-descent steps on one exercise"""

    exercise: Exercise
    learning_rate: float
    clipping: str
    clip_limit: float
    size: int

    def on(self, now: Job) -> Callable[[Parameters], Look]:
        return lambda params: run(now, params, self.exercise).look


def known(now: Job, inputs: tuple[str, ...]) -> tuple[str, ...] | None:
    """The right answer, if these inputs are in the data"""
    return now.task.right.get(tuple(map(now.task.vocabulary.spelling, inputs)))


def exercise(
    now: Job, params: Parameters, inputs: tuple[str, ...], right: tuple[str, ...] | None, forced: bool, way: Way
) -> Exercise:
    """`forced`: the right answers are fed back, as in training; else the network's own"""
    if not now.task.writes:
        answers = right or said(now, params, inputs)
        return Exercise(inputs, answers, answers, guessed=right is None)
    if forced and right:
        return Exercise(inputs, right, right, forced=True)
    best = write(now, params, inputs, way)[0]
    mine = spelled(now, best) + ((END,) if best.ended or not best.tokens else ())
    return Exercise(inputs, mine, right or mine, guessed=right is None)


def fits(now: Job, ex: Exercise) -> bool:
    """Can the table of this structure lay it out? A link, perhaps made by hand, may ask for what it cannot"""
    slots = now.task.slots(len(ex.inputs), len(ex.fed))
    read = sum(slot.reads is Reads.INPUT for slot in slots)
    are_classes = now.task.writes or {*ex.fed, *ex.answers} <= now.task.index.keys()
    due = sum(slot.answers for slot in slots)
    return are_classes and read == len(ex.inputs) <= MOST_WORDS and due == len(ex.fed) <= MOST_ANSWERS


@np.errstate(over="ignore", invalid="ignore")
def run(now: Job, params: Parameters, ex: Exercise) -> Scene:
    """Lay the exercise out by its table, and run it both ways.

    Answers that are fed back are fixed numbers on the way back: no error goes through the choice of a word. Where the
    network writes more than what is right, no answer is due.
    """
    task = now.task
    ids, fed = task.encode(Example(ex.inputs, ex.fed))
    slots = task.slots(len(ids), len(fed))
    x, _ = lay_out(slots, ids, fed, task.index.get(START, 0))
    due = iter(task.encode(Example(ex.inputs, ex.answers))[1])
    targets = np.array([next(due, SILENT) if slot.answers else SILENT for slot in slots])[:, None]
    trace = forward(now.cell, params, slots, np.array(x)[:, None])
    loss = task.loss(trace.logits, targets)
    words = ex.inputs + tuple(task.classes[i] for i in x[len(ids) :])
    return Scene(now, ex, Look(words, targets, trace, loss, backward(trace, loss)))


def said(now: Job, params: Parameters, inputs: tuple[str, ...]) -> tuple[str, ...]:
    """The most probable answers of a network whose answers are not fed back"""
    task, ids = now.task, now.task.vocabulary.encode(inputs)
    slots = task.slots(len(ids))
    trace = forward(now.cell, params, slots, ids[:, None])
    best = scores.chosen(task, task.loss(trace.logits, np.full((len(slots), 1), SILENT)).y_hat)[:, 0]
    return tuple(task.classes[i] for i, slot in zip(best, slots, strict=True) if slot.answers)
