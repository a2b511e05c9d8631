"""Since when downtime goes on, as it is typed in a hurry."""

from datetime import UTC, datetime, timedelta

import pytest

from noc_console.desk.notices.since_text import UnknownSince, parse_since

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "minutes"), [("12 min", 12), ("2h", 120), ("now", 0), ("09:30", 30), ("7", 7)]
)
def test_since_when_is_read_as_it_is_typed_in_a_hurry(typed, minutes):
    assert parse_since(typed, NOW, UTC) == NOW - minutes * MINUTE


def test_a_clock_time_to_come_is_that_of_yesterday():
    assert parse_since("23:50", NOW, UTC) == NOW.replace(day=27, hour=23, minute=50)


def test_what_cannot_be_read_says_what_to_write():
    with pytest.raises(UnknownSince, match=r"write 02:14"):
        parse_since("this morning", NOW, UTC)
