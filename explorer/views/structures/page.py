"""Structures: how do the same cells judge a word, make music, judge a review, find names, translate?"""

from dataclasses import replace
from functools import partial
from statistics import median

import streamlit as st

from explorer.choices import widgets
from explorer.choices.record import BESIDE, CHOICES
from explorer.choices.session import STRUCTURES, job_of, network_of, session
from explorer.components import machine, result, stage, structure_cards, transport
from explorer.compute.answers import example_of, first_notes, read_inputs, words_of
from explorer.compute.jobs import Job
from explorer.compute.networks import JobNetwork
from explorer.compute.unrolled import Unrolled
from explorer.compute.updates import History, Update, example_at, has_new_updates, unrolled_at
from explorer.formatting import clip_word, escape_markdown, three_digits, told_apart, unbroken
from explorer.prose import prose
from explorer.views import messages, share
from explorer.views.common import choose_step
from explorer.views.panels.below_stage import below_stage
from explorer.views.structures import callbacks, epochs_panel, results_panel, training_panel, verdict
from explorer.views.structures.correct_answer import correct_answer
from explorer.views.update_and_undo import (
    has_arrived,
    history_before,
    history_of,
    tell_notice,
    update_buttons,
    without_stage,
)

SHORT_REVIEW = 2  # words


@st.fragment
def structures() -> None:
    memory = session()
    is_typing, memory.is_typing = memory.is_typing, False
    callbacks.take_reading()
    if memory.file is not None or memory.is_stale:
        memory.is_stale = False
        st.rerun()  # only a run of the whole app can set the widgets, and end what asks for a part again and again
    chosen = widgets.current_choices()
    with st.container(key="said"):
        st.markdown(prose("structures", chosen.structure))
    job = job_of(STRUCTURES, chosen)
    _follow(job)
    network = network_of(job)
    history, arrived = history_of(STRUCTURES, job, network.params)
    left, right = _halves(job.exhibit)
    with left:
        _ask(job)
    chosen = replace(chosen, input=st.session_state["input"])
    inputs = read_inputs(job, chosen.input)
    if not inputs:
        widgets.write_link(chosen)  # nothing is no part of what is being typed
        share.warn_link_too_long()
        without_stage(STRUCTURES, prose("structures", "empty"))
        with st.container(border=True):
            share.panel(None)
        widgets.arrive()
        return
    with right:
        answer = correct_answer(job, inputs, chosen)
    example = example_of(job, history.params, inputs, answer, chosen.teacher_forcing, chosen.way)
    unrolled = unrolled_at(history, history.params, example)
    whose = widgets.settle_whose(STRUCTURES, unrolled)
    chosen = widgets.current_choices()
    widgets.write_link(chosen, is_typing)
    share.warn_link_too_long()
    with right:
        verdict.audio_player(unrolled)
    before = unrolled_at(history, history.before, example) if history.updates else None
    step = min(chosen.at, len(unrolled.words))
    last = stage.last_update(before, unrolled, history, has_new_updates(history, arrived)) if before else None
    earlier = history_before(STRUCTURES, history, example)
    then = earlier and example_at(earlier, example, before or unrolled)
    machine.show(
        unrolled,
        step,
        last,
        partial(choose_step, STRUCTURES),
        result=result.result_data(unrolled, then, history, earlier),
        phase=chosen.phase,
        whose=whose,
        beside=chosen.beside,
        sound=verdict.onsets(unrolled),
        held=messages.held(before),
        acts=messages.acts(STRUCTURES, lambda _: example),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="loop"):
        transport.show()
        with st.container(horizontal=True, key="updates"):
            update_buttons(STRUCTURES, lambda _: example)
    with st.container(horizontal=True, vertical_alignment="center", key="strip"):
        result.show()
        with st.container(horizontal=True, vertical_alignment="center", key="score"):
            verdict.show(unrolled, at_large=chosen.beside == "answer")
            st.segmented_control(
                prose("structures", "beside"),
                BESIDE,
                key="beside",
                format_func=lambda option: prose("structures", f"beside_{option}"),
                required=True,
                label_visibility="collapsed",
                persist_state="session",
            )
    with st.container():  # whatever is said here, what stands below keeps its place in the browser
        _notices(unrolled, network)
        _rewritten(unrolled, history)
        epochs_panel.show(unrolled, answer, chosen)
    with st.container():
        results_panel.show(unrolled, chosen, step)
    below_stage(STRUCTURES, unrolled, before, history, chosen, step)
    has_arrived(STRUCTURES)


def school() -> None:
    """What trains the network, and the reader's own data: no update of the network on the stage changes it"""
    job = job_of(STRUCTURES, widgets.current_choices())
    training_panel.show(job, network_of(job))


def _follow(job: Job) -> None:
    """What a link says of the training is what is shown"""
    state, memory = st.session_state, session()
    if job.epoch is not None:
        training = memory.trainings.entries[job.network]
        if state["epoch"] != job.epoch:  # what is written anew takes back a key that was pressed meanwhile
            state["epoch"] = job.epoch
        state["trained"] = training.epoch
        if job.file and not training.asked:
            state["batches"] = training.goal * training.batches_an_epoch
    elif state["trained"] and not memory.awaits_epoch:
        state["epoch"], state["trained"], state["batches"] = CHOICES["epoch"].default, 0, 0


def _halves(exhibit: str):
    """What is read on the left; on the right what should be answered, or what is heard"""
    if exhibit == "tags":  # what is right is said word by word, in the table below
        return st.container(), st.container()
    return st.columns([3, 2], vertical_alignment="bottom" if exhibit == "melody" else "center")


def _ask(job: Job) -> None:
    """What is read"""
    label = prose("structures", f"input_{job.name}")
    if job.exhibit == "melody":
        notes = first_notes(job.task)
        if st.session_state["input"] not in notes:
            st.session_state["input"] = notes[0]
        st.selectbox(
            label,
            sorted(notes, key=results_panel.pitch_and_length),
            key="input",
            on_change=callbacks.new_input,
            format_func=lambda note: note.replace(":", " "),
            persist_state="session",
            help=prose("structures", "key"),
        )
        return
    many = prose("structures", "input_help_many", most=job.most_words)
    used = prose("structures", "input_help_one") if job.exhibit == "word" else many
    st.text_input(label, key="input", on_change=callbacks.type_input, help=used, live="400ms", persist_state="session")


def _notices(unrolled: Unrolled, network: JobNetwork) -> None:
    """What the numbers on the stage are worth"""
    job, example, memory = unrolled.job, unrolled.example, session()
    told = []
    if example.label_is_guess:
        told.append(prose("structures", "guessed_melody" if job.exhibit == "melody" else "guessed"))
    if missing := unrolled.never_reached:
        words = escape_markdown(" ".join(missing))
        told.append(prose("structures", "never_reached", n=len(missing), words=words))
    if job.task.is_generative and st.session_state["teacher_forcing"] and not example.teacher_forced:
        told.append(prose("structures", f"unforced_{job.name}"))
    if told:
        st.caption(" ".join(told))
    if job.exhibit != "melody" and (typed := len(words_of(job, st.session_state["input"]))) > len(example.inputs):
        st.caption(prose("structures", "cut", read=len(example.inputs), typed=typed))
    if job.exhibit == "review" and network.origin != "untrained" and len(example.inputs) <= SHORT_REVIEW:
        st.caption(_short_review(job, len(example.inputs)))
    if network.origin == "untrained":
        st.info(prose("structures", _why_untrained(job)))
    if callbacks.awaits_epoch(job) and job.epoch is None:
        st.info(prose("structures", "awaits_epoch", epoch=st.session_state["epoch"]))
    tell_notice(STRUCTURES)
    file = st.session_state["file"]
    if file and job.name not in memory.uploads:
        st.warning(prose("structures", "missing_file", file=escape_markdown(clip_word(file, 60))))


def _why_untrained(job: Job) -> str:
    """Of the weights on the stage: they are shown until the first training ends"""
    if (training := session().trainings.get(job.network)) and training.is_running:
        return "untrained_yet"
    return "untrained" if job.experiment.epochs else "untrained_chosen"


def _short_review(job: Job, words: int) -> str:
    """What so few words can tell of a network that learned from whole reviews"""
    lengths = [len(example.inputs) for example in job.task.data.train]
    few = sum(length <= words for length in lengths)
    return prose("structures", "short_review", words=words, n=len(lengths), few=few, median=int(median(lengths)))


def _rewritten(unrolled: Unrolled, history: History) -> None:
    """After an update that made the network write something else: what it did to what it learned from"""
    last = history.updates[-1] if history.updates else None
    if not isinstance(last, Update) or not (n := unrolled.example.rewritten(last.example)):
        return
    losses = [unrolled_at(history, w, last.example).loss.total for w in (history.before, history.params)]
    was, now = told_apart(list(map(three_digits, losses)), losses)
    st.caption(unbroken(prose("structures", "rewritten", n=n, before=was, now=now)))


with st.container(key="unseen"):
    st.title(prose("structures", "title"), anchor=False)
# outside of the fragment: the settings changes with it
structure_cards.show(st.session_state["structure"], callbacks.choose_structure)
structures()
school()
