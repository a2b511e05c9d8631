"""Where a line of figures is going: a robust slope, and when it will reach a level. Pure.

Theil-Sen: the median of the slopes of all pairs, with Sen's interval around it (P. K. Sen, 1968).
A few wild figures do not move it, and after a clean-up only what came since counts.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_POINTS = 6
MOST_POINTS = 60
"""1,770 pairs: a tenth of a millisecond. Longer lines are thinned evenly."""

_SURE = 1.645
"""Standard deviations: nine of ten lines without a slope are given none."""

_LEVELLING = 0.8
_DROP_POINTS = 3


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope a second with its interval, and where the line stands at its last point."""

    low: float
    middle: float
    high: float
    end: float


@dataclass(frozen=True, slots=True)
class TimeTo:
    """Seconds until a level is reached, from the last point on; `latest_s` None: no later end."""

    earliest_s: float
    latest_s: float | None


def slope_of(times_s: Floats, values: Floats) -> Slope | None:
    """Give the slope of figures at rising times; None of too few, or all at one time."""
    times_s, values = _thinned(times_s, values)
    count = len(times_s)
    if count < LEAST_POINTS or times_s[-1] <= times_s[0]:
        return None
    first, second = _pairs(count)
    apart, rise = times_s[second] - times_s[first], values[second] - values[first]
    if (apart <= 0).any():
        rise, apart = rise[apart > 0], apart[apart > 0]
    slopes = np.sort(rise / apart)
    spread = _SURE * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(0, math.floor((len(slopes) - spread) / 2))
    high = min(len(slopes) - 1, math.ceil((len(slopes) + spread) / 2))
    middle = float(slopes[len(slopes) // 2])
    end = _median(values - middle * (times_s - times_s[-1]))
    return Slope(float(slopes[low]), middle, float(slopes[high]), end)


def after_last_drop(values: Floats, drop: float) -> int:
    """Give the place where the last lasting fall of at least `drop` ended; 0 where there was none.

    Lasting: the medians of three figures before and after differ, so one odd figure is no fall.
    """
    if len(values) < 2 * _DROP_POINTS:
        return 0
    one, two, three = values[:-2], values[1:-1], values[2:]
    medians = np.maximum(np.minimum(one, two), np.minimum(np.maximum(one, two), three))
    fell = np.flatnonzero(medians[:-_DROP_POINTS] - medians[_DROP_POINTS:] >= drop)
    return int(fell[-1]) + _DROP_POINTS if len(fell) else 0


def time_to(level: float, times_s: Floats, values: Floats, horizon_s: float) -> TimeTo | None:
    """Give when rising figures reach a level; None: they do not, or not within the horizon.

    Figures that rise ever more slowly and would level off below it do not reach it: a load
    average does that whenever a steady load sets in.
    """
    start = after_last_drop(values, 0.05 * abs(level))
    times_s, values = times_s[start:], values[start:]
    if len(values) < LEAST_POINTS or values[-1] >= level:
        return None
    slope = slope_of(times_s, values)
    if slope is None or slope.low <= 0 or _levels_off(level, times_s, values, slope):
        return None
    left = max(level - slope.end, 0.0)
    earliest_s, latest_s = left / slope.high, left / slope.low
    if earliest_s > horizon_s:
        return None
    return TimeTo(earliest_s, latest_s if latest_s <= 2 * horizon_s else None)


def _levels_off(level: float, times_s: Floats, values: Floats, slope: Slope) -> bool:
    """Whether each half rises so much less than the one before that their sum stays below."""
    half = len(values) // 2
    if half < LEAST_POINTS // 2:
        return False
    span_s = (times_s[-1] - times_s[0]) / 2
    rises = [
        _median((part[1:] - part[:-1]) / (moments[1:] - moments[:-1])) * span_s
        for part, moments in (
            (values[: half + 1], times_s[: half + 1]),
            (values[-half - 1 :], times_s[-half - 1 :]),
        )
    ]
    if rises[0] <= 0 or rises[1] >= _LEVELLING * rises[0]:
        return False
    ratio = max(rises[1], 0.0) / rises[0]
    return bool(slope.end + rises[1] * ratio / (1 - ratio) < level)


@cache
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.triu_indices(count, 1)


def _median(values: Floats) -> float:
    """Give the middle one: numpy's own median takes ten times as long for so few figures."""
    return float(np.sort(values)[len(values) // 2])


def _thinned(times_s: Floats, values: Floats) -> tuple[Floats, Floats]:
    count = len(times_s)
    if count <= MOST_POINTS:
        return times_s, values
    chosen = np.linspace(0, count - 1, MOST_POINTS).round().astype(np.intp)
    return times_s[chosen], values[chosen]
