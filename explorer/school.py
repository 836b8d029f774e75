"""Below the results: how good the network is, training it again, and bringing one's own data."""

from collections import Counter

import pandas as pd
import streamlit as st

from core import scores
from core.scores import MEASURES
from core.training import BATCH, LEARNING_RATE
from explorer import course, jobs, practice, theme
from explorer.course import Course
from explorer.figures import learning
from explorer.jobs import KINDS, Job
from explorer.panels import QUIET
from explorer.words import words

SLICE = 0.3  # seconds of training between two looks at what the reader does
EVERY = 0.3  # seconds: how often the browser asks for the next slice


def score(job: Job, origin: str) -> str:
    """The held-out score of the network before updates, beside the baseline"""
    measure = MEASURES[job.task.measure]
    held_out = len(job.task.data.held_out)
    if origin == "untrained" or not held_out:
        return ""
    found = course.of(job).marks[-1].score if origin == "trained here" else jobs.score(job.experiment)
    told = words("structures", "score", examples=held_out, measure=job.task.measure, score=found, simple=measure.simple,
                 baseline=baseline(job), less=" Less is better." if measure.less_is_better else "")  # fmt: skip
    return told + (" " + words("structures", "trained_here") if origin == "trained here" else "")


def baseline(job: Job) -> float:
    return scores.baseline(job.task) if job.file else jobs.baseline(job.name)


def show(job: Job, origin: str) -> None:
    now = course.of(job)
    left, right = st.columns([11, 10])
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Train it here**")
        st.caption(words("structures", "train", rate=LEARNING_RATE, batch=BATCH))
        _buttons(now, origin)
        st.fragment(_progress, run_every=EVERY if now.is_running else None)(now)
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Your own data**")
        _upload(job)


def _buttons(now: Course, origin: str) -> None:
    job, epochs = now.job, max(now.job.experiment.epochs, 1)
    with st.container(horizontal=True):
        label = "Continue" if 0 < now.epoch < now.goal else f"Train {epochs} epochs" + (" more" if now.epoch else "")
        st.button(
            label, key="train", type="primary", on_click=practice.train, args=(job, epochs), disabled=now.is_running
        )
        st.button("Stop", key="stop", on_click=practice.stop, args=(job,), disabled=not now.is_running)
        if origin == "trained here" and not now.is_running:
            st.button("Forget this training", key="forget", on_click=practice.back_to_stored, args=(job,))


def _progress(now: Course) -> None:
    """The part that draws itself anew after every slice of training"""
    was_running = now.is_running
    if was_running:
        now.advance(SLICE)
    if now.goal:
        told = f"epoch {now.epoch} of {now.goal}, {now.seconds:.0f} s"
        st.progress(
            now.epoch / now.goal, "Two other sessions are training: waiting for a turn" if now.is_waiting else told
        )
    marks = [mark for mark in now.marks if mark.epoch]
    if marks:
        job = now.job
        less = MEASURES[job.task.measure].less_is_better
        epochs, losses, found = zip(*marks, strict=True)
        simple = baseline(job) if job.task.data.held_out else None
        told = learning.sentence(epochs, losses, found, job.task.measure, simple, less)
        fig = learning.figure(epochs, losses, found, job.task.measure, simple, less, theme.palette())
        st.plotly_chart(fig, key="learning", config=QUIET, alt=told)
    if was_running and not now.is_running:
        practice.stop(now.job)
        st.rerun()  # the stage stands outside of this part, and so does its clock


def _upload(job: Job) -> None:
    kind = KINDS[job.name]
    st.caption(words("structures", "upload", format=kind.format))
    st.file_uploader("A file", type=list(kind.endings), key="dataset_upload", on_change=practice.upload,
                     label_visibility="collapsed", max_upload_size=5)  # fmt: skip
    if mine := jobs.own(job.name):
        st.markdown(_summary(mine))
        if mine.reading.skipped:
            with st.expander(f"{len(mine.reading.skipped)} lines were skipped"):
                st.dataframe(pd.DataFrame(mine.reading.skipped[:500], columns=["line", "reason"]), hide_index=True)
        st.button("Back to our data", key="discard", on_click=practice.discard)


def _summary(mine: jobs.Own) -> str:
    data, reading = mine.task.data, mine.reading
    used = len(data.train) + len(data.held_out)
    answers = Counter(answer for e in reading.examples for answer in e.answers)
    tokens = sum(len(e.inputs) for e in reading.examples)
    most = ", ".join(f"{theme.plain(name)} ({n})" for name, n in answers.most_common(6))
    sampled = f" (a sample of {used} of {len(reading.examples)})" if used < len(reading.examples) else ""
    skipped = f"{len(reading.skipped)} lines were skipped." if reading.skipped else "Nothing was skipped."
    return words("structures", "uploaded", file=theme.plain(theme.clip_word(mine.file, 60)), sampled=sampled,
                 examples=len(reading.examples), tokens=tokens, classes=f"{len(answers)} different answers: {most}",
                 train=len(data.train), held_out=len(data.held_out), skipped=skipped)  # fmt: skip
