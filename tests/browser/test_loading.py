"""While a page is loaded nothing is seen to move, from the first moment until it has settled"""

import pytest
from playwright.sync_api import expect

from tests.helpers.screen import Screen

WATCH = """window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(({ value, sources }) => [
    value, sources.map(({ node, previousRect: was, currentRect: is }) =>
        `${node?.className ?? node?.textContent} ${JSON.stringify([was, is])}`)])))
    .observe({ type: "layout-shift", buffered: true });"""
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
# A wide page of Streamlit's begins as a narrow one: that alone is 0.07 on a desktop.
MOST = {"": 0.15, "structures": 0.2, "inputs": 0.2, "gradients": 0.2, "notes": 0.2}
LOADS = 4  # on a busy machine a piece of the page may come late now and then; what always moves, moves in all of them


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", MOST, ids=lambda path: path or "explore")
def test_nothing_is_seen_to_move(browser, address, path, size):
    seen: list[list] = []
    while len(seen) < LOADS and (not seen or moved(seen[-1]) >= MOST[path]):
        seen.append(shifts_of(browser, address, path, SIZES[size]))
    assert moved(seen[-1]) < MOST[path], seen
    assert seen[-1] or size == "phone", "that of Streamlit's own is seen"


def moved(shifts: list) -> float:
    return sum(value for value, _ in shifts)


def shifts_of(browser, address: str, path: str, size: tuple[int, int]) -> list:
    """All that moves while the page is loaded once, in a browser that has loaded nothing yet"""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    screen = Screen(context, address)
    screen.page.add_init_script(WATCH)
    screen.open(path)
    expect(screen.page.get_by_test_id("stSkeleton")).to_have_count(0)
    screen.settle()
    screen.page.wait_for_timeout(1000)  # until everything has found its place
    shifts = screen.page.evaluate("window.shifts")
    context.close()
    return shifts
