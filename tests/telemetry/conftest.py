"""The shells that a server's /bin/sh can be."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(params=["dash", "bash", "busybox", "zsh"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a /bin/sh that is this shell: each behaves as its name, `sh`, tells it."""
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"{request.param} is not installed")
    link = tmp_path / "bin" / "sh"
    link.parent.mkdir()
    link.symlink_to(program)
    return link
