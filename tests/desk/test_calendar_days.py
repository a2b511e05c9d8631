"""The days of the calendar of windows, and how windows lie in them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from noc_console.desk.windows.calendar_days import Span, blocks_of, by_day, days_of, step, title_of
from noc_console.incidents.windows.window import Occurrence, Window

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def test_days_and_titles_of_a_calendar():
    days = days_of(Span.MONTH, date(2026, 11, 18))

    assert (days[0], days[-1], len(days)) == (date(2026, 10, 26), date(2026, 12, 6), 42)
    assert step(Span.MONTH, date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert step(Span.MONTH, date(2026, 1, 31), -1) == date(2025, 12, 31)
    assert title_of(Span.MONTH, date(2026, 2, 1)) == "February 2026"


def occurrence(start, minutes, number=1):
    window = Window(
        id=number, title="w", servers=(1,), starts_at=start, minutes=minutes, entered_at=start
    )
    return Occurrence(window=window, planned_start=start)


def test_windows_at_one_time_stand_side_by_side_and_over_midnight_on_both_days():
    evening = datetime(2026, 11, 20, 22, 0, tzinfo=BERLIN).astimezone(UTC)
    held = [occurrence(evening, 240), occurrence(evening + HOUR, 60, 2)]

    days = by_day(held, BERLIN)
    assert list(days) == [date(2026, 11, 20), date(2026, 11, 21)]
    first, second = blocks_of(days[date(2026, 11, 20)], date(2026, 11, 20), BERLIN)
    (after,) = blocks_of(days[date(2026, 11, 21)], date(2026, 11, 21), BERLIN)

    assert (first.lane, second.lane, second.lanes) == (0, 1, 2)
    assert (first.top, first.bottom) == (22 / 24, 1.0)
    assert (after.top, after.bottom) == (0.0, 2 / 24)
