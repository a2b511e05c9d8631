"""What the tests of the command line share: the program run as a person runs it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from noc_console.cli import main as command_line

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def program(tmp_path: Path, state_home: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """`noc-console` in a process of its own, on a store of the test's own."""
    monkeypatch.setenv("NOC_CONSOLE_STORE", str(tmp_path / "store"))

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "noc_console", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., int]], None]:
    """Replace what every command does by one function of the test's."""

    def replace(act: Callable[..., int]) -> None:
        class Replacement:
            def add_arguments(self, parser):
                parser.add_argument("words", nargs="*")
                parser.add_argument("--flag", action="store_true")

            def run(self, arguments):
                return act(arguments)

        monkeypatch.setattr(command_line, "load_command", lambda _name: Replacement())

    return replace
