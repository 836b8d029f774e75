"""A job: a task with its data, and the network that was chosen for it. Every page that shows a network shows a job."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from core import pretrained, tasks
from core.cells import CELLS, Cell
from core.data.abc_file import tunes_in_pieces
from core.data.conll import conll_in_pieces
from core.data.example import Skipped
from core.data.reviews import reviews_in_pieces
from core.data.sentence_pairs import pairs_in_pieces
from core.data.text_file import Pieces, Summary
from core.data.vocabulary import nfc, one_apostrophe, tokenise_elisions
from core.structures import has_decoder
from core.tasks import Task
from core.training import Experiment
from explorer.compute.sentence import MOST_WORDS

PEOPLE = "people"  # the task of the page Explore
AVERAGED = 100  # batches, where one's own data are learned: each says something else, and their mean answers better
OWN_UNITS = {"translation": 128}  # hidden, where one's own data need more than ours: their words are used more freely
MOST_INPUTS = 40  # words of an input on Structures: more would not fit on a screen


class StructureTask(NamedTuple):
    """What the page Structures must know of a task beside the task itself"""

    name: str  # of its structure, as the lecture calls it
    exhibit: str  # how its answer is shown, a key of the tables in views/structures
    read: Callable[[bytes], Pieces]  # of a reader's own file
    example: str  # what it opens with


def _tagged(data: bytes) -> Pieces:
    return conll_in_pieces(data, lambda word: nfc(one_apostrophe(word)))


KINDS = {
    "word": StructureTask("one-to-one", "word", _tagged, "Grace"),
    "melody": StructureTask("one-to-many", "melody", tunes_in_pieces, "G4:1/4"),
    "sentiment": StructureTask(
        "many-to-one", "review", lambda data: reviews_in_pieces(data, tokenise_elisions), "not a bad film at all"
    ),
    "entities": StructureTask(
        "many-to-many, Tx = Ty",
        "tags",
        _tagged,
        "Jordan flew from London to Jordan with the Red Cross",
    ),
    "translation": StructureTask(
        "many-to-many, Tx ≠ Ty",
        "translation",
        lambda data: pairs_in_pieces(data, tokenise_elisions),
        "I close the white door",
    ),
}


class Upload(NamedTuple):
    """A file that the reader brought: what was found in it, and the task that was made of it"""

    file: str
    digest: str  # of its bytes
    found: Summary
    skipped: tuple[Skipped, ...]  # the first of them
    left_out: dict[str, int]  # examples that are not used, by the reason
    longest: int  # tokens of one that is used, at most
    task: Task
    baseline: float | None  # of the simple method, on the held-out examples
    short: Summary  # of the examples that are not too long


NetworkKey = tuple[Experiment, str]
JobKey = tuple[Experiment, str, int | None]


@dataclass(frozen=True)
class Job:
    """A task on our data or on the reader's own, with the network that was chosen for it"""

    name: str  # PEOPLE, or a key of KINDS
    task: Task
    experiment: Experiment
    file: str = ""  # where the data come from, if not from us
    digest: str = ""  # of that file: equal files give equal networks
    epoch: int | None = None  # of a training in this session; None: what stands before it

    @property
    def cell(self) -> Cell:
        return CELLS[self.experiment.cell]

    @property
    def is_both(self) -> bool:
        """Does its network read in both directions?"""
        return self.experiment.direction == "both"

    @property
    def exhibit(self) -> str:
        """How its answer is shown"""
        return "tags" if self.name == PEOPLE else KINDS[self.name].exhibit

    @property
    def most_words(self) -> int:
        """Of an input: the drawing of a longer one would say nothing"""
        return MOST_WORDS if self.name == PEOPLE else MOST_INPUTS

    @property
    def network(self) -> NetworkKey:
        """What tells this job's network from all others of the session, however far it is trained"""
        return self.experiment, self.file

    @property
    def key(self) -> JobKey:
        """The same with the epoch"""
        return self.experiment, self.file, self.epoch


def people_job(experiment: Experiment) -> Job:
    """The job of Explore: names of people, with any network"""
    return Job(PEOPLE, tasks.task(PEOPLE), experiment)


def structure_job(
    name: str, cell: str, attention: bool, is_trained: bool, upload: Upload | None, direction: str = "forward"
) -> Job:
    """A job of Structures, on what the reader uploaded, if anything; only where there is a decoder can it attend, and
    only where all words are there before the answers can it read in both directions"""
    kind = KINDS[name]
    experiment = pretrained.default_experiment(
        name,
        cell,
        attention=attention and has_decoder(kind.name),
        direction=direction if kind.exhibit == "tags" else "forward",
    )
    if not is_trained:
        experiment = pretrained.before_training(experiment)
    if upload:
        units = OWN_UNITS.get(name, experiment.hidden_units)
        experiment = replace(experiment, averaged=AVERAGED, hidden_units=units)
        return Job(name, upload.task, experiment, upload.file, upload.digest)
    return Job(name, tasks.task(name), experiment)


def trained_version(job: Job, upload: Upload | None) -> Job:
    """The same job, with the network that is trained: an untrained one has no epochs to train"""
    made_of = job.experiment
    return structure_job(job.name, made_of.cell, made_of.attention, True, upload, made_of.direction)
