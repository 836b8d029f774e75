"""What Structures says of an answer: is it right, where does it come from, and how good are the weights behind it?"""

import re

import pytest

from core.data.example import Example
from core.tasks import task
from explorer.prose import prose
from tests.helpers.structures_page import (
    LESSONS,
    OWN,
    exhibits,
    memory,
    open_page,
    press,
    stage,
    text,
    through,
    train_to_the_end,
    trained,
    upload,
)


@pytest.mark.slow
@pytest.mark.parametrize("link", [{}, {"begin": "untrained"}])
def test_untrained_weights_are_called_so_and_why(link):
    page = open_page(structure="sentiment", cell="lstm", **link)
    chosen = prose("structures", "untrained_chosen")
    assert [info.value for info in page.info] == [chosen if link else prose("structures", "untrained")]
    press(page, "train")
    (training,) = [one for _, one in memory(page).trainings.items()]
    while not training.epoch:  # stopped before the first epoch, all is as it was
        page.run()
    press(page, "stop")
    assert chosen not in text(page)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({}, None),
        ({"cell": "lstm"}, prose("structures", "walk_both_untrained")),
        ({"begin": "untrained"}, prose("structures", "walk_both_untrained")),
        ({"cell": "gru", "attention": "False"}, None),
    ],
)
def test_a_walk_through_random_weights_is_called_so(link, said):
    told = text(open_page(structure="translation", **link))
    found = [line for line in told.splitlines() if "started at random" in line and "Press" not in line]
    assert [line for line in found if "press" not in line] == ([said] if said else [])


def test_the_walk_says_what_is_true_of_the_held_out_pairs():
    """The error of a content word: the numbers are those that test_error_walk compares with one pair at a time."""
    told = text(open_page(structure="translation"))
    assert "The error of ‘" in told and "On 200 held-out pairs, the right words fed back" in told
    assert "With attention more arrives in 145 of 200." in told


@pytest.mark.parametrize(
    ("name", "owners"),
    [
        ("translation", ["I", "close", "the", "white", "door", "elle", "lit", "un", "livre", "<END>"]),
        ("melody", [token.replace(":", " ") for token in LESSONS["melody"][1].answers]),
        ("sentiment", ["not", "a", "bad", "film", "at", "all"]),
    ],
)
def test_a_loss_is_called_after_the_right_answer_where_answers_are_read(name, owners):
    """The word that is read there is the answer before: its loss has another number."""
    page = open_page(structure=name, **LESSONS[name][0])
    assert stage(page)["owners"] == owners == stage(page)["dock"]["owners"]
    if name == "translation":
        assert "error of ‘elle’" in text(open_page(structure=name, at="6", whose="6", **LESSONS[name][0]))


def test_words_that_were_never_reached_are_told_and_stand_on_the_tape():
    page = open_page(
        structure="translation", input="I drink milk and water", right="je bois du lait et de l'eau", decoding="greedy"
    )
    (told,) = [line for line in text(page).splitlines() if "never reached" in line]
    missing = told.partition("never reached: ")[2].partition("**")[0].split(" ")
    tape = exhibits(page)["tapes"]
    rows = dict(zip(tape["names"], tape["rows"], strict=True))
    assert rows["expected y⟨t⟩"][-len(missing) :] == [word.replace("\\", "") for word in missing]
    assert rows["fed x⟨t⟩"][-len(missing) :] == ["–"] * len(missing)


@pytest.mark.parametrize(
    ("link", "verdict", "said"),
    [
        ({"structure": "word", "input": "Grace", "right": "name"}, "right", "<strong>name</strong>"),
        ({"structure": "word", "input": "rain", "right": "name"}, "wrong", "✗ wrong"),
        ({"structure": "sentiment", "input": "zzyzx"}, "open", "Nobody said what is right."),
        ({"structure": "melody"}, "open", "nothing to compare it with"),
        ({"structure": "melody", "teacher_forcing": "True", "notes": "12"}, "wrong", "<strong>12 notes</strong>"),
        ({"structure": "translation"}, "right", "<strong>je ferme la porte blanche</strong>"),
        ({"structure": "translation", "right": "je ferme la porte"}, "wrong", "✗ wrong"),
        ({"structure": "translation", "right": "je ferme le porte blanche"}, "wrong", "✗ wrong at 1 of 5"),
        (
            {"structure": "entities", "input": "<b> Paris"},
            "open",
            'PER">&lt; b &gt; <small>',
        ),
        ({"structure": "entities", "input": "in Paris", "right": "O O"}, "wrong", "✗ wrong at 1 of 2"),
    ],
)
def test_the_answer_says_whether_it_is_right(link, verdict, said):
    """Also of what was typed: it stays text"""
    for beside in ("dock", "answer"):
        shown = [html.body for html in open_page(**link, beside=beside).get("html")]
        (answer,) = [body for body in shown if '<p data-testid="answer"' in body]
        assert f'data-verdict="{verdict}"' in answer and said in answer
        assert ("right: <strong>" in answer) == (beside == "answer" and verdict == "wrong" and "notes" not in said)


@pytest.mark.slow
def test_the_score_of_the_best_translation_is_taken_apart():
    page = open_page()
    (told,), found = exhibits(page)["beam"]["told"], exhibits(page)["beam"]["found"]
    log_p, n, score = float(re.search("log p = −([0-9.]+)", told)[1]), 6, found[0]["score"]
    assert f"|Y| = {n}" in told and abs(-log_p / n**0.7 - score) < 0.001
    assert log_p == pytest.approx(stage(page)["total"], abs=0.001)  # the answer is right: its log p is −ℒ


@pytest.mark.parametrize(("review", "word"), [("not a bad film at all", "bad"), ("a good film", "good")])
def test_the_word_that_moves_the_belief_most_is_read_alone_too(review, word):
    page = open_page(structure="sentiment", input=review)
    _, loss = through("sentiment", trained("sentiment"), Example((word,), ("positive",)))[:2]
    said = text(page).replace("\\", "")
    told = re.search(f"‘{word}’ moved P\\(positive\\) most.*P\\(positive\\) = ([0-9.]*[0-9])", said)
    assert float(told[1]) == pytest.approx(loss.y_hat[0, 0, 0], abs=0.006)


def test_of_two_walks_the_untrained_one_is_named():
    page = train_to_the_end(upload(open_page(structure="translation"), *OWN["translation"]))
    assert "The network without attention was not trained: its weights started at random." in text(page)


def test_the_score_is_that_of_before_any_update():
    page = open_page(structure="word")
    before = next(
        line for line in text(page).splitlines() if line.startswith("Before any update: Token F1 **0.50** on ")
    )
    assert before.startswith(
        f"Before any update: Token F1 **0.50** on {len(task('word').data.held_out):,} held-out words."
    )
    assert before in text(press(page, "apply_10"))
