"""Parameters: what goes to disk comes back bit for bit, and nothing else is let in."""

import io
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cells import CELLS, CellWeights
from core.initialisers import INITIALISERS, Initialisation, orthogonal, spectrum
from core.parameters import OtherData, Readout, all_finite, diff, leaves, load, norm, patch, read_only, save, tree_map


def parameters(seed=0):
    rng = np.random.default_rng(seed)
    rnn = CELLS["tanh"].start(rng, 6, 4)._replace(ba=rng.normal(size=4))
    return {"rnn": rnn, "readout": Readout(rng.normal(size=(2, 4)), rng.normal(size=2))}


def saved(**changes) -> io.BytesIO:
    """The parameters on disk, some of the arrays changed (None: left out)"""
    arrays = {f"{group}.{name}": array for group, name, array in leaves(parameters())}
    changed = arrays | {name.replace("__", "."): array for name, array in changes.items()}
    file = io.BytesIO()
    np.savez(file, allow_pickle=True, **{name: array for name, array in changed.items() if array is not None})
    file.seek(0)
    return file


def bits(tree):
    return [(group, name, array.dtype, array.shape, array.tobytes()) for group, name, array in leaves(tree)]


def test_what_is_saved_comes_back_bit_for_bit(tmp_path):
    params = parameters(3)
    params["rnn"].Waa[0, :4] = [-0.0, 5e-324, np.nextafter(1, 2), 1e308]
    save(tmp_path / "net.npz", params)
    back = load(tmp_path / "net.npz", like=parameters(0))
    assert bits(back) == bits(params)
    assert isinstance(back["rnn"], CellWeights)


def test_a_saved_file_is_what_load_expects():
    assert bits(load(saved(), like=parameters())) == bits(parameters())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rnn__Waa": None}, "Expected the weights"),
        ({"rnn__Extra": np.zeros(3)}, "Expected the weights"),
        ({"rnn__Waa": np.zeros((4, 5))}, "rnn.Waa should be"),
        ({"rnn__Waa": np.zeros(16)}, "rnn.Waa should be"),
        ({"readout__by": np.zeros(2, dtype=np.float32)}, "readout.by should be"),
        ({"readout__by": np.zeros(2, dtype=">f8")}, "readout.by should be"),
        ({"readout__by": np.zeros(2, dtype=complex)}, "readout.by should be"),
        ({"readout__by": np.array([1.0, np.nan])}, "not finite"),
        ({"rnn__ba": np.full(4, np.inf)}, "not finite"),
        ({"readout__by": np.array([{"an": "object"}, None], dtype=object)}, "not a parameter file"),
    ],
)
def test_a_wrong_file_is_refused_and_says_why(changes, says):
    with pytest.raises(ValueError, match=says):
        load(saved(**changes), like=parameters())


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was opened",))


@pytest.mark.parametrize("wrap", [pickle.dumps, lambda trap: saved(rnn__ba=np.array([trap], dtype=object)).getvalue()])
def test_no_pickle_is_opened(wrap):
    with pytest.raises(ValueError, match="not a parameter file"):
        load(io.BytesIO(wrap(Trap())), like=parameters())


def test_an_array_file_is_not_a_parameter_file():
    file = io.BytesIO()
    np.save(file, np.zeros((4, 4)))
    file.seek(0)
    with pytest.raises(ValueError, match="not a parameter file"):
        load(file, like=parameters())


@given(st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\x93NUMPY\x01\x00", b"\x80\x04"]), st.binary(max_size=200))
def test_garbage_is_refused(start, rest):
    with pytest.raises(ValueError, match=r"not a parameter file|Expected the weights"):
        load(io.BytesIO(start + rest), like=parameters())


GOOD = saved().getvalue()


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4), st.integers(0, 4))
def test_a_damaged_file_is_refused_or_whole(at, inserted, removed):
    file = io.BytesIO(GOOD[:at] + inserted + GOOD[at + removed :])
    try:
        loaded = load(file, like=parameters())
    except ValueError:
        return
    assert bits(loaded) == bits(parameters())


# Initialisers ---------------------------------------------------------------------------------------------------------

SIZES = pytest.mark.parametrize("n", [1, 4, 33])


@SIZES
def test_orthogonal_has_orthonormal_columns(n):
    Q = orthogonal(np.random.default_rng(n), n)
    np.testing.assert_allclose(Q.T @ Q, np.eye(n), atol=1e-13)


def test_orthogonal_favours_no_sign():
    """Drawn uniformly, Q is as likely as −Q; the plain QR of a normal matrix is not."""
    rng = np.random.default_rng(0)
    assert abs(np.mean([np.sign(orthogonal(rng, 3)[0, 0]) for _ in range(600)])) < 0.15


@SIZES
@pytest.mark.parametrize("radius", [0.5, 1.0, 1.7])
@pytest.mark.parametrize("name", ["scaled", "orthogonal", "identity"])
def test_the_spectral_radius_is_the_one_asked_for(name, radius, n):
    W = INITIALISERS[name](np.random.default_rng(n), n, radius)
    assert W.shape == (n, n)
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(radius, rel=1e-9)
    assert spectrum(W).radius == pytest.approx(radius, rel=1e-9)


def test_identity_is_the_identity():
    np.testing.assert_array_equal(INITIALISERS["identity"](np.random.default_rng(0), 3, 2.0), 2 * np.eye(3))


def test_glorot_has_its_variance():
    W = INITIALISERS["glorot"](np.random.default_rng(0), 300, 1.0)
    assert W.var() == pytest.approx(2 / 600, rel=0.02)


BLOCKS = {"tanh": 1, "relu": 1, "gru": 3, "lstm": 4}  # how many gates and candidates share one stack of weights
CHOICES = pytest.mark.parametrize(("cell", "name"), [(cell, name) for cell in CELLS for name in INITIALISERS])


@CHOICES
def test_a_start_is_random_by_its_seed_alone(cell, name):
    how = Initialisation(name, 0.9)
    first, again, other = (CELLS[cell].start(np.random.default_rng(seed), 6, 4, how) for seed in (1, 1, 2))
    assert bits({"rnn": first}) == bits({"rnn": again}) != bits({"rnn": other})
    n = BLOCKS[cell] * 4
    assert [W.shape for W in first] == [(n, 4), (n, 6), (n,)]


@CHOICES
def test_each_gate_has_a_matrix_of_its_own_begun_as_asked(cell, name):
    blocks = np.split(CELLS[cell].start(np.random.default_rng(1), 6, 4, Initialisation(name, 0.9)).Waa, BLOCKS[cell])
    if name != "glorot":
        assert [spectrum(W).radius for W in blocks] == pytest.approx([0.9] * BLOCKS[cell], rel=1e-9)
    if name != "identity":
        assert len({W.tobytes() for W in blocks}) == BLOCKS[cell]


@pytest.mark.parametrize("cell", CELLS)
def test_only_gates_that_keep_and_write_have_a_bias_at_first(cell):
    """The rows of the LSTM are u, f, o, c̃, of the GRU u, r, c̃; all other biases start at 0."""
    ba = CELLS[cell].start(np.random.default_rng(1), 6, 4, Initialisation(forget_bias=2.5, update_bias=-3)).ba
    expected = {"lstm": [-3, 2.5, 0, 0], "gru": [-3, 0, 0]}.get(cell, [0])
    np.testing.assert_array_equal(ba, np.repeat(np.array(expected, dtype=float), 4))
    assert (Initialisation().forget_bias, Initialisation().update_bias) == (1, 0)


# The tree -------------------------------------------------------------------------------------------------------------


def test_tree_map_meets_arrays_of_the_same_place():
    a, b = parameters(1), parameters(2)
    for group, name, array in leaves(tree_map(lambda x, y: x - 2 * y, a, b)):
        np.testing.assert_array_equal(array, getattr(a[group], name) - 2 * getattr(b[group], name))


def test_norm_is_that_of_all_numbers_in_one_list():
    params = parameters(1)
    everything = np.concatenate([array.ravel() for _, _, array in leaves(params)])
    assert norm(params) == pytest.approx(np.linalg.norm(everything), rel=1e-14)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_number_that_is_not_finite_is_found(bad):
    params = parameters()
    assert all_finite(params)
    params["readout"].by[1] = bad
    assert not all_finite(params)


def test_read_only_arrays_cannot_be_changed():
    params = read_only(parameters())
    with pytest.raises(ValueError, match="read-only"):
        params["rnn"].Waa[0, 0] = 1.0


# What differs ---------------------------------------------------------------------------------------------------------


def moved(tree):
    """Some columns of some arrays, each changed in a way that is easily overlooked"""
    moved = tree_map(lambda array: array.copy(order="K"), tree)
    moved["rnn"].Wax[2, 5] = np.nan
    moved["rnn"].Wax[:, 1] = np.nextafter(moved["rnn"].Wax[:, 1], 9)
    moved["rnn"].ba[3] = -0.0
    moved["readout"].Wya[1, 0] = np.inf
    return moved


def test_what_differs_is_found_and_put_back_bit_for_bit():
    old = parameters(1)
    old["rnn"].ba[:] = 0.0
    new = moved(old)
    columns = diff(old, new)
    assert {name: c.at.tolist() for _, name, c in leaves(columns)} == {
        "Waa": [], "Wax": [1, 5], "ba": [3], "Wya": [0], "by": [],
    }  # fmt: skip
    again = patch(old, columns)
    assert bits(again) == bits(new)
    assert [a.strides for _, _, a in leaves(again)] == [a.strides for _, _, a in leaves(old)]


def test_what_differs_holds_on_to_neither_tree():
    old = read_only(parameters(1))
    new = moved(old)
    columns, expected = diff(old, new), bits(new)
    new["rnn"].Wax[:] = 7.0
    again = patch(old, columns)
    assert bits(again) == expected
    again["rnn"].Wax[:] = 7.0  # a tree of its own
    assert bits(old) == bits(parameters(1))


@pytest.mark.parametrize("cell", CELLS)
def test_trees_that_do_not_differ_take_no_room(cell):
    tree = {"rnn": CELLS[cell].start(np.random.default_rng(1), 6, 4)}
    columns = diff(tree, tree_map(np.copy, tree))
    assert sum(c.at.size + c.values.size for _, _, c in leaves(columns)) == 0
    assert bits(patch(tree, columns)) == bits(tree)


@pytest.mark.parametrize(
    ("n_x", "n_a", "n_y", "kind"),
    [
        (9, 4, 2, OtherData),  # other words
        (6, 4, 3, OtherData),  # other answers
        (9, 5, 2, OtherData),  # and other units
        (6, 5, 2, ValueError),  # other units alone
    ],
)
def test_weights_of_other_data_are_told_from_those_of_another_size(n_x, n_a, n_y, kind):
    rng, file = np.random.default_rng(0), io.BytesIO()
    readout = Readout(rng.normal(size=(n_y, n_a)), rng.normal(size=n_y))
    save(file, {"rnn": CELLS["tanh"].start(rng, n_x, n_a), "readout": readout})
    file.seek(0)
    with pytest.raises(ValueError, match="should be") as refused:
        load(file, like=parameters())
    assert refused.type is kind
