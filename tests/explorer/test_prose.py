"""The prose: every text that is used exists and gets its values, and every text that exists is used."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from core.cells import CELLS
from core.initialisers import INITIALISERS
from core.optimisers import CLIPS
from explorer import prose as module
from explorer.components.base import ASSETS
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS
from explorer.prose import PROSE, placeholders, prose, sections
from tests.helpers.examples import EXPLORER

TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(EXPLORER.rglob("*.py"))}
LITERALS = {node.value for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
LITERALS |= {*CELLS, *INITIALISERS, *CLIPS}  # the core's names, which have texts
PAGES = sorted(path.stem for path in PROSE.glob("*.md"))


class Call(NamedTuple):
    where: str
    page: str
    section: str  # a regular expression where a part of the name comes from elsewhere
    values: set[str | None]  # None: some come as **values


def calls() -> Iterator[Call]:
    """All calls of `prose`, except those that get the name of the section from elsewhere"""
    for path, tree in TREES.items():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "prose":
                page, section = call.args
                assert isinstance(page, ast.Constant), "the page stands in the call"
                values = {keyword.arg for keyword in call.keywords}
                for name in names(section):
                    yield Call(f"{path.relative_to(EXPLORER)}:{call.lineno}", page.value, name, values)


def names(section: ast.expr) -> list[str]:
    match section:
        case ast.Constant(value):
            return [re.escape(value)]
        case ast.JoinedStr(parts):
            return ["".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in parts)]
        case ast.IfExp(_, body, orelse):
            return [*names(body), *names(orelse)]
    return []


@pytest.mark.parametrize("call", [*calls()], ids=lambda call: f"{call.where} {call.section}")
def test_every_text_that_is_used_exists_and_gets_its_values(call):
    texts = [text for name, text in sections(call.page).items() if re.fullmatch(call.section, name)]
    assert any(fits(text, call.values) for text in texts)


def fits(text: str, values: set[str | None]) -> bool:
    if not values:
        return bool(text) and not re.search(r"(?<![\w^}\\])\{[a-z]\w*[:}]", text)  # a placeholder, not a formula
    return values - {None} <= placeholders(text) if None in values else values == placeholders(text)


TEXTS = {"title", "markdown", "caption", "info", "warning"}  # calls of which a reader sees the first argument
LABELS = {"button", "expander", "file_uploader", "metric", "page_link", "slider", "text_area", "text_input"}
NAMED = {"label", "help", "placeholder", "body", "text"}


@pytest.mark.parametrize("page", ["inputs", "notes"])
def test_no_words_stand_in_the_code(page):
    """Letters of mathematics and the marks of Markdown may"""
    for path, tree in TREES.items():
        for call in ast.walk(tree) if f"views/{page}/" in path.as_posix() else []:
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in TEXTS | LABELS:
                shown = call.args[:1] + [keyword.value for keyword in call.keywords if keyword.arg in NAMED]
                for text in shown:
                    assert not re.search(r"[A-Za-z]{2}", literal(text).replace("gray-badge", "")), path


def literal(text: ast.expr) -> str:
    """What stands in a string itself, without what is put into it"""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return " ".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_the_calls_are_found():
    assert len(list(calls())) > 50


@pytest.mark.parametrize("page", PAGES)
def test_every_text_that_exists_is_used(page):
    used = [re.compile(call.section) for call in calls() if call.page == page]
    asked = in_scripts(page)
    assert sections(page)
    unused = [name for name in sections(page) if name not in LITERALS and not any(u.fullmatch(name) for u in used)]
    assert [name for name in unused if not begins(name) & asked] == []


def in_scripts(page: str) -> set[str]:
    """All words that stand between quotes in the scripts of a component, and in those that all components share"""
    of_component = [*ASSETS.glob("*/*.js" if page == "components" else f"{page}/*.js")]
    scripts = [*of_component, *(ASSETS.glob("*.js") if of_component else [])]
    return {word for path in scripts for word in re.findall(r'["`](\w+)', path.read_text(encoding="utf-8"))}


def begins(name: str) -> set[str]:
    """Scripts also ask for a text by the beginning of its name: the rest is what is true of a step."""
    ends = [i for i, letter in enumerate(name) if letter == "_"]
    return {name, *(name[:i] for i in ends), *(name[: i + 1] for i in ends)}


@pytest.mark.parametrize(
    ("value", "shown"), [(-2.5, "−2.5 a −2.500"), (-3, "−3 a −3.000"), (1e-9, "1e-09 a 0.000"), (2, "2 a 2.000")]
)
def test_no_number_begins_with_a_hyphen(text, value, shown):
    text("{value} a {value:.3f}")
    assert prose("page", "text", value=value) == shown


@pytest.fixture
def text(monkeypatch):
    """A page with one text"""

    def of(text: str) -> None:
        monkeypatch.setattr(module, "sections", lambda page: {"text": text})

    return of


def test_a_text_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        prose("explore", "no such text")


@pytest.mark.parametrize("values", [{"one": 1}, {"one": 1, "two": 2, "three": 3}])
def test_a_value_that_is_missing_or_not_used_is_an_error(text, values):
    text("{one} {two}")
    with pytest.raises(ValueError, match="three" if "three" in values else "two"):
        prose("page", "text", **values)


@pytest.mark.parametrize(("n", "shown"), [(0, "0 steps"), (1, "1 step"), (1200, "1,200 steps"), (2.5, "2.5 steps")])
def test_a_word_follows_its_number(text, n, shown):
    text("{n:step|steps}")
    assert prose("page", "text", n=n) == shown


@pytest.mark.parametrize(("fades", "shown"), [(True, "{x|y} times weaker."), (False, "stronger.")])
def test_a_form_with_a_placeholder_of_its_own(text, fades, shown):
    text("{fades:{ratio} times weaker|stronger}.")
    assert placeholders("{fades:{ratio} times weaker|stronger}.") == {"fades", "ratio"}
    assert prose("page", "text", fades=fades, ratio="{x|y}") == shown


def test_a_text_without_values_keeps_the_braces_of_its_formulas(text):
    text(r"$W_{aa} \mathcal{L}$")
    assert prose("page", "text") == r"$W_{aa} \mathcal{L}$"


def test_two_texts_with_one_name_are_an_error(monkeypatch, tmp_path):
    (tmp_path / "twice.md").write_text("## one\nA\n\n## one\nB\n")
    monkeypatch.setattr(module, "PROSE", tmp_path)
    with pytest.raises(ValueError, match="the same name"):
        sections("twice")


def test_numbers_are_put_in_place():
    assert "**0.91**" in prose("result", "score", f1=0.9123)


def test_the_page_names_the_limit_that_is_used():
    cut = prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS)
    assert f"{MOST_WORDS} words" in cut and f"{READ_CHARACTERS:,} characters" in cut


def test_equation_4_is_said_to_be_about_the_last_loss_wherever_another_is_shown():
    for name in ("shares", "shares_of_one"):
        assert sections("panels")[name].startswith("As in equation (4)") and "ℒ⟨T⟩" in sections("panels")[name]


def test_no_radius_is_said_to_settle_what_slopes_decide():
    assert "slopes have a say" in sections("settings")["spectral_radius"]
