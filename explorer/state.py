"""The reader's choices: one frozen record, made from the widgets, written into the URL, and read back from it.

The names in the URL are the widgets' keys; only what differs from the default is written. Whatever a link says is
checked like any other input: what makes no sense is left at its default and named in a note.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.cells import CELLS
from core.race import GAPS
from core.training import Experiment
from explorer import lab
from explorer.jobs import KINDS, Exercise, Practice, Way
from explorer.lab import Click
from explorer.words import words

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
LONGEST_LINK = 6000  # bytes; some browsers, servers and mail programs cut longer ones


class Choice(NamedTuple):
    default: Any
    parse: Callable[[str], Any]  # the text in a link -> a value; raises ValueError where there is none


def one_of(*options: Any) -> Callable[[str], Any]:
    return lambda text: options[[str(option) for option in options].index(text)]


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 9 and low <= int(text) <= high):
            raise ValueError(text)
        return int(text)

    return parse


def between(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if len(text) > 24 or not low <= float(text) <= high:
            raise ValueError(text)
        return float(text)

    return parse


def kept(text: str) -> str:
    """What is kept of a long text: one character more than is read, so that it is still seen to be cut"""
    return text if len(text) <= lab.READ_CHARACTERS else text.strip()[: lab.READ_CHARACTERS + 1]


MOST_STEPS = 200  # of a random sequence
CLIFF_W, CLIFF_B = (3.5, 6.5), (-3.6, -1.0)  # the part of the plane that is drawn
MOST_CLIFF_STEPS = 100
RACE_UPDATES = (100, 200, 400, 800)
TEMPERATURES = tuple(round(0.1 * i, 1) for i in range(21))  # 0 to 2
RADII = tuple(round(0.05 * i, 2) for i in range(2, 41))  # 0.1 to 2

CHOICES: dict[str, Choice] = {
    "sentence": Choice(SENTENCE, kept),
    "hidden_units": Choice(16, whole(4, 64)),
    "activation": Choice("tanh", one_of(*CELLS)),
    "initialisation": Choice("glorot", one_of("glorot", "scaled", "orthogonal", "identity")),
    "spectral_radius": Choice(1.0, one_of(*RADII)),
    "seed": Choice(1, whole(0, 999)),
    "start": Choice("trained", one_of("trained", "untrained")),
    "learning_rate": Choice(0.01, one_of(*RATES)),
    "clipping": Choice("off", one_of("off", "norm", "value")),
    "clip_limit": Choice(1.0, one_of(*LIMITS)),
    "step": Choice(4, whole(1, lab.MOST_WORDS)),
    "phase": Choice("forward", one_of("forward", "backward")),  # the way that the stage shows
    "selected_weight": Choice("Waa", one_of("Waa", "Wax", "ba", "Wya", "by")),
    # Gradients
    "source": Choice("random", one_of("sentence", "random")),
    "length": Choice(30, whole(2, MOST_STEPS)),
    "moment": Choice("untrained", one_of("untrained", "trained")),
    "forget_bias": Choice(True, one_of(True, False)),
    "truncate": Choice(0, whole(0, MOST_STEPS)),  # τ, steps that each loss is followed over; 0: all
    "credit_cell": Choice("tanh", one_of(*CELLS)),
    "credit_s": Choice(0, whole(0, MOST_STEPS)),  # 0: none is taken apart
    "credit_k": Choice(1, whole(1, MOST_STEPS)),
    "guess": Choice("", one_of("", *CELLS, "shown")),  # the reader's prediction
    "cliff_w": Choice(4.4, between(*CLIFF_W)),
    "cliff_b": Choice(-2.5, between(*CLIFF_B)),
    "cliff_line": Choice(False, one_of(True, False)),  # the ball is kept on the line of fixed points
    "cliff_rate": Choice(0.5, one_of(*RATES)),
    "cliff_limit": Choice(0.2, one_of(*LIMITS)),
    "cliff_steps": Choice(0, whole(0, MOST_CLIFF_STEPS)),
    "race_tanh": Choice(None, one_of(0, *GAPS)),  # the longest gap that the reader predicts; 0: none
    "race_relu": Choice(None, one_of(0, *GAPS)),
    "race_gru": Choice(None, one_of(0, *GAPS)),
    "race_lstm": Choice(None, one_of(0, *GAPS)),
    "race_updates": Choice(200, one_of(*RACE_UPDATES)),
    # Structures
    "structure": Choice("translation", one_of(*KINDS)),
    "input": Choice("", kept),  # its default is the example of the structure
    "right": Choice("", kept),  # the right answer, if the reader says what it is
    "cell": Choice("gru", one_of(*CELLS)),
    "begin": Choice("trained", one_of("trained", "untrained")),
    "attention": Choice(True, one_of(True, False)),
    "teacher_forcing": Choice(False, one_of(True, False)),
    "decoding": Choice("beam", one_of("greedy", "beam")),
    "beam_width": Choice(3, whole(1, 8)),
    "temperature": Choice(0.8, one_of(*TEMPERATURES)),
    "top_k": Choice(0, whole(0, 20)),  # 0: all
    "notes": Choice(32, whole(4, 64)),
    "draw": Choice(1, whole(0, 999)),
    "at": Choice(1, whole(1, 200)),
    "file": Choice("", str),  # of the reader's own data, which a link names and does not carry
}
BETWEEN = "\x1f"  # tokens in a link: the answer "not a name" has spaces
STEPS = ("learning_rate", "clipping", "clip_limit")


@dataclass(frozen=True)
class Choices:
    sentence: str
    hidden_units: int
    activation: str
    initialisation: str
    spectral_radius: float
    seed: int
    start: str
    learning_rate: float
    clipping: str
    clip_limit: float
    step: int
    phase: str
    selected_weight: str
    source: str
    length: int
    moment: str
    forget_bias: bool
    truncate: int
    credit_cell: str
    credit_s: int
    credit_k: int
    guess: str
    cliff_w: float
    cliff_b: float
    cliff_line: bool
    cliff_rate: float
    cliff_limit: float
    cliff_steps: int
    race_tanh: int | None
    race_relu: int | None
    race_gru: int | None
    race_lstm: int | None
    race_updates: int
    structure: str
    input: str
    right: str
    cell: str
    begin: str
    attention: bool
    teacher_forcing: bool
    decoding: str
    beam_width: int
    temperature: float
    top_k: int
    notes: int
    draw: int
    at: int
    file: str
    labels: tuple[int, ...]
    clicks: tuple[Click, ...]
    practice: tuple[Practice, ...]

    @property
    def experiment(self) -> Experiment:
        return self.network(self.activation, self.start)

    def network(self, cell: str, start: str) -> Experiment:
        """The network of these choices, with any cell, trained or not; what it does not use keeps its default"""
        made_of: dict[str, Any] = {"activation": cell, "initialisation": self.initialisation}
        if self.initialisation != "glorot":
            made_of["spectral_radius"] = self.spectral_radius
        if cell == "lstm":
            made_of["forget_bias"] = float(self.forget_bias)
        if start == "untrained":
            made_of["epochs"] = 0
        return Experiment(hidden_units=self.hidden_units, seed=self.seed, **made_of)

    @property
    def way(self) -> Way:
        """How a network that writes chooses its answers"""
        return Way(self.decoding, self.beam_width, self.temperature, self.top_k, self.notes, self.draw)

    def click(self, size: int) -> Click:
        return Click(self.sentence, self.labels, self.learning_rate, self.clipping, self.clip_limit, size)


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
    times, size = (whole(1, lab.MOST_UPDATES)(number) for number in count.split("x", 1))
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
    times, size = (whole(1, lab.MOST_UPDATES)(number) for number in count.split("x", 1))
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
    elif "clicks" not in st.session_state or get_script_run_ctx().is_history_navigation:
        put(*from_link(_address()), "link")


def put(choices: Choices, ignored: Sequence[str], source: str) -> None:
    """Set every widget, and what belongs to it; `ignored`: what made no sense in the source"""
    st.session_state.update({field.name: getattr(choices, field.name) for field in fields(choices)})
    sentence = lab.read(choices.sentence)
    if choices.step == usual_step(sentence):
        st.session_state["step"] = CHOICES["step"].default  # nobody chose it
    label(sentence, choices.labels)
    st.session_state.update(network=choices.experiment, elsewhere={}, notice=None, link=None)
    st.session_state.update(came_with=source, ignored=tuple(ignored))


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
    if length(link) <= LONGEST_LINK and _address() != {key: _all(value) for key, value in link.items()}:
        st.query_params.from_dict(link)
    if st.session_state["ignored"] and last not in (None, link):
        st.session_state["ignored"] = ()
        st.rerun()  # it stands above the page, which may be a fragment


def _address() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}
