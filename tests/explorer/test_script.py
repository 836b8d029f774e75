"""The script that a reader takes along reproduces the screen for every cell."""

import re

import numpy as np
import pytest
from test_inspector_data import look
from test_keep import run

from core.cells import CELLS
from explorer import keep, stage


@pytest.mark.parametrize("cell", CELLS)
def test_the_script_of_every_cell_prints_the_numbers_of_the_stage(cell, tmp_path):
    now = look(cell)
    table, total, gradient = run(keep.script(now), tmp_path)
    shown = stage.stage_data(now, 1)
    np.testing.assert_allclose(table, np.stack([shown["chance"], shown["loss"], shown["grad"]], 1), rtol=1e-12)
    assert total == pytest.approx(shown["total"], rel=1e-12)
    assert gradient == pytest.approx(np.linalg.norm(now.back.grads["rnn"].Waa), rel=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_the_script_of_every_cell_is_short_and_complete(cell):
    script = keep.script(look(cell, n_a=64))
    assert len(script.splitlines()) < 100
    assert not re.search(r"\$\w", script), "a placeholder was left"
