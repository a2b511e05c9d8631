"""Whose clock is wrong: a server's or the console's own. Owned by one thread. Pure.

A server's clock is off only when every way to look at it says so: against our clock as it is,
against our clock as it ran before somebody set it, and against what most servers agree on.
"""

import statistics
from datetime import datetime

LEAST_WITNESSES = 3


class ClockWitness:
    """The offsets of all servers (theirs minus ours, in seconds), and what of them is ours."""

    def __init__(self) -> None:
        """Know no server yet."""
        self._offsets: dict[int, float] = {}
        self._median = 0.0
        self._taken = 0
        self._ours_s: float | None = None

    def fault_of(self, server_id: int, offset_s: float, now: datetime, now_s: float) -> float:
        """Take a server's offset; give what of it is beyond doubt the server's own.

        `now` is our wall clock and `now_s` our monotonic one at the same moment.
        """
        self._offsets[server_id] = offset_s
        self._taken += 1
        if self._taken >= len(self._offsets):
            self._taken = 0
            self._median = statistics.median(self._offsets.values())
        ours_s = now.timestamp() - now_s
        if self._ours_s is None:
            self._ours_s = ours_s
        if not offset_s:
            return 0.0  # as of nearly all: nothing is amiss by the first way to look at it
        found = [offset_s, offset_s + (ours_s - self._ours_s)]
        if len(self._offsets) >= LEAST_WITNESSES:
            found.append(offset_s - self._median)
        return min(found, key=abs)

    def forget(self, server_id: int) -> None:
        """Ask a server no more."""
        self._offsets.pop(server_id, None)
