"""The reader's choices, made from the widgets, written into the URL, and read back from it.

The names in the URL are the widgets' keys; only what differs from the default is written. Whatever a link says is
checked like any other input: what makes no sense is left at its default and named in a note.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer import lab, theme
from explorer.jobs import KINDS, Exercise, Practice
from explorer.lab import Click
from explorer.menu import CHOICES, Choices, integer, kept
from explorer.words import words

LONGEST_LINK = 6000  # bytes; some browsers, servers and mail programs cut longer ones
BETWEEN = "\x1f"  # tokens in a link: the answer "not a name" has spaces
STEPS = ("learning_rate", "clipping", "clip_limit")

# Choices <-> link -----------------------------------------------------------------------------------------------------

Link = dict[str, str | list[str]]


def to_link(choices: Choices) -> Link:
    """What a link must say to open the same page"""
    sentence = lab.read(choices.sentence)
    usual = {key: choice.default for key, choice in CHOICES.items()}
    usual |= {"input": KINDS[choices.structure].example, "step": usual_step(sentence)}
    link: Link = {key: str(getattr(choices, key)) for key in CHOICES if getattr(choices, key) != usual[key]}
    if choices.labels != sentence.guess:
        link["labels"] = _bits(choices.labels)
    if choices.clicks:
        link["update"] = [_click_text(click, len(list(same))) for click, same in groupby(choices.clicks)]
    if choices.practice:
        link["practice"] = [_practice_text(done, len(list(same))) for done, same in groupby(choices.practice)]
    return link


def from_link(link: Mapping[str, str | Sequence[str]]) -> tuple[Choices, list[str]]:
    """The choices a link describes, and the names of what in it made no sense and was left out"""
    found, ignored = {}, [key for key in link if key not in {*CHOICES, "labels", "update", "practice"}]
    for key, choice in CHOICES.items():
        found[key] = choice.default
        try:
            found[key] = choice.parse(_last(link[key])) if key in link else choice.default
        except ValueError:
            ignored.append(key)
    found["input"] = found["input"] or KINDS[found["structure"]].example
    sentence = lab.read(found["sentence"])
    if found["step"] > max(len(sentence.words), 1):
        ignored += ["step"] if "step" in link and "step" not in ignored else []
        found["step"] = usual_step(sentence)
    labels = sentence.guess
    try:
        labels = _labels(_last(link["labels"]), sentence) if "labels" in link else labels
    except ValueError:
        ignored.append("labels")
    clicks: list[Click] = []
    try:
        for text in _all(link.get("update", [])):
            clicks += _clicks(text, lab.MOST_UPDATES - sum(click.size for click in clicks))
    except ValueError:
        ignored.append("update")
    practice: list[Practice] = []
    try:
        for text in _all(link.get("practice", [])):
            practice += _practices(text, lab.MOST_UPDATES - sum(done.size for done in practice))
    except ValueError:
        ignored.append("practice")
    return Choices(**found, labels=labels, clicks=tuple(clicks), practice=tuple(practice)), ignored


def usual_step(sentence: lab.Sentence) -> int:
    """The step that is shown where nobody has chosen one"""
    return min(CHOICES["step"].default, max(len(sentence.words), 1))


def _last(value: str | Sequence[str]) -> str:
    return ["", *_all(value)][-1]


def _all(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _bits(labels: Sequence[int]) -> str:
    return "".join(map(str, labels))


def _labels(text: str, sentence: lab.Sentence) -> tuple[int, ...]:
    if len(text) != len(sentence.words) or not set(text) <= {"0", "1"}:
        raise ValueError(text)
    return tuple(map(int, text))


def _click_text(click: Click, times: int) -> str:
    """times x size, rate, clipping, limit, labels, sentence; the sentence stands last because it may hold anything"""
    settings = (click.learning_rate, click.clipping, click.clip_limit, _bits(click.labels))
    return " ".join([f"{times}x{click.size}", *map(str, settings), click.sentence])


def _clicks(text: str, room: int) -> list[Click]:
    count, rate, clipping, limit, bits, sentence = text.split(" ", 5)
    times, size = (integer(1, lab.MOST_UPDATES)(number) for number in count.split("x", 1))
    if times * size > room:
        raise ValueError(text)
    rate, clipping, limit = (CHOICES[key].parse(part) for key, part in zip(STEPS, (rate, clipping, limit), strict=True))
    read = lab.read(sentence)
    if not read.words:
        raise ValueError(text)
    return [Click(kept(sentence), _labels(bits, read), rate, clipping, limit, size)] * times


def _practice_text(done: Practice, times: int) -> str:
    """times x size, rate, clipping, limit; then, each after a tab, what was read, what was right, and what was fed"""
    ex = done.exercise
    parts = [ex.inputs, ex.answers] + [ex.fed] * (ex.fed != ex.answers)
    head = f"{times}x{done.size} {done.learning_rate} {done.clipping} {done.clip_limit}"
    return "\t".join([head, *(BETWEEN.join(words) for words in parts)])


def _practices(text: str, room: int) -> list[Practice]:
    head, inputs, answers, fed = (*text.split("\t"), "")[:4] if text.count("\t") == 2 else text.split("\t", 3)
    count, rate, clipping, limit = head.split(" ")
    times, size = (integer(1, lab.MOST_UPDATES)(number) for number in count.split("x", 1))
    read, right, fed = (tuple(part.split(BETWEEN)) if part else () for part in (inputs, answers, fed))
    if times * size > room or not (read and right):
        raise ValueError(text)
    rate, clipping, limit = (CHOICES[key].parse(part) for key, part in zip(STEPS, (rate, clipping, limit), strict=True))
    return [Practice(Exercise(read, fed or right, right), rate, clipping, limit, size)] * times


def length(link: Link) -> int:
    """Bytes that a link takes in the address bar, at most: every unsafe byte becomes three"""
    return len(urlencode(link, doseq=True))


# Choices <-> widgets --------------------------------------------------------------------------------------------------


def restore() -> None:
    """Before any widget is made: at the start of a session, and when the browser goes back or forward, they take what
    the link says; otherwise what a session file says that was just opened."""
    if (file := st.session_state.pop("session", None)) is not None:
        put(*from_link(file), "session file")
        st.toast(words("explore", "opened"), icon=":material/check:", duration="long")
    elif "clicks" not in st.session_state or (get_script_run_ctx().is_history_navigation and _fits()):
        put(*from_link(_address()), "link")


def turn_page() -> None:
    """What Streamlit leaves to do when another page follows, before that page enters the browser's history.

    It empties the address; the choices go back into it, so that the page enters the history once, with them. And should
    a message for a fragment of the page before come late, it would run in the new page's place and clear that: by then
    no such fragment must be known.
    """
    run, page = get_script_run_ctx(), st.session_state.get("page")
    st.session_state["page"] = run.page_script_hash
    if page in (None, run.page_script_hash):
        return
    run.fragment_storage.clear(frozenset())
    link = st.session_state["link"]
    if link and not _address() and length(link) <= LONGEST_LINK:
        st.query_params.from_dict(link)


def _fits() -> bool:
    """Does the address bar hold all that is chosen now? If not, to go back would lose it."""
    return length(st.session_state["link"] or {}) <= LONGEST_LINK


def put(choices: Choices, ignored: Sequence[str], source: str) -> None:
    """Set every widget, and what belongs to it; `ignored`: what made no sense in the source"""
    st.session_state.update({field.name: getattr(choices, field.name) for field in fields(choices)})
    sentence = lab.read(choices.sentence)
    if choices.step == usual_step(sentence):
        st.session_state["step"] = CHOICES["step"].default  # nobody chose it
    label(sentence, choices.labels)
    st.session_state.update(network=choices.experiment, notice=None, lesson_notice=None, link=None)
    st.session_state.update(came_with=source, ignored=tuple(ignored))
    st.session_state.setdefault("elsewhere", {}).pop(choices.experiment, None)  # its updates are those of the source


def label(sentence: lab.Sentence, labels: Sequence[int]) -> None:
    """Set the labels, and remember which words they belong to"""
    st.session_state["labels"] = [i for i, label in enumerate(labels) if label]
    st.session_state["labelled"] = sentence.words


def choices() -> Choices:
    """What the widgets say now"""
    values = {field.name: st.session_state[field.name] for field in fields(Choices)}
    T = len(lab.read(values["sentence"]).words)
    values["labels"] = ticked(T)
    values["step"] = min(values["step"], max(T, 1))
    return Choices(**values)


def ticked(T: int) -> tuple[int, ...]:
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
    if length(link) <= LONGEST_LINK and (is_new or _address() != {key: _all(value) for key, value in link.items()}):
        st.query_params.from_dict(link)
    if st.session_state["ignored"] and is_new:
        st.session_state["ignored"] = ()
        st.rerun()  # it stands above the page, which may be a fragment


def _address() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def palette() -> theme.Palette:
    """The colours of the theme the reader sees, light or dark"""
    return theme.DARK if st.context.theme.type == "dark" else theme.LIGHT
