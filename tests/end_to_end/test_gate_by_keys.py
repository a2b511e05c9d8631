"""A server is rebooted from the window by keys alone, through the real engine, and all is kept."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import fingerprint
from tests.end_to_end.screen import screen, wait_for
from tests.end_to_end.test_window import Desk
from tests.engine.rebootable import Rebootable

pytestmark = [pytest.mark.slow, pytest.mark.by_keys, pytest.mark.timeout(400)]


@pytest.fixture
def machine(tmp_path):
    made = Rebootable(tmp_path / "machine")
    yield made
    made.close()


def run(desk: Desk, *words: str) -> str:
    """Run a command on the desk's store."""
    done = subprocess.run(
        [sys.executable, "-m", "noc_console", *words],
        env=desk._environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return done.stdout


def acts(desk: Desk) -> list[dict[str, Any]]:
    """Give what passed the gate and is over."""
    found: list[dict[str, Any]] = json.loads(run(desk, "gate", "--json"))
    return [one for one in found if one["state"] in {"done", "failed", "not known"}]


def test_a_reboot_by_keys_with_evidence_and_then_the_wallboard_and_the_past(
    tmp_path: Path, machine: Rebootable
):
    with screen() as shown:
        desk = Desk(shown, tmp_path)
        try:
            _reboot(desk, machine)
            shown.focus("^web1 – noc-console$")
            shown.press("F12")
            shown.press("Escape")
            shown.press("ctrl+t")
            shown.focus("^Time machine – noc-console$")
            shown.press("ctrl+shift+t")
            shown.focus("^Fleet – noc-console$")
            assert desk.quit() == 0
            assert desk.bugs() == ""
        finally:
            desk.kill()


def _reboot(desk: Desk, machine: Rebootable) -> None:
    server, shown = machine.sshd.server(), desk.screen
    desk.start()
    words = ("--host", server.address, "--port", str(server.port), "--user", server.user)
    trusted = ("--trust", fingerprint(machine.sshd.host_key))
    run(desk, "server", "add", "web1", *words, "--key", server.key_file, *trusted)
    wait_for(lambda: desk.server("web1").get("link") == "up")
    shown.press("ctrl+k")
    shown.type("web1")
    shown.press("Return")
    shown.focus("^web1 – noc-console$")
    shown.press("ctrl+b")
    shown.focus("^Reboot web1$")
    shown.type("load 212, no login")
    shown.press("Return")
    shown.type("web1")
    shown.press("Return")
    (act,) = wait_for(lambda: acts(desk), 120)

    assert act["is_well"] is True, act
    assert act["reason"] == "load 212, no login"
    assert act["evidence_id"] is not None, act["evidence"]
    assert machine.boots == 2
    shown.press("Escape")
