"""How fast errors fade, and the words for it: networks whose answer is known, and random ones, word against number."""

import re
from dataclasses import replace

import numpy as np
import pytest

from core import training
from core.activations import RELU, TANH, Activation
from core.backward import backward
from core.cells import CELLS, CellWeights, VanillaRNN
from core.experiments import memory_race
from core.experiments.memory_race import TASK, RaceSettings, Trial
from core.forward import forward
from core.gradient_flow import last_unit_gradients
from core.initialisers import FORGET_BIASES, INITIALISERS, UPDATE_BIASES, orthogonal
from core.losses import binary_cross_entropy
from core.parameters import Parameters, Readout
from core.structures import STRUCTURES
from core.training import Experiment
from explorer.choices.link import from_link
from explorer.choices.record import Choices
from explorer.compute.networks import network
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.gradients import cell_flow, flows, prediction_panel, rates
from explorer.views.gradients.cell_flow import GradientFlow
from explorer.views.gradients.prediction_panel import Question, question
from explorer.views.gradients.rates import ENDLESS, STEADY, Fit, fit
from tests.helpers.examples import look

LINEAR = VanillaRNN(Activation(lambda z: z, np.ones_like))
T, N_A = 40, 8
NOBODY = np.empty((0, 0))
SIGMA_3 = 1 / (1 + np.exp(-3))


def flow_through(cell, weights: CellWeights, x, truncate=0) -> GradientFlow:
    """A network with these recurrent weights on inputs x (T, n_x)"""
    params: Parameters = {"rnn": weights, "readout": Readout(np.ones((1, N_A)), np.zeros(1))}
    trace = forward(cell, params, STRUCTURES["many-to-many, Tx = Ty"](len(x), len(x)), x[:, None])
    targets = np.zeros((len(x), 1), dtype=int)
    loss = binary_cross_entropy(trace.logits, targets)
    ran = {"targets": targets, "trace": trace, "loss": loss, "back": backward(trace, loss)}
    return GradientFlow("tanh", replace(look(), words=("word",) * len(x), **ran), truncate, "distance")


def plain(g1, Waa, x, truncate=0) -> GradientFlow:
    """A plain cell; x (T, n_a) stands inside g1 as it is"""
    return flow_through(VanillaRNN(g1), CellWeights(Waa, np.eye(N_A), np.zeros(N_A)), x, truncate)


def words_of(cell: str, length: int, others: int = 0, truncate: int = 0, **settings) -> GradientFlow:
    """An untrained network of Explore on random words"""
    experiment = Experiment(cell=cell, epochs=0, **settings)
    params, seed = training.untrained(experiment), experiment.seed
    sentence = cell_flow.random_words(length, seed)
    beside = cell_flow.random_reach(cell, params, length, seed, others) if others else None
    return cell_flow.measure(cell, params, sentence.words, sentence.guess, truncate, "distance", beside)


# Networks whose answer is known ---------------------------------------------------------------------------------------

RHOS = [
    (0.5, "vanishes"),
    (0.88, "vanishes"),
    (0.9, "fades slowly"),
    (0.98, "fades slowly"),
    (0.99, "holds"),
    (1.0, "holds"),
    (1.01, "holds"),
    (1.02, "grows slowly"),
    (1.1, "grows slowly"),
    (1.13, "explodes"),
    (2, "explodes"),
]


@pytest.mark.parametrize(("rho", "verdict"), RHOS)
@pytest.mark.parametrize("g1", [LINEAR.g1, TANH], ids=["linear", "tanh at 0"])
def test_a_rotation_times_rho_changes_tenfold_in_1_over_log_rho_steps(g1, rho, verdict):
    rng = np.random.default_rng(0)
    x = np.zeros((T, N_A)) if g1 is TANH else rng.normal(size=(T, N_A)) * 1e-9
    found = plain(g1, rho * orthogonal(rng, N_A), x).fit
    assert found.slope == pytest.approx(np.log10(rho), abs=1e-9)
    assert found.once == pytest.approx(0, abs=1e-9) and found.rms_error < 1e-9
    assert found.verdict == verdict
    if rho == 2:
        assert found.description == "10× stronger every 3.3 steps"


def test_relu_with_the_identity_holds_exactly():
    found = plain(RELU, np.eye(N_A), np.full((T, N_A), 0.01)).fit
    assert (found.verdict, found.description) == ("holds", "less than tenfold in 200 steps")
    assert (found.slope, found.once) == pytest.approx((0, 0), abs=1e-12)


def test_a_saturated_tanh_vanishes_whatever_its_weights():
    x = np.random.default_rng(0).choice([-30.0, 30.0], (T, N_A))
    found = plain(TANH, 2 * np.eye(N_A), x * 0.1).fit
    assert found.verdict == "vanishes"
    assert found.slope < np.log10(2 * (1 - np.tanh(1) ** 2))


def test_units_that_are_off_let_nothing_through():
    found = plain(RELU, np.eye(N_A), np.full((T, N_A), -1.0)).fit
    assert (found.verdict, found.description) == ("vanishes", "exactly 0 from 1 step back")


def test_an_lstm_that_only_keeps_loses_what_its_forget_gate_forgets():
    """Without weights: Γf = σ(3) = .953 at every step, and once, on the way into c, Γo = ½"""
    ba = np.repeat([0, 3.0, 0, 0], N_A)
    weights = CellWeights(np.zeros((4 * N_A, N_A)), np.zeros((4 * N_A, 3)), ba)
    found = flow_through(CELLS["lstm"], weights, np.zeros((T, 3))).fit
    assert found.slope == pytest.approx(np.log10(SIGMA_3), rel=1e-9)
    assert found.once == pytest.approx(np.log10(0.5), rel=1e-9)
    assert found.verdict == "fades slowly"
    assert pytest.approx(0.953, abs=5e-4) == SIGMA_3


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_drawn_lstm_holds_more_than_its_memory_alone(seed):
    """Ways through the gates are added to it"""
    assert words_of("lstm", 100, seed=seed, forget_bias=3.0).fit.slope > np.log10(SIGMA_3)


@pytest.mark.parametrize(
    ("cell", "forget_bias", "update_bias", "slope", "verdict"),
    [
        ("lstm", 3, 0, 0.005, "grows slowly"),
        ("lstm", 5, 0, 0.014, "grows slowly"),
        ("lstm", 5, -3, 0.003, "holds"),
        ("gru", 1, -3, -0.014, "fades slowly"),
        ("gru", 1, -4, -0.006, "fades slowly"),
    ],
)
def test_keeping_and_not_overwriting_hold_together(cell, forget_bias, update_bias, slope, verdict):
    """Over 5 networks of the race with 4 sequences each, as it was measured by other means before"""
    found = []
    for seed in range(1, 6):
        trial = Trial(RaceSettings(forget_bias=forget_bias, update_bias=update_bias), cell, 99, seed)
        x, targets = TASK.draw(np.random.default_rng(seed), 4, 99)
        trace = memory_race.answer(trial, memory_race.start(trial), x)
        found.append(cell_flow.log_norm(last_unit_gradients(trace, targets[-1])[:0:-1]))
    mean = float(rates.slopes(np.concatenate(found, axis=1)).mean())
    assert mean == pytest.approx(slope, abs=0.0015) and rates.verdict(mean) == verdict


def test_what_is_lost_once_is_no_rate_and_is_told():
    logs = np.concatenate([[0, -5], np.full(58, -10.0)])
    found = fit(logs, NOBODY)
    assert (found.verdict, found.description) == ("holds", "×1e-10 once, then less than tenfold in 200 steps")
    assert fit(logs + 10 * (np.arange(60) > 0), NOBODY).description == "less than tenfold in 200 steps"


@pytest.mark.parametrize(
    ("logs", "verdict", "description"),
    [
        ([0.0], "one step", "only one step: no earlier one is reached"),
        ([0, -0.5], "too short", "only 1 step back: a rate needs at least 5"),
        ([0, -1, -2, -3, -4], "too short", "only 4 steps back: a rate needs at least 5"),
        ([0, 1, np.inf], "explodes", "not finite from 2 steps back"),
        ([0, -1, -2, -3, -4, -5], "vanishes", "10× weaker at every step"),
        ([0, 0.75, 1.5, 2.25, 3, 3.75], "explodes", "5.62× stronger at every step"),
        ([0, -0.5, -1, -1.5, -2, -2.5], "vanishes", "10× weaker every 2 steps"),
        ([0, -np.inf], "vanishes", "exactly 0 from 1 step back"),
    ],
)
def test_the_corners_of_a_fit(logs, verdict, description):
    found = fit(np.array(logs, dtype=float), NOBODY)
    assert (found.verdict, found.description) == (verdict, description)


# Of what a rate does not depend on ------------------------------------------------------------------------------------


def test_the_number_of_a_network_is_the_same_at_every_length():
    """Held at its first mark the line of this LSTM said 5.9 steps at T = 6 and 18 at T = 100"""
    steps = [-1 / words_of("lstm", length, others=32).fit.slope for length in (30, 60, 100, 200)]
    assert min(steps) > 18 and max(steps) < 27


@pytest.mark.parametrize("cell", CELLS)
def test_truncation_cuts_the_matrix_and_changes_no_word(cell):
    whole, cut = (words_of(cell, 30, others=8, truncate=truncate) for truncate in (0, 5))
    assert cut.fit == whole.fit
    assert np.isfinite(cut.matrix[-1]).sum() == 5 == len(cut.last_row)


@pytest.mark.parametrize("cell", CELLS)
def test_a_row_of_distance_is_a_row_of_errors_per_unit_of_error(cell):
    flow = words_of(cell, 12, hidden_units=5)
    wrong = replace(flow, measure="error")
    starts = np.diag(wrong.matrix)[:, None]
    np.testing.assert_allclose(flow.matrix, wrong.matrix - starts, rtol=0, atol=1e-9)
    np.testing.assert_allclose(flow.matrix[-1, ::-1], flow.reach, rtol=0, atol=1e-12)
    np.testing.assert_allclose(wrong.fitted_line, wrong.last_row[0] + flow.fitted_line, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", [2, 4, 6, 7])
def test_an_explosion_is_never_called_no_error(seed):
    """The activations are so large that the last answer is right to the last digit, and its own error is 0"""
    flow = words_of("relu", 30, seed=seed, initialisation="scaled", spectral_radius=2.0)
    assert np.isfinite(flow.reach).all() and flow.fit.verdict == "explodes"
    assert "stronger every" in flow.fit.description


def test_a_batch_is_the_sequences_one_by_one():
    params = training.untrained(Experiment(cell="lstm", hidden_units=6))
    task = cell_flow.people_task()
    x = np.random.default_rng((4, 5)).integers(1, len(task.vocabulary), (20, 5))
    beside = cell_flow.random_reach("lstm", params, 20, 4, 5)
    for i in range(5):
        words = tuple(task.vocabulary.decode(x[:, i]))
        alone = cell_flow.measure("lstm", params, words, (0,) * 20, 0, "distance").reach
        np.testing.assert_allclose(alone, beside[:, i], rtol=0, atol=1e-12)


# Of several sequences -------------------------------------------------------------------------------------------------


def lines(*slopes: float) -> np.ndarray:
    return np.arange(20)[:, None] * np.array(slopes)


def test_there_is_no_verdict_only_where_the_sequences_would_get_two():
    alike = fit(lines(-0.06)[:, 0], lines(*np.linspace(-0.08, -0.055, 10)))
    assert alike.verdict == "vanishes" and (alike.low, alike.high) == pytest.approx(
        (-0.08 + 0.025 / 9, -0.055 - 0.025 / 9)
    )
    unlike = fit(lines(-0.06)[:, 0], lines(*np.linspace(-0.06, -0.03, 10)))
    assert unlike.verdict == "no verdict"
    assert "(fades slowly)" in unlike.spread and "(vanishes)" in unlike.spread
    one_of_ten_is_far = fit(lines(-0.06)[:, 0], lines(*[-0.06] * 9, 0.5))
    assert one_of_ten_is_far.verdict == "vanishes"
    own_is_far = fit(lines(0.5)[:, 0], lines(*[-0.06] * 10))
    assert own_is_far.verdict == "no verdict" and own_is_far.high == pytest.approx(0.5)


def test_without_a_verdict_the_reason_stands_beside_it():
    """“No verdict” beside one rate, “10× weaker every 13 steps”, was read as a contradiction"""
    told = lambda *slopes: fit(lines(slopes[0])[:, 0], lines(*slopes)).description  # noqa: E731
    assert told(-0.06, -0.04) == "10× weaker every 17 to 25 steps (sequences differ)"
    assert told(0.06, 0.04) == "10× stronger every 17 to 25 steps (sequences differ)"
    assert told(-0.02, 0.02) == ("from 10× stronger every 50 steps to 10× weaker every 50 steps (sequences differ)")
    assert told(-0.02, 0.001) == ("from less than tenfold in 200 steps to 10× weaker every 50 steps (sequences differ)")


@pytest.mark.parametrize("moment", ["untrained", "trained"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_rate_is_told_of_so_many_steps_that_it_is_that_of_longer_sequences(cell, moment):
    """Up to 4 steps back all of 200 sequences call the LSTM one that vanishes, at 6 to 15 steps; over 100 it is 23.
    From 5 on, wherever the sequences agree on a word it is one that those of length 100 have, too."""
    found, shortest = Choices().network(cell, moment), rates.FEWEST + 1
    reach = lambda T: cell_flow.random_reach(cell, network(found), T, 1, 200)  # noqa: E731
    middle = lambda T: np.sort(rates.slopes(reach(T)))[[20, 179]]  # noqa: E731
    words = {rates.verdict(slope) for slope in middle(100)}
    for T in (*range(shortest, 16), 20, 30):
        own = {rates.verdict(slope) for slope in middle(T)}
        assert len(own) == 2 or own <= words, T
    assert np.isnan(rates.slopes(reach(shortest - 1))).all()


def test_of_fewer_steps_the_way_into_the_memory_is_all_there_is():
    """What the limit is for: least squares through 2 to 4 steps back, of the same LSTM"""
    found = Choices().network("lstm", "untrained")
    for T in (3, 4, 5):
        reach = cell_flow.random_reach("lstm", network(found), T, 1, 200)[1:]
        slopes = np.polyfit(np.arange(T - 1), reach, 1)[0]
        assert {rates.verdict(slope) for slope in np.sort(slopes)[[20, 179]]} == {"vanishes"}


def test_a_state_that_is_held_has_a_verdict():
    assert fit(lines(0.001)[:, 0], lines(*np.linspace(-0.004, 0.004, 9))).verdict == "holds"


@pytest.mark.parametrize("limit", [STEADY, ENDLESS])
@pytest.mark.parametrize("off", [-0.3, -0.01, -1e-5, 1e-5, 0.01, 0.3])
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_rounded_number_is_on_the_side_of_its_verdict(limit, off, sign):
    slope = sign / (limit + off)
    told = rates.rate(slope)
    if told == prose("gradients", "rate_holds", endless=ENDLESS):
        assert rates.verdict(slope) == "holds"
        return
    steps = float(told.split()[-2])
    assert (steps <= STEADY) == (rates.verdict(slope) in ("vanishes", "explodes")) and steps <= ENDLESS


def settings_at_random(rng: np.random.Generator) -> dict:
    return {
        "cell": str(rng.choice(list(CELLS))),
        "length": int(rng.integers(1, 70)),
        "others": int(rng.integers(5, 12)),
        "hidden_units": int(rng.integers(4, 12)),
        "initialisation": str(rng.choice(list(INITIALISERS))),
        "spectral_radius": float(rng.uniform(0.1, 2)),
        "forget_bias": float(rng.choice(FORGET_BIASES)),
        "update_bias": float(rng.choice(UPDATE_BIASES)),
        "seed": int(rng.integers(0, 1000)),
        "truncate": int(rng.choice([0, 0, 7])),
    }


RATE = r"([\d.,e+-]+)× (weaker|stronger) (?:every ([\d.]+) steps|at every step)|(less than tenfold in 200 steps)"


def slope_as_told(text: str) -> tuple[float, float]:
    """The slopes, from … to …, that a rate in words stands for, as far as its digits tell"""
    if text == "exactly 0":
        return -np.inf, -np.inf
    factor, way, every, held = re.search(RATE, text).groups()
    if held:
        return -1 / ENDLESS, 1 / ENDLESS
    sign, size = -1 if way == "weaker" else 1, 1 / float(every) if every else np.log10(float(factor.replace(",", "")))
    return tuple(sorted((sign * size * 0.94, sign * size * 1.06)))


def ends_as_told(text: str) -> tuple[float, float]:
    """The slopes that “from … to …” and “every … to … steps” lie between, as far as their digits tell"""
    if short := re.search(r"10× (weaker|stronger) every ([\d.]+) to ([\d.]+) steps", text):
        sign = -1 if short[1] == "weaker" else 1
        slopes = [sign * factor / float(steps) for steps in short.groups()[1:] for factor in (0.94, 1.06)]
    else:
        slopes = [slope for end in re.search(r"from (.+) to (.+) \(", text).groups() for slope in slope_as_told(end)]
    return min(slopes), max(slopes)


@pytest.mark.parametrize("draw", range(200))
def test_no_sentence_contradicts_the_numbers_beside_it(draw):
    flow = words_of(**settings_at_random(np.random.default_rng(draw)))
    found, D = flow.fit, len(flow.reach)
    if found.zero_from is not None:
        assert found.verdict == "vanishes" and (flow.reach[found.zero_from :] == -np.inf).all()
        return
    if D <= 5:
        assert found.verdict == ("one step" if D == 1 else "too short") and not found.spread
        assert "×" not in found.description
        return
    ends = np.arange(D)[max(1, D // 3) :]
    slope, once = np.polyfit(ends, flow.reach[ends], 1)
    if found.verdict == "no verdict":
        assert "sequences differ" in found.description and rates.rate(slope) in found.spread
        ends = ends_as_told(found.description)
    else:
        ends = slope_as_told(found.description)
    assert ends[0] - 1e-9 <= slope <= ends[1] + 1e-9, found.description
    assert found.once == pytest.approx(once, abs=1e-6)
    assert ("once" in found.description) == (once <= np.log10(0.5))
    tenfold_in = 1 / abs(slope)
    names = {
        "vanishes": slope < 0 and tenfold_in <= 20,
        "explodes": slope > 0 and tenfold_in <= 20,
        "holds": tenfold_in > 200,
        "fades slowly": slope < 0 and 20 < tenfold_in <= 200,
        "grows slowly": slope > 0 and 20 < tenfold_in <= 200,
    }
    if found.verdict != "no verdict":
        assert [name for name, is_true in names.items() if is_true] == [found.verdict]
    assert found.low <= slope + 1e-9 and slope - 1e-9 <= found.high
    assert (found.verdict == "no verdict") == (rates.verdict(found.low) != rates.verdict(found.high))
    told = re.search(r"sequences: from (.+?) to (.+)\.|between (.+?) \(.+?\) and (.+?) \(", found.spread).groups()
    for words, end in zip([part for part in told if part], (found.high, found.low), strict=True):
        assert words == rates.rate(end)


# The question ---------------------------------------------------------------------------------------------------------


def slopes_where(**wins: int) -> dict[str, np.ndarray]:
    """Slopes of 200 sequences: each cell is the highest on so many of them"""
    winner = np.repeat(list(wins), list(wins.values()))
    return {cell: np.where(winner == cell, -0.01, -0.2 - 0.01 * i) for i, cell in enumerate(CELLS)}


def test_a_question_is_asked_only_where_nine_of_ten_sequences_agree():
    asked = question(slopes_where(lstm=180, relu=20))
    assert (asked.kind, asked.answer, asked.is_asked) == ("furthest", "lstm", True)
    assert asked.spread == "LSTM in 180, ReLU RNN in 20"
    other = question(slopes_where(lstm=179, relu=21))
    assert (other.kind, other.counts) == ("fastest", {"lstm": 21, "gru": 179}), "the next question has its chance"
    assert not other.is_asked


def test_where_neither_question_has_one_answer_none_is_asked():
    rng = np.random.default_rng(0)
    found = question({cell: rng.normal(-0.1, 0.02, 200) for cell in CELLS})
    assert not found.is_asked
    told = prediction_panel.verdict(found, "gru")
    assert "You said" not in told and "depends on the sequence" in told and found.spread in told


def test_where_nothing_fades_nobody_is_asked_what_fades_fastest():
    rng = np.random.default_rng(0)
    assert question({cell: rng.normal(0.1, 0.02, 200) for cell in CELLS}).kind == "furthest"


def test_right_and_wrong_and_the_spread_after_the_answer():
    asked = Question("furthest", {"lstm": 199, "relu": 1})
    assert "**right**" in prediction_panel.verdict(asked, "lstm")
    assert "You said tanh RNN: **wrong**" in prediction_panel.verdict(asked, "tanh")
    assert "You said" not in prediction_panel.verdict(asked, "shown")
    assert all("LSTM in 199, ReLU RNN in 1" in prediction_panel.verdict(asked, cell) for cell in ("lstm", "shown"))


def test_of_too_few_steps_nothing_is_compared():
    assert question(dict.fromkeys(CELLS, np.full(200, np.nan))) is None
    assert prediction_panel.verdict(None, "gru") == prose("gradients", "truth_too_short", fewest=5)


def test_a_fit_is_told_in_the_names_of_the_page():
    for name in ("vanishes", "explodes", "holds", "fades slowly", "grows slowly", "no verdict", "too short"):
        assert rates.verdict_name(name) == name
    assert isinstance(fit(np.zeros(9), NOBODY), Fit) and set(CELL_NAMES) == set(CELLS)


def test_a_class_shares_a_matrix_and_only_where_network_input_and_question_are_alike():
    chosen, _ = from_link({"length": "7", "measure": "error"})
    flow, again = (flows.flow_of(chosen, "gru", "untrained") for _ in range(2))
    assert again.matrix is flow.matrix and not flow.matrix.flags.writeable
    np.testing.assert_array_equal(flow.matrix, replace(flow, key=None).matrix)
    others = [
        replace(flow, truncate=3),
        replace(flow, measure="distance"),
        flows.flow_of(replace(chosen, seed=chosen.seed + 1), "gru", "untrained"),
        flows.flow_of(replace(chosen, update_bias=-2), "gru", "untrained"),
        flows.flow_of(chosen, "gru", "trained"),
    ]
    for other in others:
        assert other.matrix is not flow.matrix and not np.array_equal(other.matrix, flow.matrix, equal_nan=True)
        np.testing.assert_array_equal(other.matrix, replace(other, key=None).matrix)
