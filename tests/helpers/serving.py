"""The app as a reader starts it: `streamlit run explorer/app.py`, as a process of its own on a free port."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "explorer" / "app.py"
PATIENCE = 60  # seconds until a server must answer


@contextmanager
def serving(directory: Path, app: Path = APP) -> Iterator[str]:
    """Run the app from `directory`; gives its address, and stops it afterwards."""
    with Server(directory, app) as server:
        yield server.address


class Server:
    """The app, run from a directory on a free port of its own, where it can be killed and started again"""

    def __init__(self, directory: Path, app: Path = APP, log: IO | None = None) -> None:
        self.directory, self.app, self.log = directory, app, log  # log: where it writes what goes wrong
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait()

    def start(self) -> None:
        """Until it answers"""
        command = [sys.executable, "-m", "streamlit", "run", self.app, f"--server.port={self.port}"]
        command += ["--server.headless=true", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=self.directory, stderr=self.log, **quiet)
        _wait(self.process, f"{self.address}/_stcore/health")

    def kill(self) -> None:
        """As a power cut does"""
        self.process.kill()
        self.process.wait()


def _wait(process: subprocess.Popen, health: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(health, timeout=PATIENCE):
                return
        except URLError:  # not listening yet
            time.sleep(0.05)
    raise RuntimeError("The app's server did not start.")
