"""A session bus of a test's own, and on it a notification server or a real dunst."""

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def session_bus() -> Iterator[str]:
    """Run a bus; gives its address."""
    process = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


class NotificationServer:
    """The notification server of the tests, in a process of its own."""

    def __init__(self, address: str) -> None:
        """Start it and wait until it owns the name."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.desk.notification_server"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DBUS_SESSION_BUS_ADDRESS": address},
        )
        self._calls: queue.Queue[dict[str, Any]] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self.next()["call"] == "ready"

    def next(self, timeout_s: float = 10.0) -> dict[str, Any]:
        """Give the next call it was sent."""
        return self._calls.get(timeout=timeout_s)

    @property
    def is_idle(self) -> bool:
        """Whether every call was looked at."""
        return self._calls.empty()

    def press(self, number: int, key: str) -> None:
        """Press a button of a note, as a person does."""
        self._write(f"act {number} {key}")

    def close_note(self, number: int) -> None:
        """Close a note, as a person does."""
        self._write(f"close {number} -")

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait(10)
        self._thread.join(5)
        self._process.stdin.close()
        self._process.stdout.close()

    def pause(self) -> None:
        """Let it hang."""
        import signal

        self._process.send_signal(signal.SIGSTOP)

    def _write(self, line: str) -> None:
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._calls.put(json.loads(line))


@contextmanager
def dunst(address: str, folder: Path) -> Iterator[None]:
    """Run a real dunst on a screen of its own."""
    display_read, display_write = os.pipe()
    screen = subprocess.Popen(
        [
            "Xvfb",
            "-displayfd",
            str(display_write),
            "-screen",
            "0",
            "640x480x24",
            "-nolisten",
            "tcp",
            "-noreset",  # else it ends who connects just when its last client leaves
        ],
        pass_fds=(display_write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(display_write)
    with os.fdopen(display_read) as told:
        number = told.readline().strip()
    process = subprocess.Popen(
        [shutil.which("dunst") or "dunst"],
        env=os.environ
        | {
            "DISPLAY": f":{number}",
            "DBUS_SESSION_BUS_ADDRESS": address,
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        for one in (process, screen):
            one.kill()
            one.wait(10)


def wait_for(condition: Any, timeout_s: float = 30.0) -> None:
    """Wait until a condition holds, without Qt."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.02)
