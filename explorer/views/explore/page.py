"""Explore: what happens to one sentence, forward and backward, and what does an update change?"""

import time
from functools import partial

import streamlit as st

from explorer.choices import widgets
from explorer.choices.record import Choices
from explorer.choices.session import EXPLORE, job_of, session
from explorer.components import machine, stage
from explorer.compute.networks import job_network, task_baseline
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS, parse_sentence
from explorer.compute.unrolled import Example, Unrolled, sentence_example, unroll
from explorer.compute.updates import History, has_new_updates, held_out_score
from explorer.formatting import distinct, escape_markdown, three_digits
from explorer.prose import prose
from explorer.views import progress_bar, share
from explorer.views.common import choose_step
from explorer.views.panels.below_stage import below_stage
from explorer.views.update_buttons import history_of, taken, update_buttons

STAGE_AHEAD = 0.05  # seconds: the stage is on its way to the browser before the charts are computed
# Streamlit fades what waits for its new state. Fifty fades cost the browser more time than the stage's new numbers.
STILL = "<style>[data-stale='true'] { opacity: 1 !important; transition: none !important; }</style>"


@st.fragment
def explore() -> None:
    """With the whole page it goes from the top. After a click in here the stage goes first: it is what the reader waits
    for, and whatever came before it would cost the browser a round of its own. In a new session all that stands below
    the stage waits until the browser has painted it."""
    memory = session()
    if memory.file is not None:
        st.rerun()  # a session file was opened, and only a run of the whole app can set the widgets
    above, is_opening, memory.is_opening = st.container(), memory.is_opening, False
    if is_opening:
        with above:
            _ask()
    chosen, is_painted = widgets.current_choices(), memory.is_painted
    example = shown_example(chosen)
    if example:
        asked_for, job = taken(EXPLORE), job_of(EXPLORE, chosen)
        with progress_bar.bar() as show:
            network = job_network(job, memory.opened, progress_bar.training(job.experiment, show))
        history, kept = history_of(EXPLORE, job, network.params)
        if is_opening and history.updates != asked_for:
            st.rerun()  # the link asked for more than was possible, and the buttons above do not know
        unrolled = unroll(job, history.params, example)
        before = unroll(job, history.before, example) if history.updates else None
        last = stage.last_update(before, len(history.losses), has_new_updates(history, kept)) if before else None
        on_painted = None if is_painted else painted
        machine.show(
            unrolled, chosen.step, last, partial(choose_step, EXPLORE), phase=chosen.phase, on_painted=on_painted
        )
        time.sleep(STAGE_AHEAD)
    if not is_opening:
        with above:
            _ask()
    widgets.write_link(widgets.current_choices())
    if not example:
        st.info(prose("explore", "empty"))
        _notice()
        share.warn_link_too_long()
        with st.container(border=True):
            share.panel(None)
        return
    if is_painted:
        _notices(unrolled, chosen, history)
        below_stage(unrolled, before, history, widgets.current_choices(), chosen.step)


def shown_example(chosen: Choices) -> Example | None:
    """The sentence with its labels; None where there is no word"""
    words = parse_sentence(chosen.sentence).words
    return sentence_example(job_of(EXPLORE, chosen), words, chosen.labels) if words else None


def painted() -> None:
    """The browser has painted the stage: what stands below it may follow."""
    session().is_painted = True


def _ask() -> None:
    """The sentence, what can be done with it, and its labels"""
    with st.container(horizontal=True, vertical_alignment="bottom", key="ask"):
        st.text_input(
            prose("explore", "sentence_label"),
            key="sentence",
            help=prose("explore", "sentence"),
            on_change=widgets.new_sentence,
            live="400ms",
            persist_state="session",
        )
        is_empty = not parse_sentence(st.session_state["sentence"]).words
        update_buttons(EXPLORE, lambda: shown_example(widgets.current_choices()), is_empty)
    _label()


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


def _notices(unrolled: Unrolled, chosen: Choices, history: History) -> None:
    job, f1 = history.job, held_out_score(history, session().scores)
    held_out, baseline = len(job.task.data.held_out), task_baseline(job.name)
    loss = prose("updates", "loss", total=three_digits(unrolled.loss.total), n=len(history.losses))
    st.caption(f"{loss} {prose('explore', 'score', sentences=held_out, f1=f1, baseline=baseline)}")
    _notice()
    share.warn_link_too_long()
    if parse_sentence(chosen.sentence).is_cut:
        st.caption(prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS))


def _notice() -> None:
    if notice := session().notices.get(EXPLORE):
        st.warning(notice)


st.title(prose("explore", "title"), anchor=False)
st.caption(prose("explore", "intro"))
st.html(STILL)
session().is_opening = True
explore()
