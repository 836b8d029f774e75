"""Makes the picture of the README again, from the real app: `.venv/bin/python tests/browser/picture.py`."""

import sys

from serving import ROOT, serving

sys.path.insert(0, str(ROOT))

from conftest import chromium
from playwright.sync_api import expect, sync_playwright
from screen import Screen

PICTURE = ROOT / "assets" / "explore.png"


def main() -> None:
    with serving(ROOT) as address, sync_playwright() as playwright:
        browser = chromium(playwright)
        screen = Screen(browser.new_context(viewport={"width": 1440, "height": 1010}), address).explore("?step=5")
        expect(screen.page.locator(".js-plotly-plot")).to_have_count(2)
        screen.settle()
        scrub = screen.stage.get_by_test_id("scrub")
        scrub.fill("14")  # the way back, at the fifth word
        scrub.blur()
        screen.page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
