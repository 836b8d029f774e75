"""The app as `bash .run serve N` serves it: nginx before N processes, on free ports of this machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.helpers.serving import PATIENCE, ROOT

WITHOUT_NGINX = "nginx is not installed and cannot be: several processes are not tested."


class Hosted:
    """What is served, as an operator sees it"""

    def __init__(self, port: int, processes: int, log: Path) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.ports = range(port + 1, port + 1 + processes)
        self.log = log
        self.asked = 0

    def get(self, path: str = "", **headers: str):
        return urlopen(Request(f"{self.address}/{path}", headers=headers), timeout=PATIENCE)

    def written(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def new_path(self) -> str:
        """One that nobody asked for yet, so that it is found in the log"""
        self.asked += 1
        return f"who-answers-{self.asked}"

    def answered(self, path: str) -> int:
        """The port of the process that answered this path"""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for line in self.written().splitlines():
                if f" /{path} " in line:
                    return int(line.split()[-2].rsplit(":", 1)[1])
            time.sleep(0.05)
        raise AssertionError(f"{path} is not in the log")

    def process(self, port: int) -> int:
        """The number of the process that listens there"""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = folder.joinpath("cmdline").read_bytes().split(b"\0")
            except OSError:  # gone meanwhile
                continue
            if f"--server.port={port}".encode() in command:
                return int(folder.name)
        raise AssertionError(f"no process listens at {port}")


def free_ports(how_many: int) -> int:
    """The first of so many free ones in a row"""
    for first in range(18500, 30000, 50):
        sockets = [socket.socket() for _ in range(how_many)]
        try:
            for port, each in enumerate(sockets, first):
                each.bind(("127.0.0.1", port))
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()
        return first
    raise RuntimeError("no ports are free")


def is_open(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def hosted(processes: int, log: Path) -> Iterator[Hosted]:
    """Serve it, and afterwards stop it as Ctrl-C does: then nothing listens any more"""
    if not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"):
        pytest.skip(WITHOUT_NGINX)
    port = free_ports(processes + 1)
    found = Hosted(port, processes, log)
    environment = os.environ | {"PORT": str(port), "VENV": sys.prefix}
    with log.open("w", encoding="utf-8") as out:
        command = ["bash", ROOT / ".run", "serve", str(processes)]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            deadline = time.monotonic() + 3 * PATIENCE
            while not all(map(is_open, (port, *found.ports))):
                assert process.poll() is None and time.monotonic() < deadline, found.written()
                time.sleep(0.1)
            yield found
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
    assert not any(map(is_open, (port, *found.ports))), "all of it stops together"
