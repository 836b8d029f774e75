"""The animation runs in the browser alone"""

import re
from itertools import pairwise

import numpy as np
from playwright.sync_api import expect
from pytest import approx

from core.data.vocabulary import tokenise
from explorer.compute.unrolled import Unrolled, unroll_sentence
from tests.helpers.reference import SENTENCE, guess, network

RECORD = """stage => {
    window.seen = [];
    const note = () => window.seen.push(`${stage.dataset.phase} ${stage.dataset.t}`);
    new MutationObserver(note).observe(stage, { attributeFilter: ["data-phase", "data-t"] });
}"""
WHILE_PLAYING = """stage => new Promise(done => {
    const end = () => stage.dataset.playing === "false" && done();
    new MutationObserver(end).observe(stage, { attributeFilter: ["data-playing"] });
    end();
})"""
FORWARD = [f"forward {t}" for t in range(1, 10)]
BACKWARD = [f"backward {t}" for t in range(9, 0, -1)]


def unrolled(text: str) -> Unrolled:
    return unroll_sentence(network(), "tanh", tuple(tokenise(text)), tuple(guess(text)))


def record(screen) -> None:
    """From now on, the page writes down every position of the stage, once all that is loaded late is there."""
    expect(screen.page.get_by_test_id("reach-chart")).to_be_visible()
    screen.settle()
    screen.stage.evaluate(RECORD)


def recorded(screen) -> list[str]:
    return list(dict.fromkeys(screen.page.evaluate("window.seen")))


def last_seen(screen) -> str:
    return screen.page.evaluate("window.seen.at(-1)")


def test_it_plays_forward_to_the_end_and_tells_the_server_nothing(screen):
    screen.transport.get_by_test_id("speed").select_option("4")
    record(screen)
    sent = len(screen.sent)
    screen.transport.get_by_test_id("play-forward").click()
    expect(screen.stage).to_have_attribute("data-playing", "true")
    screen.stage.evaluate(WHILE_PLAYING)
    assert screen.sent[sent:] == []
    assert recorded(screen) == FORWARD
    screen.page.wait_for_timeout(500)
    assert recorded(screen) == FORWARD, "it stops at the end of forward"


def test_where_the_playback_ends_is_the_step_of_the_whole_page(new_screen):
    screen = new_screen().explore()
    screen.transport.get_by_test_id("speed").select_option("4")
    screen.transport.get_by_test_id("play-backward").click()
    screen.until(
        lambda: "step=1" in screen.location and "phase=backward" in screen.location, "the address bar names the end"
    )
    expect(screen.page.get_by_text("is read first: its error has no earlier step to reach")).to_be_visible()
    expect(screen.stage).to_have_attribute("data-phase", "backward")


def test_the_backward_button_plays_all_errors_from_the_last_word(new_screen):
    screen = new_screen().explore()
    screen.transport.get_by_test_id("speed").select_option("4")
    record(screen)
    screen.transport.get_by_test_id("play-backward").click()
    expect(screen.stage).to_have_attribute("data-t", "1")
    expect(screen.stage).to_have_attribute("data-playing", "false")
    assert recorded(screen) == BACKWARD


UPDATE = ("sweep", "clip", "move", "forward")
NOTE_SUBS = """stage => {
    window.subs = [];
    const losses = () => [...stage.querySelectorAll('[data-testid="step"]')].map(step => step.dataset.loss).join();
    const note = () => window.subs.push([stage.dataset.phase, stage.dataset.sub, stage.dataset.t, losses()]);
    note();
    new MutationObserver(note).observe(stage, { attributeFilter: ["data-phase", "data-sub", "data-t"] });
}"""


def test_an_update_is_seen_in_four_and_comes_home(screen):
    screen.stage.evaluate(NOTE_SUBS)
    start = screen.page.evaluate("performance.now()")
    screen.press("apply_update")
    screen.until(lambda: "update" in {phase for phase, *_ in screen.page.evaluate("window.subs")}, "the update plays")
    screen.until(lambda: last_of(screen) == ["forward", "", "4"], "it comes back to the selected step")
    seen = screen.page.evaluate("window.subs")
    assert list(dict.fromkeys(sub for phase, sub, *_ in seen if phase == "update")) == list(UPDATE)
    old = seen[0][3]  # at no moment does the stage show numbers of two networks
    assert {losses for phase, sub, _, losses in seen if phase == "update" and sub != "forward"} == {old}
    assert seen[-1][3] != old
    assert screen.page.evaluate("performance.now()") - start < 20_000  # at 1× about 4 s, on a quiet machine
    expect(screen.stage).to_have_attribute("data-playing", "false")


def last_of(screen) -> list[str]:
    return screen.page.evaluate("window.subs.at(-1)")[:3]


def test_an_update_in_the_backward_view_stays_there(screen):
    screen.transport.get_by_test_id("speed").select_option("4")
    screen.transport.get_by_test_id("play-backward").click()
    expect(screen.stage).to_have_attribute("data-playing", "false")
    expect(screen.stage).to_have_attribute("data-phase", "backward")
    screen.until(lambda: "step=1&phase=backward" in screen.location, "the page knows where it is")
    screen.settle()
    screen.stage.evaluate(NOTE_SUBS)
    screen.press("apply_update")
    screen.until(lambda: "forward" in {sub for _, sub, *_ in screen.page.evaluate("window.subs")}, "the new pass")
    expect(screen.stage).to_have_attribute("data-phase", "backward")
    expect(screen.stage).to_have_attribute("data-t", "1")


def test_when_an_update_has_been_seen_the_running_line_says_what_it_did(new_screen):
    screen = new_screen().explore("")
    screen.back_at(3)
    screen.transport.get_by_test_id("speed").select_option("4")
    screen.press("apply_update")
    banner = screen.page.get_by_test_id("banner")
    expect(banner).to_contain_text("Done: ℒ 0.418 → 0.266. Most changed: Granger, 0.364 → 0.216.")
    expect(screen.stage).to_have_attribute("data-phase", "backward")
    screen.press("undo")
    expect(screen.result).to_contain_text("undone")
    expect(banner).not_to_contain_text("Done")
    screen.press("apply_update")
    expect(banner).to_contain_text("Done")
    expect(screen.result).not_to_contain_text("undone")
    screen.transport.get_by_test_id("step-on").click()
    expect(banner).to_contain_text("t = 2, Potter")


def test_a_second_press_ends_the_motion_and_counts(screen):
    screen.press("apply_update")
    expect(screen.stage).to_have_attribute("data-phase", "update")
    screen.press("apply_update")
    screen.until(lambda: "update=2x" in screen.location, "both count")
    expect(screen.stage).to_have_attribute("data-phase", "forward")


def test_a_click_on_the_stage_ends_the_motion_and_takes_nothing(screen):
    screen.press("apply_update")
    expect(screen.stage).to_have_attribute("data-phase", "update")
    screen.step(2).locator(".word").click()
    expect(screen.stage).to_have_attribute("data-phase", "forward")
    expect(screen.stage).to_have_attribute("data-t", "2")


# The phases of a step -------------------------------------------------------------------------------------------------


def empty(screen) -> list[int]:
    """The steps that are not yet computed"""
    return screen.stage.evaluate(
        """stage => [...stage.querySelectorAll('[data-testid="step"][data-state="empty"]')].map(s => +s.dataset.t)"""
    )


def test_at_rest_all_is_readable_and_while_it_computes_the_future_is_empty(screen):
    assert empty(screen) == []
    screen.transport.get_by_test_id("step-on").click()
    expect(screen.stage).to_have_attribute("data-t", "5")
    assert empty(screen) == [6, 7, 8, 9]
    later = screen.step(6)
    for piece in (".loss", ".prediction", ".target", ".mark"):
        expect(later.locator(piece)).to_be_hidden()
    expect(later.locator(".word")).to_be_visible()
    screen.transport.get_by_test_id("scrub").fill("9")
    assert empty(screen) == []


def test_phase_by_phase_a_word_becomes_a_loss(screen):
    screen.transport.get_by_test_id("step-size").select_option("phase")
    screen.transport.get_by_test_id("step-on").click()
    seen, lines, shown = [], [], []
    pieces = {"word": ".mark", "look-up": ".into", "recur": ".from-prev", "predict": ".prediction", "compare": ".loss"}
    for _ in range(6):
        seen.append(screen.stage.get_attribute("data-sub"))
        lines.append(screen.page.get_by_test_id("banner").inner_text())
        shown.append([name for name, piece in pieces.items() if screen.step(5).locator(piece).is_visible()])
        screen.transport.get_by_test_id("step-on").click()
    assert seen == ["word", "look-up", "recur", "squash", "predict", "compare"]
    assert shown == [list(pieces)[:k] for k in (1, 2, 3, 3, 4, 5)]
    assert len({*lines}) == 6 and all("t = 5, Granger" in line for line in lines)
    expect(screen.stage).to_have_attribute("data-t", "6")


NOTE_LINES = """stage => {
    const banner = stage.querySelector('[data-testid="banner"]');
    window.lines = [];
    const note = () => window.lines.push([stage.dataset.t, stage.dataset.sub, banner.textContent, performance.now()]);
    new MutationObserver(note).observe(banner, { childList: true, characterData: true, subtree: true });
}"""


def test_by_phase_every_phase_of_the_way_back_has_a_line_that_stands_long_enough(screen):
    expect(screen.page.get_by_test_id("reach-chart")).to_be_visible()
    screen.settle()
    screen.transport.get_by_test_id("whose").select_option("3")
    screen.transport.get_by_test_id("step-size").select_option("phase")
    screen.transport.get_by_test_id("speed").select_option("4")
    screen.stage.evaluate(NOTE_LINES)
    screen.transport.get_by_test_id("play-backward").click()
    expect(screen.stage).to_have_attribute("data-playing", "true")
    expect(screen.stage).to_have_attribute("data-playing", "false")
    lines = screen.page.evaluate("window.lines")
    phases = ["arrive", "slope", "stamp", "travel"]  # one error meets no other
    expected = [(t, sub) for t in ("3", "2", "1") for sub in phases][:-1]
    assert [(t, sub) for t, sub, *_ in lines][: len(expected)] == expected
    assert len({line for *_, line, _ in lines[: len(expected)]}) == len(expected)
    times = [at for *_, at in lines[: len(expected)]]
    assert min(later - one for one, later in pairwise(times)) > 500  # 600, as the browser's clock has it


def test_word_by_word_the_line_is_not_ahead_of_the_picture(screen):
    screen.transport.get_by_test_id("speed").select_option("1")
    screen.stage.evaluate(NOTE_LINES)
    screen.transport.get_by_test_id("play-forward").click()
    expect(screen.stage).to_have_attribute("data-playing", "true")
    expect(screen.stage).to_have_attribute("data-playing", "false", timeout=15_000)
    *lines, (_, _, rest, _) = screen.page.evaluate("window.lines")
    assert [t for t, *_ in lines] == list("123456789") and "All is computed" in rest
    assert {sub for _, sub, *_ in lines} == {"word"}
    written = unrolled(SENTENCE).loss.per_step[:, 0].cumsum()
    for i, (_, _, line, _) in enumerate(lines):
        so_far = float(re.fullmatch(r".* Next: P\(name\) and loss; ℒ so far (\d.*)\.", line)[1])
        assert so_far == approx(written[i - 1] if i else 0, abs=1.5e-3)
    screen.transport.get_by_test_id("scrub").fill("5")
    expect(screen.page.get_by_test_id("banner")).to_contain_text("P(name) 0.70, label name: loss 0.364.")


# Whose error ----------------------------------------------------------------------------------------------------------


def norms(screen) -> list[float]:
    return [step.grad_norm for step in screen.steps()]


def test_a_click_on_a_loss_sends_that_error(screen):
    screen.step(5).locator(".loss").click()
    expect(screen.stage).to_have_attribute("data-whose", "5")
    expect(screen.stage).to_have_attribute("data-phase", "backward")
    expect(screen.stage).to_have_attribute("data-t", "5")
    row = unrolled(SENTENCE).credit_matrix[4]
    assert norms(screen) == approx(row.tolist(), rel=1e-5)
    assert norms(screen)[5:] == [0] * 4
    hop = screen.step(4).locator(".norm-next")
    expect(hop).to_have_text(f"×{row[3] / row[4]:.2f}")


def test_a_click_on_the_mark_of_a_hop_leads_to_the_step_whose_card_explains_it(screen):
    screen.step(5).locator(".loss").click()
    mark = screen.step(4).locator(".norm-next")
    expect(mark).to_be_visible()
    mark.click()
    expect(screen.stage).to_have_attribute("data-t", "5")
    expect(screen.page.get_by_test_id("card")).to_contain_text(f"this hop is marked {mark.inner_text()}")


def test_a_hop_says_on_the_stage_and_in_the_card_how_the_direction_decides_its_factor(screen):
    sigma = np.linalg.svd(unrolled(SENTENCE).trace.params["rnn"].Waa, compute_uv=False)
    screen.transport.get_by_test_id("whose").select_option("5")
    screen.transport.get_by_test_id("step-size").select_option("phase")
    picture, banner = (screen.page.get_by_test_id(name) for name in ("directions", "banner"))
    for t, does in ((5, "stretches"), (4, "shrinks")):
        screen.transport.get_by_test_id("scrub").fill(str(t))
        expect(screen.stage).to_have_attribute("data-sub", "travel")
        expect(banner).to_contain_text(f"δ⟨{t}⟩ points where Waaᵀ {does} (×")
        least, most = map(float, re.search(r"×([\d.e-]+) … ×([\d.e-]+), by", banner.inner_text()).groups())
        assert (least, most) == (approx(sigma[-1], rel=0.01), approx(sigma[0], rel=0.01))
        own = picture.locator(".own").text_content()[1:]
        assert f"× {own} (Waaᵀ)" in screen.page.get_by_test_id("hop").text_content()
        assert f"it is ×{own}." in screen.page.get_by_test_id("card").text_content()
        screen.step(t - 1).locator(".norm-next").hover()
        expect(screen.stage.get_by_role("tooltip")).to_contain_text(f"δ⟨{t}⟩ points where Waaᵀ {does} (×")
        assert picture.locator(".stick").count() == len(sigma) and picture.locator(".other").count() == 3
    screen.transport.get_by_test_id("scrub").fill("1")
    expect(picture).to_have_attribute("data-state", "empty")  # nothing travels on from the first step


def test_a_step_that_is_read_later_says_that_it_has_no_part_in_the_error(screen):
    screen.transport.get_by_test_id("whose").select_option("5")
    screen.transport.get_by_test_id("scrub").fill("7")
    banner = screen.page.get_by_test_id("banner")
    expect(banner).to_have_text("t = 7, a: read later, no part in Granger’s error. Backward begins at step 5.")
    screen.transport.get_by_test_id("scrub").fill("2")
    expect(banner).not_to_contain_text("no part")


def test_a_new_sentence_on_the_way_back_opens_where_its_error_begins(new_screen):
    screen = new_screen().explore("?v=2&step=5&phase=backward")
    screen.press("example_2")  # five words, and the largest loss after the first is that of the second
    losses = unrolled("Teddy bears are on sale").loss.per_step[:, 0].tolist()
    own = 2 + max(range(4), key=lambda i: losses[1 + i])
    expect(screen.stage).to_have_attribute("data-whose", str(own))
    expect(screen.stage).to_have_attribute("data-t", str(own))
    expect(screen.page.get_by_test_id("banner")).to_contain_text("begins")
    screen.until(lambda: f"step={own}" in screen.location, "the address names that step")


def test_on_the_way_back_the_figures_of_a_hop_close(screen):
    screen.transport.get_by_test_id("whose").select_option("5")
    screen.settle()
    lengths = {t: float(screen.step(t).locator(".grad").inner_text()) for t in (1, 2, 3, 4, 5)}
    for t in (4, 3, 2):
        screen.transport.get_by_test_id("scrub").fill(str(t))
        banner = screen.page.get_by_test_id("banner")
        expect(banner).to_contain_text(f"t = {t},")
        before, by, sent = map(float, re.search(r"([\d.]+) × ([\d.]+) = ([\d.]+)\.", banner.inner_text()).groups())
        assert f"{before * by:.3g}" == f"{sent:.3g}" and sent == lengths[t]
        assert float(f"{before:.3g}") == lengths[t + 1]


def test_the_losses_on_the_stage_add_up_to_the_one_that_the_strip_shows(screen):
    screen.press("apply_update")
    for n in (1, 0):
        expect(screen.result).to_have_attribute("data-n", str(n))
        expect(screen.stage).to_have_attribute("data-playing", "false")
        told = [screen.step(t).locator(".loss").inner_text().split(" → ")[-1] for t in range(1, 10)]
        total = screen.result.locator("strong").inner_text().split(" ")[-1]
        assert f"{sum(map(float, told)):.3f}" == total
        screen.press("undo") if n else None


def test_one_error_is_played_from_its_own_step(screen):
    record(screen)
    screen.transport.get_by_test_id("whose").select_option("5")
    screen.transport.get_by_test_id("speed").select_option("4")
    screen.transport.get_by_test_id("play-backward").click()
    screen.until(lambda: recorded(screen) and recorded(screen)[-1] == "backward 1", "the end")
    assert recorded(screen) == BACKWARD[4:]


# The weights ----------------------------------------------------------------------------------------------------------


def test_an_entry_tells_its_value_its_gradient_and_what_it_met(new_screen):
    screen = new_screen().explore()
    look = unrolled(SENTENCE)
    n, Waa = 16, look.trace.params["rnn"].Waa
    sheet = screen.page.get_by_test_id("weights-Waa").locator(".sheet-of")
    box = sheet.bounding_box()
    row, column = 4, 6
    sheet.hover(position={"x": (column + 0.5) * box["width"] / n, "y": (row + 0.5) * box["height"] / n})
    tip = screen.stage.locator(".tip")
    told = [
        f"unit {row + 1}, from unit {column + 1}: {Waa[row, column]:.3g}",
        f"gradient of all ℒ {look.back.grads['rnn'].Waa[row, column]:.2g}",
        f"× {look.trace.a[3, 0, column]:.3g}",
    ]
    for part in told:
        expect(tip).to_contain_text(part.replace("-", "−"))
    lit = screen.stage.locator(".name.lit-up")
    expect(lit).to_have_count(9)  # the same matrix at every step
    for W in ("Wax", "Wya", "ba", "by"):
        expect(screen.page.get_by_test_id(f"weights-{W}")).to_be_visible()
