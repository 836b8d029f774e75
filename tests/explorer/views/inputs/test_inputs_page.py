"""The page Inputs, without a browser: a text becomes a dictionary, a sentence its vectors, whatever the text is."""

import base64
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core import pretrained
from core.data.vocabulary import UNK, Vocabulary, sentences_of, tokenise
from core.tasks import MIN_COUNT, task
from core.training import Experiment
from explorer.components import onehot
from explorer.compute.sentence import READ_CHARACTERS
from explorer.prose import prose
from explorer.views.inputs import corpus
from tests.helpers.drawn import payload_of
from tests.helpers.examples import LONG, open_app, page

SENTENCE = "Harry Potter and Hermione Granger invented a new spell"
TEXT = "The cat sat. The dog sat on the cat."
Wax = pretrained.load_pretrained(Experiment())["rnn"].Wax


@pytest.fixture(scope="module")
def inputs() -> AppTest:
    return open_inputs()


def open_inputs() -> AppTest:
    return open_app("inputs")


def payload(app: AppTest) -> dict:
    assert not app.exception
    parts = [payload_of(part.proto) for part in app.get("bidi_component")]
    return next((data for data in parts if "equal" in data), {})


def paste(app: AppTest, text: str) -> AppTest:
    return app.text_area(key="corpus_text").set_value(text).run()


def upload(app: AppTest, content: bytes, name: str = "text.txt") -> AppTest:
    return app.file_uploader(key="corpus_upload").upload(name, content, "text/plain").run()


def unpacked(text: str, n_a: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").reshape(-1, n_a)


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.warning, *app.info])


def listed(app: AppTest) -> list[tuple[int, str, int]]:
    """The dictionary on the page"""
    return list(app.dataframe[0].value.itertuples(index=False, name=None))


# The dictionary -------------------------------------------------------------------------------------------------------


def test_the_dictionary_of_the_training_sentences_is_the_network_s():
    assert corpus.training_sentences().dictionary(MIN_COUNT) == task("people").vocabulary


TEXTS = st.text(st.sampled_from("abcAB .é\u0301我"), max_size=60).filter(tokenise)


@given(TEXTS, st.integers(1, 5))
def test_every_minimum_count_gives_the_dictionary_that_the_core_builds(text, min_count):
    counted = corpus.of_text(text.encode())
    built = Vocabulary.build(sentences_of(text), min_count)
    assert counted.dictionary(min_count) == built
    assert counted.tokens == sum(built.counts)
    lost = set(map(str.lower, tokenise(text))) - set(built.words)
    assert {word.lower() for word in counted.lost(built, 1000)} == lost
    assert set(counted.lost(built, 2)) <= set(counted.lost(built, 1000))


def test_a_dictionary_has_an_end(monkeypatch):
    monkeypatch.setattr(corpus, "MOST_WORDS", 3)
    counted = corpus._count([["d", "c", "b", "b", "a", "a", "a"]])
    assert counted.dictionary(1) == Vocabulary((UNK, "a", "b", "c"), (1, 3, 2, 1))
    assert counted.dictionary(3) == Vocabulary((UNK, "a"), (4, 3))
    assert (counted.types, counted.tokens) == (4, 7)


BAD = {
    "too_large": b"word " * 200_001,
    "binary": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "not_utf8": "café".encode("latin-1"),
    "no_words": b" \n\t \xc2\xa0",
}
OTHER_ENCODINGS = {"not_utf8": "Harry".encode("utf-16"), "no_words": b"", "binary": b"abc\x00def"}


@pytest.mark.parametrize(("trouble", "content"), [*BAD.items(), *OTHER_ENCODINGS.items()])
def test_what_is_no_corpus_is_named(trouble, content):
    assert corpus.problem(content) == trouble


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_whatever_is_no_problem_can_be_counted(content):
    if corpus.problem(content) is None:
        assert corpus.of_text(content).tokens > 0


# What the browser gets ------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 7), min_size=1, max_size=5), st.integers(1, 8))
def test_the_product_is_the_column(ids, n_x):
    vocabulary = Vocabulary((UNK, *"abcdefg"[: n_x - 1]), (0,) * n_x)
    tokens = tuple("?abcdefg"[i] for i in ids)
    weights = np.random.default_rng(0).normal(size=(3, n_x))
    data = onehot.payload(tokens, vocabulary, weights, 1)
    expected = [i if i < n_x else 0 for i in ids]
    assert data["ids"] == expected
    assert data["known"] == [i > 0 for i in expected]
    assert all(data["equal"])
    for name in ("product", "picked"):
        np.testing.assert_array_equal(unpacked(data[name], 3), weights[:, expected].T.astype("f4"))
    np.testing.assert_array_equal(unpacked(data["columns_values"], 3), weights[:, data["columns"]].T.astype("f4"))
    assert data["columns_words"] == vocabulary.decode(data["columns"])
    for i, near in zip(expected, data["near"], strict=True):
        assert i in near
        assert near == list(range(near[0], near[0] + min(5, n_x)))
        assert near[0] >= 0
        assert near[-1] < n_x
        assert set(near) <= set(data["columns"])


def test_a_weight_that_is_not_finite_makes_the_two_differ():
    weights = np.ones((2, 3))
    weights[0, 2] = np.inf
    data = onehot.payload(("a", "b"), Vocabulary((UNK, "a", "b"), (0, 1, 1)), weights, 1)
    assert data["equal"] == [False, True]  # 0 × ∞ is not a number; 1 × ∞ is ∞
    assert data["scale"] is None


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_opens_on_the_sentence_and_the_network_of_explore():
    app = open_inputs()
    data = payload(app)
    ids = task("people").vocabulary.encode(SENTENCE.split())
    assert (data["words"], data["ids"]) == (SENTENCE.split(), ids.tolist())
    np.testing.assert_array_equal(unpacked(data["picked"], 16), Wax[:, ids].T.astype("f4"))
    n_x = len(task("people").vocabulary)
    assert f"9 words × {n_x} entries = **{9 * n_x:,} numbers, of which 9 are 1**" in said(app)
    vocabulary = task("people").vocabulary
    assert listed(app) == list(zip(range(n_x), vocabulary.words, vocabulary.counts, strict=True))


def test_the_sentence_is_that_of_explore_and_stands_in_the_link():
    app = open_app()
    app.text_input(key="sentence").set_value("Grace saw zzyzx").run()
    app.switch_page(page("inputs")).run()
    assert payload(app)["words"] == ["Grace", "saw", "zzyzx"]
    assert payload(app)["known"] == [True, True, False]
    app.text_input(key="sentence").set_value("May ran").run()
    assert payload(app)["words"] == ["May", "ran"]
    assert app.query_params["sentence"] == "May ran"


def test_the_minimum_count_decides_what_is_unknown():
    app = open_inputs()
    app.slider(key="min_count").set_value(10).run()
    kept = corpus.training_sentences().dictionary(10)
    assert payload(app)["n_x"] == len(kept)
    assert payload(app)["ids"] == kept.encode(SENTENCE.split()).tolist()
    assert f"Different words kept: **{len(kept) - 1}**" in said(app)
    assert f"{kept.counts[0] / sum(kept.counts):.1%}" in said(app)
    assert "a random Wax" in said(app)


def test_the_dictionary_is_searched():
    app = open_inputs()
    app.text_input(key="search").set_value("HARRY").run()
    assert "harry" in [word for _, word, _ in listed(app)]
    assert "is not in the dictionary" not in said(app)
    app.text_input(key="search").set_value("zzyzx").run()
    assert listed(app) == []
    assert "**zzyzx** is not in the dictionary: in a sentence it is read as `<UNK>`, index 0." in said(app)
    app.text_input(key="search").set_value("two words").run()
    assert "No word of the dictionary contains **two words**." in said(app)
    app.text_input(key="search").set_value(UNK).run()
    assert listed(app) == [(0, UNK, task("people").vocabulary.counts[0])]


@pytest.mark.parametrize("give", [lambda app: paste(app, TEXT), lambda app: upload(app, TEXT.encode())])
def test_the_reader_s_own_text_becomes_the_dictionary(give):
    app = give(open_inputs())
    built = Vocabulary.build(sentences_of(TEXT), MIN_COUNT)
    assert [word for _, word, _ in listed(app)] == [UNK, "the", ".", "cat", "sat"] == list(built.words)
    app.text_input(key="sentence").set_value("The dog sat").run()
    assert payload(app)["ids"] == [1, 0, 4]
    assert "a random Wax of the right shape, 16 × 5, drawn with seed 1" in said(app)
    app.run()
    app.button(key="corpus_reset").click().run()
    assert len(listed(app)) == len(task("people").vocabulary)


def test_another_page_and_back_keeps_the_text():
    app = paste(open_inputs(), TEXT)
    app.switch_page(page("explore")).run()
    app.switch_page(page("inputs")).run()
    assert len(listed(app)) == 5


@pytest.mark.parametrize("trouble", BAD)
def test_a_bad_file_changes_nothing_and_is_named(trouble):
    app = upload(paste(open_inputs(), TEXT), BAD[trouble], "<b>*.txt")
    expected = prose("inputs", trouble, is_file=True, name=r"\<b\>\*\.txt")
    assert r"the file \<b\>\*\.txt" in expected
    assert [warning.value for warning in app.warning] == [expected]
    assert len(listed(app)) == 5
    paste(app, "a a")
    assert not app.warning
    assert len(listed(app)) == 2


def test_a_pasted_text_can_be_bad_too():
    app = paste(open_inputs(), TEXT)
    for text, trouble in (("x" * 1_000_001, "too_large"), (" ", "no_words")):
        paste(app, text)
        expected = prose("inputs", trouble, is_file=False, name="")
        assert "your text" in expected
        assert [warning.value for warning in app.warning] == [expected]
        assert len(listed(app)) == 5
    paste(app, "")  # taken away: nothing is wrong any more
    assert not app.warning and len(listed(app)) == 5


def test_a_bad_file_that_is_taken_away_is_no_longer_named():
    app = upload(paste(open_inputs(), TEXT), BAD["binary"])
    assert app.warning
    app.get("file_uploader")[0].clear().run()
    assert not app.warning and len(listed(app)) == 5


def test_a_long_text_is_in_use_and_leaves_the_box():
    long = "seldom used words " * 3000
    app = paste(open_inputs(), long)
    assert len(listed(app)) == 4 and app.text_area(key="corpus_text").value == ""
    paste(app, TEXT)
    assert len(listed(app)) == 5 and app.text_area(key="corpus_text").value == TEXT


def test_a_chosen_step_is_the_step_of_the_link():
    app = open_inputs()
    states = app._tree.get_widget_states()
    states.widgets.add(id=app.get("bidi_component")[0].proto.id, json_value=json.dumps({"t": 7}))
    app._run(states)
    assert payload(app)["selected"] == 7
    assert app.query_params["step"] == "7"


@pytest.mark.parametrize("cell", ["relu", "gru", "lstm"])
def test_every_cell_has_such_a_matrix(cell):
    app = open_app("inputs", activation=cell, hidden_units="4", start="untrained")
    assert payload(app)["n_a"] == 4
    assert all(payload(app)["equal"])


def test_more_words_than_are_shown_and_none_at_all(inputs):
    inputs.text_input(key="sentence").set_value(LONG).run()
    assert len(payload(inputs)["words"]) == 60
    assert prose("explore", "cut", most=60, characters=READ_CHARACTERS) in said(inputs)
    inputs.text_input(key="sentence").set_value("  ").run()
    assert not inputs.exception
    assert prose("explore", "empty") in said(inputs)


ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["<script>alert(1)</script>", "# **a** [b](c) $x$ :smile:", "x" * 100_000, "👩‍🚀 שלום", "e\u0301" * 50_000, "{n_x}"]
)


@pytest.mark.slow
@settings(max_examples=25)
@given(text=ODD, sentence=ODD, asked=ODD, min_count=st.integers(1, 10))
def test_whatever_is_typed_there_is_an_answer(inputs, text, sentence, asked, min_count):
    inputs.run()
    inputs.text_area(key="corpus_text").set_value(text)
    inputs.text_input(key="search").set_value(asked)
    inputs.text_input(key="sentence").set_value(sentence)
    inputs.slider(key="min_count").set_value(min_count).run()
    assert not inputs.exception
    if "equal" in payload(inputs):  # else there is nothing to read, and the tab is asked alone
        assert all(payload(inputs)["equal"])


def test_words_that_are_commands_in_markdown_are_only_words():
    app = paste(open_inputs(), "<b> $x$ * `")
    app.slider(key="min_count").set_value(10).run()
    assert r"Some that become `<UNK>`: \$ · \* · \< · \> · \` · b · x" in said(app)
