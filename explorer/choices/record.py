"""The reader's choices: one frozen record. Beside each name stand its default and how a link spells it."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

from core.cells import CELLS
from core.experiments.memory_race import GAPS
from core.initialisers import FORGET_BIASES, INITIALISERS, UPDATE_BIASES
from core.optimisers import CLIPS
from core.training import Experiment
from explorer.compute.answers import Decoding
from explorer.compute.jobs import KINDS, MOST_INPUTS
from explorer.compute.live_training import MOST_EPOCHS
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS
from explorer.compute.unrolled import MOST_ANSWERS, Example
from explorer.compute.updates import Update, Updates
from explorer.compute.whose import ALL, LAST

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
STATIONS = ("reach", "why", "help", "cliff", "race")  # on Gradients, in their order
MOST_STEPS = 200  # of a random sequence
MOST_SLOTS = MOST_INPUTS + MOST_ANSWERS  # steps of any example
CLIFF_W, CLIFF_B = (3.5, 6.5), (-3.6, -1.0)  # the part of the plane that is drawn
MOST_CLIFF_STEPS = 100
RACE_UPDATES = (100, 200, 400, 800)
OF_GROUPS = [f"{group}.{name}" for group in ("decoder", "reverse") for name in ("Waa", "Wax", "ba")]
WEIGHTS = ("Waa", "Wax", "ba", *OF_GROUPS, "Wya", "by", "Wyc", "reverse.Wya")
DIRECTIONS = ("forward", "both")
BESIDE = ("dock", "answer")
BUDGETS = (30, 120, 600)
TEMPERATURES = tuple(round(0.1 * i, 1) for i in range(21))  # 0 to 2
RADII = tuple(round(0.05 * i, 2) for i in range(2, 41))  # 0.1 to 2


# How the text in a link becomes a value; ValueError where it makes none --------------------------------------------


def one_of(*options: Any) -> Callable[[str], Any]:
    return lambda text: options[[str(option) for option in options].index(text)]


def integer(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 9 and low <= int(text) <= high):
            raise ValueError(text)
        return int(text)

    return parse


def forget_bias(text: str) -> int:
    """In version 1 a switch: with a bias of 1, or without"""
    return {"True": 1, "False": 0}[text] if text in ("True", "False") else one_of(*FORGET_BIASES)(text)


def between(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if len(text) > 24 or not low <= float(text) <= high:
            raise ValueError(text)
        return float(text)

    return parse


def whose_error(text: str) -> str:
    """Of all losses, of the last one, or of one step's, as a text; it is empty until the losses are known"""
    return text if text in ("", ALL, LAST) else str(integer(1, MOST_SLOTS)(text))


def truncated(text: str) -> str:
    """What is kept of a long text: one character more than is read, so that it is still seen to be cut"""
    return text if len(text) <= READ_CHARACTERS + 1 else text.strip()[: READ_CHARACTERS + 1]


# The record -----------------------------------------------------------------------------------------------------------


UNCHANGED: Any = object()


def choice(default: Any, parse: Callable[[str], Any], before: Any = UNCHANGED) -> Any:
    """A field of Choices that a link may hold under its own name; `before`: its default in version 1, if another"""
    return field(default=default, metadata={"parse": parse, "before": default if before is UNCHANGED else before})


@dataclass(frozen=True)
class Choices:
    sentence: str = choice(SENTENCE, truncated)
    hidden_units: int = choice(16, integer(4, 64))
    activation: str = choice("tanh", one_of(*CELLS))
    initialisation: str = choice("glorot", one_of(*INITIALISERS))
    spectral_radius: float = choice(1.0, one_of(*RADII))
    seed: int = choice(1, integer(0, 999))
    start: str = choice("trained", one_of("trained", "untrained"))
    learning_rate: float = choice(0.01, one_of(*RATES))
    clipping: str = choice("off", one_of(*CLIPS))
    clip_limit: float = choice(1.0, one_of(*LIMITS))
    step: int = choice(4, integer(1, MOST_WORDS))
    phase: str = choice("forward", one_of("forward", "backward"))  # the way that the stage shows
    whose: str = choice("", whose_error, before=ALL)  # whose error goes back
    selected_weight: str = choice("Waa", one_of(*WEIGHTS))
    # Gradients
    station: str = choice("reach", one_of(*STATIONS))  # the question that is drawn
    source: str = choice("random", one_of("sentence", "random"))
    length: int = choice(100, integer(2, MOST_STEPS), before=30)
    moment: str = choice("untrained", one_of("untrained", "trained"))
    measure: str = choice("distance", one_of("error", "distance"), before="error")  # what a row of a matrix starts from
    forget_bias: int = choice(1, forget_bias)
    update_bias: int = choice(0, one_of(*UPDATE_BIASES))
    truncate: int = choice(0, integer(0, MOST_STEPS))  # τ, steps that each loss is followed over; 0: all
    credit_cell: str = choice("tanh", one_of(*CELLS))
    credit_s: int = choice(0, integer(0, MOST_STEPS))  # 0: none is taken apart
    credit_k: int = choice(1, integer(1, MOST_STEPS))
    guess: str = choice("", one_of("", *CELLS, "shown"))  # the reader's prediction
    cliff_w: float = choice(4.45, between(*CLIFF_W), before=4.4)
    cliff_b: float = choice(-2.23, between(*CLIFF_B), before=-2.5)
    cliff_line: bool = choice(False, one_of(True, False))  # the ball is kept on the line of fixed points
    cliff_rate: float = choice(0.5, one_of(*RATES))
    cliff_limit: float = choice(0.02, one_of(*LIMITS), before=0.2)
    cliff_steps: int = choice(0, integer(0, MOST_CLIFF_STEPS))
    race_tanh: int | None = choice(None, one_of(0, *GAPS))  # the longest gap that the reader predicts; 0: none
    race_relu: int | None = choice(None, one_of(0, *GAPS))
    race_gru: int | None = choice(None, one_of(0, *GAPS))
    race_lstm: int | None = choice(None, one_of(0, *GAPS))
    race_updates: int = choice(200, one_of(*RACE_UPDATES))
    # Structures
    structure: str = choice("translation", one_of(*KINDS))
    input: str = choice("", truncated)  # its default is the example of the structure
    right: str = choice("", truncated)  # the right answer, if the reader says what it is
    cell: str = choice("gru", one_of(*CELLS))
    begin: str = choice("trained", one_of("trained", "untrained"))
    attention: bool = choice(True, one_of(True, False))
    beside: str = choice("dock", one_of(*BESIDE))  # what is seen with the stage: the inspector, or the answer at large
    direction: str = choice("forward", one_of(*DIRECTIONS))  # in which a network reads, where it may choose
    teacher_forcing: bool = choice(False, one_of(True, False))
    decoding: str = choice("beam", one_of("greedy", "beam"))
    beam_width: int = choice(3, integer(1, 8))
    temperature: float = choice(0.8, one_of(*TEMPERATURES))
    top_k: int = choice(0, integer(0, 20))  # 0: all
    room: int = choice(5, integer(0, 20), before=0)  # tokens beyond the longest answer in training
    notes: int = choice(32, integer(4, 64))
    draw: int = choice(1, integer(0, 999))
    at: int = choice(1, integer(1, 200))
    epoch: int = choice(Experiment.epochs, integer(0, MOST_EPOCHS))  # that is shown, of a training that has several
    trained: int = choice(0, integer(0, MOST_EPOCHS))  # epochs of the training on Structures that this session made
    budget: int = choice(30, one_of(*BUDGETS))  # seconds of a training on the reader's own data
    batches: int = choice(0, integer(0, 99_999_999))  # that such a training takes, once it is known
    keep: str = choice("best", one_of("best", "last"))  # epoch of a training
    file: str = choice("", str)  # of the reader's own data, which a link names and does not carry
    # What a link spells in its own way
    labels: tuple[int, ...] = ()
    updates: Updates = ()  # on Explore
    structures_updates: Updates = ()

    @property
    def experiment(self) -> Experiment:
        shown = self.network(self.activation, self.start)
        return replace(shown, epochs=min(shown.epochs, self.epoch))

    def network(self, cell: str, start: str) -> Experiment:
        """The network of these choices, with any cell, trained or not; what it does not use keeps its default"""
        made_of: dict[str, Any] = {"cell": cell, "initialisation": self.initialisation}
        if self.initialisation != "glorot":
            made_of["spectral_radius"] = self.spectral_radius
        if cell == "lstm":
            made_of["forget_bias"] = float(self.forget_bias)
        if cell in ("gru", "lstm"):
            made_of["update_bias"] = float(self.update_bias)
        if start == "untrained":
            made_of["epochs"] = 0
        return Experiment(hidden_units=self.hidden_units, seed=self.seed, **made_of)

    @property
    def way(self) -> Decoding:
        """How a network that writes chooses its answers"""
        return Decoding(self.decoding, self.beam_width, self.temperature, self.top_k, self.notes, self.draw, self.room)

    def update(self, example: Example, size: int) -> Update:
        """A press of an update button, as the settings is set"""
        example = example._replace(label_is_guess=False, teacher_forced=False)  # as a link knows it
        return Update(example, self.learning_rate, self.clipping, self.clip_limit, size)


class Choice(NamedTuple):
    """What a link must know of a choice"""

    default: Any
    parse: Callable[[str], Any]  # raises ValueError for a text that makes no sense
    before: Any  # the default in version 1

    def checked(self, value: Any) -> Any:
        """What a widget holds, if a link could hold it, too; else the default. A widget that was not drawn yet, or one
        of an older version of the page, holds nothing that makes sense."""
        try:
            parsed = self.parse(str(value))
            return parsed if type(parsed) is type(value) else self.default  # of a long text, what is kept of it
        except ValueError:
            return self.default


CHOICES = {one.name: Choice(one.default, **one.metadata) for one in fields(Choices) if "parse" in one.metadata}
