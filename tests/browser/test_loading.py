"""While a page is loaded nothing is seen to move, from the first moment until it has settled"""

import pytest
from playwright.sync_api import expect

from tests.helpers.screen import Screen

pytestmark = pytest.mark.alone
WATCH = """window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(({ value, sources }) => [
    value, sources.map(({ node, previousRect: was, currentRect: is }) =>
        `${node?.className ?? node?.textContent} ${JSON.stringify([was, is])}`)])))
    .observe({ type: "layout-shift", buffered: true });"""
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
# A wide page of Streamlit's begins as a narrow one: that alone is 0.07 on a desktop.
MOST = {"": 0.15, "structures": 0.2, "inputs": 0.15, "gradients": 0.2, "notes": 0.2}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", MOST, ids=lambda path: path or "explore")
def test_nothing_is_seen_to_move(browser, address, path, size):
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})  # one that has loaded nothing yet
    screen = Screen(context, address)
    screen.page.add_init_script(WATCH)
    screen.open(path)
    expect(screen.page.get_by_test_id("stSkeleton")).to_have_count(0)
    screen.settle()
    screen.page.wait_for_timeout(1000)  # until everything has found its place
    shifts = screen.page.evaluate("window.shifts")
    context.close()
    assert sum(value for value, _ in shifts) < MOST[path], shifts
    assert shifts or size == "phone", "that of Streamlit's own is seen"
