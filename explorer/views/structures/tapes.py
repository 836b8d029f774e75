"""A table of all steps: what is fed above what is expected."""

from core.structures import NO_TARGET
from explorer.components import exhibits
from explorer.components.exhibits import Card
from explorer.components.stage_texts import as_written
from explorer.compute.unrolled import Unrolled
from explorer.formatting import clip_word
from explorer.prose import prose


def tapes(unrolled: Unrolled) -> Card:
    """A table of all steps: what is fed above what is expected"""
    classes = unrolled.job.task.classes
    expected = [classes[int(y)] if y != NO_TARGET else "" for y in unrolled.targets[:, 0]]
    missing = unrolled.never_reached
    both = (*unrolled.words, *("–" for _ in missing)), (*expected, *missing)
    rows = [[clip_word(as_written(unrolled.job, token)) for token in tape] for tape in both]
    is_shifted = unrolled.example.fed == unrolled.example.answers
    told = [prose("structures", "tapes" if is_shifted else "tapes_own")]
    if missing:
        told.append(prose("structures", "tapes_missing"))
    names = [prose("structures", "tape_fed"), prose("structures", "tape_expected")]
    return exhibits.card("tapes", exhibits.tapes(names, rows), told=told, is_explained=False)
