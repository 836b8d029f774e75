"""The app as a browser would run it, without a browser."""

import pytest
from hypothesis import settings
from streamlit.testing.v1 import AppTest

from tests.helpers.examples import open_app

settings.register_profile("unhurried", deadline=None)  # a busy machine is no failure
settings.load_profile("unhurried")


@pytest.fixture
def app() -> AppTest:
    """The first page of a new session"""
    return open_app()


@pytest.fixture(scope="module")
def one_session() -> AppTest:
    """A session that many tests use one after the other, as a reader would"""
    return open_app()
