"""A month of figures comes to levels, minutes over lines, growth and a day on which it is full."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.month_performance import (
    days_of,
    days_told,
    growth_of,
    level_of,
    restarts_of,
    rises_of,
)
from noc_console.health.lines import Lines

STEP_S = 300
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
LINES = Lines(early=5.0, cut_off=10.0)


def times(count):
    return np.arange(count, dtype=np.int64) * STEP_S * 1000 + int(BEGIN.timestamp() * 1000)


def test_levels_and_minutes_are_of_what_was_seen():
    values = np.full(288, 1.0)
    values[10:22] = 6.0
    values[30:33] = 12.0
    values[100:150] = np.nan

    level = level_of(times(288), values, values * 2, LINES, STEP_S)

    assert (level.points, level.middle, level.most) == (238, 1.0, 24.0)
    assert (level.over_early, level.over_cut_off) == (75.0, 15.0)


def test_without_a_figure_there_is_no_level_and_no_growth():
    nothing = np.full(20, np.nan)

    assert level_of(times(20), nothing, nothing, LINES, STEP_S) is None
    assert growth_of(times(20), nothing, 100.0) is None
    assert list(days_of(times(20), nothing, nothing)) == []


def test_the_days_in_the_evidence_are_read_back_for_a_graph():
    values = np.arange(600, dtype=float)
    days = list(days_of(times(600), values, values))
    lines = [f"DAY\tload1\t{one.day}\t{one.middle}\t{one.high}\t{one.most}" for one in days]

    assert days_told("\n".join(["SEEN\t1\t2\t3", *lines, "DAY\tload1\tx\ty"]).encode()) == {
        "load1": days
    }


def test_without_lines_nothing_is_over_them():
    level = level_of(times(5), np.full(5, 9.0), np.full(5, 9.0), None, STEP_S)

    assert (level.over_early, level.over_cut_off, level.reach_days) == (0.0, 0.0, None)


def test_a_daily_high_that_rises_is_told_when_it_reaches_the_cut_off():
    values = 2.0 + times(20 * 288).astype(float) / 86_400_000 * 0.2
    values -= values[0] - 2.0

    level = level_of(times(20 * 288), values, values, LINES, STEP_S)

    assert level.reach_days == pytest.approx(20, abs=2)


def test_a_disk_that_grows_is_full_on_the_day_it_will_be_full():
    count = 20 * 288
    values = 50.0 + np.arange(count) / 288 * 1.5

    growth = growth_of(times(count), values, 100.0)

    assert growth.a_day == pytest.approx(1.5, rel=0.02)
    assert growth.full_days == pytest.approx((100 - growth.level) / 1.5, abs=1)


def test_after_a_clean_up_only_what_came_since_counts():
    count = 20 * 288
    values = 60.0 + np.arange(count) / 288 * 1.0
    values[12 * 288 :] -= 40.0

    growth = growth_of(times(count), values, 100.0)

    assert growth.level == pytest.approx(40.0, abs=0.1)
    assert growth.full_days == pytest.approx(60, abs=3)


def test_a_disk_that_stands_still_is_never_full():
    growth = growth_of(times(2880), np.full(2880, 90.0), 100.0)

    assert (growth.a_day, growth.full_days, growth.latest_days) == (0.0, None, None)


@pytest.mark.parametrize(
    ("counter", "rose"), [([3, 3, 5, 5], 2), ([7, 0, 2], 2), ([7, 1], 1), ([4], 0), ([], 0)]
)
def test_a_counter_that_began_anew_is_counted_on(counter, rose):
    assert rises_of(np.array(counter, dtype=float)) == rose


def test_a_restart_is_told_once_and_to_the_minute():
    restarted = BEGIN + timedelta(hours=6, minutes=7)
    uptime = []
    for number in range(288):
        at = BEGIN + timedelta(seconds=STEP_S * number)
        if at + timedelta(seconds=STEP_S) <= restarted:
            uptime.append(90_000.0 + STEP_S * number)
        else:
            uptime.append(max(20.0, (at - restarted).total_seconds()))

    assert restarts_of(times(288), np.array(uptime)) == [restarted]


@given(
    values=st.lists(
        st.floats(min_value=0, max_value=1e12) | st.just(float("nan")), min_size=0, max_size=60
    )
)
def test_whatever_a_month_holds_its_figures_are_in_order(values):
    figures = np.array(values, dtype=float)
    level = level_of(times(len(values)), figures, figures, LINES, STEP_S)
    growth = growth_of(times(len(values)), figures, 100.0)

    assert (level is None) == (growth is None) == bool(np.isnan(figures).all())
    if level is not None:
        assert level.middle <= level.high <= level.most
        assert level.over_cut_off <= level.over_early <= level.points * STEP_S / 60
    if growth is not None and growth.full_days is not None:
        assert growth.full_days >= 0
