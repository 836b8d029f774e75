"""The reader's choices, made from the widgets, written into the URL, and read back from it.

The names in the URL are the widgets' keys; only what differs from the default is written. Whatever a link says is
checked like any other input: what makes no sense is left at its default and named in a note.
"""

from collections.abc import Sequence
from dataclasses import fields

import streamlit as st

from explorer import server
from explorer.choices.link import LONGEST_LINK, _all, from_link, link_length, to_link, usual_step
from explorer.choices.record import CHOICES, Choices
from explorer.compute.sentence import Sentence, parse_sentence
from explorer.prose import prose

# Choices <-> widgets --------------------------------------------------------------------------------------------------


def restore() -> None:
    """Before any widget is made: at the start of a session, and when the browser goes back or forward, they take what
    the link says; otherwise what a session file says that was just opened."""
    if (file := st.session_state.pop("session", None)) is not None:
        load_choices(*from_link(file), "session file")
        st.toast(prose("explore", "opened"), icon=":material/check:", duration="long")
    elif "clicks" not in st.session_state or (server.is_history_navigation() and _fits()):
        load_choices(*from_link(_address()), "link")


def turn_page() -> None:
    """What Streamlit leaves to do when another page follows, before that page enters the browser's history.

    It empties the address; the choices go back into it, so that the page enters the history once, with them. And should
    a message for a fragment of the page before come late, it would run in the new page's place and clear that: by then
    no such fragment must be known.
    """
    before, page = st.session_state.get("page"), server.current_page()
    st.session_state["page"] = page
    if before in (None, page):
        return
    server.forget_fragments()
    link = st.session_state["link"]
    if link and not _address() and link_length(link) <= LONGEST_LINK:
        st.query_params.from_dict(link)


def _fits() -> bool:
    """Does the address bar hold all that is chosen now? If not, to go back would lose it."""
    return link_length(st.session_state["link"] or {}) <= LONGEST_LINK


def load_choices(choices: Choices, ignored: Sequence[str], source: str) -> None:
    """Set every widget, and what belongs to it; `ignored`: what made no sense in the source"""
    st.session_state.update({field.name: getattr(choices, field.name) for field in fields(choices)})
    sentence = parse_sentence(choices.sentence)
    if choices.step == usual_step(sentence):
        st.session_state["step"] = CHOICES["step"].default  # nobody chose it
    set_labels(sentence, choices.labels)
    st.session_state.update(network=choices.experiment, notice=None, lesson_notice=None, link=None)
    st.session_state.update(came_with=source, ignored=tuple(ignored))
    st.session_state.setdefault("elsewhere", {}).pop(choices.experiment, None)  # its updates are those of the source


def set_labels(sentence: Sentence, labels: Sequence[int]) -> None:
    """Set the labels, and remember which words they belong to"""
    st.session_state["labels"] = [i for i, label in enumerate(labels) if label]
    st.session_state["labelled"] = sentence.words


def current_choices() -> Choices:
    """What the widgets say now"""
    values = {field.name: st.session_state[field.name] for field in fields(Choices)}
    T = len(parse_sentence(values["sentence"]).words)
    values["labels"] = label_bits(T)
    values["step"] = min(values["step"], max(T, 1))
    return Choices(**values)


def label_bits(T: int) -> tuple[int, ...]:
    """The labels of T words"""
    chosen = set(st.session_state["labels"])
    return tuple(int(i in chosen) for i in range(T))


def write_link(chosen: Choices) -> None:
    """Keep the address bar equal to the choices, as long as a link can hold them.

    With the first thing that the reader changes, what is told of the link they came with has had its time.
    """
    link, last = to_link(chosen), st.session_state["link"]
    st.session_state["link"] = link
    is_new = last not in (None, link)  # then the address may be on its way to `last`, from a run that was interrupted
    if link_length(link) <= LONGEST_LINK and (
        is_new or _address() != {key: _all(value) for key, value in link.items()}
    ):
        st.query_params.from_dict(link)
    if st.session_state["ignored"] and is_new:
        st.session_state["ignored"] = ()
        st.rerun()  # it stands above the page, which may be a fragment


def _address() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}
