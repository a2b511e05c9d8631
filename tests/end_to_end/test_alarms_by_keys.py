"""An alarm in the real window, from a server that is not there to a person who is on it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.screen import screen, wait_for
from tests.end_to_end.test_window import Desk
from tests.sshd import free_port

pytestmark = [pytest.mark.slow, pytest.mark.by_keys, pytest.mark.timeout(300)]


def say(desk: Desk, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "noc_console", *words],
        env=desk._environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def alarm(desk: Desk) -> dict[str, Any]:
    """Give the one open alarm; empty while there is none."""
    told = json.loads(say(desk, "alarm", "list", "--all", "--json"))["alarms"]
    return next((one for one in told if one["server"] == "dead"), {})


def test_an_alarm_is_claimed_acknowledged_and_kept_from_the_keyboard(tmp_path: Path) -> None:
    with screen() as shown:
        desk = Desk(shown, tmp_path)
        try:
            desk.start()
            shown.press("ctrl+2")
            shown.focus("^Alarms – noc-console$")
            say(desk, "server", "add", "dead", "--host", "127.0.0.1", "--port", str(free_port()))
            wait_for(lambda: alarm(desk))

            shown.press("c")
            wait_for(lambda: alarm(desk)["claimed"])
            shown.press("a")
            shown.focus("^Acknowledge$")
            shown.type("we know")
            shown.press("Return")
            wait_for(lambda: alarm(desk)["state"] == "acknowledged")

            assert alarm(desk)["acknowledged"]["reason"] == "we know"
            assert desk.quit() == 0
            assert alarm(desk)["claimed"]
            assert desk.bugs() == ""
        finally:
            desk.kill()
