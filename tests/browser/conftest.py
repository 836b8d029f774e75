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
    """The windows that no test uses now, by what cannot be changed in them: in a window that knows the app a page opens
    in half the time, whatever its size."""
    return {}


@pytest.fixture
def new_screen(browser: Browser, address: str, windows) -> Iterator[Callable[..., Screen]]:
    """Gives windows that know nothing of each other. Whatever one of them complains of fails the test."""
    taken: list[tuple[list[Screen], Screen]] = []

    def make(width: int = 1440, height: int = 1010, theme: str = "light", **settings) -> Screen:
        motion = settings.pop("reduced_motion", "no-preference")
        free = windows.setdefault(repr(settings), [])
        screen = free.pop() if free else Screen(browser.new_context(**settings), address)
        screen.page.set_viewport_size({"width": width, "height": height})
        screen.page.emulate_media(color_scheme=theme, reduced_motion=motion)
        taken.append((free, screen))
        return screen

    yield make
    problems = []
    for free, screen in taken:
        problems += screen.forget()
        screen.address = address
        if screen.is_as_new:
            free.append(screen)
        else:
            screen.page.context.close()
    assert problems == []


@pytest.fixture
def screen(new_screen) -> Screen:
    """A window on the first page"""
    return new_screen().explore()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS
