"""Time travel: a slider through the epochs of a training; when was this example learned, what was said before?"""

from html import escape

import pandas as pd
import streamlit as st

from core.tasks import END
from explorer.choices.record import Choices
from explorer.choices.session import session
from explorer.compute.answers import Decoding, as_words, predictions, write_answers
from explorer.compute.jobs import Job, trained_version
from explorer.compute.live_training import Learned, LiveTraining, when_learned
from explorer.compute.unrolled import Unrolled
from explorer.prose import prose
from explorer.views.structures import callbacks
from explorer.views.structures.correct_answer import Answer

MOST_ASKED = 40  # epochs that are asked what they answer


def show(unrolled: Unrolled, right: Answer, chosen: Choices) -> None:
    """Draw slider and answers where there are epochs to go back to; right: the answer that would be, if it is known"""
    job = trained_version(unrolled.job, session().uploads.get(unrolled.job.name))
    training = session().trainings.get(job.network)
    if training is None or unrolled.job.epoch is None or training.is_running:
        return
    epochs = training.at_hand
    with st.container(border=True, key="travel"):
        st.select_slider(
            prose("structures", "epoch_label"),
            epochs,
            key="epoch",
            on_change=callbacks.choose_epoch,
            args=(job,),
            help=prose("structures", "epoch_help"),
            persist_state="session",
        )
        if len(epochs) <= training.epoch:
            st.caption(prose("structures", "epochs_dropped"))
        if job.exhibit != "melody":
            _learned(job, training, unrolled.example.inputs, right, chosen.way)


def _learned(job: Job, training: LiveTraining, inputs: tuple[str, ...], right: Answer, how: Decoding) -> None:
    """From which epoch on this example is right, and what was said at each"""
    epochs = training.at_hand
    due = tuple(word for word in right if word != END) if right else None
    asked = {*epochs[:: -(-len(epochs) // MOST_ASKED)], epochs[-1], training.best}
    said: dict[int, tuple[str, ...]] = {}
    learned = None
    while asked:
        said |= {epoch: _said(job, training, epoch, inputs, how) for epoch in asked}
        said = dict(sorted(said.items()))
        is_right = {epoch: answer == due for epoch, answer in said.items()}
        learned = when_learned(is_right) if due else None
        asked = {epoch for epoch in epochs if learned and learned.is_between(epoch)} - {*said}
    epoch = "" if learned is None or learned.epoch is None else learned.epoch
    told = " ".join(_told(learned, [epoch for epoch in said if is_right[epoch]]))
    st.html(f'<p data-testid="learned-at" data-epoch="{epoch}">{escape(told)}</p>')
    columns = {
        prose("structures", "said_epoch"): [*said],
        prose("structures", "said_answer"): [" ".join(answer) for answer in said.values()],
    }
    if due:
        columns[prose("structures", "said_right")] = ["✓" if is_right[epoch] else "" for epoch in said]
    is_some = len(said) < len(epochs)
    title = (
        prose("structures", "said_some", n=len(said), of=len(epochs)) if is_some else prose("structures", "said_title")
    )
    with st.expander(title):
        st.dataframe(pd.DataFrame(columns), hide_index=True)


def _told(learned: Learned | None, right: list[int]) -> list[str]:
    """The same in words; right: the epochs at which it is right"""
    if learned is None:
        return [prose("structures", "learned_unknown")]
    if learned.epoch is None and right:
        return [prose("structures", "hardly_learned", n=len(right), epochs=", ".join(map(str, right)))]
    if learned.epoch is None:
        return [prose("structures", "not_learned")]
    before = learned.before
    if before is None and learned.epoch:
        told = [prose("structures", "learned_by", epoch=learned.epoch)]
    elif before is not None and before < learned.epoch - 1:
        told = [prose("structures", "learned_between", before=before, epoch=learned.epoch)]
    else:
        told = [prose("structures", "learned", epoch=learned.epoch)]
    if wrong := learned.forgotten:
        told.append(prose("structures", "learned_forgotten", n=len(wrong), epochs=", ".join(map(str, wrong))))
    return told


def _said(job: Job, training: LiveTraining, epoch: int, inputs: tuple[str, ...], how: Decoding) -> tuple[str, ...]:
    """The answer to these inputs at an epoch; it is the same each time, so it is remembered"""
    key, answers = (job.network, job.digest, epoch, inputs, how), session().answers
    params = training.weights(epoch)
    if (known := answers.get(key)) is not None or params is None:
        return known or ()
    if not job.task.is_generative:
        return answers.put(key, predictions(job, params, inputs))
    return answers.put(key, as_words(job, write_answers(job, params, inputs, how)[0]))
