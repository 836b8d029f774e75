"""What the README says in numbers is what the project computes"""

import re
from pathlib import Path

import pytest

from core import models, scores
from core.cells import CELLS
from core.tasks import task
from core.training import Experiment

README = Path(__file__).resolve().parents[1].joinpath("README.md").read_text(encoding="utf-8")


def said(pattern: str) -> str:
    return re.search(pattern, README)[1]


def test_the_scores():
    experiment = Experiment()
    score = scores.score(task("people"), CELLS[experiment.activation], models.stored(experiment))
    assert said(r"\| the network \| (\S+) \|") == f"{score:.2f}"
    assert said(r"\| the majority tag \| (\S+) \|") == f"{scores.baseline(task('people')):.2f}"


def test_the_sizes_of_the_data_set():
    train, held_out = len(task("people").data.train), len(task("people").data.held_out)
    assert said(r"holds (\d+) sentences") == str(train + held_out)
    assert said(r"the first (\d+) sentences") == str(train)
    assert said(r"on the other (\d+)") == str(held_out)


@pytest.mark.parametrize("path", re.findall(r"`((?:core|explorer|assets|tests|\.run|requirements)[\w./]*)", README))
def test_the_files_that_it_names_exist(path):
    assert Path(__file__).resolve().parents[1].joinpath(path).exists()
