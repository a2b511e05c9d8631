"""The real program in a real window, driven by keys and mouse, against a real sshd."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.end_to_end.screen import Screen, screen, wait_for
from tests.sshd import Sshd

pytestmark = [pytest.mark.slow, pytest.mark.by_keys, pytest.mark.timeout(400)]
QUIT_WITHIN_S = 20


class Desk:
    """`noc-console desk` as a person starts it, on a store and a home of the test's own."""

    def __init__(self, shown: Screen, folder: Path) -> None:
        self.screen = shown
        self.folder = folder
        (folder / "home").mkdir()
        self._environment = {
            **shown.environment,
            "HOME": str(folder / "home"),
            "NOC_CONSOLE_STORE": str(folder / "store"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What it runs with: another program with the same has its store."""
        return self._environment

    def start(self) -> None:
        """Start it, and wait for the fleet page."""
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "noc_console", "desk"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        self.screen.focus("^Fleet – noc-console$")

    def status(self) -> dict[str, Any]:
        """Give what the store says, as another program reads it."""
        done = subprocess.run(
            [sys.executable, "-m", "noc_console", "status", "--json"],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def server(self, name: str) -> dict[str, Any]:
        """Give one server of the store; empty when it is not there."""
        servers = self.status()["servers"]
        return next((one for one in servers if one["name"] == name), {})

    def engine(self) -> psutil.Process:
        """Wait for an engine that watches, and give its process."""
        told = wait_for(lambda: self.status()["engine"])
        return psutil.Process(told["pid"])

    def quit(self) -> int:
        """Close the window from the keyboard; gives the exit status."""
        assert self.process is not None
        self.screen.press("ctrl+q")
        return self.process.wait(QUIT_WITHIN_S)

    def kill(self) -> None:
        """End it as a crash does."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def bugs(self) -> str:
        """Give what was logged as a bug."""
        log = self.folder / "state" / "noc-console" / "bugs.log"
        return log.read_text() if log.exists() else ""


@pytest.fixture
def shown() -> Iterator[Screen]:
    with screen() as one:
        yield one


@pytest.fixture
def desk(shown: Screen, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(shown, tmp_path)
    yield desk
    desk.kill()


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    home = tmp_path / "server-home"
    home.mkdir()
    server = Sshd(tmp_path / "sshd", options={"SetEnv": f"HOME={home}"}).start()
    yield server
    server.stop()


def add_by_keyboard(shown: Screen, name: str, sshd: Sshd) -> None:
    server = sshd.server()
    shown.press("ctrl+n")
    shown.focus("^Add a server$")
    for text in (name, server.address, str(server.port), server.user):
        shown.type(text)
        shown.press("Tab")
    shown.press("Down", "Tab")  # from the agent to a key file
    shown.type(server.key_file)
    shown.press("alt+a")


def open_by_keyboard(shown: Screen, name: str) -> None:
    shown.focus("– noc-console$")
    shown.press("ctrl+k")
    shown.type(name)
    shown.press("Return")
    shown.focus(f"^{name} – noc-console$")


def is_gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended between the two questions
        return True


def test_a_server_added_by_keyboard_is_live_and_still_there_after_a_restart(shown, desk, sshd):
    desk.start()
    add_by_keyboard(shown, "web1", sshd)
    wait_for(lambda: desk.server("web1"))
    open_by_keyboard(shown, "web1")

    wait_for(lambda: desk.server("web1")["link"] == "waiting for a person")
    assert (
        desk.server("web1")["sample"] is None
    )  # nothing was sent before a person accepted the key
    shown.press("alt+r")
    shown.focus("^Host key of web1$")
    shown.press("alt+a")
    sample = wait_for(lambda: desk.server("web1")["sample"])
    engine = desk.engine()

    assert sample["cores"] == os.cpu_count()
    assert desk.server("web1")["link"] == "up"
    assert desk.quit() == 0
    wait_for(lambda: is_gone(engine))
    wait_for(lambda: len(sshd.family()) == 1)  # no session, and so no loop, is left on the server
    assert desk.status()["engine"] is None

    desk.start()
    wait_for(lambda: desk.server("web1")["link"] == "up")
    wait_for(lambda: desk.server("web1")["sample"]["at"] > sample["at"])
    assert desk.quit() == 0
    assert desk.bugs() == ""


def test_a_window_that_is_killed_leaves_no_engine_behind(desk):
    desk.start()
    engine = desk.engine()

    desk.kill()

    wait_for(lambda: is_gone(engine), 30)
    assert desk.status()["engine"] is None


def test_an_engine_that_is_killed_is_replaced_at_once(desk):
    desk.start()
    engine = desk.engine()
    engine.send_signal(signal.SIGKILL)

    wait_for(lambda: (desk.status()["engine"] or {}).get("pid") not in {None, engine.pid}, 30)
    assert desk.quit() == 0
    assert desk.bugs() == ""


def test_beside_an_engine_of_a_team_the_window_starts_none_and_leaves_it_running(desk, tmp_path):
    store = str(tmp_path / "store")
    with (tmp_path / "team.log").open("wb") as log:
        team = subprocess.Popen(
            [sys.executable, "-m", "noc_console", "engine", "--store", store],
            stdout=log,
            stderr=log,
        )
    try:
        assert desk.engine().pid == team.pid
        desk.start()
        children = psutil.Process(desk.process.pid).children()
        assert desk.quit() == 0

        assert children == []
        assert team.poll() is None
        assert desk.engine().pid == team.pid
    finally:
        team.terminate()
        team.wait(10)


def test_every_page_is_reached_from_the_keyboard_and_by_mouse(shown, desk):
    desk.start()
    for keys, title in (
        (["ctrl+comma"], "^Settings – noc-console$"),
        (["ctrl+1"], "^Fleet – noc-console$"),
        (["alt+Left"], "^Settings – noc-console$"),
        (["alt+Right"], "^Fleet – noc-console$"),
        (["F1"], "^Keys$"),
        (["Escape"], "^Fleet – noc-console$"),
        (["ctrl+i"], "Import"),
        (["Escape"], "^Fleet – noc-console$"),
    ):
        shown.press(*keys)
        shown.focus(title)
    shown.click("^Fleet – noc-console$", 60, 75)  # Alarms, the second in the rail
    shown.focus("^Alarms")

    assert desk.quit() == 0
    assert desk.bugs() == ""
