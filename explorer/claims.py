"""The strong and weak points of the plain RNN on the page Notes: six cards, each tried out now."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from core.cells import CELLS
from core.parameters import Parameters, leaves
from core.vocabulary import fold
from explorer import lab, proofs, state, theme
from explorer.figures import lengths, shares, states, way_back
from explorer.figures.lengths import Line
from explorer.lab import Look
from explorer.notebook import Here, link
from explorer.panels import QUIET
from explorer.theme import CELL_NAMES, plain, quoted, short
from explorer.words import many, words

LONGEST = 100  # steps
MOST_ROWS = 6  # of a table that are seen at once
DEFAULTS = {
    "notes_history_1": "Yesterday I met May",
    "notes_history_2": "They met in May",
    "notes_far": "Harry Potter and Hermione Granger invented a new spell",
    "notes_future_1": "Teddy Roosevelt was a great president",
    "notes_future_2": "Teddy bears are on sale",
}


def show(here: Here) -> None:
    st.markdown(_text("table"))
    st.caption(words("notes", "proofs"))
    with st.grid(2, min_column_width=330):
        for letter, (sign, title, proof) in CLAIMS.items():
            with st.container(border=True, height="stretch", key=f"proof_{letter}", gap="small"):
                st.markdown(f"##### {letter} · {title} :gray-badge[{sign}]")
                proof(here)


def _text(section: str) -> str:
    return words("notes", section)


def _aloud(told: str) -> str:
    """A text without its marks, as a chart's text alternative"""
    return re.sub(r"(?<!\\)\*\*|\\(?=\W)", "", told)


def _sentence(label: str, key: str) -> str:
    text = st.text_input(label, DEFAULTS[key], key=key, live="400ms", persist_state="session")
    if lab.read(text).is_cut:
        st.caption(words("explore", "cut", most=lab.MOST_WORDS, characters=lab.READ_CHARACTERS))
    return text


# Strong points --------------------------------------------------------------------------------------------------------


@st.fragment
def length(here: Here) -> None:
    left, right = st.columns(2)
    T = left.slider("T, words", 1, LONGEST, 9, key="notes_T", persist_state="session")
    n_a = right.slider("n_a, hidden units", 4, 64, 16, key="notes_n_a", persist_state="session")
    rnn, task = proofs.recurrent(n_a), lab.task()
    classic = {t: proofs.classic(t, n_a, task.n_x["rnn"], task.n_y) for t in range(1, LONGEST + 1)}
    sizes = proofs.count(rnn), proofs.count(classic[T])
    counts = (
        Line("RNN", np.full(LONGEST, sizes[0])),
        Line("classic network", np.array([*map(proofs.count, classic.values())])),
    )
    told = words("notes", "length", rnn=sizes[0], classic=sizes[1], T=T, ratio=short(sizes[1] / sizes[0]),
                 steps=many(T, "word"), predictions=many(proofs.predictions(rnn, T), "prediction"))  # fmt: skip
    fig = lengths.figure(range(1, LONGEST + 1), *counts, "parameters", state.palette())
    st.plotly_chart(fig, key="notes_length", config=QUIET, alt=_aloud(told))
    st.markdown(told)
    with st.expander("Count them yourself"):
        st.table(_arrays({"RNN": rnn, "classic network": classic[T]}), hide_index=True)
    st.caption(words("notes", "length_how", n_x=task.n_x["rnn"], n_a=n_a))
    link("explore", "sentences of any length")


def _arrays(networks: dict[str, Parameters]) -> pd.DataFrame:
    rows = []
    for network, params in networks.items():
        arrays = [(f"{group} {name}", array) for group, name, array in leaves(params)]
        rows += [(network, name, " × ".join(map(str, array.shape)), f"{array.size:,}") for name, array in arrays]
    return pd.DataFrame(rows, columns=["network", "array", "shape", "numbers"])


@st.fragment
def shared(here: Here) -> None:
    norms, T, off = here.look.shares["Waa"], len(here.look.words), proofs.off(here.look)
    reading = shares.sentence(here.look.words, norms, "Waa")
    fig = shares.figure(here.look.words, norms, here.step, state.palette())
    st.plotly_chart(fig, key="notes_shares", config=QUIET, alt=reading)
    adding = f"{T} shares add" if T > 1 else "only share adds"
    rounding = ", but for the rounding of the computer" if off else ", to the last bit"
    st.markdown(words("notes", "shares", off=_exactly(off), shares=adding, rounding=rounding))
    total = short(float(np.linalg.norm(here.look.back.grads["rnn"].Waa)))
    st.caption(words("notes", "shares_how", total=total) + here.is_gated * f" {_text('shares_gated')}")
    link("explore", "the shares of every weight")


@st.fragment
def history(here: Here) -> None:
    looks = [
        here.read(_sentence(f"{which} beginning", f"notes_history_{i}")) for i, which in ((1, "One"), (2, "Another"))
    ]
    problem = _history_problem(looks)
    if problem:
        st.info(problem)
        return
    one, other = looks
    alone = here.read(one.words[-1])
    ends = [float(proofs.p_name(look)[-1]) for look in (one, other, alone)]
    (word,) = lab.task().vocabulary.decode(one.trace.x[-1])
    st.markdown(words("notes", "history_ask", word=plain(word)))
    with st.container(horizontal=True):
        for label, end in zip(("first", "second", "alone"), ends, strict=True):
            st.metric(label, f"{end:.3f}", border=True)
    st.markdown(words("notes", "history", gap=short(abs(ends[0] - ends[1]))))
    link("explore", "put a word into any sentence")


def _history_problem(looks: list[Look | None]) -> str | None:
    if not all(look and len(look.words) > 1 for look in looks):
        return _text("history_empty")
    one, other = looks
    ids = one.trace.x[:, 0].tolist(), other.trace.x[:, 0].tolist()
    if ids[0][-1] != ids[1][-1]:
        first, second = (plain(quoted(look.words[-1])) for look in looks)
        return words("notes", "history_last", first=first, second=second)
    return _text("history_same") if ids[0] == ids[1] else None


# Weak points ----------------------------------------------------------------------------------------------------------


@st.fragment
def slow(here: Here) -> None:
    name = f"{CELL_NAMES[here.experiment.cell]}, n_a = {here.experiment.hidden_units}"
    if st.button("Measure now", key="notes_time", icon=":material/timer:", type="primary"):
        found = proofs.timing(CELLS[here.experiment.cell], here.params)
        st.session_state["notes_timing"] = here.experiment, found
    measured, found = st.session_state.get("notes_timing", (None, None))
    facts = {"repeats": proofs.REPEATS}
    if measured != here.experiment:
        fewest, *_, most = proofs.LENGTHS
        st.markdown(words("notes", "time_idle", fewest=fewest, most=most, **facts))
    else:
        waiting = Line("one after the other", 1e3 * found.waiting, tuple(1e3 * found.line()))
        fig = lengths.figure(proofs.LENGTHS, waiting, Line("side by side", 1e3 * found.at_once), "ms", state.palette())
        last = {"T": proofs.LENGTHS[-1], "long": short(waiting.values[-1]), "wide": short(1e3 * found.at_once[-1])}
        ratio = short(found.waiting[-1] / found.at_once[-1])
        told = words("notes", "time", slope=short(1e6 * found.line()[0]), ratio=ratio, **last)
        st.plotly_chart(fig, key="notes_timing_chart", config=QUIET, alt=_aloud(told))
        st.markdown(f"{name}. {told}")
    st.caption(words("notes", "time_how", **facts))
    link("explore", "the states fill in one by one")


@st.fragment
def forgets(here: Here) -> None:
    look = here.read(_sentence("Your sentence", "notes_far"))
    if look is None or len(look.words) < 2:
        st.info(_text("forgets_short"))
        return
    norms, T = proofs.way_back(look), len(look.words)
    ends = {"last": plain(quoted(look.words[-1])), "first": plain(quoted(look.words[0]))}
    far, near = norms[0], norms[-1]
    if far and near:
        ratio, fades = short(max(near / far, far / near)), far < near
        times = f"{ratio} times {'weaker' if fades else 'stronger'}" if ratio != "1" else "about as strong"
        verdict = "" if fades and ratio != "1" else f" {_text('forgets_not')}"
        sizes = {"near": short(near), "far": short(far), "times": times, "steps": many(T - 1, "step")}
        sizes["verdict"] = verdict
        told = words("notes", "forgets", **ends, **sizes)
    else:
        told = words("notes", "forgets_zero", **ends)
    fig = way_back.figure(look.words, norms, state.palette())
    st.plotly_chart(fig, key="notes_way_back", config=QUIET, alt=_aloud(told))
    st.markdown(told)
    st.caption(words("notes", "forgets_how", state="a" if here.experiment.cell != "lstm" else "state"))
    link("gradients", "who forgets, how fast?")


@st.fragment
def future(here: Here) -> None:
    one, other = (here.read(_sentence(f"Sentence {i}", f"notes_future_{i}")) for i in (1, 2))
    if not (one and other):
        st.info(_text("future_empty"))
        return
    k, both = proofs.same_steps(one, other), min(len(one.words), len(other.words))
    if k == 0:
        st.info(_text("future_first"))
        return
    if k == both:
        st.info(_text("future_same"))
        return
    gap, rows = proofs.gaps(one, other), np.array([look.trace.a[k, 0] for look in (one, other)])
    is_equal = not gap.state[:k].any() and not gap.prediction[:k].any()
    told = words(
        "notes", "future", word=plain(theme.clip_word(one.words[k - 1])), k=k, state=_exactly(gap.state[k - 1]),
        prediction=_exactly(gap.prediction[k - 1]), p=float(proofs.p_name(one)[k - 1]),
        verdict=_text("future_equal") if is_equal else "",
    )  # fmt: skip
    names = [f"… {theme.clip_word(look.words[k], 14)}" for look in (one, other)]
    scale = 1.0 if here.experiment.cell != "relu" else float(np.abs(rows).max()) or 1.0
    fig = states.figure(rows, names, scale, state.palette())
    st.plotly_chart(fig, key="notes_states", config=QUIET, alt=_aloud(told))
    st.markdown(told)
    if any(fold(a) != fold(b) for a, b in zip(one.words[:k], other.words[:k], strict=True)):
        st.markdown(_text("future_unknown"))
    _apart(one, other, gap, both)
    st.caption(words("notes", "future_how", k=k, n_a=rows.shape[1]))
    link("explore", "read them word by word")


def _exactly(number: float) -> str:
    return "0" if number == 0 else f"{number:.1e}"


def _apart(one: Look, other: Look, gap: proofs.Gap, both: int) -> None:
    """Word against word, and how far states and predictions are apart"""
    table = {
        "sentence 1": map(theme.clip_word, one.words[:both]),
        "sentence 2": map(theme.clip_word, other.words[:both]),
        "states differ by": gap.state,
        "predictions by": gap.prediction,
    }
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(pd.DataFrame(table), hide_index=True, height=37 + 35 * min(both, MOST_ROWS),
                 column_config={"states differ by": number, "predictions by": number})  # fmt: skip


STRONG, WEAK = "+ strong point", "− weak point"
CLAIMS: dict[str, tuple[str, str, Callable[[Here], None]]] = {
    "A": (STRONG, "Any length, same size", length),
    "B": (STRONG, "Shared weights", shared),
    "C": (STRONG, "History matters", history),
    "D": (WEAK, "Slow: every step waits", slow),
    "E": (WEAK, "Forgets what lies far back", forgets),
    "F": (WEAK, "Cannot see the future", future),
}
