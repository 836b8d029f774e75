"""The windows in which every page is looked at, and how far a page scrolls sideways in one of them."""

SIZES = [(1440, 1010), (1920, 1080), (390, 844)]
THEMES = ["light", "dark"]

OVERFLOW = """() => [document.scrollingElement, document.querySelector('[data-testid="stMain"]')]
    .map(box => box.scrollWidth - box.clientWidth)"""
