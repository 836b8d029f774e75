"""What Gradients measures and draws: verdicts of networks whose answer is known, and a scale that nothing rescales."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest

from core import training
from core.cells import CELLS, CellWeights
from core.forward import forward
from core.gradient_flow import Factors
from core.initialisers import orthogonal
from core.parameters import Parameters, Readout
from core.structures import STRUCTURES
from core.training import Experiment
from explorer import theme
from explorer.figures import decay_curves, eigenvalues, gradient_split
from explorer.formatting import power, three_digits
from explorer.views.gradients import cell_flow, credit_panels, split_panel, why_station
from explorer.views.gradients.cell_flow import GradientFlow, Split, log_norm
from tests.helpers.examples import LABELS, SENTENCE, WORDS, exploding, network

N_A = 8


# Spectra --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rho", "expected"),
    [
        (1.0, "0 of 8 outside the circle, 8 on it"),
        (1.1, "8 of 8 outside the circle"),
        (0.9, "0 of 8 outside the circle"),
    ],
)
def test_what_rounding_takes_off_the_circle_is_on_it(rho, expected):
    for seed in range(5):
        rotation = orthogonal(np.random.default_rng(seed), N_A)
        assert credit_panels.where(np.linalg.eigvals(rho * rotation)) == expected


@pytest.mark.parametrize(("typed", "truncate"), [("Grace", 0), (SENTENCE, 1), (SENTENCE, 0)])
def test_a_matrix_is_told_in_words(typed, truncate):
    read = tuple(typed.split())
    flow = cell_flow.measure("tanh", network("tanh")[1], read, LABELS[: len(read)], truncate)
    told = credit_panels.sentence(flow, "untrained")
    length = "1 step" if len(read) == 1 else f"{len(read)} steps"
    assert told.startswith(f"tanh RNN, untrained, {length}: {flow.fit.verdict}, {flow.fit.description}. ")
    assert (" and " in told.removeprefix(flow.fit.description)) == (flow.max_distance > 0)


@pytest.mark.parametrize("cell", theme.CELL_NAMES)
def test_a_number_of_a_matrix_is_read_in_all_digits_as_in_the_file(cell):
    flow = cell_flow.measure(cell, network_of(cell), WORDS, LABELS, truncate=0)
    written = io.StringIO(credit_panels.matrix_table({cell: flow}).to_csv(index=False))
    for row in csv.DictReader(written):
        s, k, number = int(row["s"]), int(row["k"]), float(row["norm"])
        assert number == pytest.approx(10.0 ** flow.matrix[s - 1, k - 1], rel=1e-15)
        told = re.search(rf"row {s}, column {k}: (\S+)\. ", split_panel.exactly(flow, s, k) or "")
        assert float(told[1]) == pytest.approx(number, rel=1e-15) if told else number == 0
    cut = cell_flow.measure(cell, network_of(cell), WORDS, LABELS, truncate=2)
    assert split_panel.exactly(cut, len(WORDS), 1) is None


# What is measured -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", theme.CELL_NAMES)
def test_the_last_loss_alone_is_the_bottom_row(cell):
    flow = cell_flow.measure(cell, network_of(cell), WORDS, LABELS, truncate=0)
    np.testing.assert_allclose(flow.last_row, flow.matrix[-1, ::-1], rtol=1e-12)
    cut = replace(flow, truncate=3)
    assert cut.max_distance == 2 and len(cut.last_row) == 3
    assert np.isnan(cut.matrix[5, :3]).all() and np.isfinite(cut.matrix[5, 3:6]).all()
    assert cut.truncation_error > 0 and flow.truncation_error == 0


def network_of(cell):
    return training.untrained(Experiment(cell=cell, hidden_units=5))


def test_norms_leave_the_range_of_numbers_no_sooner_than_their_entries():
    vectors = np.array([[3e-200, 4e-200], [3e200, 4e200], [0, 0], [np.inf, 1], [np.nan, 0]])
    np.testing.assert_allclose(log_norm(vectors)[:2], [np.log10(5) - 200, np.log10(5) + 200])
    assert log_norm(vectors)[2:].tolist() == [-np.inf, np.inf, np.inf]


@pytest.mark.parametrize("cell", ["tanh", "relu"])
def test_the_bound_holds(cell):
    flow = cell_flow.measure(cell, network(cell)[1], WORDS, LABELS, truncate=0)
    assert (flow.last_row <= flow.log_bound + 1e-12).all()


@pytest.mark.parametrize("kind", ["error", "distance"])
@pytest.mark.parametrize("cell", theme.CELL_NAMES)
def test_a_split_ends_on_the_number_of_the_matrix(cell, kind):
    flow = cell_flow.measure(cell, network_of(cell), WORDS, LABELS, truncate=0, kind=kind)
    for s in range(2, len(WORDS) + 1):
        for k in range(1, s):
            split = flow.split(s, k)
            ended = not split.parts.gain.all()  # of ReLU, where all units are off
            assert split.steps.tolist() == list(range(s, k, -1))[: len(split.parts.gain) if ended else None]
            assert split.start + split.log_gains[-1] == pytest.approx(flow.matrix[s - 1, k - 1], rel=1e-12, abs=1e-12)
            assert split_panel.sentence(flow, split, s, k)


def test_where_nothing_starts_there_is_nothing_to_split():
    flow = GradientFlow("relu", exploding())
    T = len(WORDS)
    assert not np.isfinite(flow.matrix[T - 1, 0]) and flow.split(T, 1) is None


def settings_at_random(seed: int) -> Experiment:
    rng = np.random.default_rng(seed)
    return Experiment(
        cell=str(rng.choice(["tanh", "relu"])),
        hidden_units=int(rng.integers(4, 12)),
        initialisation=str(rng.choice(["glorot", "scaled", "orthogonal", "identity"])),
        spectral_radius=float(rng.choice([1.0, rng.uniform(0.2, 2)])),
        seed=seed,
        epochs=0,
    )


@pytest.mark.slow
def test_over_200_random_settings_no_sentence_contradicts_its_numbers():
    """What Why says of the norm, of ρ, of the bound and of the product, read back from the sentence"""
    seen = set()
    for seed in range(200):
        made = settings_at_random(seed)
        sentence = cell_flow.random_words(20, seed)
        flow = cell_flow.measure(made.cell, training.untrained(made), sentence.words, sentence.guess, 0, "distance")
        for k in (1, 19):
            if split := flow.split(20, k):
                seen.add(agrees(flow, split))
    assert seen == {"must vanish", "cannot grow", "has grown", "has shrunk"}


def agrees(flow: GradientFlow, split: Split) -> str:
    """Every statement of the conclusion against the numbers; which of its forms it was"""
    told, log, n = why_station.conclusion(flow, split), split.log_gains[-1], len(split.log_gains)
    sigma, rho = flow.spectrum.sigma_max, flow.spectrum.radius
    assert f"× {power(log)}" in told and f"in {n} step" in told
    curves = why_station.curves_of(flow, split)
    assert (split.log_gains <= curves["bound"][1 : n + 1] + 1e-9).all()
    assert (split.parts.slope <= 1 + 1e-12).all(), "no slope lengthens an error"
    if "settles it beforehand" in told:
        assert sigma < 1 and (split.parts.gain < 1).all()
        return "must vanish"
    slopes, along = (number(rf"{word} × (\S+)[,:] |{word} × (\S+) \(", told) for word in ("left", "(?:made|way,)"))
    assert three_digits(slopes * along) == power(log), "displayed numbers close"
    if "can grow" in told:
        assert sigma == pytest.approx(1, abs=1e-9) and (split.parts.gain <= 1 + 1e-9).all()
        return "cannot grow"
    assert sigma > 1
    assert ("is below 1, which alone guarantees nothing" in told) == (rho < 1 - 1e-9)
    assert ("is above 1, which alone forces nothing" in told) == (rho > 1 + 1e-9)
    bound = float(why_station.sigma_told(flow)) ** (len(flow.unrolled.words) - 1)
    assert three_digits(bound) == power(curves["bound"][-1]), "σₘₐₓ as it is written makes the bound beside it"
    alone = 10 ** flow.weights_alone(n)[-1]
    if "come to" in told:
        assert number(r"come to (?:at most )?× (\S+), ", told) == pytest.approx(alone, rel=0.01, abs=1e-300)
        assert ("all that σₘₐₓᵈ allows" in told) == (alone == pytest.approx(sigma**n, rel=3e-3))
    else:
        assert n == 1
    went = re.search("has (grown|shrunk|kept its length)", told)[0]
    assert {"has grown": log > 0, "has shrunk": log < 0, "has kept its length": abs(log) < 0.003}[went]
    assert (went == "has kept its length") == (power(log) == "1")
    return went


def number(pattern: str, text: str) -> float:
    return float(next(filter(None, re.search(pattern, text).groups())).replace(",", ""))


def test_a_radius_of_0_under_slopes_that_turn_is_told_rightly():
    """ρ = 0 and W² = 0, and yet slopes of 1 and ½ make 3.3 million of an error in 20 steps: what Why says of it"""
    W, T = 4 * np.array([[1.0, 1.0], [-1.0, -1.0]]), 21
    z = np.array([0.0, np.arctanh(np.sqrt(0.5))])  # where the slopes of tanh are 1 and ½
    x = np.array([z, *[z - W @ np.tanh(z)] * (T - 1)])
    params: Parameters = {
        "rnn": CellWeights(W, np.eye(2), np.zeros(2)),
        "readout": Readout(np.ones((1, 2)), np.zeros(1)),
    }
    trace = forward(CELLS["tanh"], params, STRUCTURES["many-to-many, Tx = Ty"](T, T), x[:, None])
    flow = GradientFlow("tanh", replace(exploding(), words=("word",) * T, trace=trace), 0, "distance")
    split = flow.split(T, 1)
    assert split and split.parts.slope[0] == pytest.approx(np.sqrt(5 / 8)) and flow.spectrum.radius < 1e-6
    assert split.log_gains[-1] > 6 and agrees(flow, split) == "has grown"
    told = why_station.conclusion(flow, split)
    assert "come to at most × 0, because" in told and "which alone guarantees nothing" in told


def test_an_error_that_keeps_its_length_has_neither_grown_nor_shrunk():
    flow = cell_flow.measure("tanh", training.untrained(TWICE_AT_EACH_STEP), WORDS, LABELS, 0, "distance")
    n = len(WORDS) - 1
    split = Split(np.arange(n + 1, 1, -1), Factors(np.full(n, 0.5), np.full(n, 2.0)), 0.0)
    assert agrees(flow, split) == "has kept its length"
    assert "this Waa stretches again what it has stretched" in why_station.conclusion(flow, split)


TWICE_AT_EACH_STEP = Experiment(initialisation="identity", spectral_radius=2.0, epochs=0)


# What is drawn --------------------------------------------------------------------------------------------------------


def test_every_axis_of_steps_has_its_last_tick():
    for T in range(2, 201):
        marks = gradient_split.step_ticks(T, first=1)["tickvals"]
        assert marks[0] == 1 and marks[-1] == T and marks == sorted(set(marks)) and len(marks) <= 11


def test_the_labels_of_a_scale_have_room():
    for room in (35, 55, 85, 200):
        for low, high in (
            (-0.31, 0.31),
            (-0.9, 0.31),
            (-1.7, 0.3),
            (-2.9, 0.05),
            (-12.0, 0.3),
            (-0.3, 6.0),
            (-280.0, 1.0),
        ):
            marks = gradient_split.log_ticks(low, high, room)["tickvals"]
            assert all(low <= mark <= high for mark in marks) and min(map(abs, marks)) < 1e-9, "×1 is among them"
            apart = np.diff(marks) * room / (high - low)
            assert (apart >= gradient_split.LABEL - 1e-9).all(), (room, low, high)


def test_each_row_of_factors_has_room_between_and_a_low_bar_is_told():
    parts = [gradient_split.Part(name, np.full(9, 0.9), theme.LIGHT.forward) for name in ("slope", "weights")]
    figure = gradient_split.factors(np.arange(9, 0, -1), parts, theme.LIGHT, height=155)
    upper, lower = figure.layout.yaxis, figure.layout.yaxis2
    gap = (upper.domain[0] - lower.domain[1]) * (155 - gradient_split.AROUND)
    assert gap >= gradient_split.LABEL and figure.layout.hovermode == "x"
    assert list(upper.ticktext) == ["×0.5", "×1", "×2"]


def test_curves_show_what_was_measured_fitted_and_allowed():
    logs = np.array([0, -1.0, -np.inf])
    curve = decay_curves.Curve("tanh", logs, np.array([0, -1, -2.0]), np.array([0, 1, 2.0]))
    bound, line, marks = decay_curves.figure([curve], theme.LIGHT).data
    assert (bound.line.dash, line.line.dash, marks.mode) == ("dash", "solid", "markers")
    assert bound.y.tolist() == [0, 1, 2] and line.y.tolist() == [0, -1, -2]
    assert marks.y[:2].tolist() == [0, -1] and np.isnan(marks.y[2])


def test_eigenvalues_stand_where_they_are():
    values = np.array([1 + 2j, 1 - 2j, -0.5])
    fig = eigenvalues.figure({"tanh": values, "relu": values}, theme.LIGHT)
    for points in fig.data:
        np.testing.assert_allclose(points.x + 1j * points.y, values)
    assert fig.layout.yaxis.scaleanchor == "x"
    assert fig.layout.xaxis.range[1] > np.sqrt(5)


def test_random_words_are_those_of_the_seed_and_known():
    first, again, other = (cell_flow.random_words(200, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len(first.words) == len(first.guess) == 200 and "<UNK>" not in first.words
    assert SENTENCE  # the other source of words is Explore's
