"""A file that the reader brought becomes the data of a task."""

import hashlib
from collections.abc import Generator
from dataclasses import replace

from core import evaluation
from core.data import datasets
from core.data.example import Unreadable
from core.data.text_file import summary
from core.tasks import TASK_BUILDERS, Task
from explorer.compute.answers import first_notes
from explorer.compute.jobs import KINDS, Upload
from explorer.compute.long_work import LongWork
from explorer.prose import prose

MOST_EXAMPLES = 2000  # of a reader's own file: more would take minutes to train on
MOST_TOKENS = 30_000  # of all of them
LONGEST = 200  # tokens of one of them
MOST_HELD_OUT = 200  # they are answered anew after every epoch
MOST_TAGS = 100
MOST_SHOWN = 500  # skipped lines


class FileReading(LongWork):
    """A reader's file at work: at its end there is an upload, or a sentence that says why there is none"""

    def __init__(self, name: str, file: str, content: bytes) -> None:
        super().__init__()
        self.name, self.pieces = name, upload_in_pieces(name, file, content)
        self.share = 0.0  # of the work
        self.upload: Upload | None = None
        self.problem: str | None = None

    def step(self) -> bool:
        try:
            self.share = next(self.pieces)
        except StopIteration as end:
            self.upload = end.value
        except Unreadable as problem:
            self.problem = str(problem)
        return self.upload is None and self.problem is None


def upload_in_pieces(name: str, file: str, content: bytes) -> Generator[float, None, Upload]:
    """Read a reader's file and make a task of it; Unreadable, with a sentence that says why, if that cannot be."""
    reading = yield from KINDS[name].read(content)
    sizes = [max(len(e.inputs), len(e.answers)) for e in reading.examples]
    short = [e for e, size in zip(reading.examples, sizes, strict=True) if size <= LONGEST]
    if not short:
        raise Unreadable(prose("structures", "refused_long", most=LONGEST))
    tokens = sum(len(e.inputs) + len(e.answers) for e in short)
    used = short[:: max(-(-len(short) // MOST_EXAMPLES), -(-tokens // MOST_TOKENS))]
    task = TASK_BUILDERS[name](datasets.split(used))
    _check(name, task)
    scored = task.data._replace(held_out=task.data.held_out[:MOST_HELD_OUT])
    task = replace(task, data=scored)
    baseline = evaluation.baseline(task) if scored.held_out else None
    digest = hashlib.sha256(content).hexdigest()
    return Upload(file, digest, summary(reading), reading.skipped[:MOST_SHOWN], len(used), task, baseline)


def _check(name: str, task: Task) -> None:
    """Raise Unreadable if there is nothing to learn from these examples, or too much."""
    answers = {answer for part in task.data for e in part for answer in e.answers}
    if name == "word" and "name" not in answers:
        raise Unreadable(prose("structures", "refused_no_person"))
    if len(task.classes) < 2 or (not task.is_generative and len(answers) < 2):
        (only,) = answers
        raise Unreadable(prose("structures", "refused_one_answer", answer=only))
    if name == "entities" and len(task.classes) > MOST_TAGS:
        raise Unreadable(prose("structures", "refused_tags", tags=len(task.classes), most=MOST_TAGS))
    if name == "melody" and not first_notes(task):
        raise Unreadable(prose("structures", "refused_no_start"))
