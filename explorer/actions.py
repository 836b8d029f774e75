"""What a click does: each is a callback that changes the reader's choices before the page is drawn again."""

import json

import streamlit as st

from explorer import lab, state
from explorer.words import words


def new_sentence() -> None:
    """Another sentence gets guessed labels; the weights stay as they are."""
    guess = lab.read(st.session_state["sentence"]).guess
    st.session_state["labels"] = [i for i, label in enumerate(guess) if label]
    st.session_state["notice"] = None


def choose_step() -> None:
    st.session_state["step"] = int(st.session_state["stage"]["t"])


def painted() -> None:
    """The browser has painted the stage for the first time."""
    st.session_state["painted"] = True


def apply(size: int) -> None:
    """Take `size` updates on the sentence on screen"""
    chosen, history = state.choices(), st.session_state.get("history")
    if not (chosen.labels and history and lab.goes_on(history, chosen.experiment, chosen.clicks)):
        return  # nothing to learn from, or a network that is not on screen yet: it may still be training
    room = lab.MOST_UPDATES - len(history.losses)
    if room <= 0:
        st.session_state["notice"] = words("explore", "full", most=lab.MOST_UPDATES)
        return
    after, complete = lab.press(history, chosen.click(min(size, room)))
    done = len(after.losses) - len(history.losses)
    st.session_state.update(history=after, clicks=after.clicks, notice=None)
    if not complete:
        st.session_state["notice"] = (
            words("explore", "partly", done=done, asked=size) if done else words("explore", "refused")
        )


def choose_entry(weight: str, sentence: str) -> None:
    """Which entry of a weight is checked, until another weight or another sentence is chosen"""
    entry = st.session_state["check_row"], st.session_state["check_column"]
    st.session_state["entry"] = (weight, sentence), entry


def undo() -> None:
    """Take back the last click"""
    st.session_state.update(clicks=st.session_state["clicks"][:-1], notice=None)


def reset() -> None:
    """Take back all updates; another network starts without those of the old one, too."""
    st.session_state.update(clicks=(), notice=None)


def open_session() -> None:
    """Open a session file: it holds what a link holds"""
    file = st.session_state["session_file"]
    if file is None:
        return
    try:
        link = json.loads(file.getvalue().decode("utf-8"))
        if not isinstance(link, dict) or not all(isinstance(value, str | list) for value in link.values()):
            raise ValueError(link)
        json.dumps(link, ensure_ascii=False).encode("utf-8")  # half a character (a lone surrogate) is no text
    except (ValueError, RecursionError):
        st.session_state["notice"] = words("explore", "bad_session")
        return
    state.put(*state.from_link(link))
    st.session_state["notice"] = None
