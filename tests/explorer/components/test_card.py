"""The card's figures close in the digits that are printed, and they are the core's: every cell, every structure."""

import json
import re
from math import prod

import numpy as np
import pytest

from core.activations import sigmoid
from core.cells import CELLS
from core.structures import NO_TARGET, STRUCTURES
from explorer.components.inspector import inspector_data
from explorer.compute.unrolled import Unrolled
from tests.helpers.biased import look
from tests.helpers.inspector_rows import in_node
from tests.helpers.unrolled import TRANSLATION, columns, unrolled

ALL = [(structure, False) for structure in STRUCTURES] + [(TRANSLATION, True)]
NUMBER = r"−?\d+(?:\.\d+)?(?:e-?\d+)?"


def told(now: Unrolled, texts=None) -> dict:
    data = json.loads(json.dumps(inspector_data(now, 1, texts)))
    due = [t + 1 for t, target in enumerate(now.targets[:, 0]) if target != NO_TARGET]
    return in_node("card.js", {"data": data, "whose": ["all", due[-1]]})


def value(written: str) -> float:
    return float(written.replace("−", "-"))


def check_sums(sums: list[dict], cell: str) -> None:
    plain = {"tanh": np.tanh, "relu": lambda z: max(z, 0.0)}.get(cell)
    for one in sums:
        left, right = one["brief"].split(" = ")
        if "×" in left:
            assert f"{prod(map(value, left.split(' × '))):.1e}" == f"{value(right):.1e}"
            continue
        terms = [value(term) for term in re.findall(NUMBER, left.replace("− ", "−"))]
        end, *after = right.split(" → ")
        assert sum(terms) == pytest.approx(value(end), abs=1e-9 * max(1, *map(abs, terms))), one["brief"]
        exact = one["exact"].split(" → ")[-1].split(" = ")[-1]
        assert value(exact) == pytest.approx(one["out"], rel=2e-6, abs=1e-9)
        if after:
            assert value(after[0]) == pytest.approx(one["out"], abs=0.005)
            squash = plain or (np.tanh if one["name"] == "c_tilde" else sigmoid)
            assert value(after[0]) == pytest.approx(squash(value(end)), abs=0.00501), one["brief"]
        if made := one["products"]:
            of_each = [value(line["product"]) for line in made["lines"]]
            assert sum(of_each) == pytest.approx(value(made["sum"]), abs=1e-9)
            digits = len(one["terms"][0].partition(".")[2].partition("e")[0])
            power = float(f"1e{one['terms'][0].partition('e')[2] or 0}")
            assert value(made["sum"]) == pytest.approx(value(one["terms"][0]), abs=power * 10.0**-digits)
            exact_products = [value(line["w"]) * value(line["a"]) for line in made["lines"]]
            assert sum(exact_products) == pytest.approx(one["past"], abs=5e-3 * (1 + sum(map(abs, exact_products))))


def check_marks(sums: list[dict]) -> None:
    """What is marked as rounded the other way is no further than that from its own digits, and some sums need none"""
    marked = [one for one in sums if one["bent"]]
    assert len(marked) < len(sums) and (marked or len(sums) < 100)
    both = [(one["terms"][0], one["products"]["sum"]) for one in sums if one["products"]]
    same = sum(value(term) == pytest.approx(value(together)) for term, together in both)
    assert same >= 0.9 * len(both), "the products add up to the term of the sum above them"
    assert all(0 <= i < len(one["terms"]) for one in marked for i in one["bent"])


def check_listed(now: Unrolled, sums: list[dict]) -> None:
    """Of the products of a plain cell's unit those are marked, and only those, whose last digit is not their own"""
    Waa, marked = now.trace.params["rnn"].Waa, 0
    for one in sums:
        exact = Waa[one["unit"]] * now.trace.a[one["t"] - 1, 0]
        for line, true in zip(one["products"]["lines"], exact, strict=True):
            decimals = line["product"].partition(".")[2]
            off = abs(abs(value(line["product"])) - abs(true)) * 10.0 ** len(decimals)
            if "e" not in line["product"] and abs(off - 0.5) > 0.01:
                assert line["isBent"] == (off > 0.5), (one["t"], one["unit"], line, true)
                marked += line["isBent"]
    assert marked or len(sums) < 100


def check(now: Unrolled, texts=None) -> None:
    found = told(now, texts)
    check_marks(found["sums"])
    check_sums(found["sums"], name := next(name for name, cell in CELLS.items() if cell == now.trace.cell))
    if name in ("tanh", "relu") and "rnn" in now.trace.params and not now.trace.reverse:
        check_listed(now, found["sums"])
    everything, one = found["errors"]
    groups = list(dict.fromkeys(slot.group for slot in now.trace.slots))
    for group, stamps in zip(groups, everything["stamps"], strict=True):
        Waa = now.back.grads[group].Waa
        np.testing.assert_allclose(np.ravel(stamps), Waa.ravel(), rtol=1e-4, atol=1e-5 * (1 + np.abs(Waa).max()))
    for made in everything["hops"][1:] + one["hops"][1:]:
        if made["figure"]:
            left, sent = made["figure"].split(" = ")
            digits = 2 if value(sent) >= 1e-3 else 1  # after the first, as on the stage
            product = prod(value(v) for v in re.findall(NUMBER, left))
            assert f"{product:.{digits}e}" == f"{value(sent):.{digits}e}", made
        else:
            assert made["note"] == "No error arrives at this step."
    if everything["hops"][0]["note"] != "No error arrives at this step.":
        assert everything["hops"][0] == {"figure": "", "note": "a⟨0⟩ is fixed at 0: the error ends here."}


@pytest.mark.parametrize("cell", CELLS)
def test_every_printed_sum_and_product_closes(cell):
    check(look(cell))


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("structure", "attends"), ALL)
def test_it_is_so_in_every_structure(structure, attends, cell):
    now = unrolled(structure, attends=attends, cell=cell)
    check(now, columns(now))


@pytest.mark.parametrize("cell", ["tanh", "relu"])
def test_the_hops_of_one_error_follow_its_row_of_the_credit_matrix(cell):
    now = look(cell)
    (_, one), s = told(now)["errors"], len(now.words)
    row = now.credit_matrix[s - 1]
    for t in range(2, s + 1):
        size, _, _, sent = (value(v) for v in re.findall(NUMBER, one["hops"][t - 1]["figure"]))
        assert size == pytest.approx(row[t - 1], rel=1e-2) and sent == pytest.approx(row[t - 2], rel=6e-2)
