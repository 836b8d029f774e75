"""Every figure is built without Plotly's own checks; here each is checked once."""

import ast
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.io.json import to_json_plotly

from core.experiments.memory_race import GAPS, SEEDS
from explorer import figures
from explorer.figures import (
    cell_drawing,
    decay_curves,
    eigenvalues,
    error_by_step,
    gates,
    gradient_split,
    growth_with_length,
    hidden_states,
    learning_curve,
    memory_race,
    piano_roll,
    race_pairs,
    sentiment_curve,
    step_shares,
    updates,
)
from explorer.theme import CELL_NAMES, DARK, LIGHT, Palette

WORDS = ["Will", "<b>met</b>", "a" * 30, "in", "Paris"]
T = len(WORDS)
P = np.array([0.1, 0.9, np.nan, 0.0, 0.996])
SQUARE = np.tri(T) * 10.0 ** -np.arange(T)
LOGS = np.where(np.tri(T, dtype=bool), np.linspace(-9, 2, T * T).reshape(T, T), np.nan)
CURVES = [
    decay_curves.Curve("tanh", np.array([0, -1, -2.0]), np.array([0, -1, -2.0]), np.array([0, 1, 2.0])),
    decay_curves.Curve("gru", np.array([0, -1, -np.inf]), None, None, np.array([0, -3, -np.inf])),
]
NOTES = [piano_roll.Note("G4", 67, 1.0), piano_roll.Note("rest", None, 0.5), piano_roll.Note("C4", 60, 2.0)]
RACE = {cell: np.full((len(GAPS), SEEDS), 0.5) for cell in CELL_NAMES}
LINES = growth_with_length.Line("one", P[[0, 1, 3]]), growth_with_length.Line("other", P[[0, 1, 3]], (1.0, 2.0))
STEPS = np.array([3, 2])
GAINS = np.array([0.5, 0.0]), np.array([2.0, -0.1])
WAYS = [np.array([0, -1.0, -np.inf]), np.array([0, 30.0, 60.0])]
LEARNED = [(("Grace", "sang"), (1, 0))] * 2 + [(("May", "fell"), (0, 0))] * 3

FIGURES: dict[str, Callable[[Palette], go.Figure]] = {
    "cell_drawing": lambda palette: cell_drawing.figure(
        "forward", 3, dict.fromkeys(("past", "by_past", "by_input", "z", "a", "answer", "loss"), "1.2"), palette
    ),
    "cell_drawing, folded": lambda palette: cell_drawing.folded(9, palette),
    "cell_drawing, backward": lambda palette: cell_drawing.figure(
        "backward", 3, dict.fromkeys(("past", "z", "a", "from_y", "from_next"), "1.2"), palette
    ),
    "decay_curves": lambda palette: decay_curves.figure(CURVES, palette),
    "eigenvalues": lambda palette: eigenvalues.figure({"tanh": P[:2] + 1j, "relu": P[:2] - 1j}, palette),
    "error_by_step": lambda palette: error_by_step.one_curve(WORDS, SQUARE[-1], palette),
    "gates": lambda palette: gates.figure(
        [gates.Row("lstm", "Γf", P[:2], 0.7), gates.Row("gru", "Γu", P[:2], 0)], palette
    ),
    "growth_with_length": lambda palette: growth_with_length.figure([1, 2, 3], *LINES, "ms", palette),
    "hidden_states": lambda palette: hidden_states.figure(SQUARE, WORDS, 1.0, palette),
    "gradient_split": lambda palette: gradient_split.factors(
        STEPS, [gradient_split.Part("slope", np.abs(gains), palette.forward) for gains in GAINS], palette
    ),
    "gradient_split, shares": lambda palette: gradient_split.shares(
        STEPS, [gradient_split.Part("memory", gains, palette.forward) for gains in GAINS], palette
    ),
    "gradient_split, so far": lambda palette: gradient_split.lines(
        [gradient_split.Line("bound", logs, palette.faint, "dash") for logs in WAYS], palette, names_beside=True
    ),
    "learning_curve": lambda palette: learning_curve.figure([1, 2, 3, 4, 5], P, P, "BLEU-4", 0.2, False, palette),
    "learning_curve, empty": lambda palette: learning_curve.figure([], [], [], "perplexity", None, True, palette),
    "memory_race": lambda palette: memory_race.figure(GAPS, RACE, {"solved": 0.95, "chance": 0.25}, palette),
    "piano_roll": lambda palette: piano_roll.figure(NOTES, [None, 0.5, 0.9], 2, palette),
    "piano_roll, empty": lambda palette: piano_roll.figure([], [], 0, palette),
    "race_pairs": lambda palette: race_pairs.figure(
        [race_pairs.Point("tanh", 5, 1, 0.1, 1.0), race_pairs.Point("gru", 80, 2, 1e-20, 0.25)], 0.95, palette
    ),
    "sentiment_curve": lambda palette: sentiment_curve.figure(WORDS, P, 2, palette, ("no", "yes")),
    "step_shares": lambda palette: step_shares.figure(WORDS, SQUARE[-1], 2, palette),
    "updates": lambda palette: updates.curve(P, P, LEARNED, palette),
    "updates, before and after": lambda palette: updates.before_after(WORDS, P, P / 2, palette),
}  # by the file each stands in


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_plotly_accepts_it_as_it_is(make, palette):
    drawn = make(palette)
    checked = go.Figure(drawn.to_dict())  # raises where a name or a value is none of Plotly's
    assert json.loads(checked.to_json()) == json.loads(drawn.to_json())
    copied = go.Figure.to_dict(drawn)  # as Plotly would have sent it
    assert json.loads(to_json_plotly(drawn.to_dict())) == json.loads(to_json_plotly(copied))


def test_no_figure_is_left_out():
    files = {file.stem: ast.parse(file.read_text(encoding="utf-8")) for file in Path(figures.__path__[0]).glob("*.py")}
    draws = {
        name
        for name, tree in files.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "base.draw"
    }
    assert draws <= {name.partition(",")[0] for name in FIGURES}
