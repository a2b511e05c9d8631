"""Hours of the week are read as people write them, by a wall clock, and never by chance."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.delivery.hours import InvalidHours, parse_hours, week_minute, zone_of
from noc_console.health.delivery.recipient import InvalidRecipient, untold_hours
from noc_console.health.verdict import Verdict
from tests.health.telling import anna, phone

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def holds(text: str, day: int, clock: str) -> bool:
    hour, minute = clock.split(":")
    at = MONDAY + timedelta(days=day, hours=int(hour), minutes=int(minute))
    return parse_hours(text).hold(at, "UTC")


@pytest.mark.parametrize(
    ("text", "day", "clock", "expected"),
    [
        ("Mon-Fri 08:00-18:00", 0, "08:00", True),
        ("Mon-Fri 08:00-18:00", 0, "07:59", False),
        ("Mon-Fri 08:00-18:00", 4, "18:00", False),
        ("Mon-Fri 08:00-18:00", 5, "12:00", False),
        ("22:00-07:00", 2, "03:00", True),
        ("22:00-07:00", 2, "12:00", False),
        ("Sun 22:00-07:00", 0, "06:59", True),
        ("Sat-Mon 10:00-11:00", 6, "10:30", True),
        ("monday 9:00-10:00; Sat 10:00-14:00", 5, "13:59", True),
        ("Fri 00:00-24:00", 4, "23:59", True),
        ("00:00-00:00", 3, "15:00", True),
    ],
)
def test_hours_hold_from_their_first_to_before_their_last_minute(text, day, clock, expected):
    assert holds(text, day, clock) is expected


@pytest.mark.parametrize(
    "text", ["always", "Mon 8-18", "Mon-Fri 08:00", "Xyz 08:00-09:00", "25:00-26:00", "08:61-09:00"]
)
def test_what_are_no_hours_is_refused_with_the_form(text):
    with pytest.raises(InvalidHours):
        parse_hours(text)


@given(st.text(max_size=60))
def test_any_text_gives_hours_or_is_refused(text):
    with contextlib.suppress(InvalidHours):
        parse_hours(text)


def test_a_shift_keeps_its_wall_times_when_the_clocks_change():
    hours = parse_hours("08:00-09:00")
    summer = datetime(2026, 10, 24, 6, 30, tzinfo=UTC)
    winter = datetime(2026, 10, 26, 7, 30, tzinfo=UTC)

    assert hours.hold(summer, "Europe/Berlin")
    assert hours.hold(winter, "Europe/Berlin")
    assert not hours.hold(winter - timedelta(hours=1), "Europe/Berlin")


def test_a_zone_this_machine_lacks_counts_as_utc_and_cannot_be_chosen():
    assert week_minute(MONDAY, "Mars/Olympus") == 0
    with pytest.raises(InvalidHours, match="Europe/Berlin"):
        zone_of("Mars/Olympus")


def test_the_hours_in_which_nobody_is_told_are_found():
    day = anna(on_call="08:00-20:00")
    quiet_night = phone(on_call="20:00-08:00", quiet="00:00-06:00")

    assert untold_hours((day,), Verdict.DOWN, MONDAY)[0] == (
        MONDAY,
        MONDAY + timedelta(hours=8),
    )
    assert untold_hours((day, quiet_night), Verdict.DOWN, MONDAY) == []
    assert untold_hours((day, quiet_night), Verdict.EARLY, MONDAY)[0] == (
        MONDAY,
        MONDAY + timedelta(hours=6),
    )
    whole = untold_hours((), Verdict.DOWN, MONDAY)
    assert whole == [(MONDAY, MONDAY + timedelta(days=7))]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "a\nb"},
        {"address": "anna"},
        {"address": "a@b, c@d"},
        {"address": "a@b\nBcc: c@d"},
        {"after_minutes": -1},
        {"repeat_minutes": 20_000},
        {"least": Verdict.OK},
        {"quiet": "night"},
    ],
)
def test_a_recipient_that_cannot_be_is_refused_with_a_sentence(fields):
    with pytest.raises((InvalidRecipient, InvalidHours)):
        anna(**fields)


def test_a_chat_without_its_address_is_refused():
    with pytest.raises(InvalidRecipient, match="apprise"):
        phone(secret="")
