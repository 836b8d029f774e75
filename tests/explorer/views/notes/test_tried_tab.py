"""Four confusions, tried out: every number beside a second computation, every word of NumPy beside NumPy."""

import re

import numpy as np
import pytest
from pytest import approx

from core import pretrained
from core.cells import CELLS
from core.experiments import writers
from core.experiments.writers import SHIFTS, UPDATES
from core.structures import NO_TARGET
from core.training import Experiment
from explorer.compute.whose import one_error
from explorer.compute.writing import Writing
from explorer.prose import prose
from explorer.views.notes import shapes, tried_tab
from explorer.views.notes.shapes import EXAMPLES, LAYOUTS
from explorer.views.panels import path_and_sum
from tests.helpers.examples import LONG, ask_core, look, open_app
from tests.helpers.notes_page import open_notes

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
PLACES = [(layout, place, m) for layout, places in LAYOUTS.items() for place in places for m in EXAMPLES]


def said(app) -> str:
    assert not app.exception
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.info])


def number(written: str) -> float:
    return float(written.replace("−", "-").replace("*", "").replace(",", ""))


# Shares add, factors multiply -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_factors_multiply_along_the_path_and_shares_add_over_the_steps(cell):
    unrolled, t = look(cell), 6
    alone = one_error(unrolled, t)
    targets = [target if k == t else NO_TARGET for k, target in enumerate(unrolled.targets[:, 0], start=1)]
    back = ask_core(unrolled.trace.params, cell, unrolled.words, targets).back
    lengths = np.linalg.norm(back.d_state[:, 0], axis=-1)
    told = path_and_sum.path(alone, t, 2)
    start, *gains = map(float, re.search(r": ([\d.e×\s-]+) = ", told)[1].split(" × "))
    end = float(re.search(r"\*\*([\d.e-]+)\*\*\.", told)[1])
    assert (start, end) == approx((lengths[t], lengths[2]), rel=0.005)
    assert len(gains) == t - 2 and f"{start * np.prod(gains):.3g}" == f"{end:.3g}", "in the digits that are written"
    rows = [row.strip("| ").split(" | ") for row in path_and_sum.table(alone, t, "Waa").splitlines()[2:]]
    shares, total = [number(row[3]) for row in rows[:-1]], number(rows[-1][-1])
    assert sum(shares) == approx(total, abs=1e-9)
    place = path_and_sum.place(alone, "Waa")
    of_entry = [back.share(k)["rnn"].Waa[place["row"] - 1, place["column"] - 1] for k in range(1, t + 1)]
    assert np.array(shares) / total == approx(np.array(of_entry) / sum(of_entry), abs=0.02)
    assert [number(row[2]) for row in rows[:-1]] == approx(lengths[1 : t + 1], rel=0.006)


def test_a_long_way_is_written_with_a_gap():
    alone = one_error(look("tanh", tuple(LONG.split()[:30])), 30)
    told = path_and_sum.path(alone, 30, 1)
    assert "29 steps back to step 1" in told and told.count("×") == 10 and " … " in told


def test_it_stands_where_the_shares_are():
    app = open_app("explore", whose="9")
    app = app.button_group(key="more").set_value(prose("panels", "shares_title")).run()
    assert "Along a path, factors multiply" in said(app)
    app = open_app("explore", whose="all")
    app = app.button_group(key="more").set_value(prose("panels", "shares_title")).run()
    assert "factors multiply" not in said(app)


# With its past, and without -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_measured_is_the_immediate_and_the_total_derivative(cell):
    weight = tried_tab.Weight(look(cell), 5)
    assert weight.terms.sum() == approx(weight.total, rel=1e-12)
    assert weight.measured() == approx(weight.total, rel=1e-6, abs=1e-9)
    assert weight.measured_held() == approx(weight.terms[0], rel=1e-6, abs=1e-9)


def test_term_by_term_to_the_total():
    app = open_notes("tried", sentence=SENTENCE)
    app.slider(key="past_t").set_value(6).run()
    text = said(app)
    immediate = re.search(r"The immediate derivative is ([^,]+), the total one (.+)\.", text)
    assert f"With the latest 1 use of 6: **{immediate[1]}**" in text
    app.slider(key="past_kept").set_value(6).run()
    assert f"All 6 uses together: **{immediate[2]}**, the total derivative." in said(app)
    app.slider(key="past_t").set_value(3).run()
    assert app.slider(key="past_kept").value == 3


# X = Y, and X = Y shifted by one --------------------------------------------------------------------------------------


def test_both_are_trained_and_written_with():
    app = open_notes("tried")
    assert said(app).count(", untrained: ℒ of a letter") == 2
    app.button(key="train_writers").click().run()
    for _ in range(200):
        if "Fed its own answers after each" in said(app):
            break
        app.run()
    text = said(app)
    assert ", untrained: ℒ" not in text
    networks = [list(writers.train(shift, 1))[-1] for shift in SHIFTS]
    assert "repeat that letter **30 of 30** times, the shifted one 0 of 30." in text
    assert f"{networks[0].loss:.3g} against {networks[1].loss:.3g}" in text
    assert "| **fed its own answers**, after `h` | `hhhhhhhh` |" in text
    app.selectbox(key="first_letter").set_value("g").run()
    assert f"after `g` | `gggggggg` | `{writers.write_freely(networks[1].params, 'g')}` |" in said(app)


def test_what_is_said_is_counted():
    """Before any training neither repeats, and the page would say so"""
    writing = Writing(1)
    assert not writing.is_over and writing.updates == 0
    repeats = [
        sum(set(writers.write_freely(w.params, c)) == {c} for c in writers.letters()[1:]) for w in writing.latest
    ]
    told = tried_tab.conclusion(writing.latest)
    assert f"repeat that letter **{repeats[0]} of 30** times, the shifted one {repeats[1]} of 30." in told
    while writing.step():
        pass
    assert writing.updates == UPDATES and writing.is_over


# Shapes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("layout", "place", "m"), PLACES)
def test_what_numpy_makes_of_it(layout, place, m):
    at = shapes.arrays(m, is_in_rows=layout == "rows")
    right = place.use(at, place.options[0].make(at))
    assert shapes.outcome(place, place.options[0], at) == ("right", right.shape, right.shape, "")
    for option in place.options[1:]:
        found = shapes.outcome(place, option, at)
        assert found.kind != "right" and (found.kind == "same") <= (m == 1), "with one example alone it is the same"
        try:
            result = place.use(at, option.make(at))
        except ValueError as error:
            assert (found.kind, found.message) == ("raises", str(error).strip())
        else:
            assert found.result == result.shape
            assert (found.kind == "shape") == (result.shape != right.shape)
            assert found.kind != "same" or np.allclose(result, right)
        assert tried_tab.told(found)


def test_the_shapes_in_letters_are_those_of_the_arrays():
    sizes = {"n_a": shapes.N_A, "m": 10, "B": 10}
    for layout, places in LAYOUTS.items():
        at = shapes.arrays(10, is_in_rows=layout == "rows")
        for place in places[:-1]:
            for option in place.options:
                letters = [letter.strip() for letter in option.name.strip("()").split(",") if letter.strip()]
                assert np.shape(option.make(at)) == tuple(sizes.get(letter) or int(letter) for letter in letters)


def test_a_column_and_a_row_of_biases_make_a_matrix():
    """(n, 1) + (n,): the mistake that NumPy does not report"""
    app = open_notes("tried")
    app.segmented_control(key="shapes_columns_dba").set_value("(n_a,)").run()
    assert "No error, and wrong" in said(app) and "the result is `(5, 5)` in place of `(5, 1)`" in said(app)
    app.segmented_control(key="shapes_columns_ba").set_value("(n_a, 1)").run()
    assert "**1 of 5** in place" in said(app)


def test_the_right_arrays_are_those_of_the_network():
    """∂ℒ/∂Waa and ∂ℒ/∂ba of one step, in both layouts, as the core has them in rows"""
    for m in EXAMPLES:
        columns, rows = (shapes.arrays(m, is_in_rows) for is_in_rows in (False, True))
        np.testing.assert_allclose(rows["dWaa"], rows["dz"].T @ rows["a_prev"])
        np.testing.assert_allclose(columns["dba"][:, 0], rows["dba"])
        cell, params = CELLS["tanh"], pretrained.load_pretrained(Experiment())["rnn"]
        of_core = cell.param_grads(
            params._replace(Wax=np.zeros((shapes.N_A, shapes.N_X))),
            None,
            rows["a_prev"][None],
            rows["x"][None],
            rows["dz"][None],
        )
        np.testing.assert_allclose(of_core.Waa, rows["dWaa"])
        np.testing.assert_allclose(of_core.ba, rows["dba"])
