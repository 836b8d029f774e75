"""What does a click cost, alone and in a class? Run by hand:

    .venv/bin/python tests/bench_load.py [SESSIONS [PAUSE [PROCESSES]]]

A browser opens a page and clicks twice; what it sent to the server is kept. That is sent again, first by one session,
which shows what a click costs, the second and each later one, then by many at once (20), each with an example of its
own, with pauses (3 seconds). Beside the pages, in the same run, an app that only counts: what the framework itself
takes. A click is all that the server does until nothing more follows; p50 and p99 are of the time until the answer is
there. With PROCESSES the many meet so many of each page behind nginx, as `bash .run serve` starts them.

It prints tables, and how often a session did not get what the core says of the address that the server gave it.
"""

import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

import numpy as np
from playwright.sync_api import Browser, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.parameters import Parameters
from explorer.choices.link import VERSION, from_link
from explorer.choices.record import CHOICES, Choices
from explorer.components import matrix
from explorer.components.stage import stage_data
from explorer.compute import jobs
from explorer.compute.answers import example_of, known_answer, read_inputs
from explorer.compute.jobs import Job, people_job, structure_job
from explorer.compute.networks import network
from explorer.compute.sentence import parse_sentence
from explorer.compute.unrolled import Example, sentence_example, unroll
from explorer.compute.updates import Updates, initial_history, replay
from explorer.theme import LIGHT
from explorer.views.gradients.flows import flow_of
from explorer.views.gradients.sequences import FEW, MANY, slopes
from tests.bench_page import COUNTER
from tests.helpers.chromium import chromium
from tests.helpers.drawn import payload_of
from tests.helpers.hosted import Hosted, hosted
from tests.helpers.screen import Screen
from tests.helpers.serving import ROOT, Server

ALONE = 20  # clicks of one session
ROUNDS = 6  # clicks of each session of the class
OVER = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Kind(NamedTuple):
    """A page, a click on it, and what the core says of it"""

    path: str
    click: Callable[[Screen], object]
    answer: bytes  # stands in the message that the reader waits for
    opened: Callable[[int], dict[str, str]]  # at which link a session opens it, by its number: another example for each
    vary: Callable[[WidgetState, "Session"], None]  # and what it sends then
    says: Callable[[Choices], list[dict]]  # some of what the page's pictures must hold, in order


class Recorded(NamedTuple):
    """What the browser sent"""

    opening: list[bytes]
    click: list[bytes]


class Click(NamedTuple):
    """What one came to"""

    address: str
    seconds: float  # until the answer was there
    messages: list[bytes]


class Session:
    """A browser, as the server sees it"""

    def __init__(self, socket: ClientConnection, kind: Kind, recorded: Recorded, number: int) -> None:
        self.socket, self.kind, self.recorded, self.number = socket, kind, recorded, number
        self.address, self.clicks = urlencode(kind.opened(number)), 0

    async def open(self) -> None:
        for message in self.recorded.opening:
            await self._send(message)

    async def click(self) -> Click:
        self.clicks += 1
        start = time.perf_counter()
        came = [answer for message in self.recorded.click for answer in await self._send(message)]
        arrived = next((when for when, message in came if self.kind.answer in message), np.inf)
        return Click(self.address, arrived - start, [message for _, message in came])

    async def _send(self, message: bytes) -> list[tuple[float, bytes]]:
        """All that comes until the server has nothing left to do, and when"""
        asked, came = BackMsg.FromString(message), []
        asked.rerun_script.query_string = self.address
        for widget in asked.rerun_script.widget_states.widgets:
            self.kind.vary(widget, self)
        await self.socket.send(asked.SerializeToString())
        while True:
            answer = await self.socket.recv()
            came.append((time.perf_counter(), answer))
            told = ForwardMsg.FromString(answer)
            if told.WhichOneof("type") == "page_info_changed":
                self.address = told.page_info_changed.query_string
            if told.WhichOneof("type") == "script_finished" and told.script_finished in OVER:
                return came


# The pages ------------------------------------------------------------------------------------------------------------


def shuffled(text: str, number: int) -> str:
    """The words of a text in an order of each session's own"""
    words = text.split()
    return " ".join(random.Random(number).sample(words, len(words)))


def own_text(name: str, text: str) -> dict[str, Callable]:
    """A page whose text every session has shuffled; name: in a link"""

    def vary(widget: WidgetState, session: Session) -> None:
        if widget.string_value == text:
            widget.string_value = shuffled(text, session.number)

    return {"opened": lambda number: {"v": VERSION, name: shuffled(text, number)}, "vary": vary}


def another_length(widget: WidgetState, session: Session) -> None:
    if widget.id.endswith("-length"):
        widget.double_array_value.data[:] = [80 + (7 * session.number + session.clicks) % 40]


def explore_says(chosen: Choices) -> list[dict]:
    job = people_job(chosen.experiment)
    example = sentence_example(job, parse_sentence(chosen.sentence).words, chosen.labels)
    return stage_says(job, chosen.updates, lambda params: example)


def structures_say(chosen: Choices) -> list[dict]:
    job = structure_job(chosen.structure, chosen.cell, chosen.attention, True, None)
    inputs = read_inputs(job, chosen.input)
    asked = inputs, known_answer(job, inputs), chosen.teacher_forcing, chosen.way
    return stage_says(job, chosen.structures_updates, lambda params: example_of(job, params, *asked))


def stage_says(job: Job, row: Updates, example: Callable[[Parameters], Example]) -> list[dict]:
    """The stage after these updates"""
    params = replay(initial_history(job, network(job.experiment)), row, None).params
    stage = stage_data(unroll(job, params, example(params)), 1)
    return [{name: stage[name] for name in ("words", "loss", "total", "grad")}]


def matrices_say(chosen: Choices) -> list[dict]:
    flows = [flow_of(chosen, cell, chosen.moment) for cell in ("tanh", "relu", "gru", "lstm")]
    return [{"entries": matrix.payload(flow.matrix, "", LIGHT, None)["entries"]} for flow in flows]


def core_alone() -> float:
    """Milliseconds of one step of *Length* in the core: four cells, the sequences beside them, and those that the
    question to the reader rests on"""
    start = time.process_time()
    for length in range(91, 111):
        chosen, _ = from_link({"length": str(length)})
        for cell in ("tanh", "relu", "gru", "lstm"):
            flow = flow_of(chosen, cell, "untrained", FEW)
            assert flow.matrix.shape == (length, length) and len(flow.last_row) == length and flow.fit
            assert len(slopes(chosen.network(cell, "trained"), length, MANY)) == MANY
    return (time.process_time() - start) / 20 * 1000


ALIKE = {"opened": lambda _: {}, "vary": lambda *_: None}
KINDS = {
    "counter": Kind("", lambda screen: screen.press("apply_update"), b"shown", **ALIKE, says=lambda _: []),
    "explore": Kind(
        "",
        lambda screen: screen.press("apply_update"),
        b'"total"',
        **own_text("sentence", CHOICES["sentence"].default),
        says=explore_says,
    ),
    "structures": Kind(
        "structures",
        lambda screen: screen.press("apply_update"),
        b'"total"',
        **own_text("input", jobs.KINDS["translation"].example),
        says=structures_say,
    ),
    "gradients": Kind(
        "gradients",
        lambda screen: screen.widget("length").get_by_role("slider").press("ArrowRight"),
        b'"entries"',
        **ALIKE | {"vary": another_length},
        says=matrices_say,
    ),
}


def record(browser: Browser, address: str, kind: Kind) -> Recorded:
    """Open the page, click twice, and keep what the browser sends: the second click is like all later ones"""
    screen = Screen(browser.new_context(viewport={"width": 1440, "height": 1010}), address)
    sent: list[bytes] = []
    screen.page.on("websocket", lambda socket: socket.on("framesent", lambda message: sent.append(message)))
    screen.page.goto(f"{address}/{kind.path}")
    screen.page.locator(".st-key-apply_update, .st-key-length").first.wait_for()
    rest(screen, sent)
    clicked(screen, kind, sent)
    opening = [*sent]
    clicked(screen, kind, sent)
    screen.page.context.close()
    return Recorded(*([each for each in row if is_run(each)] for row in (opening, sent[len(opening) :])))


def clicked(screen: Screen, kind: Kind, sent: list[bytes]) -> None:
    before = len(sent)
    kind.click(screen)
    screen.until(lambda: len(sent) > before, "the click is sent")
    rest(screen, sent)


def rest(screen: Screen, sent: list[bytes]) -> None:
    """Until the browser has sent nothing for two seconds"""
    before = -1
    while before != len(sent):
        before = len(sent)
        screen.settle()
        screen.page.wait_for_timeout(2000)


def is_run(message: bytes) -> bool:
    return BackMsg.FromString(message).WhichOneof("type") == "rerun_script"


# The measurements -----------------------------------------------------------------------------------------------------


def processes_of(server: Server | Hosted) -> list[int]:
    """Their numbers; nginx is none of them"""
    return [server.process.pid] if isinstance(server, Server) else [server.process(port) for port in server.ports]


def cpu(server: Server | Hosted) -> float:
    """Milliseconds that its processes have computed so far, by their clocks, as clock_getcpuclockid(3) names them"""
    return sum(time.clock_gettime(~pid << 3 | 2) for pid in processes_of(server)) * 1000


def memory(server: Server | Hosted) -> int:
    """MB, of the process that has most"""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in processes_of(server)]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") >> 20


def wrong(kind: Kind, clicks: Sequence[Click]) -> int:
    """How many were not answered, or not with what the core says"""
    return sum(not is_right(kind, click) for click in clicks)


def is_right(kind: Kind, click: Click) -> bool:
    chosen, ignored = from_link(parse_qs(click.address))
    elements = [ForwardMsg.FromString(message).delta.new_element for message in click.messages]
    shown = [picture for element in elements for picture in pictures(element)]
    is_failed = any(element.WhichOneof("type") == "exception" for element in elements)
    is_answered = np.isfinite(click.seconds) and not ignored and not is_failed
    return bool(is_answered) and all(
        any(expected.items() <= picture.items() for picture in shown) for expected in kind.says(chosen)
    )


def pictures(element: Element) -> list[dict]:
    """What a component or a chart is drawn from"""
    if element.WhichOneof("type") == "bidi_component":
        return [payload_of(element.bidi_component)]
    return json.loads(element.plotly_chart.spec)["data"] if element.WhichOneof("type") == "plotly_chart" else []


def size(clicks: Sequence[Click]) -> float:
    """kB that came, of the largest click"""
    return max(sum(map(len, click.messages)) for click in clicks) / 1000


async def one(servers: dict[str, Server], recorded: dict[str, Recorded]) -> None:
    """The pages in turn, so that whatever else the machine does hits all"""
    sessions = {name: await opened(servers[name], name, recorded[name], 0) for name in servers}
    for session in sessions.values():
        await session.click()  # warms everything up
    spent, clicks = dict.fromkeys(servers, 0.0), {name: [] for name in servers}
    for _ in range(ALONE):
        for name, session in sessions.items():
            before = cpu(servers[name])
            clicks[name].append(await session.click())
            spent[name] += cpu(servers[name]) - before
    core = core_alone()
    for name, row in clicks.items():
        each = spent[name] / ALONE
        ratio = (each - core * (name == "gradients")) / (spent["counter"] / ALONE)
        told = f" beside the core's {core:.0f} ms" if name == "gradients" else ""
        print(
            f"{name:>12}: {each:6.1f} ms of CPU a click, {ratio:5.1f} counters{told}; "
            f"{size(row):6.1f} kB; {wrong(KINDS[name], row)} of {len(row)} wrong"
        )
    for session in sessions.values():
        await session.socket.close()


async def many(server: Server | Hosted, name: str, recorded: Recorded, how_many: int, pause: float) -> None:
    sessions = [await opened(server, name, recorded, number) for number in range(1, how_many + 1)]
    before, since = cpu(server), time.monotonic()
    rows = await asyncio.gather(*(at_leisure(session, pause) for session in sessions))
    clicks = [click for row in rows for click in row]
    p50, p99 = np.percentile([click.seconds for click in clicks], [50, 99]) * 1000
    print(
        f"{name:>12}: p50 {p50:5.0f} ms, p99 {p99:5.0f} ms; {len(clicks) / (time.monotonic() - since):4.1f} clicks/s; "
        f"{(cpu(server) - before) / len(clicks):6.1f} ms of CPU a click; {size(clicks):6.1f} kB; "
        f"{memory(server)} MB; {wrong(KINDS[name], clicks)} of {len(clicks)} wrong"
    )
    for session in sessions:
        await session.socket.close()


async def opened(server: Server | Hosted, name: str, recorded: Recorded, number: int) -> Session:
    stream, cookie = f"{server.address.replace('http', 'ws')}/_stcore/stream", random.Random(number).randbytes(16).hex()
    socket = await connect(stream, max_size=None, additional_headers={"Cookie": f"rnn_server={cookie}"})
    session = Session(socket, KINDS[name], recorded, number)
    await session.open()
    return session


async def at_leisure(session: Session, pause: float) -> list[Click]:
    """Clicks with pauses, of half to one and a half times that length"""
    clicks, rng = [], random.Random(session.number)
    for _ in range(ROUNDS):
        await asyncio.sleep(pause * rng.uniform(0.5, 1.5))
        clicks.append(await session.click())
    return clicks


def main(how_many: int = 20, pause: float = 3.0, processes: int = 0) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        simple = folder / "counter.py"
        simple.write_text(COUNTER)
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        servers = {
            name: stack.enter_context(Server(folder, simple) if name == "counter" else Server(ROOT)) for name in KINDS
        }
        with sync_playwright() as playwright:
            browser = chromium(playwright)
            recorded = {name: record(browser, servers[name].address, kind) for name, kind in KINDS.items()}
            browser.close()
        print("One session")
        asyncio.run(one(servers, recorded))
        behind = f" on {processes} processes behind nginx" if processes else ""
        print(f"{how_many} sessions, a click every {pause:g} seconds{behind}")
        for name, server in servers.items():
            if processes and name != "counter":
                with hosted(processes, folder / f"{name}.log") as group:
                    asyncio.run(many(group, name, recorded[name], how_many, pause))
            else:
                asyncio.run(many(server, name, recorded[name], how_many, pause))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
