"""When a disk will be full, from weeks of its history."""

import numpy as np
import pytest

from noc_console.health.outlook import outlook_of

DAY_S = 86_400.0
TIMES = np.arange(14 * 288) * 300.0


def days(found):
    return found.earliest_s / DAY_S, found.latest_s / DAY_S


def test_a_disk_that_fills_evenly_has_its_day():
    early, late = days(outlook_of(TIMES, 60 + 1.5 * TIMES / DAY_S, 95.0))

    assert early == pytest.approx((95 - 81) / 1.5, abs=0.2)
    assert late == pytest.approx(early, abs=0.2)


def test_a_clean_up_begins_the_count_anew():
    used = 60 + 2.0 * TIMES / DAY_S
    used[TIMES >= 10 * DAY_S] -= 30.0
    used += 0.3 * np.sin(TIMES / 5000)

    early, late = days(outlook_of(TIMES, used, 95.0))

    truth = (95 - used[-1]) / 2.0
    assert early - 1 <= truth <= late + 1


def test_a_disk_that_stands_still_or_empties_has_no_day():
    noise = 0.05 * np.sin(TIMES / 3000)

    assert outlook_of(TIMES, 70 + noise, 95.0) is None
    assert outlook_of(TIMES, 70 - TIMES / DAY_S, 95.0) is None


def test_a_disk_that_saws_with_its_daily_rotation_has_no_day():
    used = 70 + 3.0 * ((TIMES / DAY_S) % 1.0)

    assert outlook_of(TIMES, used, 95.0) is None


def test_a_day_beyond_the_horizon_is_none():
    assert outlook_of(TIMES, 10 + 0.1 * TIMES / DAY_S, 95.0) is None


def test_gaps_in_the_history_are_no_figures():
    used = 60 + 1.5 * TIMES / DAY_S
    used[(TIMES > 3 * DAY_S) & (TIMES < 9 * DAY_S)] = np.nan

    assert days(outlook_of(TIMES, used, 95.0))[0] == pytest.approx(14 / 1.5, abs=0.3)


def test_without_figures_there_is_no_day():
    assert outlook_of(np.empty(0), np.empty(0), 95.0) is None
    assert outlook_of(TIMES, np.full(len(TIMES), np.nan), 95.0) is None


def test_a_disk_that_is_at_its_line_has_no_day_any_more():
    used = 65 + 2.0 * TIMES / DAY_S
    used[-12:] = 95.0  # of one hour only; by its climb it would have some days

    assert outlook_of(TIMES, used, 95.0) is None


def test_too_small_a_rise_says_nothing_whatever_the_clock_began_at():
    used = 94.5 + 0.02 * TIMES / DAY_S

    assert outlook_of(TIMES, used, 95.0) is None
    assert outlook_of(TIMES + 1_790_000_000.0, used, 95.0) is None
