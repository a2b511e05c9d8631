"""What is usual on a server at the same hour of the same weekday. Pure: no I/O, no clock.

Median and spread (median absolute deviation) of the five-minute history of that hour in the weeks
before. What is far from it, though below every line, is worth a look and no alarm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BASELINE_WEEKS = 8
LEAST_WEEKS = 4
HOURS = 168
UNUSUAL_MINUTES = 10.0
FOLLOWED = ("load5", "tcp_established", "net_tx_bytes_per_s", "mail_queue")

_FAR = 6.0
"""Spreads from the median; hosting figures have long tails."""

_LEAST_AWAY = {
    "load5": 0.5,
    "tcp_established": 50.0,
    "net_tx_bytes_per_s": 1e6,
    "mail_queue": 50.0,
}
"""Closer to the median than this nothing is unusual, however still the hour is."""

_MAD_TO_SIGMA = 1.4826
_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Usual:
    """Between which figures a value usually is."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual by metric; of an hour of which too little is known, nothing is."""

    hours: Mapping[str, NDArray[np.float32]]
    """Low and high by hour of the week, from Monday 00:00: shape (168, 2), nan where unknown."""

    def usual(self, metric: str, hour: int) -> Usual | None:
        """Give what is usual at an hour of the week; None where that is not known."""
        rows = self.hours.get(metric)
        if rows is None or np.isnan(rows[hour, 0]):
            return None
        return Usual(float(rows[hour, 0]), float(rows[hour, 1]))


def hour_of_week(at: datetime, zone: tzinfo | None = None) -> int:
    """Give the hour of the week in a zone, else in the local one."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour


def baseline_of(
    times_s: Floats, columns: Mapping[str, Floats], zone: tzinfo | None = None
) -> Baseline:
    """Give what is usual, from five-minute figures of some weeks, oldest first."""
    if not len(times_s):
        return Baseline({})
    hours_since_1970 = (times_s // _HOUR_S).astype(np.int64)
    slots = _slots(hours_since_1970, zone)
    weeks = ((times_s - times_s[0]) // (7 * 24 * _HOUR_S)).astype(np.int64)
    return Baseline(
        {metric: _hours_of(metric, values, slots, weeks) for metric, values in columns.items()}
    )


def _slots(hours: NDArray[np.int64], zone: tzinfo | None) -> NDArray[np.int64]:
    """Give each figure's hour of the week; each hour is looked up once."""
    distinct, places = np.unique(hours, return_inverse=True)
    begun = datetime.fromtimestamp(0, UTC)  # in a zone an hour more may be no hour later
    found = [hour_of_week(begun + timedelta(hours=int(one)), zone) for one in distinct]
    return np.array(found, dtype=np.int64)[places]


def _hours_of(
    metric: str,
    values: Floats,
    slots: NDArray[np.int64],
    weeks: NDArray[np.int64],
) -> NDArray[np.float32]:
    rows = np.full((HOURS, 2), np.nan, dtype=np.float32)
    known = ~np.isnan(values)
    order = np.argsort(slots[known], kind="stable")
    sorted_slots = slots[known][order]
    bounds: Sequence[int] = np.searchsorted(sorted_slots, np.arange(HOURS + 1)).tolist()
    of_slot, of_week = values[known][order], weeks[known][order]
    for hour in range(HOURS):
        first, last = bounds[hour], bounds[hour + 1]
        if len(np.unique(of_week[first:last])) < LEAST_WEEKS:
            continue
        some = of_slot[first:last]
        middle = float(np.median(some))
        spread = float(np.median(np.abs(some - middle))) * _MAD_TO_SIGMA
        away = max(_FAR * spread, 0.5 * abs(middle), _LEAST_AWAY.get(metric, 0.0))
        rows[hour] = (max(0.0, middle - away), middle + away)
    return rows
