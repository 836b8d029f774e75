"""Whatever arrives on the live connection ends that connection at most, and leaves one line in the log; and who leaves
gives back what they had."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.helpers.serving import ROOT, Server

MOST = 8_000_000  # bytes of a message; see .streamlit/config.toml
RETURN = 5  # seconds after which who left must have given all back
LONG = {"v": "2", "activation": "lstm", "hidden_units": "64", "start": "untrained"}  # takes a second for 300 updates
NO_MESSAGES = {
    "garbage": b"\xff" * 1000,
    "truncated": BackMsg(rerun_script={"query_string": "sentence=Grace"}).SerializeToString()[:-3],
    "huge": b"\x00" * (MOST + 1),
    "text": "rerun",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with tmp_path_factory.mktemp("live").joinpath("log").open("w") as log, Server(ROOT, log=log) as server:
        with live(server) as first:  # the first session makes the server's settings
            run(first)
        yield server


def is_progress(message: ForwardMsg) -> bool:
    return message.delta.new_element.WhichOneof("type") == "progress"


def live(server: Server) -> ClientConnection:
    return connect(f"{server.address.replace('http', 'ws')}/_stcore/stream", max_size=None, open_timeout=60)


def run(connection: ClientConnection, link: str = "") -> int:
    """Ask for the first page, and wait until it is made; how many messages came"""
    connection.send(BackMsg(rerun_script={"query_string": link}).SerializeToString())
    count = 1
    while ForwardMsg.FromString(connection.recv(timeout=60)).WhichOneof("type") != "script_finished":
        count += 1
    return count


@pytest.mark.parametrize("sent", NO_MESSAGES.values(), ids=NO_MESSAGES.keys())
def test_what_is_no_message_ends_its_connection_alone(server, sent):
    log = Path(server.log.name)
    before = len(log.read_text().splitlines())
    with live(server) as other, live(server) as bad:
        bad.send(sent)
        with pytest.raises(ConnectionClosed):
            while True:
                bad.recv(timeout=60)
        assert run(other) > 5, "the others go on"
    with urlopen(f"{server.address}/_stcore/health", timeout=60) as health:
        assert health.read() == b"ok"
    written = log.read_text().splitlines()[before:]
    assert len(written) <= 2 and not any("Traceback" in line for line in written)


def test_messages_that_are_repeated_and_out_of_order_do_no_harm(server):
    with live(server) as connection:
        unknown = BackMsg(rerun_script={"fragment_id": "unknown", "page_script_hash": "nowhere"}).SerializeToString()
        for message in (unknown, b"", unknown, unknown):
            connection.send(message)
        assert run(connection) > 5


def computed(server: Server) -> float:
    """Seconds of the processor that the server took so far"""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
def test_twenty_that_leave_in_the_middle_of_long_work_give_their_turn_back(server):
    """Half of them close the connection, half pull the cable"""
    row = "2000x1 0.01 off 1.0\t100\tGrace told stories"
    links = [urlencode(LONG | {"seed": str(n), "update": row}) for n in range(20)]
    with ExitStack() as stack:
        connections = [stack.enter_context(live(server)) for _ in links]
        for connection, link in zip(connections, links, strict=True):
            connection.send(BackMsg(rerun_script={"query_string": link}).SerializeToString())
        for connection in connections:
            while not is_progress(ForwardMsg.FromString(connection.recv(timeout=60))):
                pass
        for connection in connections[::2]:
            connection.socket.shutdown(socket.SHUT_RDWR)
    time.sleep(RETURN)
    before = computed(server)
    time.sleep(1)
    assert computed(server) - before < 0.3, "nobody goes on with what all have left"
    with live(server) as other:
        since = time.monotonic()
        run(other, links[0].replace("2000x1", "40x1"))
        assert time.monotonic() - since < RETURN
