"""What is said about the project as a whole: its version, its licence, the packages that it needs."""

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import explorer

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))


def requirements(path: str) -> list[Requirement]:
    lines = (line.split(" #")[0].strip() for line in ROOT.joinpath(path).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


RANGES = [*requirements("requirements.txt"), *requirements("tests/requirements.txt")]
RANGES += requirements("assets/hosting/requirements.txt")
EXACT = {canonicalize_name(pin.name): pin for pin in requirements("assets/hosting/constraints.txt")}


def version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "==", f"{pin} is not exact"
    return specifier.version


def installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


@pytest.mark.parametrize("needed", RANGES, ids=str)
def test_the_exact_version_lies_in_the_range(needed):
    assert needed.specifier.contains(version(EXACT[canonicalize_name(needed.name)]))


@pytest.mark.parametrize("pin", EXACT.values(), ids=str)
def test_whatever_an_exact_version_needs_is_exact_too(pin):
    """Read from what is installed, where it is that version; another one may need other packages."""
    package = installed(pin.name)
    if package is None or Version(package.version) != Version(version(pin)):
        pytest.skip("another version is installed")
    for needed in map(Requirement, package.requires or []):
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            assert needed.specifier.contains(version(EXACT[canonicalize_name(needed.name)])), needed


def test_nothing_is_exact_that_nobody_needs():
    needed, todo = set(), [canonicalize_name(requirement.name) for requirement in RANGES]
    while todo:
        if (name := todo.pop()) not in needed and (package := installed(name)):
            needed.add(name)
            todo += [canonicalize_name(Requirement(line).name) for line in package.requires or []]
    assert EXACT.keys() <= needed


def test_the_exact_versions_are_in_order():
    assert list(EXACT) == sorted(EXACT)


def test_the_version_is_said_once():
    assert re.fullmatch(r"\d+\.\d+\.\d+", explorer.__version__)
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "explorer.__version__"}


def test_the_licence_is_the_one_that_is_named():
    text = ROOT.joinpath("LICENSE").read_text(encoding="utf-8")
    assert text.startswith(f"{PROJECT['project']['license']} License")
    assert PROJECT["project"]["authors"][0]["name"] in text
