"""How long to wait before the next attempt. Pure but for the source of chance it is given."""

import random
from collections.abc import Callable

FIRST_S = 2.0
LONGEST_S = 120.0


class BackOff:
    """Truncated exponential back-off with full jitter above a floor, so that servers that failed
    together do not come back together.
    """

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        """Take chance, a figure in [0, 1), from this source."""
        self._chance = chance

    def delay_s(self, attempt: int) -> float:
        """Give the seconds before attempt `attempt` + 1; attempts count from 1.

        Between half of and the whole of 2, 4, 8 ... 120 s.
        """
        whole = min(LONGEST_S, FIRST_S * 2.0 ** min(max(attempt, 1) - 1, 10))
        return whole * (0.5 + 0.5 * self._chance())
