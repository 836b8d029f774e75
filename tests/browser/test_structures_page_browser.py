"""The page Structures in a real browser: five cards and their stages, a melody to hear, files, training"""

from itertools import cycle

import pytest
from playwright.sync_api import expect

from core.tasks import START
from explorer.choices.record import CHOICES
from explorer.compute.jobs import KINDS
from explorer.prose import prose
from tests.helpers.looks import OVERFLOW, SIZES, THEMES
from tests.helpers.screen import Screen

MARKUP = "<b>x</b> **y** :red[z]"
TOKENS = ["<", "b", ">", "x", "<", "/", "b", ">", "*", "*", "y", "*", "*", ":", "red", "[", "z", "]"]
FILES = {
    "word": "Ada B-PER\nLovelace I-PER\nwrote O\n\nrain O\nfell O\n\nAda B-PER\nfell O\n",
    "melody": "X:1\nL:1/4\nK:C\nCDEC|CDEC|\n\nX:2\nL:1/4\nK:C\nEFG2|EFG2|\n",
    "sentiment": "sentence\tlabel\ngood fun\t1\nno fun\t0\nvery good\t1\nvery bad\t0\nso bad\t0\n",
    "entities": "in O\nParis B-LOC\n\nat O\nShell B-ORG\n\nin O\nRome B-LOC\n\nin O\nParis B-LOC\n",
    "translation": "a cat\tun chat\ta\na dog\tun chien\tb\nthe cat\tle chat\nthe dog\tle chien\nhi\tsalut\n",
}
READ = "stage => [...stage.querySelectorAll('.step')].map(step => step.dataset.word)"
LOSSES = "stage => [...stage.querySelectorAll('.step')].map(step => step.dataset.loss)"


def structures(screen: Screen) -> Screen:
    screen.turn_to("Structures")
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("One cell, five structures")
    screen.settle()
    return screen


def read(screen: Screen) -> list[str]:
    """What the stage reads, step by step"""
    return screen.stage.evaluate(READ)


def losses(screen: Screen) -> list[str]:
    return screen.stage.evaluate(LOSSES)


def stands(screen: Screen, inputs: list[str]) -> None:
    """Until the stage reads this"""
    expect(screen.stage).to_be_visible()
    screen.until(lambda: read(screen)[: len(inputs)] == inputs, f"a stage that reads {inputs}")
    screen.settle()


def choose(screen: Screen, name: str) -> Screen:
    """Click a card, until its example stands on the stage"""
    screen.page.locator(f'.card[data-structure="{name}"]').click()
    stands(screen, KINDS[name].example.replace(":", " ").split() if name != "melody" else ["G4 1/4"])
    return screen


def enter(screen: Screen, text: str, key: str = "input") -> None:
    screen.widget(key, "input").fill(text)
    screen.widget(key, "input").press("Enter")


def upload(screen: Screen, file: str, text: str) -> None:
    what = {"name": file, "mimeType": "text/plain", "buffer": text.encode()}
    screen.widget("dataset_upload", "input[type=file]").set_input_files(what)


def train(screen: Screen) -> None:
    """From the first epoch to the last"""
    screen.press("train")
    expect(screen.widget("school")).to_contain_text("These weights were trained here")
    screen.settle()


@pytest.fixture
def page(screen) -> Screen:
    return structures(screen)


@pytest.mark.parametrize("size", [SIZES[0], SIZES[2]], ids=lambda size: f"{size[0]}x{size[1]}")
def test_each_card_opens_its_stage_and_fits(new_screen, screenshots, size):
    screen = structures(new_screen(*size).explore())
    cards = screen.widget("structure_card")
    place = cards.bounding_box()
    themes = cycle(THEMES if size == SIZES[0] else THEMES[::-1])  # each is seen in both, once wide, once narrow
    for name, theme in zip([*KINDS][::-1], themes, strict=False):
        screen.page.emulate_media(color_scheme=theme)
        choose(screen, name)
        expect(screen.page.locator('.card[aria-checked="true"]')).to_have_attribute("data-structure", name)
        if name != CHOICES["structure"].default:
            screen.until(lambda name=name: f"structure={name}" in screen.location, "the address bar names it")
        assert cards.bounding_box() == place  # no card runs away from the mouse
        assert screen.page.evaluate(OVERFLOW) == [0, 0]
        screen.page.screenshot(path=screenshots / f"structures-{name}-{size[0]}-{theme}.png")


def test_what_is_typed_stands_on_the_stage(page):
    for name, text in {
        "word": "Paris",
        "sentiment": "a dull film",
        "entities": "Ada went to Rome",
        "translation": "he eats a red apple",
    }.items():
        choose(page, name)
        enter(page, text)
        stands(page, text.split() + [START] * (name == "translation"))
    enter(choose(page, "melody"), "C4 1/4")
    stands(page, ["C4 1/4"])


def test_markup_is_text(page):
    for name in ("word", "entities", "translation", "sentiment"):
        choose(page, name)
        enter(page, MARKUP)
        stands(page, TOKENS[:1] if name == "word" else TOKENS)
    complaint = page.page.get_by_test_id("stAlert")
    upload(page, "own.tsv", "so good\t**1**\nso bad\t<img src=x>\n" * 4)
    expect(complaint).to_contain_text("found: '**1**' (4 ×), '<img src=x>' (4 ×)")
    choose(page, "melody")  # the complaint was about another file
    expect(complaint).to_have_count(0)
    upload(page, "**b**.abc", FILES["melody"])
    expect(page.page.get_by_text("**b**.abc: 2 tunes")).to_be_visible()


def test_a_melody_is_heard(page):
    choose(page, "melody")
    audio = page.page.locator("audio")
    seconds = "audio => audio.duration || 0"
    page.until(lambda: audio.evaluate(seconds) > 5, "a sound of some seconds")
    first = audio.get_attribute("src")
    page.open_settings()
    enter(page, "2", "draw")
    page.until(lambda: audio.get_attribute("src") != first and audio.evaluate(seconds) > 5, "another melody")


def test_attention_is_shown_at_a_step_of_the_decoder_and_can_be_switched_off(page):
    choose(page, "translation")
    shares = page.stage.locator(".share")
    Tx = len(KINDS["translation"].example.split())
    expect(shares.first).to_be_hidden()
    page.transport.get_by_test_id("scrub").fill(str(Tx + 1))
    expect(shares.first).to_be_visible()
    assert sum(map(float, shares.all_inner_texts())) == pytest.approx(1, abs=0.03)
    page.open_settings()
    page.widget("attention", "label").first.click()
    expect(shares).to_have_count(0)
    expect(page.page.get_by_text(prose("structures", "alignment_off").split(":")[0])).to_be_visible()


@pytest.mark.parametrize("name", KINDS)
def test_a_readers_own_file_is_read_and_learned(page, name):
    choose(page, name)
    file = f"own.{name}"
    upload(page, file, FILES[name])
    expect(page.page.get_by_text(prose("structures", "untrained").replace("**", ""))).to_be_visible()
    expect(page.page.get_by_text(f"{file}:")).to_be_visible()
    before = losses(page)
    train(page)
    page.until(lambda: losses(page) != before, "other losses on the stage")
    page.press("discard")
    stands(page, ["G4 1/4"] if name == "melody" else KINDS[name].example.split())


def test_a_file_without_anything_usable_says_why_and_nothing_is_lost(page):
    choose(page, "melody")
    before = losses(page)
    upload(page, "own.abc", "a poem\nwithout a single note")
    expect(page.page.get_by_test_id("stAlert")).to_be_visible()
    assert losses(page) == before
    choose(page, "sentiment")
    expect(page.page.get_by_test_id("stAlert")).to_have_count(0)


def test_training_can_be_watched_stopped_continued_and_forgotten(page):
    choose(page, "translation")
    before, school = losses(page), page.widget("school")
    page.press("train")
    expect(school.get_by_test_id("stMetric")).to_have_count(2)  # it is measured while it trains
    page.press("stop")
    expect(page.widget("train")).to_contain_text("Continue")
    page.until(lambda: losses(page) != before, "the stage shows the weights where it stopped")
    page.press("train")
    expect(page.widget("stop", "button:visible")).to_be_enabled()
    page.press("stop")
    page.press("forget")
    page.until(lambda: losses(page) == before, "the stored network is back")


def test_whoever_chose_untrained_in_the_settings_sees_what_is_trained(page):
    """The settings are closed then, and the browser goes on to send what they held."""
    choose(page, "sentiment")
    page.open_settings()
    page.widget("begin").get_by_text("untrained", exact=True).click()
    page.page.keyboard.press("Escape")
    expect(page.widget("settings")).to_contain_text("untrained")
    page.settle()
    train(page)
    expect(page.widget("settings")).to_contain_text("trained here")
    assert "begin=untrained" not in page.location


def test_after_stop_the_page_is_silent_and_shows_what_was_trained(new_screen):
    page = structures(new_screen().explore("?structure=sentiment&begin=untrained"))
    expect(page.page.get_by_text(prose("structures", "untrained_chosen").replace("**", ""))).to_be_visible()
    page.settle()
    before = losses(page)
    page.press("train")
    page.until(lambda: page.widget("school").get_by_test_id("stMetric").count() > 0, "a whole epoch")
    page.press("stop")
    expect(page.widget("train")).to_contain_text("Continue")
    page.until(lambda: losses(page) != before, "the stage shows what was trained")
    page.settle()
    page.page.wait_for_timeout(1000)
    page.page.evaluate("""() => { window.sent = 0; const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) { window.sent += 1; return send.call(this, data) } }""")
    page.page.wait_for_timeout(5000)
    assert page.page.evaluate("window.sent") == 0
    assert "begin=untrained" not in page.location
    expect(page.page.get_by_text(prose("structures", "untrained_chosen").replace("**", ""))).to_have_count(0)


def test_a_file_of_any_name_says_what_it_lost(page):
    choose(page, "entities")
    upload(page, "eng.testb", "-DOCSTART- -X- -X- O\n\nMia N I-NP I-PER\nleft V I-VP O\n\nNow R I-ADVP O\nrain N\n")
    expect(page.page.get_by_test_id("lost")).to_have_text("Left out: 1 sentence.")
    assert read(page) == ["Mia", "left"]


def test_updates_are_in_the_link_and_in_the_session_file(page, new_screen, tmp_path):
    words = KINDS["sentiment"].example.split()
    before = losses(choose(page, "sentiment"))
    page.press("apply_10")
    page.until(lambda: losses(page) != before and "structures_update=" in page.location, "the link names the updates")
    after = losses(page)
    friend = structures(new_screen().explore(page.location.removeprefix(f"{page.address}/structures")))
    stands(friend, words)
    assert losses(friend) == after and friend.location == page.location
    file = page.download("session.json", tmp_path)
    fresh = structures(new_screen().explore())
    fresh.open_session(file)
    stands(fresh, words)
    assert losses(fresh) == after and page.location == fresh.location
    page.press("undo")
    page.until(lambda: losses(page) == before and "structures_update=" not in page.location, "as it was before")


def test_the_word_is_seen_inside_a_sentence_on_explore(page):
    enter(choose(page, "word"), "zzyzx")
    stands(page, ["zzyzx"])
    page.press("to_explore")
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Explore one sentence")
    stands(page, ["Yesterday", "zzyzx", "came", "home"])
