"""The prose of the pages, kept in assets/prose: one Markdown file a page, one section (## name) a text."""

import re
from functools import cache
from pathlib import Path

PROSE = Path(__file__).resolve().parents[1] / "assets" / "prose"


@cache
def _sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## (\w+)\n", (PROSE / f"{page}.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def prose(page: str, section: str, **numbers) -> str:
    """One text, with live numbers in place of its {names}"""
    text = _sections(page)[section]
    return text.format(**numbers) if numbers else text
