"""What Structures says of its numbers: what each counts, what it is worth, and what is not kept."""

import io
from statistics import median
from types import SimpleNamespace

import numpy as np
import pytest

from core import parameters
from core.tasks import END, task
from core.training import untrained
from explorer.compute import live_training
from explorer.compute.answers import Decoding, as_words, circle, write_answers
from explorer.compute.jobs import structure_job
from explorer.compute.live_training import MOST_EPOCHS
from explorer.prose import prose, sections
from explorer.views.structures import training_panel
from explorer.views.structures.results_panel import REPEATS
from explorer.views.structures.translation_panel import _alignment
from tests.helpers.structures_page import OWN, exhibits, memory, open_page, text, train_to_the_end, trained, upload

PAIRS = "".join(f"word{i} a\tmot{i} b\n" for i in range(36))


def score(page):
    return next(one for one in page.markdown if one.value.startswith("Before any update"))


def test_a_score_is_explained_and_says_where_it_is_no_better_than_its_baseline(name):
    shown = score(open_page(structure=name))
    sayings = {each.partition("{")[0] for title, each in sections("structures").items() if title.startswith("measure_")}
    assert any(shown.proto.help.startswith(each) for each in sayings)
    assert ("entity is found only" in shown.proto.help) == (name == "entities")
    assert ("no better than the baseline" in shown.value) == (name == "word")


@pytest.mark.parametrize("review", ["bad", "very bad", "not a bad film at all"])
def test_of_a_short_review_is_said_that_whole_ones_were_learned(review):
    lengths = [len(each.inputs) for each in task("sentiment").data.train]
    words = len(review.split())
    few = sum(length <= words for length in lengths)
    numbers = {"words": words, "n": len(lengths), "few": few, "median": int(median(lengths))}
    assert (prose("structures", "short_review", **numbers) in text(open_page(structure="sentiment", input=review))) == (
        words <= 2
    )
    assert words > 2 or few < len(lengths) / 20  # it was hardly ever tested


def test_beside_each_word_that_looks_stands_how_sure_it_is():
    page = open_page(structure="translation")
    told = next(said for said in exhibits(page)["alignment"]["told"] if said.startswith("How sure"))
    p = exhibits(page)["alignment"]["p"]
    assert told.count("→") == len(p) and all(f" {max(row):.2f}" in told or ">0.99" in told for row in p)


def test_the_walk_of_one_sentence_is_told_apart_from_that_of_most():
    told = exhibits(open_page(structure="translation"))["walk"]["told"]
    assert told[0] == prose("structures", "walk_here") and "200 held-out pairs" in told[1]


def test_how_many_melodies_go_round_in_a_circle_is_measured():
    job, params, held_out = (
        structure_job("melody", "gru", False, True, None),
        trained("melody"),
        task("melody").data.held_out,
    )

    def ends(temperature: float, draws: int) -> int:
        ways = [Decoding(temperature=temperature, notes=64, draw=draw) for draw in range(1, draws + 1)]
        tunes = [
            (*e.inputs, *as_words(job, write_answers(job, params, e.inputs, way)[0])) for e in held_out for way in ways
        ]
        return sum(circle(tune) > 0 for tune in tunes)

    n = len(held_out)
    found = {"n": n, "cold": ends(0, 1), "cool": ends(0.2, 3), "draws": 3 * n, "warm": ends(0.8, 3)}
    assert found == REPEATS


def test_a_circle_is_found_where_there_is_one():
    assert [circle(tuple(notes)) for notes in ("xababa", "abcabcabc", "aaa", "abab", "abcdefg")] == [
        0,
        3,
        1,
        0,
        0,
    ]
    assert circle(tuple("xababab")) == 2


def test_what_ends_a_training_is_said_before_and_after():
    page = upload(open_page(structure="translation"), "own.tsv", PAIRS.encode())
    assert prose("structures", "most_epochs", most=MOST_EPOCHS) in text(page)
    chosen_on = len(memory(page).uploads["translation"].task.data.chosen_on)
    assert 0 < chosen_on < 10 and prose("structures", "few_choose", n=chosen_on) in text(page)
    assert "which epoch is the best" not in text(open_page(structure="translation"))


def test_a_training_that_ended_before_its_time_says_so(monkeypatch):
    """All epochs that there are took less than the 30 s; where the time was up before, nothing of the kind is said."""
    monkeypatch.setattr(live_training, "MOST_EPOCHS", 3)
    monkeypatch.setattr(training_panel, "MOST_EPOCHS", 3)
    page = train_to_the_end(upload(open_page(structure="sentiment", budget="30"), *OWN["sentiment"]))
    (training,) = [one for _, one in memory(page).trainings.items() if one.epoch]
    numbers = {"most": 3, "budget": 30}
    assert training.epoch == 3
    assert prose("structures", "ended_early", seconds=training.seconds, **numbers) in text(page)
    assert prose("structures", "most_epochs", most=3) not in text(page)
    training.seconds = 30.5
    assert "It ended after" not in text(page.run())


def test_of_a_decoder_that_looks_at_the_full_stop_it_is_said_what_that_means():
    inputs, fed = ("i", "am", "late", "."), ("je", "suis", "en", "retard", END)
    looks = np.zeros((1, 5, 4))
    for at_end, is_told in ((3, True), (2, False)):
        looks[:] = 0
        looks[0, :at_end, 3] = looks[0, at_end:, 1] = 1
        example, trace = SimpleNamespace(inputs=inputs, fed=fed), SimpleNamespace(focus=SimpleNamespace(alpha=looks))
        told = _alignment(SimpleNamespace(example=example, trace=trace), 1)["told"]
        said = prose("structures", "alignment_end", n=at_end, steps=5, token="‘.’")
        assert (said in told) == is_told


def test_what_is_too_long_is_counted_apart():
    long = "word " + "way " * 50 + "\t" + "loin " * 50 + "\n"
    page = upload(open_page(structure="translation"), "own.tsv", (PAIRS + long).encode())
    shown = next(one.value for one in page.markdown if "own" in one.value and "pairs" in one.value)
    lost = next(one.proto.body for one in page.get("html") if "lost" in one.proto.body)
    assert "36 pairs" in shown and "loin" not in shown and "b (36)" in shown
    assert "and not counted above: 1 example" in lost


def test_what_no_link_keeps_is_said_where_the_link_is():
    page = open_page(structure="sentiment", more=prose("panels", "share_title"))
    assert "neither by a link" not in text(page)
    upload(page, "own.tsv", b"sentence\tlabel\ngood fun\t1\nno fun\t0\nvery good\t1\nvery bad\t0\nso bad\t0\n")
    page.session_state["more"], memory(page).has_chosen_panel = prose("panels", "share_title"), True
    page.run()
    what = prose("share", "not_in_link_file", file="own\\.tsv")
    assert prose("share", "not_in_link", what=what) in text(page)


def test_weights_of_a_file_that_is_not_here_ask_for_that_file():
    page = upload(
        open_page(structure="sentiment"), "own.tsv", b"good fun\t1\nno fun\t0\nvery good\t1\nvery bad\t0\nso bad\t0\n"
    )
    job = structure_job("sentiment", "gru", False, True, memory(page).uploads["sentiment"])
    with io.BytesIO() as buffer:
        parameters.save(buffer, untrained(job.experiment, job.task))
        own = buffer.getvalue()

    def opened(page, weights: bytes) -> list[str]:
        page.file_uploader(key="weights_upload").set_value(("w.npz", weights, "application/octet-stream")).run()
        return [warning.value for warning in page.warning]

    assert opened(page, own) == []
    told = prose("structures", "weights_of_file", has_name=False, file="")
    assert told in opened(open_page(structure="sentiment"), own) and "float64" not in told
    named = prose("structures", "weights_of_file", has_name=True, file="own\\.tsv")
    assert named in opened(open_page(structure="sentiment", file="own.tsv"), own)
    (wrong,) = opened(open_page(structure="sentiment", cell="lstm"), own)
    assert wrong != told  # of another cell: no file would help


def test_a_sentence_has_its_subject():
    assert prose("structures", "directions_end").startswith("A network that reads in both directions has")
