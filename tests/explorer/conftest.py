"""The app as a browser would run it, without a browser."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from explorer.components import base, machine
from tests.helpers.examples import open_app


@pytest.fixture(scope="session", autouse=True)
def packages_are_searched_once() -> Iterator[None]:
    """Every session looks for components in all installed packages: a tenth of a second each time, always the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_is_sent_ahead() -> Iterator[None]:
    """The stage need not be on its way to a browser before the rest is computed: there is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "AHEAD", 0)
        yield


@pytest.fixture(scope="session", autouse=True)
def what_is_sent_is_json() -> Iterator[None]:
    """Of every payload of every page: a click has no time to ask."""
    as_sent = base.as_sent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "as_sent", lambda data: as_sent(base.json_safe(data)))
        yield


@pytest.fixture
def app() -> AppTest:
    """The first page of a new session"""
    return open_app()


@pytest.fixture(scope="module")
def one_session() -> AppTest:
    """A session that many tests use one after the other, as a reader would"""
    return open_app()
