"""The reader's choices and the widgets that hold them; and the address bar, which is kept equal to the choices."""

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import takewhile
from typing import Any

import streamlit as st

from explorer import server
from explorer.choices.link import LONGEST_LINK, all_values, from_link, link_length, to_link, usual_step
from explorer.choices.record import CHOICES, Choices, truncated
from explorer.choices.session import UPDATES_OF, Written, job_of, session
from explorer.compute.jobs import KINDS
from explorer.compute.sentence import Sentence, parse_sentence
from explorer.compute.unrolled import Unrolled
from explorer.compute.updates import Edit, Update
from explorer.compute.whose import ALL, LAST, is_possible, usual
from explorer.prose import prose


def restore() -> None:
    """Before any widget is made: at the start of a session, and when the browser goes back or forward, they take what
    the link says; otherwise what a session file says that was just opened."""
    memory = session()
    if (file := memory.file) is not None:
        memory.file = None
        load_choices(*from_link(file), is_file=True)
        told, memory.is_brought_back = "brought_back" if memory.is_brought_back else "opened", False
        st.toast(prose("share", told), icon=":material/check:", duration="long")
    elif not memory.jobs or (server.is_history_navigation() and _fits()):
        load_choices(*from_link(_address()), is_file=False)


def turn_page() -> None:
    """What Streamlit leaves to do when another page follows, before that page enters the browser's history.

    It empties the address; the choices go back into it, so that the page enters the history once, with them. And should
    a message for a fragment of the page before come late, it would run in the new page's place and clear that: by then
    no such fragment must be known.
    """
    memory, page = session(), server.current_page()
    before, memory.page = memory.page, page
    if before in (None, page):
        return
    memory.place, memory.goes_to = memory.goes_to, ""
    server.forget_fragments()
    link = memory.link
    if link and not _address() and link_length(link) <= LONGEST_LINK:
        st.query_params.from_dict(link)


def _fits() -> bool:
    """Does the address bar hold all that is chosen now? If not, to go back would lose it."""
    return link_length(session().link or {}) <= LONGEST_LINK


def load_choices(choices: Choices, ignored: Sequence[str], is_file: bool) -> None:
    """Set every widget, and what belongs to it; `ignored`: what made no sense in the link or the session file"""
    memory = session()
    st.session_state.update({field.name: getattr(choices, field.name) for field in fields(Choices)})
    sentence = parse_sentence(choices.sentence)
    if choices.step == usual_step(sentence):
        st.session_state["step"] = CHOICES["step"].default  # nobody chose it
    set_labels(sentence, choices.labels)
    memory.link, memory.is_from_file, memory.ignored, memory.notices = None, is_file, tuple(ignored), {}
    memory.awaits_epoch = bool(choices.trained) or choices.epoch != CHOICES["epoch"].default
    memory.usual_whose, memory.whose_of = "", None
    for page in UPDATES_OF:
        memory.jobs[page] = job_of(page, choices).key
        memory.elsewhere.pop(memory.jobs[page], None)  # its updates are those of the source


def current_choices() -> Choices:
    """What the widgets say now. What one of them holds passes the same checks as what a link holds."""
    state = server.held_under([*CHOICES, *UPDATES_OF.values()])
    values = {key: choice.checked(state.get(key, choice.default)) for key, choice in CHOICES.items()}
    values |= {name: state.get(name, ()) for name in UPDATES_OF.values()}
    T = len(parse_sentence(values["sentence"]).words)
    return Choices(**values | {"labels": label_bits(T), "step": min(values["step"], max(T, 1))})


def repair() -> None:
    """Before any widget is made, what makes no sense takes its default. So may a browser that returns to a server which
    has restarted: it brings its widgets along, and one that was not drawn yet holds nothing."""
    state = st.session_state
    for key, choice in CHOICES.items():
        if key not in state or choice.checked(state[key]) != state[key]:
            state[key] = KINDS[state["structure"]].example if key == "input" else choice.default
    for name in UPDATES_OF.values():
        row = state.get(name)
        if not isinstance(row, tuple) or not all(isinstance(entry, Update | Edit) for entry in row):
            state[name] = ()
    labels = state.get("labels")
    if not isinstance(labels, Sequence) or not all(isinstance(i, int) for i in labels):
        sentence = parse_sentence(state["sentence"])
        set_labels(sentence, sentence.guess)


# The sentence of Explore and its labels -------------------------------------------------------------------------------


def set_labels(sentence: Sentence, labels: Sequence[int]) -> None:
    """Set the labels, and remember which words they belong to"""
    st.session_state["labels"] = [i for i, label in enumerate(labels) if label]
    session().labelled = sentence.words


def label_bits(T: int) -> tuple[int, ...]:
    """The labels of T words"""
    chosen = set(st.session_state.get("labels") or ())
    return tuple(int(i in chosen) for i in range(T))


def new_sentence() -> None:
    """The weights stay as they are, and so do the labels of the words that stay at the beginning and at the end; new
    words get guessed labels. A step that the sentence no longer has is no longer chosen."""
    typed = st.session_state["sentence"] or ""
    if (text := truncated(typed)) != st.session_state["sentence"]:
        st.session_state["sentence"] = text
    sentence, before = parse_sentence(text), session().labelled
    ticked, labels = label_bits(len(before)), list(sentence.guess)
    head = _common_prefix(before, sentence.words)
    tail = _common_prefix(before[head:][::-1], sentence.words[head:][::-1])
    labels[:head], labels[len(labels) - tail :] = ticked[:head], ticked[len(before) - tail :]
    set_labels(sentence, labels)
    if st.session_state["step"] > len(sentence.words):
        st.session_state["step"] = CHOICES["step"].default
    new_labels()


TYPED = ("sentence", "input", "right")  # what is typed, on any page


def write(key: str, text: str) -> None:
    """The page itself writes into a field"""
    session().written[key] = Written(st.session_state[key], text)
    st.session_state[key] = text


def choose(**values: Any) -> None:
    """The page itself sets what is chosen in the settings, which may be closed"""
    st.session_state.update(values)
    server.overrule(*values)


def arrive() -> None:
    """This run comes to its end: what the page wrote is in the browser's fields"""
    session().written.clear()


def typed(key: str) -> bool:
    """The reader types: the numbers follow, the address waits. That they rest may be heard before or after what they
    typed last.

    But a browser that has not heard yet what the page wrote sends with anything else what was there before: nobody
    typed that, and it is written again.
    """
    memory, text = session(), st.session_state[key]
    written = memory.written.get(key)
    if written and text == written.before:
        st.session_state[key] = written.text
        return False
    memory.is_typing = text != memory.rested
    return True


def type_sentence() -> None:
    if typed("sentence"):
        new_sentence()


def rest(text: object) -> None:
    """The reader has stopped typing: the address is written in this run, or in the one that brings what they typed."""
    memory = session()
    memory.rested = str(text)
    memory.is_typing &= memory.rested not in map(st.session_state.get, TYPED)  # both may be heard in one run


def correct_label(t: int, label: int) -> None:
    """The label of step t, from 1, is another"""
    sentence = parse_sentence(st.session_state["sentence"])
    labels = list(label_bits(len(sentence.words)))
    if t in range(1, len(labels) + 1) and label in (0, 1):
        labels[t - 1] = label
        set_labels(sentence, labels)
        new_labels()


def new_labels() -> None:
    """Other labels have other losses: what was said of the old ones has had its time."""
    forget_whose()
    session().notices = {}


def _common_prefix(one: Sequence[str], other: Sequence[str]) -> int:
    """So many words at the beginning are the same"""
    return len([*takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))])


# Whose error goes back ------------------------------------------------------------------------------------------------


def settle_whose(page: str, unrolled: Unrolled) -> str:
    """Whose error goes back on this page: as it was chosen or settled before, where this example has such an error;
    else the usual one, which is then settled. What a link asks for in vain is named above the page."""
    memory, chosen = session(), st.session_state["whose"]
    memory.usual_whose, owner, memory.whose_of = usual(unrolled), memory.whose_of, page
    is_of_page = chosen in (ALL, LAST) or owner in (None, page)
    if chosen and is_of_page and is_possible(unrolled, chosen):
        return chosen
    st.session_state["whose"] = memory.usual_whose
    if chosen and owner is None:
        memory.ignored = (*memory.ignored, "whose")
        st.rerun()  # it stands above the page, which may be a fragment
    return memory.usual_whose


def choose_whose(page: str, value: object) -> None:
    """The reader chose whose error goes back, on this page"""
    st.session_state["whose"] = CHOICES["whose"].checked(str(value))
    session().whose_of = page


def forget_whose() -> None:
    """Another sentence, other labels, another network: one step's error is settled anew; `all` and `last` stay."""
    if st.session_state["whose"] not in (ALL, LAST):
        st.session_state["whose"] = ""


# The address bar ------------------------------------------------------------------------------------------------------


def write_link(chosen: Choices, is_typing: bool = False) -> None:
    """Keep the address bar equal to the choices, as long as a link can hold them. While the reader is typing it waits,
    so that one sentence is one entry of the browser's history.

    The error that the link alone would send back is not named in it. With the first thing that the reader changes, what
    is told of the link they came with has had its time.
    """
    memory = session()
    link = to_link(replace(chosen, whose="") if chosen.whose == memory.usual_whose else chosen)
    last, memory.link = memory.link, link
    is_new = last not in (None, link)  # then the address may be on its way to `last`, from a run that was interrupted
    memory.has_begun |= is_new
    is_other = _address() != {key: all_values(value) for key, value in link.items()}
    if link_length(link) <= LONGEST_LINK and (is_new or is_other) and not is_typing:
        st.query_params.from_dict(link)
    if memory.ignored and is_new:
        memory.ignored = ()
        st.rerun()  # it stands above the page, which may be a fragment


def _address() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}
