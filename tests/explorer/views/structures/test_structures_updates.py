"""The updates of Structures: each makes the network surer, and is kept, refused or dropped, and that is said."""

import pytest
from streamlit.testing.v1 import AppTest

from core.tasks import task
from explorer.choices.session import STRUCTURES
from explorer.compute import updates
from explorer.formatting import three_digits
from explorer.prose import prose
from tests.helpers.shown import chart, numbers
from tests.helpers.structures_page import (
    EXAMPLE,
    OWN,
    choose,
    descend,
    memory,
    open_page,
    open_panel,
    press,
    stage,
    through,
    told,
    train_to_the_end,
    trained,
    upload,
)


def toasts(page: AppTest) -> list[str]:
    return [toast.value for toast in page.toast]


def test_an_update_makes_it_surer_and_is_in_the_link(name):
    page = open_page(structure=name, learning_rate="0.05", notes="6")
    before = stage(page)["total"]
    after = stage(press(page, "apply_update"))
    assert after["total"] < before
    again = stage(open_page(**dict(page.query_params)))
    assert (again["loss"], again["grad"]) == (after["loss"], after["grad"])


def test_a_session_keeps_of_its_weights_what_the_updates_moved():
    page = press(press(told(open_page(structure="sentiment"), "sentiment"), "apply_update"), "apply_update")
    kept = memory(page).histories[STRUCTURES]
    ids = sorted({*task("sentiment").vocabulary.encode(EXAMPLE["sentiment"].split()).tolist()})
    assert kept.params["rnn"].Wax.at.tolist() == kept.before["rnn"].Wax.at.tolist() == ids
    assert kept.updates[0] is kept.updates[1]


def test_there_is_an_end_of_updates(monkeypatch):
    monkeypatch.setattr(updates, "MOST_UPDATES", 5)
    page = told(open_page(structure="sentiment"), "sentiment")
    for key, notice in (
        ("apply_10", prose("updates", "last", done=5, asked=10, most=5)),
        ("apply_update", prose("updates", "full", most=5)),
    ):
        press(page, key)
        assert [warning.value for warning in page.warning] == [notice]
        assert [one.size for one in page.session_state["structures_updates"]] == [5]


def test_an_update_that_explodes_is_refused_and_said(monkeypatch):
    page = told(open_page(structure="sentiment"), "sentiment")
    before = stage(page)
    monkeypatch.setattr(updates, "is_drawable", lambda look: look.loss.total == before["total"])
    refused = f"{prose('updates', 'refused')} {prose('updates', 'advice', can_slow=True, can_clip=True)}"
    assert stage(press(page, "apply_update")) == before and page.session_state["structures_updates"] == ()
    assert [warning.value for warning in page.warning] == [refused]


def test_the_last_press_may_take_fewer_updates_and_says_so(monkeypatch):
    monkeypatch.setattr(updates, "MOST_UPDATES", 14)
    page = press(press(open_page(structure="word"), "apply_10"), "apply_10")
    assert [warning.value.replace("\\", "") for warning in page.warning] == [
        "Only 4 of 10 updates were taken: 14 in all is the most that a link can replay."
    ]
    assert stage(page)["update"]["taken"] == 14


@pytest.mark.parametrize(
    ("key", "this", "other"),
    [("cell", "gru", "lstm"), ("begin", "trained", "untrained"), ("structure", "sentiment", "word")],
)
def test_a_network_that_is_chosen_again_gets_its_updates_back(key, this, other):
    page = open_page(structure="sentiment")

    def change(to: str) -> list[str]:
        if key == "structure":
            choose(page, to)
        else:
            page.run().segmented_control(key=key).set_value(to).run()
        assert not page.warning
        return toasts(page)

    press(page, "apply_update")
    learned = stage(press(page, "apply_10"))
    assert change(other) == [prose("updates", "another_network_structures", n=11)]
    assert stage(page)["update"] is None and page.button(key="undo").disabled and page.button(key="reset").disabled
    press(page, "apply_update")
    assert not page.warning and not page.toast
    assert change(this) == [prose("updates", "another_network_structures", n=1)]
    learned["update"]["fresh"] = False  # they were not taken now
    assert stage(page) == learned and not page.button(key="undo").disabled
    press(page, "reset")
    assert not page.warning and page.button(key="undo").disabled  # whoever takes them back knows it
    assert change(other) == [] and stage(page)["update"]["taken"] == 1


@pytest.mark.slow
def test_updates_whose_weights_are_gone_are_dropped_and_counted():
    page = open_page(structure="sentiment")

    def dropped(n: int) -> bool:
        told = prose("updates", "dropped", n=n)
        found = [warning.value for warning in page.warning]
        return (found, stage(page)["update"], toasts(page)) == ([told], None, [])

    upload(press(page, "apply_10"), *OWN["sentiment"])
    assert dropped(10) and page.session_state["structures_updates"] == ()
    train_to_the_end(press(page, "apply_update"))
    assert dropped(1)
    press(press(page, "apply_10"), "forget")
    assert dropped(10)
    press(press(press(page, "apply_10"), "apply_update"), "discard")
    assert dropped(11)
    assert not press(page, "apply_update").warning


def test_training_takes_the_updates_of_the_trained_network_and_no_others():
    page = upload(open_page(structure="sentiment"), *OWN["sentiment"])

    def start_from(begin: str) -> int:
        page.segmented_control(key="begin").set_value(begin).run()
        return sum(update.size for update in page.session_state["structures_updates"])

    press(page, "apply_update")
    assert start_from("untrained") == 0
    train_to_the_end(press(page, "apply_10"))
    assert page.session_state["structures_updates"] == () and stage(page)["update"] is None
    assert start_from("untrained") == 10 and start_from("trained") == 0


def test_what_an_update_changed_is_told_of_the_melody_it_learned_from():
    page = open_page(structure="melody")
    learned_from = stage(page)
    page = open_panel(press(page, "apply_update"), prose("panels", "microscope_title"))
    now = stage(page)
    n = sum(one != other for one, other in zip(now["words"], learned_from["words"], strict=True))
    assert n > 1  # it writes another melody now
    (update,) = page.session_state["structures_updates"]
    params, losses, _ = descend("melody", trained("melody"), update.example, 1, update.learning_rate)
    before, after = losses[0], through("melody", params, update.example)[1].total
    said = next(one.value for one in page.caption if "learned from what" in one.value)
    assert f"ℒ went {three_digits(before)} → {three_digits(after)}" in said and before == learned_from["total"]
    told = {metric.label: metric.value for metric in page.metric}
    assert told[prose("panels", "loss_before")] == three_digits(before)
    assert told[prose("panels", "loss_after")] == three_digits(after)
    assert numbers(chart(page, "curve")["data"][0]["y"]) == [before, after]
    assert not any("another input" in one.value for one in page.caption)
    page = press(page, "reset")
    assert not any("learned from what" in one.value for one in page.caption)


def test_of_the_same_words_nothing_of_another_is_told(name):
    page = press(open_page(structure=name, teacher_forcing="True"), "apply_update")
    assert not any("learned from what" in one.value for one in page.caption)


def test_another_structure_opens_at_rest():
    page = open_page(structure="translation", phase="backward", at="4")
    assert stage(page)["phase"] == "backward"
    assert (stage(choose(page, "sentiment"))["phase"], stage(page)["selected"]) == ("forward", 1)
    assert not {"phase", "at"} & {*page.query_params}
