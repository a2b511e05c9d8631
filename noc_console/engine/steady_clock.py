"""What time plans go by: the wall clock, but not at once when somebody sets it.

A clock that was set ahead by mistake would send a week's notices in a minute, and nothing takes a
mail back. So for `HOLD` the time goes on as it ran before, and the log says so; if the clock was
put right, what is due then goes late. A machine that slept, or was off, was not set: the running
clock counts its sleep.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from noc_console.incidents.times import span_text

log = logging.getLogger(__name__)

HOLD = timedelta(minutes=10)
JUMP = timedelta(minutes=1)
"""A smaller difference is drift, or a clock that is kept in step."""


def running_s() -> float:
    """Give a clock that nobody sets and that counts sleep, where the system has one."""
    source = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if source is None else time.clock_gettime(source)


class SteadyClock:
    """The time plans go by. Any thread may ask."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        running: Callable[[], float] = running_s,
    ) -> None:
        """Take the wall clock as it is now for right."""
        self._wall = wall
        self._running = running
        self._lock = threading.Lock()
        self._base = wall()
        self._base_s = running()
        self._jumped_s: float | None = None

    @property
    def is_held(self) -> bool:
        """Whether the wall clock was set lately and is not believed yet."""
        return self._jumped_s is not None

    def __call__(self) -> datetime:
        """Give the time plans go by."""
        with self._lock:
            wall, running_s = self._wall(), self._running()
            expected = self._base + timedelta(seconds=running_s - self._base_s)
            if abs(wall - expected) <= JUMP:
                self._take(wall, running_s)
                return wall
            if self._jumped_s is None:
                self._jumped_s = running_s
                log.warning(
                    "The clock was set %s by %s; what is planned goes by the old time for %s"
                    " minutes, in case that was a mistake.",
                    "ahead" if wall > expected else "back",
                    span_text(abs(wall - expected)),
                    int(HOLD.total_seconds() // 60),
                )
            if running_s - self._jumped_s < HOLD.total_seconds():
                return expected
            log.warning("The clock has stayed as it was set; plans go by it now.")
            self._take(wall, running_s)
            return wall

    def _take(self, wall: datetime, running_s: float) -> None:
        self._base, self._base_s, self._jumped_s = wall, running_s, None
