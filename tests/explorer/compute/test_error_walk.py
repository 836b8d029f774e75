"""The error of one answer: which one is followed, and how much of it arrives, against one example after another"""

import numpy as np
import pytest

from core import pretrained
from core.tasks import END
from explorer.compute.answers import Decoding, example_of, write_answers
from explorer.compute.error_walk import MOST_PAIRS, chosen_step, held_out_arrivals, rarest, shared_arrivals, walk
from explorer.compute.jobs import structure_job
from explorer.compute.unrolled import Example, unroll

JOBS = [structure_job("translation", "gru", attends, True, None) for attends in (True, False)]
PARAMS = [pretrained.load_pretrained(job.experiment) for job in JOBS]
TASK = JOBS[0].task


@pytest.fixture(scope="module")
def arrivals():
    return held_out_arrivals(JOBS[0], PARAMS[0], JOBS[1], PARAMS[1])


def unrolled(pair, attends: bool):
    i = 0 if attends else 1
    return unroll(JOBS[i], PARAMS[i], Example(pair.inputs, pair.answers, pair.answers))


@pytest.mark.slow
def test_every_pair_alone_has_the_same_share(arrivals):
    """The batches are by length, so the pairs stand in another order: all shares together are compared."""
    alone = []
    for pair in TASK.data.held_out[:MOST_PAIRS]:
        attending, without = (unrolled(pair, attends) for attends in (True, False))
        s = rarest(TASK, attending.targets[:, 0])
        looks_at = attending.trace.focus.alpha[0, s - len(pair.inputs)].argmax()
        alone.append([walk(one, s)[looks_at] for one in (attending, without)])
    np.testing.assert_allclose(np.sort(arrivals.attending), np.sort(np.array(alone)[:, 0]), rtol=1e-10)
    np.testing.assert_allclose(np.sort(arrivals.without), np.sort(np.array(alone)[:, 1]), rtol=1e-10)
    assert np.sum(arrivals.attending > arrivals.without) == np.sum(np.greater(*np.array(alone).T))


def test_of_a_content_word_more_arrives_with_attention_in_most_pairs(arrivals):
    """What the page says of its default: of <END>, the last answer, the opposite is true."""
    assert np.mean(arrivals.attending > arrivals.without) > 2 / 3
    last = [
        [walk(one, len(one.words) - 1)[0] for one in (unrolled(pair, True), unrolled(pair, False))]
        for pair in TASK.data.held_out[:60]
    ]
    assert np.mean(np.greater(*np.array(last).T)) < 1 / 2


def test_the_selected_answer_is_followed_or_the_rarest_one():
    french = ("elle", "lit", "un", "livre", END)
    pair = Example(("she", "reads", "a", "book"), french, french)
    one = unroll(JOBS[0], PARAMS[0], pair)
    counts = [TASK.answer_counts[word] for word in pair.answers]
    assert chosen_step(one, 2) == 4 + int(np.argmin(counts)) != 8  # nothing is answered at step 2
    assert chosen_step(one, 6) == 5
    assert walk(one, 5)[-1] == 1 and len(walk(one, 5)) == 6


@pytest.mark.parametrize(
    "said",
    [
        "does our mother watch the new train ?",
        "do you want to read in the park ?",
        "do you want to see the black car ?",
    ],
)
def test_the_best_hypothesis_stands_first(said):
    found = write_answers(JOBS[0], PARAMS[0], tuple(said.split()), Decoding("beam"))
    scores = [one.score for one in found]
    assert all(one.ended for one in found) and scores == sorted(scores, reverse=True)
    (greedy,) = write_answers(JOBS[0], PARAMS[0], tuple(said.split()), Decoding("greedy"))
    assert found[0].score >= greedy.score - 1e-12


def test_an_answer_has_room_to_finish():
    inputs, way = ("does", "our", "mother", "watch", "the", "new", "train", "?"), Decoding("beam")
    cut = write_answers(JOBS[0], PARAMS[0], inputs, way._replace(room=0))
    assert not all(one.ended for one in cut)
    assert all(one.ended for one in write_answers(JOBS[0], PARAMS[0], inputs, way))


def test_the_words_that_were_never_reached_are_known():
    right = ("je", "bois", "du", "lait", "et", "de", "l'eau", END)
    example = example_of(JOBS[0], PARAMS[0], ("I", "drink", "milk", "and", "water"), right, False, Decoding("greedy"))
    assert len(example.fed) < len(right)
    assert unroll(JOBS[0], PARAMS[0], example).never_reached == right[len(example.fed) :]


def test_what_all_sessions_look_at_is_measured_once(arrivals):
    shared = shared_arrivals(JOBS[0], PARAMS[0], JOBS[1], PARAMS[1])
    assert shared is shared_arrivals(JOBS[0], PARAMS[0], JOBS[1], PARAMS[1])
    np.testing.assert_array_equal(shared, arrivals)
    assert not any(shares.flags.writeable for shares in shared)
    others = {**PARAMS[0]}
    assert shared_arrivals(JOBS[0], others, JOBS[1], PARAMS[1]) is not shared
