"""Explore: what happens to one sentence, forward and backward, and what does an update change?"""

import time

import streamlit as st

from explorer.choices import widgets
from explorer.choices.record import Choices
from explorer.components import stage
from explorer.components.inspector import show_inspector
from explorer.compute.networks import baseline_f1
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS, parse_sentence, people_task
from explorer.compute.unrolled import Unrolled, unroll
from explorer.compute.updates import History, compressed, has_new_updates, held_out_f1, initial_history, replay
from explorer.formatting import distinct, escape_markdown, plural, three_digits
from explorer.prose import prose
from explorer.views import progress_bar, share
from explorer.views.explore import callbacks, panels

STAGE_AHEAD = 0.05  # seconds: the stage is on its way to the browser before the charts are computed
# Streamlit fades what waits for its new state. Fifty fades cost the browser more time than the stage's new numbers.
STILL = "<style>[data-stale='true'] { opacity: 1 !important; transition: none !important; }</style>"
UPDATES = [
    ("Apply update", "apply_update", 1, "update"),
    ("×10", "apply_10", 10, "update_10"),
    ("×100", "apply_100", 100, "update_100"),
]


@st.fragment
def explore() -> None:
    """With the whole page it goes from the top. After a click in here the stage goes first: it is what the reader waits
    for, and whatever came before it would cost the browser a round of its own. In a new session all that stands below
    the stage waits until the browser has painted it."""
    if "session" in st.session_state:
        st.rerun()  # a file was opened, and only a run of the whole app can set the sidebar
    above, opening = st.container(), st.session_state.pop("opening", False)
    if opening:
        with above:
            _ask()
    chosen, painted = widgets.current_choices(), "painted" in st.session_state
    if chosen.labels:
        kept = st.session_state.get("history")
        history = _network(chosen, kept)
        if opening and history.clicks != chosen.clicks:
            st.rerun()  # the link asked for more than was possible, and the buttons above do not know
        now = unroll(history.params, chosen.activation, parse_sentence(chosen.sentence).words, chosen.labels)
        before = unroll(history.before, chosen.activation, now.words, chosen.labels) if history.clicks else None
        last = stage.last_update(before, len(history.losses), has_new_updates(history, kept)) if before else None
        stage.show(
            now,
            chosen.step,
            last,
            callbacks.choose_step,
            phase=chosen.phase,
            on_painted=None if painted else callbacks.painted,
        )
        time.sleep(STAGE_AHEAD)
    if not opening:
        with above:
            _ask()
    widgets.write_link(widgets.current_choices())
    if not chosen.labels:
        st.info(prose("explore", "empty"))
        _notice()
        share.warn_link_too_long()
        with st.container(border=True):
            share.panel(None)
        return
    if painted:
        _below(now, before, history, widgets.current_choices())


def _ask() -> None:
    """The sentence, what can be done with it, and its labels"""
    with st.container(horizontal=True, vertical_alignment="bottom", key="ask"):
        st.text_input(
            "Your sentence",
            key="sentence",
            help=prose("explore", "sentence"),
            on_change=callbacks.new_sentence,
            live="400ms",
            persist_state="session",
        )
        empty, untouched = not parse_sentence(st.session_state["sentence"]).words, not st.session_state["clicks"]
        for label, key, size, told in UPDATES:
            st.button(
                label, key=key, on_click=callbacks.apply, args=(size,), disabled=empty, help=prose("explore", told)
            )
        st.button("Undo", key="undo", on_click=callbacks.undo, disabled=untouched, help=prose("explore", "undo"))
        st.button("Reset", key="reset", on_click=callbacks.reset, disabled=untouched, help=prose("explore", "reset"))
    _label()


def _network(chosen: Choices, kept: History | None) -> History:
    """The weights after all updates so far; training and many updates show their progress"""
    with progress_bar.bar() as show:
        start = initial_history(chosen.experiment, progress_bar.trained(chosen.experiment, show))
        history = replay(start, chosen.clicks, kept, progress_bar.updates(chosen.clicks, show))
    if history.clicks != chosen.clicks:
        notice = callbacks.refusal_message(kept, history, chosen.clicks)
        st.session_state.update(clicks=history.clicks, notice=notice)
    st.session_state["history"] = compressed(history, start)
    return history


def _label() -> None:
    names = distinct(parse_sentence(st.session_state["sentence"]).words)  # the browser knows a pill by its name
    if not names:
        return
    st.pills(
        prose("explore", "labels"),
        range(len(names)),
        selection_mode="multi",
        format_func=lambda i: escape_markdown(names[i]),
        help=prose("explore", "labels_help"),
        key="labels",
        persist_state="session",
    )


def _below(now: Unrolled, before: Unrolled | None, history: History, chosen: Choices) -> None:
    """All panels below the stage"""
    _notices(now, chosen, history)
    inspector, gradients = st.columns([11, 10])
    with inspector:
        show_inspector(now, chosen.step, chosen.phase)
    with gradients, st.container(border=True):
        panels.gradients(now, chosen)
    with st.container(border=True):
        panels.more(now, before, history, chosen)


def _notices(now: Unrolled, chosen: Choices, history: History) -> None:
    taken = plural(len(history.losses), "update")
    total = f"**ℒ = {three_digits(now.loss.total)}** after {taken}. "
    f1 = held_out_f1(history)
    held_out = len(people_task().data.held_out)
    st.caption(total + prose("explore", "score", sentences=held_out, f1=f1, baseline=baseline_f1()))
    _notice()
    share.warn_link_too_long()
    if parse_sentence(chosen.sentence).is_cut:
        st.caption(prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS))


def _notice() -> None:
    if notice := st.session_state["notice"]:
        st.warning(notice)


st.title("Explore one sentence", anchor=False)
st.caption(prose("explore", "intro"))
st.html(STILL)
st.session_state["opening"] = True
explore()
