"""A real sshd, and what we know of its key."""

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
