"""Figures and times to come, in words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.figure_words import danger_left_s, danger_words, figure_words, span_words
from noc_console.health.measures import measure_of, spoken_key
from noc_console.health.verdict import Danger
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("earliest_s", "latest_s", "words"),
    [
        (370.0, 530.0, "6-9 min"),
        (0.0, 20.0, "under 1 min"),
        (61.0, 119.0, "1-2 min"),
        (360.0, 360.0, "6 min"),
        (360.0, None, "6 min or later"),
        (10.0, None, "1 min or later"),
        (3 * 3600.0, 5 * 3600.0 + 1, "3-6 h"),
        (100.0, 3 * 3600.0, "0-3 h"),
        (6.2 * 86_400, 8.5 * 86_400, "6-9 d"),
    ],
)
def test_a_time_to_come_is_a_range_in_one_unit(earliest_s, latest_s, words):
    assert span_words(earliest_s, latest_s) == words


@given(st.floats(0, 1e7), st.floats(0, 1e7), st.floats(-1e6, 1e6))
def test_no_danger_is_ever_in_a_negative_time_whatever_the_clock_says(early, more, later_s):
    danger = Danger("load1", early, early + more, NOW)
    now = NOW + timedelta(seconds=later_s)

    assert "-" not in danger_words(danger, now).split("-", 1)[0]
    assert 0 <= danger_left_s(danger, now) <= early


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("load1", 3.14159, "3.1"),
        ("iowait_percent", 41.26, "41.3%"),
        ("swap_in_bytes_per_s", 12_400_000.0, "12.4 MB/s"),
        ("swap_in_bytes_per_s", 12.0, "12.0 B/s"),
        ("oom_kills_seen", 3.0, "3 in 30 min"),
        ("clock_offset_s", 61.0, "61.0 s"),
    ],
)
def test_a_figure_has_its_unit(key, value, words):
    assert figure_words(value, measure_of(key)) == words


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("load1", "Load, 1 min"),
        ("mem_used_percent", "Memory used"),
        ("mount_used_percent:/var", "Disk space used of /var"),
        ("service:nginx", "Service nginx"),
        ("link", "Link"),
        ("window_end:7", "End of window 7"),
        ("something", "something"),
    ],
)
def test_a_key_is_spoken_as_people_call_it(key, words):
    assert spoken_key(key) == words
