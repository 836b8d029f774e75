"""Looks, clicks and histories: the pages' numbers are the core's own, and the way to them can be taken again."""

import sys
import threading
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import parameters, training
from core.cells import CELLS
from core.initialisers import INITIALISERS
from core.training import Experiment
from explorer.compute import long_work, networks, updates
from explorer.compute.bounded_cache import BoundedCache
from explorer.compute.long_work import Turns
from explorer.compute.networks import MOST_IN_TRAINING, MOST_NETWORKS, WAITING, NetworkTraining, keep_network
from explorer.compute.sentence import MOST_WORDS, READ_CHARACTERS, parse_sentence, people_task
from explorer.compute.unrolled import unroll, unroll_sentence
from explorer.compute.updates import (
    MOST_UPDATES,
    Edit,
    History,
    Update,
    appended,
    apply_edit,
    apply_update,
    compressed,
    expanded,
    initial_history,
    replay,
    replaying,
    taking,
    unrolled_at,
)
from tests.helpers.examples import LABELS, LONG, SENTENCE, WORDS, ask_core, descend, network, same_bits, update_on

CLICK = update_on(SENTENCE, LABELS, 0.1, "off", 1.0, 1)
OTHER = update_on("Grace", (1,), 0.5, "norm", 0.2, 2)
BY_VALUE = update_on("will you ?", (0, 1, 0), 1.0, "value", 0.05, 3)
CLICKS = (CLICK, OTHER, CLICK, BY_VALUE)


def one_by_one(start: History, clicks: tuple[Update, ...]) -> History:
    for click in clicks:
        taken = len(start.losses)
        start, _ = apply_update(start, click)
        assert len(start.losses) == taken + click.size
    return start


def equal(left: History, right: History) -> bool:
    weights = same_bits(left.params, right.params) and same_bits(left.before, right.before)
    left, right = (one._replace(params={}, before={}, met=None, led_to=None) for one in (left, right))
    return weights and left == right


@pytest.fixture(params=CELLS)
def start(request) -> History:
    return initial_history(*network(request.param))


# Clicks ---------------------------------------------------------------------------------------------------------------


def test_a_click_is_gradient_descent_by_the_core(start):
    history, params, losses, norms = start, start.params, [], []
    for click in CLICKS:
        before = params
        history, _ = apply_update(history, click)
        params, more_losses, more_norms = descend(params, start.job.experiment.cell, click)
        losses, norms = losses + more_losses, norms + more_norms
        assert same_bits(history.params, params) and same_bits(history.before, before)
    assert (list(history.losses), list(history.norms), history.updates) == (losses, norms, CLICKS)


def test_one_click_of_three_is_three_clicks_of_one(start):
    at_once, each = apply_update(start, CLICK._replace(size=3))[0], one_by_one(start, (CLICK,) * 3)
    assert same_bits(at_once.params, each.params)
    assert (at_once.losses, at_once.norms) == (each.losses, each.norms)


def test_replay_is_the_same_as_pressing_bit_for_bit(start):
    assert equal(replay(start, CLICKS, None), one_by_one(start, CLICKS))


def test_replay_goes_on_from_what_was_kept(start, monkeypatch):
    known, all_of_them, pressed = one_by_one(start, CLICKS[:3]), one_by_one(start, CLICKS), []
    monkeypatch.setattr(
        updates, "taking", lambda history, click, *rest: pressed.append(click) or taking(history, click, *rest)
    )
    assert equal(replay(start, CLICKS[:3], compressed(known, start)), known) and pressed == []
    assert equal(replay(start, CLICKS, compressed(known, start)), all_of_them)
    assert pressed == [CLICKS[3]]


def test_of_equal_clicks_the_replay_looks_but_once_at_what_one_leads_to_and_the_next_meets(start, monkeypatch):
    clicks, looks = (CLICK, CLICK, CLICK._replace(), BY_VALUE, CLICK), []
    expected = one_by_one(start, clicks)
    monkeypatch.setattr(updates, "unroll", lambda *asked, look=unroll: looks.append(asked) or look(*asked))
    assert equal(replay(start, clicks, None), expected)
    assert len(looks) == (3 + 1) + (BY_VALUE.size + 1) + (1 + 1)


def test_what_an_update_met_and_led_to_is_not_computed_again_and_is_what_it_would_be(start, monkeypatch):
    history = one_by_one(start, CLICKS)
    used, asked = CLICKS[-1].example, []
    guessed = used._replace(label_is_guess=True)  # says whose the answers are, and changes no number
    whole = [unroll(start.job, params, guessed) for params in (history.before, history.params)]
    monkeypatch.setattr(updates, "unroll", lambda *rest, look=unroll: asked.append(rest) or look(*rest))
    for params, expected in zip((history.before, history.params), whole, strict=True):
        found = unrolled_at(history, params, guessed)
        assert found.example == guessed and not asked
        assert found.loss.per_step.tobytes() == expected.loss.per_step.tobytes()
        assert same_bits(found.back.grads, expected.back.grads)
    other = used._replace(inputs=used.inputs[::-1])
    kept, edit = compressed(history, start), Edit("rnn", "ba", 0, 0, 0.5)
    for one, params, example in (
        (history, history.params, other),
        (history, start.params, used),
        (expanded(kept, start), history.params, used),
        (apply_edit(history, edit), history.params, used),
    ):
        asked.clear()
        found = unrolled_at(one, params, example)
        assert len(asked) == 1 and found.example == example and found.trace.params is params


def test_a_replay_goes_step_by_step_and_can_be_left_at_each(start):
    steps = [*replaying(start, CLICKS)]
    assert [updates.count(history.updates) for history in steps] == [1, 2, 3, 4, 5, 6, 7]
    assert equal(steps[-1], one_by_one(start, CLICKS))
    for history in steps:
        assert equal(history, one_by_one(start, history.updates))
    part = one_by_one(start, CLICKS[:3])
    assert [updates.count(history.updates) for history in replaying(part, CLICKS)] == [5, 6, 7]


def test_undo_is_the_replay_of_the_shorter_list(start):
    shorter, longer = one_by_one(start, CLICKS[:2]), one_by_one(start, CLICKS[:3])
    assert equal(replay(start, CLICKS[:2], compressed(longer, start)), shorter)
    assert replay(start, (), compressed(longer, start)) is start


def test_a_history_of_another_network_or_of_other_clicks_is_not_gone_on_from(start):
    other = one_by_one(initial_history(*network("tanh", seed=2)), CLICKS[:1])
    changed = one_by_one(start, (OTHER,))
    for known in (other, changed):
        kept = (
            compressed(known, start)
            if known is changed
            else compressed(other, initial_history(*network("tanh", seed=2)))
        )
        assert equal(replay(start, CLICKS, kept), one_by_one(start, CLICKS))


@pytest.mark.parametrize("rate", [1e150, 1e300])
def test_a_step_that_explodes_is_refused(rate):
    start = one_by_one(initial_history(*network("relu")), CLICKS[:1])
    assert apply_update(start, CLICK._replace(learning_rate=rate, size=10))[0] is start
    assert parameters.all_finite(start.params)


def test_of_a_click_what_is_possible_is_kept():
    start = initial_history(*network("relu", n_a=8, initialisation="scaled"))
    labels = tuple(1 - guess for guess in parse_sentence(SENTENCE).guess)
    click = update_on(SENTENCE, labels, 2.0, "off", 1.0, 100)
    after, now = apply_update(start, click)
    done = len(after.losses)
    assert after.updates == (click._replace(size=done),) and 0 < done < 100
    assert equal(after, apply_update(start, click._replace(size=done))[0])
    assert apply_update(after, click._replace(size=1))[0] is after
    assert now.loss.total == unroll_sentence(after.params, "relu", WORDS, labels).loss.total
    assert np.isfinite([*after.losses, *after.norms, now.loss.total, parameters.norm(now.back.grads)]).all()


def test_a_replay_ends_at_the_first_click_that_is_not_possible():
    start = initial_history(*network("relu"))
    impossible = CLICK._replace(learning_rate=1e300)
    assert replay(start, (CLICK, impossible, CLICK), None).updates == (CLICK,)
    assert replay(start, (impossible, impossible, CLICK), None) is start


labels = st.tuples(*[st.integers(0, 1)] * len(WORDS))


@settings(max_examples=40)
@given(labels, st.floats(1e-3, 10), st.floats(1e-2, 10), st.integers(1, 5))
def test_clipping_by_norm_bounds_how_far_the_weights_move(labels, rate, limit, seed):
    start = initial_history(*network("tanh", seed=seed))
    after, _ = apply_update(start, update_on(SENTENCE, labels, rate, "norm", limit, 1))
    moved = parameters.norm(parameters.tree_map(np.subtract, after.params, start.params))
    assert moved == pytest.approx(rate * min(limit, after.norms[0]), rel=1e-9)


@settings(max_examples=40)
@given(labels, st.floats(1e-3, 10), st.floats(1e-2, 10), st.integers(1, 5))
def test_clipping_by_value_bounds_how_far_any_weight_moves(labels, rate, limit, seed):
    start = initial_history(*network("tanh", seed=seed))
    after, _ = apply_update(start, update_on(SENTENCE, labels, rate, "value", limit, 1))
    moved = parameters.tree_map(np.subtract, after.params, start.params)
    assert max(np.abs(array).max() for _, _, array in parameters.leaves(moved)) <= rate * limit + 1e-14


# Looks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize(
    "words", [("Grace",), WORDS, parse_sentence(LONG).words], ids=["1 word", "7 words", "60 words"]
)
def test_a_look_is_what_the_core_computes(activation, words):
    params, labels = network(activation)[1], tuple(people_task().guess(words))
    now, core = unroll_sentence(params, activation, words, labels), ask_core(params, activation, words, labels)
    assert np.array_equal(now.trace.a, core.trace.a) and now.loss.total == core.loss.total
    assert np.array_equal(now.back.d_a, core.back.d_a)
    assert now.credit_matrix.shape == (len(words), len(words)) and {len(norms) for norms in now.shares.values()} == {
        len(words)
    }


def test_unknown_words_are_all_read_as_the_same_word():
    params = network()[1]
    strange, stranger = (unroll_sentence(params, "tanh", words, (1, 0)) for words in (("zzyzx", "Qq"), ("我", "😀")))
    assert strange.trace.x.tolist() == [[0], [0]]
    assert np.array_equal(strange.trace.a, stranger.trace.a)


def test_a_sentence_is_cut_at_60_words():
    assert parse_sentence(" ".join(["word"] * 60)) == (("word",) * 60, (0,) * 60, False)
    assert parse_sentence(LONG)[0] == tuple(LONG.split()[:60]) and parse_sentence(LONG).is_cut
    assert parse_sentence("a" * 100_000) == (("a" * READ_CHARACTERS,), (0,), True)
    assert parse_sentence(" \n\t") == ((), (), False)
    assert parse_sentence(" " * 25_000 + "Grace" + " " * 25_000) == (("Grace",), (1,), False)


# Networks -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(monkeypatch) -> BoundedCache:
    shelf = BoundedCache(MOST_NETWORKS)
    monkeypatch.setattr(networks, "network_cache", lambda: shelf)
    return shelf


@pytest.fixture
def turns(monkeypatch) -> Turns:
    turns, trainings = Turns(), BoundedCache(MOST_IN_TRAINING)
    monkeypatch.setattr(long_work, "turns", lambda: turns)
    monkeypatch.setattr(networks, "trainings", lambda: trainings)
    return turns


def test_a_network_is_trained_once_and_says_how_far_it_is(shelf, turns, monkeypatch):
    monkeypatch.setattr(long_work, "EVERY", 0)
    experiment, reports = Experiment(hidden_units=4, epochs=1), []
    params = networks.network(experiment, reports.append)
    epochs = [progress.epoch for progress in reports]
    assert epochs == sorted(epochs) and {*epochs} == {0, 1} and reports[-1].params is params
    assert networks.network(experiment, pytest.fail) is params


def test_the_stored_network_is_not_trained_again(shelf):
    assert networks.network(Experiment(), pytest.fail)["rnn"].Waa.shape == (16, 16)


def test_the_shelf_keeps_a_bounded_number_and_the_last_used(shelf):
    made = [network(seed=seed) for seed in range(MOST_NETWORKS + 3)]
    for experiment, params in made:
        shelf.put(experiment, params)
        assert shelf.get(made[0][0]) is made[0][1]  # in use all the time
    assert len(shelf.entries) == MOST_NETWORKS
    assert [shelf.get(experiment) for experiment, _ in made[1:4]] == [None] * 3


def test_a_network_on_the_shelf_cannot_be_written_to(shelf):
    for _, _, array in parameters.leaves(keep_network(Experiment(), network()[1])):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


class Interrupted(Exception):
    """What Streamlit raises from a report when the reader has clicked"""


def interrupt(progress) -> None:
    raise Interrupted


def is_free(turns: Turns) -> bool:
    """Nobody has the turn, and nobody waits for it"""
    return not turns.is_taken and not turns.waiting


def test_a_long_epoch_is_reported_more_than_once(shelf, turns, monkeypatch):
    monkeypatch.setattr(long_work, "EVERY", 0)
    reports = []
    networks.network(Experiment(hidden_units=4, epochs=1), reports.append)
    assert len(reports) > 10 and {progress.epoch for progress in reports} == {0, 1}


def test_training_that_is_interrupted_makes_room_for_others_and_goes_on_where_it_was(shelf, turns, monkeypatch):
    experiment = Experiment(hidden_units=4)
    with pytest.raises(Interrupted):
        networks.network(experiment, interrupt)
    assert is_free(turns)
    expected = training.train_to_end(experiment).params
    monkeypatch.setattr(training, "train_in_batches", pytest.fail)  # it has begun
    assert same_bits(networks.network(experiment), expected)


def test_while_others_train_a_session_says_that_it_waits_and_can_be_interrupted(shelf, turns, monkeypatch):
    monkeypatch.setattr(long_work, "EVERY", 0.01)
    other = NetworkTraining(Experiment(hidden_units=6))
    assert turns.take(other, 1)
    reports = []

    def report(progress) -> None:
        reports.append(progress is WAITING)
        if len(reports) == 3:
            raise Interrupted

    with pytest.raises(Interrupted):
        networks.network(Experiment(hidden_units=4), report)
    turns.give_back()
    assert reports == [True] * 3 and is_free(turns)


def test_what_another_session_trained_meanwhile_is_not_trained_again(shelf, turns, monkeypatch):
    monkeypatch.setattr(long_work, "EVERY", 0.01)
    (_, params), experiment = network(), Experiment(hidden_units=5)
    assert turns.take(NetworkTraining(Experiment(hidden_units=6)), 1)
    monkeypatch.setattr(NetworkTraining, "step", lambda work: pytest.fail("trained again"))

    def others_are_done(progress) -> None:
        shelf.put(experiment, params)
        turns.give_back()

    assert networks.network(experiment, others_are_done) is params
    assert is_free(turns)


def test_five_who_ask_for_the_same_network_train_it_once_and_all_see_how_far_it_is(shelf, turns, monkeypatch):
    monkeypatch.setattr(long_work, "EVERY", 0.02)
    begun, batches = [], training.train_in_batches
    monkeypatch.setattr(training, "train_in_batches", lambda asked: begun.append(asked) or batches(asked))
    experiment, told, found = Experiment(hidden_units=4), [[] for _ in range(5)], [None] * 5

    def ask(i: int) -> None:
        found[i] = networks.network(experiment, told[i].append)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert begun == [experiment] and is_free(turns) and not networks.trainings().items()
    assert all(same_bits(params, found[0]) for params in found)
    assert all(len({progress.epoch for progress in of_one}) > 1 for of_one in told)


def test_of_five_who_wait_for_a_network_one_may_leave_at_any_time(shelf, turns, monkeypatch):
    monkeypatch.setattr(long_work, "EVERY", 0)  # a report after every step, however fast or slow the machine is
    experiment = Experiment(hidden_units=4, epochs=2)
    for stays in range(2, 5):
        told = []

        def leave(progress, told=told, stays=stays) -> None:
            told.append(progress)
            if len(told) == stays:
                raise Interrupted

        with pytest.raises(Interrupted):
            networks.network(experiment, leave)
    *_, expected = training.train(experiment)
    assert same_bits(networks.network(experiment), expected.params)


def test_a_training_that_fails_is_begun_anew(shelf, turns, monkeypatch):
    experiment, step = Experiment(hidden_units=4, epochs=1), NetworkTraining.step
    monkeypatch.setattr(NetworkTraining, "step", lambda work: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        networks.network(experiment)
    monkeypatch.setattr(NetworkTraining, "step", step)
    *_, expected = training.train(experiment)
    assert same_bits(networks.network(experiment), expected.params) and is_free(turns)


# What a session keeps -------------------------------------------------------------------------------------------------


def everything(value, seen: set[int]) -> Iterable:
    """A value and all that it holds, each object once"""
    if id(value) in seen:
        return
    seen.add(id(value))
    yield value
    for part in (*value, *value.values()) if isinstance(value, dict) else value if isinstance(value, tuple) else ():
        yield from everything(part, seen)


def bytes_of(value) -> int:
    return sum(getattr(each, "nbytes", 0) or sys.getsizeof(each) for each in everything(value, set()))


@pytest.mark.parametrize("initialisation", INITIALISERS)
@pytest.mark.parametrize("cell", CELLS)
def test_what_a_session_keeps_is_the_whole_history_bit_for_bit(cell, initialisation):
    start = initial_history(*network(cell, initialisation=initialisation))
    history = one_by_one(start, CLICKS)
    again = expanded(compressed(history, start), start)
    assert equal(again, history)
    strides = [[array.strides for _, _, array in parameters.leaves(each.params)] for each in (again, history)]
    assert strides[0] == strides[1]  # a product of matrices may depend on their order in memory in its last bit


def test_the_history_of_a_session_takes_less_than_a_megabyte():
    """The largest network, two sentences of 60 different words in turn, typed anew for every click"""
    dictionary = people_task().vocabulary.words[1:]
    texts = [dictionary[:MOST_WORDS], dictionary[MOST_WORDS : 2 * MOST_WORDS]]
    start, clicks, sizes = initial_history(*network("lstm", n_a=64)), (), []
    kept = compressed(start, start)
    for turn in range(12):
        sentence = " ".join(texts[turn % 2])
        assert len(parse_sentence(sentence).words) == MOST_WORDS
        click = update_on(sentence, tuple(int(word[0] == "a") for word in texts[turn % 2]), 0.1, "off", 1.0, 1)
        clicks = appended(clicks, click)
        kept = compressed(replay(start, clicks, kept), start)
        sizes.append(bytes_of((kept, clicks)))
    each_more = (sizes[-1] - sizes[3]) / (len(sizes) - 4)
    assert sizes[-1] + (MOST_UPDATES - len(sizes)) * each_more < 1_000_000
    assert equal(expanded(kept, start), one_by_one(start, clicks))


def test_equal_clicks_are_kept_once():
    again = update_on(SENTENCE + "", (*LABELS,), 0.1, "off", 1.0, 1)
    assert again is not CLICK
    assert [id(click) for click in appended((CLICK, OTHER), again)] == [id(CLICK), id(OTHER), id(CLICK)]
    assert appended((CLICK,), OTHER) == (CLICK, OTHER)


@settings(max_examples=200)
@given(st.text() | st.text(st.sampled_from("aé\u0301\u0e01\u0e31我'-. \u200d\U0001f469")))
def test_the_words_of_a_text_are_read_as_the_same_words(text):
    words = parse_sentence(text).words
    assert parse_sentence(" ".join(words)).words == words


# Edits ----------------------------------------------------------------------------------------------------------------

EDIT = Edit("rnn", "Waa", 2, 1, 0.75)
MIXED = (CLICK, EDIT, CLICK, Edit("rnn", "ba", 3, 0, -0.5), BY_VALUE, Edit("readout", "Wya", 0, 4, 2.0))


def set_by_hand(params: parameters.Parameters, edit: Edit) -> parameters.Parameters:
    array = getattr(params[edit.group], edit.name).copy()
    array[(edit.row, edit.column)[: array.ndim]] = edit.value
    return params | {edit.group: params[edit.group]._replace(**{edit.name: array})}


def test_updates_and_edits_are_one_history_in_order(start):
    history, params = replay(start, MIXED, None), start.params
    for entry in MIXED:
        before = params
        if isinstance(entry, Edit):
            params = set_by_hand(params, entry)
        else:
            params, _, _ = descend(params, start.job.experiment.cell, entry)
    assert same_bits(history.params, params) and same_bits(history.before, before)
    assert history.updates == MIXED and len(history.losses) == 1 + 1 + 3
    assert updates.count(MIXED) == 1 + 1 + 1 + 1 + 3 + 1


def test_a_history_with_edits_is_kept_gone_on_from_and_undone_like_any_other(start):
    whole = replay(start, MIXED, None)
    assert equal(expanded(compressed(whole, start), start), whole)
    for n in range(len(MIXED)):
        part = replay(start, MIXED[:n], None)
        assert equal(replay(start, MIXED, compressed(part, start)), whole)
        assert equal(replay(start, MIXED[:n], compressed(whole, start)), part)
        assert updates.has_new_updates(whole, compressed(part, start))


@pytest.mark.parametrize(
    "nowhere",
    [
        EDIT._replace(group="encoder"),
        EDIT._replace(name="Wya"),
        EDIT._replace(name="count"),
        EDIT._replace(row=5 * 4),
        EDIT._replace(column=5),
        EDIT._replace(row=-1),
        Edit("rnn", "ba", 0, 1, 1.0),
    ],
)
def test_an_edit_of_a_weight_that_this_network_has_not_is_passed_over(start, nowhere):
    assert equal(replay(start, (CLICK, nowhere, EDIT), None), replay(start, (CLICK, EDIT), None))
    with pytest.raises(ValueError, match="no weight"):
        updates.edited(start.params, nowhere)


def test_an_edit_that_cannot_be_drawn_ends_the_replay(start):
    huge = EDIT._replace(value=updates.LARGEST * 1.01)
    assert replay(start, (CLICK, huge, CLICK), None).updates == (CLICK,)
    assert updates.apply_edit(start, huge) is start
