"""Structures: how do the same cells judge a word, make music, judge a review, find names, translate?"""

from functools import partial

import streamlit as st

from core.data.example import Example
from core.data.vocabulary import tokenise
from explorer.choices import widgets
from explorer.components import stage, structure_cards
from explorer.components.stage_texts import StageTexts, of_classes
from explorer.compute import jobs, scenes
from explorer.compute.answers import read_inputs
from explorer.compute.job_networks import JobNetwork, job_network
from explorer.compute.jobs import MOST_WORDS, Job, upload_of
from explorer.compute.own_data import first_notes
from explorer.compute.scenes import Scene, run_exercise
from explorer.compute.updates import History, has_new_updates
from explorer.formatting import clip_word, escape_markdown, in_figures, plural, three_digits
from explorer.prose import prose
from explorer.views import share
from explorer.views.structures import lesson_callbacks, results_panel, training_panel


@st.fragment
def structures() -> None:
    chosen = widgets.current_choices()
    st.markdown(prose("structures", chosen.structure))
    job = jobs.job(chosen.structure, chosen.cell, chosen.attention, chosen.begin == "trained")
    network, kept = job_network(job), st.session_state.get("lesson")
    history = lesson_callbacks.history(job, network.params, chosen.practice, kept)
    asked, told = _halves(chosen.structure)
    with asked:
        _ask(job)
    chosen = widgets.current_choices()
    widgets.write_link(chosen)
    share.warn_link_too_long()
    inputs = read_inputs(job, chosen.input)
    if not inputs:
        st.info(prose("structures", "empty"))
        return
    with told:
        right = results_panel.correct_answer(job, inputs, chosen)
    exercise = scenes.exercise(job, history.params, inputs, right, chosen.teacher_forcing, chosen.way)
    now = run_exercise(job, history.params, exercise)
    with told:
        results_panel.audio_player(now)
    before = run_exercise(job, history.before, exercise) if history.clicks else None
    _buttons(now)
    step = min(chosen.at, len(now.look.words))
    last = None
    if before:
        last = stage.last_update(before.look, len(history.losses), has_new_updates(history, kept), columns(before))
    stage.show(now.look, step, last, lesson_callbacks.choose_step, columns=columns(now))
    with st.container():  # whatever is said here, what stands below keeps its place
        _notices(now, network, history)
    results_panel.show(now, chosen, step)
    training_panel.show(job, network)


def columns(now: Scene) -> StageTexts:
    """The texts of the stage"""
    task, ex, T = now.job.task, now.exercise, len(now.look.words)
    spell = partial(results_panel.written, now)
    first = [word in task.vocabulary for word in ex.inputs]
    told = _drawn(now) if now.job.name == "melody" and not ex.forced else {}
    return of_classes(
        now.look,
        [spell(word) for word in now.look.words],
        [spell(name) for name in task.classes],
        known=first + [True] * (T - len(first)),
        guessed=[ex.guessed] * T,
        unit="note" if now.job.name == "melody" else "word",
        fed="label" if ex.forced else "answer",
        **told,
    )


def _drawn(now: Scene) -> dict:
    """Of a melody the answer is the note that was drawn, be it the likeliest or not"""
    drawn = now.job.task.encode(Example(now.exercise.inputs, now.exercise.fed))[1]
    p = now.y_hat[now.due, drawn]
    said, sure = [results_panel.written(now, note) for note in now.exercise.fed], list(map(in_figures, p))
    return {"said": said, "chance": p, "sure": sure, "right": [None] * len(said)}


def _halves(structure: str):
    """What is read on the left; on the right what should be answered, or what is heard"""
    if structure == "entities":  # what is right is said word by word, in the table below
        return st.container(), st.container()
    return st.columns([3, 2], vertical_alignment="bottom" if structure == "melody" else "top")


def _ask(job: Job) -> None:
    """What is read"""
    label = prose("structures", f"input_{job.name}")
    if job.name == "melody":
        notes = first_notes(job.task)
        if st.session_state["input"] not in notes:
            st.session_state["input"] = notes[0]
        st.selectbox(label, sorted(notes, key=results_panel.height), key="input", on_change=lesson_callbacks.new_input,
                     format_func=lambda note: note.replace(":", " "), persist_state="session",
                     help=prose("structures", "key"))  # fmt: skip
        return
    used = (
        prose("structures", "input_one") if job.name == "word" else prose("structures", "input_many", most=MOST_WORDS)
    )
    told = prose("structures", "input_help", used=used)
    st.text_input(
        label, key="input", on_change=lesson_callbacks.new_input, help=told, live="400ms", persist_state="session"
    )


def _buttons(now: Scene) -> None:
    taken = bool(st.session_state["practice"])
    with st.container(horizontal=True, vertical_alignment="center", key="lesson"):
        st.button("Apply update", key="update", on_click=lesson_callbacks.update, args=(now.exercise, 1),
                  help=prose("structures", "update_help"))  # fmt: skip
        st.button("×10", key="update_10", on_click=lesson_callbacks.update, args=(now.exercise, 10), help="Ten updates")
        st.button(
            "Undo",
            key="update_undo",
            on_click=lesson_callbacks.undo,
            disabled=not taken,
            help="Take back the last press of Apply update or ×10",
        )
        st.button(
            "Reset",
            key="update_reset",
            on_click=lesson_callbacks.reset,
            disabled=not taken,
            help="Take back all updates",
        )
        results_panel.verdict(now)


def _notices(now: Scene, network: JobNetwork, history: History) -> None:
    """What the numbers on the stage are worth"""
    job, ex, taken = now.job, now.exercise, len(history.losses)
    told = [f"**ℒ = {three_digits(now.look.loss.total)}** after {plural(taken, 'update')}."]
    if ex.guessed:
        told.append(prose("structures", "guessed_melody" if job.name == "melody" else "guessed"))
    if job.task.writes and st.session_state["teacher_forcing"] and not ex.forced:
        told.append(prose("structures", f"unforced_{job.name}"))
    st.caption(" ".join(told))
    if job.name != "melody" and (typed := len(tokenise(st.session_state["input"]))) > len(ex.inputs):
        st.caption(prose("structures", "cut", read=len(ex.inputs), typed=typed))
    if network.origin == "untrained":
        st.info(prose("structures", "untrained" if job.experiment.epochs else "untrained_chosen"))
    if notice := st.session_state.get("lesson_notice"):
        st.warning(escape_markdown(notice))
    file = st.session_state["file"]
    if file and not upload_of(job.name):
        st.warning(prose("structures", "missing_file", file=escape_markdown(clip_word(file, 60))))


st.title("One cell, five structures", anchor=False)
structure_cards.show(
    st.session_state["structure"], lesson_callbacks.choose
)  # outside of the fragment: the sidebar changes with it
structures()
