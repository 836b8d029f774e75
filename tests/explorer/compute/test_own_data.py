"""One's own data are learned: which examples are used, and how time becomes batches; the same file, the same bits"""

import gc
import random
import time
from dataclasses import replace

import numpy as np
import pytest

from core import evaluation, training
from core.parameters import leaves
from core.tasks import AT_ONCE
from explorer.compute import own_data
from explorer.compute.jobs import AVERAGED, KINDS, OWN_UNITS, Upload, structure_job
from explorer.compute.live_training import MEASURED, MOST_EPOCHS, LiveTraining
from explorer.compute.own_data import DICTIONARIES, ENOUGH_TO_CHOOSE, LEARNABLE, FileReading, upload_in_pieces


def upload(name: str, data: str) -> Upload:
    reading = FileReading(name, "own", data.encode())
    reading.start()
    reading.advance(600)
    assert reading.upload and not reading.is_running, reading.problem
    return reading.upload


NOUNS = [f"noun{i}" for i in range(40)]
RARE = [f"rare{i}" for i in range(3000)]
random.seed(3)


def pairs(n: int) -> str:
    """Of frequent words and, every second one, with a rare one; each sentence is there with two translations"""
    rows = []
    for i in range(n):
        words = [random.choice(NOUNS) for _ in range(4)] + [random.choice(RARE)] * (i % 2)
        rows += [f"{' '.join(words)}\t{' '.join('le-' + word for word in words)}"] * 1
        rows.append(f"{' '.join(words)}\t{' '.join('la-' + word for word in words)}")
    return "\n".join(rows)


def reviews(n: int, words: int = 6) -> str:
    return "\n".join(
        f"{' '.join(random.choice(NOUNS) for _ in range(words))} {'good' if i % 2 else 'bad'} {i}\t{i % 2}"
        for i in range(n)
    )


def tagged(n: int) -> str:
    rows = (f"{random.choice(NOUNS)} O\nMia{i % 7} B-PER\n{random.choice(NOUNS)}{i} O\n" for i in range(n))
    return "\n".join(rows)


def tunes(n: int) -> str:
    notes = ["C", "D", "E", "F", "G", "A2", "B", "c"]
    return "\n".join(f"X:{i}\nL:1/8\nK:C\n{' '.join(random.choice(notes) for _ in range(30))}\n" for i in range(n))


FILES = {"word": tagged, "entities": tagged, "sentiment": reviews, "translation": pairs, "melody": tunes}


@pytest.mark.parametrize("name", KINDS)
def test_no_input_stands_in_two_parts_and_every_example_is_accounted_for(name):
    found = upload(name, FILES[name](700))
    train, held_out, chosen = found.task.data
    if name != "word":
        whole = (lambda e: e.inputs + e.answers) if name == "melody" else (lambda e: tuple(map(str.lower, e.inputs)))
        parts = [{whole(e) for e in part} for part in (train, held_out, chosen)]
        assert not parts[0] & parts[1] and not parts[0] & parts[2] and not parts[1] & parts[2]
        assert [len(part) for part in parts] == [len(train), len(held_out), len(chosen)]
        assert len(chosen) >= 50 and len(held_out) >= 80
        if name != "translation":  # there most are left out because they are more than are needed
            used = len(train) + found.found.examples // 5 + found.found.examples * 4 // 5 // 10
            assert abs(used + sum(found.left_out.values()) - found.found.examples) <= 2


def test_pairs_are_of_frequent_words_one_translation_each_and_what_is_left_out_is_counted():
    found = upload("translation", pairs(8000))
    for part in found.task.data:
        assert len({word for e in part for word in e.inputs}) <= DICTIONARIES[0]
        assert len({e.inputs for e in part}) == len(part)
    assert found.left_out["rare"] > 2800 and found.left_out["twice"] == found.found.examples / 2 > 7900
    assert LEARNABLE["translation"].pairs <= len(found.task.data.train) <= LEARNABLE["translation"].examples
    assert len(found.task.vocabulary) <= 252 and "<UNK>" in found.task.vocabulary.words


def test_of_several_translations_the_one_in_the_most_usual_words_is_used_wherever_it_stands():
    """Counted are all translations of the part that is learned from; of equally rare ones the first is used."""
    rows = [f"{noun} comes\t{how} {noun}-la vient" for noun in NOUNS for how in ("rarely", "le", "seldom")]
    rows += [f"{noun} goes\tle {noun}-la va" for noun in NOUNS] + [
        "nobody stays\tpremier reste",
        "nobody stays\tdernier reste",
    ]
    found = upload("translation", "\n".join(rows))
    used = {e.inputs: e.answers for part in found.task.data for e in part}
    assert found.left_out == {"twice": 2 * len(NOUNS) + 1}
    assert [used[noun, "comes"][0] for noun in NOUNS] == ["le"] * len(NOUNS)
    assert used["nobody", "stays"][0] == "premier"


@pytest.mark.parametrize("name", ["entities", "sentiment", "translation", "melody"])
def test_of_a_large_file_every_example_is_accounted_for_and_what_is_scored_comes_from_all_of_it(name):
    found = upload(name, FILES[name](6000))
    data = found.task.data
    assert found.found.examples == sum(found.left_out.values()) + sum(map(len, data))
    assert len(data.held_out) == own_data.MOST_HELD_OUT == 2 * len(data.chosen_on)
    if name == "sentiment":  # its examples are numbered
        assert int(data.held_out[-1].inputs[-1]) > 5900 and int(data.chosen_on[-1].inputs[-1]) > 5900


@pytest.mark.slow
def test_a_file_without_frequent_words_is_used_whole():
    """No dictionary leaves enough pairs: those that would be left are no fair sample, and too few to hold any out"""
    many = (
        f"{' '.join(random.choices(RARE, k=6))} x{i}\t{' '.join(random.choices(RARE, k=6))} y{i}" for i in range(9000)
    )
    found = upload("translation", "\n".join(many))
    assert "rare" not in found.left_out
    assert [len(part) for part in found.task.data] == [LEARNABLE["translation"].examples, 400, 200]


def test_what_is_frequent_is_decided_by_the_first_part_alone():
    """The words of the held-out pairs do not count: with others in their place the first part is the same."""
    rows = [*{row.split("\t")[0]: row for row in pairs(8200).splitlines()}.values()][:8000]
    others = [f"x{i} y{i}\tz{i}" if i % 5 == 4 else row for i, row in enumerate(rows)]
    one, two = (upload("translation", "\n".join(each)).task.data for each in (rows, others))
    assert one.train == two.train and one.held_out != two.held_out


def test_long_reviews_are_left_out_and_counted_and_a_file_of_long_ones_is_used():
    long = reviews(100, 60) + "\n" + reviews(900, 6)
    found = upload("sentiment", long)
    assert found.left_out == {"long": 100} and found.longest == LEARNABLE["review"].tokens
    only = upload("sentiment", reviews(300, 150))
    assert only.left_out == {} and only.longest == 160 and len(only.task.data.train) == 216


def test_of_few_examples_none_chooses():
    assert upload("sentiment", reviews(ENOUGH_TO_CHOOSE)).task.data.chosen_on == ()


@pytest.mark.parametrize("name", KINDS)
def test_an_epoch_is_scored_in_pieces_and_is_whole_only_when_its_score_is_there(name):
    """Between two pieces it can be stopped, and others get their turn; what comes out is the score as it ever was."""
    live = LiveTraining(structure_job(name, "gru", False, True, upload(name, FILES[name](700))))
    live.train(1)
    while not live.scoring or not live.last or not live.last.epoch:
        live.step()
    params, pieces = live.last.params, 0
    live.stop()
    assert live.epoch == 0
    live.start()
    while live.scoring:
        live.step()
        pieces += 1
    choosing, cell = live.task.choosing, live.job.cell
    assert pieces > len(choosing.data.held_out) / AT_ONCE
    assert live.epochs[-1].epoch == 1 and live.epochs[-1].score == evaluation.score(choosing, cell, params)


@pytest.mark.parametrize("name", ["sentiment", "translation"])
def test_the_sample_is_made_in_pieces(name):
    pieces = upload_in_pieces(name, "own", FILES[name](3000).encode())
    assert sum(1 for _ in pieces) > 5


def test_the_same_file_gives_the_same_sample_and_the_same_number_of_batches_the_same_bits():
    data = reviews(400)
    one, two = upload("sentiment", data), upload("sentiment", data)
    assert one.task.data == two.task.data and one.digest == two.digest
    job = structure_job("sentiment", "gru", False, True, one)
    live = LiveTraining(job)
    live.train_for(30, 3 * live.batches_an_epoch)
    while live.is_running:
        live.advance(60)
    assert live.epoch == 3
    experiment = replace(job.experiment, epochs=400, parts=3, batches=3 * live.batches_an_epoch - 2)
    run = training.train_to_end(experiment, two.task)
    assert len(run.losses) == 3
    for (_, _, a), (_, _, b) in zip(leaves(live.params), leaves(run.params), strict=True):
        np.testing.assert_array_equal(a, b)


def test_only_of_ones_own_data_the_weights_of_many_batches_are_averaged():
    one = upload("sentiment", reviews(50))
    for is_trained in (True, False):
        assert structure_job("sentiment", "gru", False, is_trained, one).experiment.averaged == AVERAGED
        assert structure_job("sentiment", "gru", False, is_trained, None).experiment.averaged == 0


def test_ones_own_pairs_get_a_wider_network_and_all_else_has_that_of_our_data():
    for name in KINDS:
        ours = structure_job(name, "gru", True, True, None).experiment
        own = structure_job(name, "gru", True, True, upload(name, FILES[name](50))).experiment
        assert own.hidden_units == OWN_UNITS.get(name, ours.hidden_units) >= ours.hidden_units
    assert OWN_UNITS.keys() == {"translation"}


def test_seconds_become_batches_once():
    live = LiveTraining(structure_job("sentiment", "gru", False, True, upload("sentiment", reviews(400))))
    live.train_for(20, 0)
    while live.asked:
        assert live.spent < MEASURED
        live.step()
    rate, goal = live.done / live.spent, live.goal
    assert live.spent >= MEASURED and goal == min(
        live.epoch + max(1, round(20 * rate / live.batches_an_epoch)), MOST_EPOCHS
    )
    live.spent *= 100
    for _ in range(5):
        live.step()
    assert live.goal == goal


def test_a_small_file_of_each_kind_is_learned():
    """Where there is something to learn, a short training finds it"""
    found = upload("sentiment", reviews(500))
    live = LiveTraining(structure_job("sentiment", "gru", False, True, found))
    live.train_for(30, 8 * live.batches_an_epoch)
    while live.is_running:
        live.advance(60)
    assert evaluation.score(found.task, live.job.cell, live.weights(live.best)) > 0.9 > (found.baseline or 1)


def test_a_review_longer_than_all_limits_is_refused_with_its_length():
    reading = FileReading("sentiment", "own", f"{'so ' * 300}good\t1\n{'so ' * 300}bad\t0\n".encode())
    reading.start()
    reading.advance(60)
    assert reading.upload is None and f"longer than {own_data.LONGEST} tokens" in (reading.problem or "")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "between"), [("sentiment", "\t"), ("translation", "\tmot")])
def test_no_file_of_one_word_examples_holds_a_click_for_half_a_second(name, between):
    """From its bytes to the task: 5 MB of examples that are as many as can be"""
    rows = "".join(f"{i:x}{between}{i % 2}\n" for i in range(5_000_000 // (7 + len(between))))
    pieces, longest = upload_in_pieces(name, "own", rows.encode()), 0.0
    gc.collect()
    gc.freeze()  # garbage is looked for in what the file gives, not in what all other tests do
    try:
        while True:
            before = time.thread_time()
            next(pieces, None)
            longest = max(longest, time.thread_time() - before)
            if pieces.gi_frame is None:
                break
    finally:
        gc.unfreeze()
    assert longest < 0.5
