"""Planned work by keys alone, in a real window: planned, begun, mute, ended, counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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


def stages(desk: Desk) -> dict[str, str]:
    """Give each window's stage by its title."""
    found = told(desk, "window", "list")["occurrences"]
    return {one["title"]: one["stage"] for one in found}


def test_work_is_begun_ended_and_planned_by_keys_alone(desk: Desk, shown: Screen) -> None:
    desk.start()
    desk.engine()
    machine = wait_for(lambda: desk.status()["servers"])[0]["name"]
    plan = ("window", "add", "Disks", "--server", machine, "--start", "+10m", "--minutes", "30")
    told(desk, *plan)

    shown.press("ctrl+4")
    shown.focus("^Windows – noc-console$")
    shown.press("s")
    wait_for(lambda: stages(desk) == {"Disks": "running"})
    wait_for(lambda: desk.server(machine)["verdict"] == "in maintenance")
    shown.press("e")
    wait_for(lambda: stages(desk) == {"Disks": "over"})
    wait_for(lambda: desk.server(machine)["verdict"] != "in maintenance")

    shown.press("Insert")
    shown.focus("^Plan a window$")
    shown.type("Kernel")
    shown.press("Tab")
    shown.type(machine)
    shown.press("Tab", "Return")
    wait_for(lambda: stages(desk).get("Kernel") == "planned")

    shown.focus("^Windows – noc-console$")
    shown.press("ctrl+5")
    shown.focus("^Availability – noc-console$")
    rows = told(desk, "availability")["rows"]
    assert next(row for row in rows if row["name"] == machine)["unscheduled_down_s"] == 0
    assert desk.bugs() == ""
    assert desk.quit() == 0
