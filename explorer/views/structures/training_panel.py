"""Below the results: how good the network is, training it again, and bringing one's own data."""

import io
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core import parameters
from core.evaluation import MEASURES
from core.training import BATCH, CLIP, LEARNING_RATE
from explorer.choices.record import BUDGETS
from explorer.choices.session import session, training_of
from explorer.compute.jobs import Job, trained_version
from explorer.compute.live_training import MOST_BYTES_OF_SESSION, MOST_EPOCHS, EpochResult, LiveTraining, keep_within
from explorer.compute.long_work import SLICE
from explorer.compute.networks import JobNetwork, task_baseline
from explorer.compute.updates import held_out_score, initial_history
from explorer.figures import learning_curve
from explorer.formatting import clip_word, escape_markdown, three_digits
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.structures import callbacks, upload_panel

MEASURE_HELP = {"accuracy": "measure_accuracy", "perplexity": "measure_perplexity", "BLEU-4": "measure_bleu"}
FEW = 10  # examples: fewer choose an epoch by chance
EVERY = 0.3  # seconds: how often the browser asks for the next slice


def show(job: Job, network: JobNetwork) -> None:
    """Draw the score with the training on the left, and the reader's own data on the right."""
    training = training_of(trained_version(job, session().uploads.get(job.name)))
    left, right = st.columns(2)
    with right, st.container(border=True, height="stretch"):
        upload_panel.show(job)
    with left, st.container(border=True, height="stretch", key="school"):
        explanation = prose("structures", "train", rate=LEARNING_RATE, batch=BATCH, clip=CLIP)
        st.markdown(prose("structures", "train_title"), help=explanation)
        st.markdown(_origin(job, network, training))
        st.markdown(_score(job, network), help=_measure(job.task.metric))
        _buttons(training, network.origin)
        _limits(training)
        st.segmented_control(
            prose("structures", "keep_label"),
            ("best", "last"),
            key="keep",
            format_func=lambda keep: prose("structures", f"keep_{keep}"),
            help=prose("structures", "keep"),
            required=True,
            persist_state="session",
            on_change=callbacks.choose_kept,
            args=(training.job,),
        )
        st.fragment(_progress, run_every=EVERY if training.is_running else None)(training)
        _weights(job, network, training)


def _score(job: Job, network: JobNetwork) -> str:
    """The held-out score of the network before any update, beside the baseline; or why there is none"""
    if network.origin == "untrained":
        return prose("structures", "no_score")
    if not job.task.data.held_out:
        return prose("structures", f"no_held_out_{job.name}")
    score = network.score
    if score is None:
        score = held_out_score(initial_history(job, network.params), session().scores)
    baseline = upload.baseline if (upload := session().uploads.get(job.name)) else task_baseline(job.name)
    numbers = {"examples": len(job.task.data.held_out), "score": score, "baseline": baseline}
    told = [prose("structures", f"score_{job.name}", **numbers)]
    if upload:
        told.append(prose("structures", "score_own", longest=upload.longest))
    if not _is_better(job, score, baseline):
        told.append(prose("structures", "no_better_word" if job.exhibit == "word" else "no_better"))
    return " ".join(told)


def _is_better(job: Job, score: float, baseline: float | None) -> bool:
    """Than its baseline, in the digits that are shown"""
    if baseline is None or not np.isfinite([score, baseline]).all():
        return True
    gain = round(score, 2) - round(baseline, 2)
    return gain < 0 if MEASURES[job.task.metric].less_is_better else gain > 0


def _measure(metric: str) -> str:
    """What the number counts, and what is best"""
    if metric.endswith("F1"):
        return prose("structures", "measure_f1", is_entities=metric == "entity F1")
    return prose("structures", MEASURE_HELP[metric])


def _origin(job: Job, network: JobNetwork, training: LiveTraining) -> str:
    """Where these weights come from, and what a link or a reload of the page would lose"""
    file = escape_markdown(clip_word(job.file, callbacks.MOST_LETTERS))
    if network.origin == "here":
        told = prose("structures", "origin_here", epoch=job.epoch, trained=training.epoch)
        return (
            f"{told} {prose('structures', 'loses_file', file=file) if file else prose('structures', 'loses_nothing')}"
        )
    told = prose("structures", f"origin_{network.origin}")
    if network.origin == "opened":
        return f"{told} {prose('structures', 'loses_weights')}"
    return f"{told} {prose('structures', 'loses_data', file=file)}" if file else told


def _buttons(training: LiveTraining, origin: str) -> None:
    """Train or continue, stop, and forget what was trained here"""
    job, epochs = training.job, max(training.job.experiment.epochs, 1)
    if callbacks.awaits_epoch(job):
        epochs = max(epochs, st.session_state["trained"], st.session_state["epoch"])
    if job.file:
        st.segmented_control(
            prose("structures", "budget_label"),
            BUDGETS,
            key="budget",
            format_func=lambda seconds: prose("structures", f"budget_{seconds}"),
            help=prose("structures", "budget"),
            required=True,
            persist_state="session",
            disabled=training.is_running,
            on_change=callbacks.choose_budget,
        )
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
        if origin in ("here", "opened") and not training.is_running:
            st.button(
                prose("structures", "forget"),
                key="forget",
                on_click=callbacks.back_to_stored,
                args=(job,),
                help=prose("structures", "forget_help"),
            )


def _limits(training: LiveTraining) -> None:
    """Before and after: the most epochs, where a time is asked for; and how few examples choose one"""
    if training.job.file and training.epoch < MOST_EPOCHS:
        st.caption(prose("structures", "most_epochs", most=MOST_EPOCHS))
    elif training.job.file and training.seconds < st.session_state["budget"]:
        numbers = {"most": MOST_EPOCHS, "seconds": training.seconds, "budget": st.session_state["budget"]}
        st.caption(prose("structures", "ended_early", **numbers))
    if 0 < (n := len(training.task.data.chosen_on)) < FEW:
        st.caption(f":material/warning: {prose('structures', 'few_choose', n=n)}")


def _train_label(training: LiveTraining, epochs: int) -> str:
    """What the button says: go on where it was stopped, or train so many epochs, perhaps after others"""
    if training.epoch < training.goal:
        return prose("structures", "train_continue")
    if training.job.file:
        return prose("structures", "train_own_more" if training.epoch else "train_own")
    return prose("structures", "train_more" if training.epoch else "train_first", epochs=epochs)


def _progress(training: LiveTraining) -> None:
    """The part that draws itself anew before every slice of training, so that there is something to see meanwhile"""
    if training.goal:
        done = {"epoch": training.epoch, "goal": training.goal, "seconds": training.seconds}
        caption = prose("structures", "measuring") if training.asked else prose("structures", "progress", **done)
        share = min(training.done / (training.goal * training.batches_an_epoch), 1.0)
        st.progress(share, prose("updates", "waiting") if training.is_waiting else caption)
    results = [result for result in training.epochs if result.epoch]
    if results and training.is_running:
        _numbers(training.job, results)
    elif results:
        _curves(training, results)
    if training.is_running:
        training.advance(SLICE)
        keep_within([one for _, one in session().trainings.items()], MOST_BYTES_OF_SESSION)
        if not training.is_running:
            callbacks.stop(training.job)
            st.rerun()  # the stage stands outside of this part, and so does its clock


def _weights(job: Job, network: JobNetwork, training: LiveTraining) -> None:
    """Take weights home, and bring them again"""
    with st.expander(prose("structures", "weights_title")):
        if network.origin in ("here", "opened"):
            st.download_button(
                prose("structures", "weights_download"),
                lambda: _packed(network),
                f"{job.name}-{job.experiment.cell}.npz",
                "application/octet-stream",
                on_click="ignore",
                key="weights_download",
            )
        st.file_uploader(
            prose("structures", "weights_upload"),
            key="weights_upload",
            on_change=callbacks.open_weights,
            args=(training.job,),
            help=prose("structures", "weights_help"),
            max_upload_size=20,
        )
        if problem := session().weights_problem:
            st.warning(problem)


def _packed(network: JobNetwork) -> bytes:
    """The weights as a file"""
    buffer = io.BytesIO()
    parameters.save(buffer, network.params)
    return buffer.getvalue()


def _numbers(job: Job, results: Sequence[EpochResult]) -> None:
    """Loss and score while it trains: the browser would make a figure anew after every slice, and it would flicker"""
    with st.container(horizontal=True):
        _metric(prose("structures", "training_loss"), [result.loss for result in results])
        if scores := [result.score for result in results if result.score is not None]:
            _metric(prose("structures", f"chosen_by_{job.name}"), scores)


def _metric(label: str, values: Sequence[float]) -> None:
    """The last value, with the finite ones before it as a small curve"""
    finite = [value for value in values if np.isfinite(value)]
    st.metric(label, three_digits(values[-1]), border=True, chart_data=finite)


def _curves(training: LiveTraining, results: Sequence[EpochResult]) -> None:
    """What this training has brought, and which epoch is kept"""
    metric = training.task.metric
    epochs, losses, scores = zip(*results, strict=True)
    numbers = (epochs, losses, scores, metric, training.baseline, MEASURES[metric].less_is_better)
    figure = learning_curve.figure(*numbers, palette(), training.chosen(st.session_state["keep"]))
    st.plotly_chart(figure, key="learning", config=NO_TOOLBAR, alt=learning_curve.sentence(*numbers))
