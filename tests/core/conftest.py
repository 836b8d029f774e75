"""The problems that the exact tests run on: every cell × loss × structure, with and without attention."""

from itertools import product

import pytest
from problems import ATTENTIVE, Problem, draw

from core.cells import CELLS
from core.losses import LOSSES
from core.structures import STRUCTURES

PRODUCT = list(product(CELLS, LOSSES, [*STRUCTURES, ATTENTIVE]))


@pytest.fixture(params=[(*choice, B) for choice in PRODUCT for B in (1, 3)], ids=lambda p: " | ".join(map(str, p)))
def problem(request) -> Problem:
    """Every cell × loss × structure, one example and three"""
    cell, loss, structure, B = request.param
    return draw(cell, loss, structure, B)


@pytest.fixture(params=PRODUCT, ids=" | ".join)
def one_example(request) -> Problem:
    return draw(*request.param, B=1)


@pytest.fixture(params=PRODUCT, ids=" | ".join)
def measured(request) -> Problem:
    """Three examples whose inputs are vectors of numbers, not words"""
    return draw(*request.param, vectors=True)
