"""The update buttons of the pages on which a network learns, and what they do: one history, undo, reset."""

from collections.abc import Callable
from itertools import zip_longest

import streamlit as st

from core.parameters import Parameters
from explorer.choices.record import RATES
from explorer.choices.session import UPDATES_OF, TakenBack, job_of, session
from explorer.choices.widgets import current_choices
from explorer.compute import updates
from explorer.compute.jobs import Job
from explorer.compute.unrolled import Example, is_valid, unroll
from explorer.compute.updates import (
    History,
    Update,
    Updates,
    appended,
    compressed,
    count,
    expanded,
    initial_history,
    is_drawable,
    is_prefix_of,
    replay,
)
from explorer.prose import prose
from explorer.views import progress_bar

SIZES = {"apply_update": 1, "apply_10": 10, "apply_100": 100}


def update_buttons(page: str, example: Callable[[], Example | None], is_disabled: bool = False) -> None:
    """×1, ×10, ×100, undo and reset; `example`: what is on screen when a button is pressed, None if there is nothing"""
    for key, size in SIZES.items():
        label, help_text = prose("updates", f"{key}_label"), prose("updates", key)
        st.button(label, key=key, on_click=apply, args=(page, example, size), disabled=is_disabled, help=help_text)
    untouched = not taken(page)
    for key, act in (("undo", undo), ("reset", reset)):
        label, help_text = prose("updates", f"{key}_label"), prose("updates", key)
        st.button(label, key=key, on_click=act, args=(page,), disabled=untouched, help=help_text)


def taken(page: str) -> Updates:
    """The updates of the network on this page"""
    return st.session_state[UPDATES_OF[page]]


def take(page: str, row: Updates, notice: str | None = None) -> None:
    """From now on these are the updates of the network on this page; `notice`: what the reader is told of it"""
    st.session_state[UPDATES_OF[page]] = row
    session().notices = {page: notice}


def tell_notice(page: str) -> None:
    """What is told of the last press; it stands at the foot of the window and moves nothing"""
    if notice := session().notices.get(page):
        with st.container(key="notice"):
            st.warning(notice)


# What a press does, before the page is drawn again --------------------------------------------------------------------


def apply(page: str, example: Callable[[], Example | None], size: int) -> None:
    """Ask for `size` steps on the example on screen: they are taken when the page is drawn"""
    chosen, shown = current_choices(), example()
    if shown is None:
        return
    history = session().histories.get(page)
    if not history or history.job.key != job_of(page, chosen).key:  # it is still being trained
        session().notices[page] = prose("updates", "too_early")
        return
    row, notice = append_update(taken(page), chosen.update(shown, size))
    take(page, row, notice)
    st.session_state["phase"] = "forward"  # there the stage comes home after its sweep


def append_update(row: Updates, update: Update) -> tuple[Updates, str | None]:
    """The row with this update, as far as there is room; and what the reader is told if there is too little"""
    asked, most = update.size, updates.MOST_UPDATES
    done = min(asked, most - count(row))
    if done <= 0:
        return row, prose("updates", "full", most=most)
    notice = prose("updates", "last", done=done, asked=asked, most=most) if done < asked else None
    return appended(row, update._replace(size=done)), notice


def undo(page: str) -> None:
    """Take back the last press"""
    take(page, taken(page)[:-1])


def reset(page: str) -> None:
    """Take back all updates"""
    take(page, ())


def on_network_change(page: str) -> None:
    """Another network starts without the updates of the old one, which gets them back when it is chosen again."""
    memory = session()
    old, new = memory.jobs[page], job_of(page, current_choices()).key
    if new == old:
        return
    row, memory.jobs[page] = taken(page), new
    take(page, memory.elsewhere.pop(new, ()))
    if row:
        memory.elsewhere[old] = row
        st.toast(prose("updates", f"another_network_{page}", n=count(row)), duration="long")


def forget_updates(page: str) -> None:
    """The weights that the updates of this page began with are gone, and the updates with them."""
    row = taken(page)
    session().jobs[page] = job_of(page, current_choices()).key
    take(page, (), prose("updates", "dropped", n=count(row)) if row else None)


# The weights after all updates so far ---------------------------------------------------------------------------------


def history_of(page: str, job: Job, params: Parameters) -> tuple[History, History | None]:
    """The history of this page's updates on this job, and the one that was kept of the last run, compressed.

    What a link asks for in vain is left out, and the reader is told.
    """
    memory, row, start = session(), taken(page), initial_history(job, params)
    kept = memory.histories.get(page)
    with progress_bar.bar("updates") as show:
        history = replay(start, row, kept, progress_bar.updates(row, show))
    if history.updates != row:
        take(page, history.updates, refusal_message(kept, history, row))
    if (
        kept
        and kept.job == job
        and len(history.updates) < len(kept.updates)
        and is_prefix_of(history, job, kept.updates)
    ):
        memory.taken_back[page] = TakenBack(expanded(kept, start), history.updates)
    memory.histories[page] = compressed(history, start)
    return history, kept


def history_before(page: str, history: History) -> History | None:
    """What there was before the last press, of an update, an undo or a reset; None where nobody has pressed anything"""
    undone = session().taken_back.get(page)
    if undone and undone.history.job == history.job and undone.left == history.updates:
        return undone.history
    return history._replace(updates=history.updates[:-1], params=history.before) if history.updates else None


def refusal_message(kept: History | None, found: History, row: Updates) -> str:
    """What the reader is told when not all of these updates were possible"""
    if not all(is_valid(found.job, update.example) for update in row):
        return prose("updates", "unfit")
    known = len(kept.losses) if kept and is_prefix_of(kept, found.job, row) else 0
    done, asked = len(found.losses) - known, count(row) - known
    failed = next(update for update, possible in zip_longest(row, found.updates) if update != possible)
    if not is_drawable(unroll(found.job, found.params, failed.example)):
        return prose("updates", "exploded")
    told = prose("updates", "partly", done=done, asked=asked) if done else prose("updates", "refused")
    can_slow, can_clip = failed.learning_rate > min(RATES), failed.clipping == "off"
    return f"{told} {prose('updates', 'advice', can_slow=can_slow, can_clip=can_clip)}"
