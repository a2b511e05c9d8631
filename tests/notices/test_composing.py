"""A notice begins with what the store knows: a window, an incident, another notice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_records import open_incident
from noc_console.incidents.wall_time import WallChoice
from noc_console.incidents.windows.recurrence import Recurrence, Unit
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import UnknownWindow, add_window
from noc_console.notices.composing import (
    again,
    new_notice,
    of_incident,
    of_window,
    put_usual_language,
)
from noc_console.notices.notice import NoticeKind, PlannedSend, Send, UnscheduledState
from noc_console.notices.notice_records import add_notice
from noc_console.notices.reading_through import look_nothing_up, missing_of, read_through
from noc_console.notices.starting import begin_at, with_start
from noc_console.notices.support_routes import put_routes
from tests.notices.composed import NOW, PAGE, PHONE, START, scheduled, unscheduled


@pytest.fixture
def server(store):
    (one,) = add_servers(store, [Server(name="web-07", address="192.0.2.7")], NOW)
    return one


def weekly(server):
    return Window(
        title="Updates",
        servers=(server.id,),
        starts_at=datetime(2026, 11, 21, 1, 0, tzinfo=UTC),
        minutes=45,
        zone="Europe/Berlin",
        recurrence=Recurrence(unit=Unit.WEEKS),
        entered_at=NOW - timedelta(days=9),
    )


def test_a_new_notice_has_supports_routes_the_language_and_the_zone(store):
    put_routes(store, "", [PHONE, PAGE])
    put_usual_language(store, "de")

    notice = new_notice(store, NoticeKind.SCHEDULED, find_zone=lambda: "Europe/Berlin")
    assert (notice.routes, notice.language, notice.zone) == ((PHONE, PAGE), "de", "Europe/Berlin")
    assert new_notice(store, NoticeKind.UNSCHEDULED).next_update_minutes == 30


def test_a_window_gives_servers_length_zone_and_its_next_occurrence(store, server):
    window = add_window(store, weekly(server))
    notice = of_window(store, new_notice(store, NoticeKind.SCHEDULED), window.id, NOW)

    assert notice.starts_at == datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
    assert notice.typed_start == "Sat 2026-11-28 02:00"
    assert (notice.minutes, notice.zone, notice.servers) == (45, "Europe/Berlin", (server.id,))
    assert (notice.title, notice.window_id) == ("Updates", window.id)


def test_an_unknown_window_is_told(store):
    with pytest.raises(UnknownWindow):
        of_window(store, scheduled(), 99, NOW)


def test_recurring_work_has_a_notice_of_its_own_for_each_time(store, server):
    window = add_window(store, weekly(server))
    starts = []
    for _ in range(3):
        told = PlannedSend(send=Send.START, channel="X", due_at=START, text="Ours")
        notice = of_window(store, again(scheduled(plan=(told,))), window.id, NOW)
        starts.append(add_notice(store, notice, by="ada", now=NOW).notice.starts_at)

    first = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
    assert starts == [first, first + timedelta(days=7), first + timedelta(days=14)]
    assert notice.plan == (replace(told, due_at=None),)
    assert notice.reasons == scheduled().reasons


def test_another_notices_texts_begin_a_new_draft_without_its_times():
    old = replace(unscheduled(), id=4, incident_id=9, state=UnscheduledState.RESOLVED)
    new = again(old)

    assert (new.id, new.incident_id, new.since) == (0, 0, None)
    assert new.state is UnscheduledState.INVESTIGATING
    assert new.noticed == old.noticed


def test_an_incident_gives_servers_since_when_and_its_title(store, server):
    incident = open_incident(
        store,
        title="web-07 does not answer",
        severity=Severity.MAJOR,
        began_at=NOW - timedelta(minutes=7),
        server_ids=[server.id],
        by="ada",
        now=NOW,
    )
    notice = of_incident(store, new_notice(store, NoticeKind.UNSCHEDULED), incident.id)

    assert notice.title == "web-07 does not answer"
    assert notice.since == NOW - timedelta(minutes=7)
    assert (notice.servers, notice.incident_id) == ((server.id,), incident.id)
    assert notice.next_update_minutes == 30


@pytest.mark.parametrize(
    ("typed", "choice", "at"),
    [
        ("Sun 2027-10-31 02:30", WallChoice.EARLIER, datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("Sun 2027-10-31 02:30", WallChoice.LATER, datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        ("2026-12-05 02:00", WallChoice.NOT_MADE, START),
    ],
)
def test_a_typed_start_is_an_instant_and_back(typed, choice, at):
    notice = with_start(scheduled(typed_start=typed, wall_choice=choice), NOW)

    assert notice.starts_at == at
    back = begin_at(notice, at)
    assert with_start(back, NOW).starts_at == at
    assert back.wall_choice is choice


def test_a_start_from_now_on_is_written_out(store):
    notice = with_start(scheduled(typed_start="+2h"), NOW)

    assert notice.typed_start == "Tue 2026-11-24 13:00"
    assert notice.starts_at == NOW + timedelta(hours=2)


def test_reading_through_names_what_stands_against_approval(store, server):
    whole = scheduled(servers=(server.id,))

    assert read_through(store, whole, NOW, look_nothing_up).is_complete
    missing = missing_of(store, NOW, look_nothing_up)
    assert missing(whole) == []
    assert missing(replace(whole, reasons="", title="")) == ["4 reasons", "Give it a title."]
