"""What Gradients measures and draws: verdicts of networks whose answer is known, and a scale that nothing rescales."""

from dataclasses import replace

import numpy as np
import pytest

from core import training
from core.activations import RELU, TANH, Activation
from core.backward import backward
from core.cells import CellWeights, VanillaRNN
from core.forward import forward
from core.initialisers import orthogonal
from core.losses import binary_cross_entropy
from core.parameters import Readout
from core.structures import STRUCTURES
from core.training import Experiment
from explorer import theme
from explorer.figures import credit_matrix, decay_curves, eigenvalues
from explorer.prose import prose
from explorer.theme import HIGH, LOW
from explorer.views.gradients import cell_flow, credit_panels, prediction_panel
from explorer.views.gradients.cell_flow import Fit, GradientFlow, fit, log_norm
from tests.helpers.examples import LABELS, SENTENCE, WORDS, exploding, look, network

LINEAR = VanillaRNN(Activation(lambda z: z, np.ones_like))
T, N_A = 40, 8


def flow_through(g1, Waa, x, truncate=0) -> GradientFlow:
    """A plain network with these recurrent weights on inputs x (T, n_a) that stand inside g1 as they are"""
    params = {"rnn": CellWeights(Waa, np.eye(N_A), np.zeros(N_A)), "readout": Readout(np.ones((1, N_A)), np.zeros(1))}
    trace = forward(g1, params, STRUCTURES["many-to-many, Tx = Ty"](len(x), len(x)), x[:, None])
    targets = np.zeros((len(x), 1), dtype=int)
    loss = binary_cross_entropy(trace.logits, targets)
    ran = {"targets": targets, "trace": trace, "loss": loss, "back": backward(trace, loss)}
    return GradientFlow("tanh", replace(look(), words=("word",) * len(x), **ran), truncate)


def bottom(flow: GradientFlow) -> Fit:
    """The fit of the matrix's bottom row"""
    row = flow.matrix[-1, ::-1]
    return fit(row[~np.isnan(row)])


# Verdicts of networks whose answer is known ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rho", "verdict"),
    [
        (0.5, "vanishes"),
        (0.88, "vanishes"),
        (0.9, "fades slowly"),
        (1.0, "holds"),
        (1.1, "grows slowly"),
        (1.13, "explodes"),
        (2, "explodes"),
    ],
)
def test_a_linear_rotation_times_rho_changes_tenfold_in_1_over_log_rho_steps(rho, verdict):
    rng = np.random.default_rng(0)
    found = bottom(flow_through(LINEAR, rho * orthogonal(rng, N_A), rng.normal(size=(T, N_A)) * 1e-9))
    assert found.slope == pytest.approx(np.log10(rho), abs=1e-9)
    assert found.rms_error < 1e-9
    assert found.verdict == verdict
    if rho == 2:
        assert found.description == "10× stronger every 3.3 steps"


def test_relu_with_the_identity_holds_exactly():
    found = bottom(flow_through(VanillaRNN(RELU), np.eye(N_A), np.full((T, N_A), 0.01)))
    assert (found.verdict, found.description) == ("holds", "less than tenfold in 1000 steps")


def test_a_saturated_tanh_vanishes_whatever_its_weights():
    x = np.random.default_rng(0).choice([-30.0, 30.0], (T, N_A))
    found = bottom(flow_through(VanillaRNN(TANH), 2 * np.eye(N_A), x * 0.1))
    assert found.verdict == "vanishes"
    assert found.slope < np.log10(2 * (1 - np.tanh(1) ** 2))


def test_units_that_are_off_let_nothing_through():
    found = bottom(flow_through(VanillaRNN(RELU), np.eye(N_A), np.full((T, N_A), -1.0)))
    assert (found.verdict, found.description) == ("vanishes", "exactly 0 from 1 step back")


def test_what_falls_at_once_and_then_stays_low_is_not_held():
    logs = np.concatenate([[0, -5], np.full(58, -10.0)])
    assert abs(np.polyfit(np.arange(60), logs, 1)[0]) < 1 / cell_flow.STEADY  # a free line would call it held
    assert fit(logs).verdict == "vanishes"


@pytest.mark.parametrize(
    ("logs", "verdict", "pace"),
    [
        ([0.0], "one step", "only one step: no earlier one is reached"),
        ([0, 1, np.inf], "explodes", "not finite from 2 steps back"),
        ([-np.inf, -np.inf], "no error", "nothing to send back: the last answer is exact"),
        ([0, -1, -2], "vanishes", "10× weaker at every step"),
        ([0, 0.75, 1.5], "explodes", "5.62× stronger at every step"),
        ([0, -0.5, -1], "vanishes", "10× weaker every 2 steps"),
        ([0, -np.inf], "vanishes", "exactly 0 from 1 step back"),
    ],
)
def test_the_corners_of_a_fit(logs, verdict, pace):
    found = fit(np.array(logs, dtype=float))
    assert (found.verdict, found.description) == (verdict, pace)


def test_the_fastest_is_the_one_that_fades_fastest():
    of_slope = {"tanh": -0.2, "relu": 0.1, "gru": -0.3, "lstm": -0.05}
    fits = {cell: fit(slope * np.arange(9)) for cell, slope in of_slope.items()}
    assert cell_flow.fades_fastest(fits) == "gru"
    assert "**right**" in prediction_panel.verdict(fits, "gru") and "**wrong**" in prediction_panel.verdict(
        fits, "lstm"
    )
    assert "You said" not in prediction_panel.verdict(fits, "shown")


def fits_of(**logs) -> dict[str, Fit]:
    return {cell: fit(np.array(values, dtype=float)) for cell, values in logs.items()}


def test_of_two_that_end_at_0_the_sooner_one_is_the_faster():
    assert (
        cell_flow.fades_fastest(fits_of(tanh=[0, -1, -np.inf], relu=[0, -np.inf, -np.inf], gru=[0, -9, -18])) == "relu"
    )


def test_where_none_fades_no_answer_is_right_or_wrong():
    fits = fits_of(tanh=[0, 0.1, 0.2], relu=[0, 0, 0], gru=[0, np.inf], lstm=[-np.inf, -np.inf])
    told = prediction_panel.verdict(fits, "tanh")
    assert "fades fastest" not in told and "You said" not in told
    assert all(f"{theme.CELL_NAMES[cell]} {found.description}" in told for cell, found in fits.items())


def test_of_one_step_nothing_is_compared():
    fits = fits_of(tanh=[0], relu=[-1], gru=[-2], lstm=[-np.inf])
    assert prediction_panel.verdict(fits, "gru") == prose("gradients", "truth_one_step")


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
    assert (" and " in told) == (flow.max_distance > 0)


# What is measured -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", theme.CELL_NAMES)
def test_the_last_loss_alone_is_the_bottom_row(cell):
    flow = cell_flow.measure(cell, network_of(cell), WORDS, LABELS, truncate=0)
    np.testing.assert_allclose(flow.last_loss_norms, flow.matrix[-1, ::-1], rtol=1e-12)
    cut = replace(flow, truncate=3)
    assert cut.max_distance == 2 and len(cut.last_loss_norms) == 3
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
    assert (flow.last_loss_norms <= flow.log_bound + 1e-12).all()
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
