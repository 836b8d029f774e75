"""One server and one browser for all tests; a fresh window, with nothing remembered, for each."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from screen import Screen
from serving import ROOT, serving

NAMES = ("chromium", "chromium-browser", "google-chrome")  # what the browser may be called
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIET += " --disable-component-update --disable-sync"
SCREENSHOTS = ROOT / "tests" / "screenshots"


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving(ROOT) as url:
        yield url


def chromium(playwright: Playwright) -> Browser:
    """Where there is none, Playwright says how to install one, and the tests fail."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    return playwright.chromium.launch(executable_path=path, args=QUIET.split())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def new_screen(browser: Browser, address: str) -> Iterator[Callable[..., Screen]]:
    """Opens windows that know nothing of each other. Whatever one of them complains of fails the test."""
    screens: list[Screen] = []

    def make(width: int = 1440, height: int = 1010, **settings) -> Screen:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=settings.pop("theme", "light"), **settings)
        screens.append(Screen(context, address))
        return screens[-1]

    yield make
    for screen in screens:
        screen.page.context.close()
    assert [problem for screen in screens for problem in screen.problems] == []


@pytest.fixture
def screen(new_screen) -> Screen:
    """A window on the first page"""
    return new_screen().explore()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS
