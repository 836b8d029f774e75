"""Below the results: how good the network is, training it again, and bringing one's own data."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.evaluation import MEASURES
from core.training import BATCH, CLIP, LEARNING_RATE
from explorer.choices.session import session
from explorer.compute.jobs import Job, trained_version
from explorer.compute.long_work import SLICE
from explorer.compute.networks import JobNetwork, task_baseline
from explorer.figures import learning_curve
from explorer.formatting import three_digits
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.structures import callbacks, live_training, upload_panel
from explorer.views.structures.live_training import EpochResult, LiveTraining

EVERY = 0.3  # seconds: how often the browser asks for the next slice


def show(job: Job, network: JobNetwork) -> None:
    """Draw the score with the training on the left, and the reader's own data on the right."""
    training = live_training.training_of(trained_version(job, session().uploads.get(job.name)))
    left, right = st.columns(2)
    with right, st.container(border=True, height="stretch"):
        upload_panel.show(job)
    with left, st.container(border=True, height="stretch", key="school"):
        explanation = prose("structures", "train", rate=LEARNING_RATE, batch=BATCH, clip=CLIP)
        st.markdown(prose("structures", "train_title"), help=explanation)
        st.markdown(_score(job, network))
        _buttons(training, network.origin)
        st.fragment(_progress, run_every=EVERY if training.is_running else None)(training)


def _score(job: Job, network: JobNetwork) -> str:
    """The held-out score of the network before any update, beside the baseline; or why there is none"""
    if network.score is not None:
        numbers = {"examples": len(job.task.data.held_out), "score": network.score, "baseline": _baseline(job)}
        text = prose("structures", f"score_{job.name}", **numbers)
    elif network.origin == "trained here":
        text = prose("structures", f"no_held_out_{job.name}")
    else:
        text = prose("structures", "no_score")
    return f"{text} {prose('structures', 'trained_here')}" if network.origin == "trained here" else text


def _baseline(job: Job) -> float | None:
    """The score of the simple method on the same examples, if there are any"""
    return live_training.training_of(job).baseline if job.file else task_baseline(job.name)


def _buttons(training: LiveTraining, origin: str) -> None:
    """Train or continue, stop, and forget what was trained here"""
    job, epochs = training.job, max(training.job.experiment.epochs, 1)
    with st.container(horizontal=True):
        st.button(
            _train_label(training, epochs),
            key="train",
            type="primary",
            on_click=callbacks.train,
            args=(job, epochs),
            disabled=training.is_running,
        )
        st.button(
            prose("structures", "stop"),
            key="stop",
            on_click=callbacks.stop,
            args=(job,),
            disabled=not training.is_running,
        )
        if origin == "trained here" and not training.is_running:
            st.button(
                prose("structures", "forget"),
                key="forget",
                on_click=callbacks.back_to_stored,
                args=(job,),
                help=prose("structures", "forget_help"),
            )


def _train_label(training: LiveTraining, epochs: int) -> str:
    """What the button says: go on where it was stopped, or train so many epochs, perhaps after others"""
    if 0 < training.epoch < training.goal:
        return prose("structures", "train_continue")
    return prose("structures", "train_more" if training.epoch else "train_first", epochs=epochs)


def _progress(training: LiveTraining) -> None:
    """The part that draws itself anew before every slice of training, so that there is something to see meanwhile"""
    if training.goal:
        done = {"epoch": training.epoch, "goal": training.goal, "seconds": training.seconds}
        caption = prose("updates", "waiting") if training.is_waiting else prose("structures", "progress", **done)
        st.progress(training.epoch / training.goal, caption)
    results = [result for result in training.epochs if result.epoch]
    if results and training.is_running:
        _numbers(training.job, results)
    elif results:
        _curves(training.job, results)
    if training.is_running:
        training.advance(SLICE)
        if not training.is_running:
            callbacks.stop(training.job)
            st.rerun()  # the stage stands outside of this part, and so does its clock


def _numbers(job: Job, results: Sequence[EpochResult]) -> None:
    """Loss and score while it trains: the browser would make a figure anew after every slice, and it would flicker"""
    with st.container(horizontal=True):
        _metric(prose("structures", "training_loss"), [result.loss for result in results])
        if scores := [result.score for result in results if result.score is not None]:
            _metric(prose("structures", f"held_out_score_{job.name}"), scores)


def _metric(label: str, values: Sequence[float]) -> None:
    """The last value, with the finite ones before it as a small curve"""
    finite = [value for value in values if np.isfinite(value)]
    st.metric(label, three_digits(values[-1]), border=True, chart_data=finite)


def _curves(job: Job, results: Sequence[EpochResult]) -> None:
    """What this training has brought"""
    less_is_better = MEASURES[job.task.metric].less_is_better
    epochs, losses, scores = zip(*results, strict=True)
    numbers = (epochs, losses, scores, job.task.metric, _baseline(job), less_is_better)
    figure = learning_curve.figure(*numbers, palette())
    st.plotly_chart(figure, key="learning", config=NO_TOOLBAR, alt=learning_curve.sentence(*numbers))
