"""What a month of our own history says of a server: levels, minutes over lines, growth. Pure.

Figures are five-minute averages with nan where nobody watched: a gap counts neither as well nor as
ill. Forecasts are those of health (Theil-Sen after the last lasting fall).
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from noc_console.health.lines import Lines
from noc_console.health.slope import LEAST_POINTS, after_clean_up, slope_of, time_to

Floats = NDArray[np.float64]
Times = NDArray[np.int64]

DAY_S = 86_400.0
HORIZON_DAYS = 120.0
_DROP = 0.1
_DAY_FIELDS = 5
_REBOOT_SLACK_S = 60.0
"""Uptime is read now and then, and averaged: it must fall by more than this to be a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How high a value stood in a month.

    `middle` and `high` are the 50th and 95th percentile of the five-minute averages, `most` the
    highest reading. `over_early` and `over_cut_off` are minutes beyond the lines; 0 without one.
    `reach_days` is in how many days the daily high will reach the cut-off at the earliest, None
    where it does not rise so.
    """

    points: int
    middle: float
    high: float
    most: float
    over_early: float
    over_cut_off: float
    reach_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How something fills: where it stands, by how much it grows a day, when it is full.

    `full_days` is the earliest and `latest_days` the latest day of the range in which it is full;
    None where it is not within the horizon, or no later end can be told.
    """

    level: float
    a_day: float
    full_days: float | None
    latest_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One day of a value, for a graph: the day in UTC, its middle, 95th percentile and highest."""

    day: date
    middle: float
    high: float
    most: float


def level_of(
    times_ms: Times, average: Floats, most: Floats, lines: Lines | None, step_s: float
) -> Level | None:
    """Give how high a value stood; None where there is no figure."""
    seen = ~np.isnan(average)
    if not seen.any():
        return None
    values = average[seen]
    early, cut_off = (lines.early, lines.cut_off) if lines is not None else (None, None)
    return Level(
        points=len(values),
        middle=float(np.percentile(values, 50)),
        high=float(np.percentile(values, 95)),
        most=float(np.nanmax(np.where(np.isnan(most), average, most))),
        over_early=_minutes_over(values, early, step_s),
        over_cut_off=_minutes_over(values, cut_off, step_s),
        reach_days=_reach_days(times_ms, average, cut_off),
    )


def _minutes_over(values: Floats, line: float | None, step_s: float) -> float:
    return 0.0 if line is None else float((values >= line).sum()) * step_s / 60


def _reach_days(times_ms: Times, average: Floats, cut_off: float | None) -> float | None:
    days = list(days_of(times_ms, average, average))
    if cut_off is None or len(days) < LEAST_POINTS:
        return None
    times_s = np.array([one.day.toordinal() * DAY_S for one in days])
    highs = np.array([one.high for one in days])
    found = time_to(cut_off, times_s, highs, HORIZON_DAYS * DAY_S)
    return None if found is None else found.earliest_s / DAY_S


def days_of(times_ms: Times, average: Floats, most: Floats) -> Iterator[DayFigures]:
    """Give each day (UTC) that has a figure, in order."""
    seen = ~np.isnan(average)
    days = times_ms[seen] // 86_400_000
    values, peaks = average[seen], np.where(np.isnan(most), average, most)[seen]
    for day in np.unique(days):
        of_day = days == day
        yield DayFigures(
            day=date.fromordinal(date(1970, 1, 1).toordinal() + int(day)),
            middle=float(np.percentile(values[of_day], 50)),
            high=float(np.percentile(values[of_day], 95)),
            most=float(peaks[of_day].max()),
        )


def days_told(evidence: bytes) -> dict[str, list[DayFigures]]:
    """Give the days that the evidence of a check of performance holds, by metric, in order.

    Its lines are `DAY<tab>metric<tab>day<tab>middle<tab>high<tab>most`; others are passed over.
    """
    found: dict[str, list[DayFigures]] = {}
    for line in evidence.decode("utf-8", "replace").split("\n"):
        tag, *parts = line.split("\t")
        if tag != "DAY" or len(parts) != _DAY_FIELDS:
            continue
        with suppress(ValueError):
            middle, high, most = map(float, parts[2:])
            told = DayFigures(day=date.fromisoformat(parts[1]), middle=middle, high=high, most=most)
            found.setdefault(parts[0], []).append(told)
    return found


def growth_of(times_ms: Times, average: Floats, full: float) -> Growth | None:
    """Give how something fills, by what stood at the end of each sixth of a day."""
    seen = ~np.isnan(average)
    if not seen.any():
        return None
    times_s, values = times_ms[seen] / 1000.0, average[seen]
    last_of = np.flatnonzero(np.diff(times_s // (DAY_S / 6), append=np.inf))
    times_s, values = times_s[last_of], values[last_of]
    start = after_clean_up(values, _DROP * full)
    slope = slope_of(times_s[start:], values[start:])
    found = time_to(full, times_s, values, HORIZON_DAYS * DAY_S)
    return Growth(
        level=float(values[-1]),
        a_day=0.0 if slope is None else slope.middle * DAY_S,
        full_days=None if found is None else found.earliest_s / DAY_S,
        latest_days=None if found is None or not found.latest_s else found.latest_s / DAY_S,
    )


def rises_of(counter: Floats) -> int:
    """Give by how much a counter rose in all; where it falls the server began to count anew."""
    values = counter[~np.isnan(counter)]
    steps = np.diff(values)
    anew = values[1:][steps < 0]
    return round(float(steps[steps > 0].sum() + anew.sum()))


def restarts_of(times_ms: Times, uptime: Floats) -> list[datetime]:
    """Give when a server began anew: its time up fell. `uptime` is the least of each five minutes.

    The first whole five minutes after it tell best: their least is what was read at their start.
    """
    seen = ~np.isnan(uptime)
    times, values = times_ms[seen], uptime[seen]
    found = []
    for fell in np.flatnonzero(np.diff(values) < -_REBOOT_SLACK_S) + 1:
        after = int(fell) + 1
        is_whole = after < len(values) and values[after] > values[fell]
        place = after if is_whole else int(fell)
        began_s = int(times[place]) / 1000 - float(values[place])
        found.append(datetime.fromtimestamp(began_s, UTC))
    return found
