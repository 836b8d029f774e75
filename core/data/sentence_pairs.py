"""Pairs of sentences, English and French, from TSV."""

from core.data.example import Example, Reading, Skipped
from core.data.text_file import _reading, _too_long, text_lines
from core.data.vocabulary import tokenise

MOST_TOKENS_OF_A_SIDE = 60  # of a pair


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
        elif (first := lines_of.setdefault(Example(sides[0], sides[1]), number)) != number:
            reason = f"The same pair is on line {first}."
        else:
            continue
        skipped.append(Skipped(number, reason))
    return _reading([*lines_of], skipped, "pair", "Every line needs a sentence, a tab and its translation.")
