"""The browser that is on this machine, without a window and without a word to the outside."""

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")  # what the browser may be called
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIET += " --disable-component-update --disable-sync"


def chromium(playwright: Playwright) -> Browser:
    """Where there is none, Playwright says how to install one, and the tests fail."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    return playwright.chromium.launch(executable_path=path, args=QUIET.split())
