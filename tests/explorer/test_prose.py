"""The prose: every text that is used exists and gets its numbers, and every text that exists is used."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS
from explorer.prose import PROSE, Forms, __file__, prose

EXPLORER = Path(__file__).parent
TREES = [ast.parse(file.read_text(encoding="utf-8")) for file in EXPLORER.rglob("*.py")]
CALLS = [
    (call.args[0].value, call.args[1].value, {keyword.arg for keyword in call.keywords})
    for tree in TREES
    for call in ast.walk(tree)
    if isinstance(call, ast.Call)
    and isinstance(call.func, ast.Name)
    and call.func.id == "prose"
    and all(isinstance(argument, ast.Constant) for argument in call.args)
]
LITERALS = {node.value for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Constant)}
PAGES = [file.stem for file in PROSE.glob("*.md")]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("page", "section", "numbers"), CALLS, ids=lambda part: part if isinstance(part, str) else "")
def test_every_text_that_is_used_exists_and_is_filled(page, section, numbers):
    text = prose(page, section)
    assert text
    if None in numbers:  # some come as **numbers
        assert numbers - {None} <= placeholders(text)
    else:
        assert placeholders(text) == numbers


@pytest.mark.parametrize("page", PAGES)
def test_every_text_that_exists_is_used(page):
    sections = re.findall(r"^## (\w+)$", (PROSE / f"{page}.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sections and len(sections) == len(set(sections))
    assert [name for name in sections if not {name, name[: name.find("_") + 1] or name} & LITERALS] == []


def test_a_text_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        prose("explore", "no such text")


def test_numbers_are_put_in_place():
    assert "**0.91**" in prose("explore", "score", sentences=1, f1=0.9123, baseline=0.5)


@pytest.mark.parametrize(("number", "text"), [(0, "0 steps"), (1, "1 step"), (1200, "1,200 steps"), (2.5, "2.5 steps")])
def test_a_word_follows_its_number(number, text):
    assert Forms().format("{n:step|steps}", n=number) == text


def test_a_word_follows_a_truth():
    assert [Forms().format("{yes:right|wrong}", yes=yes) for yes in (True, False)] == ["right", "wrong"]


def test_the_page_names_the_limit_that_is_used():
    cut = prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS)
    assert f"{MOST_WORDS} words" in cut and f"{READ_CHARACTERS:,} characters" in cut
