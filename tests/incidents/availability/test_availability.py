"""Availability equals a count second by second, on days of clock changes too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc_console.incidents.availability.availability import (
    Measure,
    any_down,
    budget,
    cut_up,
    measure,
    outages_of,
    pool,
)
from noc_console.incidents.availability.spans import union
from noc_console.incidents.report_range import parse_range
from noc_console.incidents.windows.recurrence import Recurrence, Unit
from noc_console.incidents.windows.window import Run, Window, occurrences
from noc_console.store.schema.metadata import to_ms

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = datetime(2026, 3, 28, 0, 0, tzinfo=BERLIN).astimezone(UTC)
AUTUMN = datetime(2026, 10, 24, 0, 0, tzinfo=BERLIN).astimezone(UTC)
DAYS_S = 3 * 86_400
UP, PLANNED, UNPLANNED, UNWATCHED = 0, 1, 2, 3


def spans_within(seconds, most):
    return st.lists(
        st.tuples(st.integers(-5000, seconds), st.integers(1, 40_000)).map(
            lambda one: (one[0], one[0] + one[1])
        ),
        max_size=most,
    )


def in_ms(spans, start):
    first = to_ms(start)
    return [(first + 1000 * begun, first + 1000 * ended) for begun, ended in spans]


def flags(spans, length):
    told = np.zeros(length, dtype=bool)
    for begun, ended in spans:
        told[max(0, begun) : max(0, ended)] = True
    return told


def seconds_of_windows(window, run, start, length):
    """The seconds that a window books, found by looking at the wall clock of every minute."""
    told = np.zeros(length, dtype=bool)
    wall = window.starts_at.astimezone(BERLIN)
    for at in range(-86_400, length, 60):
        moment = (start + timedelta(seconds=at)).astimezone(BERLIN)
        if (moment.hour, moment.minute) != (wall.hour, wall.minute) or moment < wall:
            continue
        lasts_s = window.minutes * 60
        planned = start + timedelta(seconds=at)
        if run is not None and planned == run.planned_at:
            lasts_s = min(lasts_s, int((run.ended_at - planned).total_seconds()))
        if planned >= window.entered_at:
            told[max(0, at) : max(0, at + lasts_s)] = True
    return told


def states(up, down, watched, booked):
    told = np.full(len(up), UNWATCHED)
    told[up & watched] = UP
    told[down & watched & booked] = PLANNED
    told[down & watched & ~booked] = UNPLANNED
    return told


def counted_outages(told):
    outages, is_broken = 0, True
    for state in told[np.flatnonzero(np.diff(told, prepend=-1))]:
        if state == UNPLANNED and is_broken:
            outages, is_broken = outages + 1, False
        elif state == UP:
            is_broken = True
    return outages


def counted(told):
    return Measure(
        up_ms=1000 * int((told == UP).sum()),
        scheduled_ms=1000 * int((told == PLANNED).sum()),
        unscheduled_ms=1000 * int((told == UNPLANNED).sum()),
        not_watched_ms=1000 * int((told == UNWATCHED).sum()),
        outages=counted_outages(told),
    )


@settings(max_examples=120)
@given(
    start=st.sampled_from([SPRING, AUTUMN]),
    up=spans_within(DAYS_S, 8),
    down=spans_within(DAYS_S, 8),
    watched=spans_within(DAYS_S, 6),
    wall=st.tuples(st.sampled_from([0, 1, 4, 23]), st.integers(0, 59)),
    minutes=st.integers(1, 400),
    ended_after_s=st.none() | st.integers(1, 20_000),
    entered_days=st.integers(-2, 2),
)
def test_every_second_is_booked_as_a_count_by_the_second_books_it(
    start, up, down, watched, wall, minutes, ended_after_s, entered_days
):
    first = start.astimezone(BERLIN).replace(hour=wall[0], minute=wall[1]).astimezone(UTC)
    window = Window(
        id=1,
        title="patches",
        servers=(1,),
        starts_at=first,
        minutes=minutes,
        zone="Europe/Berlin",
        recurrence=Recurrence(unit=Unit.DAYS),
        entered_at=start + timedelta(days=entered_days),
    )
    second = next(one for one in occurrences(window, first, first + timedelta(days=3)))
    run = None
    runs = {}
    if ended_after_s is not None:
        run = Run(
            window_id=1,
            planned_at=second.planned_start,
            ended_at=second.planned_start + timedelta(seconds=ended_after_s),
            ended_by="anna",
        )
        runs = {(1, second.planned_start): run}
    end = start + timedelta(seconds=DAYS_S)
    booked = [one.booked for one in occurrences(window, start, end, runs) if one.booked]

    parts = cut_up(
        to_ms(start),
        to_ms(end),
        up=in_ms(up, start),
        down=in_ms(down, start),
        watched=union(in_ms(watched, start)),
        booked=[(to_ms(one), to_ms(other)) for one, other in booked],
    )

    brute = states(
        flags(up, DAYS_S),
        flags(down, DAYS_S),
        flags(watched, DAYS_S),
        seconds_of_windows(window, run, start, DAYS_S),
    )
    assert measure(parts) == counted(brute)
    assert len(outages_of(parts)) == counted_outages(brute)


@settings(max_examples=60)
@given(st.lists(st.tuples(spans_within(4000, 5), spans_within(4000, 5)), min_size=1, max_size=3))
def test_a_customer_is_down_while_any_of_their_servers_is_and_up_while_all_are(servers):
    start, length = SPRING, 4000
    whole = [(to_ms(start), to_ms(start) + 1000 * length)]
    windows = [(100, 900), (2000, 2600)]
    parts, told = [], []
    for up, down in servers:
        parts.append(
            cut_up(
                whole[0][0],
                whole[0][1],
                up=in_ms(up, start),
                down=in_ms(down, start),
                watched=whole,
                booked=in_ms(windows, start),
            )
        )
        everything = np.ones(length, dtype=bool)
        booked = flags(windows, length)
        told.append(states(flags(up, length), flags(down, length), everything, booked))
    together = np.stack(told)
    brute = np.full(length, UNWATCHED)
    brute[(together == UP).all(axis=0)] = UP
    brute[(together == PLANNED).any(axis=0)] = PLANNED
    brute[(together == UNPLANNED).any(axis=0)] = UNPLANNED

    assert measure(any_down(parts)) == counted(brute)


@given(
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Beirut"]),
    st.integers(2016, 2027),
    st.integers(1, 12),
)
def test_a_month_holds_the_seconds_whose_local_date_is_in_it(zone_name, year, month):
    zone = ZoneInfo(zone_name)
    found = parse_range(f"{year}-{month:02d}", "", zone_name, SPRING)

    for at, is_within in (
        (found.start, True),
        (found.start - timedelta(seconds=1), False),
        (found.end - timedelta(seconds=1), True),
        (found.end, False),
    ):
        local = at.astimezone(zone)
        assert ((local.year, local.month) == (year, month)) is is_within


def test_a_month_with_a_clock_change_is_an_hour_longer_or_shorter():
    march = parse_range("2026-03", "", "Europe/Berlin", SPRING)
    october = parse_range("2026-10", "", "Europe/Berlin", SPRING)

    assert march.length_ms == (31 * 24 - 1) * 3_600_000
    assert october.length_ms == (31 * 24 + 1) * 3_600_000


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        (99.9, timedelta(hours=8, minutes=45, seconds=36)),
        (99.99, timedelta(minutes=52, seconds=33.6)),
    ],
)
def test_a_year_s_target_allows_what_the_trade_says(target, allowed):
    year = parse_range("2026", "", "UTC", SPRING)
    nothing = Measure(up_ms=0, scheduled_ms=0, unscheduled_ms=0, not_watched_ms=0, outages=0)

    assert budget(nothing, target, year.length_ms).allowed_ms == allowed / timedelta(milliseconds=1)


def test_a_budget_burns_at_one_when_it_is_used_as_quickly_as_allowed():
    hour = 3_600_000
    half_a_month = Measure(
        up_ms=360 * hour - 1_296_000,
        scheduled_ms=0,
        unscheduled_ms=1_296_000,
        not_watched_ms=0,
        outages=2,
    )
    found = budget(half_a_month, 99.9, 720 * hour)

    assert found.burn_rate == pytest.approx(1.0)
    assert found.left_ms == found.allowed_ms / 2
    assert half_a_month.to_repair_ms == 648_000
    assert half_a_month.between_failures_ms == (360 * hour - 1_296_000) / 2


def test_what_nobody_watched_has_no_availability():
    start = to_ms(SPRING)
    parts = cut_up(start, start + 1000, up=[], down=[(start, start + 900)], watched=[], booked=[])

    assert measure(parts).percent_as_up is None
    assert measure(parts).not_watched_ms == 1000


def test_a_pool_adds_the_times_of_its_members():
    one = Measure(up_ms=5, scheduled_ms=1, unscheduled_ms=2, not_watched_ms=0, outages=1)

    assert pool([one, one]) == Measure(
        up_ms=10, scheduled_ms=2, unscheduled_ms=4, not_watched_ms=0, outages=2
    )


def test_an_outage_goes_on_through_time_that_was_not_watched_and_ends_when_seen_up():
    start = to_ms(SPRING)
    parts = cut_up(
        start,
        start + 100,
        up=[(start, start + 10), (start + 60, start + 80)],
        down=[(start + 10, start + 60), (start + 80, start + 100)],
        watched=[(start, start + 20), (start + 50, start + 100)],
        booked=[],
    )

    first, second = outages_of(parts)
    assert (first.start_ms - start, first.end_ms - start, first.down_ms) == (10, 60, 20)
    assert not first.is_open
    assert second.is_open


def test_maintenance_counts_as_up_or_as_down_and_what_was_not_watched_as_nothing():
    one = Measure(up_ms=50, scheduled_ms=25, unscheduled_ms=25, not_watched_ms=900, outages=2)

    assert (one.watched_ms, one.percent_as_up, one.percent_as_down) == (100, 75.0, 50.0)
