"""Imports run one way: core <- compute <- choices, components <- views <- settings, app; and figures <- views."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.examples import EXPLORER

BASE = {"__version__", "formatting", "prose", "theme"}  # what every part may use
MAY_IMPORT = {  # each part: the parts of explorer that it may import beside itself
    "figures": BASE,
    "compute": BASE,
    "choices": BASE | {"compute", "server"},
    "components": BASE | {"compute", "server"},
    "views": BASE | {"choices", "components", "compute", "figures", "navigation", "server"},
    "settings": BASE | {"choices", "components", "compute", "navigation", "views"},
    "app": BASE | {"choices", "components", "navigation", "server", "settings", "views"},
}
CACHES = {"cache_data", "cache_resource"}  # all that compute needs of Streamlit


def name_of(path: Path) -> str:
    return path.relative_to(EXPLORER).as_posix()


def files(folder: str = "") -> list:
    return [pytest.param(path, id=name_of(path)) for path in sorted(EXPLORER.joinpath(folder).rglob("*.py"))]


def tree(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imported(path: Path) -> set[str]:
    """Full names of all that a file imports, at its top or inside a function"""
    names: set[str] = set()
    for node in tree(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports have full names"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def used_of_streamlit(path: Path) -> set[str]:
    """The names x of all st.x"""
    return {
        node.attr
        for node in tree(path)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st"
    }


@pytest.mark.parametrize("path", files())
def test_imports_run_one_way(path):
    part = name_of(path).split("/")[0].removesuffix(".py")
    parts = {name.split(".")[1] for name in imported(path) if name.startswith("explorer.")}
    assert parts - {part} <= MAY_IMPORT.get(part, BASE)


@pytest.mark.parametrize("path", files("views"))
def test_no_page_imports_another(path):
    """Nor does what pages share import one of them"""
    pages = {folder.name for folder in EXPLORER.joinpath("views").iterdir() if (folder / "page.py").exists()}
    seen = {name.split(".")[2] for name in imported(path) if name.startswith("explorer.views.")}
    assert seen & pages <= {path.parent.name}


@pytest.mark.parametrize("path", files("figures") + files("compute"))
def test_what_computes_and_what_draws_knows_no_widget(path):
    assert used_of_streamlit(path) <= (CACHES if "compute" in path.parts else set())


@pytest.mark.parametrize("path", files())
def test_what_streamlit_does_not_offer_is_used_in_one_place(path):
    inner = {name for name in imported(path) if name.startswith("streamlit.") and name.split(".")[1] != "errors"}
    assert not inner or name_of(path) == "server.py"
    assert not {name for name in used_of_streamlit(path) if name.startswith("_") or name in ("config", "runtime")}


@pytest.mark.parametrize("path", files("views"))
def test_no_file_is_refused_for_its_name(path):
    """What is in it decides. Of a name of another kind, which only a request made by hand has, Streamlit makes a
    traceback on the page"""
    uploaders = [
        node for node in tree(path) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("file_uploader")
    ]
    assert not [keyword.arg for call in uploaders for keyword in call.keywords if keyword.arg == "type"]
