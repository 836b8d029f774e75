"""How fast is the page? Run by hand: `.venv/bin/python tests/bench_page.py`. A real browser; prints, asserts nothing.

From the reader's press (of the mouse button on "Apply update", of Enter in the sentence box) until the answer stands in
the page (after an update: the strip, and the first frame of the motion), by the page's own clock. Beside it the same in
an app with the same settings that shows a counter and a text and nothing else: what the framework itself takes. The two
take turns, so that whatever else the machine does hits both. Of a first visit, `streamlit hello` is the peer.
"""

import json
import shutil
import statistics
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import streamlit.hello
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from explorer.choices.link import from_link
from explorer.components import stage
from explorer.components.inspector import inspector_data
from explorer.compute.jobs import people_job
from explorer.compute.networks import network
from explorer.compute.sentence import MOST_WORDS, parse_sentence
from explorer.compute.unrolled import sentence_example, unroll
from explorer.compute.updates import compressed, initial_history, replay
from tests.helpers.chromium import chromium
from tests.helpers.reference import OTHER, SENTENCE
from tests.helpers.screen import Screen
from tests.helpers.serving import ROOT, serving

ROUNDS = 20
OPENINGS = 7
LONG = " ".join(["Grace told a story"] * 10)  # 40 words
COUNTER = """
import streamlit as st

count = st.session_state.setdefault("count", 0)
def more():
    st.session_state["count"] += 1
st.text_input("Text", key="sentence")
st.button("More", key="apply_update", on_click=more)
with st.container(key="shown"):
    st.markdown(f"{st.session_state['count']} {st.session_state['sentence']}")
"""

# The time of the last press, and for each thing that answers it when it changed first. A sentence is read 0.4 s after
# the last letter even without Enter: where Enter comes that late, it has been answered already.
CLOCK = """() => {
    const note = () => { window.pressed = performance.now(); window.shown = {}; };
    for (const kind of ["pointerdown", "input"]) addEventListener(kind, note, true);
    addEventListener("keydown", event => event.key === "Enter" && !Object.keys(window.shown).length && note(), true);
    const find = selector => {
        for (const root of [document, ...[...document.querySelectorAll("*")].map(e => e.shadowRoot).filter(Boolean)])
            if (root.querySelector(selector)) return root.querySelector(selector);
    };
    const watch = (name, selector, read) => {
        const place = find(selector);
        if (!place) return;
        let last = read(place);
        new MutationObserver(() => {
            const now = read(place);
            if (now !== last) { last = now; window.shown[name] ??= performance.now(); }
        }).observe(place, { subtree: true, childList: true, attributes: true, characterData: true });
    };
    note();
    watch("numbers", '[data-testid="stage"]', stage => stage.querySelector('[data-testid="step"]').dataset.loss);
    watch("frame", '[data-testid="stage"]', stage => stage.dataset.phase);
    watch("result", '[data-testid="result"]', result => result.dataset.lossAfter + " " + result.dataset.n);
    watch("count", ".st-key-shown", shown => shown.innerText);
}"""

# When the first step of the stage, or the first heading, stands in the page, in milliseconds after the click on a link
ARRIVALS = """
    const look = root => {
        if (root.querySelector('[data-testid="step"]')) window.stage ??= performance.now();
        if (root.querySelector("h1")) window.heading ??= performance.now();
    };
    const watch = root => new MutationObserver(() => look(root)).observe(root, { subtree: true, childList: true });
    watch(document);
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) {
        const root = attach.call(this, options);
        watch(root);
        return root;
    };
"""


def answer(screen: Screen, *what: str) -> float:
    """Milliseconds from the last press to the last of what it changed"""
    screen.until(lambda: screen.page.evaluate("what => what.every(name => window.shown[name])", what), "an answer")
    screen.settle()
    return screen.page.evaluate("what => Math.max(...what.map(name => window.shown[name])) - window.pressed", what)


def clicked(screen: Screen, _: int, *what: str) -> float:
    screen.press("apply_update")
    return answer(screen, *what)


def typed(screen: Screen, turn: int, *what: str) -> float:
    screen.type((OTHER, SENTENCE)[turn % 2])
    return answer(screen, *what)


def at_rest(screen: Screen) -> None:
    """Until the animation is over and all is drawn, so that neither is measured with the next press"""
    screen.until(lambda: screen.stage.get_attribute("data-playing") == "false", "the animation ends")
    screen.page.evaluate("new Promise(done => requestIdleCallback(done))")


def answers(explorer: Screen, counter: Screen) -> None:
    for name, press, what in (
        ("Apply update", clicked, ("result", "frame")),
        ("another sentence", typed, ("numbers",)),
    ):
        times: dict[Screen, list[float]] = {explorer: [], counter: []}
        for turn in range(-2, ROUNDS):  # the first two warm everything up
            for screen, row in times.items():
                row.append(press(screen, turn, *(what if screen is explorer else ("count",))))
            at_rest(explorer)
        ours, theirs = (statistics.median(row[2:]) for row in times.values())
        print(f"{name:>18}: {ours:6.1f} ms, a counter {theirs:6.1f} ms: {ours / theirs:.2f} times (aim: at most 1.5)")


def first_visits(browser: Browser, address: str, hello: str) -> None:
    """The stage of the first page, and the first heading of `streamlit hello`, in a browser that knows neither"""
    for line, speed, latency in (("any line", -1, 0), ("10 Mbit/s, 20 ms", 10e6 / 8, 20)):
        times: dict[str, list[float]] = {"stage": [], "heading": []}
        for _ in range(OPENINGS):
            for what, url in (("stage", address), ("heading", hello)):
                page: Page = browser.new_context().new_page()
                page.add_init_script(ARRIVALS)
                network = page.context.new_cdp_session(page)
                network.send("Network.enable")
                limits = {"downloadThroughput": speed, "uploadThroughput": speed, "latency": latency, "offline": False}
                network.send("Network.emulateNetworkConditions", limits)
                page.goto(url, wait_until="commit")
                with suppress(TimeoutError):  # now and then the browser's own limit lets nothing through at all
                    page.wait_for_function(f"window.{what}", timeout=30_000)
                    times[what].append(page.evaluate(f"window.{what}"))
                page.context.close()
        ours, theirs = map(statistics.median, times.values())
        print(f"{'first visit':>18}: {ours:.0f} ms, streamlit hello {theirs:.0f} ms: {ours / theirs:.2f} times, {line}")


def sizes() -> None:
    for cell, aim in (("tanh", 150), ("lstm", 350)):  # what the page opens with, and the largest
        chosen, _ = from_link({"sentence": LONG, "hidden_units": "64", "start": "untrained", "activation": cell})
        job = people_job(chosen.experiment)
        start = initial_history(job, network(chosen.experiment))
        look = unroll(job, start.params, sentence_example(job, parse_sentence(LONG).words, chosen.labels))
        print(f"{cell}, 64 units, 40 words")
        payload = sum(len(json.dumps(data)) for data in (stage.stage_data(look, 1), inspector_data(look, 1))) / 1e3
        print(f"{'stage and dock':>18}: {payload:.0f} kB (aim: under {aim} kB)")
        different, labels = job.task.vocabulary.words[1 : MOST_WORDS + 1], (0, 1) * (MOST_WORDS // 2)
        update = chosen.update(sentence_example(job, different, labels), 1)
        kept = compressed(replay(start, (update,) * ROUNDS, None), start)
        print(f"{'session':>18}: {bytes_of(kept) / 1e3:.0f} kB after {ROUNDS} updates on 60 words (aim: under 1 MB)")


def bytes_of(value) -> int:
    """What a value holds in memory, roughly"""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        value = (*value.keys(), *value.values())
    return sys.getsizeof(value) + (sum(map(bytes_of, value)) if isinstance(value, tuple) else 0)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        simple = Path(folder, "counter.py")
        simple.write_text(COUNTER)
        shutil.copytree(ROOT / ".streamlit", Path(folder, ".streamlit"))
        browser = chromium(playwright)
        with serving(ROOT) as address, serving(Path(folder), simple) as counter_address:
            explorer = Screen(browser.new_context(viewport={"width": 1440, "height": 1010}), address).explore()
            counter = Screen(browser.new_context(viewport={"width": 1440, "height": 1010}), counter_address)
            counter.page.goto(counter_address)
            counter.widget("apply_update", "button").wait_for()
            for screen in (explorer, counter):
                screen.page.evaluate(CLOCK)
            answers(explorer, counter)
            with serving(Path(folder), Path(streamlit.hello.__file__).with_name("streamlit_app.py")) as hello:
                first_visits(browser, address, hello)
        browser.close()
    sizes()


if __name__ == "__main__":
    main()
