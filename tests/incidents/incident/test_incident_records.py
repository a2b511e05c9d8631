"""Incidents in a store of each kind: what a person does is kept with who and when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from noc_console.fleet.records import add_server, edit_server
from noc_console.fleet.server import Server, Site
from noc_console.incidents.incident.draft import Draft
from noc_console.incidents.incident.incident import (
    EntryKind,
    IncidentState,
    InvalidIncident,
    NotNow,
    Severity,
    UnknownIncident,
    in_order_of_need,
)
from noc_console.incidents.incident.incident_records import (
    IncidentChange,
    affected_servers,
    change_incident,
    change_scope,
    close_incident,
    entries_of,
    get_incident,
    list_incidents,
    note,
    open_draft_once,
    open_incident,
    reopen_incident,
    resolve_incident,
    tell_customers,
)
from noc_console.store.changes import ChangeSignal
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def web(any_store):
    sites = (Site(domain="birch.example", customer="Birch Ltd"),)
    return add_server(any_store, Server(name="web-02", address="192.0.2.2", sites=sites), NOW)


@pytest.fixture
def opened(any_store, web):
    return open_incident(
        any_store,
        [7, 8],
        title="web-02 is slow",
        severity=Severity.MAJOR,
        server_ids=[web.id],
        by="anna",
        now=NOW,
        began_at=NOW - 5 * MINUTE,
    )


def test_an_incident_is_read_as_it_was_opened(any_store, opened, web):
    again = get_incident(any_store, opened.id)

    assert again == opened
    assert (again.server_ids, again.alarm_ids) == ((web.id,), (7, 8))
    assert again.next_update_at == NOW + 30 * MINUTE
    assert [one.kind for one in entries_of(any_store, opened.id)] == [EntryKind.OPENED]


def test_whom_it_affects_is_kept_though_the_customer_moves_away(any_store, opened, web):
    edit_server(any_store, Server(id=web.id, name="web-2", address="192.0.2.2"), NOW)

    (affected,) = affected_servers(any_store, opened.id)

    assert affected.name == "web-02"
    assert affected.sites == (Site(domain="birch.example", customer="Birch Ltd"),)


def test_alarms_that_are_in_an_incident_open_no_other_until_it_is_closed(any_store, opened):
    def again(*alarm_ids):
        draft = Draft(
            title="again",
            severity=Severity.MINOR,
            began_at=NOW,
            alarm_ids=alarm_ids,
        )
        return open_draft_once(any_store, draft, by="ben", now=NOW)

    assert again(7) == (opened, False)
    assert again(8, 7) == (opened, False)
    other, is_new = again(7, 9)
    assert (is_new, other.alarm_ids) == (True, (7, 9))
    close_incident(any_store, opened.id, by="anna", now=NOW)
    assert again(8)[1]
    assert again()[1]


def test_two_desks_that_press_the_key_at_once_open_one(any_store, web):
    draft = Draft(
        title="x", severity=Severity.MINOR, began_at=NOW, server_ids=(web.id,), alarm_ids=(3,)
    )
    with ThreadPoolExecutor(4) as desks:
        calls = [
            desks.submit(open_draft_once, any_store, draft, by=f"desk {n}", now=NOW)
            for n in range(8)
        ]
    opened = [call.result() for call in calls]

    assert sum(is_new for _, is_new in opened) == 1
    assert len({one.id for one, _ in opened}) == 1


def test_an_update_moves_the_clock_and_says_when_customers_hear_again(any_store, opened):
    told = tell_customers(
        any_store,
        opened.id,
        "We are on it.",
        by="ben",
        now=NOW + MINUTE,
        next_update_at=NOW + 20 * MINUTE,
    )
    again = get_incident(any_store, opened.id)

    assert told.due_at == again.next_update_at == NOW + 20 * MINUTE
    assert again.overdue_by(NOW + 19 * MINUTE) is None
    assert again.overdue_by(NOW + 23 * MINUTE) == 3 * MINUTE


def test_a_promise_holds_though_the_service_is_back_until_it_is_told(any_store, opened):
    resolved = resolve_incident(any_store, opened.id, by="anna", now=NOW + MINUTE)
    assert resolved.overdue_by(NOW + 31 * MINUTE) == MINUTE

    tell_customers(
        any_store, opened.id, "It is over.", by="ben", now=NOW + 2 * MINUTE, next_update_at=None
    )
    assert get_incident(any_store, opened.id).overdue_by(NOW + 99 * MINUTE) is None


def test_a_note_may_tell_of_what_happened_earlier_and_never_of_the_future(any_store, opened):
    early = note(any_store, opened.id, "A", by="anna", now=NOW, at=NOW - 9 * MINUTE)
    late = note(any_store, opened.id, "B", by="anna", now=NOW, at=NOW + 9 * MINUTE)

    assert (early.at, early.written_at) == (NOW - 9 * MINUTE, NOW)
    assert late.at == NOW
    assert next(one.words for one in entries_of(any_store, opened.id)) == "A"


def test_a_change_is_told_in_words_and_no_change_is_not(any_store, opened):
    change = IncidentChange(severity=Severity.CRITICAL, lead=" anna ", title="web-02 is slow")
    changed = change_incident(any_store, opened.id, change, by="ben", now=NOW + MINUTE)
    change_incident(any_store, opened.id, change, by="ben", now=NOW + 2 * MINUTE)

    assert (changed.severity, changed.lead) == (Severity.CRITICAL, "anna")
    told = [one for one in entries_of(any_store, opened.id) if one.kind is EntryKind.CHANGED]
    assert [one.words for one in told] == ["major became critical; lead is anna."]


def test_servers_and_alarms_come_and_go_with_an_entry(any_store, opened, web):
    mail = add_server(any_store, Server(name="mail-01", address="192.0.2.3"), NOW)
    changed = change_scope(
        any_store,
        opened.id,
        add_servers=[mail.id, web.id],
        add_alarms=[8, 9],
        by="ben",
        now=NOW + MINUTE,
    )
    assert (changed.server_ids, changed.alarm_ids) == ((web.id, mail.id), (7, 8, 9))

    left = change_scope(
        any_store, opened.id, remove_servers=[web.id, 999], by="ben", now=NOW + 2 * MINUTE
    )
    assert left.server_ids == (mail.id,)
    told = [one.words for one in entries_of(any_store, opened.id)][1:]
    assert told == ["mail-01 is affected too; alarm 9 belongs to it.", "web-02 is not affected."]


def test_what_is_over_is_not_over_twice_and_the_second_is_told_by_whom(any_store, opened):
    resolve_incident(any_store, opened.id, by="anna", now=NOW + MINUTE)

    with pytest.raises(NotNow, match="resolved by anna"):
        resolve_incident(any_store, opened.id, by="ben", now=NOW + 2 * MINUTE)
    assert len(entries_of(any_store, opened.id)) == 2


def test_closing_resolves_and_takes_the_clock_away_and_reopening_sets_it(any_store, opened):
    closed = close_incident(any_store, opened.id, by="anna", now=NOW + 9 * MINUTE)
    assert (closed.state, closed.resolved_by) == (IncidentState.CLOSED, "anna")
    assert closed.next_update_at is None
    assert closed.lasted(NOW + 99 * MINUTE) == 14 * MINUTE

    again = reopen_incident(any_store, opened.id, by="ben", now=NOW + 20 * MINUTE)
    assert (again.state, again.resolved_at, again.closed_at) == (IncidentState.OPEN, None, None)
    assert again.next_update_at == NOW + 50 * MINUTE


@pytest.mark.parametrize(
    ("title", "due"), [("", 30), ("two\nlines", 30), ("x" * 201, 30), ("good", -1), ("good", 99999)]
)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(any_store, title, due):
    with pytest.raises(InvalidIncident):
        open_incident(
            any_store,
            title=title,
            severity=Severity.MINOR,
            server_ids=[],
            by="anna",
            now=NOW,
            next_update_at=NOW + due * MINUTE,
        )
    assert list_incidents(any_store) == []


def test_an_empty_note_and_a_note_to_nothing_are_refused(any_store, opened):
    with pytest.raises(InvalidIncident, match="empty note"):
        note(any_store, opened.id, "  \n", by="anna", now=NOW)
    with pytest.raises(UnknownIncident, match="no incident 99"):
        note(any_store, 99, "words", by="anna", now=NOW)


def test_every_write_is_seen_by_other_desks(any_store, opened):
    signal = ChangeSignal(any_store)
    signal.poll()
    note(any_store, opened.id, "words", by="anna", now=NOW)

    assert "incident" in signal.poll()
    signal.close()


def test_the_longest_overdue_comes_first_and_the_closed_last(any_store):
    def made(severity, due):
        return open_incident(
            any_store,
            title="x",
            severity=severity,
            server_ids=[],
            by="anna",
            now=NOW,
            next_update_at=NOW + due * MINUTE,
        )

    calm, late, later = (
        made(Severity.CRITICAL, 90),
        made(Severity.MINOR, 2),
        made(Severity.MINOR, 1),
    )
    done = close_incident(any_store, made(Severity.CRITICAL, 9).id, by="anna", now=NOW)

    found = list_incidents(any_store)
    order = [one.id for one in in_order_of_need(found, NOW + 5 * MINUTE)]

    assert order == [later.id, late.id, calm.id, done.id]
    assert done.id not in {one.id for one in list_incidents(any_store, with_closed=False)}
