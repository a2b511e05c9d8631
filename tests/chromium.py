"""A real Chromium without a display, that opens a page and gives what came of it."""

import shutil
import subprocess
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_WITHIN_S = 120
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-extensions", "--disable-dev-shm-usage"),
    *("--no-proxy-server", "--force-color-profile=srgb", "--virtual-time-budget=4000"),
)


def skip_without_chromium() -> str:
    """Give the browser's program; leave a test out where there is none."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    return found


class Chromium:
    """Starts it anew for each page, with a profile of its own in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Use this folder."""
        self._program = skip_without_chromium()
        self._flags = [*_FLAGS, f"--user-data-dir={folder / 'profile'}"]
        self._home = folder

    def dom(self, address: str) -> str:
        """Give the page's elements as HTML, after it was laid out and its scripts ran."""
        return self._run("--dump-dom", address)

    def picture(self, address: str, out: Path, size: tuple[int, int], *more: str) -> bytes:
        """Take a picture; gives the PNG's bytes."""
        self._run(f"--screenshot={out}", f"--window-size={size[0]},{size[1]}", *more, address)
        return out.read_bytes()

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [self._program, *self._flags, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_WITHIN_S,
            check=False,
            env={"HOME": str(self._home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
