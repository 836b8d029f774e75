"""Below the stage of every structure stands what stands below that of Explore, with the core's numbers."""

import csv
import io
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import parameters
from core.backward import backward
from core.data.example import Example
from core.parameters import Parameters, leaves
from core.structures import NO_TARGET
from core.tasks import task
from explorer.choices.link import all_values, from_link
from explorer.choices.record import CHOICES
from explorer.compute.jobs import KINDS
from explorer.formatting import three_digits
from explorer.prose import prose
from tests.helpers.drawn import payload_of
from tests.helpers.examples import run_script, same_bits
from tests.helpers.shown import chart, downloads, numbers
from tests.helpers.structures_page import (
    LESSONS,
    agrees,
    component,
    descend,
    open_page,
    open_panel,
    press,
    select,
    stage,
    text,
    through,
    trained,
)

RATE = CHOICES["learning_rate"].default
PANELS = {"shares": ["shares"], "microscope": ["curve", "before_after"]}  # with their charts
ONE_GROUP = ("Waa", "Wax", "ba", "Wya", "by")
TWO_GROUPS = tuple(f"{group}.{name}" for group in ("encoder", "decoder") for name in ("Waa", "Wax", "ba"))
WEIGHTS = dict.fromkeys(KINDS, ONE_GROUP) | {"translation": (*TWO_GROUPS, "Wya", "by", "Wyc")}


@pytest.fixture(params=KINDS)
def name(request) -> str:
    return request.param


def reach(page: AppTest) -> dict:
    """What the chart of all errors was given"""
    return payload_of(component(page, "norms").proto)


def lesson(name: str, **link: str) -> tuple[AppTest, Example]:
    """The page on an example of this structure whose right answer is known"""
    chosen, example = LESSONS[name]
    return open_page(structure=name, **chosen | link), example


def array_of(tree: Parameters, weight: str) -> np.ndarray:
    """The array that the page calls by this name"""
    group, _, array = weight.rpartition(".")
    return next(found for one, other, found in leaves(tree) if other == array and group in ("", one))


def labelled(tree: Parameters) -> dict[str, np.ndarray]:
    return {f"{group}.{array}" if group in ("encoder", "decoder") else array: W for group, array, W in leaves(tree)}


def credit(name: str, params: Parameters, example: Example) -> np.ndarray:
    """‖∂ℒ⟨s⟩/∂state⟨k⟩‖, each row a way back of its own, on which that loss alone counts"""
    trace, _, _ = through(name, params, example)
    _, _, targets = task(name).batch([example])
    T = len(targets)
    norms = np.full((T, T), np.nan)
    for s in np.flatnonzero(targets[:, 0] != NO_TARGET):
        alone = np.where(np.arange(T)[:, None] == s, targets, NO_TARGET)
        back = backward(trace, task(name).loss(trace.logits, alone))
        norms[s, : s + 1] = np.linalg.norm(back.d_state[1 : s + 2, 0], axis=-1)
    return norms


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


# How far errors reach, and what each step adds ------------------------------------------------------------------------


def test_the_credit_matrix_is_that_of_the_core(name):
    page, example = lesson(name)
    rows, due = reach(page)["norms"], [not silent for silent in stage(page)["silent"]]
    assert [bool(row) for row in rows] == due  # where no answer is due, no error starts
    for s, (row, expected) in enumerate(zip(rows, credit(name, trained(name), example), strict=True)):
        if row:
            np.testing.assert_allclose(row, expected[: s + 1], rtol=1e-9, atol=0)


@pytest.mark.slow
def test_every_share_of_every_weight_is_the_core_s_and_any_of_its_entries_can_be_checked(name):
    page, example = lesson(name)
    open_panel(page, "What each step adds to ∂ℒ/∂W")
    _, _, back = through(name, trained(name), example)
    shares = {weight.split(".", 1)[1]: norms for weight, norms in back.share_norms().items() if weight[0] not in "ed"}
    shares |= {weight: norms for weight, norms in back.share_norms().items() if weight[0] in "ed"}
    assert [option.content for option in page.button_group(key="selected_weight").proto.options] == [*WEIGHTS[name]]
    for weight in WEIGHTS[name]:
        page.button_group(key="selected_weight").set_value(weight.removeprefix("encoder.")).run()
        assert numbers(chart(page, "shares")["data"][0]["y"]) == shares[weight].tolist()
        gradient = array_of(back.grads, weight)
        total = prose("panels", "shares", total=three_digits(float(np.linalg.norm(gradient))))
        assert total in [caption.value for caption in page.caption]
        told = metrics(open_panel(page, "Check a gradient"))
        exact, numeric = float(told[prose("panels", "by_bptt")]), float(told["(ℒ(w+ε) − ℒ(w−ε)) / 2ε"])
        assert abs(exact) == pytest.approx(np.abs(gradient).max(), rel=1e-8)  # the largest entry is offered first
        assert numeric == pytest.approx(exact, rel=1e-5) and float(told[prose("panels", "difference")]) < 1e-5
        open_panel(page, "What each step adds to ∂ℒ/∂W")


def test_an_entry_of_each_group_can_be_chosen_and_is_named():
    page, example = lesson("translation")
    open_panel(page, "Check a gradient")
    grads, (english, french) = through("translation", trained("translation"), example)[2].grads, (4, 5)
    job = task("translation")
    for weight, place, word, is_read in (
        ("encoder.Wax", (2, job.vocabulary.encode(["door"])[0]), "door", True),
        ("encoder.Wax", (2, job.vocabulary.encode(["cat"])[0]), "cat", False),
        ("decoder.Wax", (3, job.index["livre"]), "livre", True),
        ("decoder.Wax", (3, job.index["chat"]), "chat", False),
        ("decoder.Waa", (1, 2), None, True),
        ("Wya", (job.index["livre"], english), None, True),
        ("Wyc", (job.index["lit"], french), None, True),
    ):
        page.button_group(key="selected_weight").set_value(weight.removeprefix("encoder.")).run()
        page.number_input(key="check_row").set_value(int(place[0]) + 1).run()  # units count from 1, words from 0
        page.number_input(key="check_column").set_value(int(place[1]) + (not weight.endswith("Wax"))).run()
        gradient = array_of(grads, weight)[place]
        told = metrics(page)
        assert told[prose("panels", "by_bptt")] == f"{gradient:.9g}"
        assert float(told["(ℒ(w+ε) − ℒ(w−ε)) / 2ε"]) == pytest.approx(gradient, rel=1e-4, abs=1e-9)
        assert word is None or f"‘{word}’" in text(page)
        assert (prose("panels", "absent") in text(page)) is not is_read and is_read == (gradient != 0)


# Updates --------------------------------------------------------------------------------------------------------------


def test_a_hundred_updates_are_the_core_s_and_the_microscope_says_what_they_did(name):
    page, example = lesson(name)
    before = through(name, trained(name), example)[1]
    params, losses, sizes = descend(name, trained(name), example, 100, RATE)
    open_panel(page, "What an update changes")
    assert prose("panels", "untouched") in text(page) and chart(page, "curve") is None
    assert agrees(stage(press(page, "apply_100")), name, params, example)
    assert stage(page)["update"]["taken"] == 100
    told, after = metrics(page), through(name, params, example)[1]
    moved = parameters.norm(parameters.tree_map(np.subtract, params, trained(name)))
    assert told[prose("panels", "loss_before")] == three_digits(losses[0])
    assert told[prose("panels", "norm_many", n=100)] == three_digits(sizes[0])
    assert told[prose("panels", "moved_many", n=100)] == three_digits(moved)
    assert told[prose("panels", "loss_after")] == three_digits(after.total)
    assert numbers(chart(page, "curve")["data"][0]["y"]) == [*losses, after.total]
    was, now = (numbers(bars["y"]) for bars in chart(page, "before_after")["data"][1:])
    due = task(name).batch([example])[2][:, 0] != NO_TARGET
    for shown, loss in ((was, before), (now, after)):
        np.testing.assert_array_equal(shown, np.where(due, loss.per_step[:, 0], np.nan))
    table = next(element.value for element in page.markdown if element.value.startswith("| W |"))
    norms = {row.split(" | ")[0].strip("| "): row.split(" | ")[1:] for row in table.splitlines()[2:]}
    gradients = labelled(through(name, trained(name), example)[2].grads)
    assert {weight: row[0] for weight, row in norms.items()} == {
        weight: three_digits(float(np.linalg.norm(gradients[weight]))) for weight in WEIGHTS[name]
    }
    once, _, _ = descend(name, params, example, 1, RATE)
    assert agrees(stage(press(page, "apply_update")), name, once, example)
    assert agrees(stage(press(page, "undo")), name, params, example)
    assert agrees(stage(press(page, "undo")), name, trained(name), example) and page.button(key="undo").disabled


def test_clipping_of_the_settings_is_used(name):
    page, _example = lesson(name, clipping="norm", clip_limit="0.01", learning_rate="0.5")
    told = metrics(open_panel(press(page, "apply_update"), "What an update changes"))
    assert told[prose("panels", "norm_clipped")] == "0.01"
    assert told[prose("panels", "moved", is_clipped=True, rate=0.5)] == "0.005"


@pytest.mark.slow
def test_a_link_with_updates_opens_the_same_page(name):
    page, _ = lesson(name)
    press(press(press(page, "apply_update"), "apply_10"), "apply_10")
    link = page.query_params
    assert link["v"] == "2" and [row.split(" ")[0] for row in link["structures_update"]] == ["1x1", "2x10"]
    chosen, ignored = from_link(link)
    assert chosen.structures_updates == page.session_state["structures_updates"] and ignored == []
    friend = open_page(**link)
    first, second = stage(page), stage(friend)
    first["update"].pop("fresh"), second["update"].pop("fresh")
    assert second == first and first["update"]["taken"] == 21 and not friend.warning
    assert friend.query_params == link
    for panel, keys in PANELS.items():
        for key in keys:
            one, other = (chart(open_panel(each, prose("panels", f"{panel}_title")), key) for each in (friend, page))
            assert one == other is not None


def test_what_an_update_did_to_another_example_is_not_mixed_with_what_it_learned_from():
    page, example = lesson("sentiment")
    open_panel(press(page, "apply_update"), "What an update changes")
    said = prose("panels", "elsewhere", inputs=" ".join(example.inputs))
    assert said not in [caption.value for caption in page.caption]
    page.text_input(key="input").set_value("a dull film").run()
    assert said in [caption.value for caption in page.caption]
    learned = through("sentiment", trained("sentiment"), example)[1].total
    assert numbers(chart(page, "curve")["data"][0]["y"]) == [learned]  # nobody asked what the other loses meanwhile


def test_a_step_of_the_way_back_is_chosen_everywhere(name):
    page, _ = lesson(name)
    T = len(stage(page)["words"])
    link = dict(select(page, -T).query_params)
    assert link["phase"] == "backward" and link.get("at", "1") == str(T)
    for shown in (page, open_page(**link)):
        data = stage(shown)
        assert (data["selected"], data["phase"], data["dock"]["selected"]) == (T, "backward", T)
        assert reach(shown)["step"] == T
    assert stage(select(page, T))["phase"] == "forward" and "phase" not in page.query_params
    select(page, -1)
    assert stage(press(page, "apply_update"))["phase"] == "backward"  # the stage comes home to where it was


# To take along --------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(name):
    """The page after ten updates, what the core says of it, and the files that it offers"""
    with downloads() as files:
        page, example = lesson(name)
        open_panel(press(page, "apply_10"), "Keep or share")
        params, _, _ = descend(name, trained(name), example, 10, RATE)
        yield params, example, {file: make() for file, make in files.items() if make}


@pytest.mark.slow
def test_the_weights_come_back_bit_for_bit(kept):
    params, _, files = kept
    assert same_bits(parameters.load(io.BytesIO(files["weights.npz"]), like=params), params)


@pytest.mark.slow
def test_the_trace_has_one_row_a_step_and_loses_nothing(name, kept):
    params, example, files = kept
    trace, loss, back = through(name, params, example)
    job, (slots, x, targets) = task(name), task(name).batch([example])
    head, *rows = csv.reader(io.StringIO(files["trace.csv"]))
    table = dict(zip(head, zip(*rows, strict=True), strict=True))
    n_a, y_hat = trace.a.shape[-1], loss.y_hat[:, 0]
    y_hat = np.hstack([1 - y_hat, y_hat]) if y_hat.shape[1] == 1 else y_hat
    answers = np.array([slot.answers for slot in slots])
    due = [job.classes[y] if y != NO_TARGET else "" for y in targets[:, 0]]
    assert table["t"] == tuple(map(str, range(1, len(slots) + 1)))
    assert table["group"] == tuple(slot.group for slot in slots)
    assert table["word"][: len(example.inputs)] == example.inputs
    assert table["index"] == tuple(map(str, x[:, 0])) and table["expected"] == tuple(due)
    said = [job.classes[k] if is_due else "" for k, is_due in zip(y_hat.argmax(axis=1), answers, strict=True)]
    assert table["prediction"] == tuple(said)
    columns = {
        "probability": np.where(answers, y_hat.max(axis=1), np.nan),
        "loss": np.where(task(name).batch([example])[2][:, 0] == NO_TARGET, np.nan, loss.per_step[:, 0]),
        "norm_from_y": np.linalg.norm(back.from_y[:, 0], axis=-1),
        "norm_from_next_a": np.linalg.norm(back.from_next_state[1:, 0, :n_a], axis=-1),
        "norm_d_a": np.linalg.norm(back.d_a[1:, 0], axis=-1),
        "norm_from_next_state": np.linalg.norm(back.from_next_state[1:, 0], axis=-1),
        "norm_d_state": np.linalg.norm(back.d_state[1:, 0], axis=-1),
    }
    shares = zip(labelled(back.grads), back.share_norms().values(), strict=True)
    columns |= {f"share_{weight}": norms for weight, norms in shares}
    columns |= {f"a[{i}]": trace.a[1:, 0, i] for i in range(n_a)}
    for column, values in columns.items():
        found = [float(cell) if cell else np.nan for cell in table[column]]
        np.testing.assert_array_equal(found, values, column)


def test_the_script_prints_the_numbers_on_the_screen(name, kept, tmp_path):
    params, example, files = kept
    trace, loss, back = through(name, params, example)
    _, _, targets = task(name).batch([example])
    printed = run_script(files["rnn.py"], tmp_path)
    answers = np.array([slot.answers for slot in trace.slots])
    chance = np.where(answers, loss.y_hat[:, 0].max(axis=-1), np.nan)
    due = np.where(targets[:, 0] == NO_TARGET, np.nan, loss.per_step[:, 0])
    norms = np.linalg.norm(back.d_state[1:, 0], axis=-1)
    np.testing.assert_allclose(printed.steps, np.stack([chance, due, norms], 1), rtol=1e-12)
    assert printed.total == pytest.approx(loss.total, rel=1e-12)
    for group, array, gradient in leaves(back.grads):
        assert printed.gradients[f"{group}.{array}"].length == pytest.approx(np.linalg.norm(gradient), rel=1e-12)


def test_a_session_file_opens_the_same_page(name, kept):
    _, _, files = kept
    page = open_panel(open_page(structure="word"), "Keep or share")
    page.file_uploader(key="session_file").upload("session.json", files["session.json"].encode()).run()
    link = json.loads(files["session.json"])
    friend = open_page(**link)
    first, second = stage(page), stage(friend)
    assert first["update"]["taken"] == 10
    first["update"].pop("fresh"), second["update"].pop("fresh")
    assert first == second
    opened = {key: all_values(value) for key, value in page.query_params.items()}
    assert opened == {key: all_values(value) for key, value in link.items()}
    assert [toast.value for toast in page.toast] == [prose("share", "opened")]


def test_a_file_that_is_no_session_changes_nothing_and_says_so():
    page = open_panel(open_page(structure="word"), "Keep or share")
    before = stage(page)
    page.file_uploader(key="session_file").upload("session.json", b"[]").run()
    assert stage(page) == before and [warning.value for warning in page.warning] == [prose("share", "bad_session")]
    press(page, "apply_update")
    assert not page.warning


@pytest.mark.parametrize("structure", ["word", "sentiment", "entities", "translation"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(structure):
    typed = "=1+1" if structure == "word" else "=1+1 @SUM +x -y ok"
    with downloads() as files:
        page = open_panel(open_page(structure=structure, input=typed), "Keep or share")
        words = stage(page)["words"]
        rows = list(csv.DictReader(io.StringIO(files["trace.csv"]())))
    assert [row["word"] for row in rows] == [f"'{word}" if word[0] in "=+-@" else word for word in words]
    assert not any(row[column][:1] in ("=", "+", "-", "@") for row in rows for column in ("expected", "prediction"))
