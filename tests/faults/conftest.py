"""Real servers and real users to go wrong."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sshd import Sshd


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder other users may enter: sshd reads authorized_keys as the user."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def unstarted(open_folder: Path) -> Iterator[Sshd]:
    """Give an sshd whose options a test chooses before it starts."""
    sshd = Sshd(open_folder / "sshd")
    yield sshd
    sshd.stop()
