"""Training is true: three parts of the data, the epoch that is kept, the way back to each; what a link keeps of it"""

import io
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import evaluation, parameters, pretrained, tasks, training
from core.cells import CELLS
from core.data.example import Example
from core.parameters import Parameters, Readout
from core.tasks import task
from core.training import Experiment
from explorer.compute.jobs import KINDS, structure_job
from explorer.compute.live_training import EpochWeights, LiveTraining, epoch_weights, keep_within, when_learned
from explorer.prose import prose
from explorer.views.structures import epochs_panel
from tests.helpers.examples import ask_core, open_app
from tests.helpers.structures_page import agrees, choose, memory, open_page, press, stage, text, through


def records(name: str, epochs: int) -> list[training.Progress]:
    """The epochs of a training in three parts, by the core alone"""
    experiment = replace(pretrained.default_experiment(name, "gru"), epochs=epochs, parts=3)
    return list(training.train(experiment))


@pytest.mark.parametrize("name", KINDS)
def test_the_parts_have_no_input_in_common_and_what_is_stored_is_trained_on_all(name):
    whole, three = task(name), tasks.in_three_parts(task(name))
    assert whole.data.chosen_on == () and three.data.held_out == whole.data.held_out
    assert (three.vocabulary, three.classes) == (whole.vocabulary, whole.classes)
    train, held_out, chosen = ({e.inputs for e in part} for part in three.data)
    assert len(three.data.chosen_on) >= 10 and len(three.data.train) > 0.8 * len(whole.data.train)
    if name in ("sentiment", "entities", "translation"):
        assert not train & chosen and not chosen & held_out and not train & held_out
    assert set(three.data.train) | set(three.data.chosen_on) <= set(whole.data.train)
    assert tasks.in_three_parts(three) is three


def finished(page: AppTest) -> AppTest:
    press(page, "train")
    for _ in range(200):
        if page.button(key="stop").disabled:
            return page
        page.run()
    raise AssertionError("training did not end")


def the_training(page: AppTest) -> LiveTraining:
    return next(one for _, one in memory(page).trainings.items() if one.epoch)


@pytest.fixture(scope="module")
def trained_page() -> tuple[AppTest, list[training.Progress]]:
    return finished(open_page(structure="sentiment", begin="untrained", right="negative")), records("sentiment", 7)


FILM = Example(("not", "a", "bad", "film", "at", "all"), ("negative",))


@pytest.mark.slow
def test_train_shows_the_epoch_that_the_second_part_finds_best_and_tells_of_the_third(trained_page):
    page, epochs = trained_page
    three = tasks.in_three_parts(task("sentiment"))
    scores = [evaluation.score(three.choosing, CELLS["gru"], one.params) for one in epochs[1:]]
    best = 1 + scores.index(max(scores))
    assert [one.score for one in the_training(page).epochs[1:]] == scores
    assert page.segmented_control(key="begin").value == "trained"
    assert page.select_slider(key="epoch").value == best and page.query_params["epoch"] == str(best)
    assert agrees(stage(page), "sentiment", epochs[best].params, FILM)
    told = evaluation.score(task("sentiment"), CELLS["gru"], epochs[best].params)
    numbers = {"examples": len(task("sentiment").data.held_out), "score": told}
    score = prose("structures", "score_sentiment", **numbers, baseline=evaluation.baseline(task("sentiment")))
    assert score in text(page)
    assert prose("structures", "origin_here", epoch=best, trained=7) in text(page)
    assert prose("structures", "untrained_chosen") not in text(page)


def test_the_slider_goes_through_all_epochs_and_everything_follows(trained_page):
    page, epochs = trained_page
    assert list(page.select_slider(key="epoch").options) == [str(e) for e in range(8)]
    for epoch in (0, 3, 7):
        page.select_slider(key="epoch").set_value(epoch).run()
        assert agrees(stage(page), "sentiment", epochs[epoch].params, FILM)
        told = evaluation.score(task("sentiment"), CELLS["gru"], epochs[epoch].params)
        assert f"Accuracy **{told:.2f}**" in text(page) and page.query_params["epoch"] == str(epoch)
    page.segmented_control(key="keep").set_value("last").run()
    assert page.select_slider(key="epoch").value == 7 and page.query_params["keep"] == "last"


def test_the_page_does_not_write_into_the_slider_what_the_reader_chose(trained_page):
    """Written while a key is pressed again, it would take that key back."""
    page, _ = trained_page
    for epoch in (3, 2, 1):
        page.select_slider(key="epoch").set_value(epoch).run()
        slider = page.select_slider(key="epoch")
        assert slider.value == epoch and not slider.proto.set_value


def learned(page: AppTest) -> str:
    return next(html.body for html in page.get("html") if 'data-testid="learned-at"' in html.body)


def test_when_an_example_was_learned_is_marked(trained_page):
    page, epochs = trained_page
    right = {e: through("sentiment", one.params, FILM)[1].y_hat[-1, 0, 0] < 0.5 for e, one in enumerate(epochs)}
    found = when_learned({e: bool(is_right) for e, is_right in right.items()})
    assert f'data-epoch="{"" if found.epoch is None else found.epoch}"' in learned(page)
    table = next(frame.value for frame in page.dataframe if "epoch" in frame.value.columns)
    assert list(table["epoch"]) == [*range(8)]
    assert list(table["right"] == "✓") == [bool(right[e]) for e in range(8)]


@pytest.mark.slow
def test_a_link_to_an_epoch_trains_again_after_one_click_and_loses_nothing(trained_page):
    page, epochs = trained_page
    page.select_slider(key="epoch").set_value(2).run()
    press(page, "apply_update")
    after = stage(page)
    again = open_page(**dict(page.query_params))
    assert prose("structures", "awaits_epoch", epoch=2) in text(again)
    finished(again)
    assert again.select_slider(key="epoch").value == 2
    assert agrees(stage(again), "sentiment", epochs[2].params, FILM) or stage(again)["loss"] == after["loss"]
    assert prose("structures", "awaits_epoch", epoch=2) not in text(again)
    press(page, "reset")


def test_an_epoch_is_asked_for_of_one_structure_and_its_data_only():
    asked = prose("structures", "awaits_epoch", epoch=40)
    label = lambda page: page.button(key="train").label  # noqa: E731
    page = open_page(structure="sentiment", epoch="40", trained="40")
    assert asked in text(page) and "40" in label(page)
    choose(page, "entities")
    assert asked not in text(page) and "40" not in label(page)
    assert asked in text(choose(page, "sentiment")) and "40" in label(page), "the link's wish is not lost"
    of_file = open_page(structure="sentiment", epoch="400", trained="400", batches="900", file="rev.tsv")
    assert "Epoch 400" not in text(of_file) and "400" not in label(of_file), (
        "nothing is trained for it without the file"
    )
    assert prose("structures", "missing_file", file=r"rev\.tsv") in text(of_file)


def test_each_epoch_has_its_own_updates(trained_page):
    page, epochs = trained_page
    page.select_slider(key="epoch").set_value(3).run()
    press(page, "apply_10")
    after = stage(page)["loss"]
    page.select_slider(key="epoch").set_value(5).run()
    assert stage(page)["update"] is None and agrees(stage(page), "sentiment", epochs[5].params, FILM)
    page.select_slider(key="epoch").set_value(3).run()
    assert stage(page)["loss"] == after
    press(page, "reset")


def test_weights_are_taken_home_and_opened_again(trained_page):
    epochs = trained_page[1]
    file = io.BytesIO()
    parameters.save(file, epochs[4].params)
    other = open_page(structure="sentiment", right="negative")
    other.file_uploader(key="weights_upload").upload("w.npz", file.getvalue(), "application/octet-stream").run()
    assert agrees(stage(other), "sentiment", epochs[4].params, FILM)
    assert "opened **from your file**" in text(other) and prose("structures", "loses_weights") in text(other)
    press(other, "forget")
    assert prose("structures", "origin_stored") in text(other)
    other.file_uploader(key="weights_upload").upload("w.npz", b"PK\x03\x04 no", "application/octet-stream").run()
    assert "not a parameter file" in text(other)


@pytest.mark.slow
def test_equal_trainings_of_two_sessions_have_their_weights_once(trained_page):
    page, _ = trained_page
    other = finished(open_page(structure="sentiment"))
    one, two = the_training(page), the_training(other)
    assert one is not two and all(one.weights(e) is two.weights(e) for e in range(7))


@pytest.mark.slow
def test_the_weights_of_a_session_are_bounded_and_what_goes_is_shown():
    live = LiveTraining(structure_job("sentiment", "gru", False, True, None))
    live.train(9)
    while live.is_running:
        live.advance(60)
    keep_within([live], 6 * live.size)
    assert live.size * len(live.kept) <= 6 * live.size
    assert {0, live.best, 9} <= set(live.kept) and live.every == 2
    assert all(epoch % 2 == 0 for epoch in set(live.kept) - {live.best, 9})
    assert [epoch for epoch in live.kept if live.weights(epoch) is None] == []
    epoch_weights()._thin(live.key)
    epoch_weights()._thin(live.key)
    assert live.at_hand == sorted({0, 4, 8, 9, live.best})
    keep_within([live], 2 * live.size)
    assert live.kept == sorted({live.best, 9})


def weights(size: int) -> Parameters:
    return {"readout": Readout(np.zeros((1, size // 8)), np.zeros(0))}


def test_beyond_the_bound_of_a_process_every_second_epoch_goes_of_the_training_that_has_most():
    """Ten sessions fill it: each keeps epochs from its first on, at equal distances, and no training loses all of them
    for another."""
    kept, keys = EpochWeights(100_000), [(Experiment("sentiment", seed=seed), "") for seed in range(10)]
    for key in keys:
        for epoch in range(61):
            kept.put(key, epoch, weights(400))
            assert kept.total == sum(parameters.size(p) for es in kept.epochs.values() for p in es.values()) <= 100_000
    for key in keys:
        epochs = [*kept.epochs[key]]
        assert epochs == [*range(0, 61, kept.every[key])] and len(epochs) >= 16


def test_weights_that_one_session_has_are_given_to_the_next_and_more_trainings_than_fit_make_room():
    kept, key = EpochWeights(1000), (Experiment("sentiment"), "")
    one = kept.put(key, 0, weights(400))
    assert kept.put(key, 0, weights(400)) is one is kept.get(key, 0)
    for seed in range(2, 9):
        new = (Experiment("sentiment", seed=seed), "")
        assert kept.put(new, 0, weights(400)) is not one and kept.total <= 1000
    assert len(kept.epochs) == len(kept.every) == 2
    kept.put(key, 0, weights(2000))
    assert kept.total <= 1000


@pytest.mark.parametrize(
    ("right", "found"),
    [
        ("000000111101111", (6, 5, (10,))),
        ("0001", (3, 2, ())),
        ("1111", (0, None, ())),
        ("0000", (None, None, ())),
        ("1000011", (5, 4, ())),
        ("0110", (1, 0, (3,))),
        ("11000000", (None, None, ())),
        ("10", (None, None, ())),
    ],
)
def test_when_learned(right, found):
    assert when_learned({e: digit == "1" for e, digit in enumerate(right)}) == found


def test_between_epochs_that_were_not_kept_an_interval_is_named():
    assert when_learned({0: False, 4: False, 8: True, 9: True}) == (8, 4, ())


@pytest.mark.parametrize(
    ("right", "told"),
    [
        ({0: False, 3: False, 8: True}, prose("structures", "learned_between", before=3, epoch=8)),
        ({0: False, 7: False, 8: True}, prose("structures", "learned", epoch=8)),
        ({5: True, 8: True}, prose("structures", "learned_by", epoch=5)),
        ({0: True, 8: True}, prose("structures", "learned", epoch=0)),
    ],
)
def test_it_is_told_between_which_epochs_it_was_learned(right, told):
    assert epochs_panel._told(when_learned(right), [e for e in right if right[e]]) == [told]


# Explore --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epoch", range(5))
@pytest.mark.parametrize("cell", CELLS)
def test_on_explore_the_stored_networks_bring_their_epochs(cell, epoch):
    page = open_app("explore", activation=cell, epoch=str(epoch), sentence="Harry met Grace")
    experiment = pretrained.default_experiment("people", cell, epochs=epoch)
    params = pretrained.load_pretrained(experiment) if epoch else training.untrained(experiment)
    answer = ask_core(params, cell, ("Harry", "met", "Grace"), (1, 0, 1))
    assert stage(page)["loss"] == answer.loss.per_step[:, 0].tolist()
    assert page.select_slider(key="epoch").value == epoch


def test_on_explore_an_epoch_is_chosen_with_the_slider_and_is_in_the_link():
    page = open_app("explore", sentence="Harry met Grace")
    assert "epoch" not in page.query_params
    page.select_slider(key="epoch").set_value(1).run()
    params = pretrained.load_pretrained(Experiment(epochs=1))
    assert (
        stage(page)["loss"]
        == ask_core(params, "tanh", ("Harry", "met", "Grace"), (1, 0, 1)).loss.per_step[:, 0].tolist()
    )
    assert page.query_params["epoch"] == "1"
