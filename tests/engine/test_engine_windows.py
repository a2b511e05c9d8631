"""A real engine keeps standings through a kill, and mutes what is in its window."""

from datetime import timedelta

from noc_console.health.verdict import Verdict
from noc_console.incidents.availability_report import Kind, make_report
from noc_console.incidents.report_range import ReportRange
from noc_console.incidents.standing_records import read_standings
from noc_console.incidents.window import Window
from noc_console.incidents.window_records import add_window, end_window, list_occurrences
from noc_console.store.heartbeat import last_engine
from noc_console.store.schema.metadata import to_ms
from tests.engine.running import add, now, state_of, wait_until

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


def covered(store):
    (occurrence,) = list_occurrences(store, now() - HOUR, now() + HOUR)
    return occurrence.run and occurrence.run.covered
