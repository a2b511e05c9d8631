"""What happened how often of late: kills for want of memory, restarts of a service, reboots. Pure.

Seconds are those of a monotonic clock; the counters are the server's own.
"""

from collections import deque

OOM_WINDOW_S = 1800.0
RESTART_WINDOW_S = 600.0
REBOOT_WINDOW_S = 900.0

_BOOT_SLACK_S = 60.0


class Counted:
    """How much a counter grew within a span of time. One that went back began anew."""

    def __init__(self, window_s: float) -> None:
        """Know nothing: the first reading is where counting begins."""
        self._window_s = window_s
        self._last: float | None = None
        self._grown: deque[tuple[float, float]] = deque(maxlen=200)

    def take(self, counter: float, at_s: float) -> None:
        """Take the counter's value."""
        if self._last is not None and counter > self._last:
            self._grown.append((at_s, counter - self._last))
        self._last = counter

    def note(self, at_s: float) -> None:
        """Note one event that was seen by itself."""
        self._grown.append((at_s, 1.0))

    def count(self, now_s: float) -> float:
        """Give how often it happened within the span that ends now."""
        while self._grown and not 0 <= now_s - self._grown[0][0] <= self._window_s:
            self._grown.popleft()
        return sum(count for _, count in self._grown)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened lately, as far as `count` has looked."""
        return not self._grown


def has_rebooted(uptime_s: float, before_s: float, passed_s: float) -> bool:
    """Whether a server booted between two readings of its uptime, `passed_s` seconds apart.

    An uptime that went back tells. One that grew by less than time passed tells only when the
    boot lies within that time: a machine that was paused did not boot.
    """
    if uptime_s < before_s - 1.0:
        return True
    fell_behind = uptime_s + _BOOT_SLACK_S < before_s + passed_s
    return fell_behind and uptime_s < passed_s
