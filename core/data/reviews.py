"""Reviews and their labels, from TSV or CSV."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from core.data.example import Example, Reading, Skipped, Unreadable
from core.data.text_file import MOST_TOKENS, _listed, _quoted, _reading, _too_long, text_lines
from core.data.vocabulary import tokenise

# Reviews and their labels: TSV as in SST-2, or CSV --------------------------------------------------------------------

DELIMITERS = {"\t": "a tab", ",": "a comma", ";": "a semicolon"}
TEXT = ("sentence", "text", "review")  # names of columns in the header
LABEL = ("label", "sentiment", "class")
LABELS = (  # a file keeps to one of these
    {"0": "negative", "1": "positive", "0.0": "negative", "1.0": "positive"},
    {"-1": "negative", "1": "positive", "+1": "positive", "-1.0": "negative", "1.0": "positive"},
    {"neg": "negative", "pos": "positive", "negative": "negative", "positive": "positive"},
)
NUMBER = re.compile(r"[-+]?\d")
MISTAKES = 0.01  # another label on so few of all lines is a mistake, not a class; so is a word on a single line


def read_reviews(data: bytes) -> Reading:
    """A text and its label, in the columns that a header names, or else in the only two.

    Raises Unreadable if no review can be used, or if the labels are not of two classes.
    Source: SST-2 as in Wang et al. 2019; CSV as in RFC 4180.
    """
    lines = text_lines(data)
    delimiter, header = _layout(lines)
    width, at, label_at = len(header) or 2, _place(TEXT, header, 0), _place(LABEL, header, 1)
    found, skipped = [], []
    for number, columns in islice(_records(lines, delimiter), bool(header), None):
        if len(columns) != width:
            hint = f"; a text that holds {DELIMITERS[delimiter]} needs quotes around it" * (len(columns) > width)
            skipped.append(Skipped(number, f"Columns needed: {width}; found: {len(columns)}{hint}."))
        elif not (tokens := tuple(tokenise(columns[at]))) or not (label := columns[label_at].strip().casefold()):
            skipped.append(Skipped(number, "The text or its label is empty."))
        elif len(tokens) > MOST_TOKENS:
            skipped.append(Skipped(number, _too_long(tokens, MOST_TOKENS)))
        else:
            found.append((number, tokens, label))
    answers = _answers(Counter(label for _, _, label in found))
    examples = [Example(tokens, (answers[label],)) for _, tokens, label in found if label in answers]
    for number, _, label in found:
        if label not in answers:
            skipped.append(Skipped(number, f"The label {_quoted(label)} is neither of the two classes."))
    return _reading(
        examples, skipped, "review", "A text and its label are needed, in two columns or where a header says."
    )


def _layout(lines: list[str]) -> tuple[str, list[str]]:
    """(delimiter, header): a header decides; without one, whatever sets most labels apart"""
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    for delimiter in DELIMITERS:
        for _, columns in _records(lines[start : start + 1], delimiter):
            header = [name.strip().casefold() for name in columns]
            if not set(TEXT).isdisjoint(header) and not set(LABEL).isdisjoint(header):
                return delimiter, header
    known = set().union(*LABELS)

    def labels(delimiter: str) -> int:
        rows = [columns for _, columns in _records(lines[start : start + 200], delimiter) if len(columns) == 2]
        return sum(1 + (label.strip().casefold() in known) for _, label in rows)

    return max(DELIMITERS, key=labels), []


def _place(names: tuple[str, ...], header: list[str], default: int) -> int:
    return next((header.index(name) for name in names if name in header), default)


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, columns) of every record: a column in quotes may hold line ends and delimiters.

    A quote that has no partner is a character like others, and its record ends with its line.
    """
    start, patience = 0, 10 * len(lines)  # looking for a partner to the end of the file, for every line, takes n² steps
    while start < len(lines):
        rest = (lines[i] + "\n" for i in range(start, len(lines)))
        reader = csv.reader(
            rest,
            delimiter=delimiter,
            quoting=csv.QUOTE_MINIMAL if patience > 0 else csv.QUOTE_NONE,
            strict=True,
            skipinitialspace=True,
        )
        read = 0
        try:
            for columns in reader:
                if any(map(str.strip, columns)):
                    yield start + read + 1, columns
                read = reader.line_num
            return
        except csv.Error:
            start += read + 1
            yield start, lines[start - 1].split(delimiter)
            patience -= reader.line_num - read


def _answers(labels: Counter[str]) -> dict[str, str]:
    """What the labels stand for"""
    known = max(LABELS, key=lambda known: sum(labels[label] for label in known))
    answers = {known[label] for label in labels if label in known}
    few = MISTAKES * labels.total()
    others = [label for label, n in labels.items() if label not in known and n > max(few, not NUMBER.match(label))]
    if labels and (len(answers) < 2 or others):
        raise Unreadable(
            "Two classes are needed, labelled 0 and 1, or -1 and 1, or neg and pos, or negative and positive; "
            f"found: {_listed(labels)}."
        )
    return known
