"""The demo's own folder: made at its start, gone at its end, and if not then, at the next start.

Who holds the folder's lock is alive. A folder without is what a demo left that was killed together
with its keeper; the processes it names are ended before it is removed.
"""

import fcntl
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import psutil

from noc_console.cli.demo_fleet.open_ssh import send

_PREFIX = "noc-console-demo-"
STORE = "store"
_LOCK = "lock"
_STARTED = "started.json"
_GONE_WITHIN_S = 10.0


def make_folder() -> Path:
    """Make a folder that is ours alone, and remove what earlier demos left."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if not _is_in_use(left):
            _end_processes(left)
            remove(left)
    return Path(tempfile.mkdtemp(prefix=_PREFIX))


def hold(folder: Path) -> IO[bytes]:
    """Take the folder's lock; it is held until the file is closed or its owner ends.

    Raises:
        OSError: another holds it.
    """
    lock = (folder / _LOCK).open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock


def note_processes(folder: Path, processes: Iterable[psutil.Process]) -> None:
    """Write down which processes must not outlive the folder, for the case that we are killed."""
    noted = [[one.pid, one.create_time()] for one in processes if one.is_running()]
    part = folder / f"{_STARTED}.part"
    part.write_text(json.dumps(noted))
    part.replace(folder / _STARTED)


def remove(folder: Path) -> None:
    """Remove the folder, again while somebody who is about to end still writes into it."""
    deadline = time.monotonic() + _GONE_WITHIN_S
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(0.1)


def _is_in_use(folder: Path) -> bool:
    try:
        if folder.lstat().st_uid != os.geteuid():
            return True  # another person's
        if not (folder / _LOCK).exists():  # it is being made at this moment, or never got further
            return time.time() - folder.stat().st_mtime < _GONE_WITHIN_S
        with hold(folder):
            return False
    except OSError:
        return True


def _end_processes(folder: Path) -> None:
    try:
        noted = json.loads((folder / _STARTED).read_text())
    except (OSError, ValueError):
        return
    for pid, created in noted:
        try:
            process = psutil.Process(pid)
            if process.create_time() == created:  # else the number is another's by now
                send(process, signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
