"""What the stage sends beside the selected step, of what the reader does on it: each message, and its act."""

from collections.abc import Callable
from functools import partial
from typing import Any

from explorer.choices.session import EXPLORE
from explorer.choices.widgets import choose_whose, correct_label, rest
from explorer.components import machine
from explorer.compute.unrolled import Example
from explorer.views.update_buttons import edit


def acts(page: str, example: Callable[[], Example | None]) -> dict[str, Callable[[], None]]:
    """The acts of a page; `example`: what is on screen"""
    every: dict[str, Callable[[Any], None]] = {
        "whose": partial(choose_whose, page),
        "edit": partial(edit, page, example),
    }
    if page == EXPLORE:
        every |= {"label": lambda message: correct_label(*message[:2]), "rested": rest}
    return {name: partial(_hear, name, act) for name, act in every.items()}


def _hear(name: str, act: Callable[[Any], None]) -> None:
    """A stage that was made anew has sent nothing yet"""
    if (message := machine.sent(name)) is not None:
        act(message)
