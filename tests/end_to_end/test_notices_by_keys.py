"""Downtime told to customers by keys alone, in a real window: first word, update, end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.first_word import set_up, tell_first_word
from tests.end_to_end.screen import Screen, screen, wait_for
from tests.end_to_end.test_incidents_by_keys import told
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


def test_downtime_is_told_from_the_incident_key_to_the_page_of_the_web(
    desk: Desk, shown: Screen, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    set_up(desk, pages)
    desk.start()
    tell_first_word(desk, shown, pages, "Web sites do not answer")

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
