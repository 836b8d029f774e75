"""Reviews and their labels, from TSV or CSV."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import islice

from core.data.coding import remarks
from core.data.example import Example, Reading, Remark, Skipped, Unreadable
from core.data.text_file import (
    LOOK_UP,
    MOST_CHARACTERS,
    MOST_TOKENS,
    NEARLY_ALL,
    Pace,
    Pieces,
    listed,
    long_token,
    nearly_all,
    plain,
    quoted,
    reading,
    records,
    text_lines,
    too_long,
    whole,
)
from core.data.vocabulary import tokenise

# Reviews and their labels: TSV as in SST-2, or CSV --------------------------------------------------------------------

DELIMITERS = {"\t": "a tab", ",": "a comma", ";": "a semicolon"}
TEXT = ("sentence", "text", "review", "phrase", "comment", "tweet", "content")  # names of columns in the header
LABEL = ("label", "sentiment", "class", "labels", "polarity")
LABELS = (  # a file keeps to one of these
    {"0": "negative", "1": "positive", "0.0": "negative", "1.0": "positive"},
    {"-1": "negative", "1": "positive", "+1": "positive", "-1.0": "negative", "1.0": "positive"},
    {"neg": "negative", "pos": "positive", "negative": "negative", "positive": "positive"},
)
FASTTEXT = "__label__"
MOST_COLUMNS = 20
NUMBER = re.compile(r"[-+]?\d")
MISTAKES = 0.01  # another label on so few of all lines is a mistake, not a class; so is a word on a single line


def read_reviews(data: bytes) -> Reading:
    """A text and its label, in the columns that a header names, or else where the labels are.

    Raises Unreadable if no review can be used, or if the labels are not of two classes.
    Source: SST-2 as in Wang et al. 2019; CSV as in RFC 4180.
    """
    return whole(reviews_in_pieces(data))


def reviews_in_pieces(data: bytes, words: Callable[[str], list[str]] = tokenise) -> Pieces:
    """The same, a piece at a time; words: how a text is split"""
    lines, skipped = _apart(text_lines(data)), remarks(data)
    delimiter, header = _layout(lines)
    width, at, label_at = _columns(lines, delimiter, header)
    found, pace = [], Pace(len(data))
    for number, columns in islice(records(lines, delimiter), bool(header), None):
        if pace.is_due(sum(map(len, columns))):
            yield pace.share
        if len(columns) != width:
            hint = f"; a text that holds {DELIMITERS[delimiter]} needs quotes around it" * (len(columns) > width)
            skipped.append(Skipped(number, f"Columns needed: {width}; found: {len(columns)}{hint}."))
        elif len(columns[at]) > MOST_TOKENS * MOST_CHARACTERS:
            skipped.append(Skipped(number, f"This has {len(columns[at]):,} characters: more than can be read."))
        elif not (tokens := tuple(words(plain(columns[at])))) or not (label := _label(columns[label_at])):
            skipped.append(Skipped(number, "The text or its label is empty."))
        elif len(tokens) > MOST_TOKENS:
            skipped.append(Skipped(number, too_long(tokens, MOST_TOKENS)))
        elif reason := long_token((*tokens, label)):
            skipped.append(Skipped(number, reason))
        else:
            found.append((number, tokens, label))
    if not header and len(found) > 2 and _names_labels([label for _, _, label in found]):
        skipped.append(Remark(found[0][0], f"{quoted(found[0][2])} names a column of labels: this line is no review."))
        del found[0]
    answers = _answers(
        Counter(label for _, _, label in found), next((one for one in skipped if not isinstance(one, Remark)), None)
    )
    examples = []
    for i, (number, tokens, label) in enumerate(found):
        if label in answers:
            examples.append(Example(tokens, (answers[label],)))
        else:
            skipped.append(Skipped(number, f"The label {quoted(label)} is neither of the two classes."))
        if i % LOOK_UP == 0:
            yield pace.share
    return reading(
        examples,
        skipped,
        "review",
        "A text and its label are needed, with a tab, a comma or a semicolon between, or where a header says.",
    )


def _apart(lines: list[str]) -> list[str]:
    """The same lines, with a tab behind the label where a label and a space begin each, as in SST-2 and in fastText"""
    some = [line for line in lines[:400] if line.strip()]
    first = [line.split(" ", 1)[0] for line in some if " " in line and "\t" not in line]
    if len({_label(word) for word in first}) < 2 or len(first) < NEARLY_ALL * len(some):
        return lines
    are_labels = nearly_all(first, lambda word: _is_label(word) or word.startswith(FASTTEXT))
    return [line.replace(" ", "\t", 1) for line in lines] if are_labels else lines


def _layout(lines: list[str]) -> tuple[str, list[str]]:
    """(delimiter, header): a header decides; without one, whatever sets most labels apart"""
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    for delimiter in DELIMITERS:
        for _, columns in records(lines[start : start + 1], delimiter):
            header = [name.strip().casefold() for name in columns]
            places = {_place(TEXT, header), _place(LABEL, header)}
            if None not in places and len(places) == 2:
                return delimiter, header

    def labels(delimiter: str) -> int:
        rows = [columns for _, columns in records(lines[start : start + 200], delimiter) if len(columns) > 1]
        return sum(1 + any(map(_is_label, columns)) for columns in rows if len(columns) < MOST_COLUMNS)

    return max(DELIMITERS, key=labels), []


def _columns(lines: list[str], delimiter: str, header: list[str]) -> tuple[int, int, int]:
    """(how many there are, where the text is, where its label is): where the header says so; without one, the last
    column that holds labels, or else the one that says fewest different things (of two columns that say as many the
    last, of more the shortest), and of the others the one with the longest texts

    Where a space follows the commas, they stand in a text, which needs quotes.
    """
    if header:
        return len(header), _place(TEXT, header) or 0, _place(LABEL, header) or 0
    rows = [columns for _, columns in islice(records(lines, delimiter), 400)]
    [(width, often)] = Counter(map(len, rows)).most_common(1) or [(2, 0)]
    width = width if often > len(rows) / 2 and 1 < width < MOST_COLUMNS else 2
    if delimiter != "\t" and width > 2:
        some = [re.sub(r'"[^"]*"', "", line) for line in lines[:400] if line.strip()]
        width = 2 if sum(f"{delimiter} " in line for line in some) > len(some) / 2 else width
    columns = list(zip(*(row for row in rows if len(row) == width), strict=True))
    share = [sum(map(_is_label, column)) / len(column) for column in columns]
    holds = [i for i, column in enumerate(columns) if share[i] > 0.5 and len({*map(str.casefold, column)}) > 1]
    if not columns or not (width == 2 or holds or all(len(row) != 2 or not any(map(_is_label, row)) for row in rows)):
        return 2, 0, 1
    letters = [sum(map(len, column)) for column in columns]
    different = [len({*column}) for column in columns]  # where none holds labels, those of one column are told
    few = [n if n > 1 else len(rows) for n in different]
    label = holds[-1] if holds else min(range(width), key=lambda i: (few[i], -i if width == 2 else letters[i]))
    return width, max((i for i in range(width) if i != label), key=letters.__getitem__), label


def _label(text: str) -> str:
    """As it is looked up; fastText writes __label__1 for 1"""
    return text.strip().casefold().removeprefix(FASTTEXT)


def _names_labels(labels: list[str]) -> bool:
    """Is the first one no label, but all others are, of one kind?"""
    return any(labels[0] not in known and all(label in known for label in labels[1:]) for known in LABELS)


def _is_label(text: str) -> bool:
    """Does it stand for one of two classes?"""
    return any(_label(text) in known for known in LABELS)


def _place(names: tuple[str, ...], header: list[str]) -> int | None:
    """The column with one of these names, or with one of them in its name, as in airline_sentiment"""
    exact = [header.index(name) for name in names if name in header]
    part = [i for i, column in enumerate(header) if not set(names).isdisjoint(re.split(r"[_.-]", column))]
    return next(iter(exact + part), None)


def _answers(labels: Counter[str], first: Skipped | None) -> dict[str, str]:
    """What the labels stand for; first: of the lines that were left out before"""
    known = max(LABELS, key=lambda known: sum(labels[label] for label in known))
    answers = {known[label] for label in labels if label in known}
    few = MISTAKES * labels.total()
    others = [label for label, n in labels.items() if label not in known and n > max(few, not NUMBER.match(label))]
    if labels and (len(answers) < 2 or others):
        raise Unreadable(
            "Two classes are needed, labelled 0 and 1, or -1 and 1, or neg and pos, or negative and positive; "
            f"found: {listed(labels)}." + (f" Line {first.line}: {first.reason}" if first else "")
        )
    return known
