"""The row of the loop: it plays, steps and scrubs the stage, inside the browser alone."""

from explorer.components.base import component

_transport = component("transport")


def show() -> None:
    """What it shows comes from the stage"""
    _transport(key="transport", data={})
