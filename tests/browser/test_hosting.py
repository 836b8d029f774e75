"""Three processes behind nginx: every browser keeps to one of them, and loses nothing when that one dies."""

import gzip
import os
import signal
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.helpers.hosted import Hosted, hosted
from tests.helpers.reference import SENTENCE, network, steps, updated
from tests.helpers.screen import Screen

pytestmark = pytest.mark.alone

RETURN = 10  # seconds after which a page must stand again


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Hosted]:
    with hosted(3, tmp_path_factory.mktemp("hosting") / "log") as server:
        yield server


def cookie(server: Hosted, **headers: str) -> str:
    return server.get("", **headers).headers["Set-Cookie"] or ""


def port_of(server: Hosted, **headers: str) -> int:
    path = server.new_path()
    server.get(path, **headers)
    return server.answered(path)


def test_sessions_spread_and_stick(server):
    found = {}
    for _ in range(30):
        mine = cookie(server).split(";")[0]
        assert mine.startswith("rnn_server=")
        found[mine] = {port_of(server, Cookie=mine) for _ in range(3)}
    assert all(len(ports) == 1 for ports in found.values())
    assert set.union(*found.values()) == {*server.ports}


def test_without_a_cookie_the_address_decides(server):
    assert len({port_of(server) for _ in range(5)}) == 1
    assert len({port_of(server, Cookie="rnn_server=made-up") for _ in range(5)}) == 1


def test_the_cookie_fits_into_a_frame_over_https_and_is_given_once(server):
    inside = cookie(server, **{"X-Forwarded-Proto": "https"})
    assert all(part in inside for part in ("SameSite=None", "Secure", "Partitioned", "HttpOnly", "Path=/"))
    outside = cookie(server)
    assert "SameSite=Lax" in outside and "Secure" not in outside
    assert cookie(server, Cookie=outside.split(";")[0]) == ""


def test_what_a_student_typed_is_in_no_log(server):
    server.get(
        "explore?sentence=confidential", Cookie="rnn_server=confidential", Referer=f"{server.address}/?confidential"
    )
    port_of(server)  # by now the line before is written
    assert " /explore " in server.written() and "confidential" not in server.written()


def test_scripts_are_sent_compressed_and_kept(server, new_screen):
    page = server.get().read().decode()
    for script in (page.split('src="./', 1)[1].split('"', 1)[0], script_of_a_component(server, new_screen())):
        is_small_and_kept(server, script)


def script_of_a_component(server: Hosted, screen: Screen) -> str:
    """The path at which the browser asks for the stage's"""
    screen.address = server.address
    with screen.page.expect_request("**/bidi-components/explorer.stage/*") as asked:
        screen.explore()
    return asked.value.url.removeprefix(f"{server.address}/")


def is_small_and_kept(server: Hosted, script: str) -> None:
    plain = server.get(script)
    packed = server.get(script, **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "immutable" in packed.headers["Cache-Control"]
    body = plain.read()
    small = packed.read()
    assert gzip.decompress(small) == body and len(small) < 0.5 * len(body)


def test_downloads_and_uploads_go_through(server, new_screen, tmp_path):
    screen = new_screen()
    screen.address = server.address
    screen.explore()
    screen.press("apply_update")
    screen.shows(after(1))
    saved = screen.download("session.json", tmp_path)
    screen.press("reset")
    screen.shows(after(0))
    screen.open_session(saved)
    screen.shows(after(1))


def after(times: int):
    return steps(updated(network(), SENTENCE, times), SENTENCE)


def test_one_process_is_killed_and_its_browsers_come_back_by_themselves(server, new_screen):
    of = {begin(new_screen(), server, mine): port for port, mine in a_cookie_of_each(server).items()}
    victim, connections = server.ports[0], {screen: screen.connections for screen in of}
    os.kill(server.process(victim), signal.SIGKILL)
    killed = time.monotonic()
    for screen in (screen for screen, port in of.items() if port == victim):
        screen.returned(connections[screen])
        expect(screen.step(1)).to_have_attribute("data-loss", repr(after(1)[0].loss))
        assert time.monotonic() - killed < RETURN
        screen.shows(after(1))
        screen.press("apply_update")
        screen.shows(after(2))
    for screen in (screen for screen, port in of.items() if port != victim):
        screen.press("apply_update")
        screen.shows(after(2))


def a_cookie_of_each(server: Hosted) -> dict[int, str]:
    """One that leads to it, for every process by its port"""
    found: dict[int, str] = {}
    while {*found} != {*server.ports}:
        mine = cookie(server).split(";")[0]
        found.setdefault(port_of(server, Cookie=mine), mine)
    return found


def begin(screen: Screen, server: Hosted, cookie: str) -> Screen:
    """A browser with this cookie that has taken one update"""
    name, value = cookie.split("=")
    screen.page.context.add_cookies([{"name": name, "value": value, "url": server.address}])
    screen.address = server.address
    screen.explore()
    screen.press("apply_update")
    screen.shows(after(1))
    return screen
