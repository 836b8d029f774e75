"""The rows of numbers that the browser forms from the factors of the inspector, formed by its own modules in Node."""

import json
import shutil
import subprocess
from functools import cached_property

import numpy as np
import pytest

from explorer.components.inspector import inspector_data, second_stream_data
from explorer.components.stage_texts import StageTexts
from explorer.compute.unrolled import Unrolled
from tests.helpers.examples import ROOT


def in_node(script: str, asked: dict) -> dict:
    """What a script of tests/js answers; where there is no Node, the test is skipped"""
    node = shutil.which("node") or pytest.skip("Node is not at hand.")
    ran = subprocess.run(
        [node, ROOT / "tests" / "js" / script], input=json.dumps(asked), capture_output=True, encoding="utf-8"
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


CELL_ROWS = {
    "tanh": "past x b z slope delta",
    "gru": "past_u past_r past_c x_u x_r x_c b_u b_r b_c u r c_tilde updated delta_u delta_r delta_c d_past",
    "lstm": "past_u past_f past_o past_c x_u x_f x_o x_c b_u b_f b_o b_c u f o c_tilde c c_prev updated "
    "memory_next d_c delta_u delta_f delta_o delta_c",
}
CELL_ROWS["relu"] = CELL_ROWS["tanh"]
EVERYWHERE = "a a_prev stream_y stream_next d_a"
OF_DECODER = "score alpha context d_context d_score stream_look"


class Rows:
    """rows["c_prev"] (T, n_a) is row c, one step earlier"""

    def __init__(self, unrolled: Unrolled, texts: StageTexts | None = None, second: bool = False):
        data = second_stream_data(unrolled, texts) if second else inspector_data(unrolled, 1, texts)
        self.data = json.loads(json.dumps(data))

    @cached_property
    def _formed(self) -> dict[str, list]:
        names = f"{EVERYWHERE} {CELL_ROWS[self.data['cell']]}".split()
        names += f"{OF_DECODER} stream_attention".split() if self.data["attention"] else []
        return in_node("rows.js", {"data": self.data, "names": names})

    def __getitem__(self, name: str) -> np.ndarray:
        return np.array(self._formed[name], dtype=float)

    def stacked(self, *names: str) -> np.ndarray:
        return np.concatenate([self[name] for name in names], axis=-1)

    def inside(self, gate: str) -> np.ndarray:
        return self[f"past_{gate}"] + self[f"x_{gate}"] + self[f"b_{gate}"]
