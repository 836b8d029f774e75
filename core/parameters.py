"""Parameters: a tree of named arrays.

    {"rnn": RNN(Waa, Wax, ba), "readout": Readout(Wya, by)}

A gradient has the type of its parameters, so an update, clipping, saving and the gradient check are each one
`tree_map` over this tree. Weights are (n_out, n_in), as in the lecture: a drawn matrix is the lecture's matrix.
"""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from core.linalg import vector_norm

Parameters = dict[str, Any]


class Readout(NamedTuple):
    """The weights of the answer: logits⟨t⟩ = Wya a⟨t⟩ + by"""

    Wya: np.ndarray  # (n_y, n_a)
    by: np.ndarray  # (n_y,)


class Reverse(NamedTuple):
    """The second stream of a network that reads in both directions: a cell, which reads from the last step to the
    first, and what it adds to every answer: logits⟨t⟩ = Wya a⟨t⟩ + reverse.Wya ←a⟨t⟩ + by"""

    Waa: np.ndarray  # (n, n_a)
    Wax: np.ndarray  # (n, n_x)
    ba: np.ndarray  # (n,)
    Wya: np.ndarray  # (n_y, n_a)


def tree_map(f: Callable[..., Any], *trees: Parameters) -> Parameters:
    """The tree of f(array of tree 1, array of tree 2, ...)"""
    return {group: type(arrays)(*map(f, *(tree[group] for tree in trees))) for group, arrays in trees[0].items()}


def leaves(tree: Parameters) -> Iterator[tuple[str, str, np.ndarray]]:
    """Every array with its place: (group, name, array)"""
    return ((group, name, getattr(arrays, name)) for group, arrays in tree.items() for name in arrays._fields)


def norm(tree: Parameters) -> float:
    """‖g‖ = √(Σ of all squares), over the whole tree"""
    squares = sum(_sum_of_squares(array) for _, _, array in leaves(tree))
    if 1e-290 < squares < np.inf:  # beyond, squares lose their digits where g still has all of its own
        return float(np.sqrt(squares))
    return float(vector_norm(np.array([vector_norm(array.ravel()) for _, _, array in leaves(tree)])))


def _sum_of_squares(array: np.ndarray) -> float:
    flat = array.ravel("K")  # as it stands in memory: a gradient of Wax stands by columns, and would be copied
    return np.vdot(flat, flat)


def size(tree: Parameters) -> int:
    """Bytes of the whole tree"""
    return sum(array.nbytes for _, _, array in leaves(tree))


def all_finite(tree: Parameters) -> bool:
    """Is no number of the whole tree infinite, or not a number?"""
    return all(np.isfinite(array).all() for _, _, array in leaves(tree))


def read_only(tree: Parameters) -> Parameters:
    """The same tree with its arrays locked, fit to be shared."""
    for _, _, array in leaves(tree):
        array.flags.writeable = False
    return tree


# What differs between two trees ---------------------------------------------------------------------------------------
#
# An update moves of Wax only the columns of the words that were read: two trees that share their past differ in little.


class Columns(NamedTuple):
    """Some columns of a matrix (n_out, n_in), or some entries of a vector"""

    at: np.ndarray  # (k,)
    values: np.ndarray  # (n_out, k) or (k,)


def diff(old: Parameters, new: Parameters) -> Parameters:
    """Of every array the columns in which `new` is not `old`, be it in one bit (−0 is not 0)"""

    def differing(old: np.ndarray, new: np.ndarray) -> Columns:
        unlike = old.view(np.int64) != new.view(np.int64)
        at = np.flatnonzero(unlike.any(axis=0) if unlike.ndim == 2 else unlike)
        return Columns(at, new[..., at])

    return tree_map(differing, old, new)


def patch(old: Parameters, columns: Parameters) -> Parameters:
    """`new` again from what `diff` found, bit for bit, and in the memory order of `old`"""

    def replaced(old: np.ndarray, columns: Columns) -> np.ndarray:
        new = old.copy(order="K")
        new[..., columns.at] = columns.values
        return new

    return tree_map(replaced, old, columns)


# On disk --------------------------------------------------------------------------------------------------------------


def save(file: Path | IO[bytes], tree: Parameters) -> None:
    """Write one array per weight, named `group.name`, as .npz"""
    arrays: dict[str, Any] = {f"{group}.{name}": array for group, name, array in leaves(tree)}
    np.savez(file, **arrays)


class OtherData(ValueError):
    """These are the weights of such cells, but of other words or answers"""


def _have_other_data(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> bool:
    """Has every Waa as many rows for a unit as it should have, but not every Wax a column for each word, or by a place
    for each answer?"""
    shapes = {name: (found[name].shape, wanted.shape) for name, wanted in expected.items()}
    of_states = [both for name, both in shapes.items() if name.endswith(".Waa")]
    of_data = [both for name, both in shapes.items() if name.endswith((".Wax", ".by"))]
    are_such_cells = all(len(own) == 2 and own[0] * wanted[1] == own[1] * wanted[0] for own, wanted in of_states)
    return are_such_cells and any(own[-1:] != wanted[-1:] for own, wanted in of_data)


def load(file: Path | IO[bytes], like: Parameters) -> Parameters:
    """Read what `save` wrote; names, shapes and dtypes must be those of `like`.

    Raises ValueError, saying what is wrong, for any file that is not such a set of parameters; of networks that only
    met other data, OtherData.
    """
    expected = {f"{group}.{name}": array for group, name, array in leaves(like)}
    most = 2 * size(like) + 100_000
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > most:
                raise ValueError(f"unpacked, these are more than {most:,} bytes")
        with np.load(file, allow_pickle=False) as archive:
            found = {name: archive[name] for name in archive.files}
    except Exception as problem:  # a damaged zip can fail in many ways; all of them mean the same to the reader
        raise ValueError("This is not a parameter file: expected an .npz written by this project.") from problem
    if found.keys() != expected.keys():
        raise ValueError(f"Expected the weights {sorted(expected)}, found {sorted(found)}.")
    for name, array in found.items():
        if (array.shape, array.dtype) != (expected[name].shape, expected[name].dtype):
            wanted = f"{expected[name].dtype}{expected[name].shape}"
            kind = OtherData if _have_other_data(found, expected) else ValueError
            raise kind(f"{name} should be {wanted}, but the file has {array.dtype}{array.shape}.")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds numbers that are not finite.")
    return {group: type(like[group])(*(found[f"{group}.{n}"] for n in like[group]._fields)) for group in like}
