"""Bringing one's own data: which files are read, what was read of the reader's, and the way back."""

from html import escape

import pandas as pd
import streamlit as st

from explorer.choices.session import session
from explorer.compute.jobs import Job, Upload
from explorer.compute.long_work import SLICE
from explorer.compute.own_data import MOST_HELD_OUT
from explorer.formatting import clip_word, escape_markdown
from explorer.prose import prose
from explorer.views.structures import callbacks

MOST_NAMED = 6  # answers that are named with their counts
LOST = ("twice", "inner", "chord", "ornament", "voice", "sign")  # the smaller losses
NOT_USED = ("long", "rare", "twice", "many")
MOST_LETTERS = 60  # of the name of a file


def show(job: Job) -> None:
    """Draw the panel: how a file must look, where it is dropped, and what came of it."""
    memory = session()
    explanation = prose("structures", f"upload_help_{job.name}", most=MOST_HELD_OUT)
    st.markdown(prose("structures", "upload_title"), help=explanation)
    st.markdown(prose("structures", f"format_{job.name}"))
    st.file_uploader(
        prose("structures", "upload_label"),
        key="dataset_upload",
        on_change=callbacks.upload_data,
        label_visibility="collapsed",
        max_upload_size=5,
    )
    if memory.reading:
        st.fragment(_reading, run_every=SLICE)()
    if memory.upload_problem:
        st.warning(escape_markdown(memory.upload_problem))
    if upload := memory.uploads.get(job.name):
        st.markdown(_summary(job, upload))
        st.html(f'<p data-testid="lost">{escape(" ".join(_lost(job, upload)))}</p>')
        _skipped_lines(upload)
        st.button(prose("structures", "discard"), key="discard", on_click=callbacks.discard_data)


def _summary(job: Job, upload: Upload) -> str:
    """What was read, and how many examples are used to train and to score"""
    data, summary = upload.task.data, upload.short
    written = sum(summary.answers.values()) if job.task.is_generative else 0
    most_often = list(summary.answers.items())[:MOST_NAMED]
    numbers = {
        "file": escape_markdown(clip_word(upload.file, MOST_LETTERS)),
        "examples": summary.examples,
        "tokens": summary.tokens + written,
        "answers": len(summary.answers),
        "most": ", ".join(f"{escape_markdown(answer)} ({count:,})" for answer, count in most_often),
        "train": len(data.train),
        "chosen_on": len(data.chosen_on),
        "held_out": len(data.held_out),
    }
    return prose("structures", f"uploaded_{job.name}", **numbers)


def _lost(job: Job, upload: Upload) -> list[str]:
    """What of the file is not in the data, a sentence each"""
    lost = upload.found.lost
    told = [prose("structures", f"lost_{kind}", n=lost[kind]) for kind in LOST if kind in lost]
    if left_out := lost.get("skipped"):
        told.insert(0, prose("structures", f"lost_{job.name}", n=left_out))
    told = told or [prose("structures", "lost_nothing")]
    reasons = [reason for reason in NOT_USED if reason in upload.left_out]
    for reason in reasons:
        longest = {"longest": upload.longest} if reason in ("long", "rare") else {}
        told.append(prose("structures", f"not_used_{reason}", n=upload.left_out[reason], **longest))
    return told


def _reading() -> None:
    """How far a file is read; the part that draws itself anew before every slice of it"""
    reading = session().reading
    if reading is None:
        st.rerun()
        return
    st.progress(reading.share, prose("updates", "waiting") if reading.is_waiting else prose("structures", "reading"))
    st.button(prose("structures", "stop"), key="stop_reading", on_click=callbacks.stop_reading)
    reading.advance(SLICE)
    if not reading.is_running:
        st.rerun()


def _skipped_lines(upload: Upload) -> None:
    """A table of the lines that were left out, or of the first of them, with the reasons"""
    if not upload.skipped:
        return
    is_all = len(upload.skipped) == upload.found.skipped
    columns = [prose("structures", "skipped_line"), prose("structures", "skipped_reason")]
    with st.expander(prose("structures", "skipped_all" if is_all else "skipped_first")):
        st.dataframe(pd.DataFrame(upload.skipped, columns=columns), hide_index=True)
