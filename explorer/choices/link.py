"""The reader's choices as a link, and a link as choices.

The names in a link are the widgets' keys; only what differs from the default is written, and `v=` says of which version
the defaults are. Whatever a link says is checked like any other input: what makes no sense is left at its default and
named in a note.

The history of a network is `update=` on Explore and `structures_update=` on Structures, in order; an entry is an update

    times x size, rate, clipping, limit <tab> answers <tab> inputs [<tab> what was fed, where that is not the answers]

with one space between two words or tags, and of two classes each answer one digit; or a weight set to a value, rows and
columns from 0, a bias one column:

    edit GROUP.W row column value

Version 1 wrote `update=` with the labels and the sentence behind the limit, and `practice=` for Structures.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from urllib.parse import urlencode

from core.tasks import task
from explorer.choices.record import CHOICES, Choices, between, integer
from explorer.compute import updates
from explorer.compute.jobs import KINDS, PEOPLE
from explorer.compute.sentence import Sentence, parse_sentence
from explorer.compute.unrolled import Example
from explorer.compute.updates import Edit, Entry, Update, Updates

VERSION = "2"
LONGEST_LINK = 6000  # bytes; some browsers, servers and mail programs cut longer ones
BETWEEN = "\x1f"  # tokens in a link of version 1
EDIT = "edit"
MOST_ROWS = 10**6  # of any matrix
STEP_CHOICES = ("learning_rate", "clipping", "clip_limit")  # what an update takes from the settings

Link = dict[str, str | list[str]]


def to_link(choices: Choices) -> Link:
    """What a link must say to open the same page"""
    sentence = parse_sentence(choices.sentence)
    usual = {key: choice.default for key, choice in CHOICES.items()}
    usual |= {"input": KINDS[choices.structure].example, "step": usual_step(sentence)}
    if choices.trained:
        del usual["epoch"]  # of a training here each has to be said
    link: Link = {k: str(getattr(choices, k)) for k in CHOICES if k not in usual or getattr(choices, k) != usual[k]}
    if choices.labels != sentence.guess:
        link["labels"] = _bits(choices.labels)
    for key, name, row in (
        ("update", PEOPLE, choices.updates),
        ("structures_update", choices.structure, choices.structures_updates),
    ):
        if row:
            link[key] = [text for entry, same in groupby(row) for text in _spelled(entry, len(list(same)), name)]
    versioned: Link = {"v": VERSION}
    return versioned | link if link else {}


def from_link(link: Mapping[str, str | Sequence[str]]) -> tuple[Choices, list[str]]:
    """The choices a link describes, and the names of what in it made no sense and was left out"""
    version = _last(link.get("v", "1" if link else VERSION))
    known = {*CHOICES, "v", "labels", "update", "structures_update", "practice"}
    ignored = [key for key in link if key not in known]
    if version not in ("1", VERSION):
        ignored.append("v")
    found = {}
    for key, choice in CHOICES.items():
        found[key] = choice.before if version == "1" else choice.default
        try:
            found[key] = choice.parse(_last(link[key])) if key in link else found[key]
        except ValueError:
            ignored.append(key)
    structure = found["structure"]
    found["input"] = found["input"] or KINDS[structure].example
    sentence = parse_sentence(found["sentence"])
    if found["step"] > max(len(sentence.words), 1):
        ignored += ["step"] if "step" in link and "step" not in ignored else []
        found["step"] = usual_step(sentence)
    labels = sentence.guess
    try:
        labels = _labels(_last(link["labels"]), sentence) if "labels" in link else labels
    except ValueError:
        ignored.append("labels")
    rows: dict[str, Updates] = {}
    for key, name, read in (
        ("update", PEOPLE, _read_updates_1 if version == "1" else _read_updates),
        ("structures_update", structure, _read_updates),
        ("practice", structure, _read_structures_1),
    ):
        row: list[Entry] = []
        room = updates.MOST_UPDATES
        try:
            for text in all_values(link.get(key, [])):
                entries = _repeated(text, name, read, room)
                row.extend(entries)
                room -= updates.count(entries)
        except ValueError:
            ignored.append(key)
        rows[key] = tuple(row)
    on_structures = rows["structures_update"] or rows["practice"]
    choices = Choices(**found, labels=labels, updates=rows["update"], structures_updates=on_structures)
    return choices, ignored


def is_newer(link: Mapping[str, str | Sequence[str]]) -> bool:
    """Does it come from a version of the page that is newer than this one?"""
    version = _last(link.get("v", VERSION))
    return (
        version.isascii() and version.isdigit() and version != "0" and (len(version), version) > (len(VERSION), VERSION)
    )


def usual_step(sentence: Sentence) -> int:
    """The step that is shown where nobody has chosen one"""
    return min(CHOICES["step"].default, max(len(sentence.words), 1))


def link_length(link: Link) -> int:
    """Bytes that a link takes in the address bar, at most: every unsafe byte becomes three"""
    return len(urlencode(link, doseq=True))


def all_values(value: str | Sequence[str]) -> list[str]:
    """The values of one key: there may be several"""
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _last(value: str | Sequence[str]) -> str:
    return ["", *all_values(value)][-1]


# Labels and updates ---------------------------------------------------------------------------------------------------


def _bits(labels: Sequence[int]) -> str:
    return "".join(map(str, labels))


def _labels(text: str, sentence: Sentence) -> tuple[int, ...]:
    if len(text) != len(sentence.words) or not set(text) <= {"0", "1"}:
        raise ValueError(text)
    return tuple(map(int, text))


def _spelled(entry: Entry, times: int, name: str) -> list[str]:
    """So many equal entries"""
    if isinstance(entry, Edit):
        return [f"{EDIT} {entry.group}.{entry.name} {entry.row} {entry.column} {entry.value}"] * times
    ex = entry.example
    head = f"{times}x{entry.size} {entry.learning_rate} {entry.clipping} {entry.clip_limit}"
    parts = [_spelled_answers(ex.answers, name), " ".join(ex.inputs)]
    return ["\t".join([head, *parts, *[_spelled_answers(ex.fed, name)] * (ex.fed != ex.answers)])]


def _spelled_answers(answers: Sequence[str], name: str) -> str:
    index = task(name).index
    return _bits([index[answer] for answer in answers]) if task(name).output == "sigmoid" else " ".join(answers)


def _read_answers(text: str, name: str) -> tuple[str, ...]:
    if task(name).output != "sigmoid":
        return _words(text)
    if not set(text) <= {"0", "1"}:
        raise ValueError(text)
    return tuple(task(name).classes[int(digit)] for digit in text)


def _words(text: str, between: str = " ") -> tuple[str, ...]:
    return tuple(text.split(between)) if text else ()


Read = Callable[[str, str], tuple[str, Example]]  # an entry of a link, and a task -> its numbers, its example


def _read_updates(text: str, name: str) -> tuple[str, Example]:
    head, answers, inputs, *fed = text.split("\t", 3)
    right = _read_answers(answers, name)
    return head, Example(_words(inputs), _read_answers(fed[0], name) if fed else right, right)


def _read_updates_1(text: str, name: str) -> tuple[str, Example]:
    """Version 1, Explore: times x size, rate, clipping, limit, labels, sentence, which may hold anything"""
    *head, bits, sentence = text.split(" ", 5)
    read = parse_sentence(sentence)
    answers = tuple(task(name).classes[label] for label in _labels(bits, read))
    return " ".join(head), Example(read.words, answers, answers)


def _read_structures_1(text: str, name: str) -> tuple[str, Example]:
    """Version 1, Structures: each after a tab, what was read, what was right, and what was fed"""
    head, inputs, answers, *fed = text.split("\t", 3)
    right, read = _words(answers, BETWEEN), _words(inputs, BETWEEN)
    said = _words(fed[0], BETWEEN) if fed else right
    spelled_out = read if task(name).output == "sigmoid" else (*read, *right, *said)
    if any(" " in word for word in spelled_out):  # no page ever had such a word, and version 2 could not spell it
        raise ValueError(text)
    return head, Example(read, said, right)


def read_edit(text: str) -> Edit:
    """An edit as a link spells it; raises ValueError where it makes no sense"""
    _, place, row, column, value = text.split(" ")
    group, name = place.split(".")
    at, number = integer(0, MOST_ROWS), between(-updates.LARGEST, updates.LARGEST)(value)
    return Edit(group, name, at(row), at(column), number + 0.0)  # −0 is 0


def _repeated(text: str, name: str, read: Read, room: int) -> Updates:
    """The history that one entry stands for; raises ValueError where it makes no sense, or asks for more than `room`"""
    if read is _read_updates and text.startswith(f"{EDIT} "):
        if not room:
            raise ValueError(text)
        return (read_edit(text),)
    head, example = read(text, name)
    numbers, *settings = head.split(" ")
    times, size = (integer(1, updates.MOST_UPDATES)(number) for number in numbers.split("x", 1))
    if times * size > room or not (example.inputs and example.answers):
        raise ValueError(text)
    rate, clipping, limit = (CHOICES[key].parse(part) for key, part in zip(STEP_CHOICES, settings, strict=True))
    return (Update(example, rate, clipping, limit, size),) * times
