"""The bytes of a file -> examples, and the lines that were left out with the reason: CoNLL columns, reviews, pairs.

Nothing is guessed: a malformed line is left out and named, and a file without a usable line is refused.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from core.examples import Example, Reading, Skipped, Unreadable
from core.vocabulary import nfc, tokenise

MOST_BYTES = 5_000_000
MOST_LINES = 800_000  # a file of 5 MB has more if its lines have 6 bytes: no sentences, and slow to refuse one by one
MOST_TOKENS = 2000  # of a sentence or a review: nobody trains a network on a longer one
MOST_TOKENS_OF_A_SIDE = 60  # of a pair


# Sentences and their tags: the columns of CoNLL-2003 ------------------------------------------------------------------

TAG = re.compile(r"O|[BSUIMEL]-\S+")  # B- begins a name, I- M- continue it, E- L- end it; S- U- are one of one word
COMMENT = re.compile(r"#\s*\S+ = ")  # as in CoNLL-U: # text = Teddy bears are on sale
Rows = list[list[str]]


def read_conll(data: bytes) -> Reading:
    """One token a line, its tag last; a blank line ends a sentence. A malformed line costs its whole sentence.

    The word comes first; or second, where every sentence counts its words in the first column: 1, 2, 3 …
    Raises Unreadable if no sentence can be used, or if the last column holds no tags such as B-PER.
    Source: Tjong Kim Sang and De Meulder 2003; for the ways to tag, see `_iob2`.
    """
    sentences, comments = _sentences(text_lines(data))
    tags = Counter(row[-1] for _, rows in sentences for row in rows if len(row) > 1)
    strange = Counter({tag: n for tag, n in tags.items() if not TAG.fullmatch(tag)})
    if strange and tags.keys() - strange <= {"O"}:
        raise Unreadable(
            "The last column must hold tags such as B-PER, I-PER and O, where B- shows which word begins a name; "
            f"found: {_listed(strange)}."
        )
    sound, skipped = [], []
    for start, rows in sentences:
        faults = [Skipped(line, fault) for line, row in enumerate(rows, start) if (fault := _fault(row, strange))]
        if len(rows) > MOST_TOKENS:
            faults.append(Skipped(start, _too_long(rows, MOST_TOKENS)))
        if not faults:
            sound.append(rows)
        skipped += faults
    counts = all(row[0] == str(t) and row[1] and len(row) > 2 for rows in sound for t, row in enumerate(rows, start=1))
    words = [tuple(nfc(row[counts]) for row in rows) for rows in sound]
    tags = [tuple(_iob2(nfc(row[-1]) for row in rows)) for rows in sound]
    examples = [Example(*example) for example in zip(words, tags, strict=True)]
    return _reading(examples, skipped + comments, "sentence", "Every line needs a word and its tag, as in Teddy B-PER.")


def _sentences(lines: list[str]) -> tuple[list[tuple[int, Rows]], list[Skipped]]:
    """((number of its first line, columns of each line) of every sentence, comments)"""
    sentences, rows, comments = [], [], []
    for number, line in enumerate([*lines, ""], start=1):
        line = line.rstrip()
        columns = [column.strip() for column in line.split("\t")] if "\t" in line else re.findall("[^ ]+", line)
        if not columns or columns[0].startswith("-DOCSTART-"):
            if rows:
                sentences.append((number - len(rows), rows))
            rows = []
        elif not rows and line[:2].strip() == "#" and (COMMENT.match(line) or not TAG.fullmatch(columns[-1])):
            comments.append(Skipped(number, "A comment is not part of a sentence."))  # but "# NN O" is the word #
        else:
            rows.append(columns)
    return sentences, comments


def _fault(row: list[str], strange: Counter[str]) -> str:
    if len(row) < 2 or not row[0].strip():
        return "A word and its tag are needed, with a space or tab between; the sentence is left out."
    return f"{_quoted(row[-1])} is no tag such as O or B-PER; the sentence is left out." if row[-1] in strange else ""


def _iob2(tags: Iterable[str]) -> Iterator[str]:
    """B- for the first word of every name, I- for the others; from IOB1, IOB2, IOBES or BILOU.

    In IOB1 a name begins with I-, and with B- only right behind another one of its type.
    """
    before = "O"
    for tag in tags:
        begins = tag[0] in "BSU" or before[0] in "OSUEL" or before[2:] != tag[2:]
        yield tag if tag == "O" else ("B-" if begins else "I-") + tag[2:]
        before = tag


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
        quoting = csv.QUOTE_MINIMAL if patience > 0 else csv.QUOTE_NONE
        reader = csv.reader(rest, delimiter=delimiter, quoting=quoting, strict=True, skipinitialspace=True)
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


# Sentences and their translations: TSV as from Anki or Tatoeba --------------------------------------------------------


def read_pairs(data: bytes) -> Reading:
    """A sentence, a tab, its translation; what follows behind a second tab does not count.

    Tatoeba's own files have a number before either sentence. Raises Unreadable if no pair can be used.
    """
    lines_of: dict[Example, int] = {}
    skipped = []
    for number, line in enumerate(text_lines(data), start=1):
        if not line.strip():
            continue
        columns = line.split("\t")
        has_numbers = len(columns) > 3 and columns[0].isdecimal() and columns[2].isdecimal()
        sides = [tuple(tokenise(side)) for side in (columns[1:4:2] if has_numbers else columns[:2])]
        longest = max(sides, key=len)
        if len(sides) < 2:
            reason = "A tab is needed between a sentence and its translation."
        elif not all(sides):
            reason = "The sentence or its translation is empty."
        elif len(longest) > MOST_TOKENS_OF_A_SIDE:
            reason = _too_long(longest, MOST_TOKENS_OF_A_SIDE)
        elif (first := lines_of.setdefault(Example(*sides), number)) != number:
            reason = f"The same pair is on line {first}."
        else:
            continue
        skipped.append(Skipped(number, reason))
    return _reading([*lines_of], skipped, "pair", "Every line needs a sentence, a tab and its translation.")


# What was read, and what every reader needs ---------------------------------------------------------------------------


class Summary(NamedTuple):
    """A file in numbers"""

    examples: int
    tokens: int  # of all inputs
    longest: int  # input, in tokens
    answers: dict[str, int]  # how often every tag, class or word is the answer, most frequent first
    skipped: int


def summary(reading: Reading) -> Summary:
    """How much was read, how long it is, and what the answers are"""
    lengths = [len(example.inputs) for example in reading.examples]
    answers = Counter(answer for example in reading.examples for answer in example.answers)
    return Summary(len(lengths), sum(lengths), max(lengths), dict(answers.most_common()), len(reading.skipped))


def text_lines(data: bytes, otherwise: str | None = None) -> list[str]:
    """The lines as an editor counts them (str.splitlines would also split at form feeds and others).

    `otherwise`: how a file is read that is not in UTF-8 or UTF-16; without it, such a file is refused.
    Raises Unreadable for what is too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file has {len(data):,} bytes, and at most {MOST_BYTES:,} can be read: use a part of it.")
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(otherwise) if otherwise and not wide else None
    if "\0" in (text or "") or (b"\0" in data and not wide):
        raise Unreadable("This is not a text file: it holds NUL bytes. Save the data as plain text in UTF-8.")
    if text is None:
        raise Unreadable("This is not text in UTF-8: open the file in the program it comes from, and save it as UTF-8.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable(
            f"The file has {len(lines):,} lines, and at most {MOST_LINES:,} can be read: use a part of it."
        )
    return lines


def _reading(examples: list[Example], skipped: list[Skipped], thing: str, rule: str) -> Reading:
    if not examples:
        first = f" Line {skipped[0].line}: {skipped[0].reason}" if skipped else ""
        raise Unreadable(f"No {thing} was found. {rule}{first}")
    return Reading(tuple(examples), tuple(sorted(skipped)))


def _too_long(tokens: list | tuple, most: int) -> str:
    return f"This has {len(tokens)} tokens, and at most {most} can be read."


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:20] + "…")


def _listed(counts: Counter[str], most: int = 5) -> str:
    names = [f"{_quoted(name)} ({n} ×)" for name, n in counts.most_common(most)]
    return ", ".join(names) + (f" and {len(counts) - most} more" if len(counts) > most else "")
