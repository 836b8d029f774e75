"""The problems that the exact tests run on: every cell × loss × table of slots, with and without attention."""

from itertools import product

import pytest

from core.cells import CELLS
from core.losses import LOSSES
from tests.helpers.problems import TABLES, Problem, draw

PRODUCT = list(product(CELLS, LOSSES, TABLES))


@pytest.fixture(params=[(*choice, B) for choice in PRODUCT for B in (1, 3)], ids=lambda p: " | ".join(map(str, p)))
def problem(request) -> Problem:
    """Every cell × loss × table, one example and three"""
    cell, loss, structure, B = request.param
    return draw(cell, loss, structure, B)


@pytest.fixture(params=PRODUCT, ids=" | ".join)
def one_example(request) -> Problem:
    return draw(*request.param, B=1)


@pytest.fixture(params=PRODUCT, ids=" | ".join)
def measured(request) -> Problem:
    """Three examples whose inputs are vectors of numbers, not words"""
    return draw(*request.param, vectors=True)
