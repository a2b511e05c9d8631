"""Slopes and dates: robust against odd figures, honest about what has none."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.slope import after_clean_up, slope_of, time_to

TIMES = np.arange(40) * 5.0
FIGURES = st.lists(st.floats(0, 1e9, allow_nan=False), min_size=0, max_size=80)


def test_a_straight_line_has_its_slope_and_no_doubt():
    slope = slope_of(TIMES, 3.0 + 0.5 * TIMES)

    assert slope.low == pytest.approx(0.5)
    assert slope.high == pytest.approx(0.5)
    assert slope.end == pytest.approx(3.0 + 0.5 * TIMES[-1])


def test_a_few_wild_figures_do_not_move_the_slope():
    values = 0.5 * TIMES
    values[[5, 17, 30]] = (900.0, -400.0, 1e6)

    assert slope_of(TIMES, values).middle == pytest.approx(0.5, rel=0.02)


def test_too_few_figures_have_no_slope():
    assert slope_of(TIMES[:5], TIMES[:5]) is None
    assert slope_of(np.zeros(20), TIMES[:20]) is None


def test_noise_seldom_has_a_date():
    chance = np.random.default_rng(1)
    dates = [time_to(95.0, TIMES, 80 + chance.normal(0, 3, len(TIMES)), 600.0) for _ in range(300)]

    assert sum(date is not None for date in dates) < 15


def test_a_noisy_climb_has_a_range_that_holds_the_truth():
    chance = np.random.default_rng(2)
    held = 0
    for _ in range(100):
        values = 50 + 0.1 * TIMES + chance.normal(0, 1, len(TIMES))
        found = time_to(95.0, TIMES, values, 3600.0)
        truth_s = (95 - (50 + 0.1 * TIMES[-1])) / 0.1
        held += found is not None and found.earliest_s <= truth_s <= (found.latest_s or math.inf)

    assert held >= 80


def test_what_falls_or_is_there_already_has_no_date():
    assert time_to(95.0, TIMES, 90 - 0.1 * TIMES, 600.0) is None
    assert time_to(95.0, TIMES, 90 + 0.1 * TIMES, 600.0) is None


def test_what_levels_off_below_the_line_has_no_date_and_what_does_not_has_one():
    towards = 1 - np.exp(-TIMES / 60)

    assert time_to(8.0, TIMES[:14], 4.0 * towards[:14], 900.0) is None
    assert time_to(8.0, TIMES[:8], 14.0 * towards[:8], 900.0) is not None


def test_after_a_clean_up_only_what_came_since_counts():
    values = np.concatenate((60 + 0.5 * np.arange(20), 40 + 0.1 * np.arange(20)))

    start = after_clean_up(values, 2.0)

    assert start == pytest.approx(20, abs=2)
    assert slope_of(TIMES[start:], values[start:]).middle == pytest.approx(0.02)


def test_one_odd_figure_is_no_clean_up():
    values = 60 + 0.5 * np.arange(40.0)
    values[20] = 5.0

    assert after_clean_up(values, 2.0) == 0


def test_what_falls_again_and_again_is_seen_as_a_whole():
    values = 70 + 0.5 * (np.arange(80.0) % 20)

    assert after_clean_up(values, 2.0) == 0


@given(FIGURES, st.floats(0.1, 1e9))
def test_any_figures_give_a_range_in_order_or_no_date(figures, level):
    times = np.arange(len(figures)) * 7.0
    found = time_to(level, times, np.array(figures), 1000.0)

    if found is not None:
        assert 0 <= found.earliest_s <= 1000.0
        assert found.latest_s is None or found.latest_s >= found.earliest_s


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=6, max_size=100))
def test_the_interval_holds_its_middle_and_shifts_with_time(figures):
    times, values = np.arange(len(figures)) * 3.0, np.array(figures)
    slope = slope_of(times, values)
    later = slope_of(times + 8192.0, values)

    assert slope.least <= slope.low <= slope.middle <= slope.high
    assert later.middle == pytest.approx(slope.middle)
