"""Entities, below the stage: the table of tags, the probability of each class, and what a second stream brings."""

from functools import cache

import numpy as np
import pandas as pd
import streamlit as st

from core.experiments import both_directions
from explorer.choices.record import DIRECTIONS, Choices
from explorer.choices.widgets import forget_whose, write
from explorer.components import exhibits
from explorer.compute.answers import predictions
from explorer.compute.jobs import structure_job
from explorer.compute.networks import is_available, network
from explorer.compute.unrolled import Unrolled
from explorer.figures import class_probabilities
from explorer.formatting import escape_markdown, quoted
from explorer.prose import prose
from explorer.views.common import palette
from explorer.views.structures import callbacks
from explorer.views.structures.verdict import likeliest_answers


def entities(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """The table of tags, the probability of each class for each word, and what a second stream brings"""
    inputs, classes, y_hat = unrolled.example.inputs, unrolled.job.task.classes, unrolled.y_hat
    left, right = st.columns([1, 1])
    with left, st.container(border=True, height="stretch"):
        st.markdown(prose("structures", "tags_title"))
        st.caption(prose("structures", "tags"))
        _tags(unrolled)
    with right, st.container(border=True, height="stretch"):
        is_best, colours = class_probabilities.is_best(y_hat), (palette().background, palette().forward)
        table = exhibits.cells(y_hat.T, classes, inputs, "classes_cell", colours, is_best.T)
        exhibits.show(exhibits.card("classes", table, class_probabilities.sentence(inputs, classes, y_hat)))
    _directions(unrolled)


def _directions(unrolled: Unrolled) -> None:
    """The same sentence read by two networks, with a second stream and without; what that brings, and where it ends"""
    job, inputs = unrolled.job, unrolled.example.inputs
    pair = [structure_job(job.name, job.experiment.cell, False, True, None, direction) for direction in DIRECTIONS]
    with st.container(border=True):
        st.markdown(prose("structures", "directions_title"), help=prose("structures", "directions"))
        with st.container(horizontal=True):
            for name in ("roosevelt", "bears"):
                sentence = prose("structures", f"teddy_{name}")
                st.button(sentence, key=f"teddy_{name}", on_click=_read, args=(sentence,))
        if not job.file and all(is_available(one.experiment) for one in pair):
            said = [predictions(one, network(one.experiment), inputs) for one in pair]
            columns = dict(zip(("word", *DIRECTIONS), (inputs, *said), strict=True))
            scored = prose("structures", "directions_unscored")
            if not unrolled.example.label_is_guess:
                columns["right"] = right = unrolled.example.answers
                hits = {
                    d: sum(a == b for a, b in zip(one, right, strict=True))
                    for d, one in zip(DIRECTIONS, said, strict=True)
                }
                scored = prose("structures", "directions_scored", n=len(right), **hits)
            titles = {name: prose("structures", f"directions_{name}") for name in columns}
            st.dataframe(pd.DataFrame(columns).rename(columns=titles), hide_index=True)
            differ = [quoted(word) for word, one, other in zip(inputs, *said, strict=True) if one != other]
            told = prose("structures", "directions_differ", n=len(differ), words=escape_markdown(", ".join(differ)))
            st.markdown(f"{told} {scored}" if differ else prose("structures", "directions_agree"))
        st.caption(prose("structures", "directions_measured", **_scores_of_pairs()))
        st.caption(prose("structures", "directions_end"))


def _read(sentence: str) -> None:
    write("input", sentence)
    callbacks.new_input()


@cache
def _scores_of_pairs() -> dict[str, float | int]:
    """F1 of all pairs of networks: means, and the lowest and highest"""
    pairs = both_directions.load().values()
    told: dict[str, float | int] = {"n": len(pairs), "wins": sum(pair.both > pair.forward for pair in pairs)}
    for name in DIRECTIONS:
        scores = [getattr(pair, name) for pair in pairs]
        told |= {name: float(np.mean(scores)), f"{name}_low": min(scores), f"{name}_high": max(scores)}
    return told


def _tags(unrolled: Unrolled) -> None:
    """A table with every word, its predicted tag, and the right one, which the reader may change"""
    inputs, answers, classes = unrolled.example.inputs, unrolled.example.answers, unrolled.job.task.classes
    key = f"tags_{hash((inputs, answers))}"
    st.data_editor(
        pd.DataFrame({"word": inputs, "predicted": likeliest_answers(unrolled), "right": answers}),
        key=key,
        disabled=["word", "predicted"],
        hide_index=True,
        on_change=_correct,
        args=(key, answers),
        column_config={
            "word": prose("structures", "tags_word"),
            "predicted": prose("structures", "tags_predicted"),
            "right": st.column_config.SelectboxColumn(
                prose("structures", "tags_right"), options=classes, required=True
            ),
        },
    )


def _correct(key: str, answers: tuple[str, ...]) -> None:
    """Take over the tag that the reader chose in the table."""
    edits = st.session_state[key]["edited_rows"]
    tags = [edits.get(i, {}).get("right", answer) for i, answer in enumerate(answers)]
    st.session_state["right"] = " ".join(tags)
    forget_whose()
