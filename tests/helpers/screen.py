"""One browser window on the app, as the tests see it: what the stage says, and everything that went wrong."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, WebSocket, expect

from tests.helpers.reference import Step

PATIENCE = 60  # seconds: a busy machine is slow, and nothing here is about time
READ_STEPS = """stage => [...stage.querySelectorAll('[data-testid="step"]')].map(
    ({ dataset }) => [dataset.word, dataset.loss, dataset.gradNorm])"""

BROKEN = (
    "WebSocket connection to",
    "Failed to load resource: net::ERR_CON",
    "WebSocket onerror",
    "Client Error in reaching server endpoint",  # this and the next where the server takes long to start
    "Streamlit server is not responding",
)

expect.set_options(timeout=PATIENCE * 1000)


class Screen:
    def __init__(self, context: BrowserContext, address: str):
        self.address = address
        self.problems: list[str] = []
        self.connections = 0  # to the server so far
        self.received = 0  # messages over the last of them
        self.bytes = 0  # in all these messages
        self.sent: list[str] = []  # every request and every message to the server so far
        context.set_default_timeout(PATIENCE * 1000)
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: message.type == "error" and self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("websocket", self._watch)

    def _watch(self, socket: WebSocket) -> None:
        self.connections, self.received = self.connections + 1, 0
        socket.on("framereceived", self._count)
        socket.on("framesent", lambda _: self._note(socket.url))

    def _count(self, message: str | bytes) -> None:
        self.received += 1
        self.bytes += len(message)

    def _note(self, url: str) -> None:
        self.sent.append(url)
        if urlsplit(url).hostname not in (None, "127.0.0.1"):
            self.problems.append(f"A request left the machine: {url}")

    # Looking ----------------------------------------------------------------------------------------------------------

    @property
    def stage(self) -> Locator:
        return self.page.get_by_test_id("stage")

    @property
    def transport(self) -> Locator:
        """The row that plays, steps and scrubs the stage"""
        return self.page.get_by_test_id("transport")

    @property
    def result(self) -> Locator:
        """The strip under it: what the loop has come to"""
        return self.page.get_by_test_id("result")

    def step(self, t: int) -> Locator:
        return self.stage.locator(f'[data-testid="step"][data-t="{t}"]')

    def widget(self, key: str, inner: str = "") -> Locator:
        """The widget with this key, or what is inside it"""
        return self.page.locator(f".st-key-{key} {inner}")

    def steps(self) -> list[Step]:
        return [Step(word, float(loss), float(norm)) for word, loss, norm in self.stage.evaluate(READ_STEPS)]

    @property
    def location(self) -> str:
        """The address bar; Playwright's own page.url lags behind."""
        return self.page.evaluate("location.href")

    # Waiting ----------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Until the server has nothing left to do"""
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()

    def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"Waited in vain: {what}"
            self.page.wait_for_timeout(20)

    def returned(self, connections: int) -> None:
        """Until the page is back by itself, after so many connections; what the browser wrote of that is forgotten"""
        self.until(lambda: self.connections > connections and self.received > 10, "a page over a new connection")
        self.settle()
        self.problems[:] = [problem for problem in self.problems if not problem.startswith(BROKEN)]

    def shows(self, expected: Sequence[Step]) -> None:
        """Until the stage says exactly this, to the last digit"""
        expect(self.stage).to_be_visible()
        deadline = time.monotonic() + PATIENCE
        while (found := self.steps()) != expected and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        assert found == expected
        self.settle()

    # Doing ------------------------------------------------------------------------------------------------------------

    def open(self, path: str = "") -> "Screen":
        """Go to a page"""
        self.page.goto(f"{self.address}/{path}")
        self.page.get_by_role("heading", level=1).wait_for()
        self.settle()
        return self

    def explore(self, query: str = "?v=2&whose=all") -> "Screen":
        """Go to the first page, until its stage stands; all errors are on their way back, as the reference has it"""
        self.open(query)
        expect(self.step(1)).to_be_visible()
        return self

    def turn_to(self, name: str) -> None:
        """To another page as a reader goes; on a phone the list of pages must be opened first, and closed again"""
        if on_phone := self.page.viewport_size["width"] <= 640:
            self.page.get_by_test_id("stExpandSidebarButton").click()
        link = self.page.get_by_test_id("stSidebarNavLink" if on_phone else "stTopNavLink").get_by_text(name)
        link.click()
        expect(self.page).to_have_title(f"{name} · RNN Explorer")
        self.settle()
        if on_phone and (close := self.page.get_by_test_id("stSidebarCollapseButton")).is_visible():
            close.get_by_role("button").click()

    def open_settings(self) -> None:
        """What stands behind the handle at the top of every page"""
        self.press("settings")
        expect(self.page.get_by_test_id("stPopoverBody")).to_be_visible()

    def back_at(self, t: int) -> None:
        """Step t on the way back"""
        self.transport.get_by_test_id("play-backward").click()
        self.transport.get_by_test_id("scrub").fill(str(t))
        for name, value in {"phase": "backward", "t": str(t), "playing": "false"}.items():
            expect(self.stage).to_have_attribute(f"data-{name}", value)

    def type(self, text: str) -> None:
        box = self.widget("sentence", "input")
        box.fill(text)
        box.press("Enter")

    def press(self, key: str) -> None:
        """Click the button with this key"""
        self.widget(key, "button:visible").click()  # Streamlit keeps a hidden copy for narrow windows

    def download(self, name: str, directory: Path) -> Path:
        """Click the download button of this file, and keep it"""
        self.open_panel("Keep or share")
        with self.page.expect_download() as started:
            self.press(f"download_{name.replace('.', '-')}")
        assert started.value.suggested_filename == name
        started.value.save_as(directory / name)
        return directory / name

    def open_panel(self, name: str) -> None:
        """Of the panels below the stage; over an empty box there is no stage, and only one panel"""
        if self.stage.count():
            self.widget("more").get_by_text(name).click()
            self.settle()

    def open_session(self, file: Path | FilePayload) -> None:
        self.open_panel("Keep or share")
        self.widget("session_file", "input[type=file]").set_input_files(file)

    def forget(self) -> list[str]:
        """Leave the page with all it stored, and the pages before it; gives what went wrong in it."""
        if self.page.url.startswith("http"):
            self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.context.clear_cookies()
        self.page.goto("about:blank")
        browser = self.page.context.new_cdp_session(self.page)
        browser.send("Page.resetNavigationHistory")
        browser.detach()
        problems, self.problems, self.sent = self.problems, [], []
        return problems

    @property
    def is_as_new(self) -> bool:
        """Nobody has put something of his own between this window and the server"""
        return "[native code]" in self.page.evaluate("String(WebSocket)")
