"""The link and the session file of Explore: they open the same page, and what makes no sense is said."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from explorer.choices.link import LONGEST_LINK, from_link, link_length, to_link
from explorer.formatting import escape_markdown
from explorer.prose import prose
from explorer.views.share import MOST_NAMED
from tests.helpers.examples import EXPLORER, descend, open_app, page, update_on
from tests.helpers.explore_page import (
    START,
    correct,
    drawn,
    open_panel,
    payloads,
    press,
    reach,
    select,
    shows,
    toasts,
    type_in,
    upload,
    warnings,
    whole_page,
)

PANELS = ("shares", "microscope")  # those with charts


def busy(app: AppTest) -> AppTest:
    """A session that has changed everything a link holds"""
    app.button_group(key="activation").set_value("relu")
    app.select_slider(key="learning_rate").set_value(0.2)
    app.button_group(key="start").set_value("untrained").run()
    whole_page(press(app, "apply_update", "apply_update", "apply_10"))
    app.button_group(key="clipping").set_value("value")
    correct(type_in(app, "Will “Grace” & 我 meet = 100% of + them?"), 1, 3)
    open_panel(press(app, "apply_update"), "What each step adds to ∂ℒ/∂W")
    app.button_group(key="selected_weight").set_value("Wax").run()
    return select(type_in(app, "Chelsea May went\tto Paris 😀"), 2)


def test_a_link_opens_the_same_page_to_the_last_digit(app):
    first = payloads(busy(app))
    second = open_app(**app.query_params)
    assert payloads(second) == first and first[0]["update"]["taken"] == 13 and first[0]["selected"] == 2
    assert second.query_params == app.query_params and warnings(second) == []
    charts = [reach(open_panel(each, prose("panels", "reach_title"))) for each in (app, second)]
    assert charts[0] == charts[1]
    for panel in PANELS:
        both = (open_panel(each, prose("panels", f"{panel}_title")) for each in (app, second))
        charts = [[chart.proto.spec for chart in each.get("plotly_chart")] for each in both]
        assert charts[0] == charts[1] != []


def test_a_link_that_makes_no_sense_opens_what_it_can():
    app = open_app(sentence="Grace", seed="-1", colour="**red** <b>", update=["1x1 0.05 off 1.0 1 Grace", "?"])
    assert shows(app, descend(START, "tanh", update_on("Grace", (1,), 0.05, "off", 1.0, 1))[0], "Grace", (1,))
    names = f"{escape_markdown('colour')}, seed, update"
    told = prose("share", "ignored", is_from_file=False, names=names)
    assert warnings(app) == [told]
    assert warnings(app.run()) == [told]
    assert warnings(select(app, 1)) == [told]  # it was selected already
    assert warnings(app.switch_page(page("inputs")).run()) == [told]
    assert warnings(type_in(app, "Will")) == []


@pytest.mark.parametrize("name", ["explore", "inputs", "gradients", "structures", "notes"])
def test_what_a_link_said_in_vain_is_told_on_every_page(name):
    app = AppTest.from_file(EXPLORER / "app.py", default_timeout=30)
    app.query_params.update(sentence="", step="60")
    assert prose("share", "ignored", is_from_file=False, names="step") in warnings(app.switch_page(page(name)).run())


def test_a_page_that_no_link_can_hold_says_so(app):
    long_words = " ".join("a" * 100 + str(i) for i in range(60))
    link = to_link(from_link({"v": "2", "sentence": long_words})[0])
    type_in(app, long_words)
    assert warnings(app) == [prose("share", "long_link", length=link_length(link), most=LONGEST_LINK)]
    assert len(drawn(app)["words"]) == 60 and app.query_params == {}
    app.switch_page(page("inputs")).run()
    assert warnings(app) == [prose("share", "long_link", length=link_length(link), most=LONGEST_LINK)]


def test_a_session_file_opens_the_same_page(app):
    first = payloads(busy(app))
    fresh = upload(open_app(), json.dumps(dict(app.query_params)).encode())
    assert payloads(fresh) == first and toasts(fresh) == [prose("share", "opened")]


def test_over_an_empty_box_the_link_is_kept_and_a_session_file_opens(app):
    assert payloads(type_in(app, "")) == [] and app.query_params == {"v": "2", "sentence": ""}
    upload(app, b"no session")
    assert warnings(app) == [prose("share", "bad_session")]
    assert drawn(upload(app, b'{"sentence": "Grace"}'))["words"] == ["Grace"]


NO_SESSIONS = {
    "empty": b"",
    "binary": b"\x00\xff\xfe",
    "not UTF-8": "Grüße".encode("latin-1"),
    "a list": b"[]",
    "nothing": b"null",
    "numbers": b'{"seed": 3}',
    "a value too deep": b'{"sentence": {}}',
    "very deep": b"[" * 100_000,
    "a very long number": b"1" * 10_000,
    "half a character": b'{"sentence": "\\ud800"}',
    "half a character in a name": b'{"\\udfff": "1"}',
    "half a character in a list": b'{"update": ["\\ud800"]}',
}


@pytest.mark.parametrize("content", NO_SESSIONS.values(), ids=NO_SESSIONS.keys())
def test_a_file_that_is_none_changes_nothing_and_says_so(one_session, content):
    before = payloads(press(type_in(one_session, "Grace met Will"), "apply_update"))
    assert warnings(one_session) == []
    assert payloads(upload(one_session, content)) == before
    assert warnings(one_session) == [prose("share", "bad_session")]


@pytest.mark.slow
def test_of_a_session_file_with_very_many_names_a_few_are_told(app):
    made_up = {f"name{i}": "1" for i in range(600_000)}
    upload(app, json.dumps(made_up | {"sentence": "Grace"}).encode())
    assert drawn(app)["words"] == ["Grace"]
    few = ", ".join(f"name{i}" for i in range(MOST_NAMED))
    names = prose("share", "and_more", names=few, more=600_000 - MOST_NAMED)
    assert warnings(app) == [prose("share", "ignored", is_from_file=True, names=names)]


@pytest.mark.parametrize(("version", "is_read"), [("1", True), ("2", True), ("3", False), ("10", False)])
def test_a_session_file_of_a_newer_version_is_refused_and_older_ones_are_read(app, version, is_read):
    upload(app, json.dumps({"v": version, "sentence": "Grace"}).encode())
    assert (drawn(app)["words"] == ["Grace"]) is is_read
    assert warnings(app) == ([] if is_read else [prose("share", "newer_session")])


def test_a_session_file_that_makes_no_sense_opens_what_it_can(app):
    upload(app, json.dumps({"sentence": ["Grace"], "seed": [[1]], "x": ["y"]}).encode())
    assert drawn(app)["words"] == ["Grace"]
    assert warnings(app) == [prose("share", "ignored", is_from_file=True, names="x, seed")]


def test_another_page_and_back_keeps_everything(app):
    first = payloads(busy(app))
    assert not app.switch_page(page("inputs")).run().exception
    assert payloads(app.switch_page(page("explore")).run()) == first


def test_every_page_can_be_the_first_one_opened():
    """Beside a folder named `pages` Streamlit starts with rules of its own: pages run without the entry file."""
    assert not (EXPLORER / "pages").exists()
    app = AppTest.from_file(EXPLORER / "app.py", default_timeout=30).switch_page(page("inputs")).run()
    assert not app.exception and app.slider(key="hidden_units").value == 16
