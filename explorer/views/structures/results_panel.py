"""The third act of Structures: the numbers behind the answer, below the stage. PANELS has one function a structure."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.data import datasets
from core.data.abc_file import midi
from core.decoding import Hypothesis
from core.experiments import both_directions
from core.structures import NO_TARGET
from explorer.choices.record import DIRECTIONS, Choices
from explorer.choices.session import STRUCTURES, job_of, network_of, session
from explorer.choices.widgets import forget_whose, new_sentence, write
from explorer.components import exhibits
from explorer.components.exhibits import Card
from explorer.components.stage_texts import as_written
from explorer.compute.answers import as_words, predictions, write_answers
from explorer.compute.error_walk import Arrivals, chosen_step, shared_arrivals, walk
from explorer.compute.jobs import Job, structure_job
from explorer.compute.networks import is_available, network
from explorer.compute.unrolled import Example, Unrolled, unroll
from explorer.figures import attention, beam_search, class_probabilities, error_by_step, piano_roll, sentiment_curve
from explorer.formatting import clip_word, escape_markdown, quoted, two_decimals
from explorer.prose import prose, signed
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.structures import callbacks
from explorer.views.structures.verdict import likeliest_answers, melody_notes


def show(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """Draw the panels of this structure; step: the selected one, from 1."""
    PANELS[unrolled.job.exhibit](unrolled, chosen, step)


def _title(name: str) -> None:
    """Draw the title of a panel, with its explanation behind a question mark."""
    st.markdown(prose("structures", f"{name}_title"), help=prose("structures", name))


def _chart(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a figure; `alt`: the same in words."""
    st.plotly_chart(figure, key=key, config=NO_TOOLBAR, alt=alt)


# Word -----------------------------------------------------------------------------------------------------------------


def _word(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """The word's probability, and the way to a sentence that holds it"""
    word = escape_markdown(clip_word(unrolled.example.inputs[0]))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(prose("structures", "word_alone", p=unrolled.y_hat[-1, 1], word=word), width="content")
        if st.button(prose("structures", "to_explore"), icon=":material/arrow_forward:", key="to_explore"):
            write("sentence", _sentence_with(unrolled))
            new_sentence()
            st.switch_page("views/explore/page.py")


def _sentence_with(unrolled: Unrolled) -> str:
    """A sentence of the data with this word in it; a plain one if there is none"""
    spell, word = unrolled.job.task.vocabulary.spelling, unrolled.example.inputs[0]
    for example in datasets.people().train:
        if spell(word) in map(spell, example.inputs) and len(example.inputs) > 3:
            return " ".join(example.inputs)
    return prose("structures", "sentence_with_word", word=word)


# Melody ---------------------------------------------------------------------------------------------------------------


def pitch_and_length(note: str) -> tuple[float, float]:
    """A key to sort notes by: low ones first, short ones first, rests before all"""
    pitch, length = midi(note)
    return (-1 if pitch is None else pitch, float(length))


def _melody(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """The piano roll, and what is fed above what is expected"""
    notes, index = melody_notes(unrolled), unrolled.job.task.index
    p = unrolled.y_hat[np.arange(len(notes) - 1), [index.get(note, 0) for note in notes[1:]]]
    roll, chances = [_on_the_roll(note) for note in notes], [None, *p]
    with st.container(border=True):
        _title("roll")
        _chart(piano_roll.figure(roll, chances, step, palette()), "roll", piano_roll.sentence(roll, chances))
    with st.container(border=True):
        exhibits.show(_tapes(unrolled))


def _on_the_roll(note: str) -> piano_roll.Note:
    """A note as the figure takes it, its length in beats"""
    key, length = midi(note)
    return piano_roll.Note(note.partition(":")[0], key, 4 * float(length))


def _tapes(unrolled: Unrolled) -> Card:
    """A table of all steps: what is fed above what is expected"""
    classes = unrolled.job.task.classes
    expected = [classes[int(y)] if y != NO_TARGET else "" for y in unrolled.targets[:, 0]]
    missing = unrolled.never_reached
    tapes = (*unrolled.words, *("–" for _ in missing)), (*expected, *missing)
    rows = [[clip_word(as_written(unrolled.job, token)) for token in tape] for tape in tapes]
    is_shifted = unrolled.example.fed == unrolled.example.answers
    told = [prose("structures", "tapes" if is_shifted else "tapes_own")]
    if missing:
        told.append(prose("structures", "tapes_missing"))
    names = [prose("structures", "tape_fed"), prose("structures", "tape_expected")]
    return exhibits.card("tapes", exhibits.tapes(names, rows), told=told, is_explained=False)


# Sentiment ------------------------------------------------------------------------------------------------------------


def _sentiment(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """What the network would answer after every word"""
    words, p, classes = unrolled.words, unrolled.y_hat[:, 1], unrolled.job.task.classes
    with st.container(border=True):
        _title("belief")
        figure = sentiment_curve.figure(words, p, step, palette(), classes)
        _chart(figure, "belief", sentiment_curve.sentence(words, p, classes))
        if (jump := sentiment_curve.largest_jump(p)) and np.isfinite(p).all():
            word = unrolled.example.inputs[jump - 1]
            alone = unroll(unrolled.job, unrolled.trace.params, unrolled.example._replace(inputs=(word,)))
            numbers = {"change": sentiment_curve.signed_change(p, jump), "alone": two_decimals(alone.y_hat[0, 1])}
            told = prose("structures", "belief_alone", word=quoted(word), name=classes[1], **numbers)
            st.caption(escape_markdown(told))


# Entities -------------------------------------------------------------------------------------------------------------


def _entities(unrolled: Unrolled, chosen: Choices, step: int) -> None:
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
        _title("directions")
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


# Translation ----------------------------------------------------------------------------------------------------------


def _translation(unrolled: Unrolled, chosen: Choices, step: int) -> None:
    """Attention, the hypotheses of a search, how far the error walks; then what is fed above what is expected"""
    hypotheses = _hypotheses(unrolled, chosen)
    rows = [
        beam_search.Row(label, " ".join(as_words(unrolled.job, one)), one.score, one.ended) for label, one in hypotheses
    ]
    on_stage = None if unrolled.example.teacher_forced else _label(chosen.decoding)
    picture, alt = exhibits.hypotheses(rows, on_stage), beam_search.sentence(rows, on_stage)
    found = exhibits.card("beam", picture, alt, told=[_sum_of(hypotheses[0][1])])
    exhibits.show(_alignment(unrolled, step), found, _error_walk(unrolled, chosen, step), _tapes(unrolled))


def _alignment(unrolled: Unrolled, step: int) -> Card:
    """Where each French word looks; why nothing is drawn, if attention is off"""
    if not unrolled.trace.focus:
        return exhibits.card("alignment", exhibits.NO_PICTURE, told=[prose("structures", "alignment_off")])
    sources, targets, alpha = unrolled.example.inputs, unrolled.example.fed, unrolled.trace.focus.alpha[0]
    row = step - 1 - len(sources) if step > len(sources) else None
    colours = palette().background, palette().negative
    table = exhibits.cells(alpha, targets, sources, "alignment_cell", colours, framed=row)
    at_end, told = int(np.sum(alpha.argmax(axis=1) == len(sources) - 1)), []
    if 2 * at_end > len(alpha):
        token = quoted(sources[-1])
        told.append(prose("structures", "alignment_end", n=at_end, steps=len(alpha), token=token))
    return exhibits.card("alignment", table, attention.sentence(sources, targets, alpha), told=told)


def _hypotheses(unrolled: Unrolled, chosen: Choices) -> list[tuple[str, Hypothesis]]:
    """The translations that a beam search keeps, best first, and the greedy one, each by what it is called"""
    job, params, inputs = unrolled.job, unrolled.trace.params, unrolled.example.inputs
    beams = write_answers(job, params, inputs, chosen.way._replace(decoding="beam"))
    (greedy,) = write_answers(job, params, inputs, chosen.way._replace(decoding="greedy"))
    return [(_label("beam", rank), one) for rank, one in enumerate(beams, start=1)] + [(_label("greedy"), greedy)]


def _sum_of(one: Hypothesis) -> str:
    """How a score is made of the probabilities of its tokens"""
    log_p, score = signed(f"{sum(one.log_probs):.3f}"), beam_search.score_text(one.score)
    return prose("structures", "beam_sum", log_p=log_p, n=len(one.log_probs), score=score)


def _label(decoding: str, rank: int = 1) -> str:
    """What a hypothesis is called; rank: of a beam search, its place"""
    return prose("structures", "beam_label", rank=rank) if decoding == "beam" else prose("structures", "greedy_label")


ATTENDS = {"with_attention": True, "without_attention": False}


def _error_walk(unrolled: Unrolled, chosen: Choices, step: int) -> Card:
    """How much of one answer's error arrives at each step, with attention and without"""
    jobs, s = _with_and_without(unrolled, chosen), chosen_step(unrolled, step)
    curves = _walks(unrolled, jobs, s)
    due = unrolled.job.task.classes[int(unrolled.targets[s, 0])]
    labels = [*[*unrolled.example.inputs, *unrolled.example.fed][:s], due]
    lead = prose("structures", "walk_of", word=clip_word(labels[-1]), s=s + 1)
    alt = error_by_step.sentence(labels, curves)
    return exhibits.card("walk", exhibits.walk(labels, curves), alt, lead, _worth(jobs))


def _worth(jobs: dict[str, Job]) -> list[str]:
    """What the two walks can tell"""
    untrained = [key for key, job in jobs.items() if network_of(job).origin == "untrained"]
    if len(untrained) == len(jobs):
        return [prose("structures", "walk_both_untrained")]
    if untrained:
        return [prose("structures", f"{untrained[0]}_untrained")]
    found = _arrivals(jobs)
    return [_measured(found)] if len(found.attending) else []


def _with_and_without(unrolled: Unrolled, chosen: Choices) -> dict[str, Job]:
    """This job with attention and without it, by the keys of ATTENDS"""
    job = unrolled.job
    return {
        key: job if attends == job.experiment.attention else job_of(STRUCTURES, replace(chosen, attention=attends))
        for key, attends in ATTENDS.items()
    }


def _walks(unrolled: Unrolled, jobs: dict[str, Job], s: int) -> dict[str, np.ndarray]:
    """What arrives of the error of step s, from 0, of this example through both networks, by the curve's name"""
    curves = {}
    for key, job in jobs.items():
        is_shown = job is unrolled.job
        curves[prose("structures", key)] = walk(unrolled, s) if is_shown else _other_walk(job, unrolled.example, s)
    return {name: errors for name, errors in curves.items() if len(errors)}


def _other_walk(job: Job, example: Example, s: int) -> np.ndarray:
    """Through the network that is not on the stage: no update changes it"""
    scores, params = session().scores, network_of(job).params
    key = job.key, example, s
    kept = scores.get(key)
    if not kept or kept[0] is not params:
        kept = scores.put(key, (params, walk(unroll(job, params, example), s)))
    return kept[1]


def _arrivals(jobs: dict[str, Job]) -> Arrivals:
    """Of the held-out pairs, through both networks as they were before any update"""
    attending, without = jobs.values()
    return shared_arrivals(attending, network_of(attending).params, without, network_of(without).params)


def _measured(found: Arrivals) -> str:
    """What is true of the held-out pairs, with its spread"""
    quartiles = {name: np.quantile(shares, (0.25, 0.5, 0.75)) for name, shares in found._asdict().items()}
    named = {
        f"{name}{end}": q for name, qs in quartiles.items() for end, q in zip(("_low", "", "_high"), qs, strict=True)
    }
    more = int(np.sum(found.attending > found.without))
    return prose("structures", "walk_measured", n=len(found.attending), more=more, **named)


PANELS: dict[str, Callable[[Unrolled, Choices, int], None]] = {
    "word": _word,
    "melody": _melody,
    "review": _sentiment,
    "tags": _entities,
    "translation": _translation,
}
