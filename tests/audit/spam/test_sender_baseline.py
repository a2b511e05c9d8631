"""A sender is judged by its own past, and only where there is enough of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.spam.baseline import LEAST_RISE, is_high, past_of, usual_by, usual_of

MONDAY = date(2026, 11, 2)
WEEKS = [MONDAY + timedelta(days=number) for number in range(28)]
OFFICE = {day: 10 if day.weekday() >= 5 else 400 for day in WEEKS}


def usual_on(day, counts, full_days):
    """Give what is usual of a sender on a day."""
    return usual_by(past_of(day, full_days), counts)


@pytest.mark.parametrize(
    ("mails", "expected"), [(400, False), (500, False), (800, True), (2_000, True)]
)
def test_a_weekday_is_held_against_weekdays(mails, expected):
    after = MONDAY + timedelta(days=28)

    assert is_high(mails, usual_on(after, OFFICE, WEEKS)) is expected


def test_what_is_usual_on_a_weekday_is_far_above_a_weekend():
    saturday = MONDAY + timedelta(days=33)

    assert usual_on(saturday, OFFICE, WEEKS).mails == pytest.approx(10)
    assert is_high(400, usual_on(saturday, OFFICE, WEEKS))


def test_a_sender_who_was_never_there_is_high_over_the_least_rise():
    after = MONDAY + timedelta(days=28)
    usual = usual_on(after, {}, WEEKS)

    assert (is_high(LEAST_RISE, usual), is_high(LEAST_RISE + 1, usual)) == (False, True)


def test_six_other_days_are_too_few_and_nothing_is_high_then():
    assert usual_on(MONDAY, {}, WEEKS[:7]) is None
    assert not is_high(100_000, None)


def test_a_wave_with_which_the_first_log_begins_is_held_against_what_follows():
    counts = dict.fromkeys(WEEKS, 20) | {WEEKS[1]: 5_000}

    assert is_high(5_000, usual_on(WEEKS[1], counts, WEEKS))


def test_one_wave_in_the_past_does_not_make_waves_usual():
    counts = OFFICE | {WEEKS[3]: 50_000, WEEKS[8]: 50_000}
    after = MONDAY + timedelta(days=28)

    assert is_high(2_000, usual_on(after, counts, WEEKS))


def test_a_letter_to_all_once_a_week_is_a_habit_after_three_weeks():
    letters = OFFICE | {day: 4_000 for day in WEEKS if day.weekday() == 2}
    wednesdays = [day for day in WEEKS if day.weekday() == 2]

    flags = [is_high(4_000, usual_on(day, letters, WEEKS)) for day in wednesdays]

    assert flags[1:] == [True, True, False]
    assert is_high(12_000, usual_on(WEEKS[-1] + timedelta(days=3), letters, WEEKS))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60))
def test_the_bound_is_above_the_usual_by_the_least_rise_at_least(past):
    usual = usual_of(past)

    assert min(past) - 1e-6 <= usual.mails <= max(past) * (1 + 1e-9) + 1e-6
    assert usual.bound >= usual.mails + LEAST_RISE
