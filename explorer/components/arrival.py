"""The place of a page to which a link on another page leads: the browser brings it into view, once."""

from explorer.components.base import component

_arrival = component("arrival")


def show(place: str) -> None:
    """place: a CSS selector; "": nowhere"""
    if place:
        _arrival(key="arrival", data={"place": place})
