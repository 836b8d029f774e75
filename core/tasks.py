"""A task: a data set + a structure + a kind of answer: all that a network must know of its job."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain

import numpy as np

from core.data import datasets
from core.data.datasets import Dataset
from core.data.example import Example
from core.data.vocabulary import Vocabulary, fold
from core.losses import LOSSES, Loss
from core.structures import NO_TARGET, STRUCTURES, Reads, Slots, inputs_and_targets

MOST_CLASSES = 5000  # words that can be written; rarer ones are <UNK>
MIN_COUNT = 2  # words that training has only once become <UNK>, so the network meets <UNK> while it learns
AT_ONCE = 64  # held-out examples that are answered together
START, END = "<START>", "<END>"  # what a decoder is fed first, and the answer that ends its sentence


@dataclass(frozen=True, eq=False)
class Task:
    """What is read, what is answered, and by which structure; it turns examples into batches of numbers"""

    structure: str
    output: str  # "sigmoid": one of two classes; "softmax": one of several
    metric: str  # how answers are scored, a key of core.evaluation.MEASURES
    data: Dataset
    vocabulary: Vocabulary  # what is read, by its index
    classes: tuple[str, ...]  # what may be answered, by its index

    @property
    def loss(self) -> Callable[[np.ndarray, np.ndarray], Loss]:
        """logits (T, B, n_y), targets (T, B) -> Loss"""
        return LOSSES[self.output]

    @property
    def n_y(self) -> int:
        """The length of ŷ⟨t⟩: one number says which of two classes, several need one each"""
        return 1 if self.output == "sigmoid" else len(self.classes)

    @cached_property
    def choosing(self) -> "Task":
        """The same task, scored on the part that chooses an epoch"""
        return replace(self, data=self.data._replace(held_out=self.data.chosen_on))

    def slots(self, Tx: int, Ty: int = 1) -> Slots:
        """The table of its structure for Tx inputs and Ty answers"""
        return STRUCTURES[self.structure](Tx, Ty)

    @cached_property
    def n_x(self) -> dict[str, int]:
        """The length of the one-hot vectors that each group of weights reads: words, or answers that are fed back"""
        sizes = {Reads.ANSWER: len(self.classes), Reads.INPUT: len(self.vocabulary)}
        return {slot.group: sizes[slot.reads] for slot in reversed(self.slots(2, 2))}

    @cached_property
    def is_generative(self) -> bool:
        """Is an answer fed back, so that the network can go on by itself?"""
        return any(slot.reads is Reads.ANSWER for slot in self.slots(2, 2))

    @cached_property
    def reads_first(self) -> bool:
        """Does the network read in silence before it answers?"""
        return not all(slot.answers for slot in self.slots(2, 2))

    @cached_property
    def index(self) -> dict[str, int]:
        """The index of each class"""
        return {name: i for i, name in enumerate(self.classes)}

    def encode(self, example: Example) -> tuple[list[int], list[int]]:
        """The example in numbers; an answer that is no class is 0, which is <UNK> where answers are words or notes"""
        return self.vocabulary.encode(example.inputs).tolist(), [self.index.get(name, 0) for name in example.answers]

    def batch(self, examples: Sequence[Example]) -> tuple[Slots, np.ndarray, np.ndarray]:
        """slots, x (T, B) and targets (T, B), T the longest example; after the end of a shorter one no answer is due.

        Only examples that `length_bucket` can stand in one batch.
        """
        slots = max((self.slots(len(e.inputs), len(e.answers)) for e in examples), key=len)
        x = np.zeros((len(slots), len(examples)), dtype=np.int64)
        targets = np.full_like(x, NO_TARGET)
        for b, example in enumerate(examples):
            inputs, answers = self.encode(example)
            own = self.slots(len(inputs), len(answers))
            x[: len(own), b], targets[: len(own), b] = inputs_and_targets(
                own, inputs, answers, self.index.get(START, 0)
            )
        return slots, x, targets

    def lengths(self, examples: Sequence[Example]) -> list[int]:
        """The steps of each"""
        return [len(self.slots(len(e.inputs), len(e.answers))) for e in examples]

    def length_bucket(self, example: Example) -> int:
        """Examples may share a batch if this is equal: what is read in silence must be over at the same step."""
        return len(example.inputs) if self.reads_first else 0

    def batches(self, examples: Sequence[Example], order: Iterable[int], size: int) -> Iterator[list[Example]]:
        """Batches of examples that may share one, in the order given, as nearly equal in size as can be"""
        groups: dict[int, list[int]] = {}
        order = list(order)
        for i in order:
            groups.setdefault(self.length_bucket(examples[i]), []).append(i)
        place = {i: n for n, i in enumerate(order)}
        chunks = [chunk for group in groups.values() for chunk in np.array_split(group, -(-len(group) // size))]
        for chunk in sorted(chunks, key=lambda chunk: place[chunk[0]]):
            yield [examples[i] for i in chunk]

    @cached_property
    def held_out_batches(self) -> list[tuple[list[Example], tuple[Slots, np.ndarray, np.ndarray]]]:
        """What every score is taken on: examples, and `batch` of these; like lengths together, for all of a batch take
        as many steps as its longest"""
        held_out, lengths = self.data.held_out, self.lengths(self.data.held_out)
        order = sorted(range(len(held_out)), key=lengths.__getitem__)
        return [(some, self.batch(some)) for some in self.batches(held_out, order, AT_ONCE)]

    @cached_property
    def known_answers(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The answers to all inputs in the data, spelled as in the dictionary, where the data agree on them"""
        found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for example in chain.from_iterable(self.data):
            found.setdefault(tuple(map(self.vocabulary.spelling, example.inputs)), set()).add(example.answers)
        return {inputs: answers.pop() for inputs, answers in found.items() if len(answers) == 1}

    @cached_property
    def longest(self) -> int:
        """Tokens of the longest answer in training"""
        return max((len(example.answers) for example in self.data.train), default=0)

    @cached_property
    def answer_counts(self) -> Counter[str]:
        """How often each answer stands in training"""
        return Counter(answer for example in self.data.train for answer in example.answers)

    @cached_property
    def majority(self) -> dict[str, int]:
        """The class that each word has most often in training, where every word has one"""
        seen: dict[str, Counter] = {}
        for example in self.data.train:
            for word, answer in zip(example.inputs, example.answers, strict=True):
                seen.setdefault(fold(word), Counter())[self.index[answer]] += 1
        return {word: min(counts, key=lambda c: (-counts[c], c)) for word, counts in seen.items()}

    def guess(self, words: Iterable[str]) -> list[int]:
        """Labels for a sentence that has none, where they are "not a name" (0) and "name" (1)

        Each word's majority in training; if it was never seen, a capital makes it a name.
        """
        return [self.majority.get(fold(word), int(word[:1].isupper())) for word in words]

    def baseline(self, words: Iterable[str]) -> list[int]:
        """What a network must beat: a word's majority in training, and class 0 where training never saw it"""
        return [self.majority.get(fold(word), 0) for word in words]


# The tasks, each made from a data set of its kind: ours, or the reader's own ------------------------------------------

NAME = ("not a name", "name")
PERSON = ("PER", "PERSON")  # how files call it


def people(data: Dataset) -> Task:
    """Is this word part of a person's name? From sentences with IOB2 tags"""
    data = _relabelled(data, _is_name)
    return Task("many-to-many, Tx = Ty", "sigmoid", "token F1", data, _dictionary(data), NAME)


def word(data: Dataset) -> Task:
    """Every word of the sentences alone: what can be known of it without its context?"""
    alone = Dataset(*(tuple(one for e in part for one in _one_by_one(e)) for part in data))
    data = _relabelled(alone, _is_name)
    return Task("one-to-one", "sigmoid", "token F1", data, _dictionary(data), NAME)


def melody(data: Dataset) -> Task:
    """From its first note, the notes that follow and <END>"""
    data = _ended(data)
    notes = ((*e.inputs, *e.answers) for e in data.train)
    vocabulary = Vocabulary.build(notes, MIN_COUNT, marks=(END,), spelling=str)
    return Task("one-to-many", "softmax", "perplexity", data, vocabulary, vocabulary.words)


def sentiment(data: Dataset) -> Task:
    """Is this review positive? Asked once, after its last word"""
    return Task("many-to-one", "sigmoid", "accuracy", data, _dictionary(data), ("negative", "positive"))


def entities(data: Dataset) -> Task:
    """Which IOB2 tag has this word? The classes are the tags found in the data, O first, then by type"""
    tags = sorted({tag for part in data for e in part for tag in e.answers} - {"O"}, key=lambda tag: (tag[2:], tag[0]))
    return Task("many-to-many, Tx = Ty", "softmax", "entity F1", data, _dictionary(data), ("O", *tags))


def translation(data: Dataset) -> Task:
    """A sentence in French from one in English; in lower case, so that a word is one class wherever it stands"""
    data = _ended(Dataset(*(tuple(e._replace(answers=tuple(map(fold, e.answers))) for e in part) for part in data)))
    french = Vocabulary.build((e.answers[:-1] for e in data.train), marks=(START, END), most=MOST_CLASSES)
    return Task("many-to-many, Tx ≠ Ty", "softmax", "BLEU-4", data, _dictionary(data), french.words)


def _one_by_one(example: Example) -> Iterator[Example]:
    return (Example((word,), (answer,)) for word, answer in zip(example.inputs, example.answers, strict=True))


def _dictionary(data: Dataset) -> Vocabulary:
    return Vocabulary.build((e.inputs for e in data.train), MIN_COUNT)


def _is_name(tag: str) -> str:
    return NAME[tag[2:].upper() in PERSON]


def _relabelled(data: Dataset, name: Callable[[str], str]) -> Dataset:
    return Dataset(*(tuple(e._replace(answers=tuple(map(name, e.answers))) for e in part) for part in data))


def _ended(data: Dataset) -> Dataset:
    """Every answer ends with <END>, so that a network can learn when to stop"""
    return Dataset(*(tuple(e._replace(answers=(*e.answers, END)) for e in part) for part in data))


TASK_BUILDERS = {
    "people": people,
    "word": word,
    "melody": melody,
    "sentiment": sentiment,
    "entities": entities,
    "translation": translation,
}
OUR_DATA = {
    "people": datasets.people,
    "word": datasets.people,
    "melody": datasets.tunes,
    "sentiment": datasets.reviews,
    "entities": datasets.entities,
    "translation": datasets.pairs,
}


CHOSEN_EVERY = 10
ENOUGH_TO_CHOOSE = 10
MOST_CHOSEN_ON = 100  # examples: they are answered anew after every epoch


def in_three_parts(task: Task) -> Task:
    """The same task with every tenth input of its training data set aside: it chooses which epoch is kept. Of fewer
    than a hundred inputs it is more, up to every fifth, so that ten choose.

    Dictionary and classes stay. Examples with the same input stay together; where an input is one word alone, each word
    stands in many sentences, and so every tenth example is taken. A task that has such a part keeps it; of very few
    examples none is set aside.
    """
    train = task.data.train
    if task.data.chosen_on or len(train) < 2 * CHOSEN_EVERY:
        return task
    groups: dict[object, list[Example]] = {}
    for i, example in enumerate(train):
        groups.setdefault(i if task.structure == "one-to-one" else example.inputs, []).append(example)
    every = min(CHOSEN_EVERY, max(len(groups) // ENOUGH_TO_CHOOSE, 5))
    aside = [group for i, group in enumerate(groups.values()) if i % every == every - 1]
    left = [group for i, group in enumerate(groups.values()) if i % every != every - 1]
    chosen_on = tuple(chain.from_iterable(aside))[:MOST_CHOSEN_ON]
    return replace(task, data=task.data._replace(train=tuple(chain.from_iterable(left)), chosen_on=chosen_on))


def task(name: str) -> Task:
    """The task on our own data, built once"""
    with BUILDING:
        return _task(name)


@cache
def _task(name: str) -> Task:
    return TASK_BUILDERS[name](OUR_DATA[name]())


BUILDING = threading.Lock()  # `cache` alone lets all build it who ask at the same time
