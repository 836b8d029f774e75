"""CoNLL columns: words and their IOB2 tags."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from core.data.example import Example, Reading, Skipped, Unreadable
from core.data.text_file import MOST_TOKENS, _listed, _quoted, _reading, _too_long, text_lines
from core.data.vocabulary import nfc

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
    answers = [tuple(_iob2(nfc(row[-1]) for row in rows)) for rows in sound]
    examples = [Example(*example) for example in zip(words, answers, strict=True)]
    return _reading(examples, skipped + comments, "sentence", "Every line needs a word and its tag, as in Teddy B-PER.")


def _sentences(lines: list[str]) -> tuple[list[tuple[int, Rows]], list[Skipped]]:
    """((number of its first line, columns of each line) of every sentence, comments)"""
    sentences: list[tuple[int, Rows]] = []
    rows: Rows = []
    comments = []
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
