"""The shapes of the backward pass as an exercise: whatever is put in place, NumPy says what it makes of it.

In two layouts: the course keeps the examples in columns, a (n_a, m); this app's code in rows, a (B, n_a).
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

N_A, N_X, RATE = 5, 3, 0.1
EXAMPLES = (10, 5, 1)  # m, or B: 5 is as many as there are units, and hides what is in the wrong place

Arrays = Mapping[str, np.ndarray]


class Option(NamedTuple):
    name: str  # its shape in letters, or the code that makes it
    make: Callable[[Arrays], Any]  # from the arrays that are right


class Place(NamedTuple):
    """A place in the code into which one of several arrays is put"""

    name: str
    line: str  # the code, with ? at the place
    use: Callable[[Arrays, Any], np.ndarray]
    options: tuple[Option, ...]  # the right one first


class Outcome(NamedTuple):
    """What NumPy makes of it"""

    kind: str  # right, raises, shape, numbers, same
    result: tuple[int, ...] | None = None  # the shape of what the line gives
    wanted: tuple[int, ...] | None = None
    message: str = ""  # NumPy's own words, where it stops


def arrays(m: int, is_in_rows: bool) -> dict[str, np.ndarray]:
    """One step of a tanh cell for m examples, forward and backward, in either layout"""
    rng = np.random.default_rng(1)
    Waa, Wax, ba = rng.normal(size=(N_A, N_A)), rng.normal(size=(N_A, N_X)), rng.normal(size=(N_A, 1))
    a_prev, x, da = (rng.normal(size=(n, m)) for n in (N_A, N_X, N_A))
    a = np.tanh(Waa @ a_prev + Wax @ x + ba)
    dz = (1 - a**2) * da
    by_example = {"a_prev": a_prev, "x": x, "a": a, "da": da, "dz": dz}
    of_weights = {"Waa": Waa, "Wax": Wax, "dWaa": dz @ a_prev.T}
    if is_in_rows:
        return {name: array.T for name, array in by_example.items()} | of_weights | {"ba": ba[:, 0], "dba": dz.sum(1)}
    return by_example | of_weights | {"ba": ba, "dba": dz.sum(axis=1, keepdims=True)}


def update(name: str, weight: str, *options: Option) -> Place:
    """Where a gradient goes into a weight"""
    return Place(name, f"{weight} = {weight} - {RATE} * ?", lambda at, it: at[weight] - RATE * it, options)


IN_COLUMNS = (
    Place(
        "ba",
        "z = Waa @ a_prev + Wax @ x + ?",
        lambda at, it: at["Waa"] @ at["a_prev"] + at["Wax"] @ at["x"] + it,
        (
            Option("(n_a, 1)", lambda at: at["ba"]),
            Option("(n_a,)", lambda at: at["ba"].ravel()),
            Option("(1, n_a)", lambda at: at["ba"].T),
        ),
    ),
    Place(
        "da",
        "dz = (1 - a**2) * ?",
        lambda at, it: (1 - at["a"] ** 2) * it,
        (
            Option("(n_a, m)", lambda at: at["da"]),
            Option("(m, n_a)", lambda at: at["da"].T),
            Option("(n_a, 1)", lambda at: at["da"].mean(axis=1, keepdims=True)),
        ),
    ),
    update(
        "dWaa",
        "Waa",
        Option("(n_a, n_a)", lambda at: at["dWaa"]),
        Option("(n_a, m)", lambda at: at["dz"]),
        Option("(m, m)", lambda at: at["dz"].T @ at["a_prev"]),
    ),
    update(
        "dba",
        "ba",
        Option("(n_a, 1)", lambda at: at["dba"]),
        Option("(n_a,)", lambda at: at["dba"].ravel()),
        Option("(n_a, m)", lambda at: at["dz"]),
        Option("()", lambda at: at["dz"].sum()),
    ),
    update(
        "sum",
        "ba",
        Option("np.sum(dz, axis=1, keepdims=True)", lambda at: np.sum(at["dz"], axis=1, keepdims=True)),
        Option("np.sum(dz, axis=1)", lambda at: np.sum(at["dz"], axis=1)),
        Option("np.sum(dz, axis=0, keepdims=True)", lambda at: np.sum(at["dz"], axis=0, keepdims=True)),
        Option("np.sum(dz)", lambda at: np.sum(at["dz"])),
    ),
)
IN_ROWS = (
    Place(
        "ba",
        "z = a_prev @ Waa.T + x @ Wax.T + ?",
        lambda at, it: at["a_prev"] @ at["Waa"].T + at["x"] @ at["Wax"].T + it,
        (
            Option("(n_a,)", lambda at: at["ba"]),
            Option("(n_a, 1)", lambda at: at["ba"][:, None]),
        ),
    ),
    Place(
        "da",
        "dz = (1 - a**2) * ?",
        lambda at, it: (1 - at["a"] ** 2) * it,
        (
            Option("(B, n_a)", lambda at: at["da"]),
            Option("(n_a, B)", lambda at: at["da"].T),
            Option("(n_a,)", lambda at: at["da"].mean(axis=0)),
        ),
    ),
    update(
        "dWaa",
        "Waa",
        Option("(n_a, n_a)", lambda at: at["dWaa"]),
        Option("(B, n_a)", lambda at: at["dz"]),
        Option("(B, B)", lambda at: at["dz"] @ at["a_prev"].T),
    ),
    update(
        "dba",
        "ba",
        Option("(n_a,)", lambda at: at["dba"]),
        Option("(n_a, 1)", lambda at: at["dba"][:, None]),
        Option("(B, n_a)", lambda at: at["dz"]),
        Option("()", lambda at: at["dz"].sum()),
    ),
    update(
        "sum",
        "ba",
        Option("np.sum(dz, axis=0)", lambda at: np.sum(at["dz"], axis=0)),
        Option("np.sum(dz, axis=0, keepdims=True)", lambda at: np.sum(at["dz"], axis=0, keepdims=True)),
        Option("np.sum(dz, axis=1)", lambda at: np.sum(at["dz"], axis=1)),
        Option("np.sum(dz)", lambda at: np.sum(at["dz"])),
    ),
)
LAYOUTS = {"columns": IN_COLUMNS, "rows": IN_ROWS}


def outcome(place: Place, option: Option, at: Arrays) -> Outcome:
    """Put it in place, and compare what comes out with what the right array gives"""
    right, *_ = place.options
    wanted = place.use(at, right.make(at))
    try:
        result = place.use(at, option.make(at))
    except ValueError as error:
        return Outcome("raises", None, wanted.shape, str(error).strip())
    if option is right:
        return Outcome("right", result.shape, wanted.shape)
    if result.shape != wanted.shape:
        return Outcome("shape", result.shape, wanted.shape)
    return Outcome("same" if np.allclose(result, wanted) else "numbers", result.shape, wanted.shape)
