"""What gates do when they stand fully open or shut; and a state that is kept is a gradient that does not fade."""

import numpy as np
import pytest

from core.activations import probability
from core.cells import CELLS, CellWeights
from core.forward import forward
from core.gradient_flow import jacobian
from core.parameters import Readout
from core.structures import STRUCTURES

T, N_A, N_X = 12, 5, 6
OPEN, SHUT = 1000.0, -1000.0  # biases so large that σ is 1 or 0 to the last bit, whatever the past and the input say


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def drawn(rng, blocks: int, **biases: float) -> CellWeights:
    """Random weights and biases; the bias of block i is replaced where `block_i` says so."""
    p = CellWeights(
        *(rng.normal(0, 0.6, shape) for shape in ((blocks * N_A, N_A), (blocks * N_A, N_X), (blocks * N_A,)))
    )
    for block, bias in biases.items():
        p.ba[int(block[-1]) * N_A :][:N_A] = bias
    return p


def run(rng, cell: str, p: CellWeights):
    x = rng.integers(0, N_X, (T, 3))
    params = {"rnn": p, "readout": Readout(rng.normal(size=(1, N_A)), rng.normal(size=1))}
    return forward(CELLS[cell], params, STRUCTURES["many-to-many, Tx = Ty"](T, T), x)


def test_a_gru_that_never_writes_keeps_its_state_to_the_last_bit(rng):
    cell, p = CELLS["gru"], drawn(rng, 3, block_0=SHUT)
    c = kept = rng.normal(size=(4, N_A))
    for input_term in rng.normal(size=(T, 4, 3 * N_A)) + p.ba:
        c = cell.step(p, c, input_term)
    np.testing.assert_array_equal(c, kept)
    np.testing.assert_array_equal(jacobian(run(rng, "gru", p), T, 0), np.eye(N_A))


def test_a_gru_that_always_writes_and_sees_all_of_its_past_is_the_plain_tanh_cell(rng):
    p = drawn(rng, 3, block_0=OPEN, block_1=OPEN)
    candidate = CellWeights(*(array[2 * N_A :] for array in p))
    seed = rng.integers(1000)
    gru, plain = (run(np.random.default_rng(seed), cell, q) for cell, q in (("gru", p), ("tanh", candidate)))
    np.testing.assert_array_equal(gru.a, plain.a)
    np.testing.assert_allclose(jacobian(gru, T, 0), jacobian(plain, T, 0), rtol=1e-12, atol=1e-14)


def test_a_gru_whose_relevance_gate_is_shut_does_not_see_its_past_in_the_candidate(rng):
    cell, p = CELLS["gru"], drawn(rng, 3, block_0=OPEN, block_1=SHUT)
    input_term = rng.normal(size=(4, 3 * N_A)) + p.ba
    c = cell.step(p, rng.normal(size=(4, N_A)), input_term)
    np.testing.assert_allclose(c, np.tanh(input_term[:, 2 * N_A :]), rtol=1e-13, atol=1e-14)


def test_an_lstm_that_never_forgets_and_never_writes_keeps_its_memory_to_the_last_bit(rng):
    cell, p = CELLS["lstm"], drawn(rng, 4, block_0=SHUT, block_1=OPEN)
    state = start = rng.normal(size=(4, 2 * N_A))
    for input_term in rng.normal(size=(T, 4, 4 * N_A)) + p.ba:
        state = cell.step(p, state, input_term)
    np.testing.assert_array_equal(state[:, N_A:], start[:, N_A:])
    along_c = jacobian(run(rng, "lstm", p), T, 0)[N_A:, N_A:]
    np.testing.assert_array_equal(along_c, np.eye(N_A))
    assert np.linalg.norm(along_c, 2) == 1


def test_an_lstm_whose_output_gate_is_shut_shows_nothing_and_still_remembers(rng):
    trace = run(rng, "lstm", drawn(rng, 4, block_2=SHUT))
    assert not trace.a.any()
    assert trace.state[1:, :, N_A:].all()


def test_a_larger_forget_bias_keeps_more(rng):
    """∂c⟨T⟩/∂c⟨0⟩ of an LSTM without weights is Γf^T = σ(bf)^T"""
    p = CellWeights(np.zeros((4 * N_A, N_A)), np.zeros((4 * N_A, N_X)), np.zeros(4 * N_A))
    for bias in (-1.0, 0.0, 1.0, 4.0):
        p.ba[N_A : 2 * N_A] = bias
        kept = np.linalg.norm(jacobian(run(rng, "lstm", p), T, 0)[N_A:, N_A:], 2)
        assert kept == pytest.approx((1 / (1 + np.exp(-bias))) ** T, rel=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_a_stands_first_in_the_state(rng, cell):
    blocks = {"gru": 3, "lstm": 4}.get(cell, 1)
    trace = run(rng, cell, drawn(rng, blocks))
    assert trace.state.shape == (T + 1, 3, CELLS[cell].state_size(N_A))
    np.testing.assert_array_equal(trace.a, trace.state[..., :N_A])
    np.testing.assert_allclose(trace.logits, trace.a[1:] @ trace.params["readout"].Wya.T + trace.params["readout"].by)
    assert trace.input_term.shape == (T, 3, blocks * N_A)


@pytest.mark.parametrize(("cell", "blocks"), [("gru", 3), ("lstm", 4)])
def test_what_a_step_keeps_is_what_the_equations_say(rng, cell, blocks):
    p = drawn(rng, blocks)
    trace = run(rng, cell, p)
    kept, a_prev = trace.kept, trace.a[:-1]
    z = dict(zip("urc" if cell == "gru" else "ufoc", np.split(trace.input_term, blocks, axis=-1), strict=True))
    W = dict(zip(z, np.split(p.Waa, blocks), strict=True))
    for gate in z.keys() - {"c"}:
        np.testing.assert_allclose(getattr(kept, gate), probability(a_prev @ W[gate].T + z[gate]), rtol=1e-12)
    past = kept.past if cell == "gru" else a_prev
    np.testing.assert_allclose(kept.c_tilde, np.tanh(past @ W["c"].T + z["c"]), rtol=1e-12)
    if cell == "gru":
        np.testing.assert_array_equal(past, kept.r * a_prev)
    else:
        np.testing.assert_array_equal(kept.tanh_c, np.tanh(trace.state[1:, :, N_A:]))


@pytest.mark.parametrize("cell", CELLS)
def test_a_step_alone_and_among_others_gives_the_same(rng, cell):
    """The forward pass has the answers of all steps written into its own arrays; a single step makes new ones."""
    trace = run(rng, cell, CELLS[cell].start(rng, N_X, N_A))
    for t in range(T):
        alone = CELLS[cell].step(trace.params["rnn"], trace.state[t], trace.input_term[t])
        np.testing.assert_allclose(alone, trace.state[t + 1], rtol=1e-14, atol=1e-15)
