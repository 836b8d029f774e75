"""Explore: what happens to one sentence, forward and backward, and what does an update change?"""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from explorer.choices import widgets
from explorer.choices.record import Choices
from explorer.choices.session import EXPLORE, job_of, session
from explorer.components import machine, result, transport
from explorer.components.stage import last_update
from explorer.compute import replays
from explorer.compute.networks import job_network, task_baseline
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS, parse_sentence
from explorer.compute.unrolled import Example, sentence_example
from explorer.compute.updates import History, example_at, has_new_updates, held_out_score, unrolled_at
from explorer.navigation import page_button
from explorer.prose import prose
from explorer.views import messages, progress_bar, share
from explorer.views.common import choose_step, leave
from explorer.views.explore import examples
from explorer.views.panels.below_stage import below_stage
from explorer.views.update_and_undo import (
    has_arrived,
    history_before,
    history_of,
    tell_notice,
    update_buttons,
    without_stage,
)

ELSEWHERE = {  # what is explained on another page, and where
    "inputs": ("inputs", ".st-key-onehot"),
    "step": ("notes", "#cell"),
    "loss": ("notes", "#loss"),
    "backward": ("notes", "#bptt"),
    "fading": ("gradients", "why"),
}
# Streamlit fades what waits for its new state. Fifty fades cost the browser more time than the stage's new numbers.
STILL = "<style>[data-stale='true'] { opacity: 1 !important; transition: none !important; }</style>"


@st.fragment
def explore() -> None:
    """With the whole page it goes from the top. After a click in here the stage goes first: it is what the reader waits
    for, and whatever came before it would cost the browser a round of its own. In a new session all that stands below
    the loop waits until the browser has painted the stage."""
    memory = session()
    if memory.file is not None:
        st.rerun()  # a session file was opened, and only a run of the whole app can set the widgets
    is_typing, memory.is_typing = memory.is_typing, False
    above = st.container(horizontal=True, vertical_alignment="center", key="ask")
    said, is_opening, memory.is_opening = st.container(key="said"), memory.is_opening, False
    if is_opening:
        _ask(above)
    chosen, is_painted = widgets.current_choices(), memory.is_painted
    example = shown_example(chosen)
    if not example:
        if not is_opening:
            _ask(above)
        _empty(said)
        return
    job = job_of(EXPLORE, chosen)
    with progress_bar.bar("training") as show:
        network = job_network(job, memory.opened, progress_bar.training(job.experiment, show))
    history, arrived = history_of(EXPLORE, job, network.params)
    unrolled = unrolled_at(history, history.params, example)
    before = unrolled_at(history, history.before, example) if history.updates else None
    last = last_update(before, unrolled, history, has_new_updates(history, arrived)) if before else None
    earlier = history_before(EXPLORE, history, example)
    then = earlier and example_at(earlier, example, before or unrolled)
    whose = widgets.settle_whose(EXPLORE, unrolled)
    machine.show(
        unrolled,
        chosen.step,
        last,
        partial(choose_step, EXPLORE),
        result=result.result_data(unrolled, then, history, earlier),
        phase=chosen.phase,
        whose=whose,
        on_painted=None if is_painted else painted,
        held=messages.held(before),
        acts=messages.acts(EXPLORE, shown_example),
    )
    score = _loop(earlier, history)
    said.markdown(examples.comment(unrolled, chosen.sentence))
    if not is_opening:
        _ask(above)
    settled = replace(chosen, whose=whose, updates=history.updates)
    widgets.write_link(settled, is_typing)
    if is_painted:
        _notices(chosen)
        below_stage(EXPLORE, unrolled, before, history, settled, chosen.step)
        _elsewhere()
        _score(score, earlier, history)
    has_arrived(EXPLORE)


def shown_example(chosen: Choices) -> Example | None:
    """The sentence with its labels; None where there is no word"""
    words = parse_sentence(chosen.sentence).words
    return sentence_example(job_of(EXPLORE, chosen), words, chosen.labels) if words else None


def painted() -> None:
    """The browser has painted the stage: what stands below it may follow."""
    session().is_painted = True


def _ask(place: Any) -> None:
    """The sentence, and others to choose from"""
    with place:
        st.text_input(
            prose("explore", "sentence_label"),
            key="sentence",
            on_change=widgets.type_sentence,
            live="400ms",
            label_visibility="collapsed",
            persist_state="session",
        )
        with st.container(horizontal=True, key="examples"):
            examples.buttons()


def _loop(earlier: History | None, history: History) -> Any:
    """The row of the loop, and under it the result strip; gives the place of the held-out score"""
    with st.container(horizontal=True, vertical_alignment="center", key="loop"):
        transport.show()
        with st.container(horizontal=True, key="updates"):
            update_buttons(EXPLORE, shown_example)
    with st.container(horizontal=True, vertical_alignment="center", key="strip"):
        result.show()
        with st.container(key="score"):
            place = st.empty()
    _score(place, earlier, history, is_known=True)
    return place


def _score(place: Any, earlier: History | None, history: History, is_known: bool = False) -> None:
    """How well these weights find names in sentences that training never used, and how well those before them did.

    is_known: say what is known already, and compute nothing.
    """
    scores, job = replays.scores(), history.job
    known = [
        one and (scores.get((one.job, one.updates)) if is_known else held_out_score(one, scores))
        for one in (earlier, history)
    ]
    numbers = {key: f1 for key, f1 in zip(("before", "f1"), known, strict=True) if f1 is not None}
    changed, waits = "_changed" if "before" in numbers else "", "" if "f1" in numbers else "_waits"
    help_text = prose("result", "score_help", sentences=len(job.task.data.held_out), baseline=task_baseline(job.name))
    place.caption(prose("result", f"score{changed}{waits}", **numbers), help=help_text)


def _notices(chosen: Choices) -> None:
    tell_notice(EXPLORE)
    share.warn_link_too_long()
    if parse_sentence(chosen.sentence).is_cut:
        st.caption(prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS))


def _empty(said: Any) -> None:
    """There is no word to read. That is no part of a sentence that is being typed, so the address says it at once: what
    is seen is what the link shows."""
    said.markdown(prose("explore", "task"))
    without_stage(EXPLORE, prose("explore", "empty"))
    widgets.write_link(widgets.current_choices())
    tell_notice(EXPLORE)
    share.warn_link_too_long()
    with st.container(border=True):
        share.panel(None)
    widgets.arrive()


def _elsewhere() -> None:
    """Where the parts of this page are explained"""
    with st.container(horizontal=True, key="elsewhere"):
        for name, (page, place) in ELSEWHERE.items():
            page_button(page, prose("explore", f"see_{name}"), f"see_{name}", partial(leave, place))


with st.container(key="unseen"):
    st.title(prose("explore", "title"), anchor=False)
st.html(STILL)
session().is_opening = True
explore()
