"""When windows occur, what they book and mute, and wall times that a clock change makes unclear."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.server import Server
from noc_console.incidents.wall_time import (
    UnclearWallTime,
    UnknownZone,
    WallChoice,
    clock_changes,
    instant_of,
    own_zone,
    wall_of,
    zone_of,
)
from noc_console.incidents.windows.recurrence import (
    InvalidRecurrence,
    Recurrence,
    Unit,
    recurrence_from_json,
    recurrence_to_json,
)
from noc_console.incidents.windows.window import (
    InvalidWindow,
    Occurrence,
    Run,
    Stage,
    Window,
    ids_by_group,
    occurrences,
)

BERLIN = ZoneInfo("Europe/Berlin")
ENTERED = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2026, 1, 13, 1, 30, tzinfo=UTC)


wall_time = datetime.fromisoformat


def window(**fields):
    usual = {
        "id": 7,
        "title": "kernel",
        "servers": (1,),
        "starts_at": START,
        "minutes": 120,
        "zone": "Europe/Berlin",
        "entered_at": ENTERED,
    }
    return Window(**(usual | fields))


def occurrence(run=None, **fields):
    return Occurrence(window=window(**fields), planned_start=START, run=run)


def test_a_skipped_wall_time_needs_a_choice_and_each_choice_is_an_instant():
    wall = wall_time("2026-03-29T02:30")

    with pytest.raises(UnclearWallTime, match="does not exist") as met:
        instant_of(wall, BERLIN, WallChoice.NOT_MADE)

    assert met.value.is_missing
    assert "01:30 CET" in met.value.sentence
    assert "03:30 CEST" in met.value.sentence
    earlier = instant_of(wall, BERLIN, WallChoice.EARLIER)
    assert wall_of(earlier, BERLIN) == wall_time("2026-03-29T01:30")
    assert instant_of(wall, BERLIN, WallChoice.LATER) == earlier + timedelta(hours=1)


def test_a_doubled_wall_time_needs_a_choice_of_first_or_second():
    wall = wall_time("2026-10-25T02:30")

    with pytest.raises(UnclearWallTime, match="comes twice"):
        instant_of(wall, BERLIN, WallChoice.NOT_MADE)

    earlier, later = (
        instant_of(wall, BERLIN, choice) for choice in (WallChoice.EARLIER, WallChoice.LATER)
    )
    assert later - earlier == timedelta(hours=1)
    assert wall_of(earlier, BERLIN) == wall_of(later, BERLIN) == wall


def test_a_window_over_the_autumn_change_lasts_its_minutes():
    first = instant_of(wall_time("2026-10-25T01:30"), BERLIN, WallChoice.NOT_MADE)
    held = Occurrence(window=window(starts_at=first, minutes=120), planned_start=first)

    assert held.planned_end - held.planned_start == timedelta(minutes=120)
    assert wall_of(held.planned_end, BERLIN) == wall_time("2026-10-25T02:30")


def test_a_zone_nobody_knows_is_refused_with_an_example():
    with pytest.raises(UnknownZone, match="Europe/Berlin"):
        zone_of("Mars/Olympus")


def test_the_change_of_the_clocks_is_found_to_the_second():
    found = clock_changes(
        datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), BERLIN
    )

    assert found == [
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
    ]


def dates(rule, first, count=4):
    return list(islice(rule.dates(first, first), count))


def test_the_second_tuesday_stays_the_second_tuesday():
    rule = Recurrence(unit=Unit.MONTHS_BY_WEEKDAY)

    assert dates(rule, date(2026, 1, 13)) == [
        date(2026, 1, 13),
        date(2026, 2, 10),
        date(2026, 3, 10),
        date(2026, 4, 14),
    ]
    assert rule.words(date(2026, 1, 13)) == "on the 2nd Tue of each month"


def test_a_fifth_weekday_and_a_31st_leave_out_months_without_one():
    assert dates(Recurrence(unit=Unit.MONTHS_BY_DAY), date(2026, 1, 31), 3) == [
        date(2026, 1, 31),
        date(2026, 3, 31),
        date(2026, 5, 31),
    ]
    fifth = Recurrence(unit=Unit.MONTHS_BY_WEEKDAY)
    assert dates(fifth, date(2026, 1, 30), 2) == [date(2026, 1, 30), date(2026, 5, 29)]


def test_the_last_friday_is_the_last_one_of_each_month():
    rule = Recurrence(unit=Unit.MONTHS_BY_LAST_WEEKDAY, until=date(2026, 4, 1))

    assert dates(rule, date(2026, 1, 30)) == [
        date(2026, 1, 30),
        date(2026, 2, 27),
        date(2026, 3, 27),
    ]


def test_every_second_week_on_two_days():
    rule = Recurrence(unit=Unit.WEEKS, every=2, weekdays=(3,))

    assert dates(rule, date(2026, 1, 13)) == [
        date(2026, 1, 13),
        date(2026, 1, 15),
        date(2026, 1, 27),
        date(2026, 1, 29),
    ]
    assert rule.words(date(2026, 1, 13)) == "every 2 weeks on Tue, Thu"


def test_weekdays_go_with_weeks_only():
    with pytest.raises(InvalidRecurrence):
        Recurrence(unit=Unit.DAYS, weekdays=(1,))


rules = st.builds(
    Recurrence,
    unit=st.sampled_from(Unit),
    every=st.integers(1, 5),
    until=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
)


@given(rules, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 500))
def test_asking_later_gives_the_rest_of_the_same_dates(rule, first, later):
    start = first + timedelta(days=later)
    whole = [day for day in islice(rule.dates(first, first), 600) if day >= start]

    assert list(islice(rule.dates(first, start), 5)) == whole[:5]
    assert recurrence_from_json(recurrence_to_json(rule)) == rule


@given(rules, st.datetimes(wall_time("2026-01-01"), wall_time("2026-12-31")), st.integers(1, 3000))
def test_occurrences_touch_what_was_asked_and_keep_their_wall_time(rule, wall, minutes):
    first = instant_of(wall.replace(microsecond=0), BERLIN, WallChoice.LATER)
    held = window(starts_at=first, minutes=minutes, recurrence=rule, wall_choice=WallChoice.LATER)
    start, end = first + timedelta(days=100), first + timedelta(days=130)

    for one in occurrences(held, start, end):
        assert one.planned_start < end
        assert one.planned_end > start
        wanted = wall_of(first, BERLIN).time()
        given_wall = wall_of(one.planned_start, BERLIN)
        doubtful = given_wall.replace(hour=wanted.hour, minute=wanted.minute, second=wanted.second)
        assert given_wall.time() == wanted or instant_of(doubtful, BERLIN, WallChoice.LATER) == (
            one.planned_start
        )


def test_a_weekly_window_keeps_two_o_clock_over_the_change_of_the_clocks():
    first = datetime(2026, 3, 24, 1, 0, tzinfo=UTC)  # 02:00 in winter
    held = window(starts_at=first, recurrence=Recurrence(unit=Unit.WEEKS))

    found = list(occurrences(held, first, first + timedelta(days=10)))

    assert [one.planned_start for one in found] == [first, datetime(2026, 3, 31, 0, 0, tzinfo=UTC)]


def test_repeats_from_before_a_window_was_entered_never_were():
    held = window(recurrence=Recurrence(unit=Unit.DAYS), entered_at=START + timedelta(days=3.5))

    found = list(occurrences(held, START, START + timedelta(days=6)))

    assert found[0].planned_start == START + timedelta(days=4)


def test_a_window_needs_a_title_a_length_and_somebody_it_is_for():
    for wrong in ({"title": " "}, {"minutes": 0}, {"servers": (), "groups": ()}):
        with pytest.raises(InvalidWindow):
            window(**wrong)


def test_what_was_planned_is_booked_and_an_overrun_is_not():
    run = Run(window_id=7, planned_at=START, started_at=START, started_by="anna")
    held = occurrence(run)

    assert held.booked == (START, START + timedelta(minutes=120))
    late = START + timedelta(minutes=121)
    assert held.stage(late) is Stage.OVERRUN
    assert held.muted == held.booked


def test_an_early_end_ends_what_is_booked_and_mute():
    ended_at = START + timedelta(minutes=30)
    run = Run(window_id=7, planned_at=START, ended_at=ended_at, ended_by="anna")

    assert occurrence(run).booked == (START, ended_at)
    assert occurrence(run).stage(ended_at) is Stage.OVER


def test_an_early_start_mutes_but_books_only_from_what_was_planned():
    began = START - timedelta(minutes=20)
    run = Run(window_id=7, planned_at=START, started_at=began, started_by="anna")

    assert occurrence(run).muted == (began, START + timedelta(minutes=120))
    assert occurrence(run).booked == (START, START + timedelta(minutes=120))
    assert occurrence(run).stage(began) is Stage.RUNNING


def test_a_window_entered_after_its_start_mutes_and_books_nothing():
    held = occurrence(entered_at=START + timedelta(seconds=1))

    assert held.booked is None
    assert held.muted is not None


def test_cancelling_takes_what_comes_and_keeps_what_was():
    before = occurrence(cancelled_at=START - timedelta(days=1))
    within = occurrence(cancelled_at=START + timedelta(minutes=5))

    assert before.stage(START) is Stage.CANCELLED
    assert (before.booked, before.muted) == (None, None)
    assert within.booked == (START, START + timedelta(minutes=5))


def test_a_group_s_window_is_for_who_was_in_it_when_it_began():
    inside = Server(id=1, name="web1", address="192.0.2.1", groups=("web",))
    joined = replace(inside, id=2, name="web2")
    held = occurrence(Run(window_id=7, planned_at=START, covered=(1,)), servers=(), groups=("web",))

    assert held.covers(inside)
    assert not held.covers(joined)
    assert held.window.covers(joined)
    assert held.covered_ids(ids_by_group([inside, joined])) == {1}


@pytest.mark.parametrize("told", ["America/New_York", ":America/New_York"])
def test_our_own_zone_is_the_one_that_the_environment_names(monkeypatch, told):
    monkeypatch.setenv("TZ", told)
    assert own_zone() == "America/New_York"


def test_a_zone_of_the_environment_that_is_none_does_not_count(monkeypatch):
    monkeypatch.delenv("TZ", raising=False)
    usual = own_zone()
    monkeypatch.setenv("TZ", "CET-1CEST")
    assert own_zone() == usual


@pytest.mark.parametrize("day", [-1, 7])
def test_a_window_may_repeat_on_every_day_of_the_week_and_on_no_other(day):
    assert Recurrence(unit=Unit.WEEKS, weekdays=tuple(range(7))).weekdays == tuple(range(7))
    with pytest.raises(InvalidRecurrence):
        Recurrence(unit=Unit.WEEKS, weekdays=(day,))
