"""When file systems will be full, from weeks of history. Pure: no I/O, no clock.

Theil-Sen over what came since the last lasting fall: after a clean-up, least squares over the
whole span was wrong by months.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from noc_console.health.slope import TimeTo, after_clean_up, slope_of, within

OUTLOOK_DAYS = 14
HORIZON_S = 90 * 86_400.0
_DROP_PERCENT = 1.0
_LEAST_SPAN_S = 6 * 3600.0
_BUCKET_S = 3600.0
_LEAST_RISE_PERCENT = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """When values of one server will reach their cut-offs, by key, counted from `at`."""

    at: datetime
    times: Mapping[str, TimeTo]


def outlook_of(times_s: Floats, percent: Floats, cut_off: float) -> TimeTo | None:
    """Give when a fill reaches its cut-off, counted from the last figure; None: no date.

    Figures are those of the history, oldest first, nan where there was none.
    """
    times_s, percent = _hourly(times_s, percent)
    start = after_clean_up(percent, _DROP_PERCENT)
    times_s, percent = times_s[start:], percent[start:]
    if len(percent) < 2 or times_s[-1] - times_s[0] < _LEAST_SPAN_S or percent[-1] >= cut_off:
        return None
    slope = slope_of(times_s, percent)
    if slope is None or slope.least <= 0:
        return None
    if slope.middle * (times_s[-1] - times_s[0]) < _LEAST_RISE_PERCENT:
        return None
    return within(slope.time_to(cut_off), HORIZON_S)


def _hourly(times_s: Floats, percent: Floats) -> tuple[Floats, Floats]:
    """Give one figure an hour, its last; a file system changes little in less."""
    known = ~np.isnan(percent)
    times_s, percent = times_s[known], percent[known]
    if not len(times_s):
        return times_s, percent
    hours = (times_s // _BUCKET_S).astype(np.int64)
    last = np.flatnonzero(np.append(np.diff(hours) != 0, True))
    return times_s[last], percent[last]
