"""Structures: how do the same cells judge a word, make music, judge a review, find names, translate?"""

from functools import partial

import streamlit as st

from core.examples import Example
from core.vocabulary import tokenise
from explorer import jobs, keep, lab, practice, results, school, selector, stage, state, theme
from explorer.columns import Columns, in_figures, of_classes
from explorer.jobs import Job, Network, Scene
from explorer.words import many, words


@st.fragment
def structures() -> None:
    chosen = state.choices()
    st.markdown(words("structures", chosen.structure))
    job = jobs.job(chosen.structure, chosen.cell, chosen.attention, chosen.begin == "trained")
    network, kept = jobs.network(job), st.session_state.get("lesson")
    history = practice.history(job, network.params, chosen.practice, kept)
    asked, told = _halves(chosen.structure)
    with asked:
        _ask(job)
    chosen = state.choices()
    state.write_link(chosen)
    keep.tell_length()
    inputs = jobs.read(job, chosen.input)
    if not inputs:
        st.info(words("structures", "empty"))
        return
    with told:
        right = results.right(job, inputs, chosen)
    exercise = jobs.exercise(job, history.params, inputs, right, chosen.teacher_forcing, chosen.way)
    now = jobs.run(job, history.params, exercise)
    with told:
        results.listen(now)
    before = jobs.run(job, history.before, exercise) if history.clicks else None
    _buttons(now)
    step = min(chosen.at, len(now.look.words))
    last = None
    if before:
        last = stage.last_update(before.look, len(history.losses), lab.goes_further(history, kept), columns(before))
    stage.show(now.look, step, last, practice.choose_step, columns=columns(now))
    with st.container():  # whatever is said here, what stands below keeps its place
        _notices(now, network, history)
    results.show(now, chosen, step)
    school.show(job, network)


def columns(now: Scene) -> Columns:
    """The texts of the stage"""
    task, ex, T = now.job.task, now.exercise, len(now.look.words)
    spell = partial(results.written, now)
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
    said, sure = [results.written(now, note) for note in now.exercise.fed], list(map(in_figures, p))
    return {"said": said, "chance": p, "sure": sure, "right": [None] * len(said)}


def _halves(structure: str):
    """What is read on the left; on the right what should be answered, or what is heard"""
    if structure == "entities":  # what is right is said word by word, in the table below
        return st.container(), st.container()
    return st.columns([3, 2], vertical_alignment="bottom" if structure == "melody" else "top")


def _ask(job: Job) -> None:
    """What is read"""
    label = words("structures", f"input_{job.name}")
    if job.name == "melody":
        notes = jobs.first_notes(job.task)
        if st.session_state["input"] not in notes:
            st.session_state["input"] = notes[0]
        st.selectbox(label, sorted(notes, key=results.height), key="input", on_change=practice.new_input,
                     format_func=lambda note: note.replace(":", " "), persist_state="session",
                     help=words("structures", "key"))  # fmt: skip
        return
    used = (
        words("structures", "input_one")
        if job.name == "word"
        else words("structures", "input_many", most=jobs.MOST_WORDS)
    )
    told = words("structures", "input_help", used=used)
    st.text_input(label, key="input", on_change=practice.new_input, help=told, live="400ms", persist_state="session")


def _buttons(now: Scene) -> None:
    taken = bool(st.session_state["practice"])
    with st.container(horizontal=True, vertical_alignment="center", key="lesson"):
        st.button("Apply update", key="update", on_click=practice.update, args=(now.exercise, 1),
                  help=words("structures", "update_help"))  # fmt: skip
        st.button("×10", key="update_10", on_click=practice.update, args=(now.exercise, 10), help="Ten updates")
        st.button(
            "Undo",
            key="update_undo",
            on_click=practice.undo,
            disabled=not taken,
            help="Take back the last press of Apply update or ×10",
        )
        st.button(
            "Reset", key="update_reset", on_click=practice.reset, disabled=not taken, help="Take back all updates"
        )
        results.verdict(now)


def _notices(now: Scene, network: Network, history: lab.History) -> None:
    """What the numbers on the stage are worth"""
    job, ex, taken = now.job, now.exercise, len(history.losses)
    told = [f"**ℒ = {theme.short(now.look.loss.total)}** after {many(taken, 'update')}."]
    if ex.guessed:
        told.append(words("structures", "guessed_melody" if job.name == "melody" else "guessed"))
    if job.task.writes and st.session_state["teacher_forcing"] and not ex.forced:
        told.append(words("structures", f"unforced_{job.name}"))
    st.caption(" ".join(told))
    if job.name != "melody" and (typed := len(tokenise(st.session_state["input"]))) > len(ex.inputs):
        st.caption(words("structures", "cut", read=len(ex.inputs), typed=typed))
    if network.origin == "untrained":
        st.info(words("structures", "untrained" if job.experiment.epochs else "untrained_chosen"))
    if notice := st.session_state.get("lesson_notice"):
        st.warning(theme.plain(notice))
    file = st.session_state["file"]
    if file and not jobs.own(job.name):
        st.warning(words("structures", "missing_file", file=theme.plain(theme.clip_word(file, 60))))


st.title("One cell, five structures", anchor=False)
selector.show(st.session_state["structure"], practice.choose)  # outside of the fragment: the sidebar changes with it
structures()
