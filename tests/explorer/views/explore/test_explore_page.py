"""The page Explore, without a browser: what is done on it has the effect the core says."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from explorer.compute.sentence import READ_CHARACTERS, parse_sentence
from explorer.formatting import clip_word
from explorer.prose import prose
from tests.helpers.examples import EXPLORER, descend, open_app
from tests.helpers.explore_page import (
    CLICK,
    LABELS,
    SENTENCE,
    START,
    correct,
    drawn,
    memory,
    open_panel,
    payloads,
    press,
    reach,
    select,
    sent,
    shows,
    type_in,
    warnings,
)


def panels(app: AppTest) -> list:
    """The names of the panels below the stage, if they stand there"""
    return [one for one in app.get("button_group") if one.key == "more"]


def rest(app: AppTest, text: str) -> AppTest:
    """What the stage sends when the reader has stopped typing"""
    states = app._tree.get_widget_states()
    states.widgets.add(id=app.get("bidi_component")[0].proto.id, json_value=json.dumps({"rested": text}))
    return app._run(states)


def test_the_page_is_sent_from_the_top_but_an_answer_begins_with_the_stage(app, monkeypatch):
    with sent(monkeypatch) as kinds:
        app.run()
    below = len(kinds) - 1 - kinds[::-1].index("button_group")  # the names of the panels
    assert kinds.index("text_input") < kinds.index("bidi_component") < below
    with sent(monkeypatch, app._fragment_storage._fragments) as kinds:
        press(app, "apply_update")
    assert kinds[0] == "bidi_component" and {"text_input", "button_group"} <= {*kinds}
    assert "bidi_component" in kinds[kinds.index("text_input") :]  # what the update did comes last
    assert shows(app, descend(START, "tanh", CLICK)[0]) and not app.button(key="undo").disabled
    with sent(monkeypatch, app._fragment_storage._fragments) as kinds:
        type_in(app, "Grace met Will")
    assert kinds[0] == "bidi_component" and drawn(app)["words"] == ["Grace", "met", "Will"]


# Sentence and labels --------------------------------------------------------------------------------------------------


def test_the_page_opens_on_the_sentence_of_the_notes(app):
    data = drawn(app)
    assert (data["words"], data["targets"]) == (SENTENCE.split(), list(LABELS))
    assert shows(app, START) and all(data["guessed"]) and data["selected"] == 4 and data["update"] is None
    assert warnings(app) == [] and app.query_params == {}


def test_another_sentence_is_read_and_its_labels_are_guessed(app):
    data = drawn(type_in(app, "Grace met zzyzx"))
    assert (data["words"], data["targets"], data["known"][2]) == (["Grace", "met", "zzyzx"], [1, 0, 0], False)
    assert shows(app, START, "Grace met zzyzx", (1, 0, 0)) and data["selected"] == 3


def test_a_corrected_label_changes_the_losses(app):
    corrected = (1, 1, 0, 1, 1, 0, 0, 0, 1)
    assert shows(correct(app, 9), START, labels=corrected)
    assert drawn(app)["guessed"] == [True] * 8 + [False] and app.query_params == {"v": "2", "labels": "110110001"}


def test_each_of_two_equal_words_has_its_own_label(app):
    guess = drawn(type_in(app, "Will you will Will"))["targets"]
    assert drawn(correct(app, 4))["targets"] == [*guess[:3], 1 - guess[3]]
    assert drawn(correct(app, 1, 4))["targets"] == [1 - guess[0], *guess[1:]]


def test_a_new_sentence_keeps_the_weights(app):
    press(app, "apply_update")
    assert shows(type_in(app, "Grace met Will"), descend(START, "tanh", CLICK)[0], "Grace met Will", (1, 0, 0))


def test_while_the_reader_types_the_numbers_follow_and_the_address_waits(app):
    box = app.text_input(key="sentence")
    for typed in ("Grace met", "Grace met Will"):
        assert drawn(box.set_value(typed).run())["words"] == typed.split() and app.query_params == {}
    assert rest(app, "Grace met Will").query_params == {"v": "2", "sentence": "Grace met Will"}
    rest(app, "Will met Grace")  # that they rest may be heard before what they typed
    assert box.set_value("Will met Grace").run().query_params["sentence"] == "Will met Grace"
    assert box.set_value("Will met").run().query_params["sentence"] == "Will met Grace"
    assert select(app, 1).query_params == {"v": "2", "sentence": "Will met", "step": "1"}  # any other act


@pytest.mark.parametrize("t", [1, 9])
def test_a_step_chosen_on_the_stage_is_chosen_everywhere(app, t):
    stage, inspector = payloads(select(app, t))
    assert stage["selected"] == inspector["selected"] == t and app.query_params == {"v": "2", "step": str(t)}


@pytest.mark.parametrize(("whose", "row"), [("all", 3), ("last", 9), ("5", 5), ("2", 2)])
def test_the_row_of_the_error_that_goes_back_stands_out_and_of_all_that_of_the_step(whose, row):
    t, app = row, open_app(v="2", whose=whose, step="3")
    assert reach(app)["step"] == t


def test_the_way_back_is_chosen_with_a_step(app):
    stage, inspector = payloads(select(app, -5))
    assert (stage["selected"], stage["phase"], inspector["selected"]) == (5, "backward", 5)
    assert app.query_params == {"v": "2", "step": "5", "phase": "backward"}
    friend = open_app(**app.query_params)
    assert payloads(friend) == [stage, inspector]
    assert drawn(select(friend, 5))["phase"] == "forward"  # the first that its browser sends
    assert drawn(select(app, 5))["phase"] == "forward" and app.query_params == {"v": "2", "step": "5"}


def test_a_step_that_another_sentence_does_not_have_is_forgotten(app):
    assert drawn(type_in(select(app, 9), "Grace met Will"))["selected"] == 3
    assert drawn(type_in(app, SENTENCE))["selected"] == 4 and "step" not in app.query_params
    assert drawn(type_in(select(app, 2), "Grace met Will"))["selected"] == 2 and app.query_params["step"] == "2"
    short = open_app(sentence="Grace met")
    assert drawn(type_in(short, "Grace met Will and May"))["selected"] == 4 and "step" not in short.query_params


def test_words_that_stay_keep_their_corrected_labels(app):
    def corrected(text: str) -> list[int]:
        return drawn(type_in(app, text))["targets"]

    assert drawn(type_in(app, "Grace met a Will"))["targets"] == [1, 0, 0, 0]
    correct(app, 1, 2, 3)
    assert corrected("Grace met a Will today") == [0, 1, 1, 0, 0]
    assert corrected("then Grace met a Will today") == [0, 0, 1, 1, 0, 0]
    assert corrected("then Grace met Harry a Will today") == [0, 0, 1, 1, 1, 0, 0]
    assert corrected("then Grace a Will today") == [0, 0, 1, 0, 0]
    assert corrected("Grace") == [1]  # no longer at the beginning or the end of what stays


def test_the_same_step_can_be_chosen_again_after_the_page_has_moved_it(app):
    select(app, 9)
    type_in(type_in(app, "Grace met Will"), SENTENCE)
    assert drawn(app)["selected"] == 4
    assert drawn(select(app, 9))["selected"] == 9


def test_what_stands_below_the_stage_waits_until_the_stage_is_painted():
    app = AppTest.from_file(EXPLORER / "app.py", default_timeout=30).run()
    data, _ = payloads(app)
    assert data["tell"] and not panels(app) and shows(app, START)
    memory(app).is_painted = True
    app.run()
    assert [data.get("tell", False) for data in payloads(app)] == [False, False] and panels(app) and reach(app)["words"]


# Bad input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\u200b\u2060", "\x00\x07\x1b"], ids=repr)
def test_no_word_is_one_clear_sentence(one_session, text):
    assert payloads(type_in(one_session, text)) == []
    assert [info.value for info in one_session.info] == [prose("explore", "empty")]


BAD = {
    "one word": "Grace",
    "10,000 words": "Grace met Will " * 3334,
    "a 100 kB word": "a" * 100_000,
    "long words": " ".join(["b" * 300] * 60),
    "emoji": "👩‍👩‍👧 loves 🏳️‍🌈 and 👍🏽",
    "right to left": "التقى هاري بهيرميون في باريس",
    "control characters": "Grace\x00met\x1b[31mWill\u202e\ufeff",
    "accents": "Z" + "\u0301" * 1000 + "a",
    "a script": "<script>alert('x')</script> <img src=x onerror=alert(1)>",
    "Markdown": "**x** :red[x] ![](http://x) [a](http://x) `c` $x^2$ # h - i | j ~~k~~ :material/home: 1. l > m",
    "HTML entities": "&lt;b&gt; &amp; &#x3C;",
    "templates": "{x} {0} %s $words \\ \\n ${y}",
    "a formula": "=1+2 @SUM(A1) \"quoted\" 'single'",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_whatever_is_typed_is_words_and_nothing_else(one_session, text):
    app = type_in(one_session, text)
    found = parse_sentence(text)
    assert drawn(app)["words"] == [clip_word(word) for word in found.words] and len(found.words) <= 60
    cut = prose("explore", "cut", most=60, characters=READ_CHARACTERS) in [caption.value for caption in app.caption]
    assert cut == found.is_cut == (len(text) > 20_000)
    data = drawn(select(press(app, "apply_update"), len(found.words)))
    assert (data["selected"], data["update"] is None) == (len(found.words), False)
    said = [element.value for kind in ("markdown", "caption", "warning", "info") for element in app.get(kind)]
    for command in ("**x**", ":red[", "![](", "](http", "<script", "<img", "`c`", "$x^2$", "~~k~~"):
        assert not any(command in value for value in said)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_typed_text_of_any_kind_never_breaks_the_page(one_session, text):
    found = [clip_word(word) for word in parse_sentence(text).words]
    shown = [data["words"] for data in payloads(type_in(one_session, text))]
    assert shown == [found] * 2 if found else len(one_session.info) == 1


def test_that_step_1_adds_nothing_to_Waa_is_explained(app):
    told = prose("panels", "share_of_first", W="Waa")
    assert told in [caption.value for caption in open_panel(app, prose("panels", "shares_title")).caption]
    app.button_group(key="selected_weight").set_value("Wax").run()
    assert told not in [caption.value for caption in app.caption]
