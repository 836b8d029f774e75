"""The strong and weak points of the plain RNN on the page Notes: six cards, each tried out now."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from core.cells import CELLS
from core.data.vocabulary import fold
from core.parameters import Parameters, leaves
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS, parse_sentence, people_task
from explorer.compute.unrolled import Unrolled
from explorer.figures import growth_with_length, hidden_states, step_shares, way_back
from explorer.figures.growth_with_length import Line
from explorer.formatting import clip_word, escape_markdown, plural, quoted, three_digits
from explorer.navigation import page_link
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.notes import claims_measured
from explorer.views.notes.live_network import LiveNetwork

LONGEST = 100  # steps
MOST_ROWS = 6  # of a table that are seen at once
DEFAULTS = {
    "notes_history_1": "Yesterday I met May",
    "notes_history_2": "They met in May",
    "notes_far": "Harry Potter and Hermione Granger invented a new spell",
    "notes_future_1": "Teddy Roosevelt was a great president",
    "notes_future_2": "Teddy bears are on sale",
}


def show(here: LiveNetwork) -> None:
    st.markdown(_text("table"))
    st.caption(prose("notes", "proofs"))
    with st.grid(2, min_column_width=330):
        for letter, (sign, title, proof) in CLAIMS.items():
            with st.container(border=True, height="stretch", key=f"proof_{letter}", gap="small"):
                st.markdown(f"##### {letter} · {title} :gray-badge[{sign}]")
                proof(here)


def _text(section: str) -> str:
    return prose("notes", section)


def _aloud(told: str) -> str:
    """A text without its marks, as a chart's text alternative"""
    return re.sub(r"(?<!\\)\*\*|\\(?=\W)", "", told)


def _sentence(label: str, key: str) -> str:
    text = st.text_input(label, DEFAULTS[key], key=key, live="400ms", persist_state="session")
    if parse_sentence(text).is_cut:
        st.caption(prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS))
    return text


# Strong points --------------------------------------------------------------------------------------------------------


@st.fragment
def length(here: LiveNetwork) -> None:
    left, right = st.columns(2)
    T = left.slider("T, words", 1, LONGEST, 9, key="notes_T", persist_state="session")
    n_a = right.slider("n_a, hidden units", 4, 64, 16, key="notes_n_a", persist_state="session")
    rnn, task = claims_measured.recurrent(n_a), people_task()
    classic = {t: claims_measured.feed_forward(t, n_a, task.n_x["rnn"], task.n_y) for t in range(1, LONGEST + 1)}
    sizes = claims_measured.count(rnn), claims_measured.count(classic[T])
    counts = (
        Line("RNN", np.full(LONGEST, sizes[0])),
        Line("classic network", np.array([*map(claims_measured.count, classic.values())])),
    )
    told = prose("notes", "length", rnn=sizes[0], classic=sizes[1], T=T, ratio=three_digits(sizes[1] / sizes[0]),
                 steps=plural(T, "word"),
                 predictions=plural(claims_measured.predictions(rnn, T), "prediction"))  # fmt: skip
    fig = growth_with_length.figure(range(1, LONGEST + 1), *counts, "parameters", palette())
    st.plotly_chart(fig, key="notes_length", config=NO_TOOLBAR, alt=_aloud(told))
    st.markdown(told)
    with st.expander("Count them yourself"):
        st.table(_arrays({"RNN": rnn, "classic network": classic[T]}), hide_index=True)
    st.caption(prose("notes", "length_how", n_x=task.n_x["rnn"], n_a=n_a))
    page_link("explore", "sentences of any length")


def _arrays(networks: dict[str, Parameters]) -> pd.DataFrame:
    rows = []
    for network, params in networks.items():
        arrays = [(f"{group} {name}", array) for group, name, array in leaves(params)]
        rows += [(network, name, " × ".join(map(str, array.shape)), f"{array.size:,}") for name, array in arrays]
    return pd.DataFrame(rows, columns=["network", "array", "shape", "numbers"])


@st.fragment
def shared(here: LiveNetwork) -> None:
    norms, T, off = here.look.shares["Waa"], len(here.look.words), claims_measured.share_sum_error(here.look)
    reading = step_shares.sentence(here.look.words, norms, "Waa")
    fig = step_shares.figure(here.look.words, norms, here.step, palette())
    st.plotly_chart(fig, key="notes_shares", config=NO_TOOLBAR, alt=reading)
    adding = f"{T} shares add" if T > 1 else "only share adds"
    rounding = ", but for the rounding of the computer" if off else ", to the last bit"
    st.markdown(prose("notes", "shares", off=_exactly(off), shares=adding, rounding=rounding))
    total = three_digits(float(np.linalg.norm(here.look.back.grads["rnn"].Waa)))
    st.caption(prose("notes", "shares_how", total=total) + here.is_gated * f" {_text('shares_gated')}")
    page_link("explore", "the shares of every weight")


@st.fragment
def history(here: LiveNetwork) -> None:
    looks = [
        here.read(_sentence(f"{which} beginning", f"notes_history_{i}")) for i, which in ((1, "One"), (2, "Another"))
    ]
    problem = _history_problem(looks)
    if problem:
        st.info(problem)
        return
    one, other = looks
    alone = here.read(one.words[-1])
    ends = [float(claims_measured.p_name(look)[-1]) for look in (one, other, alone)]
    (word,) = people_task().vocabulary.decode(one.trace.x[-1])
    st.markdown(prose("notes", "history_ask", word=escape_markdown(word)))
    with st.container(horizontal=True):
        for label, end in zip(("first", "second", "alone"), ends, strict=True):
            st.metric(label, f"{end:.3f}", border=True)
    st.markdown(prose("notes", "history", gap=three_digits(abs(ends[0] - ends[1]))))
    page_link("explore", "put a word into any sentence")


def _history_problem(looks: list[Unrolled | None]) -> str | None:
    if not all(look and len(look.words) > 1 for look in looks):
        return _text("history_empty")
    one, other = looks
    ids = one.trace.x[:, 0].tolist(), other.trace.x[:, 0].tolist()
    if ids[0][-1] != ids[1][-1]:
        first, second = (escape_markdown(quoted(look.words[-1])) for look in looks)
        return prose("notes", "history_last", first=first, second=second)
    return _text("history_same") if ids[0] == ids[1] else None


# Weak points ----------------------------------------------------------------------------------------------------------


@st.fragment
def slow(here: LiveNetwork) -> None:
    name = f"{CELL_NAMES[here.experiment.cell]}, n_a = {here.experiment.hidden_units}"
    if st.button("Measure now", key="notes_time", icon=":material/timer:", type="primary"):
        found = claims_measured.timing(CELLS[here.experiment.cell], here.params)
        st.session_state["notes_timing"] = here.experiment, found
    measured, found = st.session_state.get("notes_timing", (None, None))
    facts = {"repeats": claims_measured.REPEATS}
    if measured != here.experiment:
        fewest, *_, most = claims_measured.LENGTHS
        st.markdown(prose("notes", "time_idle", fewest=fewest, most=most, **facts))
    else:
        waiting = Line("one after the other", 1e3 * found.waiting, tuple(1e3 * found.line()))
        fig = growth_with_length.figure(
            claims_measured.LENGTHS, waiting, Line("side by side", 1e3 * found.at_once), "ms", palette()
        )
        last = {
            "T": claims_measured.LENGTHS[-1],
            "long": three_digits(waiting.values[-1]),
            "wide": three_digits(1e3 * found.at_once[-1]),
        }
        ratio = three_digits(found.waiting[-1] / found.at_once[-1])
        told = prose("notes", "time", slope=three_digits(1e6 * found.line()[0]), ratio=ratio, **last)
        st.plotly_chart(fig, key="notes_timing_chart", config=NO_TOOLBAR, alt=_aloud(told))
        st.markdown(f"{name}. {told}")
    st.caption(prose("notes", "time_how", **facts))
    page_link("explore", "the states fill in one by one")


@st.fragment
def forgets(here: LiveNetwork) -> None:
    look = here.read(_sentence("Your sentence", "notes_far"))
    if look is None or len(look.words) < 2:
        st.info(_text("forgets_short"))
        return
    norms, T = claims_measured.way_back(look), len(look.words)
    ends = {"last": escape_markdown(quoted(look.words[-1])), "first": escape_markdown(quoted(look.words[0]))}
    far, near = norms[0], norms[-1]
    if far and near:
        ratio, fades = three_digits(max(near / far, far / near)), far < near
        times = f"{ratio} times {'weaker' if fades else 'stronger'}" if ratio != "1" else "about as strong"
        verdict = "" if fades and ratio != "1" else f" {_text('forgets_not')}"
        sizes = {"near": three_digits(near), "far": three_digits(far), "times": times, "steps": plural(T - 1, "step")}
        sizes["verdict"] = verdict
        told = prose("notes", "forgets", **ends, **sizes)
    else:
        told = prose("notes", "forgets_zero", **ends)
    fig = way_back.figure(look.words, norms, palette())
    st.plotly_chart(fig, key="notes_way_back", config=NO_TOOLBAR, alt=_aloud(told))
    st.markdown(told)
    st.caption(prose("notes", "forgets_how", state="a" if here.experiment.cell != "lstm" else "state"))
    page_link("gradients", "who forgets, how fast?")


@st.fragment
def future(here: LiveNetwork) -> None:
    one, other = (here.read(_sentence(f"Sentence {i}", f"notes_future_{i}")) for i in (1, 2))
    if not (one and other):
        st.info(_text("future_empty"))
        return
    k, both = claims_measured.common_prefix(one, other), min(len(one.words), len(other.words))
    if k == 0:
        st.info(_text("future_first"))
        return
    if k == both:
        st.info(_text("future_same"))
        return
    gap, rows = claims_measured.state_differences(one, other), np.array([look.trace.a[k, 0] for look in (one, other)])
    is_equal = not gap.state[:k].any() and not gap.prediction[:k].any()
    told = prose(
        "notes", "future", word=escape_markdown(clip_word(one.words[k - 1])), k=k, state=_exactly(gap.state[k - 1]),
        prediction=_exactly(gap.prediction[k - 1]), p=float(claims_measured.p_name(one)[k - 1]),
        verdict=_text("future_equal") if is_equal else "",
    )  # fmt: skip
    names = [f"… {clip_word(look.words[k], 14)}" for look in (one, other)]
    scale = 1.0 if here.experiment.cell != "relu" else float(np.abs(rows).max()) or 1.0
    fig = hidden_states.figure(rows, names, scale, palette())
    st.plotly_chart(fig, key="notes_states", config=NO_TOOLBAR, alt=_aloud(told))
    st.markdown(told)
    if any(fold(a) != fold(b) for a, b in zip(one.words[:k], other.words[:k], strict=True)):
        st.markdown(_text("future_unknown"))
    _apart(one, other, gap, both)
    st.caption(prose("notes", "future_how", k=k, n_a=rows.shape[1]))
    page_link("explore", "read them word by word")


def _exactly(number: float) -> str:
    return "0" if number == 0 else f"{number:.1e}"


def _apart(one: Unrolled, other: Unrolled, gap: claims_measured.Gap, both: int) -> None:
    """Word against word, and how far states and predictions are apart"""
    table = {
        "sentence 1": map(clip_word, one.words[:both]),
        "sentence 2": map(clip_word, other.words[:both]),
        "states differ by": gap.state,
        "predictions by": gap.prediction,
    }
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(pd.DataFrame(table), hide_index=True, height=37 + 35 * min(both, MOST_ROWS),
                 column_config={"states differ by": number, "predictions by": number})  # fmt: skip


STRONG, WEAK = "+ strong point", "− weak point"
CLAIMS: dict[str, tuple[str, str, Callable[[LiveNetwork], None]]] = {
    "A": (STRONG, "Any length, same size", length),
    "B": (STRONG, "Shared weights", shared),
    "C": (STRONG, "History matters", history),
    "D": (WEAK, "Slow: every step waits", slow),
    "E": (WEAK, "Forgets what lies far back", forgets),
    "F": (WEAK, "Cannot see the future", future),
}
