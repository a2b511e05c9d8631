"""A night at the desk by keys alone, in a real window: an incident, a caller, a handover."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.screen import Screen, screen, wait_for
from tests.end_to_end.test_window import Desk

pytestmark = [pytest.mark.slow, pytest.mark.by_keys, pytest.mark.timeout(300)]


@pytest.fixture
def shown() -> Iterator[Screen]:
    with screen() as one:
        yield one


@pytest.fixture
def desk(shown: Screen, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(shown, tmp_path)
    yield desk
    desk.kill()


def told(desk: Desk, *words: str) -> Any:
    """Give what another program reads in the same store."""
    done = subprocess.run(
        [sys.executable, "-m", "noc_console", *words, "--json"],
        env=desk._environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


def test_an_incident_a_caller_and_a_handover_by_keys_alone(desk: Desk, shown: Screen) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "noc_console", "server", "add", "web-01"),
            *("--host", "192.0.2.1", "--site", "birch.example=Birch"),
        ],
        env=desk._environment,
        check=True,
        capture_output=True,
        timeout=60,
    )
    desk.start()

    shown.press("ctrl+3")
    shown.focus("^Incidents – noc-console$")
    shown.press("Insert")
    shown.focus("^Open an incident$")
    shown.type("Pages of web-01 are slow")
    shown.press("Tab", "Tab")
    shown.type("web-01")
    shown.press("Return")
    wait_for(lambda: told(desk, "incident", "list")["incidents"])
    (incident,) = told(desk, "incident", "list")["incidents"]
    assert incident["title"] == "Pages of web-01 are slow"
    assert len(incident["servers"]) == 1

    shown.focus("^Incidents – noc-console$")
    shown.press("w")
    shown.type("A robot asks for every page")
    shown.press("Return")
    number = str(incident["id"])
    wait_for(lambda: "A robot asks" in json.dumps(told(desk, "incident", "show", number)))

    shown.press("ctrl+l")
    shown.focus("^Answer a caller$")
    shown.type("info@birch.example")
    shown.press("ctrl+i")
    shown.press("Escape")

    shown.focus("^Incidents – noc-console$")
    shown.press("ctrl+6")
    shown.focus("^Handover – noc-console$")
    shown.press("g")
    shown.focus("^Hand the shift over$")
    shown.press("Tab")
    shown.type("Quiet but for web-01.")
    shown.press("Tab")
    shown.type("ben")
    shown.press("Return")
    wait_for(lambda: told(desk, "handover", "list")["handovers"])
    (handover,) = told(desk, "handover", "list")["handovers"]
    assert handover["note"] == "Quiet but for web-01."
    assert handover["taken"]["by"] == "ben"
    named = [one["incident"] for one in handover["page"]["sections"]["incidents"]]
    assert named == ["1: Pages of web-01 are slow"]

    assert desk.quit() == 0
    assert desk.bugs() == ""
