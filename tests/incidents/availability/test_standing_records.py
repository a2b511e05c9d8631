"""Spans of standing in the store: whole after a kill, cut where nobody watched."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.fleet.records import add_server, delete_servers
from noc_console.fleet.server import Server, Site
from noc_console.incidents.availability.availability_report import (
    Kind,
    NothingToReport,
    Scope,
    make_report,
)
from noc_console.incidents.availability.standing_records import (
    Standing,
    Turn,
    close_open,
    read_standings,
    read_watched,
    write_turns,
)
from noc_console.incidents.availability.targets import InvalidTarget, put_target, read_targets
from noc_console.incidents.report_range import ReportRange
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window, put_covered
from noc_console.incidents.windows.window_records import list_occurrences as occurrences_of
from noc_console.store.heartbeat import beat, register, stopped
from noc_console.store.schema.engines import watch_span
from noc_console.store.schema.metadata import to_ms
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
UP, DOWN = Standing.UP, Standing.DOWN


def at(seconds):
    return NOW + seconds * SECOND


def ms(seconds):
    return to_ms(at(seconds))


def server(store, name="web", **fields):
    return add_server(store, Server(name=name, address="192.0.2.1", **fields), NOW)


def write(store, *turns):
    with store.write() as connection:
        write_turns(connection, turns)


def watch(store, first, last, pid=1):
    """Have an engine watch from one second to another, without giving its lease back."""
    engine = register(store, "here", pid, "1", at(first), was_killed=lambda _: True)
    beat(store, engine.id, at(first))
    with store.write() as connection:  # as beats every few seconds make it
        mine = watch_span.c.engine_id == engine.id
        connection.execute(sa.update(watch_span).where(mine).values(ended_at=at(last)))
    beat(store, engine.id, at(last))
    return engine.id


def hours(first=0, last=24):
    return ReportRange(start=NOW + first * HOUR, end=NOW + last * HOUR, zone="UTC", title="a day")


def test_a_turn_ends_the_span_before_it(any_store):
    web = server(any_store)
    write(any_store, Turn(web.id, "", UP, at(0)), Turn(web.id, "", DOWN, at(60)))
    write(any_store, Turn(web.id, "", UP, at(90)), Turn(web.id, "nginx", UP, at(95)))
    write(any_store, Turn(web.id, "", None, at(200)))

    told = read_standings(any_store, at(0), at(300))

    assert told[(web.id, "")].up == [(ms(0), ms(60)), (ms(90), ms(200))]
    assert told[(web.id, "")].down == [(ms(60), ms(90))]
    assert told[(web.id, "nginx")].up == [(ms(95), ms(300))]


def test_a_span_that_would_last_nothing_or_less_never_was(any_store):
    web = server(any_store)
    write(any_store, Turn(web.id, "", UP, at(100)), Turn(web.id, "", DOWN, at(100)))
    write(any_store, Turn(web.id, "", UP, at(40)))

    told = read_standings(any_store, at(0), at(300))

    assert told[(web.id, "")].down == []
    assert told[(web.id, "")].up == [(ms(40), ms(300))]


def test_a_turn_of_a_server_the_store_does_not_know_is_left_out(any_store):
    write(any_store, Turn(99, "", UP, at(0)))

    assert read_standings(any_store, at(0), at(300)) == {}


def test_what_a_killed_engine_left_open_ends_with_its_last_heartbeat(any_store):
    web = server(any_store)
    watch(any_store, 0, 100)
    write(any_store, Turn(web.id, "", UP, at(10)))
    second = watch(any_store, 3600, 3700, pid=2)

    with any_store.write() as connection:
        close_open(connection, second, at(3600))

    assert read_standings(any_store, at(0), at(7200))[(web.id, "")].up == [(ms(10), ms(100))]


def test_a_first_engine_and_a_clock_set_back_leave_no_span_in_the_future(any_store):
    web = server(any_store)
    watch(any_store, 1000, 1100)
    write(any_store, Turn(web.id, "", UP, at(900)), Turn(web.id, "nginx", DOWN, at(1050)))
    second = watch(any_store, 950, 960, pid=2)

    with any_store.write() as connection:
        close_open(connection, second, at(950))

    told = read_standings(any_store, at(0), at(7200))
    assert told[(web.id, "")].up == [(ms(900), ms(950))]
    assert (web.id, "nginx") not in told


def test_an_hour_without_an_engine_is_not_watched_and_no_outage(any_store):
    web = server(any_store)
    watch(any_store, 0, 100)
    write(any_store, Turn(web.id, "", UP, at(0)))
    engine = watch(any_store, 3700, 4000, pid=2)
    with any_store.write() as connection:
        close_open(connection, engine, at(3700))
    write(any_store, Turn(web.id, "", UP, at(3710)))
    stopped(any_store, engine, at(4000))

    report = make_report(any_store, hours(), at(4000))

    (row,) = report.of(Kind.SERVER)
    assert row.measure.up_ms == 100_000 + 290_000
    assert row.measure.unscheduled_ms == 0
    assert row.measure.outages == 0
    assert row.measure.not_watched_ms == 3_610_000
    assert report.not_watched == ((ms(100), ms(3700)),)


def test_the_rest_of_a_lease_counts_as_watched(any_store):
    watch(any_store, 0, 100)

    assert read_watched(any_store, at(0), at(105)) == [(ms(0), ms(105))]
    assert read_watched(any_store, at(0), at(4000)) == [(ms(0), ms(100))]


def day_of(store, **fields):
    """A day on which web was down from 2 h to 4 h, in a window that was planned to 3 h."""
    web = server(
        store,
        groups=("shared",),
        sites=(Site(domain="a.example", customer="Ada"), Site(domain="b.example")),
        **fields,
    )
    watch(store, 0, 24 * 3600)
    write(
        store,
        Turn(web.id, "", UP, NOW),
        Turn(web.id, "", DOWN, NOW + 2 * HOUR),
        Turn(web.id, "", UP, NOW + 4 * HOUR),
        Turn(web.id, "nginx", UP, NOW),
        Turn(web.id, "nginx", DOWN, NOW + 2 * HOUR),
        Turn(web.id, "nginx", UP, NOW + 5 * HOUR),
    )
    plan = Window(
        title="kernel",
        groups=("shared",),
        starts_at=NOW + 2 * HOUR,
        minutes=60,
        entered_at=NOW - HOUR,
    )
    return web, add_window(store, plan)


def test_a_window_books_what_was_planned_and_its_overrun_is_unscheduled(any_store):
    day_of(any_store)

    report = make_report(any_store, hours(), NOW + 24 * HOUR, Scope(with_services=True))

    (web,) = report.of(Kind.SERVER)
    assert web.measure.scheduled_ms == web.measure.unscheduled_ms == 3_600_000
    assert web.measure.percent_as_up == pytest.approx(100 * 23 / 24)
    assert web.measure.percent_as_down == pytest.approx(100 * 22 / 24)
    (outage,) = web.outages
    assert (outage.start_ms, outage.end_ms) == (ms(3 * 3600), ms(4 * 3600))
    (nginx,) = report.of(Kind.SERVICE)
    assert nginx.name == "nginx on web"
    assert nginx.measure.unscheduled_ms == 2 * 3_600_000
    assert len(report.occurrences) == 1


def test_groups_customers_and_all_are_in_the_report(any_store):
    day_of(any_store)
    server(any_store, "other")

    report = make_report(any_store, hours(), NOW + 24 * HOUR)

    (ada,) = report.of(Kind.CUSTOMER)
    assert (ada.name, ada.measure.unscheduled_ms) == ("Ada", 3_600_000)
    (group,) = report.of(Kind.GROUP)
    assert (group.name, group.members) == ("shared", 1)
    (whole,) = report.of(Kind.ALL)
    assert whole.members == 2
    assert whole.measure.not_watched_ms == 24 * 3_600_000


def test_a_server_in_the_group_when_the_window_began_stays_booked(any_store):
    web, _ = day_of(any_store)
    joined = server(any_store, "late", groups=("shared",))
    write(any_store, Turn(joined.id, "", DOWN, NOW + 2 * HOUR))
    (held,) = occurrences_of(any_store, NOW, NOW + 24 * HOUR)

    put_covered(any_store, held, [web.id])

    report = make_report(any_store, hours(), NOW + 24 * HOUR)
    late, web_row = report.of(Kind.SERVER)
    assert late.name == "late"
    assert late.measure.scheduled_ms == 0
    assert web_row.measure.scheduled_ms == 3_600_000


def test_a_scope_leaves_out_the_rest_and_one_that_names_nothing_is_said(any_store):
    day_of(any_store)
    server(any_store, "other")
    now = NOW + 24 * HOUR

    by_service = make_report(any_store, hours(), now, Scope(service="nginx"))

    assert [row.kind for row in by_service.rows] == [Kind.ALL, Kind.SERVICE]
    only = make_report(any_store, hours(), now, Scope(customer="Ada"))
    assert [row.name for row in only.of(Kind.SERVER)] == ["web"]
    for scope in (
        Scope(server="nobody"),
        Scope(group="nobody"),
        Scope(customer="nobody"),
        Scope(service="nobody"),
    ):
        with pytest.raises(NothingToReport):
            make_report(any_store, hours(), now, scope)
    with pytest.raises(NothingToReport, match="has not begun"):
        make_report(any_store, hours(48, 72), now)


def test_a_deleted_server_stays_in_the_report_of_its_time(any_store):
    web, _ = day_of(any_store)
    delete_servers(any_store, [web.id], NOW + 10 * HOUR)

    report = make_report(any_store, hours(), NOW + 24 * HOUR)

    assert [row.name for row in report.of(Kind.SERVER)] == ["web"]
    with pytest.raises(NothingToReport):
        make_report(any_store, hours(12), NOW + 24 * HOUR, Scope(server="web"))


def test_the_nearest_target_holds(any_store):
    web, _ = day_of(any_store)
    put_target(any_store, "all", 99.5)
    put_target(any_store, "group:shared", 99.99)

    report = make_report(any_store, hours(), NOW + 24 * HOUR)
    assert report.of(Kind.SERVER)[0].budget.target_percent == 99.99
    assert report.of(Kind.CUSTOMER)[0].budget.target_percent == 99.5

    put_target(any_store, f"server:{web.id}", 90.0)
    report = make_report(any_store, hours(), NOW + 24 * HOUR)
    assert report.of(Kind.SERVER)[0].budget.left_ms == round(0.1 * 24 * 3_600_000) - 3_600_000
    assert put_target(any_store, f"server:{web.id}", None) == read_targets(any_store)
    with pytest.raises(InvalidTarget):
        put_target(any_store, "all", 101.0)
