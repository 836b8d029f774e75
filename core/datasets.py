"""Readers of the standard file formats, and the data sets in assets/data/."""

from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parents[1] / "assets" / "data"


class TaggedSentence(NamedTuple):
    words: tuple[str, ...]
    tags: tuple[str, ...]  # IOB2: B-PER begins a person's name, I-PER continues it, O is outside


class Dataset(NamedTuple):
    train: tuple[TaggedSentence, ...]
    held_out: tuple[TaggedSentence, ...]


def read_conll(text: str) -> list[list[TaggedSentence]]:
    """The documents of a file in CoNLL-2003 columns: one token a line, its tag last; a blank line ends a sentence.

    Raises ValueError, naming the line, for a line with fewer than two columns.
    """
    documents: list[list[TaggedSentence]] = []
    rows: list[list[str]] = []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        columns = line.split()
        if columns and columns[0] != "-DOCSTART-":
            if len(columns) < 2:
                raise ValueError(f"Line {number} needs a word and a tag, with a space between them: {line[:40]!r}")
            rows.append(columns)
            continue
        if rows:
            documents = documents or [[]]
            documents[-1].append(TaggedSentence(tuple(row[0] for row in rows), tuple(row[-1] for row in rows)))
            rows = []
        if columns:
            documents.append([])
    return documents


def people() -> Dataset:
    """Sentences with people's names marked, written for this project: document 1 to train on, document 2 held out."""
    train, held_out = read_conll((DATA / "people.conll").read_text(encoding="utf-8"))
    return Dataset(tuple(train), tuple(held_out))
