"""What moves the weights on the pages on which a network learns: update buttons, edits, undo, reset; one history."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import zip_longest

import streamlit as st

from core.parameters import Parameters
from explorer import server
from explorer.choices.link import EDIT, STEP_CHOICES, read_edit
from explorer.choices.record import RATES, Choices
from explorer.choices.session import UPDATES_OF, TakenBack, job_of, network_of, session
from explorer.choices.widgets import arrive, choose, current_choices, forget_whose
from explorer.compute import replays, updates
from explorer.compute.jobs import Job
from explorer.compute.unrolled import Example, unroll
from explorer.compute.updates import (
    Edit,
    Entry,
    History,
    Updates,
    appended,
    compressed,
    count,
    edited,
    expanded,
    fits,
    initial_history,
    is_drawable,
    is_prefix_of,
    replay,
    weight_at,
)
from explorer.prose import prose
from explorer.views import progress_bar

Shown = Callable[[Choices], Example | None]  # what is on screen, with these choices

SIZES = {"apply_update": 1, "apply_10": 10, "apply_100": 100}


def update_buttons(page: str, example: Shown, is_disabled: bool = False) -> None:
    """×1, ×10, ×100, undo and reset; `example`: what is on screen when a button is pressed, None if there is nothing"""
    acts, row = _acts(page, example), taken(page)
    if server.is_whole_page():  # presses whose own run never came, because something else made the whole page
        for key, act in acts.items():
            _press(key, act, uncounted=0)
        if taken(page) != row:
            st.rerun()
    untouched, rate = not row, {"rate": st.session_state["learning_rate"]}
    for key, act in acts.items():
        label, help_text = prose("updates", f"{key}_label"), prose("updates", key, **rate if key in SIZES else {})
        if key == "apply_update":
            label = _with_rate(label)
        is_off = is_disabled if key in SIZES else untouched
        st.button(label, key=key, on_click=_press, args=(key, act), disabled=is_off, help=help_text)


def _with_rate(label: str) -> str:
    """The name of a button, and how far its update goes"""
    rate, clipping, limit = (st.session_state[key] for key in STEP_CHOICES)
    if clipping == "off":
        return prose("updates", "with_rate", label=label, rate=rate)
    return prose("updates", "with_rate_clipped", label=label, rate=rate, limit=limit)


def without_stage(page: str, reason: str) -> None:
    """Nothing can be read: that is said where the stage stands otherwise, and the loop keeps its place until it can"""
    with st.container(key="nothing"):
        st.info(reason)
    with st.container(horizontal=True, key="loop"), st.container(horizontal=True, key="updates"):
        update_buttons(page, lambda _: None, is_disabled=True)
    with st.container(key="strip"):
        st.empty()


def _acts(page: str, example: Shown) -> dict[str, Callable[[], None]]:
    """What each button does, by its key"""
    acts: dict[str, Callable[[], None]] = {key: partial(apply, page, example, size) for key, size in SIZES.items()}
    return acts | {"undo": partial(undo, page), "reset": partial(reset, page)}


def _press(key: str, act: Callable[[], None], uncounted: int = 1) -> None:
    """Act as often as the button was pressed"""
    for _ in range(server.presses(key, uncounted)):
        act()


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


def apply(page: str, example: Shown, size: int) -> None:
    """Ask for `size` steps on the example on screen: they are taken when the page is drawn"""
    chosen = current_choices()
    shown = example(chosen)
    if shown is None or not _is_shown(page, chosen):
        return
    row, notice = append_entry(taken(page), chosen.update(shown, size))
    take(page, row, notice)


def _is_shown(page: str, chosen: Choices) -> bool:
    """Is the network of this page on the screen, and not still being trained? If not, the reader is told."""
    history = session().histories.get(page)
    if history and history.job.key == job_of(page, chosen).key:
        return True
    session().notices[page] = prose("updates", "too_early")
    return False


def edit(page: str, example: Shown, message: Sequence[object]) -> None:
    """Set one weight, if what follows can be drawn; message: group, W, row, column, value, and when it was typed"""
    chosen = current_choices()
    shown = example(chosen)
    try:
        group, name, row, column, value, *_ = message
        asked = read_edit(f"{EDIT} {group}.{name} {row} {column} {value}")
    except ValueError:
        return
    if shown is None or not _is_shown(page, chosen):
        return
    job = job_of(page, chosen)
    start = initial_history(job, network_of(job).params)
    history = replay(start, taken(page), session().histories.get(page))
    if not fits(start, asked) or weight_at(history.params, asked) == asked.value:
        return
    if not is_drawable(unroll(job, edited(history.params, asked), shown)):
        take(page, taken(page), prose("updates", "edit_refused"))
        return
    take(page, *append_entry(taken(page), asked))


def append_entry(row: Updates, update: Entry) -> tuple[Updates, str | None]:
    """The row with this entry, as far as there is room; and what the reader is told if there is too little"""
    asked, most = update.size, updates.MOST_UPDATES
    done = min(asked, most - count(row))
    if done <= 0:
        return row, prose("updates", "full", most=most)
    notice = prose("updates", "last", done=done, asked=asked, most=most) if done < asked else None
    return appended(row, update._replace(size=done)), notice


def retake(page: str, rate: float) -> None:
    """The last update, had it been taken at this rate: the same entry of the history, and the rate from now on"""
    *before, last = taken(page)
    if isinstance(last, Edit) or last.size > 1:  # a press came between
        return
    take(page, appended(tuple(before), last._replace(learning_rate=rate)))
    choose(learning_rate=rate)


def undo(page: str) -> None:
    """Take back the last press or edit"""
    take(page, taken(page)[:-1])


def reset(page: str) -> None:
    """Take back all updates and edits"""
    take(page, ())


def on_network_change(page: str) -> None:
    """Another network starts without the updates of the old one, which gets them back when it is chosen again."""
    memory = session()
    old, new = memory.jobs[page], job_of(page, current_choices()).key
    if new == old:
        return
    row, memory.jobs[page] = taken(page), new
    forget_whose()
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
    """The history of this page's updates on this job, and the one that the browser is known to have, compressed.

    What a link asks for in vain is left out, and the reader is told.
    """
    memory, row, start = session(), taken(page), initial_history(job, params)
    kept = memory.histories.get(page)
    with progress_bar.bar("updates", partial(_stop, page, start, row)) as show:
        history = replays.history_of(start, row, kept, progress_bar.updates(row, show))
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
    return history, memory.arrived.get(page)


def has_arrived(page: str) -> None:
    """This run comes to its end, so the browser gets what it shows: the update that it plays is not new any more. Of a
    run that another click overtakes nothing may have been sent."""
    session().arrived[page] = session().histories[page]
    arrive()


def _stop(page: str, start: History, row: Updates) -> None:
    """The reader waits no longer for all of these updates: those that are taken by now are the network's"""
    done = replays.stop(start, row)
    take(page, done, prose("updates", "stopped", done=count(done), asked=count(row)))


def history_before(page: str, history: History, example: Example) -> History | None:
    """What there was before the last press, of an update, an undo or a reset; None where nobody has pressed anything

    What an undo or a reset did is told of the example that was shown then. Another one never had those weights.
    """
    undone = session().taken_back.get(page)
    if undone and undone.history.job == history.job and undone.left == history.updates:
        if undone.example is None:
            undone = session().taken_back[page] = undone._replace(example=example)
        if undone.example == example:
            return undone.history
        session().taken_back.pop(page)  # another is seen: it has had its time
    return history._replace(updates=history.updates[:-1], params=history.before) if history.updates else None


def refusal_message(kept: History | None, found: History, row: Updates) -> str:
    """What the reader is told when not all of these updates were possible"""
    if not all(fits(found, entry) for entry in row):
        return prose("updates", "unfit")
    known = count(kept.updates) if kept and is_prefix_of(kept, found.job, row) else 0
    done, asked = count(found.updates) - known, count(row) - known
    failed = next(entry for entry, possible in zip_longest(row, found.updates) if entry != possible)
    if isinstance(failed, Edit):
        return prose("updates", "edit_refused")
    if not is_drawable(unroll(found.job, found.params, failed.example)):
        return prose("updates", "exploded")
    told = prose("updates", "partly", done=done, asked=asked) if done else prose("updates", "refused")
    can_slow, can_clip = failed.learning_rate > min(RATES), failed.clipping == "off"
    return f"{told} {prose('updates', 'advice', can_slow=can_slow, can_clip=can_clip)}"
