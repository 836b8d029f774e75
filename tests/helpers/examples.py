"""What the tests of the pages share: networks, and the core's own answer to compare with, past explorer/lab."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from streamlit.testing.v1 import AppTest

from core import optimisers, parameters, training
from core.backward import BackwardTrace, backward
from core.cells import CELLS
from core.forward import ForwardTrace, forward
from core.losses import Loss
from core.parameters import Parameters
from core.tasks import task
from core.training import Experiment
from explorer.choices.session import Session
from explorer.compute.jobs import Job, people_job
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled, sentence_example, unroll_sentence
from explorer.compute.updates import Update

ROOT = Path(__file__).resolve().parents[2]
EXPLORER = ROOT / "explorer"

SENTENCE = "Harry met zzyzx and Grace in Paris"
WORDS = tuple(SENTENCE.split())
LABELS = (1, 0, 0, 0, 1, 0, 0)
LONG = ("Harry met zzyzx and Grace Granger in Paris " * 8).strip()  # 64 words: more than a page shows


class Answer(NamedTuple):
    trace: ForwardTrace
    loss: Loss
    back: BackwardTrace


def ask_core(params: Parameters, activation: str, words: Sequence[str], labels: Sequence[int]) -> Answer:
    ids = task("people").vocabulary.encode(words)[:, None]
    trace = forward(CELLS[activation], params, task("people").slots(len(words)), ids)
    loss = task("people").loss(trace.logits, np.array(labels)[:, None])
    return Answer(trace, loss, backward(trace, loss))


def update_on(text: str, labels: Sequence[int], *settings, **others) -> Update:
    """An update on a sentence of Explore"""
    job = people_job(Experiment())
    return Update(sentence_example(job, parse_sentence(text).words, labels), *settings, **others)


def descend(params: Parameters, activation: str, click: Update) -> tuple[Parameters, list[float], list[float]]:
    """The updates of a click, one by one, by the core alone: the weights after, ℒ and ‖g‖ before each"""
    losses, norms = [], []
    for _ in range(click.size):
        labels = [task("people").index[answer] for answer in click.example.answers]
        answer = ask_core(params, activation, click.example.inputs, labels)
        grads = answer.back.grads
        losses.append(answer.loss.total)
        norms.append(parameters.norm(grads))
        clipped = optimisers.CLIPS[click.clipping](grads, click.clip_limit)
        params = optimisers.gradient_descent(params, clipped, click.learning_rate)
    return params, losses, norms


def network(activation: str = "tanh", n_a: int = 5, seed: int = 1, **settings) -> tuple[Job, Parameters]:
    """An untrained network; its biases are not zero, so that no term is missing from any sum"""
    experiment = Experiment(cell=activation, hidden_units=n_a, seed=seed, epochs=0, **settings)
    rng, params = np.random.default_rng(seed), training.untrained(experiment)
    biased = {"rnn": {"ba": rng.normal(0, 0.5, len(params["rnn"].ba))}, "readout": {"by": rng.normal(0, 0.5, 1)}}
    return people_job(experiment), {group: arrays._replace(**biased[group]) for group, arrays in params.items()}


def look(activation: str = "tanh", words: Sequence[str] = WORDS, n_a: int = 5) -> Unrolled:
    labels = LABELS if words == WORDS else task("people").guess(words)
    return unroll_sentence(network(activation, n_a)[1], activation, tuple(words), tuple(labels))


def exploding(words: Sequence[str] = WORDS) -> Unrolled:
    """A ReLU network that leaves the range of numbers after a few steps"""
    _, params = network("relu", n_a=4)
    huge = {"Waa": np.full((4, 4), 1e150), "ba": np.ones(4)}
    params = params | {"rnn": params["rnn"]._replace(**huge)}
    return unroll_sentence(params, "relu", tuple(words), tuple(task("people").guess(words)))


def same_bits(left: Parameters, right: Parameters) -> bool:
    pairs = zip(parameters.leaves(left), parameters.leaves(right), strict=True)
    return all(a[:2] == b[:2] and np.array_equal(a[2], b[2]) for a, b in pairs)


def open_app(name: str = "explore", /, **link: str | list[str]) -> AppTest:
    """Open a page in a new session, with what the address bar says"""
    app = AppTest.from_file(EXPLORER / "app.py", default_timeout=30)
    if name != "explore":
        app._page_hash = address(name)
    app.query_params.update(link)
    app.session_state["memory"] = Session(is_painted=True)  # what a browser reports once it has painted the stage
    return app.run()


@cache
def address(name: str) -> str:
    """What Streamlit calls a page; only an app that has run knows it"""
    return open_app().switch_page(page(name))._page_hash


def page(name: str) -> str:
    """The path of a page, as the app knows it"""
    return f"views/{name}/page.py"


class Gradient(NamedTuple):
    """What `rnn.py` prints of one matrix"""

    length: float
    entry: str  # the largest
    exact: float
    difference: float


class Printed(NamedTuple):
    """What `rnn.py` prints"""

    steps: np.ndarray  # (T, 3)  the probability, ℒ⟨t⟩ and ‖∂ℒ/∂state⟨t⟩‖; not a number where there is none
    total: float  # ℒ
    gradients: dict[str, Gradient]
    text: str


def run_script(script: str, folder: Path, encoding: str = "utf-8") -> Printed:
    """Run it alone, on a console that knows this encoding; it must end well and complain of nothing"""
    (folder / "rnn.py").write_text(script, encoding="ascii")
    command = [sys.executable, "-s", "-P", "-O", "-W", "error", "rnn.py"]
    console = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": ""}
    done = subprocess.run(command, cwd=folder, env=console, capture_output=True, encoding=encoding, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    end = next(i for i, line in enumerate(lines) if line.startswith("total loss "))
    steps = [[np.nan if cell == "-" else float(cell) for cell in line.split()[-3:]] for line in lines[1:end]]
    rows = (re.fullmatch(r"(\S+) +(\S+) +(\w+\[.*\]) +(\S+) +(\S+)", line).groups() for line in lines[end + 2 :])
    gradients = {name: Gradient(float(length), at, *map(float, pair)) for name, length, at, *pair in rows}
    return Printed(np.array(steps), float(lines[end].split()[-1]), gradients, done.stdout)
