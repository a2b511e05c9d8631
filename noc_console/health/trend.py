"""The last figures of one value, and when it will reach its cut-off. Owned by one thread.

Two lines are kept: the last minutes closely, for what climbs fast, and the last hour by the
minute, for what climbs slowly. Seconds are those of a monotonic clock.
"""

from collections import deque

import numpy as np

from noc_console.health.slope import LEAST_POINTS, TimeTo, heading, time_to

CLOSE_S = 2.0
CLOSE_POINTS = 40
FAR_S = 60.0
FAR_POINTS = 60

_LEAST_SPAN_S = 20.0
"""What climbs for less long is a blip, however many figures were read of it."""

_RISE = 0.05
"""A rise of less than this share of the level is none: most figures stand still."""


class _Points:
    """Figures at least so many seconds apart; after a gap they begin anew."""

    def __init__(self, apart_s: float, most: int) -> None:
        self._apart_s = apart_s
        self.times_s: deque[float] = deque(maxlen=most)
        self.values: deque[float] = deque(maxlen=most)
        self._found: dict[tuple[float, float], TimeTo | None] = {}
        """What was found of these figures; an hour's are asked about for a minute."""

    def add(self, at_s: float, value: float) -> None:
        if not self.times_s or at_s - self.times_s[-1] >= self._apart_s:
            self.times_s.append(at_s)
            self.values.append(value)
            self._found.clear()

    def clear(self) -> None:
        self.times_s.clear()
        self.values.clear()
        self._found.clear()

    def time_to(self, level: float, horizon_s: float) -> TimeTo | None:
        asked = level, horizon_s
        if asked not in self._found:
            self._found[asked] = self._look(level, horizon_s)
        return self._found[asked]

    def _look(self, level: float, horizon_s: float) -> TimeTo | None:
        if len(self.values) < LEAST_POINTS or self.values[-1] >= level:
            return None
        if self.values[-1] - min(self.values) < _RISE * abs(level):
            return None
        if self.times_s[-1] - self.times_s[0] < _LEAST_SPAN_S:
            return None
        values = np.array(self.values)
        return time_to(level, np.array(self.times_s), values, horizon_s)


class Trend:
    """What one value did lately."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._close = _Points(CLOSE_S, CLOSE_POINTS)
        self._far = _Points(FAR_S, FAR_POINTS)
        self._last_s = float("-inf")

    def add(self, at_s: float, value: float, longest_gap_s: float) -> None:
        """Take a figure; what was before a gap, or before a clock that went back, is forgotten."""
        if not 0 <= at_s - self._last_s <= longest_gap_s:
            self._close.clear()
            self._far.clear()
        self._last_s = at_s
        self._close.add(at_s, value)
        self._far.add(at_s, value)

    def heading(self, smoothed_s: float) -> float:
        """Give the level of what drives the value, which is smoothed by this time constant."""
        close = self._close
        return heading(np.array(close.times_s), np.array(close.values), smoothed_s)

    def time_to(self, level: float, horizon_s: float) -> TimeTo | None:
        """Give when a level is reached, counted from the last figure: the earlier of both lines."""
        found = [
            one
            for one in (
                self._close.time_to(level, horizon_s),
                self._far.time_to(level, horizon_s),
            )
            if one is not None
        ]
        return min(found, key=lambda one: one.earliest_s) if found else None
