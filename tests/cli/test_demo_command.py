"""`noc-console demo`, run as a person runs it: it shows its servers, and leaves nothing behind."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

WITHIN_S = 60.0

pytestmark = pytest.mark.slow


def wait_for(is_true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not is_true():
        assert time.monotonic() < deadline, f"it did not come within {WITHIN_S:.0f} s: {what}"
        time.sleep(0.1)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A home and a place for temporary folders, both empty."""
    found = {"HOME": tmp_path / "home", "TMPDIR": tmp_path / "room"}
    for name, folder in found.items():
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "NOC_CONSOLE_STORE"):
        monkeypatch.delenv(name, raising=False)
    return found


@contextmanager
def demo(*words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "noc_console", "demo", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        for one in everything_of(process.pid):
            one.kill()
        process.communicate()


def everything_of(pid: int) -> list[psutil.Process]:
    """Give the demo's process and all it started: engine, keeper, servers, sessions, shells."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def names_of(processes: list[psutil.Process]) -> list[str]:
    words = []
    for one in processes:
        with suppress(psutil.Error):
            words.append(" ".join(one.cmdline()))
    return words


def is_in_full_swing(pid: int) -> bool:
    """Whether servers serve sessions and one is frozen, so that there is much to leave behind."""
    everything = everything_of(pid)
    sessions = [name for name in names_of(everything) if "@notty" in name]
    return len(sessions) > 5 and any(map(is_frozen, everything))


def is_frozen(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return bool(process.status() == psutil.STATUS_STOPPED)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_the_demo_ends_nothing_is_left(places, number):
    with demo("--off-screen", "600") as process:
        wait_for(lambda: is_in_full_swing(process.pid), "servers with sessions, one of them frozen")
        everything = everything_of(process.pid)

        process.send_signal(number)

        _, alive = psutil.wait_procs(everything, timeout=WITHIN_S)
        assert names_of(alive) == []
        wait_for(lambda: list(places["TMPDIR"].iterdir()) == [], "its folder gone")


def test_off_screen_it_tells_the_fleet_and_touches_nothing_of_the_persons_own(places, tmp_path):
    pictures = tmp_path / "pictures"
    with demo("--off-screen", "15", "--pictures", str(pictures)) as process:
        told, complaints = process.communicate(timeout=100)

    assert (process.returncode, complaints) == (0, "")
    for name in ("web-01", "web-02", "web-03", "mail-01", "db-01", "gate-01", "dns-01"):
        assert name in told
    drawn = sorted(pictures.glob("*.png"))
    assert drawn
    assert all(str(picture) in told for picture in drawn)
    assert list(places["TMPDIR"].iterdir()) == []
    assert [path for path in places["HOME"].rglob("*") if path.is_file()] == []


def test_without_a_display_it_says_so_and_starts_no_server(places, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)

    with demo() as process:
        told, complaints = process.communicate(timeout=60)

    assert (process.returncode, told) == (1, "")
    assert "no display" in complaints
    assert list(places["TMPDIR"].iterdir()) == []
