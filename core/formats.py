"""Readers of the field's text formats: the bytes of a file in, examples and the lines left out. Nothing is guessed.

CoNLL columns: https://aclanthology.org/W03-0419; reviews as in SST-2, or as a CSV file (RFC 4180); pairs as from Tatoeba.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.examples import Example, Reading, Skipped, Unreadable
from core.vocabulary import nfc, tokenise

MOST_BYTES = 5_000_000
MOST_TOKENS = 2000  # of one sentence or review: nobody trains a network here on a longer one
MOST_TOKENS_OF_A_SIDE = 60  # of a pair


class Summary(NamedTuple):
    """What a reading holds, whatever its format"""

    examples: int
    tokens: int  # of all inputs
    longest: int  # the tokens of the longest input
    answers: dict[str, int]  # how often each tag, class or word is the answer, the most frequent first
    skipped: int


def summary(reading: Reading) -> Summary:
    lengths = [len(example.inputs) for example in reading.examples]
    answers = Counter(answer for example in reading.examples for answer in example.answers)
    return Summary(len(lengths), sum(lengths), max(lengths), dict(answers.most_common()), len(reading.skipped))


# Sentences and their tags ---------------------------------------------------------------------------------------------

TAG = re.compile(r"O|[BIESLUM]-\S+")  # B- begins, I- M- continue, E- L- end an entity of several words; S- U- are all of it
COMMENT = re.compile(r"#\s*\S+ = ")  # as in CoNLL-U: # text = Teddy bears are on sale
NO_TAG = "A word and its tag are needed, with a space or tab between; the sentence is left out."


def read_conll(data: bytes) -> Reading:
    """One token a line, its tag last; a blank line ends a sentence. A malformed line costs its whole sentence.

    The word comes first, or second where every sentence numbers its words 1, 2, 3 … in front of them.
    """
    sentences: list[list[list[str]]] = []
    skipped: list[Skipped] = []
    strange: Counter[str] = Counter()  # tags of no known form
    sentence, is_sound, finds_entities = [], True, False
    for number, line in enumerate([*_lines(data), ""], start=1):
        columns = _columns(line)
        if not columns or columns[0].startswith("-DOCSTART-"):
            if sentence and is_sound:
                sentences.append(sentence)
            sentence, is_sound = [], True
        elif not sentence and _is_comment(line, columns):
            skipped.append(Skipped(number, "A comment is no part of a sentence."))
        else:
            sentence.append(columns)
            if problem := _problem(columns):
                skipped.append(Skipped(number, problem))
                is_sound = False
                strange[columns[-1]] += problem != NO_TAG
            else:
                finds_entities |= columns[-1] != "O"
    if +strange and not finds_entities:
        raise Unreadable(
            "The last column needs tags such as B-PER, I-PER and O, where B- and I- say which words make one name; "
            f"found: {_listed(+strange)}."
        )
    numbered = all(row[0] == str(t) and len(row) > 2 for rows in sentences for t, row in enumerate(rows, start=1))
    examples = (
        Example(tuple(nfc(row[numbered]) for row in rows), tuple(_iob2(nfc(row[-1]) for row in rows)))
        for rows in sentences
    )
    return _reading("No sentence could be read: each line needs a word and its tag, as in Teddy B-PER.", examples, skipped)


def _columns(line: str) -> list[str]:
    """Between tabs, where the line has any; else between spaces"""
    line = line.rstrip() if line.strip() else ""
    return [column.strip() for column in line.split("\t")] if "\t" in line else [*filter(None, line.split(" "))]


def _is_comment(line: str, columns: list[str]) -> bool:
    """Before a sentence, and with no tag: "# NN O" is the word #"""
    return columns[0] == "#" and (COMMENT.match(line) is not None or not TAG.fullmatch(columns[-1]))


def _problem(columns: list[str]) -> str:
    if len(columns) < 2 or not columns[0].strip():
        return NO_TAG
    if not TAG.fullmatch(columns[-1]):
        return f"The tag {_quoted(columns[-1])} is neither O nor like B-PER or I-PER; the sentence is left out."
    return ""


def _iob2(tags: Iterable[str]) -> Iterator[str]:
    """B- for the first word of every entity, from whatever marks its ends: IOB1, IOB2, IOBES, BILOU.

    In IOB1 an entity opens with I-, and with B- only right behind another of its type.
    """
    before = "O"
    for tag in tags:
        opens = tag[0] in "BSU" or before[0] in "OESLU" or before[2:] != tag[2:]
        yield tag if tag == "O" else ("B-" if opens else "I-") + tag[2:]
        before = tag


# Reviews and their labels ---------------------------------------------------------------------------------------------

TEXT = ("sentence", "text", "review")  # the names that a column can have in the header
LABEL = ("label", "sentiment", "class")
NEGATIVE, POSITIVE = "negative", "positive"
LABELS = (  # a file uses one of these sets
    {"0": NEGATIVE, "1": POSITIVE, "0.0": NEGATIVE, "1.0": POSITIVE},
    {"-1": NEGATIVE, "1": POSITIVE, "+1": POSITIVE, "-1.0": NEGATIVE, "1.0": POSITIVE},
    {"neg": NEGATIVE, "pos": POSITIVE, "negative": NEGATIVE, "positive": POSITIVE},
)
MISTAKES = 0.01  # of all labels may be no label at all, or else it is a file with other classes


def read_reviews(data: bytes) -> Reading:
    """A text and a label in two columns, between tabs, commas or semicolons; or in columns that the header names."""
    lines = _lines(data)
    delimiter, header = _layout(lines)
    at, label_at = (_find(TEXT, header), _find(LABEL, header)) if header else (0, 1)
    width = len(header) or 2
    found, skipped = [], []
    for number, columns in _records(lines, delimiter)[bool(header) :]:
        if len(columns) != width:
            skipped.append(Skipped(number, f"{width} columns are needed, and {len(columns)} found."))
        elif not (tokens := tokenise(columns[at])) or not (label := columns[label_at].strip()):
            skipped.append(Skipped(number, "The text or its label is missing."))
        elif len(tokens) > MOST_TOKENS:
            skipped.append(Skipped(number, _too_long(tokens, MOST_TOKENS)))
        else:
            found.append((number, tokens, label))
    known = _known(Counter(label for _, _, label in found)) if found else {}
    examples = [Example(tuple(tokens), (known[label],)) for _, tokens, label in found if label in known]
    skipped += [
        Skipped(number, f"The label {_quoted(label)} is not one of the two classes of this file.")
        for number, _, label in found
        if label not in known
    ]
    needed = "a header with sentence and label, or two columns: a text and its label"
    return _reading(f"No review could be read; needed: {needed}.", examples, skipped)


def _layout(lines: list[str]) -> tuple[str, list[str]]:
    """(delimiter, header): the header decides, where there is one; else what sets most labels apart"""
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    for delimiter in "\t,;":
        header = [name.strip().casefold() for name in _records(lines[start : start + 1], delimiter)[0][1]]
        if not {*TEXT}.isdisjoint(header) and not {*LABEL}.isdisjoint(header):
            return delimiter, header

    def labels(delimiter: str) -> tuple[int, int]:
        rows = [columns for _, columns in _records(lines[start : start + 200], delimiter) if len(columns) == 2]
        return sum(label.strip().casefold() in known for _, label in rows for known in LABELS), len(rows)

    return max("\t,;", key=labels), []


def _find(names: tuple[str, ...], header: list[str]) -> int:
    return next(header.index(name) for name in names if name in header)


def _records(lines: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """(number of the first line, columns): a quoted column can go on for lines; a quote with no partner is a character"""
    records, start, patience = [], 0, 10 * len(lines) + 100
    while start < len(lines):
        rest = (lines[i] + "\n" for i in range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, strict=True, skipinitialspace=True)
        read = 0
        try:
            for columns in reader:
                records.append((start + read + 1, columns))
                read = reader.line_num
            break
        except csv.Error:
            patience -= reader.line_num - read  # looking far for a partner, again and again, would take n² steps
            if patience < 0:
                raise Unreadable("The quotes of this file have no partners: a quoted column ends as it began.") from None
            start += read
            records.append((start + 1, lines[start].split(delimiter)))
            start += 1
    return [(number, columns) for number, columns in records if any(map(str.strip, columns))]


def _known(labels: Counter[str]) -> dict[str, str]:
    """label -> answer, for the labels that stand for two classes; the few others are mistakes"""
    found = Counter()
    for label, n in labels.items():
        found[label.casefold()] += n
    covered = lambda known: sum(found[label] for label in known)  # noqa: E731
    known = max(LABELS, key=covered)
    answers = {known[label] for label in found if label in known}
    if len(answers) < 2 or found.total() - covered(known) > max(1, MISTAKES * found.total()):
        raise Unreadable(
            "Two classes are needed, labelled 0 and 1, -1 and 1, neg and pos, or negative and positive; "
            f"found: {_listed(found)}."
        )
    return {label: known[label.casefold()] for label in labels if label.casefold() in known}


# Sentences and their translations -------------------------------------------------------------------------------------


def read_pairs(data: bytes) -> Reading:
    """A sentence, a tab, its translation; further columns, such as Anki's attribution, do not count."""
    seen: dict[Example, int] = {}
    skipped = []
    for number, line in enumerate(_lines(data), start=1):
        if not line.strip():
            continue
        sides = [tuple(tokenise(side)) for side in _sides(line.split("\t"))]
        if problem := _mismatch(sides) or (sides[0] and f"The same pair is on line {seen[pair]}."
```
