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

_SURE = 2.33
"""Standard deviations: of a hundred lines without a slope one counts as rising."""
_LIKELY = 1.645
"""Standard deviations: of a hundred slopes ninety are in the range that is told."""

_LEVELLING = 0.8
_DROP_POINTS = 3
_RECENT_S, _RECENT_POINTS = 35.0, 4
_DROP = 0.1
"""A fall by this share of the level is one."""


@dataclass(frozen=True, slots=True)
class TimeTo:
    """Seconds until a level is reached, from the last point on; `latest_s` None: no later end."""

    earliest_s: float
    latest_s: float | None


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope a second with its interval; `centre` is the line `before_s` before its last point.

    `least` is the slope it has almost surely: above zero, the line does rise.
    """

    least: float
    low: float
    middle: float
    high: float
    centre: float
    before_s: float

    @property
    def end(self) -> float:
        """Where the line stands at its last point."""
        return self.centre + self.middle * self.before_s

    def time_to(self, level: float) -> TimeTo:
        """Give the range of times from the last point on until a level is reached."""
        earliest_s, latest_s = (
            max(0.0, (level - self.centre) / slope - self.before_s)
            for slope in (self.high, self.low)
        )
        return TimeTo(earliest_s, latest_s)


def slope_of(times_s: Floats, values: Floats, *, rising: bool = False) -> Slope | None:
    """Give the slope of figures at rising times; None of too few, or all at one time.

    With `rising`, None of figures that do not surely rise as well: that is found soonest.
    """
    times_s, values = _thinned(times_s, values)
    count = len(times_s)
    if count < LEAST_POINTS or times_s[-1] <= times_s[0]:
        return None
    first, second = _pairs(count)
    apart, rise = times_s[second] - times_s[first], values[second] - values[first]
    if (apart <= 0).any():
        rise, apart = rise[apart > 0], apart[apart > 0]
    deviation = math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    if rising and np.count_nonzero(rise <= 0) > _rank(len(rise), -_SURE * deviation):
        return None
    slopes = np.sort(rise / apart)
    least, low, high = (
        float(slopes[_rank(len(slopes), place * deviation)])
        for place in (-_SURE, -_LIKELY, _LIKELY)
    )
    middle = float(slopes[len(slopes) // 2])
    before_s = float(times_s[-1] - times_s.mean())
    centre = _median(values - middle * (times_s - times_s.mean()))
    return Slope(least, low, middle, high, centre, before_s)


def _rank(count: int, away: float) -> int:
    """Give the place in sorted slopes so many pairs away from their middle."""
    place = (count + away) / 2
    return max(0, min(count - 1, math.floor(place) if away < 0 else math.ceil(place)))


def after_clean_up(values: Floats, drop: float) -> int:
    """Give the place where a lasting fall of at least `drop` ended; 0 where there was none.

    Lasting: the medians of three figures before and after differ, so one odd figure is no fall.
    What fell more than once falls again and again (logs that rotate, load that swings): then the
    whole line counts, for the last climb would tell of nothing but the next fall.
    """
    if len(values) < 2 * _DROP_POINTS or values.max() - values.min() < drop:
        return 0
    one, two, three = values[:-2], values[1:-1], values[2:]
    medians = np.maximum(np.minimum(one, two), np.minimum(np.maximum(one, two), three))
    fell = np.flatnonzero(medians[:-_DROP_POINTS] - medians[_DROP_POINTS:] >= drop)
    if not len(fell) or (fell[1:] - fell[:-1] > 2 * _DROP_POINTS).any():
        return 0
    return int(fell[-1]) + _DROP_POINTS


def time_to(level: float, times_s: Floats, values: Floats, horizon_s: float) -> TimeTo | None:
    """Give when rising figures reach a level; None: they do not, or not within the horizon.

    Figures that rise ever more slowly and would level off below it do not reach it: a load
    average does that whenever a steady load sets in.
    """
    start = after_clean_up(values, _DROP * abs(level))
    times_s, values = times_s[start:], values[start:]
    if len(values) < LEAST_POINTS or values[-1] >= level:
        return None
    slope = slope_of(times_s, values, rising=True)
    if slope is None or slope.least <= 0 or _levels_off(level, times_s, values, slope):
        return None
    return within(slope.time_to(level), horizon_s)


def heading(times_s: Floats, values: Floats, smoothed_s: float) -> float:
    """Give where figures are heading that something smooths: the level of what drives them now.

    A value smoothed by a time constant moves towards its driver by the distance over the constant
    each second, so the driver stands that much beyond it. By the last half minute.
    """
    some = times_s >= times_s[-1] - _RECENT_S
    moments, recent = times_s[some] - times_s[-1], values[some]
    if len(recent) < _RECENT_POINTS:
        return float(values[-1])
    moments_away = moments - moments.mean()
    slope = float((moments_away * recent).sum() / (moments_away**2).sum())
    end = float(recent.mean() - slope * moments.mean())
    return end + smoothed_s * slope


def within(found: TimeTo, horizon_s: float) -> TimeTo | None:
    """Give a range as far as a horizon lets it be told; None where it begins beyond."""
    if found.earliest_s > horizon_s:
        return None
    has_end = found.latest_s is not None and found.latest_s <= 2 * horizon_s
    return found if has_end else TimeTo(found.earliest_s, None)


def _levels_off(level: float, times_s: Floats, values: Floats, slope: Slope) -> bool:
    """Whether each half rises so much less than the one before that their sum stays below."""
    half = len(values) // 2
    if half < LEAST_POINTS // 2:
        return False
    rises = (
        _rise(times_s[: half + 1], values[: half + 1]),
        _rise(times_s[-half - 1 :], values[-half - 1 :]),
    )
    if rises[0] <= 0 or rises[1] >= _LEVELLING * rises[0]:
        return False
    ratio = max(rises[1], 0.0) / rises[0]
    return bool(slope.end + rises[1] * ratio / (1 - ratio) < level)


def _rise(times_s: Floats, values: Floats) -> float:
    """Give by how much figures rise over their span, from the middles of both ends."""
    some = max(1, len(values) // 3)
    first, last = slice(0, some), slice(-some, None)
    apart_s = float(times_s[last].mean() - times_s[first].mean())
    if apart_s <= 0:
        return 0.0
    slope = (_median(values[last]) - _median(values[first])) / apart_s
    return slope * float(times_s[-1] - times_s[0])


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
