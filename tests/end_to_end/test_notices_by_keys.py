"""Downtime told to customers by keys alone, in a real window: first word, update, end."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.screen import Screen, screen, wait_for
from tests.end_to_end.test_incidents_by_keys import told
from tests.end_to_end.test_window import Desk

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(300)]

MACHINE_SHARE_S = 2.0


@pytest.fixture
def shown() -> Iterator[Screen]:
    with screen() as one:
        yield one


@pytest.fixture
def desk(shown: Screen, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(shown, tmp_path)
    yield desk
    desk.kill()


def run(desk: Desk, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "noc_console", *words],
        env=desk._environment,
        check=True,
        capture_output=True,
        timeout=60,
    )


def test_downtime_is_told_from_the_incident_key_to_the_page_of_the_web(
    desk: Desk, shown: Screen, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    run(desk, "server", "add", "web-01", "--host", "192.0.2.1", "--site", "birch.example=Birch")
    run(
        desk,
        *("channel", "add", "Status", "static-site"),
        *("--set", f"folder={pages}", "--set", "address=https://status.example.com"),
    )
    run(desk, "incident", "open", "Pages do not answer", "--server", "web-01")
    desk.start()

    shown.press("ctrl+3")
    shown.focus("^Incidents – noc-console$")
    shown.press("n")
    shown.focus("^Tell customers$")
    shown.type("Web sites do not answer")
    shown.press("Return")
    sent_s = time.monotonic()
    wait_for(
        lambda: any("Web sites do not answer" in one.read_text() for one in pages.rglob("*.html"))
    )
    spent_s = time.monotonic() - sent_s

    (notice,) = told(desk, "notice", "list")["notices"]
    number = str(notice["id"])
    shown.focus("^Notices – noc-console$")
    shown.press("w")
    shown.focus("^Tell an update$")
    shown.type("A disk is exchanged")
    shown.press("ctrl+Return")
    wait_for(lambda: any("A disk is exchanged" in one.read_text() for one in pages.rglob("*.html")))

    shown.focus("^Notices – noc-console$")
    shown.press("r")
    shown.focus("^Give the all-clear$")
    shown.type("A disk failed")
    shown.press("Tab")
    shown.type("Disks are checked each week")
    shown.press("ctrl+Return")
    wait_for(lambda: told(desk, "notice", "list", "--all")["notices"][0]["standing"] == "done")
    assert told(desk, "notice", "ledger", number)["is_whole"]

    assert desk.quit() == 0
    assert desk.bugs() == ""
    assert spent_s < MACHINE_SHARE_S
