"""The third act of Structures: what came out, and the numbers behind it. One function a job; the table says which."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from core import metrics
from core.data.abc_file import midi
from core.data.vocabulary import fold
from core.structures import NO_TARGET
from core.tasks import END
from explorer.choices.record import Choices
from explorer.compute import jobs
from explorer.compute.answers import as_words, known_answer, read_inputs, write_answers
from explorer.compute.job_networks import job_network
from explorer.compute.jobs import Job, sentences
from explorer.compute.scenes import Scene, run_exercise
from explorer.figures import attention, beam_search, class_probabilities, error_by_step, piano_roll, sentiment_curve
from explorer.formatting import clip_word, escape_markdown, in_figures
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.explore import callbacks
from explorer.views.structures import audio

BEATS_PER_MINUTE = 110


def height(note: str) -> tuple[float, float]:
    """Low notes first, short ones first"""
    pitch, length = midi(note)
    return (-1 if pitch is None else pitch, float(length))


def written(now: Scene, token: str) -> str:
    """As the stage writes it"""
    return token.replace(":", " ") if now.job.name == "melody" else token


# What is right --------------------------------------------------------------------------------------------------------


def correct_answer(job: Job, inputs: tuple[str, ...], chosen: Choices) -> tuple[str, ...] | None:
    """What the reader says is right, or what the data know; None: nobody knows"""
    return RIGHT[job.name](job, inputs, chosen)


def _right_class(job: Job, inputs: tuple[str, ...], chosen: Choices) -> tuple[str, ...] | None:
    known = known_answer(job, inputs)
    options = ("", *job.task.classes)
    if st.session_state["right"] not in options:
        st.session_state["right"] = ""
    unsaid = f"as in the data: {known[0]}" if known else "not said"
    st.segmented_control("The right answer", options, key="right", required=True, persist_state="session",
                         format_func=lambda option: option or unsaid)  # fmt: skip
    said = st.session_state["right"]
    return (said,) if said else known


def _right_tags(job: Job, inputs: tuple[str, ...], chosen: Choices) -> tuple[str, ...] | None:
    known, said = known_answer(job, inputs), tuple(chosen.right.split())
    return said if len(said) == len(inputs) and set(said) <= set(job.task.classes) else known


def _right_sentence(job: Job, inputs: tuple[str, ...], chosen: Choices) -> tuple[str, ...] | None:
    known = known_answer(job, inputs)
    hint = " ".join(known[:-1]) if known else "not known: type it, if you know it"
    st.text_input("The right French", key="right", placeholder=hint, live="400ms", persist_state="session")
    said = read_inputs(job, st.session_state["right"])
    return (*map(fold, said), END) if said else known


def _right_tune(job: Job, inputs: tuple[str, ...], chosen: Choices) -> tuple[str, ...] | None:
    if not chosen.teacher_forcing:
        return None
    tune = next((e for e in (*job.task.data.train, *job.task.data.held_out) if e.inputs == inputs), None)
    title = escape_markdown(tune.title or "without a title") if tune else "none begins with this note"
    st.markdown(f"A tune of the data: **{title}**")
    return tune.answers[: chosen.notes - 1] if tune else None


RIGHT: dict[str, Callable] = {"word": _right_class, "sentiment": _right_class, "entities": _right_tags,
                              "translation": _right_sentence, "melody": _right_tune}  # fmt: skip


# The verdict, above the stage -----------------------------------------------------------------------------------------


def verdict(now: Scene) -> None:
    st.markdown(VERDICT[now.job.name](now))


def audio_player(now: Scene) -> None:
    """A melody is heard before it is read"""
    if now.job.name == "melody":
        st.audio(audio.wav(_notes(now), BEATS_PER_MINUTE), format="audio/wav")


def _class_verdict(now: Scene) -> str:
    p = now.y_hat[-1]
    return f"▸ **{escape_markdown(now.job.task.classes[int(p.argmax())])}** {in_figures(p.max())}"


def _written(now: Scene) -> tuple[str, ...]:
    """The likeliest answers at the steps where one is due, without <END>"""
    said = [now.job.task.classes[int(i)] for i in now.y_hat[now.due].argmax(axis=1)]
    return tuple(word for word in said if word != END)


def _sentence_verdict(now: Scene) -> str:
    said = _written(now) if now.exercise.forced else tuple(word for word in now.exercise.fed if word != END)
    return f"▸ **{escape_markdown(' '.join(said))}**" if said else "▸ no word at all"


ENTITY_COLOURS = {"PER": "blue", "LOC": "green", "ORG": "orange", "MISC": "violet"}


def _marked(now: Scene) -> str:
    """The sentence with its names on coloured ground, each with its type; what was typed stays text"""
    inputs, parts, at = now.exercise.inputs, ["▸"], 0
    for span in sorted(metrics.entities(_written(now)), key=lambda span: span.start):
        parts += [escape_markdown(word) for word in inputs[at : span.start]]
        name = escape_markdown(" ".join(inputs[span.start : span.end]))
        parts.append(f":{ENTITY_COLOURS.get(span.type, 'gray')}-background[{name} **{escape_markdown(span.type)}**]")
        at = span.end
    return " ".join([*parts, *(escape_markdown(word) for word in inputs[at:])])


def _notes(now: Scene) -> list[str]:
    """The melody: the note that was given, and all that followed"""
    return [*now.exercise.inputs, *(note for note in now.exercise.fed if note != END)]


VERDICT = {"word": _class_verdict, "sentiment": _class_verdict, "entities": _marked,
           "translation": _sentence_verdict, "melody": lambda now: f"▸ **{len(_notes(now))} notes**"}  # fmt: skip


# The panels -----------------------------------------------------------------------------------------------------------


def show(now: Scene, chosen: Choices, step: int) -> None:
    PANELS[now.job.name](now, chosen, step)
    _table(now)


def _chart(figure, key: str, told: str) -> None:
    st.plotly_chart(figure, key=key, config=NO_TOOLBAR, alt=told)


def _word(now: Scene, chosen: Choices, step: int) -> None:
    word = escape_markdown(clip_word(now.exercise.inputs[0]))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**P(name) = {now.y_hat[-1, 1]:.3f}** for {word}, whatever stands beside it.", width="content")
        if st.button("See it inside a sentence on Explore", icon=":material/arrow_forward:", key="to_explore"):
            st.session_state["sentence"] = _sentence_with(now)
            callbacks.new_sentence()
            st.switch_page("views/explore/page.py")


def _sentence_with(now: Scene) -> str:
    """A sentence of the data with this word in it; else a plain one"""
    spell, word = now.job.task.vocabulary.spelling, now.exercise.inputs[0]
    for example in sentences():
        if spell(word) in map(spell, example.inputs) and len(example.inputs) > 3:
            return " ".join(example.inputs)
    return f"Yesterday {word} came home"


def _melody(now: Scene, chosen: Choices, step: int) -> None:
    notes, index = _notes(now), now.job.task.index
    p = now.y_hat[np.arange(len(notes) - 1), [index.get(note, 0) for note in notes[1:]]]
    with st.container(border=True):
        st.markdown("**The melody**", help=prose("structures", "roll"))
        roll = [_on_the_roll(note) for note in notes]
        told = piano_roll.sentence(roll, [None, *p])
        _chart(piano_roll.figure(roll, [None, *p], step, palette()), "roll", told)
    _tapes(now)


def _on_the_roll(note: str) -> piano_roll.Note:
    key, length = midi(note)
    return piano_roll.Note(note.partition(":")[0], key, 4 * float(length))


def _tapes(now: Scene) -> None:
    """What is fed above what is expected"""
    look, names = now.look, now.job.task.classes
    due = [names[int(y)] if y != NO_TARGET else "" for y in look.targets[:, 0]]
    rows = [[written(now, token) for token in tape] for tape in (look.words, due)]
    with st.container(border=True):
        st.markdown("**Input and target, step by step**")
        columns = [f"{t}" for t in range(1, len(due) + 1)]
        st.dataframe(pd.DataFrame(rows, columns=columns, index=["fed x⟨t⟩", "expected y⟨t⟩"]))
        shifted = now.exercise.fed == now.exercise.answers
        st.caption(prose("structures", "tapes" if shifted else "tapes_own"))


def _sentiment(now: Scene, chosen: Choices, step: int) -> None:
    p = now.y_hat[:, 1]
    with st.container(border=True):
        st.markdown("**How belief moved, word by word**", help=prose("structures", "belief"))
        told = sentiment_curve.sentence(now.look.words, p, now.job.task.classes)
        _chart(sentiment_curve.figure(now.look.words, p, step, palette(), now.job.task.classes), "belief", told)


def _entities(now: Scene, chosen: Choices, step: int) -> None:
    tags, inputs = _written(now), now.exercise.inputs
    left, right_side = st.columns([1, 1])
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Every word and its tag**")
        st.caption(prose("structures", "tags"))
        table = pd.DataFrame({"word": inputs, "predicted": tags, "right": now.exercise.answers})
        key = f"tags_{hash((inputs, now.exercise.answers))}"
        st.data_editor(
            table, key=key, disabled=["word", "predicted"], hide_index=True,
            on_change=_correct, args=(key, now.exercise.answers),
            column_config={"right": st.column_config.SelectboxColumn(options=now.job.task.classes, required=True)},
        )  # fmt: skip
    with right_side, st.container(border=True, height="stretch"):
        st.markdown("**What it believes of every word**", help=prose("structures", "classes"))
        told = class_probabilities.sentence(inputs, now.job.task.classes, now.y_hat)
        _chart(class_probabilities.figure(inputs, now.job.task.classes, now.y_hat, palette()), "classes", told)


def _correct(key: str, answers: tuple[str, ...]) -> None:
    """A tag was chosen in the table"""
    edits = st.session_state[key]["edited_rows"]
    right = [edits.get(i, {}).get("right", answer) for i, answer in enumerate(answers)]
    st.session_state["right"] = " ".join(right)


def _translation(now: Scene, chosen: Choices, step: int) -> None:
    focus, (left, middle, right_side) = now.look.trace.focus, st.columns(3)
    Tx = len(now.exercise.inputs)
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Where each French word looks**", help=prose("structures", "alignment"))
        if focus:
            alpha, row = focus.alpha[0], step - 1 - Tx if step > Tx else None
            told = attention.sentence(now.exercise.inputs, now.exercise.fed, alpha)
            _chart(attention.figure(now.exercise.inputs, now.exercise.fed, alpha, row, palette()), "alpha", told)
        else:
            st.caption(prose("structures", "alignment_off"))
    with middle, st.container(border=True, height="stretch"):
        st.markdown("**Greedy against beam**", help=prose("structures", "beam"))
        rows = _hypotheses(now, chosen)
        stands = chosen.decoding.replace("beam", "beam 1") if not now.exercise.forced else None
        _chart(beam_search.figure(rows, palette(), stands), "beams", beam_search.sentence(rows, stands))
    with right_side, st.container(border=True, height="stretch"):
        st.markdown("**How far the error has to walk**", help=prose("structures", "walk"))
        curves = _walks(now)
        labels = [*now.exercise.inputs, *now.exercise.fed][: len(now.last_error)]
        _chart(error_by_step.figure(labels, curves, palette()), "walk", error_by_step.sentence(labels, curves))
        if told := _untrained(now):
            st.caption(told)
    _tapes(now)


def _hypotheses(now: Scene, chosen: Choices) -> list[tuple[str, str, float]]:
    params = now.look.trace.params
    beams = write_answers(now.job, params, now.exercise.inputs, chosen.way._replace(decoding="beam"))
    (greedy,) = write_answers(now.job, params, now.exercise.inputs, chosen.way._replace(decoding="greedy"))
    named = [(f"beam {n}", one) for n, one in enumerate(beams, start=1)] + [("greedy", greedy)]
    return [(name, " ".join(as_words(now.job, one)), one.score) for name, one in named]


ATTENDS = {"with attention": True, "without": False}


def _both(now: Scene) -> dict[str, Job]:
    """This job with attention and without"""
    experiment = now.job.experiment
    other = jobs.job(now.job.name, experiment.cell, not experiment.attention, experiment.epochs > 0)
    return {name: now.job if attends == experiment.attention else other for name, attends in ATTENDS.items()}


def _walks(now: Scene) -> dict[str, np.ndarray]:
    """The same exercise through the network with attention and through the one without, as shares of the last step's"""
    scenes = {
        name: now if one is now.job else run_exercise(one, job_network(one).params, now.exercise)
        for name, one in _both(now).items()
    }
    curves = {name: scene.last_error for name, scene in scenes.items()}
    return {name: norms / norms[-1] for name, norms in curves.items() if norms[-1] > 0}


def _untrained(now: Scene) -> str:
    """Which of the two have not been trained, in words"""
    names = [name for name, one in _both(now).items() if job_network(one).origin == "untrained"]
    if len(names) == len(ATTENDS):
        return prose("structures", "walk_both_untrained")
    return prose("structures", "walk_untrained", which=f"{names[0].split()[0]} attention") if names else ""


PANELS = {"word": _word, "melody": _melody, "sentiment": _sentiment, "entities": _entities, "translation": _translation}


# The numbers ----------------------------------------------------------------------------------------------------------


def table(now: Scene) -> pd.DataFrame:
    """One row a step: what was fed, what was due and what came, in full precision"""
    look, names = now.look, now.job.task.classes
    back, due = look.back, set(now.due.tolist())
    best = now.y_hat.argmax(axis=1)
    return pd.DataFrame(
        {
            "t": range(1, len(look.words) + 1),
            "group": [slot.group for slot in look.trace.slots],
            "fed": look.words,
            "prediction": [names[k] if t in due else "" for t, k in enumerate(best)],
            "probability": [now.y_hat[t, k] if t in due else np.nan for t, k in enumerate(best)],
            "expected": [names[int(y)] if y != NO_TARGET else "" for y in look.targets[:, 0]],
            "loss": look.loss.per_step[:, 0],
            "norm_from_y": np.linalg.norm(back.from_y[:, 0], axis=-1),
            "norm_from_next": np.linalg.norm(back.from_next_state[1:, 0], axis=-1),
            "norm_d_state": np.linalg.norm(back.d_state[1:, 0], axis=-1),
        }
    )


def _table(now: Scene) -> None:
    with st.expander("All numbers of the stage, step by step", icon=":material/table:"):
        frame = table(now)
        st.dataframe(frame, hide_index=True)
        st.download_button("Download (CSV)", lambda: frame.to_csv(index=False), f"{now.job.name}.csv", "text/csv",
                           on_click="ignore", key="download_structure")  # fmt: skip
