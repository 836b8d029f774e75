"""What the README says in numbers is what the project computes"""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core import evaluation, pretrained, tasks
from core.backward import backward
from core.cells import CELLS
from core.data.abc_file import read_tunes
from core.data.conll import read_conll
from core.data.datasets import DATA
from core.data.reviews import read_reviews
from core.data.sentence_pairs import read_pairs
from core.experiments import both_directions
from core.forward import forward
from core.metrics import f1

ROOT = Path(__file__).resolve().parents[1]
README = ROOT.joinpath("README.md").read_text(encoding="utf-8")


def rows(*starts: str) -> list[list[str]]:
    """The cells of the table rows that begin so"""
    lines = [line for line in README.splitlines() if line.startswith(tuple(f"| {start}" for start in starts))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


SCORED = {
    "people (*Explore*)": pretrained.default_experiment("people", "tanh"),
    **{name: pretrained.default_experiment(name, "gru") for name in ("word", "melody", "sentiment", "entities")},
    "entities, both directions": pretrained.default_experiment("entities", "gru", direction="both"),
    "translation, with attention": pretrained.default_experiment("translation", "gru", attention=True),
    "translation, without": pretrained.default_experiment("translation", "gru"),
}


def test_every_task_has_its_row():
    assert [row[0] for row in rows(*SCORED)] == list(SCORED)


@pytest.mark.parametrize("row", rows(*SCORED), ids=lambda row: row[0])
def test_the_scores(row):
    """Recomputed from the stored network and the held-out file"""
    name, structure, cell, measure, score, simple, _ = row
    experiment, task = SCORED[name], tasks.task(SCORED[name].task)
    params = pretrained.load_pretrained(experiment)
    assert (structure, measure) == (task.structure, task.metric)
    assert cell.lower() == f"{experiment.cell}, {experiment.hidden_units}"
    assert score == f"{evaluation.score(task, CELLS[experiment.cell], params):.2f}"
    assert simple == f"{evaluation.baseline(task):.2f}"


def test_the_spread_of_reading_in_both_directions():
    pairs = both_directions.load().values()
    both, forward = ([getattr(pair, name) for pair in pairs] for name in ("both", "forward"))
    told = [f"{np.mean(scores):.2f} ({min(scores):.2f} to {max(scores):.2f})" for scores in (both, forward)]
    assert "score {} that way, and {} forward".format(*told) in " ".join(README.split())


def test_the_score_of_the_guessed_labels():
    task = tasks.task("people")
    pairs = [(task.guess(e.inputs), [task.index[a] for a in e.answers]) for e in task.data.held_out]
    guessed, true = (np.concatenate(part) for part in zip(*pairs, strict=True))
    assert f"has a token F1 of {f1(guessed, true):.2f}" in " ".join(README.split())


@pytest.mark.parametrize("row", rows("`assets/data/"), ids=lambda row: row[0])
def test_the_sizes_of_the_data_sets(row):
    name, ending = re.match(r"`assets/data/(\w+)\.train\.(\w+)`", row[0]).groups()
    read = {"conll": read_conll, "tsv": read_pairs, "abc": read_tunes}[ending]
    read = read_reviews if name == "reviews" else read
    parts = (DATA / f"{name}.{part}.{ending}" for part in ("train", "held_out"))
    assert row[-1] == " + ".join(str(len(read(path.read_bytes()).examples)) for path in parts)


def test_the_entities_are_in_both_conll_sets():
    assert "The task *entities* uses both CoNLL sets" in README
    sizes = [row[-1].split(" + ") for row in rows("`assets/data/people", "`assets/data/entities")]
    sums = [sum(map(int, part)) for part in zip(*sizes, strict=True)]
    assert [len(part) for part in tasks.task("entities").data[:2]] == sums


@pytest.mark.parametrize("path", re.findall(r"`((?:core|explorer|assets|tests|\.run|requirements)[\w./]*)", README))
def test_the_files_that_it_names_exist(path):
    assert ROOT.joinpath(path).exists()


LINES, EXERCISE = re.findall(r"^```python\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def run(lines: str) -> str:
    """What they print; ten lines at most, and no word of warning"""
    assert len([line for line in lines.splitlines() if line]) <= 10
    command = [sys.executable, "-W", "error", "-X", "utf8", "-c", lines]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout


def test_the_lines_for_a_notebook_run_as_they_stand(tmp_path):
    """One sentence, one forward, one backward, one gradient: the numbers of the fast core"""
    loss, gradient = re.fullmatch(r".* ℒ = (\S+)\n∂ℒ/∂Waa = (.*)\n", run(LINES), flags=re.DOTALL).groups()
    task, params = tasks.task("people"), pretrained.load_pretrained(pretrained.default_experiment("people", "tanh"))
    x = task.vocabulary.encode(["Grace", "met", "Will", "in", "Paris"])[:, None]
    trace = forward(CELLS["tanh"], params, task.slots(5), x)
    expected = task.loss(trace.logits, np.array([[1], [0], [1], [0], [0]]))
    assert float(loss) == pytest.approx(expected.total, rel=1e-12)
    told = np.array(gradient.replace("[", " ").replace("]", " ").split(), dtype=float)
    np.testing.assert_allclose(told, backward(trace, expected).grads["rnn"].Waa.ravel(), rtol=1e-5, atol=1e-7)


def test_the_lines_for_any_exercise_are_the_lectures_equations():
    """From a⟨0⟩ ≠ 0, on vectors: a⟨1⟩ as equation (1) has it"""
    a_1 = "np.tanh(x[0] @ rnn.Wax.T + a0 @ rnn.Waa.T + rnn.ba)"
    *lines, last = EXERCISE.splitlines()
    assert last.startswith("print(trace.a[1:], ")
    found = run("\n".join([*lines, f"print(*({a_1} - trace.a[1]).ravel())"]))
    run(EXERCISE)
    apart = np.array(found.split(), dtype=float)
    assert apart.size == 50 and np.abs(apart).max() < 1e-14


@pytest.mark.parametrize("folder", ["core", "explorer"])
def test_the_files_that_the_readme_of_a_folder_names_exist(folder):
    """Whether it names them from here or from there"""
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"(?<![\w/.])((?:[a-z_.]+/)*[a-z_]+(?:\.py|\.toml|/)(?!\w))", text)
    assert len(named) > 10
    assert [name for name in named if not any((ROOT / at / name).exists() for at in (folder, "."))] == []
