"""A real engine keeps standings through a kill, and mutes what is in its window."""

from datetime import timedelta

import pytest

from noc_console.health.alarm_records import open_alarms
from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.availability_report import Kind, make_report
from noc_console.incidents.availability.standing_records import read_standings
from noc_console.incidents.report_range import ReportRange
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window, end_window, list_occurrences
from noc_console.store.heartbeat import last_engine
from noc_console.store.orders import place
from noc_console.store.schema.metadata import to_ms
from tests.engine.running import add, now, readings_of, state_of, wait_until
from tests.sshd import Sshd

HOUR = timedelta(hours=1)


def ups(store, server):
    told = read_standings(store, now() - HOUR, now() + HOUR).get((server.id, ""))
    return sorted(told.up) if told else []


def test_a_killed_engine_leaves_no_outage_and_its_span_ends_with_its_last_heartbeat(
    store, sshd, start_engine
):
    web = add(store, sshd)
    begun = now()
    first = start_engine(store).wait_until_watching()
    wait_until(lambda: ups(store, web))
    ((up_from, _),) = ups(store, web)
    wait_until(lambda: to_ms(last_engine(store).heartbeat_at) > up_from)
    first.kill()
    killed = now()

    start_engine(store).wait_until_watching()
    wait_until(lambda: len(ups(store, web)) == 2)

    left, right = ups(store, web)
    assert left[1] <= to_ms(killed)
    assert left[1] <= right[0]
    wanted = ReportRange(start=begun, end=now(), zone="UTC", title="now")
    row = next(
        row for row in make_report(store, wanted, now()).of(Kind.SERVER) if row.server_id == web.id
    )
    assert row.measure.unscheduled_ms == 0
    assert row.measure.not_watched_ms > 0


def test_a_window_puts_its_server_in_maintenance_until_somebody_ends_it(store, sshd, start_engine):
    web = add(store, sshd)
    start_engine(store).wait_until_watching()
    wait_until(lambda: verdict_of(store, web) not in {None, Verdict.UNKNOWN})
    plan = Window(
        title="kernel",
        servers=(web.id,),
        starts_at=now() - timedelta(minutes=1),
        minutes=30,
        entered_by="anna",
        entered_at=now(),
    )

    entered = add_window(store, plan)

    wait_until(lambda: verdict_of(store, web) is Verdict.IN_MAINTENANCE)
    assert "in maintenance until" in state_of(store, web).judgement.words[0]
    wait_until(lambda: covered(store) == (web.id,))
    end_window(store, entered.id, "anna", now())
    wait_until(lambda: verdict_of(store, web) is not Verdict.IN_MAINTENANCE)


def verdict_of(store, server):
    state = state_of(store, server)
    return state and state.judgement.verdict


def run_of(store):
    (occurrence,) = list_occurrences(store, now() - HOUR, now() + HOUR)
    return occurrence.run


def covered(store):
    return run_of(store) and run_of(store).covered


@pytest.mark.slow
def test_a_real_server_that_goes_and_comes_back_is_an_outage_to_the_reading(
    store, tmp_path, start_engine
):
    sshd = Sshd(tmp_path / "own").start()
    try:
        web = add(store, sshd)
        start_engine(store).wait_until_watching()
        wait_until(lambda: ups(store, web))
        plan = Window(
            title="kernel",
            servers=(web.id,),
            starts_at=now() + timedelta(seconds=1),
            minutes=30,
            entered_at=now(),
        )
        add_window(store, plan)
        wait_until(lambda: verdict_of(store, web) is Verdict.IN_MAINTENANCE)
        wait_until(lambda: len(readings_of(store, web)) > 1)

        fell = now()
        sshd.stop()
        wait_until(lambda: downs(store, web), timeout_s=90)
        back = now()
        sshd.start()
        place(store, "refresh now", server_id=web.id, asked_by="anna", now=now())
        wait_until(lambda: len(ups(store, web)) == 2, timeout_s=90)
    finally:
        sshd.stop()

    ((down_from, down_to),) = downs(store, web)
    assert to_ms(fell) - 10_000 <= down_from <= to_ms(fell) + 2_000
    assert to_ms(back) <= down_to <= to_ms(now())
    report = make_report(
        store, ReportRange(start=fell - HOUR, end=now(), zone="UTC", title="now"), now()
    )
    row = next(row for row in report.of(Kind.SERVER) if row.server_id == web.id)
    assert row.measure.scheduled_ms == down_to - down_from
    assert row.measure.outages == 0
    wait_until(lambda: run_of(store).seen_up_at is not None)
    assert to_ms(run_of(store).seen_down_at) in {down_from, to_ms(run_of(store).planned_at)}
    assert to_ms(run_of(store).seen_up_at) == down_to
    calls = [alarm for alarm in open_alarms(store).values() if alarm.server_id == web.id]
    assert [alarm.key for alarm in calls if not alarm.is_muted] == []


def downs(store, server):
    told = read_standings(store, now() - HOUR, now() + HOUR).get((server.id, ""))
    return sorted(told.down) if told else []
