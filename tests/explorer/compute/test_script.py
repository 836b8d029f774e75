"""The script that a reader takes along prints the core's numbers, for every structure and cell, on any console."""

import ast
import io
from contextlib import redirect_stdout
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import training
from core.backward import BackwardTrace, backward
from core.cells import CELLS
from core.forward import ForwardTrace, forward
from core.losses import Loss
from core.parameters import leaves, tree_map
from core.structures import NO_TARGET
from core.tasks import Task, task
from core.training import Experiment
from explorer.components import stage
from explorer.compute.script import numpy_script, printable
from explorer.views import share
from tests.helpers.biased import look
from tests.helpers.examples import run_script

TASKS = ["people", "word", "melody", "sentiment", "entities", "translation", "translation with attention"]
TASKS += ["entities with both directions"]
PRODUCT = list(product(TASKS, CELLS))
STRANGE = [
    "",
    " ",
    "\n",
    "\r\x1b[31m",
    "\u2028",
    "\u202e",
    '"""',
    "'",
    "\\",
    "{x}",
    "%s",
    "naïve",
    "我",
    "👩‍🚀",
    "\ud800",
    "\0",
]
TEXT = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(STRANGE)


class Scene(NamedTuple):
    """One short example through a network that nobody trained, with biases"""

    cell: str
    task: Task
    words: tuple[str, ...]
    targets: np.ndarray
    trace: ForwardTrace
    loss: Loss
    back: BackwardTrace

    def script(self, **others) -> str:
        data = {"slots": self.trace.slots, "x": self.trace.x, "targets": self.targets, "words": self.words}
        data |= {"classes": self.task.classes}
        return numpy_script(self.cell, self.task.output, self.trace.params, **data | others)


def scene(name: str, cell: str, owed: int | None = None) -> Scene:
    """`owed`: only so many answers are due, the rest the network gives unasked"""
    name, _, more = name.partition(" with ")
    job, direction = task(name), "both" if more == "both directions" else "forward"
    experiment = Experiment(name, cell, hidden_units=5, epochs=0, attention=more == "attention", direction=direction)
    params = training.untrained(experiment)
    rng = np.random.default_rng(1)
    params = tree_map(lambda array: array + rng.normal(0, 0.3, array.shape), params)
    short = min(job.data.held_out, key=lambda e: abs(len(e.inputs) + len(e.answers) - 14))
    slots, x, targets = job.batch([short])
    due = np.flatnonzero(targets != NO_TARGET)
    targets[due[owed:]] = NO_TARGET if owed else targets[due[owed:]]
    trace = forward(CELLS[cell], params, slots, x)
    loss = job.loss(trace.logits, targets)
    words = short.inputs + tuple(job.classes[i] for i in x[len(short.inputs) :, 0])
    return Scene(cell, job, words, targets, trace, loss, backward(trace, loss))


def assert_it_prints_the_numbers_of_the_core(now: Scene, script: str, folder, encoding: str = "ascii"):
    printed = run_script(script, folder, encoding)
    y_hat = now.loss.y_hat[:, 0]
    answers = np.array([slot.answers for slot in now.trace.slots])
    chance = np.where(answers, y_hat.max(axis=-1), np.nan)
    due = np.where(now.targets[:, 0] == NO_TARGET, np.nan, now.loss.per_step[:, 0])
    norms = np.linalg.norm(now.back.d_state[1:, 0], axis=-1)
    if now.back.reverse:  # of both streams
        norms = np.hypot(norms, np.linalg.norm(now.back.reverse.d_state[:0:-1, 0], axis=-1))
    np.testing.assert_allclose(printed.steps, np.stack([chance, due, norms], 1), rtol=1e-12)
    assert printed.total == pytest.approx(now.loss.total, rel=1e-12)
    assert printed.gradients.keys() == {f"{group}.{name}" for group, name, _ in leaves(now.back.grads)}
    for group, name, array in leaves(now.back.grads):
        told = printed.gradients[f"{group}.{name}"]
        assert told.length == pytest.approx(np.linalg.norm(array), rel=1e-12, abs=1e-15)
        index = tuple(ast.literal_eval(told.entry.removeprefix(name)))
        assert told.exact == pytest.approx(array[index], rel=1e-12, abs=1e-15)
        assert abs(told.exact) == pytest.approx(np.abs(array).max(), rel=1e-12, abs=1e-15)
        assert told.difference == pytest.approx(told.exact, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize(("name", "cell"), PRODUCT)
def test_it_prints_the_numbers_of_the_core(name, cell, tmp_path):
    now = scene(name, cell)
    assert_it_prints_the_numbers_of_the_core(now, now.script(), tmp_path)


@pytest.mark.parametrize("name", ["melody", "translation with attention"])
def test_an_answer_that_nobody_asked_for_has_no_loss(name, tmp_path):
    now = scene(name, "gru", owed=2)
    assert_it_prints_the_numbers_of_the_core(now, now.script(), tmp_path)


@pytest.mark.parametrize("cell", CELLS)
def test_the_script_of_every_cell_prints_the_numbers_of_the_stage(cell, tmp_path):
    now = look(cell)
    printed = run_script(share.script(now), tmp_path)
    shown = stage.stage_data(now, 1)
    np.testing.assert_allclose(printed.steps, np.stack([shown["chance"], shown["loss"], shown["grad"]], 1), rtol=1e-12)
    assert printed.total == pytest.approx(shown["total"], rel=1e-12)
    assert printed.gradients["rnn.Waa"].length == pytest.approx(np.linalg.norm(now.back.grads["rnn"].Waa), rel=1e-12)


@pytest.mark.parametrize(("name", "cell"), PRODUCT)
def test_it_is_short_complete_and_holds_only_what_this_network_uses(name, cell):
    script = scene(name, cell).script()
    tree = ast.parse(script)
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {f"{other}_step" for other in CELLS} & defined == {f"{cell}_step"}
    assert defined - called <= {"sigmoid"}, "a function that is never called"
    assert len(script.splitlines()) < (220 if " with " in name or name == "translation" else 180)
    assert script.isascii()


# Whatever the reader typed --------------------------------------------------------------------------------------------


def code(script: str) -> str:
    """The script without its data"""
    tree = ast.parse(script)
    data = {"words", "classes"}
    tree.body = [n for n in tree.body if not (isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") in data)]
    return ast.dump(tree)


PLAIN = scene("people", "tanh")


@pytest.mark.slow
@given(st.lists(TEXT, min_size=len(PLAIN.words), max_size=len(PLAIN.words)), st.tuples(TEXT, TEXT))
def test_words_and_names_of_classes_never_become_code(words, classes):
    script = PLAIN.script(words=words, classes=classes)
    assert script.isascii()
    assert code(script) == code(PLAIN.script())
    found = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(script).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("words", "classes")
    }
    assert found == {"words": words, "classes": list(classes)}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "gbk"])
@given(text=TEXT)
def test_any_word_can_be_printed_in_one_line(encoding, text):
    console = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    with redirect_stdout(console):
        print(printable(text), end="")
        console.flush()
    shown = console.buffer.getvalue().decode(encoding)
    assert shown.isprintable() and shown.encode(encoding).decode(encoding) == shown
    if text.isascii() and text.isprintable():
        assert shown == text


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
@settings(max_examples=8)
@given(words=st.lists(TEXT, min_size=len(PLAIN.words), max_size=len(PLAIN.words)))
def test_strange_words_change_no_number(encoding, words, tmp_path_factory):
    script = PLAIN.script(words=words, classes=("\ud800", "\n我"))
    assert_it_prints_the_numbers_of_the_core(PLAIN, script, tmp_path_factory.mktemp("strange"), encoding)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_console_shows_what_it_can(encoding, tmp_path):
    words = ["naïve", "我", "\ud800", "\x1b[31m", *PLAIN.words][: len(PLAIN.words)]
    text = run_script(PLAIN.script(words=words), tmp_path, encoding).text
    assert ("naïve" in text and "我" in text) == (encoding == "utf-8")
    assert ("na\\xefve" in text and "\\u6211" in text) == (encoding == "ascii")
    assert "\\ud800" in text and "\\x1b[31m" in text
