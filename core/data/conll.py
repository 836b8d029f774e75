"""CoNLL columns: words and their IOB2 tags."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import NamedTuple

from core.data.coding import remarks
from core.data.example import Example, Inner, Reading, Remark, Skipped, Unreadable
from core.data.markup import unescaped
from core.data.text_file import (
    MOST_TOKENS,
    NEARLY_ALL,
    NUMBER,
    Pace,
    Pieces,
    length_of,
    listed,
    long_token,
    nearly_all,
    quoted,
    reading,
    records,
    text_lines,
    too_long,
    whole,
)
from core.data.vocabulary import nfc

# Sentences and their tags: the columns of CoNLL-2003 ------------------------------------------------------------------

TAG = re.compile(r"O|[BSUIMEL]-\S+")  # B- begins a name, I- M- continue it, E- L- end it; S- U- are one of one word
COMMENT = re.compile(r"#\s*\S+ = ")  # as in CoNLL-U: # text = Teddy bears are on sale
CHUNKS = {"NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP"}  # tagged like names, but none
SAMPLE = 5000  # lines that show how a file is laid out
MOST_COLUMNS, LONGEST_LINE = 60, 5000
MOST_NAMED = 8  # columns of a table

WORD_NAMES = ("word", "token", "words", "tokens", "form", "text")  # of columns, in a header
TAG_NAMES = ("ner_tag", "ner", "tag", "label", "ner_tags", "tags", "labels", "entity", "iob", "bio")
TAG_PARTS, OTHER_PARTS = {"ner", "ne", "tag", "tags", "label", "entity", "iob", "bio"}, {"pos", "upos", "xpos", "chunk"}
SENTENCE_NAMES = ("sentence #", "sentence_idx", "sentence_id", "sent_id", "sentence id", "sentence", "sentence_no")
DOCUMENT_NAMES = ("document", "document_id", "doc", "doc_id", "article", "article_id", "file", "text_id")

Row = tuple[
    int, tuple[str, ...]
]  # a line with its number, its columns: tuples of text cost the garbage collector nothing
Sentence = list[Row]


class Layout(NamedTuple):
    """Where what stands"""

    word: int
    tag: int  # from the right, −1 is the last
    other_tags: tuple[int, ...] = ()  # other columns of tags, from the right
    width: int | None = None  # how many columns a line needs; None: at least two
    number: int | None = None  # the column that counts words or sentences

    def fits(self, row: Sequence[str]) -> bool:
        """Has a line as many columns as it needs?"""
        return len(row) == self.width if self.width else len(row) > 1


def read_conll(data: bytes) -> Reading:
    """One token a line, its tag last; a blank line ends a sentence. A malformed line costs its whole sentence.

    Raises Unreadable if no sentence can be used, or if no column holds tags such as B-PER.
    Source: Tjong Kim Sang and De Meulder 2003; for the ways to tag, see `_iob2`.
    """
    return whole(conll_in_pieces(data))


def conll_in_pieces(data: bytes, spelled: Callable[[str], str] = nfc) -> Pieces:
    """The same, a piece at a time; and the layouts that are met beside the usual one:

    columns of numbers before the word, which may count the words of each sentence or of the file, or the sentences;
    a header; CSV; two columns of tags, of which the first is read; the tag before its word. spelled: how a word is
    written
    """
    lines, skipped = text_lines(data), remarks(data)
    pace = Pace(length_of(lines), 0, 0.6)
    table, sentences = _Table(lines), []
    for sentence in table.sentences(skipped, pace):
        if sentence is None:
            yield pace.share
        else:
            sentences.append(sentence)
    layout = table.layout or _layout([*islice(chain.from_iterable(sentences), SAMPLE)])
    if layout.number is not None:
        together, sentences = sentences, []
        for sentence in together:
            for part in _counted(sentence, layout.number, skipped):
                if part is None:
                    yield pace.share
                else:
                    sentences.append(part)
    tags: Counter[str] = Counter()
    pace = Pace(length_of(lines), 0.6, 0.8)
    for sentence in sentences:
        if pace.is_due(60 * len(sentence)):
            yield pace.share
        if len(sentence) <= MOST_TOKENS:
            tags.update(row[layout.tag] for _, row in sentence if layout.fits(row))
    strange = Counter({tag: n for tag, n in tags.items() if not TAG.fullmatch(tag)})
    if strange and tags.keys() - strange <= {"O"}:
        raise Unreadable(
            "The last column must hold tags such as B-PER, I-PER and O, where B- shows which word begins a name; "
            f"found: {listed(strange)}."
        )
    examples, pace = [], Pace(length_of(lines), 0.8, 1)
    for sentence in sentences:
        if pace.is_due(60 * len(sentence)):
            yield pace.share
        if len(sentence) > MOST_TOKENS:
            skipped.append(Skipped(sentence[0][0], too_long(sentence, MOST_TOKENS)))
            continue
        faults = [(number, fault) for number, row in sentence if (fault := _fault(row, layout, strange))]
        for i, (number, fault) in enumerate(faults):
            skipped.append((Remark if i else Skipped)(number, fault))
        if not faults:
            tagged = tuple(_iob2(nfc(row[layout.tag]) for _, row in sentence))
            examples.append(Example(tuple(spelled(unescaped(row[layout.word])) for _, row in sentence), tagged))
            skipped += _inner(sentence, layout)
    return reading(examples, skipped, "sentence", "Every line needs a word and its tag, as in Teddy B-PER.")


# How a file is laid out -----------------------------------------------------------------------------------------------


class _Table:
    """The lines of a file, split into columns and sentences"""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        _refuse_sentences(lines)
        some = [line for line in lines[:400] if line.strip()]
        self.delimiter = next((sign for sign in ",;\t" if _is_csv(some, sign)), "")
        begin = islice(self.rows(), len(some))
        rows = ((number, columns) for number, columns in begin if any(columns) and columns[0][:1] != "#")
        self.header, first = next(rows, (0, ()))  # the line that names the columns; 0: none does
        names = [column.casefold() for column in first]
        word, tag = _named(names, WORD_NAMES), _tag_named(names)
        self.layout, self.counts = None, []  # counts: the columns that tell documents and sentences apart
        if word is None or tag is None or word == tag or any(map(TAG.fullmatch, first)):
            self.header = 0
            return
        self.layout = Layout(word, tag - len(names), width=len(names))
        found = (_named(names, known) for known in (DOCUMENT_NAMES, SENTENCE_NAMES))
        self.counts = [at for at in found if at is not None and at != word]

    def rows(self) -> Iterator[Row]:
        """Every line; one without columns ends a sentence"""
        if self.delimiter:
            for number, columns in records(self.lines, self.delimiter):
                if number > 1 and not self.lines[number - 2].strip():
                    yield number - 1, ()
                yield number, tuple(column.strip() for column in columns)
            return
        for number, line in enumerate(self.lines, start=1):
            line = line.rstrip()
            if "\t" in line:
                yield number, tuple(column.strip() for column in line.split("\t", MOST_COLUMNS))
            elif len(line) > LONGEST_LINE:
                yield number, tuple(column for column in line.split(" ", MOST_COLUMNS) if column)
            else:
                yield number, tuple(re.findall("[^ ]+", line))

    def sentences(self, skipped: list[Skipped], pace: Pace) -> Iterator[Sentence | None]:
        """Every sentence, and None now and then, when it is time to look up; comments and a header are named"""
        rows: Sentence = []
        current: list[str] = []
        for number, columns in self.rows():
            if pace.is_due(sum(map(len, columns))):
                yield None
            if columns and number == self.header:
                skipped.append(Remark(number, "This line names the columns, and is no word."))
                continue
            begins = not any(columns) or any(column.startswith("-DOCSTART-") for column in columns)
            counts = [columns[at] for at in self.counts if at < len(columns)]
            is_said = any(count.casefold() not in ("", "nan") for count in counts[-1:])
            changed, current = (counts != current, counts) if is_said else (False, current)
            if (begins or changed) and rows:
                yield rows
                rows = []
            if begins:
                continue
            if not rows and columns[0][:1] == "#" and self._is_comment(self.lines[number - 1], columns):
                skipped.append(Remark(number, "A comment is not part of a sentence."))
            else:
                rows.append((number, columns))
        if rows:
            yield rows

    @staticmethod
    def _is_comment(line: str, columns: Sequence[str]) -> bool:
        """# text = …, but "# NN O" is the word #"""
        return line[:2].strip() == "#" and bool(COMMENT.match(line) or not TAG.fullmatch(columns[-1]))


def _refuse_sentences(lines: list[str]) -> None:
    """Raise Unreadable for a table with a whole sentence on every line, and its tags as a list"""
    for delimiter in ",;\t":
        for _, columns in records(lines[:1], delimiter):
            names = {column.strip().casefold() for column in columns}
            if names & set(TAG_NAMES) and names & {"sentence", "sentences"} and not names & set(WORD_NAMES):
                seen = ", ".join(map(quoted, columns[:MOST_NAMED]))
                raise Unreadable(
                    f"The columns are named {seen}: every line holds a whole sentence and a list of its tags. "
                    "A word and its tag are needed on every line, as in Teddy B-PER, and an empty line after each."
                )


def _named(names: list[str], known: Sequence[str]) -> int | None:
    """The column with one of these names, of several that which is known first"""
    return next((names.index(name) for name in known if name in names), None)


def _tag_named(names: list[str]) -> int | None:
    """The column of tags, or else the first one whose name tells of tags of names, as NE-COARSE-LIT does"""
    if (exact := _named(names, TAG_NAMES)) is not None:
        return exact
    parts = [set(re.split(r"[\s_.:-]+", name)) for name in names]
    return next((i for i, said in enumerate(parts) if said & TAG_PARTS and not said & OTHER_PARTS), None)


def _is_csv(some: list[str], sign: str) -> bool:
    """Does a comma set words and tags apart, or the names of columns in a header, and no space or tab? Or a tab, where
    all stands in quotes?"""
    if sign == "\t":
        return nearly_all(some, re.compile(r'"[^"\t]*"(?:\t"[^"\t]*")+\s*').fullmatch)
    rows = [columns for _, columns in records(some, sign) if len(columns) > 1]
    if not rows or len(rows) < len(some) / 2:
        return False
    names = [column.strip().casefold() for column in rows[0]]
    if _named(names, WORD_NAMES) is not None and _tag_named(names) is not None:
        return True
    spaced = sum(bool(TAG.fullmatch(line.split()[-1])) and len(line.split()) > 1 for line in some)
    tagged = max(sum(bool(TAG.fullmatch(row[end].strip())) for row in rows) for end in (0, -1))
    return spaced < len(some) / 2 and tagged > NEARLY_ALL * len(rows)


def _layout(rows: list[Row]) -> Layout:
    """Where the word stands, and its tag: as most lines have it"""
    several = [columns for _, columns in rows if len(columns) > 1]
    if not several:
        return Layout(0, -1)
    widths = Counter(map(len, several))
    width, often = widths.most_common(1)[0]
    if often <= len(several) / 2:
        return Layout(0, -1)
    columns = list(zip(*(row for row in several if len(row) == width), strict=True))
    numbers = 0
    while numbers < width - 1 and nearly_all(columns[numbers], NUMBER.fullmatch):
        numbers += 1
    if numbers == width - 1 and (width > 2 or often > 2):
        raise Unreadable(
            f"The lines hold numbers, such as {columns[0][0][:20]}, and a tag, but no word. "
            "Every line needs a word and its tag, as in Teddy B-PER."
        )
    numbers = min(numbers, width - 2)
    number = numbers - 1 if numbers else None
    if (word := _word_behind_tag(columns, numbers)) is not None:
        return Layout(word, numbers - width, (), width, number)
    tag, others = _tag_columns(columns, numbers + 1)
    return Layout(numbers, tag - width, tuple(other - width for other in others), width, number)


def _word_behind_tag(columns: list[tuple[str, ...]], at: int) -> int | None:
    """Where the word stands if the tag stands before it, at `at`, and nowhere else: of the columns behind, the one that
    says most different things"""
    are_tags = [nearly_all(column, TAG.fullmatch) for column in columns]
    if any(are_tags[at + 1 :]) or not are_tags[at] or {*columns[at]} == {"O"}:
        return None
    return max(range(at + 1, len(columns)), key=lambda i: len({*columns[i]}))


def _tag_columns(columns: list[tuple[str, ...]], first: int) -> tuple[int, list[int]]:
    """(the column of tags, others that say the same or tell of names inside of names)"""
    last = len(columns) - 1
    kinds = {
        i: {tag[2:] for tag in columns[i] if tag != "O" and TAG.fullmatch(tag)}
        for i in range(first, last + 1)
        if nearly_all(columns[i], TAG.fullmatch)
    }
    if last not in kinds:
        of_names = [i for i in kinds if kinds[i] and not kinds[i] <= CHUNKS]
        return (of_names[0] if of_names else last), of_names[1:]
    alike = [i for i in kinds if i < last and kinds[i] - CHUNKS]
    return (alike[0], [*alike[1:], last]) if alike else (last, [])


def _inner(sentence: Sentence, layout: Layout) -> Iterator[Inner]:
    """The tags of other columns that are lost, one a line"""
    columns = {1: "two", 2: "three"}.get(len(layout.other_tags), "several")
    for number, row in sentence:
        lost = [row[other] for other in layout.other_tags if row[other] not in ("O", row[layout.tag])]
        if lost:
            place = "the other one" if len(layout.other_tags) == 1 else "another one"
            reason = f"Only the first of {columns} columns of tags is read: {quoted(lost[0])} in {place} is left out."
            yield Inner(number, reason)


def _counted(sentence: Sentence, at: int, skipped: list[Skipped]) -> Iterator[Sentence | None]:
    """The sentences that the numbers of a column tell apart: where they begin anew, or, where they count sentences and
    not words, where they change; of a long one None before, to look up. A line 1-2 or 1.1 of CoNLL-U repeats words of
    others, or was never written."""
    rows = []
    simple = [row for row in sentence if at < len(row[1]) and row[1][at].isdecimal()]
    if len(sentence) > MOST_TOKENS:
        yield None
    for number, columns in sentence:
        if at < len(columns) and len(simple) > len(sentence) / 2 and re.fullmatch(r"\d+[-.]\d+", columns[at]):
            skipped.append(Remark(number, f"The line {quoted(columns[at])} stands for words of other lines."))
        else:
            rows.append((number, columns))
    if len(sentence) > MOST_TOKENS:
        yield None
    counts = [int(columns[at]) if at < len(columns) and columns[at].isdecimal() else None for _, columns in rows]
    known = [(a, b) for a, b in pairwise(counts) if a is not None and b is not None]
    are_sentences = sum(a == b for a, b in known) > len(known) / 2
    start = 0
    for i, (a, b) in enumerate(pairwise(counts), start=1):
        if a is not None and b is not None and (a != b if are_sentences else b <= a):
            yield rows[start:i]
            start = i
    if rows[start:]:
        yield rows[start:]


def _fault(row: Sequence[str], layout: Layout, strange: Counter[str]) -> str:
    if len(row) < 2 or (layout.fits(row) and not row[layout.word].strip()):
        return "A word and its tag are needed, with a space or tab between; the sentence is left out."
    if not layout.fits(row):
        return f"This line has {len(row)} columns, the others have {layout.width}; the sentence is left out."
    if row[layout.tag] in strange:
        return f"{quoted(row[layout.tag])} is no tag such as O or B-PER; the sentence is left out."
    return long_token((row[layout.word], row[layout.tag]))


def _iob2(tags: Iterable[str]) -> Iterator[str]:
    """B- for the first word of every name, I- for the others; from IOB1, IOB2, IOBES or BILOU.

    In IOB1 a name begins with I-, and with B- only right behind another one of its type.
    """
    before = "O"
    for tag in tags:
        begins = tag[0] in "BSU" or before[0] in "OSUEL" or before[2:] != tag[2:]
        yield tag if tag == "O" else ("B-" if begins else "I-") + tag[2:]
        before = tag
