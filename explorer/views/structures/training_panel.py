"""Below the results: how good the network is, training it again, and bringing one's own data."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.evaluation import MEASURES
from core.training import BATCH, CLIP, LEARNING_RATE
from explorer.compute.job_networks import JobNetwork, task_baseline
from explorer.compute.jobs import KINDS, Job, Upload, trained_version, upload_of
from explorer.compute.own_data import MOST_HELD_OUT
from explorer.figures import learning_curve
from explorer.formatting import clip_word, escape_markdown, plural, three_digits
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.structures import lesson_callbacks, live_training
from explorer.views.structures.live_training import EpochResult, LiveTraining

SLICE = 0.3  # seconds of training between two looks at what the reader does
EVERY = 0.3  # seconds: how often the browser asks for the next slice


def score(job: Job, network: JobNetwork) -> str:
    """The held-out score of the network before updates, beside the baseline"""
    trained_here = " " + prose("structures", "trained_here") if network.origin == "trained here" else ""
    if network.score is None:
        whole = COUNTED[job.name][0]
        told = prose("structures", "no_held_out", whole=whole) if trained_here else prose("structures", "no_score")
        return told + trained_here
    measure = MEASURES[job.task.measure]
    told = prose(
        "structures",
        "score",
        examples=plural(len(job.task.data.held_out), f"held-out {'word' if job.name == 'word' else 'example'}"),
        measure=job.task.measure[0].upper() + job.task.measure[1:],
        score=network.score,
        simple=measure.simple,
        baseline=baseline(job),
        less=" Lower is better." if measure.less_is_better else "",
    )
    return told + trained_here


def baseline(job: Job) -> float | None:
    return live_training.training_of(job).baseline if job.file else task_baseline(job.name)


def show(job: Job, network: JobNetwork) -> None:
    now = live_training.training_of(trained_version(job))
    left, right = st.columns(2)
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Your own data**", help=_held_out(job))
        _upload(job)
    with left, st.container(border=True, height="stretch", key="school"):
        st.markdown("**Train it here**", help=prose("structures", "train", rate=LEARNING_RATE, batch=BATCH, clip=CLIP))
        st.markdown(score(job, network))
        _buttons(now, network.origin)
        st.fragment(_progress, run_every=EVERY if now.is_running else None)(now)


def _buttons(now: LiveTraining, origin: str) -> None:
    job, epochs = now.job, max(now.job.experiment.epochs, 1)
    with st.container(horizontal=True):
        label = "Continue" if 0 < now.epoch < now.goal else f"Train {epochs} epochs" + (" more" if now.epoch else "")
        st.button(
            label,
            key="train",
            type="primary",
            on_click=lesson_callbacks.train,
            args=(job, epochs),
            disabled=now.is_running,
        )
        st.button("Stop", key="stop", on_click=lesson_callbacks.stop, args=(job,), disabled=not now.is_running)
        if origin == "trained here" and not now.is_running:
            st.button("Forget this training", key="forget", on_click=lesson_callbacks.back_to_stored, args=(job,),
                      help="Back to the stored network, or to random weights; this cannot be undone")  # fmt: skip


def _progress(now: LiveTraining) -> None:
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
            lesson_callbacks.stop(now.job)
            st.rerun()  # the stage stands outside of this part, and so does its clock


def _numbers(job: Job, marks: Sequence[EpochResult]) -> None:
    """While it trains: a figure would be made anew by the browser after every slice, and flicker"""
    with st.container(horizontal=True):
        _metric("Loss per example, in training", [mark.loss for mark in marks])
        if job.task.data.held_out:
            _metric(f"Held-out {job.task.measure}", [mark.score for mark in marks])


def _metric(name: str, values: Sequence[float]) -> None:
    drawn = [value for value in values if np.isfinite(value)]
    st.metric(name, three_digits(values[-1]), border=True, chart_data=drawn)


def _curves(job: Job, marks: Sequence[EpochResult]) -> None:
    """What this training has brought"""
    less = MEASURES[job.task.measure].less_is_better
    epochs, losses, found = zip(*marks, strict=True)
    simple = baseline(job)
    told = learning_curve.sentence(epochs, losses, found, job.task.measure, simple, less)
    fig = learning_curve.figure(epochs, losses, found, job.task.measure, simple, less, palette())
    st.plotly_chart(fig, key="learning", config=NO_TOOLBAR, alt=told)


def _upload(job: Job) -> None:
    kind = KINDS[job.name]
    st.markdown(prose("structures", "upload", format=kind.format) + " " + prose("structures", f"format_{job.name}"))
    st.file_uploader("A file", type=list(kind.endings), key="dataset_upload", on_change=lesson_callbacks.upload,
                     label_visibility="collapsed", max_upload_size=5)  # fmt: skip
    if problem := st.session_state.get("file_notice"):
        st.warning(escape_markdown(problem))
    if mine := upload_of(job.name):
        note = " " + prose("structures", "uploaded_word") if job.name == "word" else ""
        st.markdown(_summary(job, mine) + note)
        if mine.skipped:
            with st.expander("The skipped lines" if len(mine.skipped) == mine.found.skipped else "The first of them"):
                st.dataframe(pd.DataFrame(mine.skipped, columns=["line", "reason"]), hide_index=True)
        st.button("Back to the app's own data", key="discard", on_click=lesson_callbacks.discard)


COUNTED = {  # what a file of each structure holds, what one example is, and what the answers are
    "word": ("sentence", "word", "tag"),
    "melody": ("tune", "tune", "note"),
    "sentiment": ("review", "review", "label"),
    "entities": ("sentence", "sentence", "tag"),
    "translation": ("pair", "pair", "French word"),
}


def _held_out(job: Job) -> str:
    whole, example, _ = COUNTED[job.name]
    return prose("structures", "upload_help", whole=whole, example=example, most=MOST_HELD_OUT)


def _summary(job: Job, mine: Upload) -> str:
    """What was read, and what of it is used"""
    data, found = mine.task.data, mine.found
    written = sum(found.answers.values()) if job.task.writes else 0
    most = list(found.answers.items())[:6]
    whole, example, answer = COUNTED[job.name]
    return prose(
        "structures",
        "uploaded",
        file=escape_markdown(clip_word(mine.file, 60)),
        examples=plural(found.examples, whole),
        tokens=plural(found.tokens + written, "token"),
        answers=plural(len(found.answers), f"different {answer}"),
        most=", ".join(f"{escape_markdown(name)} ({n:,})" for name, n in most),
        train=plural(len(data.train), example),
        held_out=plural(len(data.held_out), example),
        sampled=f" (both from {plural(mine.used, whole)} of the file)" if mine.used < found.examples else "",
        skipped=found.skipped,
    )
