"""Explore: what happens to one sentence, forward and backward, and what does an update change?"""

import time

import streamlit as st

from explorer import actions, keep, lab, menu, panels, stage, state, theme, waiting
from explorer.lab import History, Look
from explorer.words import many, words

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
    chosen, painted = state.choices(), "painted" in st.session_state
    if chosen.labels:
        kept = st.session_state.get("history")
        history = _network(chosen, kept)
        if opening and history.clicks != chosen.clicks:
            st.rerun()  # the link asked for more than was possible, and the buttons above do not know
        now = lab.look(history.params, chosen.activation, lab.read(chosen.sentence).words, chosen.labels)
        before = lab.look(history.before, chosen.activation, now.words, chosen.labels) if history.clicks else None
        last = stage.last_update(before, len(history.losses), lab.goes_further(history, kept)) if before else None
        stage.show(
            now,
            chosen.step,
            last,
            actions.choose_step,
            phase=chosen.phase,
            on_painted=None if painted else actions.painted,
        )
        time.sleep(STAGE_AHEAD)
    if not opening:
        with above:
            _ask()
    state.write_link(state.choices())
    if not chosen.labels:
        st.info(words("explore", "empty"))
        _notice()
        keep.tell_length()
        with st.container(border=True):
            keep.panel(None)
        return
    if painted:
        _below(now, before, history, state.choices())


def _ask() -> None:
    """The sentence, what can be done with it, and its labels"""
    with st.container(horizontal=True, vertical_alignment="bottom", key="ask"):
        st.text_input(
            "Your sentence",
            key="sentence",
            help=words("explore", "sentence"),
            on_change=actions.new_sentence,
            live="400ms",
            persist_state="session",
        )
        empty, untouched = not lab.read(st.session_state["sentence"]).words, not st.session_state["clicks"]
        for label, key, size, told in UPDATES:
            st.button(label, key=key, on_click=actions.apply, args=(size,), disabled=empty, help=words("explore", told))
        st.button("Undo", key="undo", on_click=actions.undo, disabled=untouched, help=words("explore", "undo"))
        st.button("Reset", key="reset", on_click=actions.reset, disabled=untouched, help=words("explore", "reset"))
    _label()


def _network(chosen: menu.Choices, kept: History | None) -> History:
    """The weights after all updates so far; training and many updates show their progress"""
    with waiting.bar() as show:
        start = lab.begin(chosen.experiment, waiting.trained(chosen.experiment, show))
        history = lab.replay(start, chosen.clicks, kept, waiting.updates(chosen.clicks, show))
    if history.clicks != chosen.clicks:
        notice = actions.shortfall(kept, history, chosen.clicks)
        st.session_state.update(clicks=history.clicks, notice=notice)
    st.session_state["history"] = lab.lean(history, start)
    return history


def _label() -> None:
    names = theme.distinct(lab.read(st.session_state["sentence"]).words)  # the browser knows a pill by its name
    if not names:
        return
    st.pills(
        words("explore", "labels"),
        range(len(names)),
        selection_mode="multi",
        format_func=lambda i: theme.plain(names[i]),
        help=words("explore", "labels_help"),
        key="labels",
        persist_state="session",
    )


def _below(now: Look, before: Look | None, history: History, chosen: menu.Choices) -> None:
    """All panels below the stage"""
    _notices(now, chosen, history)
    inspector, gradients = st.columns([11, 10])
    with inspector:
        stage.show_inspector(now, chosen.step, chosen.phase)
    with gradients, st.container(border=True):
        panels.gradients(now, chosen)
    with st.container(border=True):
        panels.more(now, before, history, chosen)


def _notices(now: Look, chosen: menu.Choices, history: History) -> None:
    taken = many(len(history.losses), "update")
    total = f"**ℒ = {theme.short(now.loss.total)}** after {taken}. "
    f1 = lab.held_out_f1(history)
    held_out = len(lab.task().data.held_out)
    st.caption(total + words("explore", "score", sentences=held_out, f1=f1, baseline=lab.baseline_f1()))
    _notice()
    keep.tell_length()
    if lab.read(chosen.sentence).is_cut:
        st.caption(words("explore", "cut", most=lab.MOST_WORDS, characters=lab.READ_CHARACTERS))


def _notice() -> None:
    if notice := st.session_state["notice"]:
        st.warning(notice)


st.title("Explore one sentence", anchor=False)
st.caption(words("explore", "intro"))
st.html(STILL)
st.session_state["opening"] = True
explore()
