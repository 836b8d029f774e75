"""The stage's own arithmetic: `layout` of stage-plan.js, imported in the browser without a page around it"""

import base64
from itertools import pairwise, product

import pytest
from pytest import approx

from explorer.components.base import ASSETS, modules, script

NORMS = [10.0**power for power in range(-9, 3)]


@pytest.fixture(scope="module")
def layout(browser):
    """layout(data, width) of the module"""
    page = browser.new_page()
    number = modules("stage").index(ASSETS / "stage" / "plan.js")
    source = f"{script('stage')}\nexport const plan = module{number};"
    url = "data:text/javascript;base64," + base64.b64encode(source.encode()).decode()
    yield lambda data, width: page.evaluate(
        "async ([url, data, width]) => (await import(url)).plan.layout(data, width)", [url, data, width]
    )
    page.close()


def sentence(T: int, n_a: int = 16, loss: float = 0.3, norm: float = 0.1, **changes) -> dict:
    """The part of the stage's data that decides where things stand"""
    norms = {"grad": [norm] * T, "from_y": [norm] * T, "from_next": [norm] * (T - 1) + [0.0], "via_attention": None}
    texts = {"words": ["word"] * T, "said": ["P(name) 0.93"] * T, "sure": None, "labels": ["name"] * T}
    slots = {"group": ["rnn"] * T, "silent": [False] * T, "attention": None}
    return {"n_a": n_a, "loss": [loss] * T, "update": None} | texts | slots | norms | changes


def translation(Tx: int, Ty: int, **changes) -> dict:
    slots = {"group": ["encoder"] * Tx + ["decoder"] * Ty, "silent": [True] * Tx + [False] * Ty}
    answers = {key: [None] * Tx + ["mot"] * Ty for key in ("said", "sure", "labels")}
    losses = {"loss": [None] * Tx + [0.3] * Ty}
    return sentence(Tx + Ty) | slots | answers | losses | {"attention": [[1 / Tx] * Tx] * Ty} | changes


@pytest.mark.parametrize("T", [1, 2, 9, 60])
@pytest.mark.parametrize("n_a", [4, 16, 63, 64])
@pytest.mark.parametrize("width", [360, 1100, 1800])
def test_columns_stand_side_by_side_at_equal_distances(layout, T, n_a, width):
    plan = layout(sentence(T, n_a), width)
    assert len(plan["x"]) == T
    assert all(after - before == approx(plan["col"]) for before, after in pairwise(plan["x"]))
    assert plan["cell"] < plan["col"], "two hidden states never touch"
    assert plan["grid"]["columns"] * plan["grid"]["rows"] >= n_a
    assert plan["x"][-1] + plan["col"] <= plan["width"]


@pytest.mark.parametrize(("T", "width"), [(1, 360), (9, 1100), (9, 1800), (12, 1800)])
def test_a_sentence_that_fits_is_not_scrolled(layout, T, width):
    assert layout(sentence(T), width)["width"] <= width


def test_rows_stand_one_above_the_other(layout):
    rows = layout(sentence(9), 1100)["rows"]
    names = ("loss", "target", "prediction", "out", "hidden", "axis", "into", "onehot", "word")
    assert all(rows[above] < rows[below] for above, below in pairwise(names))


def test_an_arrow_grows_with_its_norm(layout):
    widths = layout(sentence(len(NORMS), from_y=NORMS), 1100)["arrows"]["y"]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_an_arrow_is_absolute(layout):
    """The same norm has the same width in every sentence, beside large and beside small ones"""
    alone = layout(sentence(1, from_y=[0.02]), 1100)["arrows"]["y"][0]
    for others, width in product((1e-9, 1.0, 1e3), (360, 1800)):
        assert layout(sentence(5, from_y=[others, 0.02, *[others] * 3]), width)["arrows"]["y"][1] == alone


def test_bars_are_proportional_to_their_losses(layout):
    losses = [0.2, 0.4, 0.8, 1.6, 4.0]
    heights = layout(sentence(5) | {"loss": losses}, 1100)["loss"]
    ratios = [height / loss for height, loss in zip(heights, losses, strict=True)]
    assert ratios == approx([ratios[0]] * 5)


def test_before_and_after_an_update_share_one_scale(layout):
    plan = layout(sentence(2, loss=1.0, update={"loss": [2.0, 4.0]}), 1100)
    assert plan["ghost"] == approx([2 * plan["loss"][0], 4 * plan["loss"][1]])


def test_numbers_that_are_not_finite_leave_a_gap(layout):
    plan = layout(sentence(3, from_y=[None, 1.0, None]) | {"loss": [None, 1.0, None]}, 1100)
    arrows = plan["arrows"]["y"]
    assert plan["loss"][0] == arrows[0] == 0 < min(plan["loss"][1], arrows[1])


@pytest.mark.parametrize("width", [360, 1100, 1800])
def test_the_decoder_stands_apart_from_the_encoder(layout, width):
    plan = layout(translation(4, 3), width)
    steps = [after - before for before, after in pairwise(plan["x"])]
    assert steps == approx([plan["col"]] * 3 + [plan["col"] + plan["gap"]] + [plan["col"]] * 2) and plan["gap"] > 0
    reads, writes = plan["regions"]
    assert reads["left"] == plan["x"][0] and writes["left"] == plan["x"][4]
    assert writes["left"] - reads["left"] - reads["width"] == approx(plan["gap"])
    assert writes["left"] + writes["width"] <= plan["width"]


def test_attention_has_its_own_room_between_the_prediction_and_the_hidden_state(layout):
    with_attention, without = (
        layout(translation(4, 3, attention=how), 1100)["rows"] for how in ([[0.25] * 4] * 3, None)
    )
    assert with_attention["prediction"] == without["prediction"] and with_attention["hidden"] > without["hidden"]
    assert with_attention["foot"] < with_attention["rail"] < with_attention["out"]


def test_where_no_label_is_known_its_rows_are_left_out(layout):
    labelled, bare = (layout(sentence(5, labels=[label] * 5), 1100) for label in ("name", None))
    assert bare["height"] < labelled["height"] and 0 < bare["rows"]["prediction"] < labelled["rows"]["prediction"]


def test_gradients_through_attention_come_down_to_the_silent_steps(layout):
    data = translation(2, 2, from_y=[0.0, 0.0, 1.0, 1.0], via_attention=[1e-3, 1e-1])
    alone = layout(sentence(4, from_y=[1e-3, 1e-1, 1.0, 1.0]), 1100)["arrows"]["y"]
    assert layout(data, 1100)["arrows"]["y"] == alone
