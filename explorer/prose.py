"""The prose of the pages, kept in assets/prose: one Markdown file a page, one section (## name) a text.

In a text stand named places: {norm}, {loss:.3g}. Where a word depends on a number or on a truth, both forms stand in
the text: {n:step|steps} is "1 step" or "2 steps", {is_right:right|wrong} is one of the two words.
"""

import re
from functools import cache
from numbers import Integral
from pathlib import Path
from string import Formatter

PROSE = Path(__file__).resolve().parents[1] / "assets" / "prose"


@cache
def _sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## (\w+)\n", (PROSE / f"{page}.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


class Forms(Formatter):
    """Fills the places of a text; `{n:one form|another}` takes the form that the value asks for"""

    def format_field(self, value, format_spec: str) -> str:
        if "|" not in format_spec:
            return super().format_field(value, format_spec)
        one, other = format_spec.split("|")
        if isinstance(value, bool):
            return one if value else other
        number = f"{value:,}" if isinstance(value, Integral) else f"{value:.4g}"
        return f"{number} {one if value == 1 else other}"


def prose(page: str, section: str, **numbers) -> str:
    """One text, with live numbers in place of its {names}"""
    text = _sections(page)[section]
    return Forms().vformat(text, (), numbers) if numbers else text
