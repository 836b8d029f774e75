"""Below the results: how good the network is, training it again, and bringing one's own data."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.scores import MEASURES
from core.training import BATCH, CLIP, LEARNING_RATE
from explorer import course, jobs, practice, state, theme
from explorer.course import Course, Mark
from explorer.figures import learning
from explorer.jobs import KINDS, Job, Network
from explorer.panels import QUIET
from explorer.words import many, words

SLICE = 0.3  # seconds of training between two looks at what the reader does
EVERY = 0.3  # seconds: how often the browser asks for the next slice


def score(job: Job, network: Network) -> str:
    """The held-out score of the network before updates, beside the baseline"""
    trained_here = " " + words("structures", "trained_here") if network.origin == "trained here" else ""
    if network.score is None:
        whole = COUNTED[job.name][0]
        told = words("structures", "no_held_out", whole=whole) if trained_here else words("structures", "no_score")
        return told + trained_here
    measure = MEASURES[job.task.measure]
    told = words(
        "structures",
        "score",
        examples=many(len(job.task.data.held_out), f"held-out {'word' if job.name == 'word' else 'example'}"),
        measure=job.task.measure[0].upper() + job.task.measure[1:],
        score=network.score,
        simple=measure.simple,
        baseline=baseline(job),
        less=" Lower is better." if measure.less_is_better else "",
    )
    return told + trained_here


def baseline(job: Job) -> float | None:
    return course.of(job).baseline if job.file else jobs.baseline(job.name)


def show(job: Job, network: Network) -> None:
    now = course.of(jobs.trainee(job))
    left, right = st.columns(2)
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Your own data**", help=_held_out(job))
        _upload(job)
    with left, st.container(border=True, height="stretch", key="school"):
        st.markdown("**Train it here**", help=words("structures", "train", rate=LEARNING_RATE, batch=BATCH, clip=CLIP))
        st.markdown(score(job, network))
        _buttons(now, network.origin)
        st.fragment(_progress, run_every=EVERY if now.is_running else None)(now)


def _buttons(now: Course, origin: str) -> None:
    job, epochs = now.job, max(now.job.experiment.epochs, 1)
    with st.container(horizontal=True):
        label = "Continue" if 0 < now.epoch < now.goal else f"Train {epochs} epochs" + (" more" if now.epoch else "")
        st.button(
            label, key="train", type="primary", on_click=practice.train, args=(job, epochs), disabled=now.is_running
        )
        st.button("Stop", key="stop", on_click=practice.stop, args=(job,), disabled=not now.is_running)
        if origin == "trained here" and not now.is_running:
            st.button("Forget this training", key="forget", on_click=practice.back_to_stored, args=(job,),
                      help="Back to the stored network, or to random weights; this cannot be undone")  # fmt: skip


def _progress(now: Course) -> None:
    """The part that draws itself anew before every slice of training, so that there is something to see meanwhile"""
    if now.goal:
        told = f"epoch {now.epoch} of {now.goal}, {now.seconds:.0f} s"
        st.progress(
            now.epoch / now.goal, "Two other sessions are training: waiting for a turn" if now.is_waiting else told
        )
    marks = [mark for mark in now.marks if mark.epoch]
    if marks and now.is_running:
        _numbers(now.job, marks)
    elif marks:
        _curves(now.job, marks)
    if now.is_running:
        now.advance(SLICE)
        if not now.is_running:
            practice.stop(now.job)
            st.rerun()  # the stage stands outside of this part, and so does its clock


def _numbers(job: Job, marks: Sequence[Mark]) -> None:
    """While it trains: a figure would be made anew by the browser after every slice, and flicker"""
    with st.container(horizontal=True):
        _metric("Loss per example, in training", [mark.loss for mark in marks])
        if job.task.data.held_out:
            _metric(f"Held-out {job.task.measure}", [mark.score for mark in marks])


def _metric(name: str, values: Sequence[float]) -> None:
    drawn = [value for value in values if np.isfinite(value)]
    st.metric(name, theme.short(values[-1]), border=True, chart_data=drawn)


def _curves(job: Job, marks: Sequence[Mark]) -> None:
    """What this training has brought"""
    less = MEASURES[job.task.measure].less_is_better
    epochs, losses, found = zip(*marks, strict=True)
    simple = baseline(job)
    told = learning.sentence(epochs, losses, found, job.task.measure, simple, less)
    fig = learning.figure(epochs, losses, found, job.task.measure, simple, less, state.palette())
    st.plotly_chart(fig, key="learning", config=QUIET, alt=told)


def _upload(job: Job) -> None:
    kind = KINDS[job.name]
    st.markdown(words("structures", "upload", format=kind.format) + " " + words("structures", f"format_{job.name}"))
    st.file_uploader("A file", type=list(kind.endings), key="dataset_upload", on_change=practice.upload,
                     label_visibility="collapsed", max_upload_size=5)  # fmt: skip
    if problem := st.session_state.get("file_notice"):
        st.warning(theme.plain(problem))
    if mine := jobs.own(job.name):
        note = " " + words("structures", "uploaded_word") if job.name == "word" else ""
        st.markdown(_summary(job, mine) + note)
        if mine.skipped:
            with st.expander("The skipped lines" if len(mine.skipped) == mine.found.skipped else "The first of them"):
                st.dataframe(pd.DataFrame(mine.skipped, columns=["line", "reason"]), hide_index=True)
        st.button("Back to the app's own data", key="discard", on_click=practice.discard)


COUNTED = {  # what a file of each structure holds, what one example is, and what the answers are
    "word": ("sentence", "word", "tag"),
    "melody": ("tune", "tune", "note"),
    "sentiment": ("review", "review", "label"),
    "entities": ("sentence", "sentence", "tag"),
    "translation": ("pair", "pair", "French word"),
}


def _held_out(job: Job) -> str:
    whole, example, _ = COUNTED[job.name]
    return words("structures", "upload_help", whole=whole, example=example, most=jobs.MOST_HELD_OUT)


def _summary(job: Job, mine: jobs.Own) -> str:
    """What was read, and what of it is used"""
    data, found = mine.task.data, mine.found
    written = sum(found.answers.values()) if job.task.writes else 0
    most = list(found.answers.items())[:6]
    whole, example, answer = COUNTED[job.name]
    return words(
        "structures",
        "uploaded",
        file=theme.plain(theme.clip_word(mine.file, 60)),
        examples=many(found.examples, whole),
        tokens=many(found.tokens + written, "token"),
        answers=many(len(found.answers), f"different {answer}"),
        most=", ".join(f"{theme.plain(name)} ({n:,})" for name, n in most),
        train=many(len(data.train), example),
        held_out=many(len(data.held_out), example),
        sampled=f" (both from {many(mine.used, whole)} of the file)" if mine.used < found.examples else "",
        skipped=found.skipped,
    )
