"""What the stage sends beside the selected step, of what the reader does on it: each message, and its act."""

from collections.abc import Callable
from functools import partial
from typing import Any

from explorer.choices.session import EXPLORE, session
from explorer.choices.widgets import choose_whose, correct_label, rest
from explorer.components import machine
from explorer.compute.unrolled import Unrolled
from explorer.views.update_and_undo import Shown, edit


def acts(page: str, example: Shown) -> dict[str, Callable[[], None]]:
    """The acts of a page; `example`: what is on screen"""
    every: dict[str, Callable[[Any], None]] = {
        "whose": partial(choose_whose, page),
        "edit": partial(edit, page, example),
        "held": _hold,
        "rested": rest,
    }
    if page == EXPLORE:
        every["label"] = lambda message: correct_label(*message[:2])
    return {name: partial(_hear, name, act) for name, act in every.items()}


def _hold(_: object) -> None:
    session().holds_before = True


def held(before: Unrolled | None) -> Unrolled | None:
    """What the stage showed before the update, in the one run in which its browser asks"""
    memory = session()
    asked, memory.holds_before = memory.holds_before, False
    return before if asked else None


def _hear(name: str, act: Callable[[Any], None]) -> None:
    """A stage that was made anew has sent nothing yet"""
    if (message := machine.sent(name)) is not None:
        act(message)
