"""A typed sentence, as the network gets it."""

from typing import NamedTuple

from core import tasks
from core.data.vocabulary import tokenise
from core.tasks import Task

MOST_WORDS = 60  # a sentence longer than this is cut: its drawing would say nothing
READ_CHARACTERS = 20_000  # more text than this is not even split into words


def people_task() -> Task:
    return tasks.task("people")


class Sentence(NamedTuple):
    words: tuple[str, ...]
    guess: tuple[int, ...]  # what each word's label probably is: a typed sentence has none
    is_cut: bool


def parse_sentence(text: str) -> Sentence:
    text = text.strip()
    words = tokenise(text[:READ_CHARACTERS])
    is_cut = len(words) > MOST_WORDS or len(text) > READ_CHARACTERS
    words = words[:MOST_WORDS]
    return Sentence(tuple(words), tuple(people_task().guess(words)), is_cut)
