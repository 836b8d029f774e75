"""The folder with what the browser fetches once: of each process its own, and gone with it."""

import atexit
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: there a folder stays whose process was killed
    fcntl = None  # type: ignore[assignment]

PREFIX, IN_USE = "rnn-explorer-", "in-use"
_held: list[IO] = []  # a lock lasts as long as its file is open, and no longer than its process


def own_folder() -> Path:
    """A new folder; those of processes that were killed, and could not clean up, are removed."""
    remove_left()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if fcntl:
        locked = folder / "new"
        _held.append(locked.open("w"))
        fcntl.flock(_held[-1], fcntl.LOCK_EX)
        locked.rename(folder / IN_USE)  # nobody sees it before it is locked
    return folder


def remove_left() -> None:
    """Removes the folders whose lock nobody holds."""
    for mark in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{IN_USE}"):
        with suppress(OSError), mark.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # an error where a process lives
            shutil.rmtree(mark.parent, ignore_errors=True)
