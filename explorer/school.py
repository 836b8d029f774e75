"""Below the results: how good the network is, training it again, and bringing one's own data."""

import pandas as pd
import streamlit as st

from core import scores
from core.formats import summary
from core.scores import MEASURES
from core.training import BATCH, LEARNING_RATE
from explorer import course, jobs, practice, theme
from explorer.course import Course
from explorer.figures import learning
from explorer.jobs import KINDS, Job, Network
from explorer.panels import QUIET
from explorer.words import words

SLICE = 0.3  # seconds of training between two looks at what the reader does
MOST_SHOWN = 500  # skipped lines
EVERY = 0.3  # seconds: how often the browser asks for the next slice


def score(job: Job, network: Network) -> str:
    """The held-out score of the network before updates, beside the baseline"""
    held_out = len(job.task.data.held_out)
    if network.score is None or not held_out:
        return ""
    measure = MEASURES[job.task.measure]
    told = words(
        "structures",
        "score",
        examples=held_out,
        measure=job.task.measure[0].upper() + job.task.measure[1:],
        score=network.score,
        simple=measure.simple,
        baseline=baseline(job),
        less=" Less is better." if measure.less_is_better else "",
    )
    return told + (" " + words("structures", "trained_here") if network.origin == "trained here" else "")


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
            with st.expander(
                f"The first {MOST_SHOWN} of the skipped lines"
                if len(mine.reading.skipped) > MOST_SHOWN
                else "The skipped lines"
            ):
                st.dataframe(
                    pd.DataFrame(mine.reading.skipped[:MOST_SHOWN], columns=["line", "reason"]), hide_index=True
                )
        st.button("Back to our data", key="discard", on_click=practice.discard)


def _summary(mine: jobs.Own) -> str:
    """What was read, in a sentence"""
    data, found = mine.task.data, summary(mine.reading)
    used, most = len(data.train) + len(data.held_out), list(found.answers.items())[:6]
    return words(
        "structures",
        "uploaded",
        file=theme.plain(theme.clip_word(mine.file, 60)),
        examples=found.examples,
        tokens=found.tokens,
        answers=len(found.answers),
        most=", ".join(f"{theme.plain(name)} ({n})" for name, n in most),
        train=len(data.train),
        held_out=len(data.held_out),
        sampled=f": a sample of {used}, none longer than {jobs.LONGEST} tokens" if used < found.examples else "",
        skipped=f"{found.skipped} lines were skipped." if found.skipped else "Nothing was skipped.",
    )
