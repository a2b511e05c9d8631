"""Availability on the command line: the same figures in every form, with the rule."""

import csv
import io
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server, Site
from noc_console.incidents.availability.standing_records import Standing, Turn, write_turns
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window
from noc_console.store.heartbeat import register, stopped
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

DAY = datetime(2026, 10, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVIL = '=cmd|"<script>alert(1)</script>\x1b[31m'
MONTH = ("--from", "2026-10", "--zone", "UTC")


@pytest.fixture
def month(tmp_path: Path) -> None:
    """A store in which web was down for two hours, one of them in a window."""
    with closing(open_store(StoreLocation.parse(str(tmp_path / "store")))) as store:
        server = Server(
            name="web",
            address="192.0.2.1",
            groups=("shared",),
            sites=(Site(domain="a.example", customer=EVIL),),
        )
        web = add_server(store, server, DAY - 30 * 24 * HOUR)
        first = register(store, "here", 1, "1", DAY)
        for step in range(0, 4 * 3600, 30):
            at = DAY + timedelta(seconds=step)
            beat_to(store, first.id, at)
        stopped(store, first.id, DAY + 4 * HOUR)
        with store.write() as connection:
            turns = [
                Turn(web.id, "", Standing.UP, DAY),
                Turn(web.id, "", Standing.DOWN, DAY + HOUR),
                Turn(web.id, "", Standing.UP, DAY + 3 * HOUR),
                Turn(web.id, "nginx", Standing.UP, DAY),
            ]
            write_turns(connection, turns)
        plan = Window(
            title="kernel", servers=(web.id,), starts_at=DAY + HOUR, minutes=60, entered_at=DAY
        )
        add_window(store, plan)


def beat_to(store, engine_id, at):
    from noc_console.store.schema.engines import watch_span

    with store.write() as connection:
        mine = watch_span.c.engine_id == engine_id
        connection.execute(watch_span.update().where(mine).values(ended_at=at))


def test_every_form_tells_the_same_and_the_rule(say, month, tmp_path):
    told = say("availability", *MONTH, "--json").json

    web = next(row for row in told["rows"] if row["kind"] == "server")
    assert (web["up_s"], web["scheduled_down_s"], web["unscheduled_down_s"]) == (7200, 3600, 3600)
    assert web["not_watched_s"] == 31 * 86_400 - 4 * 3600
    assert web["percent_maintenance_as_up"] == 75.0
    assert web["percent_maintenance_as_down"] == 50.0
    assert web["outages"][0]["from"] == "2026-10-25T02:00:00.000Z"
    assert web["spans"]["scheduled_down"][0]["to"] == "2026-10-25T02:00:00.000Z"
    assert told["windows"][0]["booked_to"] == "2026-10-25T02:00:00.000Z"
    assert any("unscheduled" in rule for rule in told["rules"])

    table = list(csv.DictReader(io.StringIO(say("availability", *MONTH, "--csv").out)))
    row = next(one for one in table if one["kind"] == "server")
    assert float(row["percent_maintenance_as_up"]) == 75.0

    lines = say("availability", *MONTH, "--server", "web").out
    assert "75.0000 %" in lines
    assert "(up + scheduled down)" in lines
    assert "web: 2026-10-25T02:00:00.000Z to 2026-10-25T03:00:00.000Z, seen down 1 h" in lines


def test_reports_are_written_with_hostile_names_made_harmless(say, month, tmp_path):
    page, paper = tmp_path / "a.html", tmp_path / "a.pdf"

    assert say("availability", *MONTH, "--html", page).code == 0
    told = say("availability", *MONTH, "--pdf", paper)

    html = page.read_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "75.0000 %" in html
    assert "<script>" not in html
    assert "\x1b" not in html
    assert told.code == 0, told.err
    assert paper.read_bytes().startswith(b"%PDF")
    table = list(csv.DictReader(io.StringIO(say("availability", *MONTH, "--csv").out)))
    customer = next(one for one in table if one["kind"] == "customer")
    assert customer["name"].startswith("'=")


def test_a_scope_narrows_the_report_and_a_target_is_set_for_it(say, month):
    told = say("availability", *MONTH, "--group", "shared", "--set-target", "99.99", "--json").json

    group = next(row for row in told["rows"] if row["kind"] == "group")
    assert group["target_percent"] == 99.99
    assert group["budget_left_s"] < 0
    web = next(row for row in told["rows"] if row["kind"] == "server")
    assert web["target_percent"] == 99.99
    services = say("availability", *MONTH, "--service", "nginx", "--json").json["rows"]
    assert [row["kind"] for row in services] == ["all", "service"]
    back = say("availability", *MONTH, "--group", "shared", "--set-target", "none", "--json").json
    assert {row["target_percent"] for row in back["rows"]} == {99.9}


def test_what_cannot_be_is_said(say, month):
    assert "has not begun" in say("availability", "--from", "2099").err
    assert "is no range" in say("availability", "--from", "soon").err
    assert (
        "ends before it begins" in say("availability", "--from", "2026-10", "--to", "2026-09").err
    )
    assert "no server called" in say("availability", *MONTH, "--server", "nobody").err
    assert say("availability", "--set-target", "101").code == 2


def test_a_span_is_marked_as_seen_wrongly_with_a_reason_and_taken_back(say, month):
    marking = ("--server", "web", "--mark-not-watched", "2026-10-25T02:00", "2026-10-25T02:30")
    assert "why it was seen wrongly" in say("availability", *MONTH, *marking).err

    told = say("availability", *MONTH, *marking, "--reason", EVIL, "--json")

    (web,) = [row for row in told.json["rows"] if row["kind"] == "server"]
    assert (web["unscheduled_down_s"], web["recorded_unscheduled_down_s"]) == (1800, 3600)
    assert web["recorded_percent_maintenance_as_up"] == 75.0
    assert told.json["marks"][0]["reason"] == EVIL
    lines = say("availability", *MONTH, "--server", "web").out
    assert "MARKED AS SEEN WRONGLY" in lines
    assert "as recorded, without marks: 75.0000 %" in lines
    assert "\x1b" not in lines
    back = say("availability", *MONTH, "--take-back", 1, "--json").json
    (web,) = [row for row in back["rows"] if row["kind"] == "server"]
    assert web["unscheduled_down_s"] == 3600
    assert back["marks"][0]["taken_back_by"]
    assert "no mark 1" in say("availability", *MONTH, "--take-back", 1).err
    assert "--server" in say("availability", *MONTH, *marking[2:], "--reason", "x").err


def test_the_report_shows_marks_and_both_sums_as_text(say, month, tmp_path):
    marking = ("--server", "web", "--mark-not-watched", "2026-10-25T02:00", "2026-10-25T02:30")
    say("availability", *MONTH, *marking, "--reason", EVIL)

    say("availability", *MONTH, "--html", tmp_path / "report.html")

    page = (tmp_path / "report.html").read_text()
    assert "Marked as seen wrongly" in page
    assert "as recorded, without marks" in page
    assert "<script>" not in page
