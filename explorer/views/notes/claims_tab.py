"""The strong and weak points of the plain RNN on the page Notes: six cards, each tried out here and now."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.cells import CELLS
from core.data.vocabulary import fold
from core.parameters import Parameters, leaves
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS, parse_sentence, people_task
from explorer.compute.unrolled import Unrolled
from explorer.figures import error_by_step, growth_with_length, hidden_states, step_shares
from explorer.figures.growth_with_length import Line
from explorer.formatting import clip_word, escape_markdown, quoted, three_digits, unbroken
from explorer.navigation import page_link
from explorer.prose import prose, signed
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.notes import claims_measured
from explorer.views.notes.live_network import LiveNetwork

LONGEST = 100  # steps
MOST_ROWS = 6  # of a table that are seen at once
DEFAULTS = {  # sentences that the network reads: in its language, whatever that of the page is
    "notes_history_1": "Yesterday I met May",
    "notes_history_2": "They met in May",
    "notes_far": "Harry Potter and Hermione Granger invented a new spell",
    "notes_future_1": "Teddy Roosevelt was a great president",
    "notes_future_2": "Teddy bears are on sale",
}


def show(live: LiveNetwork) -> None:
    """Draw the tab: the table of claims, and a card for each."""
    st.markdown(prose("notes", "table"))
    st.markdown(prose("notes", "remedies"))
    st.caption(prose("notes", "proofs"))
    with st.grid(2, min_column_width=330):
        for letter, (sign, proof) in CLAIMS.items():
            with st.container(border=True, height="stretch", key=f"proof_{letter}", gap="small"):
                title, badge = prose("notes", f"claim_{letter}"), prose("notes", sign)
                st.markdown(f"##### {letter} · {title} :gray-badge[{badge}]")
                proof(live)


def _aloud(text: str) -> str:
    """A text without its marks, as a chart's text alternative"""
    return re.sub(r"(?<!\\)\*\*|\\(?=\W)", "", text)


def _sentence(label: str, key: str) -> str:
    """A box to type a sentence into"""
    text = st.text_input(label, DEFAULTS[key], key=key, live="400ms", persist_state="session")
    if parse_sentence(text).is_cut:
        st.caption(prose("explore", "cut", most=MOST_WORDS, characters=READ_CHARACTERS))
    return text


def _chart(fig: go.Figure, key: str, text: str) -> None:
    """A chart and the sentence that says what it shows"""
    st.plotly_chart(fig, key=key, config=NO_TOOLBAR, alt=_aloud(text))
    st.markdown(text)


# Strong points --------------------------------------------------------------------------------------------------------


@st.fragment
def length(live: LiveNetwork) -> None:
    """A. The number of parameters of an RNN and of a feed-forward network, against the length of the sequence"""
    left, right = st.columns(2)
    T = left.slider(prose("notes", "length_words"), 1, LONGEST, 9, key="notes_T", persist_state="session")
    n_a = right.slider(prose("notes", "length_units"), 4, 64, 16, key="notes_n_a", persist_state="session")
    rnn, task, lengths = claims_measured.recurrent(n_a), people_task(), range(1, LONGEST + 1)
    n_x = task.n_x["rnn"]
    classic = {t: claims_measured.feed_forward(t, n_a, n_x, task.n_y) for t in lengths}
    sizes = claims_measured.count(rnn), claims_measured.count(classic[T])
    names = prose("notes", "length_rnn"), prose("notes", "length_classic")
    lines = (
        Line(names[0], np.full(LONGEST, sizes[0])),
        Line(names[1], np.array([*map(claims_measured.count, classic.values())])),
    )
    text = prose(
        "notes",
        "length",
        rnn=sizes[0],
        classic=sizes[1],
        T=T,
        ratio=three_digits(sizes[1] / sizes[0]),
        predictions=claims_measured.predictions(rnn, T),
    )
    fig = growth_with_length.figure(lengths, *lines, prose("notes", "length_parameters"), palette())
    _chart(fig, "notes_length", text)
    with st.expander(prose("notes", "length_count")):
        st.table(_arrays(dict(zip(names, (rnn, classic[T]), strict=True))), hide_index=True)
    st.caption(prose("notes", "length_how", n_x=n_x, n_a=n_a))
    page_link("explore", prose("notes", "link_length"))


def _arrays(networks: dict[str, Parameters]) -> pd.DataFrame:
    """Every array of these networks, with its shape and its size"""
    rows = []
    for network, params in networks.items():
        arrays = [(f"{group} {name}", array) for group, name, array in leaves(params)]
        rows += [(network, name, " × ".join(map(str, array.shape)), f"{array.size:,}") for name, array in arrays]
    columns = [prose("notes", f"column_{name}") for name in ("network", "array", "shape", "numbers")]
    return pd.DataFrame(rows, columns=columns)


@st.fragment
def shared(live: LiveNetwork) -> None:
    """B. The shares of all steps add up to the gradient of the shared weights"""
    unrolled = live.unrolled
    norms, T, error = unrolled.shares["Waa"], len(unrolled.words), claims_measured.share_sum_error(unrolled)
    fig = step_shares.figure(unrolled.words, norms, live.step, palette())
    reading = step_shares.sentence(unrolled.words, norms, "Waa")
    st.plotly_chart(fig, key="notes_shares", config=NO_TOOLBAR, alt=reading)
    st.markdown(prose("notes", "shares", error=_exactly(error), T=T, is_one=T == 1, is_exact=error == 0))
    total = three_digits(float(np.linalg.norm(unrolled.back.grads["rnn"].Waa)))
    st.caption(unbroken(prose("notes", "shares_how", total=total, is_gated=live.is_gated)))
    page_link("explore", prose("notes", "link_shares"))


@st.fragment
def history(live: LiveNetwork) -> None:
    """C. The same last word after two beginnings, and alone"""
    boxes = {"notes_history_1": prose("notes", "history_one"), "notes_history_2": prose("notes", "history_other")}
    one, other = (live.read(_sentence(label, key)) for key, label in boxes.items())
    if not (one and other and len(one.words) > 1 and len(other.words) > 1):
        st.info(prose("notes", "history_empty"))
        return
    if problem := _history_problem(one, other):
        st.info(problem)
        return
    first, second = float(claims_measured.p_name(one)[-1]), float(claims_measured.p_name(other)[-1])
    alone = claims_measured.p_name(live.unroll(one.words[-1:]))[-1]
    (word,) = people_task().vocabulary.decode(one.trace.x[-1])
    st.markdown(prose("notes", "history_ask", word=escape_markdown(word)))
    with st.container(horizontal=True):
        st.metric(prose("notes", "history_first"), f"{first:.3f}", border=True)
        st.metric(prose("notes", "history_second"), f"{second:.3f}", border=True)
        st.metric(prose("notes", "history_alone"), f"{alone:.3f}", border=True)
    st.markdown(unbroken(prose("notes", "history", gap=three_digits(abs(first - second)))))
    page_link("explore", prose("notes", "link_history"))


def _history_problem(one: Unrolled, other: Unrolled) -> str | None:
    """Why these two sentences prove nothing about history; None if they do"""
    ids, other_ids = one.trace.x[:, 0].tolist(), other.trace.x[:, 0].tolist()
    if ids[-1] != other_ids[-1]:
        first, second = (escape_markdown(quoted(unrolled.words[-1])) for unrolled in (one, other))
        return prose("notes", "history_last", first=first, second=second)
    return prose("notes", "history_same") if ids == other_ids else None


# Weak points ----------------------------------------------------------------------------------------------------------


@st.fragment
def slow(live: LiveNetwork) -> None:
    """D. The time of a sequence, one step after the other, against the same steps side by side"""
    repeats = claims_measured.REPEATS
    if st.button(prose("notes", "time_measure"), key="notes_time", icon=":material/timer:", type="primary"):
        timing = claims_measured.timing(CELLS[live.experiment.cell], live.params)
        st.session_state["notes_timing"] = live.experiment, timing
    measured, timing = st.session_state.get("notes_timing", (None, None))
    if measured == live.experiment:
        _timing_chart(live, timing)
    else:
        fewest, *_, most = claims_measured.LENGTHS
        st.markdown(prose("notes", "time_idle", fewest=fewest, most=most, repeats=repeats))
    st.caption(prose("notes", "time_how", repeats=repeats))
    page_link("explore", prose("notes", "link_time"))


def _timing_chart(live: LiveNetwork, timing: claims_measured.Timing) -> None:
    slope, height = timing.line()
    waiting = Line(prose("notes", "time_waiting"), 1e3 * timing.waiting, (1e3 * slope, 1e3 * height))
    at_once = Line(prose("notes", "time_at_once"), 1e3 * timing.at_once)
    unit = prose("notes", "time_unit")
    fig = growth_with_length.figure(claims_measured.LENGTHS, waiting, at_once, unit, palette())
    text = prose(
        "notes",
        "time",
        cell=CELL_NAMES[live.experiment.cell],
        n_a=live.experiment.hidden_units,
        slope=three_digits(1e6 * slope),
        T=claims_measured.LENGTHS[-1],
        long=three_digits(1e3 * timing.waiting[-1]),
        wide=three_digits(1e3 * timing.at_once[-1]),
        ratio=three_digits(timing.waiting[-1] / timing.at_once[-1]),
    )
    _chart(fig, "notes_timing_chart", text)


@st.fragment
def forgets(live: LiveNetwork) -> None:
    """E. The error of the last word on its way back to the first"""
    unrolled = live.read(_sentence(prose("notes", "forgets_sentence"), "notes_far"))
    if unrolled is None or len(unrolled.words) < 2:
        st.info(prose("notes", "forgets_short"))
        return
    norms = claims_measured.way_back(unrolled)
    fig = error_by_step.one_curve(unrolled.words, norms, palette())
    _chart(fig, "notes_way_back", _forgets_text(unrolled.words, norms))
    st.caption(prose("notes", "forgets_how", is_lstm=live.experiment.cell == "lstm"))
    page_link("gradients", prose("notes", "link_forgets"))


def _forgets_text(words: tuple[str, ...], norms: np.ndarray) -> str:
    """What the norms (T,) say: did the error fade on its way from the last word to the first?"""
    ends = {"last": escape_markdown(quoted(words[-1])), "first": escape_markdown(quoted(words[0]))}
    far, near = norms[0], norms[-1]
    if not (far and near):
        return prose("notes", "forgets_zero", **ends)
    sizes = {"near": three_digits(near), "far": three_digits(far), "steps": len(words) - 1}
    ratio = three_digits(max(near / far, far / near))
    if ratio == "1":
        return prose("notes", "forgets_equal", **ends, **sizes)
    return prose("notes", "forgets" if far < near else "forgets_grows", **ends, **sizes, ratio=ratio)


@st.fragment
def future(live: LiveNetwork) -> None:
    """F. Two sentences that begin alike: nothing that is read later changes a state"""
    one, other = (
        live.read(_sentence(prose("notes", "future_sentence", number=i), f"notes_future_{i}")) for i in (1, 2)
    )
    if not (one and other):
        st.info(prose("notes", "future_empty"))
        return
    k, both = claims_measured.common_prefix(one, other), min(len(one.words), len(other.words))
    if k in (0, both):
        st.info(prose("notes", "future_same" if k else "future_first"))
        return
    difference = claims_measured.state_differences(one, other)
    text = prose(
        "notes",
        "future",
        word=escape_markdown(clip_word(one.words[k - 1])),
        k=k,
        state=_exactly(difference.state[k - 1]),
        prediction=_exactly(difference.prediction[k - 1]),
        p=float(claims_measured.p_name(one)[k - 1]),
        is_equal=not difference.state[:k].any() and not difference.prediction[:k].any(),
    )
    rows = np.array([unrolled.trace.a[k, 0] for unrolled in (one, other)])
    names = [f"… {clip_word(unrolled.words[k], 14)}" for unrolled in (one, other)]
    scale = 1.0 if live.experiment.cell != "relu" else float(np.abs(rows).max()) or 1.0
    _chart(hidden_states.figure(rows, names, scale, palette()), "notes_states", text)
    if any(fold(a) != fold(b) for a, b in zip(one.words[:k], other.words[:k], strict=True)):
        st.markdown(prose("notes", "future_unknown"))
    _difference_table(one, other, difference)
    st.caption(prose("notes", "future_how", k=k, n_a=rows.shape[1]))
    page_link("explore", prose("notes", "link_future"))


def _exactly(number: float) -> str:
    return "0" if number == 0 else signed(f"{number:.1e}")


def _difference_table(one: Unrolled, other: Unrolled, difference: claims_measured.Difference) -> None:
    """Word beside word, and the difference of the states and predictions after it"""
    both = len(difference.state)
    differences = {
        prose("notes", "future_states"): difference.state,
        prose("notes", "future_predictions"): difference.prediction,
    }
    words = {
        prose("notes", "future_one"): map(clip_word, one.words[:both]),
        prose("notes", "future_other"): map(clip_word, other.words[:both]),
    }
    st.dataframe(
        pd.DataFrame(words | differences),
        hide_index=True,
        height=37 + 35 * min(both, MOST_ROWS),
        column_config={name: st.column_config.NumberColumn(format="%.3g") for name in differences},
    )


CLAIMS: dict[str, tuple[str, Callable[[LiveNetwork], None]]] = {
    "A": ("strong", length),
    "B": ("strong", shared),
    "C": ("strong", history),
    "D": ("weak", slow),
    "E": ("weak", forgets),
    "F": ("weak", future),
}
