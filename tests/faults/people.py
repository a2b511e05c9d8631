"""Real users of this machine for a test, each with a login shell of its own; removed after."""

import contextlib
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="making users needs root")
_numbers = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user and its home."""

    name: str
    home: Path


@contextmanager
def user(shell: str | Path, *, password: str = "") -> Iterator[User]:
    """Make a user with this login shell."""
    name = f"nocf{os.getpid() % 100000}x{next(_numbers)}"
    subprocess.run(["useradd", "-m", "-p", "*", "-s", str(shell), name], check=True)
    try:
        if password:
            subprocess.run(["chpasswd"], input=f"{name}:{password}", text=True, check=True)
        yield User(name=name, home=Path("/home") / name)
    finally:
        _end_processes_of(name)
        subprocess.run(["userdel", "-r", "-f", name], check=False, capture_output=True)
        shutil.rmtree(Path("/home") / name, ignore_errors=True)


def _end_processes_of(name: str) -> None:
    ended = []
    for one in psutil.process_iter(["username"]):
        if one.info["username"] == name:
            with contextlib.suppress(psutil.NoSuchProcess):  # one that was just ending
                one.kill()
            ended.append(one)
    psutil.wait_procs(ended, timeout=10)
