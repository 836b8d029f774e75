"""Looks, clicks and histories: the pages' numbers are the core's own, and the way to them can be taken again."""

import sys

import numpy as np
import pytest
from examples import LABELS, LONG, SENTENCE, WORDS, ask_core, descend, network, same_bits
from hypothesis import given, settings
from hypothesis import strategies as st

from core import parameters
from core.training import Experiment
from explorer import lab
from explorer.lab import Click, begin, press, replay

CLICK = Click(SENTENCE, LABELS, 0.1, "off", 1.0, 1)
OTHER = Click("Grace", (1,), 0.5, "norm", 0.2, 2)
BY_VALUE = Click("will you ?", (0, 1, 0), 1.0, "value", 0.05, 3)
CLICKS = (CLICK, OTHER, CLICK, BY_VALUE)


def one_by_one(start: lab.History, clicks: tuple[Click, ...]) -> lab.History:
    for click in clicks:
        start, complete = press(start, click)
        assert complete
    return start


def equal(left: lab.History, right: lab.History) -> bool:
    weights = same_bits(left.params, right.params) and same_bits(left.before, right.before)
    return weights and left._replace(params={}, before={}) == right._replace(params={}, before={})


@pytest.fixture(params=["tanh", "relu"])
def start(request) -> lab.History:
    return begin(*network(request.param))


# Clicks ---------------------------------------------------------------------------------------------------------------


def test_a_click_is_gradient_descent_by_the_core(start):
    history, params, losses, norms = start, start.params, [], []
    for click in CLICKS:
        before = params
        history, _ = press(history, click)
        params, more_losses, more_norms = descend(params, start.experiment.activation, click)
        losses, norms = losses + more_losses, norms + more_norms
        assert same_bits(history.params, params) and same_bits(history.before, before)
    assert (list(history.losses), list(history.norms), history.clicks) == (losses, norms, CLICKS)


def test_one_click_of_three_is_three_clicks_of_one(start):
    at_once, each = press(start, CLICK._replace(size=3))[0], one_by_one(start, (CLICK,) * 3)
    assert same_bits(at_once.params, each.params)
    assert (at_once.losses, at_once.norms) == (each.losses, each.norms)


def test_replay_is_the_same_as_pressing_bit_for_bit(start):
    assert equal(replay(start, CLICKS, None), one_by_one(start, CLICKS))


def test_replay_goes_on_from_what_is_known(start, monkeypatch):
    known, pressed = one_by_one(start, CLICKS[:3]), []
    monkeypatch.setattr(lab, "press", lambda history, click: pressed.append(click) or press(history, click))
    assert replay(start, CLICKS[:3], known) is known
    assert equal(replay(start, CLICKS, known), one_by_one(start, CLICKS))
    assert pressed == [CLICKS[3]]


def test_undo_is_the_replay_of_the_shorter_list(start):
    shorter, longer = one_by_one(start, CLICKS[:2]), one_by_one(start, CLICKS[:3])
    assert equal(replay(start, CLICKS[:2], longer), shorter)
    assert replay(start, (), longer) is start


def test_a_history_of_another_network_or_of_other_clicks_is_not_gone_on_from(start):
    other = one_by_one(begin(*network("tanh", seed=2)), CLICKS[:1])
    changed = one_by_one(start, (OTHER,))
    for known in (other, changed):
        assert equal(replay(start, CLICKS, known), one_by_one(start, CLICKS))


@pytest.mark.parametrize("rate", [1e150, 1e300])
def test_a_step_that_explodes_is_refused(rate):
    start = one_by_one(begin(*network("relu")), CLICKS[:1])
    after, complete = press(start, CLICK._replace(learning_rate=rate, size=10))
    assert (after is start, complete) == (True, False)
    assert parameters.all_finite(start.params)


def test_of_a_click_what_is_possible_is_kept():
    start = begin(*network("relu", n_a=8, initialisation="scaled"))
    click = Click(SENTENCE, tuple(1 - guess for guess in lab.read(SENTENCE).guess), 2.0, "off", 1.0, 100)
    after, complete = press(start, click)
    done = len(after.losses)
    assert (complete, after.clicks) == (False, (click._replace(size=done),)) and 0 < done < 100
    assert equal(after, press(start, click._replace(size=done))[0])
    assert press(after, click._replace(size=1)) == (after, False)
    now = lab.look(after.params, "relu", WORDS, click.labels)
    assert np.isfinite([*after.losses, *after.norms, now.loss.total, parameters.norm(now.back.grads)]).all()


def test_a_replay_ends_at_the_first_click_that_is_not_possible():
    start = begin(*network("relu"))
    impossible = CLICK._replace(learning_rate=1e300)
    assert replay(start, (CLICK, impossible, CLICK), None).clicks == (CLICK,)


labels = st.tuples(*[st.integers(0, 1)] * len(WORDS))


@settings(max_examples=40)
@given(labels, st.floats(1e-3, 10), st.floats(1e-2, 10), st.integers(1, 5))
def test_clipping_by_norm_bounds_how_far_the_weights_move(labels, rate, limit, seed):
    start = begin(*network("tanh", seed=seed))
    after, _ = press(start, Click(SENTENCE, labels, rate, "norm", limit, 1))
    moved = parameters.norm(parameters.tree_map(np.subtract, after.params, start.params))
    assert moved == pytest.approx(rate * min(limit, after.norms[0]), rel=1e-9)


@settings(max_examples=40)
@given(labels, st.floats(1e-3, 10), st.floats(1e-2, 10), st.integers(1, 5))
def test_clipping_by_value_bounds_how_far_any_weight_moves(labels, rate, limit, seed):
    start = begin(*network("tanh", seed=seed))
    after, _ = press(start, Click(SENTENCE, labels, rate, "value", limit, 1))
    moved = parameters.tree_map(np.subtract, after.params, start.params)
    assert max(np.abs(array).max() for _, _, array in parameters.leaves(moved)) <= rate * limit + 1e-14


# Looks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("words", [("Grace",), WORDS, lab.read(LONG).words], ids=["1 word", "7 words", "60 words"])
def test_a_look_is_what_the_core_computes(activation, words):
    params, labels = network(activation)[1], tuple(lab.task().guess(words))
    now, core = lab.look(params, activation, words, labels), ask_core(params, activation, words, labels)
    assert np.array_equal(now.trace.a, core.trace.a) and now.loss.total == core.loss.total
    assert np.array_equal(now.back.d_a, core.back.d_a)
    assert now.reach.shape == (len(words), len(words)) and {len(norms) for norms in now.shares.values()} == {len(words)}


def test_unknown_words_are_all_read_as_the_same_word():
    params = network()[1]
    strange, stranger = (lab.look(params, "tanh", words, (1, 0)) for words in (("zzyzx", "Qq"), ("我", "😀")))
    assert strange.trace.x.tolist() == [[0], [0]]
    assert np.array_equal(strange.trace.a, stranger.trace.a)


def test_a_sentence_is_cut_at_60_words():
    assert lab.read(" ".join(["word"] * 60)) == (("word",) * 60, (0,) * 60, False)
    assert lab.read(LONG)[0] == tuple(LONG.split()[:60]) and lab.read(LONG).is_cut
    assert lab.read("a" * 100_000) == (("a" * lab.READ_CHARACTERS,), (0,), True)
    assert lab.read(" \n\t") == ((), (), False)
    assert lab.read(" " * 25_000 + "Grace" + " " * 25_000) == (("Grace",), (1,), False)


# Networks -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(monkeypatch) -> lab.Shelf:
    shelf = lab.Shelf()
    monkeypatch.setattr(lab, "shelf", lambda: shelf)
    return shelf


def test_a_network_is_trained_once_and_says_how_far_it_is(shelf):
    experiment, reports = Experiment(hidden_units=4, epochs=1), []
    params = lab.network(experiment, reports.append)
    assert [progress.epoch for progress in reports] == [0, 1] and reports[-1].params is params
    assert lab.network(experiment, pytest.fail) is params


def test_the_stored_network_is_not_trained_again(shelf):
    assert lab.network(Experiment(), pytest.fail)["rnn"].Waa.shape == (16, 16)


def test_the_shelf_keeps_a_bounded_number_and_the_last_used(shelf):
    made = [network(seed=seed) for seed in range(lab.MOST_NETWORKS + 3)]
    for experiment, params in made:
        shelf.put(experiment, params)
        assert shelf.get(made[0][0]) is made[0][1]  # in use all the time
    assert len(shelf.networks) == lab.MOST_NETWORKS
    assert [shelf.get(experiment) for experiment, _ in made[1:4]] == [None] * 3


def test_a_network_on_the_shelf_cannot_be_written_to(shelf):
    for _, _, array in parameters.leaves(shelf.put(*network())):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_history_of_a_session_takes_less_than_a_megabyte():
    history = one_by_one(begin(*network(n_a=64)), (CLICK, CLICK))
    arrays = sum(array.nbytes for tree in (history.params, history.before) for _, _, array in parameters.leaves(tree))
    floats = 2 * lab.MOST_UPDATES * (sys.getsizeof(1.0) + 8)  # losses and norms: a number and the pointer to it
    assert arrays + floats < 1_000_000
