"""One set of colours, and words from users that stay words."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import theme
from explorer.formatting import clip_word, distinct, escape_markdown, three_digits
from tests.helpers.examples import ROOT

CONFIG = tomllib.loads((ROOT / "explorer/.streamlit/config.toml").read_text(encoding="utf-8"))
IN_CONFIG = {
    "background": "backgroundColor",
    "text": "textColor",
    "faint": "grayColor",
    "line": "borderColor",
    "forward": "blueColor",
    "backward": "orangeColor",
    "update": "yellowColor",
    "negative": "violetColor",
    "positive": "greenColor",
}


@pytest.mark.parametrize(("kind", "palette"), [("light", theme.LIGHT), ("dark", theme.DARK)])
def test_figures_use_the_colours_of_the_pages(kind, palette):
    colours = {field: CONFIG["theme"][kind][name] for field, name in IN_CONFIG.items()}
    assert colours == {field: getattr(palette, field) for field in IN_CONFIG}


def test_the_style_sheet_of_the_page_uses_them_too():
    style = re.sub(r"/\*.*?\*/", "", (ROOT / "assets/page.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    pairs = re.findall(r"light-dark\((#\w+), (#\w+)\)", style)
    light, dark = ([*palette[:9], *palette.cells.values()] for palette in (theme.LIGHT, theme.DARK))
    reds = CONFIG["theme"]["light"]["redColor"], CONFIG["theme"]["dark"]["redColor"]
    assert (theme.LIGHT.cells["tanh"], theme.DARK.cells["tanh"]) in pairs
    assert set(pairs) <= {*zip(light, dark, strict=True), reds}
    assert len(re.findall(r"#[\da-f]{3,8}\b", style)) == 2 * len(pairs)


def test_both_copies_of_the_settings_are_equal():
    assert (ROOT / ".streamlit/config.toml").read_bytes() == (ROOT / "explorer/.streamlit/config.toml").read_bytes()


MARKDOWN = set("\\`*_{}[]()<>#+-.!|:~$&^=")
marked = st.text(st.sampled_from([*MARKDOWN, "a", " ", "1"])) | st.text()


@given(marked)
def test_nothing_in_a_plain_text_is_a_command(text):
    shown, characters = [], iter(escape_markdown(text))
    for char in characters:
        assert char == "\\" or char not in MARKDOWN
        shown.append(next(characters) if char == "\\" else char)
    assert "".join(shown) == text


@given(st.text(), st.integers(1, 30))
def test_a_clipped_word_fits_and_says_that_it_is_clipped(word, most):
    clipped = clip_word(word, most)
    assert len(clipped) <= most
    assert clipped == word or (len(word) > most and clipped == word[: most - 1] + "…")


@given(st.lists(st.sampled_from(["Will", "will", "a", "a" * 30, "a" * 31])))
def test_distinct_names_are_distinct_and_only_longer_where_they_must_be(words):
    names, clipped = distinct(words), [clip_word(word) for word in words]
    assert len(set(names)) == len(words)
    assert [name for name in names if "⟨" not in name] == [word for word in clipped if clipped.count(word) == 1]
    assert all(name in (word, f"{word} ⟨{t}⟩") for t, (name, word) in enumerate(zip(names, clipped, strict=True), 1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.12345, "0.123"),
        (-2.0, "−2"),
        (1e-9, "1e-09"),
        (-2984.2, "−2,980"),
        (999.6, "1,000"),
        (1e6, "1e+06"),
        (float("inf"), "not finite"),
        (float("nan"), "not finite"),
    ],
)
def test_numbers_are_short(value, text):
    assert three_digits(value) == text
