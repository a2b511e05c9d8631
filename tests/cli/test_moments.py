"""Moments are read as people mean them."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.cli.moments import UnknownMoment, iso, parse_moment, span_text

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("30 min", timedelta(minutes=30)),
        ("1h", timedelta(hours=1)),
        ("1.5h", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(days=14)),
    ],
)
def test_a_span_is_that_long_ago(text, before):
    assert parse_moment(text, NOW) == NOW - before


def test_a_time_with_a_zone_is_that_instant():
    assert parse_moment("2026-05-01T14:30+02:00", NOW) == datetime(2026, 5, 1, 12, 30, tzinfo=UTC)


def test_a_time_without_a_zone_is_of_this_machine():
    assert parse_moment("2026-05-01 14:30", NOW) == datetime(2026, 5, 1, 14, 30).astimezone()


@given(st.text(max_size=30))
def test_any_other_text_is_refused_in_a_sentence(text):
    with contextlib.suppress(UnknownMoment):
        assert parse_moment(text, NOW).tzinfo is UTC


def test_what_is_no_moment_is_refused_with_the_forms_that_are():
    with pytest.raises(UnknownMoment, match="write how long ago"):
        parse_moment("yesterday", NOW)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 s"),
        (4.4, "4 s"),
        (59.6, "1 min"),
        (725, "12 min"),
        (11100, "3 h 5 min"),
        (86400, "1 d"),
        (86400 + 300, "1 d"),
        (187200, "2 d 4 h"),
    ],
)
def test_a_span_is_shown_in_its_two_largest_units(seconds, text):
    assert span_text(seconds) == text


def test_a_moment_is_written_in_utc():
    assert iso(NOW) == "2026-05-01T12:00:00.000Z"
