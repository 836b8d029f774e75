"""What a reader takes along says exactly what was on the screen."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import parameters, training
from core.training import Experiment
from explorer.compute.unrolled import Unrolled, unroll_sentence
from explorer.compute.whose import one_error
from explorer.views import share
from tests.helpers.examples import LABELS, ROOT, WORDS, look, run_script, same_bits

STRANGE = ("it's", '"', "\\", "$words", "$", "naïve", "我", "😀", "'''", '"""', "{", "%s", "a" * 500)


@pytest.fixture(params=["tanh", "relu"])
def now(request) -> Unrolled:
    return look(request.param)


def test_the_trace_has_one_row_a_step_and_loses_nothing(now):
    head, *rows = csv.reader(io.StringIO(share.trace_csv(now)))
    table, back = dict(zip(head, zip(*rows, strict=True), strict=True)), now.back
    names = ("not a name", "name")
    assert table["word"] == WORDS and table["group"] == ("rnn",) * len(WORDS)
    assert table["expected"] == tuple(names[label] for label in LABELS)
    assert table["prediction"] == tuple(names[int(p > 0.5)] for p in now.loss.y_hat[:, 0, 0])
    columns = {
        "t": np.arange(1, len(WORDS) + 1),
        "index": now.trace.x[:, 0],
        "label": np.array(LABELS),
        "probability": np.maximum(now.loss.y_hat, 1 - now.loss.y_hat)[:, 0, 0],
        "p_name": now.loss.y_hat[:, 0, 0],
        "loss": now.loss.per_step[:, 0],
        "norm_from_y": np.linalg.norm(back.from_y[:, 0], axis=-1),
        "norm_from_next_a": np.linalg.norm(back.from_next_state[1:, 0], axis=-1),
        "norm_d_a": np.linalg.norm(back.d_a[1:, 0], axis=-1),
        "norm_from_next_state": np.linalg.norm(back.from_next_state[1:, 0], axis=-1),
        "norm_d_state": np.linalg.norm(back.d_state[1:, 0], axis=-1),
    }
    columns |= {f"share_{name}": norms for name, norms in now.shares.items()}
    columns |= {f"a[{i}]": now.trace.a[1:, 0, i] for i in range(5)}
    shown = [*columns][3:6]
    assert head == [
        "t",
        "group",
        "word",
        "index",
        "expected",
        "label",
        "prediction",
        *shown,
        "error_of",
        *[*columns][6:],
    ]
    assert table["error_of"] == ("all",) * len(WORDS)
    for name, values in columns.items():
        assert [float(cell) for cell in table[name]] == values.tolist(), name


@pytest.mark.parametrize("s", [1, 4, 7])
def test_the_trace_of_one_error_has_its_gradients_and_names_it(now, s):
    table, alone = share.trace_table(now, s), one_error(now, s)
    assert table["error_of"].tolist() == [s] * len(WORDS)
    assert table["loss"].tolist() == now.loss.per_step[:, 0].tolist()
    assert table["norm_d_state"].tolist() == np.linalg.norm(alone.back.d_state[1:, 0], axis=-1).tolist()
    np.testing.assert_allclose(table["norm_d_a"], now.credit_matrix[s - 1], rtol=1e-12, atol=1e-16)
    assert not table["share_Waa"][s:].any() and table["share_Waa"][s - 1] == alone.shares["Waa"][s - 1]


def test_of_the_lstm_the_streams_that_meet_at_a_stand_beside_those_of_the_whole_state():
    now = unroll_sentence(training.untrained(Experiment(cell="lstm", epochs=0)), "lstm", WORDS, LABELS)
    table, back = share.trace_table(now), now.back
    for name, vectors in {
        "norm_from_y": back.from_y,
        "norm_from_next_a": back.d_a[1:] - back.from_y,
        "norm_d_a": back.d_a[1:],
        "norm_from_next_state": back.from_next_state[1:],
        "norm_d_state": back.d_state[1:],
    }.items():
        np.testing.assert_allclose(table[name], np.linalg.norm(vectors[:, 0], axis=-1), rtol=1e-12, err_msg=name)
    assert (table["norm_from_next_a"][:-1] < table["norm_from_next_state"][:-1]).all()


def test_words_that_look_like_something_else_stay_words_in_the_trace():
    strange = look(words=("NA", "nan", '"', ",", "1e5", "我"))
    rows = csv.DictReader(io.StringIO(share.trace_csv(strange)))
    assert [row["word"] for row in rows] == list(strange.words)


FORMULAS = ("=1+1", "+x", "-y", "@SUM(A1)", "'=1", "\t=1")


def test_a_text_that_a_spreadsheet_would_compute_gets_an_apostrophe(now):
    words = (*FORMULAS, *now.words[len(FORMULAS) :])
    task = replace(now.job.task, classes=("=no", "@name"))
    strange = replace(now, words=words, job=replace(now.job, task=task))
    rows = list(csv.DictReader(io.StringIO(share.trace_csv(strange), newline="")))
    quoted = [f"'{word}" if word.startswith(("=", "+", "-", "@", "\t")) else word for word in words]
    assert [row["word"] for row in rows] == quoted and quoted[4] == FORMULAS[4]
    assert {row[column] for row in rows for column in ("expected", "prediction")} == {"'=no", "'@name"}
    assert [float(row["norm_d_a"]) for row in rows] == np.linalg.norm(now.back.d_a[1:, 0], axis=-1).tolist()


def test_the_weights_come_back_bit_for_bit(now):
    params = now.trace.params
    assert same_bits(parameters.load(io.BytesIO(share.parameter_file(now)), like=params), params)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("words", [WORDS, STRANGE], ids=["names", "strange"])
def test_the_script_prints_the_numbers_on_the_screen(activation, words, tmp_path):
    now = look(activation, words)
    printed = run_script(share.script(now), tmp_path)
    norms = np.linalg.norm(now.back.d_a[1:, 0], axis=-1)
    expected = np.stack([now.loss.y_hat[:, 0, 0], now.loss.per_step[:, 0], norms], 1)
    np.testing.assert_allclose(printed.steps, expected, rtol=1e-12)
    assert printed.total == pytest.approx(now.loss.total, rel=1e-12)
    assert printed.gradients["rnn.Waa"].length == pytest.approx(np.linalg.norm(now.back.grads["rnn"].Waa), rel=1e-12)


def test_the_script_is_short_complete_and_tells_nothing_about_this_machine():
    script = share.script(look(n_a=64))
    assert len(script.splitlines()) < 180
    assert share.script(look(words=STRANGE)).isascii()  # so it survives any editor and any mail
    assert not re.search(r"{\w+}", re.sub(r"f\".*\"", "", script)), "a placeholder was left"
    assert set(re.findall(r"^(?:import|from) (\w+)", script, flags=re.MULTILINE)) == {"base64", "numpy", "sys"}
    assert str(ROOT) not in script and str(Path.home()) not in script and "assert " not in script
