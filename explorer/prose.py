"""The prose of the pages, kept in assets/prose: one Markdown file per page, one section (`## name`) per text.

A text is whole sentences: Python glues none together, so a page is translated by translating its file. What changes
stands in the text as a placeholder with a name and, after a colon, a format of Python: `{tokens:,}`, `{share:.1%}`.
Where words depend on a number or on a truth, the placeholder lists both forms:

    {n:step|steps}                                             1 step, 2,000 steps
    {is_own:your text|the {count:,} training sentences}        a form may hold placeholders, too

The first form is for 1 and for True, the other for all else. A language with more forms than these needs no other place
than `_form`.

A number below 0 has the minus of print, as wide as a plus.

A text that is used without values stands as it is, with the braces of its formulas; in a text with placeholders, those
of formulas are doubled. A text and its values must fit: ValueError where one is missing or not used.
"""

import re
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from string import Formatter
from typing import Any

PROSE = Path(__file__).resolve().parents[1] / "assets" / "prose"


def prose(page: str, section: str, **values: Any) -> str:
    """One text, with live values in its placeholders; KeyError if there is no such text"""
    text = sections(page)[section]
    if not values:
        return text
    if wrong := placeholders(text) ^ values.keys():
        raise ValueError(f"{page}.md, {section}: placeholders and values differ in {sorted(wrong)}")
    return _filled(text, values)


@cache
def sections(page: str) -> dict[str, str]:
    """All texts of a page by name; ValueError if two have the same name"""
    parts = re.split(r"^## (\w+)\n", (PROSE / f"{page}.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    texts = {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    if len(texts) < len(parts) // 2:
        raise ValueError(f"{page}.md: two sections have the same name")
    return texts


@cache
def placeholders(text: str) -> frozenset[str]:
    """The names of the values that a text needs, in whichever form"""
    fields = [(name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name is not None]
    return frozenset().union(*({name} | placeholders(spec) for name, spec in fields))


def _filled(text: str, values: dict[str, Any]) -> str:
    filled = ""
    for literal, name, spec, _ in Formatter().parse(text):
        filled += literal
        if name is not None:
            value, spec = values[name], spec or ""
            filled += _form(value, spec, values) if "|" in spec else _written(value, spec)
    return filled


def _written(value: Any, spec: str) -> str:
    written = format(value, spec)
    return signed(written) if isinstance(value, Real) else written


def signed(number: str) -> str:
    """A number in digits, with a minus that is as wide as a plus; that of a power of ten stays as computers write it"""
    return number.replace("-", "−", 1) if number.startswith("-") else number


def _form(value: bool | float, forms: str, values: dict[str, Any]) -> str:
    """The form for this value, after the number if it is one; English has one for 1 and one for all other numbers"""
    one, other = forms.split("|")
    form = _filled(one if value == 1 else other, values)
    if isinstance(value, bool):
        return form
    return f"{value:,} {form}" if isinstance(value, Integral) else f"{signed(f'{value:.4g}')} {form}"
