"""The program as the tests of the command line run it: what it told, an engine, a wait."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sshd import Sshd

OTHER = "SHA256:" + "A" * 43
"""A fingerprint that no key has."""


@dataclass(frozen=True)
class Told:
    """What one command told."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output, read as JSON."""
        return json.loads(self.out)


def fingerprint(key: Path) -> str:
    """Give a key's fingerprint as OpenSSH shows it."""
    return subprocess.check_output(["ssh-keygen", "-lf", key], text=True).split()[1]


def words_to_reach(sshd: Sshd) -> tuple[str, ...]:
    """Give the words of `server add` that say how an sshd is reached."""
    server = sshd.server()
    return (
        *("--host", server.address, "--port", str(server.port)),
        *("--user", server.user, "--key", server.key_file),
    )


def wait_for(condition: Callable[[], Any], within_s: float = 60.0) -> Any:
    """Give the first truthy value of a condition."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come true in time")


@contextmanager
def engine(log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `noc-console engine` on the store that the environment names; it is killed at the end."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "noc_console", "engine", *words],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
