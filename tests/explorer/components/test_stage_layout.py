"""The stage's own arithmetic: `layout` of plan.js, in Node without a page around it"""

from itertools import pairwise, product

import pytest
from pytest import approx

from tests.helpers.inspector_rows import in_node

HEIGHT = 330  # px: what is left for the columns on a small laptop
NORMS = [10.0**power for power in range(-9, 3)]


def layout(data: dict, width: int, height: int = HEIGHT) -> dict:
    return in_node("layout.js", {"data": data, "width": width, "height": height})


def sentence(T: int, n_a: int = 16, loss: float = 0.3, norm: float = 0.1, **changes) -> dict:
    """The part of the stage's data that decides where things stand"""
    norms = {"grad": [norm] * T, "from_y": [norm] * T, "from_next": [norm] * (T - 1) + [0.0], "via_attention": None}
    texts = {"words": ["word"] * T, "said": ["0.93"] * T, "sure": None, "labels": ["name"] * T}
    slots = {"group": ["rnn"] * T, "silent": [False] * T, "attention": None}
    return {"n_a": n_a, "state": "a", "loss": [loss] * T, "update": None} | texts | slots | norms | changes


def translation(Tx: int, Ty: int, **changes) -> dict:
    slots = {"group": ["encoder"] * Tx + ["decoder"] * Ty, "silent": [True] * Tx + [False] * Ty}
    answers = {key: [None] * Tx + ["mot"] * Ty for key in ("said", "sure", "labels")}
    losses = {"loss": [None] * Tx + [0.3] * Ty}
    return sentence(Tx + Ty) | slots | answers | losses | {"attention": [[1 / Tx] * Tx] * Ty} | changes


@pytest.mark.parametrize("T", [1, 2, 9, 60])
@pytest.mark.parametrize("n_a", [4, 16, 63, 64])
@pytest.mark.parametrize("width", [360, 1100, 1800])
def test_columns_stand_side_by_side_at_equal_distances(T, n_a, width):
    plan = layout(sentence(T, n_a), width)
    assert len(plan["x"]) == T
    assert all(after - before == approx(plan["col"]) for before, after in pairwise(plan["x"]))
    assert plan["cell"] < plan["col"], "two hidden states never touch"
    assert plan["grid"]["columns"] * plan["grid"]["rows"] >= n_a
    assert plan["x"][-1] + plan["col"] <= plan["width"]


@pytest.mark.parametrize(("T", "width"), [(1, 360), (9, 898), (9, 1100), (9, 1800), (12, 1800)])
def test_a_sentence_that_fits_is_not_scrolled(T, width):
    assert layout(sentence(T), width)["width"] <= width


@pytest.mark.parametrize("height", [330, 436, 540])
def test_it_keeps_to_its_height(height):
    for data in (sentence(9), sentence(9, state="(a,c)"), translation(4, 5)):
        assert layout(data, 1100, height)["height"] <= height + 12


def test_rows_stand_one_above_the_other():
    rows = layout(sentence(9), 1100)["rows"]
    names = ("loss", "target", "prediction", "out", "hidden", "axis", "into", "onehot", "word")
    assert all(rows[above] < rows[below] for above, below in pairwise(names))


def test_an_arrow_grows_with_its_norm():
    widths = layout(sentence(len(NORMS), from_y=NORMS), 1100)["arrows"]["y"]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_an_arrow_is_absolute():
    """The same norm has the same width in every sentence, beside large and beside small ones"""
    alone = layout(sentence(1, from_y=[0.02]), 1100)["arrows"]["y"][0]
    for others, width in product((1e-9, 1.0, 1e3), (360, 1800)):
        assert layout(sentence(5, from_y=[others, 0.02, *[others] * 3]), width)["arrows"]["y"][1] == alone


def test_a_loss_has_the_same_bar_in_every_sentence():
    alone = layout(sentence(1, loss=0.36), 1100)["loss"][0]
    beside = layout(sentence(5) | {"loss": [0.36, 1e5, 1e-9, 4.0, 0.0]}, 1100)["loss"]
    assert beside[0] == alone and beside[1] == layout(sentence(1), 1100)["bar"]
    assert beside[1] > beside[3] > beside[0] > beside[2] == beside[4] > 0


def test_before_and_after_an_update_share_one_scale():
    plan = layout(sentence(2, loss=1.0, update={"loss": [1.0, 4.0]}), 1100)
    assert plan["ghost"] == [plan["loss"][0], layout(sentence(1, loss=4.0), 1100)["loss"][0]]


def test_numbers_that_are_not_finite_leave_a_gap():
    plan = layout(sentence(3, from_y=[None, 1.0, None]) | {"loss": [None, 1.0, None]}, 1100)
    arrows = plan["arrows"]["y"]
    assert plan["loss"][0] == arrows[0] == 0 < min(plan["loss"][1], arrows[1])


@pytest.mark.parametrize("width", [360, 1100, 1800])
def test_the_decoder_stands_apart_from_the_encoder(width):
    plan = layout(translation(4, 3), width)
    steps = [after - before for before, after in pairwise(plan["x"])]
    assert steps == approx([plan["col"]] * 3 + [plan["col"] + plan["gap"]] + [plan["col"]] * 2) and plan["gap"] > 0
    reads, writes = plan["regions"]
    assert reads["left"] == plan["x"][0] and writes["left"] == plan["x"][4]
    assert writes["left"] - reads["left"] - reads["width"] == approx(plan["gap"])
    assert writes["left"] + writes["width"] <= plan["width"]


def test_attention_has_its_own_room_between_the_prediction_and_the_hidden_state():
    plans = [layout(translation(4, 3, attention=how), 1100) for how in ([[0.25] * 4] * 3, None)]
    high, bare = ({name: top / plan["unit"] for name, top in plan["rows"].items()} for plan in plans)
    assert high["prediction"] == approx(bare["prediction"], abs=0.1) and high["hidden"] > bare["hidden"] + 1
    assert high["foot"] < high["out"] and high["rail"] < high["hidden"]


def test_where_no_label_is_known_its_rows_are_left_out():
    labelled, bare = (layout(sentence(5, labels=[label] * 5), 1100) for label in ("name", None))
    assert bare["height"] < labelled["height"] and 0 < bare["rows"]["prediction"] < labelled["rows"]["prediction"]


def test_gradients_through_attention_come_down_to_the_silent_steps():
    data = translation(2, 2, from_y=[0.0, 0.0, 1.0, 1.0], via_attention=[1e-3, 1e-1])
    alone = layout(sentence(4, from_y=[1e-3, 1e-1, 1.0, 1.0]), 1100)["arrows"]["y"]
    assert layout(data, 1100)["arrows"]["y"] == alone
