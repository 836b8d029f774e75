"""One server and one browser for all tests; for each a new session, in a window that remembers nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.helpers.chromium import chromium
from tests.helpers.screen import Screen
from tests.helpers.serving import ROOT, serving

SCREENSHOTS = ROOT / "tests" / "screenshots"


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving(ROOT) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows() -> dict[str, list[Screen]]:
    """The windows that no test uses now, by their settings: in a window that knows the app a page opens much faster."""
    return {}


@pytest.fixture
def new_screen(browser: Browser, address: str, windows) -> Iterator[Callable[..., Screen]]:
    """Gives windows that know nothing of each other. Whatever one of them complains of fails the test."""
    taken: list[tuple[list[Screen], Screen]] = []

    def make(width: int = 1440, height: int = 1010, theme: str = "light", **settings) -> Screen:
        settings |= {"viewport": {"width": width, "height": height}, "color_scheme": theme}
        free = windows.setdefault(repr(settings), [])
        screen = free.pop() if free else Screen(browser.new_context(**settings), address)
        taken.append((free, screen))
        return screen

    yield make
    problems = []
    for free, screen in taken:
        problems += screen.forget()
        screen.address = address
        free.append(screen)
    assert problems == []


@pytest.fixture
def screen(new_screen) -> Screen:
    """A window on the first page"""
    return new_screen().explore()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS
