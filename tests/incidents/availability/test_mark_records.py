"""Spans marked as seen wrongly: counted as not watched, recorded for good, and both sums told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server, Site
from noc_console.incidents.availability.availability_report import Kind, Scope, make_report
from noc_console.incidents.availability.mark_records import (
    InvalidMark,
    Mark,
    UnknownMark,
    list_marks,
    put_mark,
    take_back,
)
from noc_console.incidents.availability.standing_records import Standing, Turn, write_turns
from noc_console.incidents.report_range import ReportRange
from noc_console.store.heartbeat import beat, register, stopped
from noc_console.store.schema.engines import watch_span
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)
RANGE = ReportRange(start=NOW, end=NOW + 60 * MINUTE, zone="UTC", title="hour")
END = RANGE.end


def mark(server_id, first, last, **more):
    usual = {
        "server_id": server_id,
        "started_at": NOW + first * MINUTE,
        "ended_at": NOW + last * MINUTE,
        "reason": "our own firewall shut the desk out",
        "marked_by": "anna",
        "marked_at": END,
    }
    return Mark(**(usual | more))


@pytest.fixture
def web(any_store):
    """A server with nginx, down with it from minute 10 to 30, watched for an hour."""
    site = Site(domain="a.example", customer="Ada")
    server = Server(name="web", address="192.0.2.1", groups=("shared",), sites=(site,))
    web = add_server(any_store, server, NOW)
    engine = register(any_store, "here", 1, "1", NOW)
    beat(any_store, engine.id, NOW)
    with any_store.write() as connection:
        connection.execute(watch_span.update().values(ended_at=END))
        turns = [
            Turn(web.id, service, standing, NOW + minute * MINUTE)
            for service in ("", "nginx")
            for standing, minute in ((Standing.UP, 0), (Standing.DOWN, 10), (Standing.UP, 30))
        ]
        write_turns(connection, turns)
    stopped(any_store, engine.id, END)
    return web


def rows(store):
    report = make_report(store, RANGE, END, Scope(with_services=True))
    return report, {(row.kind, row.name): row for row in report.rows}


def minutes(milliseconds):
    return milliseconds / 60_000


def test_a_marked_span_is_not_watched_and_both_sums_are_told(any_store, web):
    put_mark(any_store, mark(web.id, 10, 25))

    report, found = rows(any_store)

    for name in (
        (Kind.SERVER, "web"),
        (Kind.SERVICE, "nginx on web"),
        (Kind.GROUP, "shared"),
        (Kind.CUSTOMER, "Ada"),
        (Kind.ALL, "all servers"),
    ):
        row = found[name]
        assert minutes(row.measure.unscheduled_ms) == 5
        assert minutes(row.measure.not_watched_ms) == 15
        assert minutes(row.as_recorded.unscheduled_ms) == 20
        assert minutes(row.budget.used_ms) == 5
    assert [one.reason for one in report.marks] == ["our own firewall shut the desk out"]


def test_a_service_s_mark_leaves_its_server_as_it_was(any_store, web):
    put_mark(any_store, mark(web.id, 10, 30, service="nginx"))

    _, found = rows(any_store)

    assert found[Kind.SERVICE, "nginx on web"].measure.unscheduled_ms == 0
    assert found[Kind.SERVER, "web"].as_recorded is None
    assert minutes(found[Kind.SERVER, "web"].measure.unscheduled_ms) == 20


def test_a_mark_that_is_taken_back_counts_no_more_and_stays_on_record(any_store, web):
    put = put_mark(any_store, mark(web.id, 0, 60))
    taken = take_back(any_store, put.id, "ben", END)

    report, found = rows(any_store)

    assert minutes(found[Kind.SERVER, "web"].measure.unscheduled_ms) == 20
    assert found[Kind.SERVER, "web"].as_recorded is None
    assert list(report.marks) == list_marks(any_store, NOW, END) == [taken]
    assert (taken.marked_by, taken.taken_back_by) == ("anna", "ben")
    with pytest.raises(UnknownMark):
        take_back(any_store, put.id, "cleo", END)


def test_what_cannot_be_a_mark_is_refused_with_what_to_write(any_store, web):
    with pytest.raises(InvalidMark, match="why it was seen wrongly"):
        mark(web.id, 0, 5, reason="  ")
    with pytest.raises(InvalidMark, match="before it begins"):
        mark(web.id, 5, 5)
    with pytest.raises(InvalidMark, match="still to come"):
        put_mark(any_store, mark(web.id, 0, 61))
    assert list_marks(any_store, NOW, END) == []


@given(spans=st.lists(st.tuples(st.integers(0, 59), st.integers(1, 60)), max_size=5))
def test_each_minute_is_counted_once_whatever_is_marked(spans, many_marks):
    store, server_id = many_marks
    marks = [mark(server_id, first, first + length) for first, length in spans]
    marked = {minute for first, length in spans for minute in range(first, first + length)}
    with store.write() as connection:
        from noc_console.store.schema.windows import unwatched_mark as table

        connection.execute(table.delete())
    for one in marks:
        put_mark(store, replace(one, marked_at=one.ended_at))

    _, found = rows(store)
    measure = found[Kind.SERVER, "web"].measure

    down = set(range(10, 30)) - marked
    up = (set(range(60)) - set(range(10, 30))) - marked
    assert minutes(measure.unscheduled_ms) == len(down)
    assert minutes(measure.up_ms) == len(up)
    assert minutes(measure.not_watched_ms) == 60 - len(down) - len(up)


@pytest.fixture(scope="module")
def many_marks(tmp_path_factory):
    """One store for every example: each takes the marks of the one before away."""
    from noc_console.store.location import StoreLocation
    from noc_console.store.store import open_store

    store = open_store(StoreLocation.parse(str(tmp_path_factory.mktemp("marks"))))
    yield store, web.__wrapped__(store).id
    store.close()
