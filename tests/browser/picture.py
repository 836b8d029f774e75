"""Makes the picture of the README again, from the real app: `.venv/bin/python tests/browser/picture.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import expect, sync_playwright

from tests.helpers.chromium import chromium
from tests.helpers.screen import Screen
from tests.helpers.serving import ROOT, serving

PICTURE = ROOT / "assets" / "explore.png"


def main() -> None:
    with serving(ROOT) as address, sync_playwright() as playwright:
        browser = chromium(playwright)
        screen = Screen(browser.new_context(viewport={"width": 1440, "height": 1010}), address).explore("?step=5")
        expect(screen.page.get_by_test_id("reach-chart")).to_be_visible()
        screen.settle()
        screen.back_at(5)
        screen.page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
