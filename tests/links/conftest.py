"""A real sshd, and what we know of its key."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from noc_console.links.host_keys import KnownKeys
from noc_console.links.ssh import Timeouts
from tests.sshd import Sshd, make_key

QUICK = Timeouts(name_s=3, port_s=2, greeting_s=4, authentication_s=6, channel_s=4)


def knowing(*lines: str, files: tuple[Path, ...] = (), others: tuple[str, ...] = ()) -> KnownKeys:
    """Give keys accepted for every address."""
    return KnownKeys(
        accepted=lambda _address, _port: lines,
        same_key_as=lambda _fingerprint, _address, _port: others,
        files=files,
    )


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    """Give a running sshd."""
    server = Sshd(tmp_path / "sshd").start()
    yield server
    server.stop()


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """Give the key of an authority that signs the keys of hosts and users."""
    return make_key(tmp_path / "authority")


@pytest.fixture
def unstarted(tmp_path: Path) -> Iterator[Sshd]:
    """Give an sshd whose options a test chooses before it starts."""
    sshd = Sshd(tmp_path / "sshd")
    yield sshd
    sshd.stop()


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the socket of a running ssh-agent without keys, which is the one to be used."""
    path = tmp_path / "agent"
    process = subprocess.Popen(
        ["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 30
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
    yield path
    process.terminate()
    process.wait(5)
