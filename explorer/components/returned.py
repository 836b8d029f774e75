"""What makes the page anew when the browser's connection comes back, on whatever page the reader is."""

from explorer.components.base import component

_returned = component("returned")


def watch() -> None:
    """Nothing is seen of it"""
    _returned(key="returned", data={}, on_again_change=lambda: None)
