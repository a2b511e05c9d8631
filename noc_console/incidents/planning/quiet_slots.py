"""The quietest times for work, from how loaded each hour of the week was. Pure: no I/O, no clock.

An hour of the week counts as its middle value over the weeks seen, as a share of the server's own
mean, so that a busy and a lazy server weigh the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from noc_console.errors import ConsoleError
from noc_console.incidents.wall_time import clock_changes

HOURS = 7 * 24
QUARTER = timedelta(minutes=15)
FEWEST_DAYS = 7.0
_HOUR_MS = 3_600_000
_BUSY = 1.5
"""An hour with this many times a server's mean load is a busy one."""

Floats = NDArray[np.float64]


class NotEnoughHistory(ConsoleError):
    """A quiet time cannot be told from so little; the sentence says of which server."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeekProfile:
    """How loaded a server was in each of the 168 hours of a local week, 1 being its mean.

    Hours never seen are nan. `days` is how many days of history it stands on.
    """

    server: str
    by_hour: Floats
    days: float
    weeks: int
    """How often the hour seen least was seen."""

    @property
    def is_enough(self) -> bool:
        """Whether each hour of the week was seen at all."""
        return self.days >= FEWEST_DAYS and self.weeks >= 1

    def peak(self) -> tuple[int, float]:
        """Give the busiest hour of the week (0 is Monday 00:00) and its load."""
        hour = int(np.nanargmax(self.by_hour))
        return hour, float(self.by_hour[hour])


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietSlot:
    """A time for work; loads are shares of the servers' means."""

    start: datetime
    end: datetime
    load: float
    busiest_load: float
    """The load of the server that has most to do in its busiest hour of the slot."""
    busiest_server: str


def week_profile(
    server: str, times_ms: NDArray[np.int64], figures: Sequence[Floats], zone: ZoneInfo
) -> WeekProfile:
    """Give a server's week from its history: rows of figures of any unit, nan where none."""
    hours = times_ms // _HOUR_MS
    load = _relative(figures, len(times_ms))
    seen = ~np.isnan(load)
    hours, load = hours[seen], load[seen]
    by_week: list[list[float]] = [[] for _ in range(HOURS)]
    firsts = np.flatnonzero(np.diff(hours, prepend=-1)) if len(hours) else np.empty(0, np.int64)
    for first, last in pairwise([*firsts.tolist(), len(hours)]):
        local = datetime.fromtimestamp(int(hours[first]) * 3600, UTC).astimezone(zone)
        by_week[local.weekday() * 24 + local.hour].append(float(load[first:last].mean()))
    return WeekProfile(
        server=server,
        by_hour=np.array([np.median(one) if one else np.nan for one in by_week]),
        days=len(firsts) / 24,
        weeks=min(len(one) for one in by_week),
    )


def _relative(figures: Sequence[Floats], length: int) -> Floats:
    """Give the mean of several curves, each as a share of its own mean."""
    curves = []
    for curve in figures:
        mean = float(np.nanmean(curve)) if np.isfinite(curve).any() else 0.0
        if mean > 0:
            curves.append(curve / mean)
    if not curves:
        return np.full(length, np.nan)
    stacked = np.stack(curves)
    told = np.isfinite(stacked).sum(axis=0)
    sums = np.where(np.isfinite(stacked), stacked, 0.0).sum(axis=0)
    means: Floats = np.divide(sums, told, out=np.full(length, np.nan), where=told > 0)
    return means


def quiet_slots(
    profiles: Sequence[WeekProfile],
    *,
    minutes: int,
    earliest: datetime,
    days: int,
    zone: ZoneInfo,
    taken: Sequence[tuple[datetime, datetime]] = (),
    count: int = 5,
) -> list[QuietSlot]:
    """Give the least loaded slots of a length within some days, the quietest first.

    They do not overlap one another, what is `taken`, or a change of the clocks.

    Raises:
        NotEnoughHistory: some server was watched for too short a time.
    """
    _refuse_guesses(profiles)
    first = _quarter_after(earliest)
    quarters = int(timedelta(days=days) / QUARTER)
    length = max(1, -(-minutes // 15))
    loads = _load_by_quarter(profiles, first, quarters + length, zone)
    changes = clock_changes(first, first + (quarters + length) * QUARTER, zone)
    closed = [*taken, *((change, change) for change in changes)]
    sums = np.cumsum(np.vstack([np.zeros(1), loads.mean(axis=0)[:, None]]))
    means = np.round((sums[length:] - sums[:-length]) / length, 4)  # of equals the earliest
    chosen: list[QuietSlot] = []
    for place in np.argsort(means[:quarters], kind="stable").tolist():
        start = first + place * QUARTER
        end = start + timedelta(minutes=minutes)
        if any(start < until and end > since for since, until in closed):
            continue
        chosen.append(_slot(profiles, loads[:, place : place + length], start, end))
        closed.append((start, end))
        if len(chosen) == count:
            break
    return chosen


def slot_load(
    profile: WeekProfile, start: datetime, end: datetime, zone: ZoneInfo
) -> tuple[float, bool]:
    """Give the highest load of an hour that a time touches, and whether that is a busy hour."""
    at, highest = start, 0.0
    while at < end:
        local = at.astimezone(zone)
        load = float(profile.by_hour[local.weekday() * 24 + local.hour])
        highest = max(highest, 0.0 if np.isnan(load) else load)
        at += timedelta(minutes=30)
    return highest, highest >= _BUSY


def basis_words(profiles: Sequence[WeekProfile]) -> str:
    """Say on how much data a proposal stands."""
    least = min(profiles, key=lambda one: one.days)
    count = f"{len(profiles)} servers" if len(profiles) > 1 else profiles[0].server
    return (
        f"It stands on the history of {count}; the shortest is {least.days:.0f} days"
        f" ({least.server}), with each hour of the week seen at least {least.weeks} times."
    )


def _refuse_guesses(profiles: Sequence[WeekProfile]) -> None:
    poor = [one for one in profiles if not one.is_enough]
    if poor or not profiles:
        told = ", ".join(f"{one.server} has {one.days:.1f} days" for one in poor[:5])
        raise NotEnoughHistory(
            f"There is not enough history to tell a quiet time: {told or 'no server was named'};"
            f" every hour of a week must have been seen ({FEWEST_DAYS:.0f} days)."
        )


def _load_by_quarter(
    profiles: Sequence[WeekProfile], first: datetime, quarters: int, zone: ZoneInfo
) -> Floats:
    hours = []
    for place in range(quarters):
        local = (first + place * QUARTER).astimezone(zone)
        hours.append(local.weekday() * 24 + local.hour)
    return np.stack([one.by_hour[hours] for one in profiles])


def _slot(
    profiles: Sequence[WeekProfile], loads: Floats, start: datetime, end: datetime
) -> QuietSlot:
    busiest = int(loads.max(axis=1).argmax())
    return QuietSlot(
        start=start,
        end=end,
        load=float(loads.mean()),
        busiest_load=float(loads[busiest].max()),
        busiest_server=profiles[busiest].server,
    )


def _quarter_after(moment: datetime) -> datetime:
    late = timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment if not late else moment - late + QUARTER


def hour_words(hour: int) -> str:
    """Name an hour of the week: `Mon 10-11 h`."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return f"{days[hour // 24]} {hour % 24:02d}-{hour % 24 + 1:02d} h"
