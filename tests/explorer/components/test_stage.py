"""What the browser is given to draw: the core's own numbers, as JSON, whatever they are."""

import ast
import json
import textwrap
from base64 import b64decode

import numpy as np
import pytest

from core import parameters
from core.activations import sigmoid
from core.optimisers import CLIPS
from core.structures import STRUCTURES
from core.tasks import task
from explorer.components import base, stage
from explorer.components.base import json_safe
from explorer.components.inspector import inspector_data
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Unrolled, unroll_sentence, weights_by_label
from explorer.compute.updates import Update, apply_update, initial_history
from explorer.formatting import in_figures
from tests.helpers.examples import LABELS, LONG, ROOT, WORDS, ask_core, exploding, look, network
from tests.helpers.inspector_rows import Rows
from tests.helpers.unrolled import TRANSLATION, columns, drawn, norms, unrolled


def decoded(text: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), dtype="<f4")


@pytest.fixture(params=["tanh", "relu"])
def now(request) -> Unrolled:
    return look(request.param)


def test_every_number_is_the_core_s_own_to_the_last_digit(now):
    data = json.loads(json.dumps(stage.stage_data(now, 3)))
    trace, loss, back = ask_core(
        now.trace.params, "tanh" if now.trace.cell == look().trace.cell else "relu", WORDS, LABELS
    )
    assert data["chance"] == loss.y_hat[:, 0, 0].tolist()
    assert data["loss"] == loss.per_step[:, 0].tolist() and data["total"] == loss.total
    assert data["grad"] == np.linalg.norm(back.d_a[1:, 0], axis=-1).tolist()
    assert round(sum(map(float, data["loss_said"])), 4) == float(f"{loss.total:.3g}")
    assert data["targets"] == list(LABELS) and data["selected"] == 3 and data["update"] is None
    assert np.array_equal(decoded(data["a"]), trace.a.astype("<f4").ravel())


def test_the_two_streams_are_what_their_equations_say(now):
    data, p, back = stage.stage_data(now, 1), now.trace.params, now.back
    error = now.loss.y_hat[:, 0] - np.array(LABELS)[:, None]  # ŷ⟨t⟩ − y⟨t⟩ (T, 1)
    slope = 1 - now.trace.a[1:, 0] ** 2 if inspector_data(now, 1)["cell"] == "tanh" else now.trace.a[1:, 0] > 0
    d_z = slope * back.d_a[1:, 0]
    assert data["from_y"] == pytest.approx([np.linalg.norm(p["readout"].Wya.T @ e) for e in error], rel=1e-12)
    from_next = [np.linalg.norm(p["rnn"].Waa.T @ d) for d in d_z[1:]]
    assert data["from_next"] == pytest.approx([*from_next, 0], rel=1e-12)


def test_words_are_told_apart_from_what_the_network_reads():
    data = stage.stage_data(look(), 1)
    assert data["words"] == list(WORDS) and data["n_a"] == 5
    assert data["known"] == [word != "zzyzx" for word in WORDS]
    assert [task("people").vocabulary.words[i] for i in data["ids"]] == [
        "<UNK>" if word == "zzyzx" else word.lower() for word in WORDS
    ]
    assert data["read"] == ["<UNK>" if word == "zzyzx" else word.lower() for word in WORDS]
    assert data["n_x"] == {"rnn": len(task("people").vocabulary.words)}


def test_a_label_that_differs_from_the_guess_is_not_shown_as_one():
    guess = task("people").guess(WORDS)
    corrected = (1 - guess[0], *guess[1:])
    data = stage.stage_data(unroll_sentence(network()[1], "tanh", WORDS, corrected), 1)
    assert data["guessed"] == [False] + [True] * (len(WORDS) - 1)


def test_a_long_word_is_shortened():
    assert stage.stage_data(look(words=("a" * 1000,)), 1)["words"] == ["a" * 23 + "…"]


def test_the_scale_is_1_for_tanh_and_the_largest_value_for_relu():
    assert stage.colour_scale(look("tanh")) == 1
    assert stage.colour_scale(look("relu")) == look("relu").trace.a.max() > 1
    now = exploding()
    assert stage.colour_scale(now) == now.trace.a[np.isfinite(now.trace.a)].max() > 1e100


@pytest.mark.parametrize("make", [stage.stage_data, inspector_data])
def test_what_is_not_finite_is_null_never_nan(make):
    now = exploding()
    assert not np.isfinite(now.trace.a).all() and np.isnan(now.back.d_a).any()
    data = json.loads(json.dumps(json_safe(make(now, 2)), allow_nan=False))
    assert (data["grad"] if make is stage.stage_data else data["shares"])[0] is None


def test_a_payload_that_json_does_not_know_is_refused():
    for value in (np.nan, np.inf, np.float32(1), b"bytes"):
        with pytest.raises((ValueError, TypeError)):
            json_safe({"value": value})
        with pytest.raises((ValueError, TypeError)):
            base.as_sent({"value": [value]})  # as it is in tests: so is whatever a page sends


@pytest.mark.parametrize(("make", "most"), [(stage.stage_data, 25_000), (inspector_data, 150_000)])
def test_a_payload_of_40_steps_and_64_units_is_small(make, most):
    data = make(look(words=parse_sentence(LONG).words[:40], n_a=64), 1)
    assert len(data["words"]) == 40 and data["n_a"] == 64
    assert len(json.dumps(data).encode()) < most


# The texts, and the structures ----------------------------------------------------------------------------------------


def test_explore_says_how_probable_a_name_is_and_what_is_right():
    now = look()
    data = stage.stage_data(now, 1)
    y_hat = now.loss.y_hat[:, 0, 0]
    assert data["said"] == [in_figures(p) for p in y_hat] and data["sure"] is None
    assert data["measure"] == "P(name)" and data["question"] == "Is each word part of a person’s name?"
    assert data["labels"] == ["name" if label else "not a name" for label in LABELS]
    assert data["right"] == [(p >= 0.5) == bool(label) for p, label in zip(y_hat, LABELS, strict=True)]
    assert data["summary"][2].startswith(f"Step 3, zzyzx: P(name) {in_figures(y_hat[2])}; loss ")


def test_a_probability_is_never_rounded_to_certainty():
    assert [in_figures(p) for p in (0, 0.0049, 0.005, 0.5, 0.994, 0.995, 1, np.nan)] == [
        *("0.00", "<0.01", "0.01", "0.50", "0.99", ">0.99", "1.00", "–")
    ]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_where_no_answer_is_due_nothing_is_said_or_lost(structure):
    now = unrolled(structure)
    data = json_safe(drawn(now))
    answers = [slot.answers for slot in now.trace.slots]
    assert data["silent"] == [not answer for answer in answers]
    for key in ("said", "sure", "chance", "detail", "labels", "targets", "right", "loss"):
        assert [value is not None for value in data[key]] == answers, key
    assert [("no answer is due" in sentence) for sentence in data["summary"]] == data["silent"]
    assert data["total"] == pytest.approx(sum(filter(None, data["loss"])))
    assert data["n_x"].keys() == set(data["group"]) == {slot.group for slot in now.trace.slots}


@pytest.mark.parametrize(
    ("structure", "fed"),
    [
        ("one-to-one", [0]),
        ("one-to-many", [0, 1, 1, 1]),
        ("many-to-one", [0, 0, 0]),
        ("many-to-many, Tx = Ty", [0, 0, 0]),
        (TRANSLATION, [0, 0, 0, 0, 1, 1, 1]),  # the decoder's first step reads <START>, no answer
    ],
)
@pytest.mark.parametrize("source", ["answer", "label"])
def test_a_step_is_fed_with_the_answer_before_it_where_there_is_one(structure, fed, source):
    data = drawn(unrolled(structure, 3, 4), others={"fed": source})
    assert data["fed"] == [source if is_fed else None for is_fed in fed]


def test_what_is_said_is_the_most_probable_class_with_its_chance():
    now = unrolled(TRANSLATION)
    data, y_hat = drawn(now), now.loss.y_hat[5:, 0]
    best = y_hat.argmax(axis=1)
    said = [columns(now).labels[5:][i] == data["said"][5:][i] for i in range(6)]
    assert data["right"][5:] == said == (best == now.targets[5:, 0]).tolist()
    assert data["chance"][5:] == y_hat.max(axis=1).tolist()
    assert data["detail"][5].startswith(f"{data['said'][5]} {data['sure'][5]}, ")


def test_a_sigmoid_says_one_of_two_classes_with_the_chance_of_that_one():
    now = unrolled("many-to-one")
    data, p = drawn(now), now.loss.y_hat[-1, 0, 0]
    assert (data["said"][-1], data["chance"][-1]) == (("positive", p) if p > 0.5 else ("negative", 1 - p))


def test_a_step_that_reads_nothing_shows_nothing_to_read():
    now = unrolled("one-to-many", 1, 3)
    data = drawn(now, others={"words": [now.words[0], None, None]})
    assert [word is None for word in data["words"]] == [i is None for i in data["ids"]] == [False, True, True]


def test_without_labels_there_is_neither_a_loss_nor_a_gradient_to_tell_of():
    data = drawn(unrolled(TRANSLATION, attends=True, labels=False))
    assert {*data["loss"], *data["labels"], *data["right"]} == {None} and {*data["grad"]} == {0.0}
    assert not any("gradient" in sentence or "loss" in sentence for sentence in data["summary"])


@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
def test_where_a_decoder_looks_and_what_comes_back_that_way(cell):
    now = unrolled(TRANSLATION, attends=True, cell=cell)
    data, n_a = drawn(now), now.trace.a.shape[-1]
    a = now.trace.a[1:, 0]
    scores = np.exp(a[5:] @ a[:5].T)
    np.testing.assert_allclose(data["attention"], scores / scores.sum(axis=1, keepdims=True), atol=6e-4)
    most = [now.words[s] for s in scores.argmax(axis=1)]
    assert data["looks"][:5] == [None] * 5
    assert all(f"‘{word}’" in told for word, told in zip(most, data["looks"][5:], strict=True))
    arrives = now.back.d_state[1:6, :, :n_a] - now.back.from_next_state[1:6, :, :n_a]
    assert data["via_attention"] == pytest.approx(norms(arrives)) and data["from_y"][:5] == [0] * 5
    without = drawn(unrolled(TRANSLATION, cell=cell))
    assert without["attention"] is without["via_attention"] is without["looks"] is None


def test_a_translation_of_40_steps_with_attention_is_small_too():
    data = drawn(unrolled(TRANSLATION, 20, 20, n_a=64, attends=True))
    assert len(json.dumps(data).encode()) < 30_000


@pytest.mark.parametrize(("clipping", "limit"), [("off", 1.0), ("norm", 0.1), ("value", 0.01)])
@pytest.mark.parametrize("size", [1, 10])
def test_an_update_is_played_with_the_numbers_from_before_it(clipping, limit, size):
    before = look()
    update = Update(before.example, 0.05, clipping, limit, size)
    history, now = apply_update(initial_history(before.job, before.trace.params), update)
    told, data = stage.last_update(before, now, history, True), stage.stage_data(before, 1)
    assert (told["taken"], told["fresh"], told["size"], told["rate"]) == (size, True, size, 0.05)
    assert (told["loss"], told["chance"], told["total"]) == (data["loss"], data["chance"], data["total"])
    assert told["loss_said"] == data["loss_said"]
    assert told["norm"] == history.norms[0]
    assert told["clipped"] == parameters.norm(CLIPS[clipping](before.back.grads, limit))
    change = np.abs(now.loss.per_step - before.loss.per_step)[:, 0]
    assert told["most_changed"] == int(np.argmax(change)) + 1
    assert (told["clipping"], told["limit"]) == (clipping, limit)
    moves = [abs(one["after"] - one["before"]) for one in told["moved"]]
    assert moves == sorted(moves, reverse=True) and len(told["moved"]) == 5  # every weight
    for one in told["moved"]:
        old, new = (np.atleast_2d(weights_by_label(p)[one["label"]][2].T).T for p in (history.before, history.params))
        assert np.abs(new - old).max() == abs(one["after"] - one["before"])
        assert (one["before"], one["after"]) == (old[one["row"], one["column"]], new[one["row"], one["column"]])
        assert one["answer"] == ("name" if one["name"] in ("Wya", "by") else None)


# The inspector: every term of the equations ---------------------------------------------------------------------------


def test_the_terms_of_the_forward_equations_add_up(now):
    rows, a = Rows(now), now.trace.a[:, 0]
    inside = rows["past"] + rows["x"] + rows["b"]
    if rows.data["cell"] == "tanh":
        np.testing.assert_allclose(inside, np.arctanh(a[1:]), atol=1e-5)
    else:
        np.testing.assert_allclose(np.maximum(inside, 0), a[1:], atol=1e-5)
    rnn, readout = now.trace.params["rnn"], now.trace.params["readout"]
    assert np.array_equal(rows["x"], rnn.Wax[:, rows.data["ids"]].T.astype("<f4"))
    logits = [answer["logits"][0] for answer in rows.data["answers"]]
    assert logits == pytest.approx((a[1:] @ readout.Wya[0] + readout.by[0]).tolist(), rel=1e-12)
    assert now.loss.y_hat[:, 0, 0] == pytest.approx(sigmoid(np.array(logits)), rel=1e-12)


def test_the_terms_of_the_backward_equation_add_up(now):
    rows = Rows(now)
    y, following, d_a, delta = (rows[name] for name in ("stream_y", "stream_next", "d_a", "delta"))
    a = now.trace.a[1:, 0]
    np.testing.assert_allclose(y + following, d_a, atol=1e-6)
    np.testing.assert_allclose(d_a * (1 - a**2 if rows.data["cell"] == "tanh" else a > 0), delta, atol=1e-6)
    np.testing.assert_allclose(delta[1:] @ now.trace.params["rnn"].Waa, following[:-1], atol=1e-6)


def test_the_shares_of_waa_are_outer_products_that_add_up(now):
    data = inspector_data(now, 1)
    d_z, a_prev = now.back.d_z[:, 0], now.trace.a[:-1, 0]
    shares = d_z[:, :, None] * a_prev[:, None, :]
    assert data["shares"] == pytest.approx(np.linalg.norm(shares, axis=(1, 2)).tolist(), rel=1e-12, abs=1e-300)
    assert data["weights"]["rnn"]["total"] == pytest.approx(np.linalg.norm(shares.sum(0)), rel=1e-12)


def test_the_inspector_tells_what_the_stage_shows(now):
    drawn, inspected = stage.stage_data(now, 4), inspector_data(now, 4)
    same = ("words", "known", "ids", "group", "fed", "n_a", "scale", "selected")
    assert {key: inspected[key] for key in same} == {key: drawn[key] for key in same}
    told = {"target": "targets", "guessed": "guessed", "loss": "loss", "label": "labels"}
    assert {key: [answer[key] for answer in inspected["answers"]] for key in told} == {
        key: drawn[of_stage] for key, of_stage in told.items()
    }


@pytest.mark.parametrize(("way", "name"), [("forward", "step"), ("backward", "step_back")])
def test_the_source_shown_is_the_source_that_ran(now, way, name):
    shown = inspector_data(now, 1)["code"][way]
    functions = {f.name: ast.get_source_segment(shown["source"], f) for f in ast.parse(shown["source"]).body}
    assert name in functions
    file = "".join((ROOT / title).read_text(encoding="utf-8") for title in shown["title"].split(", "))
    assert all(source in file or textwrap.indent(source, "    ") in file for source in functions.values())
    cell = inspector_data(now, 1)["cell"]
    of_g1 = {("backward", "tanh"): "tanh_slope", ("backward", "relu"): "relu_slope", ("forward", "relu"): "relu"}
    assert of_g1.get((way, cell), name) in functions
    ran = getattr(type(now.trace.cell), name).__code__.co_filename
    assert any(ran.endswith(title) for title in shown["title"].split(", "))
