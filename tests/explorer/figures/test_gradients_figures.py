"""What Gradients measures and draws: verdicts of networks whose answer is known, and a scale that nothing rescales."""

from dataclasses import replace

import numpy as np
import pytest

from core import training
from core.initialisers import orthogonal
from core.training import Experiment
from explorer import theme
from explorer.figures import credit_matrix, decay_curves, eigenvalues
from explorer.theme import HIGH, LOW
from explorer.views.gradients import cell_flow, credit_panels
from explorer.views.gradients.cell_flow import GradientFlow, log_norm
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
def test_the_bound_holds_and_a_chain_multiplies_to_at_most_its_norms(cell):
    flow = cell_flow.measure(cell, network(cell)[1], WORDS, LABELS, truncate=0)
    assert (flow.last_row <= flow.log_bound + 1e-12).all()
    chain = flow.chain(6, 2)
    assert chain.steps.tolist() == [3, 4, 5, 6]
    assert (chain.factors <= chain.saturation + chain.weights + 1e-12).all()
    assert (chain.product <= chain.product_of_norms + 1e-12).all()
    assert chain.product[-1] == pytest.approx(chain.factors[-1])


def test_a_norm_of_2_need_not_explode():
    """tanh, n_a = 16, ‖Waa‖₂ = 2: about 1e-6 with random weights, where the bound is 1e15"""
    random, rotation = cell_flow.example(seed=1)
    assert 1e-7 < random < 1e-4
    assert random < rotation < 1e-9 * 2.0**cell_flow.EXAMPLE_STEPS


# What is drawn --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [-200, -3, 0, 3, 200])
def test_no_matrix_is_rescaled(shift):
    logs = np.where(np.tri(6, dtype=bool), np.linspace(-9, 2, 36).reshape(6, 6) + shift, np.nan)
    heatmap, marks = credit_matrix.figure(logs, (4, 2), theme.LIGHT).data
    assert (heatmap.zmin, heatmap.zmax) == (LOW, HIGH)
    np.testing.assert_allclose(heatmap.z, np.clip(logs, LOW, HIGH), rtol=1e-6)
    np.testing.assert_allclose(heatmap.customdata, logs, rtol=1e-6)
    assert heatmap.z.dtype == marks.customdata.dtype == np.float32
    assert marks.marker.opacity == 0 and len(marks.x) == 21
    np.testing.assert_allclose(marks.customdata, logs[marks.y - 1, marks.x - 1], rtol=1e-6)


def test_every_matrix_and_the_scale_share_their_colours():
    logs = np.zeros((2, 2))
    for palette in (theme.LIGHT, theme.DARK):
        heatmap, strip = credit_matrix.figure(logs, None, palette).data[0], credit_matrix.scale(palette).data[0]
        assert heatmap.colorscale == strip.colorscale
        assert (heatmap.zmin, heatmap.zmax) == (strip.zmin, strip.zmax)


def test_a_long_sequence_has_few_marks():
    marks = credit_matrix.figure(np.where(np.tri(200, dtype=bool), 0.0, np.nan), None, theme.LIGHT).data[1]
    assert len(marks.x) <= credit_matrix.MOST_MARKS * (credit_matrix.MOST_MARKS + 1) // 2


def test_what_is_not_finite_is_drawn_at_the_end_of_the_scale():
    flow = GradientFlow("relu", exploding())
    heatmap = credit_matrix.figure(flow.matrix, None, theme.LIGHT).data[0]
    past = np.tri(len(WORDS), dtype=bool)
    assert (heatmap.z[past & np.isposinf(flow.matrix)] == HIGH).all() and np.isposinf(flow.matrix).any()
    assert np.isfinite(heatmap.z[past]).all()


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
