"""What the tests of the command line share: the program run as a person runs it."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest

from noc_console.cli import main as command_line
from tests.cli.running import Told, fingerprint, words_to_reach
from tests.desk.memory_keyring import MemoryKeyring
from tests.sshd import Sshd

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
def say(tmp_path: Path, state_home: Path, monkeypatch, capsys) -> Callable[..., Told]:
    """`noc-console` in this process, on a store of the test's own; gives what it told."""
    monkeypatch.setenv("NOC_CONSOLE_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object, typed: str = "") -> Told:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        try:
            code = command_line.main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return Told(code=code, out=told.out, err=told.err)

    return run


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """A keyring of the test's own."""
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    """A running sshd."""
    server = Sshd(tmp_path / "sshd").start()
    yield server
    server.stop()


@pytest.fixture
def reach(sshd: Sshd) -> tuple[str, ...]:
    """The words that say how that sshd is reached."""
    return words_to_reach(sshd)


@pytest.fixture
def trusted(say: Callable[..., Told], sshd: Sshd, reach: tuple[str, ...]) -> Sshd:
    """That sshd, in the fleet as `web` with its host key trusted."""
    told = say("server", "add", "web", *reach, "--trust", fingerprint(sshd.host_key))
    assert told.code == 0, told.err
    return sshd


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
