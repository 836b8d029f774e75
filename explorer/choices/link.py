"""The reader's choices as a link, and a link as choices."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import urlencode

from explorer.choices.record import CHOICES, Choices, integer, truncated
from explorer.compute import updates
from explorer.compute.jobs import KINDS
from explorer.compute.scenes import Exercise, Practice
from explorer.compute.sentence import Sentence, parse_sentence
from explorer.compute.updates import Click

LONGEST_LINK = 6000  # bytes; some browsers, servers and mail programs cut longer ones
BETWEEN = "\x1f"  # tokens in a link: the answer "not a name" has spaces
STEPS = ("learning_rate", "clipping", "clip_limit")

# Choices <-> link -----------------------------------------------------------------------------------------------------

Link = dict[str, str | list[str]]


def to_link(choices: Choices) -> Link:
    """What a link must say to open the same page"""
    sentence = parse_sentence(choices.sentence)
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
    sentence = parse_sentence(found["sentence"])
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
            clicks += _clicks(text, updates.MOST_UPDATES - sum(click.size for click in clicks))
    except ValueError:
        ignored.append("update")
    practice: list[Practice] = []
    try:
        for text in _all(link.get("practice", [])):
            practice += _practices(text, updates.MOST_UPDATES - sum(done.size for done in practice))
    except ValueError:
        ignored.append("practice")
    return Choices(**found, labels=labels, clicks=tuple(clicks), practice=tuple(practice)), ignored


def usual_step(sentence: Sentence) -> int:
    """The step that is shown where nobody has chosen one"""
    return min(CHOICES["step"].default, max(len(sentence.words), 1))


def _last(value: str | Sequence[str]) -> str:
    return ["", *_all(value)][-1]


def _all(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _bits(labels: Sequence[int]) -> str:
    return "".join(map(str, labels))


def _labels(text: str, sentence: Sentence) -> tuple[int, ...]:
    if len(text) != len(sentence.words) or not set(text) <= {"0", "1"}:
        raise ValueError(text)
    return tuple(map(int, text))


def _click_text(click: Click, times: int) -> str:
    """times x size, rate, clipping, limit, labels, sentence; the sentence stands last because it may hold anything"""
    settings = (click.learning_rate, click.clipping, click.clip_limit, _bits(click.labels))
    return " ".join([f"{times}x{click.size}", *map(str, settings), click.sentence])


def _clicks(text: str, room: int) -> list[Click]:
    count, rate, clipping, limit, bits, sentence = text.split(" ", 5)
    times, size = (integer(1, updates.MOST_UPDATES)(number) for number in count.split("x", 1))
    if times * size > room:
        raise ValueError(text)
    rate, clipping, limit = (CHOICES[key].parse(part) for key, part in zip(STEPS, (rate, clipping, limit), strict=True))
    read = parse_sentence(sentence)
    if not read.words:
        raise ValueError(text)
    return [Click(truncated(sentence), _labels(bits, read), rate, clipping, limit, size)] * times


def _practice_text(done: Practice, times: int) -> str:
    """times x size, rate, clipping, limit; then, each after a tab, what was read, what was right, and what was fed"""
    ex = done.exercise
    parts = [ex.inputs, ex.answers] + [ex.fed] * (ex.fed != ex.answers)
    head = f"{times}x{done.size} {done.learning_rate} {done.clipping} {done.clip_limit}"
    return "\t".join([head, *(BETWEEN.join(words) for words in parts)])


def _practices(text: str, room: int) -> list[Practice]:
    head, inputs, answers, fed = (*text.split("\t"), "")[:4] if text.count("\t") == 2 else text.split("\t", 3)
    count, rate, clipping, limit = head.split(" ")
    times, size = (integer(1, updates.MOST_UPDATES)(number) for number in count.split("x", 1))
    read, right, fed = (tuple(part.split(BETWEEN)) if part else () for part in (inputs, answers, fed))
    if times * size > room or not (read and right):
        raise ValueError(text)
    rate, clipping, limit = (CHOICES[key].parse(part) for key, part in zip(STEPS, (rate, clipping, limit), strict=True))
    return [Practice(Exercise(read, fed or right, right), rate, clipping, limit, size)] * times


def link_length(link: Link) -> int:
    """Bytes that a link takes in the address bar, at most: every unsafe byte becomes three"""
    return len(urlencode(link, doseq=True))
