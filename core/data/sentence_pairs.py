"""Pairs of sentences, English and French, from TSV or CSV."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from core.data.coding import remarks
from core.data.example import Example, Reading, Remark, Skipped, Twice, Unreadable
from core.data.text_file import (
    MOST_CHARACTERS,
    NEARLY_ALL,
    NUMBER,
    Pace,
    Pieces,
    listed,
    long_token,
    nearly_all,
    plain,
    reading,
    records,
    text_lines,
    too_long,
    whole,
)
from core.data.vocabulary import tokenise

MOST_TOKENS_OF_A_SIDE = 60  # of a pair
MOST_CHARACTERS_OF_A_SIDE = 2 * MOST_TOKENS_OF_A_SIDE * MOST_CHARACTERS
RULE = "Every line needs a sentence, a tab (or a comma, and quotes around what holds one) and its translation."
NEEDED = "A sentence, a tab (or a comma) and its translation are needed on every line."

ENGLISH = {"english", "eng", "en", "anglais", "source", "src", "input"}  # names of columns in a header
OTHER = {"french", "fra", "fre", "fr", "français", "francais", "target", "tgt", "output", "translation"}
OTHER |= {"german", "deutsch", "allemand", "spanish", "español", "espagnol", "italian", "italiano", "italien"}
SIDES = {"front", "back", "word", "mot", "wort", "sentence", "phrase", "satz", "question", "answer"}  # in any order
SAMPLE, MOST_COLUMNS = 5000, 8  # lines and their columns that show how a file is laid out
NAMES = ENGLISH | OTHER
HEADER_WORDS, LONGEST_NAME = 4, 100  # a name of a column has no more words, and fewer letters
CODES = {"en", "eng", "fr", "fra", "fre", "de", "deu", "es", "spa", "it", "ita", "cmn", "jpn", "rus", "por", "nld"}
CODE = re.compile(r"[a-z]{2,4}(?:_[A-Za-z]+)?|\\N")  # of a language, beside a number, in Tatoeba's lists

SETTING = re.compile(r"#([a-z][a-z ]*):(.*)")  # how Anki says what follows
SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
BESIDES = {"guid column", "notetype column", "deck column", "tags column"}  # what Anki writes beside the two sides
SOUND = re.compile(r"\[sound:[^\]]*\]")
CLOZE = re.compile(r"\{\{c\d+::([^{}]*?)(?:::[^{}]*)?\}\}")  # of Anki: what is to be guessed, and perhaps a hint


def read_pairs(data: bytes) -> Reading:
    """A sentence, a tab, its translation; what follows behind a second tab does not count.

    Tatoeba's own files have a number before either sentence. Raises Unreadable if no pair can be used.
    """
    return whole(pairs_in_pieces(data))


def pairs_in_pieces(data: bytes, words: Callable[[str], list[str]] = tokenise) -> Pieces:
    """The same, a piece at a time: TSV; CSV with commas or semicolons; what Anki writes, with its HTML.

    A header may say which column is which. Columns of numbers or of names of languages are passed over; if they leave
    no two columns, the file holds no pairs. words: how a sentence is split
    """
    lines, skipped = text_lines(data), remarks(data)
    settings = _settings(lines)
    skipped += [Remark(n, "This line tells Anki how to read the file, and is no pair.") for n in settings.values()]
    asked = {name: lines[n - 1].partition(":")[2].strip() for name, n in settings.items()}
    delimiter = SEPARATORS.get(asked.get("separator", "").casefold()) or _delimiter(lines[len(settings) :])
    rows, pace = [], Pace(2 * len(data), 0, 0.5)
    for number, columns in _rows(lines, delimiter, bool(settings)):
        if number > len(settings):
            rows.append((number, tuple(columns)))
            if pace.is_due(sum(map(len, columns))):
                yield pace.share
    besides = {int(asked[name]) - 1 for name in BESIDES & asked.keys() if asked[name].isdecimal()}
    places, has_header = _places(rows, besides)
    if has_header:
        skipped.append(Remark(rows[0][0], "This line names the columns, and is no pair."))
        del rows[0]
    lines_of: dict[Example, int] = {}
    pace = Pace(2 * len(data), 0.5, 1)
    for number, columns in rows:
        if pace.is_due(sum(map(len, columns))):
            yield pace.share
        has_numbers = len(columns) > 3 and columns[0].isdecimal() and columns[2].isdecimal()
        chosen = columns[1:4:2] if has_numbers else [columns[place] for place in places if place < len(columns)]
        texts = [CLOZE.sub(r"\1", SOUND.sub(" ", plain(text))) for text in chosen]
        letters = max(map(len, texts), default=0)
        sides = [tuple(words(text)) for text in texts] if letters <= MOST_CHARACTERS_OF_A_SIDE else []
        longest = max(sides, key=len, default=())
        if len(texts) < 2:
            reason = "A tab is needed between a sentence and its translation."
        elif not sides:
            reason = f"This has {letters:,} characters: more than can be read."
        elif not all(sides):
            reason = "The sentence or its translation is empty."
        elif len(longest) > MOST_TOKENS_OF_A_SIDE:
            reason = too_long(longest, MOST_TOKENS_OF_A_SIDE)
        elif reason := long_token(sides[0] + sides[1]):
            pass
        elif (first := lines_of.setdefault(Example(sides[0], sides[1]), number)) != number:
            skipped.append(Twice(number, f"The same pair is on line {first}."))
            continue
        else:
            continue
        skipped.append(Skipped(number, reason))
    return reading([*lines_of], skipped, "pair", RULE)


def _settings(lines: list[str]) -> dict[str, int]:
    """The lines at the beginning by which Anki says how to read the file: {what it says: number of the line}"""
    found: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not (match := SETTING.match(line)):
            break
        found[match[1]] = number
    return found


def _delimiter(lines: list[str]) -> str:
    """A tab, unless the lines have none, and a comma or semicolon sets their columns apart, as in CSV"""
    some = [line for line in lines[:400] if line.strip()]
    if sum("\t" in line for line in some) >= 0.5 * len(some):
        return "\t"
    for delimiter in ",;":
        rows = [columns for _, columns in records(lines[:400], delimiter)]
        width, often = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        is_even = width > 1 and often >= NEARLY_ALL * len(rows)
        spaced = sum(re.sub(r'"[^"]*"', "", line).count(f"{delimiter} ") for line in some)
        if is_even and (_is_header(rows[0]) or spaced < 0.5 * len(rows)):  # in prose, a space follows a comma
            return delimiter
    return "\t"


def _rows(lines: list[str], delimiter: str, is_anki: bool):
    """(number, columns) of every line, or of every record where quotes are used as in CSV"""
    if delimiter != "\t" or is_anki or _is_quoted(lines):
        yield from records(lines, delimiter)
    else:
        yield from ((number, line.split("\t")) for number, line in enumerate(lines, start=1) if line.strip())


QUOTED = re.compile(r'"(?:(?:[^"\s]|"")(?:(?:[^"]|"")*(?:[^"\s]|""))?)?"')


def _is_quoted(lines: list[str]) -> bool:
    """Are quotes used as in CSV? Then columns stand in them, and quotes inside are doubled; or records are whole that
    would otherwise be lines without a tab."""
    some = [line for line in lines[:1000] if line.strip()]
    columns = [column for line in some for column in line.split("\t")]
    if any(
        column[:1] == column[-1:] == '"' and '""' in column[1:-1] and QUOTED.fullmatch(column) for column in columns
    ):
        return True
    if len(some) > 1 and all(QUOTED.fullmatch(column) for column in columns):
        return True
    broken = sum("\t" not in line for line in some)
    return bool(broken) and sum(len(row) < 2 for _, row in records(some, "\t")) < broken / 2


def _is_header(columns: Sequence[str]) -> bool:
    """Do the first columns have names, and no sentences?"""
    named = [set(tokenise(column.casefold())) for column in columns if len(column) < LONGEST_NAME]
    return sum(words <= SIDES or (bool(words & NAMES) and len(words) <= HEADER_WORDS) for words in named if words) >= 2


def _places(rows: list[tuple[int, tuple[str, ...]]], besides: set[int]) -> tuple[list[int], bool]:
    """(the columns of the sentence and of its translation, is the first line a header?)

    Raises Unreadable where numbers or languages leave no two columns, saying what was seen.
    """
    if not rows:
        return [0, 1], False
    if has_header := _is_header(rows[0][1]) and not (len(rows) > 1 and _is_header(rows[1][1])):
        named = [set(tokenise(column.casefold()[:LONGEST_NAME])) for column in rows[0][1]]
        english = [i for i, words in enumerate(named) if words & ENGLISH and not words & OTHER]
        other = [i for i, words in enumerate(named) if words & OTHER and not words & ENGLISH]
        if english and other:
            return [english[0], other[0]], True
    some = [columns for _, columns in rows[:SAMPLE]]
    width = Counter(map(len, some)).most_common(1)[0][0]
    columns = [[row[i].strip() for row in some if i < len(row)] for i in range(min(width, MOST_COLUMNS))]
    numbers = {i for i, column in enumerate(columns) if nearly_all(column, NUMBER.fullmatch)}
    codes = {
        i
        for i, column in enumerate(columns)
        if nearly_all(column, CODES.__contains__) or (i - 1 in numbers and nearly_all(column, CODE.fullmatch))
    }
    silent = {i for i, column in enumerate(columns) if nearly_all(column, lambda text: not any(map(str.isalnum, text)))}
    left = [i for i in range(len(columns)) if i not in numbers | codes | besides | silent]
    are_listed = len(codes) == 1 and min(codes) - 1 in numbers  # with who wrote them, and when
    if numbers | codes and (len(left) < 2 or are_listed):
        if codes:
            seen = f"one column holds languages, {listed(Counter(columns[min(codes)]), 3)}, and one holds sentences"
            raise Unreadable(f"These are sentences, not pairs: {seen}. {NEEDED}")
        seen = f"column {min(numbers) + 1} holds numbers, such as {columns[min(numbers)][0][:20]}"
        raise Unreadable(f"No pairs of sentences were found: {seen}, and fewer than two others are left. {NEEDED}")
    return (left if len(left) > 1 else [0, 1])[:2], has_header
