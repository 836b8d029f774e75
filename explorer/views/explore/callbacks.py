"""What a click does: each is a callback that changes the reader's choices before the page is drawn again."""

import json
from collections.abc import Sequence
from itertools import takewhile, zip_longest

import streamlit as st

from explorer.choices import widgets
from explorer.choices.record import CHOICES, RATES, truncated
from explorer.components import stage
from explorer.compute import updates
from explorer.compute.sentence import parse_sentence
from explorer.compute.updates import History, appended, is_drawable, is_prefix_of
from explorer.formatting import plural
from explorer.prose import prose


def new_sentence() -> None:
    """The weights stay as they are, and so do the labels of the words that stay at the beginning and at the end; new
    words get guessed labels. A step that the sentence no longer has is no longer chosen."""
    typed = st.session_state["sentence"]
    if (text := truncated(typed)) != typed:
        st.session_state["sentence"] = text
    sentence, before = parse_sentence(text), st.session_state["labelled"]
    ticked, labels = widgets.label_bits(len(before)), list(sentence.guess)
    head = _alike(before, sentence.words)
    tail = _alike(before[head:][::-1], sentence.words[head:][::-1])
    labels[:head], labels[len(labels) - tail :] = ticked[:head], ticked[len(before) - tail :]
    widgets.set_labels(sentence, labels)
    if st.session_state["step"] > len(sentence.words):
        st.session_state["step"] = CHOICES["step"].default
    st.session_state["notice"] = None


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """So many words at the beginning are the same"""
    return len([*takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))])


def choose_step() -> None:
    """The stage sends −5 for step 5 on the way back."""
    t = stage.selected()
    st.session_state.update(step=abs(t), phase="backward" if t < 0 else "forward")


def painted() -> None:
    """The browser has painted the stage: what stands below it may follow."""
    st.session_state["painted"] = True


def apply(size: int) -> None:
    """Ask for `size` updates on the sentence on screen: they are taken when the page is drawn"""
    chosen, history = widgets.current_choices(), st.session_state.get("history")
    if not chosen.labels:
        return  # nothing to learn from
    if not history or history.experiment != chosen.experiment:  # it is still being trained
        st.session_state["notice"] = prose("explore", "too_early")
        return
    click, sentence = chosen.click(size), parse_sentence(chosen.sentence)
    if sentence.is_cut:
        click = click._replace(sentence=" ".join(sentence.words))
    clicks, notice = append_update(chosen.clicks, click)
    st.session_state.update(clicks=clicks, notice=notice, phase="forward")  # there the stage comes home after its sweep


def append_update(clicks: tuple, click) -> tuple[tuple, str | None]:
    """The clicks with this one, as far as there is room; and what the reader is told if there is too little"""
    asked, most = click.size, updates.MOST_UPDATES
    done = min(asked, most - sum(known.size for known in clicks))
    if done <= 0:
        return clicks, prose("explore", "full", most=most)
    notice = prose("explore", "last", done=done, asked=asked, most=most) if done < asked else None
    return appended(clicks, click._replace(size=done)), notice


def refusal_message(kept: History | None, found: History, clicks: tuple) -> str:
    """What the reader is told when not all of these clicks were possible"""
    known = len(kept.losses) if kept and is_prefix_of(kept, found.experiment, clicks) else 0
    done, asked = len(found.losses) - known, sum(click.size for click in clicks) - known
    failed = next(click for click, taken in zip_longest(clicks, found.clicks) if click != taken)
    if not is_drawable(failed.on(found.experiment)(found.params)):
        return prose("explore", "exploded")
    ways = ["a smaller learning rate"] * (failed.learning_rate > min(RATES))
    ways += ["clipping"] * (failed.clipping == "off") + ["another network"]
    told = prose("explore", "partly", done=done, asked=asked) if done else prose("explore", "refused")
    return f"{told} {prose('explore', 'advice', ways=' or '.join(ways))}"


def choose_entry(weight: str, sentence: str) -> None:
    """Which entry of this weight is checked on this sentence"""
    entry = st.session_state["check_row"], st.session_state["check_column"]
    st.session_state["entry"] = (weight, sentence), entry


def undo() -> None:
    """Take back the last click"""
    st.session_state.update(clicks=st.session_state["clicks"][:-1], notice=None)


def reset() -> None:
    """Take back all updates"""
    st.session_state.update(clicks=(), notice=None)


def on_network_change() -> None:
    """Another network starts without the updates of the old one, which gets them back when it is chosen again."""
    old, new = st.session_state["network"], widgets.current_choices().experiment
    if new == old:
        return
    elsewhere, clicks = st.session_state["elsewhere"], st.session_state["clicks"]
    st.session_state.update(network=new, clicks=elsewhere.pop(new, ()), notice=None)
    if clicks:
        elsewhere[old] = clicks
        told = prose("explore", "another_network", updates=plural(sum(click.size for click in clicks), "update"))
        st.toast(told, duration="long")  # on whatever page it was


def open_session() -> None:
    """Open a session file: it holds what a link holds, and is opened like one, before any widget is made"""
    file = st.session_state["session_file"]
    if file is None:
        return
    try:
        link = json.loads(file.getvalue().decode("utf-8"))
        if not isinstance(link, dict) or not all(isinstance(value, str | list) for value in link.values()):
            raise ValueError(link)
        json.dumps(link, ensure_ascii=False).encode("utf-8")  # half a character (a lone surrogate) is no text
    except (ValueError, RecursionError):
        st.session_state["notice"] = prose("explore", "bad_session")
        return
    st.session_state["session"] = link
