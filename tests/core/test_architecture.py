"""Imports run one way: the network knows of no page, and a figure knows of neither."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def imported(path: Path) -> set[str]:
    """Full names of all modules that a file imports, at its top or inside a function"""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names}
    return names


def files(folder: str) -> list:
    found = sorted((ROOT / folder).rglob("*.py"))
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in found]


@pytest.mark.parametrize("path", files("core"))
def test_the_core_imports_numpy_and_the_standard_library_only(path):
    allowed = {"numpy", "core"} | sys.stdlib_module_names
    assert {name.split(".")[0] for name in imported(path)} <= allowed


def layer(path: Path) -> int:
    """The line of "Who imports whom" in core/README.md that names this file, or else its folder"""
    name = path.relative_to(ROOT / "core").with_suffix("").as_posix()
    text = ROOT.joinpath("core/README.md").read_text(encoding="utf-8").split("## Who imports whom")[1].split("\n## ")[0]
    lines = [line.split() for line in text.splitlines() if line.startswith("    ")]
    named = {known: n for n, line in enumerate(lines) for known in line}
    return named.get(name, named.get(f"{name.split('/')[0]}/"))


@pytest.mark.parametrize("path", [each for each in files("core") if each.values[0].stem != "__init__"])
def test_the_core_imports_downwards_as_its_readme_says(path):
    for name in imported(path):
        places = [ROOT.joinpath(*parts).with_suffix(".py") for parts in (name.split("."), name.split(".")[:-1])]
        for used in (place for place in places if name.startswith("core.") and place.exists()):
            assert layer(used) < layer(path) or used.parent == path.parent != ROOT / "core", used


@pytest.mark.parametrize("path", files("tests/core"))
def test_the_core_is_tested_without_a_page(path):
    assert not {name.split(".")[0] for name in imported(path)} & {"explorer", "streamlit", "plotly", "pandas"}


@pytest.mark.parametrize("path", files("explorer/figures"))
def test_a_figure_is_made_of_arrays(path):
    assert not {name.split(".")[0] for name in imported(path)} & {"streamlit", "core"}


def brings_along(*modules: str) -> set[str]:
    """All modules that these load, by whatever way"""
    code = "import importlib, sys; [*map(importlib.import_module, sys.argv[1:])]; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code, *modules], cwd=ROOT, capture_output=True, text=True, check=True)
    return {*run.stdout.split()}


def test_no_figure_brings_streamlit_along():
    figures = [f"explorer.figures.{path.stem}" for path in (ROOT / "explorer/figures").glob("*.py")]
    assert "plotly" in (found := brings_along(*figures)) and "streamlit" not in found


@pytest.mark.slow
def test_the_first_stage_does_not_wait_for_pandas():
    """All that app.py and the page Explore import at their top"""
    paths = ROOT / "explorer/app.py", ROOT / "explorer/views/explore/page.py"
    tops = [node for path in paths for node in ast.parse(path.read_text(encoding="utf-8")).body]
    froms = [node for node in tops if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "explorer"]
    found = brings_along(*{node.module for node in froms}, *modules_of(froms))
    assert "explorer.components.stage" in found and "pandas" not in found


def modules_of(froms: list[ast.ImportFrom]) -> set[str]:
    """Which of the names that are imported from a package are modules"""
    names = {f"{node.module}.{alias.name}" for node in froms for alias in node.names}
    return {name for name in names if ROOT.joinpath(*name.split(".")).with_suffix(".py").exists()}


@pytest.mark.parametrize("path", files("core") + files("explorer"))
def test_nothing_typed_is_ever_executed(path):
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"eval", "exec", "__import__"}
    assert not {name.split(".")[0] for name in imported(path)} & {"pickle", "marshal", "shelve"}
