"""What the browser fetches once lies in a folder that goes with its process, however that ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.serving import ROOT

STARTS = "from explorer.components.served import own_folder; print(own_folder(), flush=True); input()"


@pytest.fixture
def start(tmp_path):
    """A process with a folder of its own, and that folder"""
    started = []

    def new() -> tuple[subprocess.Popen, Path]:
        process = subprocess.Popen(
            [sys.executable, "-c", STARTS],
            cwd=ROOT,
            env={"TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, Path(process.stdout.readline().strip())

    yield new
    for process in started:
        process.kill()
        process.communicate()


def test_a_killed_process_leaves_its_folder_to_the_next_and_a_living_one_keeps_its_own(start):
    killed, left = start()
    _, kept = start()
    (left / "script.js").write_text("…")
    killed.kill()
    killed.wait()
    assert left.exists()
    _, new = start()
    assert not left.exists() and kept.exists() and new.exists() and new != kept


def test_a_process_that_ends_takes_its_folder_along(start):
    process, folder = start()
    process.communicate("\n")
    assert process.returncode == 0 and not folder.exists()
